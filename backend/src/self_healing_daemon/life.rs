//! The state machine's second half: what happens to a module's process, and what follows from it.

use rand::RngExt;

use super::event::{EventKind, Exit};
use super::machine::{Action, Incarnation, Machine};
use super::record::Phase;
use crate::alert_dispatcher::AlertKind;
use crate::clock::Stamp;

/// Why a module failed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Failure {
    Crash(Exit),
    DependencyLost { exit: Exit, on: &'static str },
    NotStarted(String),
    StartTimeout,
    Hung,
}

impl Machine {
    pub(super) fn spawned(&mut self, now: Stamp, module: usize, incarnation: Incarnation, pid: u32) {
        if !self.is_current(module, incarnation) {
            return;
        }
        let record = &mut self.modules[module];
        record.pid = Some(pid);
        let attempt = record.down_at.map(|_| record.consecutive);
        let id = record.restart_id.clone();
        let mut event = self.event(now, EventKind::Spawned, module);
        (event.attempt, event.id) = (attempt, id);
        self.actions.push_back(Action::Log(event));
    }

    pub(super) fn spawn_failed(
        &mut self,
        now: Stamp,
        module: usize,
        incarnation: Incarnation,
        error: String,
    ) {
        if !self.is_current(module, incarnation) {
            return;
        }
        let mut event = self.event(now, EventKind::SpawnFailed, module);
        event.cause = Some(error.clone());
        self.actions.push_back(Action::Log(event));
        if self.shutting_down {
            self.modules[module].enter(now, Phase::Stopped);
            self.stop_next(now);
        } else {
            self.failed(now, module, &Failure::NotStarted(error));
        }
    }

    pub(super) fn ready(&mut self, now: Stamp, module: usize, incarnation: Incarnation) {
        let starting = matches!(self.modules[module].phase, Phase::Starting { .. });
        if !starting || !self.is_current(module, incarnation) {
            return;
        }
        let stable_at = now.mono + self.policy.stable_after;
        let next_check = now.mono + self.policy.heartbeat;
        let record = &mut self.modules[module];
        let took = record.became_ready(now, stable_at, next_check);
        let announce = std::mem::take(&mut record.announce_recovery);
        let restart_id = record.restart_id.take();
        let mut event = self.event(now, EventKind::Ready, module);
        event.id.clone_from(&restart_id);
        self.actions.push_back(Action::Log(event));
        if announce {
            let message = match (took, restart_id) {
                (Some(took), _) => {
                    format!("ready again {:.3} ms after its failure was noticed", took.as_secs_f64() * 1e3)
                }
                (None, Some(id)) => format!("ready again after restart {id}, asked for by an operator"),
                (None, None) => "ready again".to_owned(),
            };
            self.alert(now, AlertKind::ModuleRecovered, module, message);
        }
    }

    pub(super) fn exited(&mut self, now: Stamp, module: usize, incarnation: Incarnation, exit: Exit) {
        if !self.is_current(module, incarnation) {
            return;
        }
        let mut event = self.event(now, EventKind::Exited, module);
        event.exit = Some(exit);
        let record = &mut self.modules[module];
        event.cause = Some(record.exit_cause(exit));
        record.pid = None;
        record.last_exit = Some(exit);
        let phase = record.phase.clone();
        self.actions.push_back(Action::Log(event));
        if self.shutting_down {
            self.modules[module].enter(now, Phase::Stopped);
            self.stop_next(now);
            return;
        }
        match phase {
            Phase::Stopping { .. } => self.modules[module].enter(now, Phase::Waiting),
            Phase::Killing { failure } => self.failed(now, module, &failure),
            Phase::Starting { .. } | Phase::Ready { .. } => {
                let failure = self.failure_by_exit(module, exit);
                self.failed(now, module, &failure);
            }
            // No process belongs to these, so none can exit.
            Phase::Waiting | Phase::Backoff { .. } | Phase::Failed | Phase::Stopped => {}
        }
    }

    fn failure_by_exit(&self, module: usize, exit: Exit) -> Failure {
        let record = &self.modules[module];
        match record.spec.depends_on {
            Some(on) if record.lost_its_dependency(exit) => {
                Failure::DependencyLost { exit, on: self.modules[on].spec.name }
            }
            Some(_) | None => Failure::Crash(exit),
        }
    }

    /// A failure of `module`'s own, whose process is gone: restart, wait, or give up.
    fn failed(&mut self, now: Stamp, module: usize, failure: &Failure) {
        self.stop_dependants(now, module);
        let record = &mut self.modules[module];
        record.failures += 1;
        record.announce_recovery = true;
        record.down_at.get_or_insert(now.mono);
        let by_operator = record.restart_id.is_some();
        if by_operator {
            record.forget_failures();
        } else {
            record.consecutive += 1;
        }
        let consecutive = record.consecutive;
        if let Some(reason) = failure.crash_message() {
            self.alert(now, AlertKind::ModuleCrashed, module, reason);
        }
        if by_operator {
            // What the operator asked for overrides the backoff.
            self.modules[module].enter(now, Phase::Waiting);
        } else if consecutive > self.policy.max_retries {
            self.modules[module].enter(now, Phase::Failed);
            self.modules[module].down_at = None;
            // One critical alert is enough, also when alert_after is reached by this very failure.
            self.modules[module].alarmed = true;
            self.log(now, EventKind::GaveUp, module);
            let message = format!(
                "given up after {consecutive} consecutive failures; only POST /api/recovery/restart or a policy with more retries starts it again"
            );
            self.alert(now, AlertKind::RecoveryExhausted, module, message);
        } else {
            // Not only at it: a new policy may have lowered it below the present streak.
            if consecutive >= self.policy.alert_after && !self.modules[module].alarmed {
                self.modules[module].alarmed = true;
                let message = format!("{consecutive} consecutive failures");
                self.alert(now, AlertKind::RepeatedFailures, module, message);
            }
            self.back_off(now, module, consecutive);
        }
    }

    fn back_off(&mut self, now: Stamp, module: usize, consecutive: u32) {
        let delay = self.policy.delay(consecutive, self.draws.random::<f64>());
        if delay.is_zero() {
            self.modules[module].enter(now, Phase::Waiting);
            return;
        }
        self.modules[module].enter(now, Phase::Backoff { until: now.mono + delay });
        let mut event = self.event(now, EventKind::Backoff, module);
        event.attempt = Some(consecutive);
        event.delay_us = u64::try_from(delay.as_micros()).ok();
        self.actions.push_back(Action::Log(event));
    }
}

impl Failure {
    /// The message of the `module_crashed` alert; none for a hang, whose own alert is already out.
    fn crash_message(&self) -> Option<String> {
        match self {
            Self::Crash(exit) => Some(format!("ended unexpectedly with {exit}")),
            Self::DependencyLost { exit, on } => Some(format!(
                "ended itself with {exit}: its dependency {on} gave no answer for longer than dependency-patience"
            )),
            Self::NotStarted(error) => Some(format!("could not be started: {error}")),
            Self::StartTimeout => Some("was not ready in time: killed".to_owned()),
            Self::Hung => None,
        }
    }
}

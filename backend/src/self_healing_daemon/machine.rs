//! The decisions of the SelfHealingDaemon as a pure state machine: no clock, no I/O, no process.
//!
//! It is fed [`Input`]s with their [`Stamp`] and answers with [`Action`]s; [`Machine::next_deadline`] says when it
//! wants to be asked again though nothing happened. [`super::life`] is its second half, [`super::change`] its answer to a
//! new policy. The same inputs and the same seed give the same actions.

use std::collections::VecDeque;
use std::time::Duration;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::event::{Event, EventKind, Exit};
use super::life::Failure;
use super::policy::{Policy, Strategy};
use super::record::{Phase, Record, StopCause};
use crate::alert_dispatcher::{AlertDraft, AlertKind};
use crate::clock::Stamp;

/// How long a module may take to stop after SIGTERM before it is killed.
pub(super) const STOP_GRACE: Duration = Duration::from_secs(1);

/// One start of a module's process. Numbers are never used twice, so a late message cannot hit a successor.
pub(crate) type Incarnation = u64;

/// A module that the machine supervises.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ModuleSpec {
    pub(crate) name: &'static str,
    /// Index of the module that this one needs; it must be a smaller index than its own.
    pub(crate) depends_on: Option<usize>,
}

/// Something that happened.
#[derive(Clone, Debug)]
pub(crate) enum Input {
    /// Begin: start every module in order.
    Start,
    /// The process of an [`Action::Spawn`] runs.
    Spawned { module: usize, incarnation: Incarnation, pid: u32 },
    /// The process of an [`Action::Spawn`] could not be started.
    SpawnFailed { module: usize, incarnation: Incarnation, error: String },
    /// The module answered that it is ready.
    Ready { module: usize, incarnation: Incarnation },
    /// The module showed a sign of life.
    Beat { module: usize, incarnation: Incarnation },
    /// Its process is gone.
    Exited { module: usize, incarnation: Incarnation, exit: Exit },
    /// Time passed.
    Tick,
    /// Stop every module, dependants first. A second one kills them at once.
    Shutdown,
}

/// Something to do, in this order.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Action {
    /// Start a process, then say [`Input::Spawned`] or [`Input::SpawnFailed`].
    Spawn { module: usize, incarnation: Incarnation },
    /// SIGTERM.
    Terminate { module: usize, incarnation: Incarnation },
    /// SIGKILL.
    Kill { module: usize, incarnation: Incarnation },
    /// Log this event.
    Log(Event),
    /// Send this alert.
    Alert(AlertDraft),
}

/// The state machine over all modules.
#[derive(Debug)]
pub(crate) struct Machine {
    pub(super) policy: Policy,
    pub(super) policy_number: u64,
    pub(super) modules: Vec<Record>,
    incarnations: Incarnation,
    pub(super) shutting_down: bool,
    pub(super) draws: ChaCha8Rng,
    pub(super) actions: VecDeque<Action>,
}

impl Machine {
    /// A machine over `specs`, in dependency order, whose jitter comes from `seed`.
    pub(crate) fn new(policy: Policy, specs: &[ModuleSpec], seed: u64, now: Stamp) -> Self {
        Self {
            policy,
            policy_number: 1,
            modules: specs.iter().map(|spec| Record::new(*spec, now)).collect(),
            incarnations: 0,
            shutting_down: false,
            draws: ChaCha8Rng::seed_from_u64(seed),
            actions: VecDeque::new(),
        }
    }

    /// Every module's record, in dependency order.
    pub(crate) fn modules(&self) -> &[Record] {
        &self.modules
    }

    /// Whether a shutdown began and every process is gone.
    pub(crate) fn all_stopped(&self) -> bool {
        self.shutting_down && self.modules.iter().all(|module| module.phase == Phase::Stopped)
    }

    /// When the machine wants an [`Input::Tick`] at the latest.
    pub(crate) fn next_deadline(&self) -> Option<Duration> {
        self.modules.iter().filter_map(Record::next_deadline).min()
    }

    /// Takes what happened at `now` and answers with what to do.
    pub(crate) fn handle(&mut self, now: Stamp, input: Input) -> VecDeque<Action> {
        for index in 0..self.modules.len() {
            self.advance(now, index);
        }
        match input {
            Input::Start | Input::Tick => {}
            Input::Spawned { module, incarnation, pid } => self.spawned(now, module, incarnation, pid),
            Input::SpawnFailed { module, incarnation, error } => {
                self.spawn_failed(now, module, incarnation, error);
            }
            Input::Ready { module, incarnation } => self.ready(now, module, incarnation),
            Input::Beat { module, incarnation } => {
                if self.is_current(module, incarnation) {
                    self.modules[module].beat();
                }
            }
            Input::Exited { module, incarnation, exit } => self.exited(now, module, incarnation, exit),
            Input::Shutdown => self.shutdown(now),
        }
        self.settle(now);
        std::mem::take(&mut self.actions)
    }

    /// An operator wants `module` restarted. Answers the id under which that happens: a restart that is already
    /// under way is joined, and its id is given. `None` while the manager shuts down.
    pub(crate) fn restart(
        &mut self,
        now: Stamp,
        module: usize,
        id: String,
    ) -> (Option<String>, VecDeque<Action>) {
        if self.shutting_down {
            return (None, VecDeque::new());
        }
        if let Some(pending) = &self.modules[module].restart_id {
            return (Some(pending.clone()), VecDeque::new());
        }
        let mut event = self.event(now, EventKind::RestartRequested, module);
        event.id = Some(id.clone());
        self.actions.push_back(Action::Log(event));
        let record = &mut self.modules[module];
        record.restart_id = Some(id.clone());
        record.forget_failures();
        record.announce_recovery = true;
        record.down_at = None;
        match record.phase {
            Phase::Failed | Phase::Backoff { .. } => record.enter(now, Phase::Waiting),
            Phase::Starting { .. } | Phase::Ready { .. } => {
                self.stop_dependants(now, module);
                self.stop(now, module, StopCause::Operator);
            }
            // The exit that these wait for leads to the restart by itself.
            Phase::Waiting | Phase::Stopping { .. } | Phase::Killing { .. } | Phase::Stopped => {}
        }
        self.settle(now);
        (Some(id), std::mem::take(&mut self.actions))
    }

    pub(super) fn is_current(&self, module: usize, incarnation: Incarnation) -> bool {
        self.modules[module].incarnation == incarnation
    }

    pub(super) fn event(&self, now: Stamp, kind: EventKind, module: usize) -> Event {
        let record = &self.modules[module];
        let mut event = Event::new(now.wall_us, kind, record.spec.name);
        event.pid = record.pid;
        event.consecutive_failures = Some(record.consecutive);
        event
    }

    pub(super) fn log(&mut self, now: Stamp, kind: EventKind, module: usize) {
        let event = self.event(now, kind, module);
        self.actions.push_back(Action::Log(event));
    }

    pub(super) fn alert(&mut self, now: Stamp, kind: AlertKind, module: usize, message: String) {
        let module = self.modules[module].spec.name;
        self.actions.push_back(Action::Alert(AlertDraft::new(now.wall_us, kind, module, message)));
    }

    /// Lets `module`'s deadlines up to `now` take effect.
    pub(super) fn advance(&mut self, now: Stamp, module: usize) {
        let record = &mut self.modules[module];
        let incarnation = record.incarnation;
        match &mut record.phase {
            Phase::Starting { deadline } if *deadline <= now.mono => {
                self.log(now, EventKind::StartTimeout, module);
                self.kill(now, module, Failure::StartTimeout);
            }
            Phase::Ready { .. } => self.look_for_beats(now, module),
            Phase::Stopping { kill_at, .. } if kill_at.is_some_and(|at| at <= now.mono) => {
                *kill_at = None;
                self.actions.push_back(Action::Kill { module, incarnation });
            }
            Phase::Backoff { until } if *until <= now.mono => record.enter(now, Phase::Waiting),
            _ => {}
        }
    }

    fn look_for_beats(&mut self, now: Stamp, module: usize) {
        let (heartbeat, limit) = (self.policy.heartbeat, self.policy.heartbeat_misses);
        let record = &mut self.modules[module];
        let Phase::Ready { stable_at, next_check, beaten, misses } = &mut record.phase else {
            return;
        };
        if *next_check <= now.mono {
            *misses = if *beaten { 0 } else { *misses + 1 };
            *beaten = false;
            // Counted from now, not from when it was due: a manager that was itself held up sees one miss, not many.
            *next_check = now.mono + heartbeat;
        }
        if *misses >= limit {
            self.log(now, EventKind::Hung, module);
            let silence = humantime::format_duration(heartbeat * limit);
            let message = format!("no heartbeat for {silence}: killed, to be restarted");
            self.alert(now, AlertKind::ModuleHung, module, message);
            self.kill(now, module, Failure::Hung);
        } else if *misses == 0 && stable_at.is_some_and(|at| at <= now.mono) {
            *stable_at = None;
            record.forget_failures();
            self.log(now, EventKind::Stable, module);
        }
    }

    pub(super) fn kill(&mut self, now: Stamp, module: usize, failure: Failure) {
        let record = &mut self.modules[module];
        record.down_at.get_or_insert(now.mono);
        let incarnation = record.incarnation;
        record.enter(now, Phase::Killing { failure });
        self.actions.push_back(Action::Kill { module, incarnation });
    }

    pub(super) fn stop(&mut self, now: Stamp, module: usize, cause: StopCause) {
        let incarnation = self.modules[module].incarnation;
        let mut event = self.event(now, EventKind::Stopping, module);
        event.cause = Some(cause.to_string());
        self.actions.push_back(Action::Log(event));
        self.actions.push_back(Action::Terminate { module, incarnation });
        let kill_at = Some(now.mono + STOP_GRACE);
        self.modules[module].enter(now, Phase::Stopping { kill_at, cause });
    }

    /// Under rest-for-one: stops whatever depends on `module`, the last in the chain first.
    pub(super) fn stop_dependants(&mut self, now: Stamp, module: usize) {
        if self.policy.strategy != Strategy::RestForOne {
            return;
        }
        for index in (module + 1..self.modules.len()).rev() {
            let running = matches!(self.modules[index].phase, Phase::Starting { .. } | Phase::Ready { .. });
            if running && self.depends(index, module) {
                self.stop(now, index, StopCause::Dependency);
            }
        }
    }

    fn depends(&self, module: usize, on: usize) -> bool {
        let mut next = self.modules[module].spec.depends_on;
        while let Some(index) = next {
            if index == on {
                return true;
            }
            next = self.modules[index].spec.depends_on;
        }
        false
    }

    /// Starts every waiting module whose dependency allows it.
    pub(super) fn settle(&mut self, now: Stamp) {
        if self.shutting_down {
            return;
        }
        for module in 0..self.modules.len() {
            let record = &self.modules[module];
            let dependency_ready =
                record.spec.depends_on.is_none_or(|on| matches!(self.modules[on].phase, Phase::Ready { .. }));
            // One-for-one looks at dependencies only for the very first start.
            let independent = self.policy.strategy == Strategy::OneForOne && record.incarnation > 0;
            if record.phase == Phase::Waiting && (dependency_ready || independent) {
                self.incarnations += 1;
                let incarnation = self.incarnations;
                let deadline = now.mono + self.policy.start_timeout;
                self.modules[module].begin(now, incarnation, deadline);
                self.actions.push_back(Action::Spawn { module, incarnation });
            }
        }
    }

    fn shutdown(&mut self, now: Stamp) {
        if self.shutting_down {
            for module in 0..self.modules.len() {
                let incarnation = self.modules[module].incarnation;
                if self.modules[module].has_process() {
                    self.actions.push_back(Action::Kill { module, incarnation });
                }
            }
            return;
        }
        self.shutting_down = true;
        for record in &mut self.modules {
            if !record.has_process() {
                record.enter(now, Phase::Stopped);
            }
        }
        self.stop_next(now);
    }

    /// During a shutdown: stops the last module of the chain that still runs; its exit leads to the next.
    pub(super) fn stop_next(&mut self, now: Stamp) {
        let Some(module) = (0..self.modules.len()).rev().find(|index| self.modules[*index].has_process())
        else {
            return;
        };
        if matches!(self.modules[module].phase, Phase::Starting { .. } | Phase::Ready { .. }) {
            self.stop(now, module, StopCause::Shutdown);
        }
    }
}

//! What the state machine keeps about one module.

use std::time::Duration;

use super::event::Exit;
use super::life::Failure;
use super::machine::{Incarnation, ModuleSpec};
use crate::clock::Stamp;
use crate::module::DEPENDENCY_LOST;

/// Where a module is in its life.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Phase {
    /// No process: it starts as soon as its dependency is ready.
    Waiting,
    /// Started, not ready yet.
    Starting { deadline: Duration },
    /// Ready, and watched.
    Ready { stable_at: Option<Duration>, next_check: Duration, beaten: bool, misses: u32 },
    /// Asked to stop; killed at `kill_at`.
    Stopping { kill_at: Option<Duration>, cause: StopCause },
    /// Killed for a failure; its exit is awaited.
    Killing { failure: Failure },
    /// No process: the next restart comes at `until`.
    Backoff { until: Duration },
    /// No process: given up.
    Failed,
    /// No process: the manager shuts down.
    Stopped,
}

/// Why a module is asked to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StopCause {
    Dependency,
    Operator,
    Shutdown,
}

impl std::fmt::Display for StopCause {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(match self {
            Self::Dependency => "dependency",
            Self::Operator => "operator",
            Self::Shutdown => "shutdown",
        })
    }
}

/// One module: its state and its counters.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    pub(crate) spec: ModuleSpec,
    pub(crate) phase: Phase,
    /// When `phase` last changed its name, wall clock.
    pub(crate) since_us: i64,
    /// The newest start; 0 before the first.
    pub(crate) incarnation: Incarnation,
    pub(crate) pid: Option<u32>,
    pub(crate) consecutive: u32,
    /// Whether a critical alert went out in this streak.
    pub(super) alarmed: bool,
    /// Starts after the first, whatever the reason.
    pub(crate) restarts: u64,
    /// Starts that followed a failure of its own.
    pub(crate) attempts: u64,
    pub(crate) failures: u64,
    /// Failures after which it became ready again by itself.
    pub(crate) recoveries: u64,
    pub(crate) recovery_total: Duration,
    pub(crate) last_recovery: Option<Duration>,
    pub(crate) last_exit: Option<Exit>,
    /// When the present outage was noticed, if it is one that the daemon must end by itself.
    pub(crate) down_at: Option<Duration>,
    /// The API restart under way.
    pub(crate) restart_id: Option<String>,
    /// Whether its next readiness is a recovery worth an alert.
    pub(crate) announce_recovery: bool,
}

impl Record {
    pub(super) fn new(spec: ModuleSpec, now: Stamp) -> Self {
        Self {
            spec,
            phase: Phase::Waiting,
            since_us: now.wall_us,
            incarnation: 0,
            pid: None,
            consecutive: 0,
            alarmed: false,
            restarts: 0,
            attempts: 0,
            failures: 0,
            recoveries: 0,
            recovery_total: Duration::ZERO,
            last_recovery: None,
            last_exit: None,
            down_at: None,
            restart_id: None,
            announce_recovery: false,
        }
    }

    /// The status that the API shows. A module without a process that waits for its dependency is `starting`.
    pub(crate) fn status(&self) -> &'static str {
        match self.phase {
            Phase::Waiting | Phase::Starting { .. } => "starting",
            Phase::Ready { .. } => "ready",
            Phase::Backoff { .. } => "backoff",
            Phase::Stopping { .. } | Phase::Killing { .. } | Phase::Stopped => "stopping",
            Phase::Failed => "failed",
        }
    }

    pub(super) fn enter(&mut self, now: Stamp, phase: Phase) {
        let before = self.status();
        self.phase = phase;
        if self.status() != before {
            self.since_us = now.wall_us;
        }
    }

    pub(super) fn begin(&mut self, now: Stamp, incarnation: Incarnation, deadline: Duration) {
        if self.incarnation > 0 {
            self.restarts += 1;
        }
        if self.down_at.is_some() {
            self.attempts += 1;
        }
        self.incarnation = incarnation;
        self.enter(now, Phase::Starting { deadline });
    }

    /// Answers how long the outage that this ends took, if it was one of the module's own.
    pub(super) fn became_ready(
        &mut self,
        now: Stamp,
        stable_at: Duration,
        next_check: Duration,
    ) -> Option<Duration> {
        self.enter(now, Phase::Ready { stable_at: Some(stable_at), next_check, beaten: true, misses: 0 });
        let took = now.mono.saturating_sub(self.down_at.take()?);
        self.recoveries += 1;
        self.recovery_total += took;
        self.last_recovery = Some(took);
        Some(took)
    }

    /// A new streak begins with its next failure.
    pub(super) fn forget_failures(&mut self) {
        self.consecutive = 0;
        self.alarmed = false;
    }

    pub(super) fn beat(&mut self) {
        if let Phase::Ready { beaten, .. } = &mut self.phase {
            *beaten = true;
        }
    }

    pub(super) fn has_process(&self) -> bool {
        matches!(
            self.phase,
            Phase::Starting { .. } | Phase::Ready { .. } | Phase::Stopping { .. } | Phase::Killing { .. }
        )
    }

    /// Whether `exit` says that it ended itself because its dependency gave no answer.
    pub(super) fn lost_its_dependency(&self, exit: Exit) -> bool {
        self.spec.depends_on.is_some() && exit == Exit::Code(DEPENDENCY_LOST.into())
    }

    /// Why its process ended with `exit`.
    pub(super) fn exit_cause(&self, exit: Exit) -> String {
        match &self.phase {
            Phase::Stopping { cause, .. } => cause.to_string(),
            Phase::Killing { failure: Failure::Hung } => "hung".to_owned(),
            Phase::Killing { failure: Failure::StartTimeout } => "start_timeout".to_owned(),
            _ if self.lost_its_dependency(exit) => "dependency_lost".to_owned(),
            _ => "crash".to_owned(),
        }
    }

    pub(super) fn next_deadline(&self) -> Option<Duration> {
        match &self.phase {
            Phase::Starting { deadline } => Some(*deadline),
            Phase::Ready { stable_at: Some(at), next_check, misses: 0, .. } => Some(*at.min(next_check)),
            Phase::Ready { next_check, .. } => Some(*next_check),
            Phase::Stopping { kill_at, .. } => *kill_at,
            Phase::Backoff { until } => Some(*until),
            Phase::Waiting | Phase::Killing { .. } | Phase::Failed | Phase::Stopped => None,
        }
    }
}

//! How far the target's clock is from ours, as far as the journal proves it.
//!
//! The target stamps its events and alerts by its own wall clock, and the harness places them on the run's clock as if
//! both were one. Where an order of cause and effect says otherwise they are not, and by at least how much.

use super::timeline::{At, Fault};
use crate::journal::Micros;
use crate::journal::event::{BackendEvent, ClockOffset, Event, Line};

/// The thread whose `lag` lines are stamped at once when it wakes, and written at once.
const MARKING_THREAD: &str = "fault";

/// What is proven.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Offset {
    /// Whether the target stamped any event at all.
    pub(super) stamped: bool,
    /// The target's clock was ahead of ours by at least this much.
    pub(super) ahead_us: u64,
    /// It was behind by at least this much.
    pub(super) behind_us: u64,
    /// What round trips showed last, where the clocks are not one.
    pub(super) bounds: Option<ClockOffset>,
}

/// Looks for stamps from the future while the lines of a run go by in the order of the file.
#[derive(Debug, Clone, Default)]
pub(super) struct Witness {
    started_at_unix_us: i64,
    /// The latest stamp of the events that no mark follows yet.
    unmarked: Micros,
    /// The latest stamp of those that one mark follows.
    marked_once: Micros,
    ahead_us: u64,
    bounds: Option<ClockOffset>,
}

impl Witness {
    /// Takes the next line in the order of the file.
    pub(super) fn line(&mut self, line: &Line<'_>) {
        match &line.event {
            Event::RunStarted(run) => self.started_at_unix_us = run.started_at_unix_us,
            Event::ClockOffset(bounds) => self.bounds = Some(*bounds),
            Event::BackendEvent(_) => self.unmarked = self.unmarked.max(line.t),
            Event::Lag(lag) if lag.thread == MARKING_THREAD => self.mark(line.t),
            // An alert has arrived when it was raised; stamped is its arrival.
            Event::AlertReceived(alert) => {
                if let Some(raised) = alert.raised_at.as_deref().and_then(|at| self.on_our_clock(at)) {
                    self.known(raised, line.t);
                }
            }
            // All that reads has ended before.
            Event::RunFinished(_) => self.known(self.unmarked.max(self.marked_once), line.t),
            _ => {}
        }
    }

    /// A mark at `t`. The thread has written the mark before this one when it takes the stamp `t`. So what stands in the
    /// file before *that* one was read by `t`, while what stands between the two may have been read later.
    fn mark(&mut self, t: Micros) {
        self.known(self.marked_once, t);
        self.marked_once = std::mem::take(&mut self.unmarked);
    }

    /// What is stamped `stamp` was known to us by `t`.
    fn known(&mut self, stamp: Micros, t: Micros) {
        self.ahead_us = self.ahead_us.max(stamp.saturating_sub(t));
    }

    fn on_our_clock(&self, rfc3339: &str) -> Option<Micros> {
        let unix_us = rfc3339.parse::<jiff::Timestamp>().ok()?.as_microsecond();
        Micros::try_from(unix_us.saturating_sub(self.started_at_unix_us)).ok()
    }

    /// Within what round trips leave it; absent where none was told.
    pub(super) fn bounds(&self) -> Option<ClockOffset> {
        self.bounds
    }

    /// What is proven once every line has gone by; `faults` and `backend` in order of their stamps.
    pub(super) fn offset(&self, faults: &[Fault], backend: &[At<BackendEvent>]) -> Offset {
        let behind = faults.iter().filter_map(|fault| too_early(fault, backend)).max();
        Offset {
            stamped: !backend.is_empty(),
            ahead_us: self.ahead_us,
            behind_us: behind.unwrap_or_default(),
            bounds: self.bounds,
        }
    }
}

/// By how much the end of the process that a fault ended is stamped before the fault. The process lived when the fault
/// acted on it; should its number have been in use before, the last end is its own.
fn too_early(fault: &Fault, backend: &[At<BackendEvent>]) -> Option<u64> {
    fault.confirmed.as_ref()?;
    let (pid, target) = (fault.injected.pid?, &fault.injected.target);
    let own = |event: &&At<BackendEvent>| {
        event.what.kind == "exited" && event.what.pid == Some(pid) && event.what.module == *target
    };
    backend.iter().rfind(own).map(|event| fault.action.saturating_sub(event.t))
}

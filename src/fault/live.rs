//! What the run knows while it goes on: the baseline, whether the system is well again, which alerts are due.
//!
//! It steers the run only (when to go on); the analysis judges anew from the journal, with the same detector.

use std::collections::HashMap;

use crate::analysis::baseline::{BaselineRule, BaselineTracker};
use crate::analysis::detector::{Criterion, Detector};
use crate::analysis::model::Baseline;
use crate::analysis::reorder::Reorder;
use crate::analysis::sample::{CanarySample, HealthSample};
use crate::journal::Micros;
use crate::journal::event::{AlertExpected, AlertReceived, BackendEvent, PlanRecord};

/// What is not restored as long as a store was away and no resync has brought everything together.
const STATE: &str = "state";
/// A sample is at most its timeout and this late.
const STRAGGLE_US: u64 = 1_000_000;

/// Something that was seen, as the pollers tell it.
#[derive(Debug, Clone)]
pub enum Observation {
    /// A canary ended.
    Canary(CanarySample),
    /// A poll of the health page ended.
    Health(HealthSample),
    /// The backend says what it saw or did.
    Backend(Micros, BackendEvent),
    /// An alert arrived.
    Alert(Micros, AlertReceived),
}

/// The live state.
#[derive(Debug)]
pub(super) struct Live {
    hold_us: u64,
    baseline: BaselineTracker,
    canaries: Reorder<CanarySample>,
    polls: Reorder<HealthSample>,
    detector: Option<Detector>,
    /// Modules and stores that the backend saw go away and not yet come back, and [`STATE`] from the first store's
    /// going away until everything is restored; since when.
    down: HashMap<String, Micros>,
    /// A fault is in effect that the run will end itself.
    in_effect: bool,
    /// When the backend's state was whole again, last.
    restored: Option<Micros>,
    due: Vec<Due>,
}

/// An alert that is due.
#[derive(Debug)]
struct Due {
    from: Micros,
    expected: AlertExpected,
}

impl Live {
    /// Knows nothing yet. The first canary and the first poll start at `first_probe`.
    pub(super) fn new(plan: &PlanRecord, first_probe: Micros) -> Self {
        let patience = plan.request_timeout_us + STRAGGLE_US;
        Self {
            hold_us: plan.hold_us,
            baseline: BaselineTracker::new(BaselineRule::from_plan(plan)),
            canaries: Reorder::stepping(Some(first_probe), plan.canary_interval_us, patience),
            polls: Reorder::stepping(Some(first_probe), plan.health_interval_us, patience),
            detector: None,
            down: HashMap::new(),
            in_effect: false,
            restored: None,
            due: Vec::new(),
        }
    }

    /// Takes in what was seen.
    pub(super) fn see(&mut self, seen: Observation) {
        match seen {
            Observation::Canary(sample) => self.canaries.push(sample.t, sample),
            Observation::Health(sample) => self.polls.push(sample.t, sample),
            Observation::Backend(at, event) => self.module_changed(at, &event),
            Observation::Alert(at, alert) => self.alert(at, &alert),
        }
        while let Some((_, sample)) = self.canaries.pop() {
            self.baseline.canary(sample);
            if let Some(detector) = &mut self.detector {
                detector.canary(sample);
            }
        }
        while let Some((_, sample)) = self.polls.pop() {
            if let Some(detector) = &mut self.detector {
                detector.health(sample);
            }
        }
    }

    fn module_changed(&mut self, at: Micros, event: &BackendEvent) {
        match event.kind.as_str() {
            "exited" | "stopping" | "hung" => self.went_away(&event.module, at),
            "store_down" => {
                self.went_away(&event.module, at);
                self.went_away(STATE, at);
            }
            "ready" | "store_up" => self.came_back(&event.module, at),
            "stores_restored" => {
                self.came_back(STATE, at);
                self.restored = self.restored.max(Some(at));
            }
            _ => {}
        }
        self.block();
    }

    fn went_away(&mut self, what: &str, at: Micros) {
        self.down.entry(what.to_owned()).or_insert(at);
    }

    fn came_back(&mut self, what: &str, at: Micros) {
        if let (Some(from), Some(detector)) = (self.down.remove(what), &mut self.detector) {
            detector.unwell(from, at);
        }
    }

    fn block(&mut self) {
        if let Some(detector) = &mut self.detector {
            detector.blocked(self.in_effect || !self.down.is_empty());
        }
    }

    fn alert(&mut self, at: Micros, alert: &AlertReceived) {
        let met = self.due.iter().position(|due| {
            at >= due.from && due.expected.module == alert.module && due.expected.kinds.contains(&alert.kind)
        });
        if let Some(met) = met {
            self.due.remove(met);
        }
    }

    /// Every traffic user has started.
    pub(super) fn users_started(&mut self, at: Micros) {
        self.baseline.users_started(at);
    }

    /// The baseline, once it is long enough.
    pub(super) fn baseline(&self) -> Option<Baseline> {
        self.baseline.ready().then(|| self.baseline.current()).flatten()
    }

    /// A fault acts from `at` on.
    pub(super) fn fault_started(&mut self, at: Micros) {
        self.baseline.fault_started(at);
    }

    /// Watches for the recovery from a fault whose effect began at `t0`; one that is `in_effect` until the run ends it
    /// cannot be recovered from before.
    pub(super) fn watch_recovery(&mut self, t0: Micros, in_effect: bool) {
        self.in_effect = in_effect;
        let criterion =
            self.baseline.current().map(|baseline| Criterion::from_baseline(&baseline, self.hold_us));
        self.detector = criterion.map(|criterion| Detector::new(t0, criterion));
        self.block();
    }

    /// The fault that the run had to end has ended.
    pub(super) fn fault_ended(&mut self, at: Micros) {
        if let Some(detector) = &mut self.detector {
            detector.not_before(at);
        }
        self.in_effect = false;
        self.block();
    }

    /// Whether the backend has told that its state is whole again, at `since` or later.
    pub(super) fn restored_since(&self, since: Micros) -> bool {
        self.restored.is_some_and(|restored| restored >= since)
    }

    /// The users are held still from `at` on.
    pub(super) fn held(&mut self, at: Micros) {
        self.baseline.fault_started(at);
    }

    /// The users were let go at `at`.
    pub(super) fn released(&mut self, at: Micros) {
        self.baseline.fault_free_from(at);
    }

    /// When the system was well again, once that has been held.
    pub(super) fn recovered(&self) -> Option<Micros> {
        self.detector.as_ref().and_then(Detector::recovered)
    }

    /// The open episode is over; when it `healed`, canaries from `at` on are without a fault.
    pub(super) fn episode_closed(&mut self, at: Micros, healed: bool) {
        (self.detector, self.in_effect) = (None, false);
        if healed {
            self.baseline.fault_free_from(at);
        }
    }

    /// An alert is owed from `from` on.
    pub(super) fn expect(&mut self, from: Micros, expected: AlertExpected) {
        self.due.push(Due { from, expected });
    }

    /// The next instant at which an alert that is still owed counts as missed; `None` when none is owed.
    pub(super) fn next_due(&mut self, now: Micros) -> Option<Micros> {
        self.due.retain(|due| due.from + due.expected.deadline_us > now);
        self.due.iter().map(|due| due.from + due.expected.deadline_us).min()
    }
}

//! What the run knows while it goes on: the baseline, whether the system is well again, which alerts are due.
//!
//! It steers the run only (when to go on); the analysis judges anew from the journal, with the same detector.

use std::collections::{BTreeMap, HashMap};

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
    /// By episode; several faults may be in flight at a time.
    watched: BTreeMap<u32, Watched>,
    /// Modules and stores that the backend saw go away and not yet come back, and [`STATE`] from the first store's
    /// going away until everything is restored; since when.
    down: HashMap<String, Micros>,
    /// When the backend's state was whole again, last.
    restored: Option<Micros>,
    due: Vec<Due>,
}

/// An episode whose recovery is watched for.
#[derive(Debug)]
struct Watched {
    /// None without a baseline to judge against.
    detector: Option<Detector>,
    /// The fault is in effect until the run ends it.
    in_effect: bool,
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
            watched: BTreeMap::new(),
            down: HashMap::new(),
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
            self.detectors().for_each(|detector| detector.canary(sample));
        }
        while let Some((_, sample)) = self.polls.pop() {
            self.detectors().for_each(|detector| detector.health(sample));
        }
    }

    fn detectors(&mut self) -> impl Iterator<Item = &mut Detector> {
        self.watched.values_mut().filter_map(|watched| watched.detector.as_mut())
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
        if let Some(from) = self.down.remove(what) {
            self.detectors().for_each(|detector| detector.unwell(from, at));
        }
    }

    /// Nothing has recovered while anything is known to be away, or while a fault is in effect that the run has to end.
    fn block(&mut self) {
        let away = !self.down.is_empty() || self.watched.values().any(|watched| watched.in_effect);
        self.detectors().for_each(|detector| detector.blocked(away));
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
    pub(super) fn watch_recovery(&mut self, episode: u32, t0: Micros, in_effect: bool) {
        let criterion =
            self.baseline.current().map(|baseline| Criterion::from_baseline(&baseline, self.hold_us));
        let detector = criterion.map(|criterion| Detector::new(t0, criterion));
        self.watched.insert(episode, Watched { detector, in_effect });
        self.block();
    }

    /// A fault that the run had to end has ended: nothing was well before.
    pub(super) fn fault_ended(&mut self, episode: u32, at: Micros) {
        self.detectors().for_each(|detector| detector.not_before(at));
        if let Some(watched) = self.watched.get_mut(&episode) {
            watched.in_effect = false;
        }
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
    pub(super) fn recovered(&self, episode: u32) -> Option<Micros> {
        self.watched.get(&episode)?.detector.as_ref()?.recovered()
    }

    /// An episode is over; when it `healed`, canaries from `at` on are without a fault.
    pub(super) fn episode_closed(&mut self, episode: u32, at: Micros, healed: bool) {
        self.watched.remove(&episode);
        self.block();
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

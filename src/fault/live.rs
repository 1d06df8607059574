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
/// How long after an outage of our own sink it takes until what waited has been sent again: senders that retry young
/// alerts at least once a second have done so twice.
const REDELIVERY_US: u64 = 2_000_000;

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
    /// Our own alert sink takes nothing meanwhile.
    SinkOutage {
        /// Since when.
        from: Micros,
        /// When it is to be over, and later when it was.
        until: Micros,
    },
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
    /// Outage of our own sink.
    sink_away: Option<(Micros, Micros)>,
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
            sink_away: None,
        }
    }

    /// Takes in what was seen.
    pub(super) fn see(&mut self, seen: Observation) {
        match seen {
            Observation::Canary(sample) => self.canaries.push(sample.t, sample),
            Observation::Health(sample) => self.polls.push(sample.t, sample),
            Observation::Backend(at, event) => self.module_changed(at, &event),
            Observation::Alert(at, alert) => self.alert(at, &alert),
            Observation::SinkOutage { from, until } => self.sink_away = Some((from, until)),
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

    /// The next instant at which an alert that is still owed counts as missed, or at which everybody has had time to
    /// deliver after an outage of our own sink; `None` when nothing is waited for.
    pub(super) fn next_due(&mut self, now: Micros) -> Option<Micros> {
        // Nobody is blamed for an alert that we did not take: whatever the outage touched may come so much later.
        let (from, until) = self.sink_away.unwrap_or_default();
        let deadline = |due: &Due| {
            let deadline = due.from + due.expected.deadline_us;
            if due.from < until && deadline > from { deadline + until.saturating_sub(from) } else { deadline }
        };
        self.due.retain(|due| deadline(due) > now);
        let delivered = self.sink_away.map(|(_, until)| until + REDELIVERY_US).filter(|at| *at > now);
        self.due.iter().map(deadline).chain(delivered).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn live() -> Live {
        let plan = crate::plan::Plan::new(crate::plan::Options::default(), 1).unwrap();
        let base_url = "http://127.0.0.1:8000".parse().unwrap();
        let target = crate::plan::TargetRecord {
            base_url: &base_url,
            stores: None,
            alert_source: true,
            canary_request: "GET /",
            policy: None,
        };
        Live::new(&plan.record(&target), 0)
    }

    fn expected(deadline_us: u64) -> AlertExpected {
        AlertExpected {
            episode: 1,
            module: "session".to_owned(),
            kinds: vec!["module_crashed".to_owned()],
            min_severity: "warning".to_owned(),
            deadline_us,
        }
    }

    #[test]
    fn an_outage_of_our_own_sink_extends_the_deadlines_that_it_touches() {
        let mut live = live();
        live.expect(1_000_000, expected(10_000_000));
        live.expect(60_000_000, expected(10_000_000));
        live.see(Observation::SinkOutage { from: 5_000_000, until: 35_000_000 });
        assert_eq!(live.next_due(36_000_000), Some(37_000_000), "what waited is sent again first");
        assert_eq!(live.next_due(38_000_000), Some(41_000_000), "the first is owed 30 s longer");
        assert_eq!(live.next_due(42_000_000), Some(70_000_000), "the second is not touched");
        assert_eq!(live.next_due(71_000_000), None);
    }

    #[test]
    fn nobody_waits_for_a_sink_that_was_never_away() {
        assert_eq!(live().next_due(0), None);
    }
}

//! How the system does when nothing is wrong: the yardstick of every recovery.
//!
//! The first baseline is measured from the moment when every user has started, with no fault before it, over
//! at least the planned time *and* number of canaries; the injector waits for it. Any later stretch without a
//! fault that is long enough by itself replaces it, so that a target that drifts is judged against its
//! recent self.

use hdrhistogram::Histogram;

use super::histogram::{durations, percentile};
use super::model::Baseline;
use super::sample::CanarySample;
use crate::journal::Micros;
use crate::journal::event::PlanRecord;

/// When a stretch without faults is long enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BaselineRule {
    /// Least length of the first baseline.
    pub min_us: u64,
    /// Least number of canaries of any baseline.
    pub min_canaries: u64,
    /// Distance between two canaries.
    pub interval_us: u64,
}

impl BaselineRule {
    /// The rule of a plan.
    #[must_use]
    pub fn from_plan(plan: &PlanRecord) -> Self {
        Self {
            min_us: plan.baseline_min_us,
            min_canaries: plan.baseline_min_canaries,
            interval_us: plan.canary_interval_us,
        }
    }
}

/// Keeps the baseline while canaries and faults stream by. The same code serves the injector and the analysis.
///
/// Feed canaries in order of intended start. Memory is constant.
#[derive(Debug, Clone)]
pub struct BaselineTracker {
    rule: BaselineRule,
    /// Fault-free since; absent before the users have started.
    since: Option<Micros>,
    open_faults: u32,
    stretch: Stretch,
    settled: Option<Baseline>,
}

/// Canaries of one stretch without faults.
#[derive(Debug, Clone)]
struct Stretch {
    first: Micros,
    last: Micros,
    canaries: u64,
    /// Durations of the successful ones.
    ok: Histogram<u32>,
}

impl Stretch {
    fn new() -> Self {
        Self { first: 0, last: 0, canaries: 0, ok: durations(3) }
    }

    fn clear(&mut self) {
        self.canaries = 0;
        self.ok.reset();
    }

    fn add(&mut self, sample: CanarySample) {
        if self.canaries == 0 {
            self.first = sample.t;
        }
        self.last = sample.t;
        self.canaries += 1;
        if sample.ok {
            self.ok.saturating_record(sample.duration_us);
        }
    }
}

impl BaselineTracker {
    /// No canary counts before [`users_started`](Self::users_started).
    #[must_use]
    pub fn new(rule: BaselineRule) -> Self {
        Self { rule, since: None, open_faults: 0, stretch: Stretch::new(), settled: None }
    }

    /// Every user has started at `t`: canaries count from here on.
    pub fn users_started(&mut self, t: Micros) {
        self.since.get_or_insert(t);
    }

    /// A fault acts from `t` on: canaries no longer count. Those in flight at `t` may be hit by it, so none
    /// that ends after `t` should be fed before.
    pub fn fault_started(&mut self, _t: Micros) {
        if self.open_faults == 0 {
            self.settle();
        }
        self.open_faults += 1;
    }

    /// What one fault did is over (recovered and held, or void): when no other is open, canaries that start
    /// at `t` or later count again.
    pub fn fault_free_from(&mut self, t: Micros) {
        self.open_faults = self.open_faults.saturating_sub(1);
        if let Some(since) = &mut self.since {
            *since = t.max(*since);
        }
    }

    /// Takes the next canary in order of intended start.
    pub fn canary(&mut self, sample: CanarySample) {
        if self.open_faults == 0 && self.since.is_some_and(|since| sample.t >= since) {
            self.stretch.add(sample);
        }
    }

    /// Whether there is a baseline. Cheap enough to ask after every canary.
    #[must_use]
    pub fn ready(&self) -> bool {
        self.settled.is_some() || self.qualifies()
    }

    /// The newest baseline: of the present stretch if it is long enough already, else of the one before.
    #[must_use]
    pub fn current(&self) -> Option<Baseline> {
        if self.qualifies() { Some(self.measure()) } else { self.settled.clone() }
    }

    /// Ends the present stretch.
    fn settle(&mut self) {
        if self.qualifies() {
            self.settled = Some(self.measure());
        }
        self.stretch.clear();
    }

    /// A stretch in which nothing succeeded says nothing about health, however long it is.
    fn qualifies(&self) -> bool {
        let BaselineRule { min_us, min_canaries, interval_us } = self.rule;
        let min_us = if self.settled.is_some() { min_us.min(min_canaries * interval_us) } else { min_us };
        !self.stretch.ok.is_empty()
            && self.stretch.canaries >= min_canaries
            && self.end().saturating_sub(self.stretch.first) >= min_us
    }

    fn measure(&self) -> Baseline {
        let ok = self.stretch.ok.len();
        #[expect(clippy::cast_precision_loss, reason = "canaries of a run are far below 2^52")]
        let success_ratio = ok as f64 / self.stretch.canaries as f64;
        Baseline {
            from_us: self.stretch.first,
            to_us: self.end(),
            canaries: self.stretch.canaries,
            success_ratio,
            p95_us: percentile(&self.stretch.ok, 0.95).unwrap_or(0),
            goodput_per_s: None,
        }
    }

    /// Where the next canary would start.
    fn end(&self) -> Micros {
        self.stretch.last + self.rule.interval_us
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: BaselineRule = BaselineRule { min_us: 500, min_canaries: 20, interval_us: 10 };

    fn feed(tracker: &mut BaselineTracker, from: Micros, to: Micros, duration_us: u64) {
        for t in (from..to).step_by(10) {
            tracker.canary(CanarySample { t, duration_us, ok: true });
        }
    }

    #[test]
    fn counts_from_the_moment_every_user_has_started() {
        let mut tracker = BaselineTracker::new(RULE);
        feed(&mut tracker, 0, 1000, 5);
        assert!(!tracker.ready());
        tracker.users_started(1000);
        feed(&mut tracker, 1000, 1490, 5);
        // 49 canaries are enough, 490 µs are not.
        assert!(!tracker.ready() && tracker.current().is_none());
        feed(&mut tracker, 1490, 1500, 5);
        let baseline = tracker.current().unwrap();
        assert_eq!((baseline.from_us, baseline.to_us, baseline.canaries), (1000, 1500, 50));
        assert_eq!((baseline.success_ratio, baseline.p95_us), (1.0, 5));
    }

    #[test]
    fn a_fault_ends_it_and_a_later_stretch_that_is_long_enough_replaces_it() {
        let mut tracker = BaselineTracker::new(RULE);
        tracker.users_started(0);
        feed(&mut tracker, 0, 500, 5);
        tracker.fault_started(500);
        feed(&mut tracker, 500, 900, 99);
        assert_eq!(tracker.current().unwrap().to_us, 500);
        tracker.fault_free_from(900);
        // 20 canaries = 200 µs suffice for a refresh.
        feed(&mut tracker, 890, 1090, 7);
        assert_eq!(tracker.current().unwrap().p95_us, 5);
        feed(&mut tracker, 1090, 1100, 7);
        let baseline = tracker.current().unwrap();
        assert_eq!((baseline.from_us, baseline.to_us, baseline.p95_us), (900, 1100, 7));
    }

    #[test]
    fn a_short_stretch_leaves_the_one_before() {
        let mut tracker = BaselineTracker::new(RULE);
        tracker.users_started(0);
        feed(&mut tracker, 0, 500, 5);
        for start in [500, 700, 900] {
            tracker.fault_started(start);
            tracker.fault_free_from(start + 50);
            feed(&mut tracker, start + 50, start + 200, 7);
        }
        assert_eq!(tracker.current().unwrap().to_us, 500);
    }

    #[test]
    fn overlapping_faults_must_all_be_over() {
        let mut tracker = BaselineTracker::new(RULE);
        tracker.users_started(0);
        feed(&mut tracker, 0, 500, 5);
        tracker.fault_started(500);
        tracker.fault_started(510);
        tracker.fault_free_from(600);
        feed(&mut tracker, 600, 900, 7);
        assert_eq!(tracker.current().unwrap().to_us, 500);
        tracker.fault_free_from(900);
        feed(&mut tracker, 900, 1200, 7);
        assert_eq!(tracker.current().unwrap().from_us, 900);
    }

    #[test]
    fn failures_lower_the_ratio_and_do_not_touch_the_percentile() {
        let mut tracker = BaselineTracker::new(RULE);
        tracker.users_started(0);
        for t in (0..1000).step_by(10) {
            tracker.canary(CanarySample {
                t,
                duration_us: if t % 100 == 0 { 5000 } else { 5 },
                ok: t % 100 != 0,
            });
        }
        let baseline = tracker.current().unwrap();
        assert_eq!((baseline.success_ratio, baseline.p95_us), (0.9, 5));
    }

    #[test]
    fn where_nothing_succeeds_there_is_no_baseline() {
        let mut tracker = BaselineTracker::new(RULE);
        tracker.users_started(0);
        (0..2000).step_by(10).for_each(|t| tracker.canary(CanarySample { t, duration_us: 1, ok: false }));
        assert!(!tracker.ready());
    }
}

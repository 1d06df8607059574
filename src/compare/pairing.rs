//! Which run of one side is the like of which of another.

use super::metric::Metric;
use super::trial::{Trial, trials};
use crate::analysis::Summary;

/// A run's trials of one scenario.
pub(super) struct RunTrials<'a> {
    seed: u64,
    alert_source: bool,
    pub(super) trials: Vec<Trial<'a>>,
}

impl<'a> RunTrials<'a> {
    pub(super) fn new(run: &'a Summary, scenario: &str) -> Self {
        Self { seed: run.seed, alert_source: run.plan.alert_source, trials: trials(run, scenario) }
    }

    /// Whether the run could see the metric at all: alerts that nobody could receive are not missed.
    pub(super) fn shows(&self, metric: Metric) -> bool {
        self.alert_source || !matches!(metric, Metric::MissedAlerts | Metric::AlertDelay)
    }
}

/// For each run of the baseline the candidate's run with the same seed; absent unless every run has exactly one, and both did
/// the same to the same targets in the same order.
pub(super) fn pairing(baseline: &[RunTrials<'_>], candidate: &[RunTrials<'_>]) -> Option<Vec<usize>> {
    let like = |run: &RunTrials<'_>| {
        let mut same = candidate.iter().enumerate().filter(|(_, other)| other.seed == run.seed);
        let (index, other) = same.next()?;
        let alone = same.next().is_none() && baseline.iter().filter(|own| own.seed == run.seed).count() == 1;
        let equal = run.trials.iter().map(Trial::faults).eq(other.trials.iter().map(Trial::faults));
        (alone && equal).then_some(index)
    };
    let pairs: Option<Vec<usize>> = baseline.iter().map(like).collect();
    pairs.filter(|pairs| pairs.len() == candidate.len())
}

//! What each setting of a sweep has shown, over all of its runs. Pure.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::grid::Setting;
use crate::analysis::model::{Episode, Kpi, Outcome, Verdict};
use crate::analysis::{Summary, pooled_kpis, trial};
use crate::compare::{Comparison, Metric, SideValue};

/// What a setting has shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Standing {
    /// The setting.
    pub setting: Setting,
    /// Whether it is the plan's own.
    pub planned: bool,
    /// Its runs.
    pub runs: u64,
    /// Its decided trials.
    pub trials: u64,
    /// The worst of its KPIs.
    pub verdict: Verdict,
    /// Its KPIs over all of its runs.
    pub kpis: Vec<Kpi>,
    /// Mean recovery time in µs over all of its trials; one that was given up counts with the time after which all settings
    /// were still watched. Absent when nothing was seen.
    pub recovery_us: Option<f64>,
    /// Trials that were given up before they recovered.
    pub censored: u64,
    /// Mean number of restarts of a trial that recovered; absent when none did, or when nobody counts them.
    pub restarts: Option<f64>,
    /// Mean goodput that a decided trial cost, in requests; absent without a baseline.
    pub goodput_lost: Option<f64>,
    /// How much is done again.
    pub amplification: Amplification,
}

/// How often what is to be done once is tried.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Amplification {
    /// Restarts that the backend made, per decided trial, recovered or not.
    pub restarts_per_trial: Option<f64>,
    /// Requests with which users appended, per entry that they wanted to append: users send an entry again until it is
    /// acknowledged.
    pub requests_per_entry: Option<f64>,
}

/// A setting and the runs that it has.
#[derive(Debug, Clone)]
pub struct Cell<'a> {
    /// The setting.
    pub setting: &'a Setting,
    /// Whether it is the plan's own.
    pub planned: bool,
    /// Its runs, in the order of their repeats.
    pub runs: Vec<&'a Summary>,
}

impl Standing {
    /// What `cell` has shown; `side` is its place in the comparison, where there is one.
    pub(super) fn new(cell: &Cell<'_>, comparison: Option<&Comparison>, side: usize) -> Self {
        let kpis = pooled_kpis(&cell.runs);
        let mean = |metric| over_scenarios(comparison?, metric, side);
        let decided = cell.runs.iter().map(|run| trial::decided(run));
        let (trials, censored) =
            decided.fold((0, 0), |(all, lost), (n, given_up)| (all + n, lost + given_up));
        // Without a trial nothing is known, however few KPIs say so.
        let at_best = if trials > 0 { Verdict::Pass } else { Verdict::Inconclusive };
        let worst = kpis.iter().map(|kpi| kpi.verdict).max().unwrap_or(Verdict::Inconclusive);
        Self {
            setting: cell.setting.clone(),
            planned: cell.planned,
            runs: cell.runs.len() as u64,
            trials,
            verdict: worst.max(at_best),
            recovery_us: mean(Metric::RecoveryTime).or_else(|| mean_of_kpis(&kpis)),
            censored,
            kpis,
            restarts: mean(Metric::RestartAttempts),
            goodput_lost: mean(Metric::GoodputLost),
            amplification: Amplification::of(&cell.runs, trials),
        }
    }
}

impl Amplification {
    fn of(runs: &[&Summary], trials: u64) -> Self {
        let decided = |episode: &&Episode| matches!(episode.outcome, Outcome::Recovered | Outcome::Censored);
        let episodes = runs.iter().flat_map(|run| run.episodes.iter().filter(decided));
        let restarts: Option<u64> = episodes.map(|episode| episode.restart_attempts.map(u64::from)).sum();
        // An entry that nobody acknowledged was wanted too.
        let entries =
            |run: &&Summary| Some(run.ledger.as_ref()?.acknowledged + run.ledger.as_ref()?.indeterminate);
        let entries: Option<u64> = runs.iter().map(entries).sum();
        let requests: Option<u64> = runs.iter().map(|run| run.load.appends).sum();
        Self {
            restarts_per_trial: restarts.and_then(|restarts| per(restarts, trials)),
            requests_per_entry: requests.zip(entries).and_then(|(requests, entries)| per(requests, entries)),
        }
    }
}

fn per(n: u64, of: u64) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "counts of a sweep are far below 2^52")]
    let ratio = n as f64 / of as f64;
    (of > 0).then_some(ratio)
}

/// The mean of those that recovered, for a setting that is alone and so is compared with nothing.
fn mean_of_kpis(kpis: &[Kpi]) -> Option<f64> {
    let means = kpis.iter().filter(|kpi| kpi.id == "mean_recovery_time");
    let (sum, n) = means.fold((0, 0), |(sum, n), kpi| (sum + kpi.numerator, n + kpi.denominator));
    per(sum, n)
}

/// The mean of all values of all scenarios. All settings have met the same faults, so that it is one of the same thing.
fn over_scenarios(comparison: &Comparison, metric: Metric, side: usize) -> Option<f64> {
    let of_metric = comparison.metrics.iter().filter(|found| found.metric == metric);
    let values: Vec<SideValue> = of_metric.filter_map(|found| found.values.get(side).copied()).collect();
    #[expect(clippy::cast_precision_loss, reason = "counts of a sweep are far below 2^52")]
    let sums = values.iter().filter_map(|of| Some((of.value? * of.n as f64, of.n as f64)));
    let (sum, n) = sums.fold((0.0, 0.0), |(sum, n), (of, count)| (sum + of, n + count));
    (n > 0.0).then(|| sum / n)
}

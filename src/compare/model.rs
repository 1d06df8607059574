//! What a comparison gives: [`Comparison`] is `compare.json`, version 1.
//!
//! Lengths are microseconds. What was not observed is absent, never 0.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::comparable::Difference;
use super::metric::{Metric, Unit};
use super::statistics::LogRank;
use crate::lang::Sentence;

/// Version of `compare.json`.
pub const COMPARE_SCHEMA: u32 = 1;

/// `compare.json`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Comparison {
    /// [`COMPARE_SCHEMA`].
    pub schema: u32,
    /// The labels or the policy's fields by which runs were taken together.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by: Vec<String>,
    /// What stands side by side; the first is the baseline.
    pub sides: Vec<SideSummary>,
    /// What is not the same in all runs.
    pub differences: Vec<Difference>,
    /// Whether the runs were compared although they do not measure the same.
    pub forced: bool,
    /// A change within this counts as none: a share of the baseline's value, and of a proportion as many points.
    pub noise: f64,
    /// The probability that none of all the changes is claimed wrongly.
    pub confidence: f64,
    /// How `confidence` is kept over many questions.
    pub correction: Correction,
    /// Over how many questions it is kept: every change of every metric that has an interval.
    pub questions: usize,
    /// The seed of the resamples.
    pub seed: u64,
    /// How many resamples each bootstrap drew.
    pub resamples: usize,
    /// Each metric of each scenario of which something was observed.
    pub metrics: Vec<MetricComparison>,
    /// What weakens the result; the gravest first.
    pub caveats: Vec<Sentence>,
}

/// A way to keep the confidence over many questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Correction {
    /// Holm's step-down procedure, over all metrics, scenarios and sides.
    Holm,
}

/// One side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SideSummary {
    /// What it is called.
    pub label: String,
    /// Its runs.
    pub runs: Vec<RunOf>,
    /// Its decided trials.
    pub trials: u64,
}

/// A run of a side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RunOf {
    /// Its id.
    pub run_id: String,
    /// Its seed.
    pub seed: u64,
    /// Its decided trials.
    pub trials: u64,
}

/// One metric of one scenario, on all sides.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MetricComparison {
    /// The scenario.
    pub scenario: String,
    /// The metric.
    pub metric: Metric,
    /// In what its values and differences are given.
    pub unit: Unit,
    /// Whether more of it is better.
    pub higher_is_better: bool,
    /// Of recoveries that were not all watched to their end: up to when the mean takes them, so that it is one of the
    /// same thing on every side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restricted_to_us: Option<u64>,
    /// What each side shows, in the order of the sides.
    pub values: Vec<SideValue>,
    /// What became of it on each side but the baseline, in that order.
    pub changes: Vec<Change>,
}

/// What one side shows of a metric.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SideValue {
    /// The mean of all values, or the proportion; absent when there are none.
    pub value: Option<f64>,
    /// How many values it is made of.
    pub n: u64,
    /// In how many trials they were observed.
    pub trials: u64,
    /// In how many runs.
    pub runs: u64,
    /// How many of the trials were given up before they recovered; of recovery times only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub censored: Option<u64>,
}

/// How one side differs from the baseline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Change {
    /// The side.
    pub side: String,
    /// Whether trials were compared pair by pair, both sides having had the same schedule.
    pub paired: bool,
    /// Whether the interval knows how much runs differ among themselves; with a single run on a side nothing tells.
    pub over_runs: bool,
    /// Candidate − baseline; the interval of it decides the outcome. Absent when a side has no value.
    pub difference: Option<Estimate>,
    /// Candidate ÷ baseline; its interval is absent for proportions, and where a mean or a resample of it is not positive.
    pub ratio: Option<Estimate>,
    /// How large the difference is, whatever the unit.
    pub effect: Option<Effect>,
    /// The probability of such a difference, or a larger one, when the true one is at most the noise; absent without an
    /// interval.
    pub p: Option<f64>,
    /// The same after the correction: a change is claimed where it is at most 1 − `Comparison::confidence`.
    pub p_corrected: Option<f64>,
    /// The confidence of the `deciding` intervals, as the correction sets it for this question.
    pub deciding_confidence: Option<f64>,
    /// The log-rank test, when a recovery was given up. It takes trials for independent and knows no noise, so that it
    /// decides nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log_rank: Option<LogRank>,
    /// What is claimed.
    pub outcome: ChangeOutcome,
    /// Why nothing can be claimed, where it is not for the interval's width.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Sentence>,
}

/// A figure and how sure it is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Estimate {
    /// The figure.
    pub value: f64,
    /// Its two-sided 95 % interval, taken by itself.
    pub interval: Option<[f64; 2]>,
    /// Its interval of `Change::deciding_confidence`.
    pub deciding: Option<[f64; 2]>,
}

/// An effect size.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Effect {
    /// Which one.
    pub kind: EffectKind,
    /// Its value; below 0 when the candidate's values tend to be smaller.
    pub value: f64,
}

/// Which effect size it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EffectKind {
    /// Of values: from −1 to 1.
    CliffsDelta,
    /// Of proportions: from −π to π.
    CohensH,
}

/// What is claimed of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChangeOutcome {
    /// Better by more than the noise.
    Improved,
    /// Neither better nor worse by more than the noise.
    Unchanged,
    /// The data do not decide.
    Inconclusive,
    /// Worse by more than the noise.
    Regressed,
}

impl Comparison {
    /// Whether any metric of any side is claimed to be worse than in the baseline.
    #[must_use]
    pub fn regressed(&self) -> bool {
        let mut changes = self.metrics.iter().flat_map(|metric| &metric.changes);
        changes.any(|change| change.outcome == ChangeOutcome::Regressed)
    }
}

//! What the analysis gives: [`Summary`] is `summary.json`, version 1; [`Analysis`] adds what charts need.
//!
//! Instants (`*_us` named `t…` or `first_…`) are microseconds since the run began unless their doc says
//! otherwise; lengths are microseconds. What nobody observed is absent, never 0.

mod chain;
mod curve;
mod expectation;
mod lane;
mod state;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::journal::Micros;
use crate::journal::event::{EnvironmentRecord, Ledger, PlanRecord};
use crate::lang::Sentence;

pub use chain::{ChainSummary, CollateralTarget, DependencyExit};
pub use curve::{Curve, CurveBin, MOST_CURVES};
pub use expectation::{Expectation, Met};
pub use lane::{Lane, LaneState, Stretch};
pub use state::{
    AutomaticResyncs, LossRate, ReadBack, RequestedResync, RequestedResyncs, Resyncs, StateRecovery, StoreRow,
};

/// Version of `summary.json`.
pub const SUMMARY_SCHEMA: u32 = 1;

/// The kind of fault of a scenario that injects none.
pub(crate) const NO_FAULT: &str = "none";

/// How the kinds of faults begin that hit stores, not modules.
pub(crate) const STORE_FAULT: &str = "store-";

/// The judgement on a KPI, a scenario or a run. Ordered from best to worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The pass line is met.
    Pass,
    /// The data do not decide.
    Inconclusive,
    /// The pass line is missed.
    Fail,
}

/// How a run came to its end, as the journal shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// Every step was run.
    Completed,
    /// Ctrl-C, SIGTERM, or a journal without `run_finished`.
    Interrupted,
    /// A guardrail ended it.
    Aborted,
    /// The harness could not go on.
    Failed,
}

/// `summary.json`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    /// [`SUMMARY_SCHEMA`].
    pub schema: u32,
    /// The run's id.
    pub run_id: String,
    /// The worst scenario's verdict.
    pub verdict: Verdict,
    /// How the run ended.
    pub state: RunState,
    /// Why it ended so, when not completed.
    pub state_detail: Option<String>,
    /// Wall-clock start, RFC 3339.
    pub started_at: String,
    /// From the first to the last line.
    pub duration_us: u64,
    /// The seed of every random draw.
    pub seed: u64,
    /// The user's labels.
    pub labels: BTreeMap<String, String>,
    /// What was planned.
    pub plan: PlanRecord,
    /// Each scenario and its verdict.
    pub scenarios: Vec<ScenarioSummary>,
    /// Every declared KPI of every scenario.
    pub kpis: Vec<Kpi>,
    /// Every episode in order of injection.
    pub episodes: Vec<Episode>,
    /// Every chain of faults in order; empty without one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub chains: Vec<ChainSummary>,
    /// The run's alerts in total.
    pub alerts: AlertTotals,
    /// What became of the acknowledged entries; absent when nothing was written.
    pub ledger: Option<Ledger>,
    /// Share of the acknowledged entries that are gone; absent without a ledger.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loss: Option<LossRate>,
    /// The resyncs by trigger; absent in a run that neither saw one nor asked for one nor stopped a store.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resyncs: Option<Resyncs>,
    /// The store episodes by target and kind of fault, in that order; empty without one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stores: Vec<StoreRow>,
    /// What the goose users did.
    pub load: Load,
    /// How far the measurement can be trusted.
    pub harness: Harness,
    /// Versions and machine.
    pub environment: EnvironmentRecord,
    /// What weakens the result; the gravest first.
    pub caveats: Vec<Sentence>,
}

/// One scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ScenarioSummary {
    /// Its name.
    pub name: String,
    /// Its worst KPI's verdict.
    pub verdict: Verdict,
    /// Faults, or whole chains of faults, with a judgement (recovered or censored).
    pub trials: u32,
}

/// One KPI of one scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Kpi {
    /// `auto_recovery_rate`, `state_resync_rate`, `mean_recovery_time` or `missed_alerts`; of one that the user defines its
    /// name, or else its expression.
    pub id: String,
    /// The name that the user gave it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The figure of one that the user defines, such as `p95`; absent for all others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metric: Option<String>,
    /// Over what that figure is taken, such as `during`; absent for the whole scenario.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<String>,
    /// The scenario that declares it.
    pub scenario: String,
    /// The value in `unit`; absent without data.
    pub value: Option<f64>,
    /// `ratio`, `us`, `count` or `per_s`.
    pub unit: String,
    /// What was counted (for a mean: the sum in µs; for a percentile and a maximum: the same as `denominator`).
    pub numerator: u64,
    /// Out of how many (for a throughput: in how many µs).
    pub denominator: u64,
    /// Trials left out: void and aborted (for a mean recovery time: also censored). Of a duration that the user asks for:
    /// requests that failed.
    pub excluded: u64,
    /// Two-sided 95 % interval in `unit`.
    pub interval: Option<[f64; 2]>,
    /// One-sided 95 % bound on the side that matters (lower for `>=`, upper for `<=`), in `unit`.
    pub bound: Option<f64>,
    /// The pass line.
    pub threshold: Threshold,
    /// The judgement.
    pub verdict: Verdict,
    /// What the figure does and does not show.
    pub notes: Vec<Sentence>,
}

impl Kpi {
    /// Its notes in English, one after the other.
    #[must_use]
    pub fn note(&self) -> String {
        self.notes.iter().map(|note| note.text.as_str()).collect::<Vec<_>>().join("; ")
    }
}

/// A pass line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Threshold {
    /// `>=`, `<=` or `=`; of a KPI that the user defines also `<` or `>`.
    pub op: String,
    /// The line, in the KPI's unit.
    pub limit: f64,
}

/// How an episode ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Reached and held.
    Recovered,
    /// Not by the deadline: a failure.
    Censored,
    /// No confirmed effect: reported, never a success.
    Void,
    /// Interrupted before it was decided; outside every rate.
    Aborted,
}

/// One fault and what followed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Episode {
    /// Its number in the run, from 1.
    pub id: u32,
    /// The scenario.
    pub scenario: String,
    /// The kind of fault.
    pub fault: String,
    /// What it hit.
    pub target: String,
    /// The chain of which it is a member: then the chain is the trial, not the episode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chain: Option<u32>,
    /// How it ended.
    pub outcome: Outcome,
    /// Recovered with nothing but the system itself acting.
    pub automatic: bool,
    /// When the effect began (for a void episode: when it was asked for).
    pub t0_us: Micros,
    /// Distance between the stamp of the action and that of the confirmation.
    pub t0_uncertainty_us: u64,
    /// What proves the effect; for a void episode why nothing does.
    pub evidence: Option<String>,
    /// The recovery split into phases; they sum to `recovery_us`.
    pub phases_us: Phases,
    /// By how much each phase may be wrong because the target's clock is not ours; absent where the two are one, and where no phase comes
    /// from the target's stamps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock_uncertainty_us: Option<u64>,
    /// From t0 to recovered.
    pub recovery_us: Option<u64>,
    /// From t0 to the first success after the first failure of a canary.
    pub first_success_us: Option<u64>,
    /// From t0 to the first failed answer to a user's request that the episode touched.
    pub first_failure_us: Option<u64>,
    /// From t0 to the last failed answer to such a request; a hung one may come after the recovery.
    pub last_failure_us: Option<u64>,
    /// End of the episode on the run's clock: recovered, deadline, or the last line.
    pub end_us: Micros,
    /// The baseline against which it was judged; absent when none was measured.
    pub baseline: Option<Baseline>,
    /// Its alerts.
    pub alerts: EpisodeAlerts,
    /// Users' requests that were under way at any moment of the episode.
    pub requests: u64,
    /// Those of them that failed.
    pub failed_requests: u64,
    /// Failed users' requests by cause, most frequent first, at most eight causes.
    pub failure_causes: Vec<(String, u64)>,
    /// Area between baseline goodput and goodput from t0 to the end, in requests.
    pub goodput_lost_requests: Option<f64>,
    /// Restarts that the backend says it made for the target.
    pub restart_attempts: Option<u32>,
    /// When the stores answered again, a paused module was continued by us, or the last kill of a crash loop was
    /// proven; absent for other faults.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault_ended_us: Option<Micros>,
    /// From there to recovered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recovery_from_end_us: Option<u64>,
    /// What became of the state; absent when no store was hit, and when the fault had no effect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<StateRecovery>,
}

impl Episode {
    /// Whether stores were hit, and not modules.
    #[must_use]
    pub fn hits_stores(&self) -> bool {
        self.fault.starts_with(STORE_FAULT)
    }

    /// Whether it counts in rates: a decided trial.
    #[must_use]
    pub fn is_trial(&self) -> bool {
        matches!(self.outcome, Outcome::Recovered | Outcome::Censored)
    }
}

/// The recovery time, split. A phase whose end nobody observed is absent and its length is in the next one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Phases {
    /// t0 to detected.
    pub detect: Option<u64>,
    /// Detected to restarted; for a store, to the end of the outage, which the harness ends itself.
    pub restart: Option<u64>,
    /// Restarted to ready; for a store, until the backend sees it answer.
    pub ready: Option<u64>,
    /// Ready to state restored (store faults only).
    pub restore: Option<u64>,
    /// The last observed mark to recovered.
    pub recover: Option<u64>,
}

/// Canary traffic with no fault in flight.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Baseline {
    /// From here on.
    pub from_us: Micros,
    /// Up to here.
    pub to_us: Micros,
    /// Canaries in it.
    pub canaries: u64,
    /// Share of them that succeeded.
    pub success_ratio: f64,
    /// 95th percentile of the successful ones; what failed is judged by `success_ratio`.
    pub p95_us: u64,
    /// Successful users' requests per second in it; filled in once requests are read.
    pub goodput_per_s: Option<f64>,
}

/// The alerts of one episode.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EpisodeAlerts {
    /// How many were expected.
    pub expected: u32,
    /// How many of them came in time.
    pub matched: u32,
    /// How many of them came after their deadline (missed by the KPI, and shown as late).
    pub late: u32,
    /// How many of them did not come in time, the late ones included.
    pub missed: u32,
    /// Alerts that came again under the same key.
    pub duplicates: u32,
    /// Alerts inside the episode that nothing expected.
    pub collateral: u32,
    /// From t0 to each matched alert, in order.
    pub delay_us: Vec<u64>,
}

/// The alerts of the run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AlertTotals {
    /// Arrived, duplicates included.
    pub received: u64,
    /// Expected.
    pub expected: u64,
    /// Expected and in time.
    pub matched: u64,
    /// Expected and late.
    pub late: u64,
    /// Expected and not in time.
    pub missed: u64,
    /// The same key again.
    pub duplicates: u64,
    /// Unexpected, inside an episode or in answer to what the scenario asked for.
    pub collateral: u64,
    /// Unexpected, outside every episode.
    #[serde(rename = "false")]
    pub false_alarms: u64,
    /// Matched ÷ expected; absent when none was expected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recall: Option<f64>,
    /// Matched ÷ (matched + false); absent without either.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precision: Option<f64>,
    /// Median of the time from t0 to a matched alert.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delay_p50_us: Option<u64>,
    /// Its 95th percentile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delay_p95_us: Option<u64>,
    /// The longest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delay_max_us: Option<u64>,
    /// How long our own alert sink was closed on purpose: deadlines do not run meanwhile, the delays do.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub sink_closed_us: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn is_zero(n: &u64) -> bool {
    *n == 0
}

/// What the goose users did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Load {
    /// All requests.
    pub requests: u64,
    /// Those that failed.
    pub failures: u64,
    /// Requests per second between the first and the last one.
    pub requests_per_s: f64,
    /// Requests that were under way at any moment of an episode.
    pub inside: Latency,
    /// All others.
    pub outside: Latency,
    /// Those that were to append an entry: with the entries of the ledger, how often each was sent. Absent where no user
    /// appends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appends: Option<u64>,
}

/// A distribution of request durations.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Latency {
    /// Requests.
    pub count: u64,
    /// Those of them that failed.
    pub failures: u64,
    /// Percentiles of all durations, failures included; absent without requests.
    pub p50_us: Option<u64>,
    /// 90th percentile.
    pub p90_us: Option<u64>,
    /// 95th percentile.
    pub p95_us: Option<u64>,
    /// 99th percentile.
    pub p99_us: Option<u64>,
    /// The longest.
    pub max_us: Option<u64>,
}

/// How far the measurement can be trusted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Harness {
    /// Scheduling lag by thread: `canary`, `health`, `fault`.
    pub lag: BTreeMap<String, LagStats>,
    /// How often a user had to wait for the journal.
    pub journal_stalls: u64,
    /// How long users waited for the journal in sum.
    pub journal_stalled_us: u64,
    /// Lines of the journal that could not be read, a torn last line apart.
    pub unreadable_lines: u64,
    /// Canaries sent.
    pub canaries: u64,
    /// Polls of the health page.
    pub health_polls: u64,
}

/// Actual minus intended wake-up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LagStats {
    /// Median.
    pub p50_us: u64,
    /// 99th percentile.
    pub p99_us: u64,
    /// The longest.
    pub max_us: u64,
}

/// Everything that a report shows.
#[derive(Debug, Clone)]
pub struct Analysis {
    /// `summary.json`.
    pub summary: Summary,
    /// What users felt over time.
    pub timeline: Timeline,
    /// Every alert that arrived, in order of arrival.
    pub alerts: Vec<AlertRow>,
    /// What each module and store did over time.
    pub lanes: Vec<Lane>,
    /// When our own alert sink was closed on purpose, in order; no two touch.
    pub sink_outages: Vec<(Micros, Micros)>,
    /// When users were held still for a read-back, in order; no two touch.
    pub read_backs: Vec<(Micros, Micros)>,
    /// What users and canaries felt around each episode, in order of the episodes; of so many as [`MOST_CURVES`].
    pub curves: Vec<Curve>,
    /// Every alert that was expected, in order of the episodes, and what became of it.
    pub expectations: Vec<Expectation>,
    /// The control events of each episode in words, in time order: episode id, instant, text.
    pub notes: Vec<EpisodeNote>,
    /// goose's own metrics as JSON, when the run got as far.
    pub goose_metrics: Option<String>,
}

/// Users' requests in bins of equal length.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Timeline {
    /// Length of a bin (100 ms at least, about 300 bins at most).
    pub bin_us: u64,
    /// The bins from `t = 0` on, without gaps.
    pub bins: Vec<Bin>,
}

/// One bin of the timeline, by the start of the request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Bin {
    /// Requests that met their contract.
    pub ok: u64,
    /// Requests that did not.
    pub failed: u64,
    /// Median duration of all; absent in an empty bin.
    pub p50_us: Option<u64>,
    /// 99th percentile of all; absent in an empty bin.
    pub p99_us: Option<u64>,
}

/// One alert that arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertRow {
    /// When it arrived.
    pub t_us: Micros,
    /// Its severity.
    pub severity: String,
    /// Its kind.
    pub kind: String,
    /// Its module.
    pub module: String,
    /// Its text.
    pub message: String,
    /// What the matcher made of it.
    pub role: AlertRole,
    /// The episode it was matched to, or into which it fell.
    pub episode: Option<u32>,
}

/// What the matcher made of an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlertRole {
    /// Met an expectation in time.
    Matched,
    /// Met an expectation too late.
    Late,
    /// The same key again.
    Duplicate,
    /// Unexpected, inside an episode or in answer to what the scenario asked for.
    Collateral,
    /// Unexpected, outside every episode.
    False,
}

/// One control event of an episode, in words.
#[derive(Debug, Clone, PartialEq)]
pub struct EpisodeNote {
    /// The episode.
    pub episode: u32,
    /// When.
    pub t_us: Micros,
    /// What.
    pub text: Sentence,
}

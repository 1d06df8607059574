//! What `/api/live` sends. Every event is whole by itself, so that a viewer who missed some misses nothing.
//!
//! Texts are in the language of the dashboard, with the figures beside them as they were measured. Instants (`t0_us`, `from_us`, `now_us`)
//! are in µs since the run began; lengths are in µs.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::report::Mark;

/// One event of `/api/live`.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Live {
    /// Changes when the page itself does: one that was loaded from another version is to load itself anew.
    pub page: String,
    /// The journal that is followed.
    pub journal: String,
    /// Why it cannot be followed, in words; what is below is then how it stood before.
    pub trouble: Option<String>,
    /// Its last run; absent as long as it has none.
    pub run: Option<LiveRun>,
}

/// A run.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct LiveRun {
    /// Its id.
    pub id: String,
    /// Wall-clock time of its `t = 0`, in µs since the Unix epoch.
    pub started_at_unix_us: i64,
    /// The newest instant that the journal shows.
    pub now_us: u64,
    /// Whether it goes on, and how it ended if it does not.
    pub state: LiveState,
    /// The same in words, with the reason where there is one.
    pub state_text: String,
    /// What it does just now, in words; absent once it has ended.
    pub phase: Option<String>,
    /// The target.
    pub base_url: String,
    /// Which stores ran.
    pub stores: Option<String>,
    /// Traffic users.
    pub users: u32,
    /// The user's labels.
    pub labels: BTreeMap<String, String>,
    /// The verdict so far, or the final one.
    pub verdict: Mark,
    /// Whether the verdict is that of `summary.json`. Until then it is what the faults that are decided come to.
    pub is_final: bool,
    /// Where its report is on this server, once there is one.
    pub report: Option<String>,
    /// The number of the last episode; 0 before the first.
    pub episode: u32,
    /// How many are planned; absent where that is not known beforehand (chains).
    pub episodes_planned: Option<u32>,
    /// The scenarios in order.
    pub scenarios: Vec<LiveScenario>,
    /// How fast it healed so far.
    pub recovery: Recovery,
    /// The faults whose episodes are open, in order.
    pub open: Vec<OpenEpisode>,
    /// The last closed ones, the newest first; at most [`MOST_EPISODES`].
    pub episodes: Vec<ClosedEpisode>,
    /// When faults acted, as far as [`Series`] reaches back, in order.
    pub faults: Vec<FaultWindow>,
    /// How each module and store was, as far as [`Series`] reaches back.
    pub lanes: Vec<LiveLane>,
    /// What users felt, second by second.
    pub series: Series,
    /// The alerts.
    pub alerts: LiveAlerts,
    /// Lines of the run that could not be read, a torn last one apart.
    pub unreadable_lines: u64,
}

/// At most so many closed episodes are sent.
pub const MOST_EPISODES: usize = 20;

/// At most so many alerts are sent.
pub const MOST_ALERTS: usize = 40;

/// [`Series`] reaches back so many seconds.
pub const SECONDS: usize = 300;

/// Whether a run goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LiveState {
    /// Lines are coming.
    Running,
    /// It has come to its end, and its report is being made.
    Judging,
    /// Every step was run.
    Completed,
    /// Ctrl-C, SIGTERM, or its journal just ends.
    Interrupted,
    /// A guardrail ended it.
    Aborted,
    /// The harness could not go on.
    Failed,
}

/// A scenario.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct LiveScenario {
    /// Its name.
    pub name: String,
    /// How far it is.
    pub progress: Progress,
    /// The same in words.
    pub progress_text: String,
    /// Faults of it that were injected so far.
    pub episodes: u32,
    /// How many are planned; absent where that is not known beforehand.
    pub episodes_planned: Option<u32>,
    /// When it began, in µs since the run began.
    pub from_us: Option<u64>,
    /// For how long faults are injected, in µs, where that is planned instead of their number.
    pub duration_us: Option<u64>,
    /// Its verdict so far, or the final one.
    pub verdict: Mark,
    /// Its KPIs so far, or the final ones.
    pub kpis: Vec<KpiCell>,
}

/// How far a scenario is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Progress {
    /// It has not begun.
    Waiting,
    /// It goes on.
    Running,
    /// It has come to its end.
    Done,
}

/// A KPI as it reads in a cell.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct KpiCell {
    /// Such as `mean_recovery_time`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The scenario that it is of.
    pub scenario: String,
    /// The value in `unit`; absent without data.
    pub value: Option<f64>,
    /// `ratio`, `us`, `count` or `per_s`.
    pub unit: String,
    /// The value as it reads.
    pub text: String,
    /// The pass line as it reads.
    pub line: String,
    /// What it is taken from, as it reads.
    pub counted: String,
    /// The judgement.
    pub mark: Mark,
}

/// How fast the system healed.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Recovery {
    /// Trials that recovered: faults by themselves, and whole chains.
    pub recovered: u32,
    /// Trials that were decided.
    pub decided: u32,
    /// Mean recovery time of those that recovered.
    pub mean_us: Option<u64>,
    /// As it reads.
    pub mean: String,
    /// The longest.
    pub worst_us: Option<u64>,
    /// As it reads.
    pub worst: String,
}

/// A fault whose episode is open.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct OpenEpisode {
    /// The number of the episode.
    pub id: u32,
    /// The scenario.
    pub scenario: String,
    /// The kind of fault.
    pub fault: String,
    /// What it hit.
    pub target: String,
    /// The chain that it is a member of.
    pub chain: Option<u32>,
    /// When its effect began; absent as long as that is not proven.
    pub t0_us: Option<u64>,
    /// When it was asked for.
    pub action_us: u64,
    /// After this it counts as not recovered.
    pub deadline_us: u64,
    /// Whether the fault still acts.
    pub in_effect: bool,
    /// The phases of its recovery in order, those that do not apply left out.
    pub phases: Vec<LivePhase>,
}

/// A phase of a recovery.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct LivePhase {
    /// `detect`, `restart`, `ready`, `restore` or `recover`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// How long it took; absent when it was not observed to end.
    pub length_us: Option<u64>,
    /// How long that is as it reads.
    pub length: Option<String>,
}

/// A fault whose episode was closed.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ClosedEpisode {
    /// The number of the episode.
    pub id: u32,
    /// The scenario.
    pub scenario: String,
    /// The kind of fault.
    pub fault: String,
    /// What it hit.
    pub target: String,
    /// `recovered`, `censored`, `void` or `aborted`.
    pub outcome: String,
    /// As it reads.
    pub outcome_text: String,
    /// When its effect began.
    pub t0_us: u64,
    /// How long the recovery took.
    pub recovery_us: Option<u64>,
    /// As it reads.
    pub recovery: String,
    /// What became of the alerts that it expected, as it reads.
    pub alerts: String,
    /// Its phases in order, those that were observed.
    pub phases: Vec<LivePhase>,
}

/// When a fault acted on users: from t0 to its recovery.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct FaultWindow {
    /// The number of the episode.
    pub episode: u32,
    /// What it is called: `kill session`.
    pub name: String,
    /// From here on.
    pub from_us: u64,
    /// Up to here; absent as long as it is open.
    pub to_us: Option<u64>,
}

/// A module or a store.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct LiveLane {
    /// Its name.
    pub name: String,
    /// How it is now.
    pub state: LaneState,
    /// As it reads.
    pub state_text: String,
    /// When it was not well, in order.
    pub stretches: Vec<LiveStretch>,
}

/// How a module or store is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LaneState {
    /// It serves.
    Well,
    /// Gone, hung, or being stopped.
    Down,
    /// A new process is on its way.
    Restarting,
    /// Nobody tells.
    Unknown,
}

/// A time in which a module or store was not well.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct LiveStretch {
    /// From here on.
    pub from_us: u64,
    /// Up to here; absent as long as it lasts.
    pub to_us: Option<u64>,
    /// How it was.
    pub state: LaneState,
}

/// What users felt, second by second, by when their requests ended: the last [`SECONDS`] of them at most. All lists are of one length.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
pub struct Series {
    /// The first second, counted from the begin of the run.
    pub from_s: u64,
    /// Requests that met their contract.
    pub ok: Vec<u32>,
    /// Requests that did not.
    pub failed: Vec<u32>,
    /// 95th percentile of all durations; absent in a second without a request.
    pub p95_us: Vec<Option<u64>>,
}

/// The alerts of the run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
pub struct LiveAlerts {
    /// Alerts that arrived.
    pub received: u64,
    /// Alerts that were expected, as far as that is decided.
    pub expected: u64,
    /// Those of them that came in time.
    pub matched: u64,
    /// Those of them that came late.
    pub late: u64,
    /// Those of them that did not come in time, the late ones included.
    pub missed: u64,
    /// Alerts that came again under the same key.
    pub duplicates: u64,
    /// Alerts outside every episode.
    pub false_alarms: u64,
    /// The last that arrived and the last that did not, the newest first; at most [`MOST_ALERTS`].
    pub last: Vec<LiveAlert>,
}

/// An alert that arrived, or one that is due.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct LiveAlert {
    /// When it arrived; of one that did not, when it was due.
    pub t_us: u64,
    /// `matched`, `late`, `duplicate`, `collateral`, `false`; of one that did not arrive `missing`, or `awaited` as long as it may still come.
    pub role: String,
    /// As it reads.
    pub role_text: String,
    /// The episode it belongs to.
    pub episode: Option<u32>,
    /// The module.
    pub module: String,
    /// Its kind; of one that did not arrive those that are expected, joined by commas.
    pub kind: String,
    /// Its severity; of one that did not arrive the least that is expected.
    pub severity: String,
    /// Its text; absent when it did not arrive.
    pub message: Option<String>,
    /// From t0 to its arrival, as it reads; only of one that was expected and came.
    pub delay: Option<String>,
}

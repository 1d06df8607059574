//! What `/api/runs` and `/api/runs/{id}` give.
//!
//! Texts are in the language of the dashboard, with the figures beside them as they were measured.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::analysis::Summary;
use crate::analysis::model::RunState;
use crate::dashboard::live::model::KpiCell;
use crate::report::Mark;

/// `/api/runs`
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Runs {
    /// The folder that was looked through.
    pub folder: String,
    /// Every run, the newest first.
    pub runs: Vec<RunRow>,
    /// The same by retry setting, in order of their names. Only settings that differ are told apart.
    pub settings: Vec<Setting>,
    /// Reports that cannot be read, in order of their folders.
    pub unreadable: Vec<UnreadableRun>,
}

/// A run in a list.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct RunRow {
    /// How the API knows it: the path of its folder below the one that was looked through.
    pub id: String,
    /// Its id in the journal.
    pub run_id: String,
    /// Wall-clock start, RFC 3339.
    pub started_at: String,
    /// The same in ms since the Unix epoch; absent when it cannot be told.
    pub started_at_unix_ms: Option<i64>,
    /// From the first to the last line.
    pub duration_us: u64,
    /// As it reads.
    pub duration: String,
    /// How it ended.
    pub state: RunState,
    /// As it reads.
    pub state_text: String,
    /// The verdict.
    pub verdict: Mark,
    /// Its scenarios in order, each with its verdict.
    pub scenarios: Vec<RowScenario>,
    /// Of each of the four KPIs of the plan that it declares the scenario in which it did worst, in the order in which the plan has them.
    pub kpis: Vec<KpiCell>,
    /// The user's labels.
    pub labels: BTreeMap<String, String>,
    /// Name of its [`Setting`].
    pub setting: String,
    /// Its restart policy, field by field; empty when the target gave none.
    pub policy: BTreeMap<String, String>,
    /// Traffic users.
    pub users: u32,
    /// Trials that were decided.
    pub trials: u64,
    /// Mean recovery time over all trials that recovered.
    pub mean_recovery_us: Option<u64>,
    /// Trials that did not recover by the deadline.
    pub censored: u64,
    /// Where its report is on this server; absent when there is none.
    pub report: Option<String>,
}

/// A scenario of a run in a list.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct RowScenario {
    /// Its name.
    pub name: String,
    /// Its verdict.
    pub verdict: Mark,
}

/// The runs of one retry setting.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Setting {
    /// Those fields of the policy in which the runs of the list differ, such as `max_retries=3`.
    pub name: String,
    /// How many runs.
    pub runs: u64,
    /// Mean recovery time of the last run.
    pub last: String,
    /// The mean recovery time of each run, the oldest first.
    pub points: Vec<SettingPoint>,
}

/// The mean recovery time of a run.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct SettingPoint {
    /// [`RunRow::id`].
    pub id: String,
    /// Absent when none recovered.
    pub mean_recovery_us: Option<u64>,
}

/// A report that cannot be read.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct UnreadableRun {
    /// The path of its folder.
    pub id: String,
    /// Why, and what to do.
    pub reason: String,
}

/// `/api/runs/{id}`
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Run {
    /// As in the list.
    pub row: RunRow,
    /// Everything that was judged: its `summary.json`.
    pub summary: Summary,
}

//! What each setting of a sweep has shown, over all of its runs. Pure.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::grid::Setting;
use crate::analysis::model::{Kpi, Verdict};

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

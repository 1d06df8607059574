//! What `run_started` says of the plan and of the machine, as far as the analysis and the reports need it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The part of a plan that the analysis and the reports need.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PlanRecord {
    /// The target's base URL without user info.
    pub base_url: String,
    /// Whether the harness started the bundled backend itself.
    pub bundled_backend: bool,
    /// Which stores ran, such as `embedded: SQLite database, SQLite cache` or `local: PostgreSQL 15.18, Redis 7.0.15`;
    /// absent when unknown.
    pub stores: Option<String>,
    /// Traffic users.
    pub users: u32,
    /// Mean think time between two requests of a user.
    pub think_time_us: u64,
    /// Deadline of one request.
    pub request_timeout_us: u64,
    /// Distance between two canaries.
    pub canary_interval_us: u64,
    /// What a canary asks for, `METHOD /path`.
    pub canary_request: String,
    /// Distance between two health polls.
    pub health_interval_us: u64,
    /// How long the system must stay well to count as recovered.
    pub hold_us: u64,
    /// After this, an episode is censored.
    pub recovery_deadline_us: u64,
    /// Least length of the first baseline.
    pub baseline_min_us: u64,
    /// Least number of canaries of any baseline.
    pub baseline_min_canaries: u64,
    /// Whether alerts can be received at all.
    pub alert_source: bool,
    /// Whether a verdict asks the one-sided bound to clear the line.
    pub strict: bool,
    /// The target's restart policy before the run, as `GET /api/recovery/policy` gives it; absent when it gives none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<serde_json::Value>,
    /// For how long our own alert sink is closed, once; absent when it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sink_outage_us: Option<u64>,
    /// The guardrails, as `--abort-when` takes them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub abort_when: Vec<String>,
    /// The scenarios in order.
    pub scenarios: Vec<ScenarioRecord>,
}

/// One scenario of a plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ScenarioRecord {
    /// Its name, such as `single-module`.
    pub name: String,
    /// The kind of fault, such as `kill`; several are joined by commas, `none` is a scenario that injects nothing.
    pub fault: String,
    /// How many faults, unless `duration_us` says how long they go on.
    pub iterations: u32,
    /// How long chains of faults go on; absent in scenarios that count their faults.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_us: Option<u64>,
    /// Pause after each recovery.
    pub pause_us: u64,
    /// How long a store is away, from the action on; absent in scenarios that stop no store.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outage_us: Option<u64>,
    /// How long the system may take to begin a resync by itself before one is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resync_grace_us: Option<u64>,
    /// The KPIs on which it is judged.
    pub kpis: Vec<KpiRecord>,
}

/// A KPI that a scenario declares.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct KpiRecord {
    /// `auto_recovery_rate`, `state_resync_rate`, `mean_recovery_time` or `missed_alerts`; of one that the user defines its
    /// name, or else its expression.
    pub id: String,
    /// `>=`, `<=` or `=`; of one that the user defines also `<` or `>`.
    pub op: String,
    /// The pass line in the KPI's unit (ratio, µs, count, per second).
    pub limit: f64,
    /// The name that the user gave it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The figure of one that the user defines: `p50`, `p90`, `p95`, `p99`, `max`, `mean`, `error_rate`, `availability`
    /// or `throughput`; absent for all others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metric: Option<String>,
    /// Over what that figure is taken: `before`, `during`, `recovering` or `after`; absent for the whole scenario.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<String>,
}

impl KpiRecord {
    /// A KPI that every version knows by its id.
    #[must_use]
    pub fn new(id: &str, op: &str, limit: f64) -> Self {
        Self { id: id.to_owned(), op: op.to_owned(), limit, name: None, metric: None, phase: None }
    }
}

/// Versions and machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EnvironmentRecord {
    /// Version of goose-recovery.
    pub goose_recovery: String,
    /// Version of goose.
    pub goose: String,
    /// Operating system and architecture.
    pub os: String,
    /// Usable processors.
    pub cpus: u32,
    /// Built with optimisation.
    pub release_build: bool,
    /// The command that made the run, without what may be secret; absent when no command did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kpi_of_a_journal_from_before_there_were_any_of_the_users_own_reads_and_is_written_as_it_was() {
        let line = r#"{"id":"mean_recovery_time","op":"<=","limit":60000000.0}"#;
        let kpi: KpiRecord = serde_json::from_str(line).unwrap();
        assert_eq!(kpi, KpiRecord::new("mean_recovery_time", "<=", 60e6));
        assert_eq!(serde_json::to_string(&kpi).unwrap(), line);
    }
}

//! What was planned.

use std::collections::BTreeMap;

use goose_recovery::journal::event::*;

use super::script::{HOLD_US, OUTAGE_US, SCENARIOS, Script};
use super::{POLL_US, Shape, TICK_US, USERS};

pub(super) fn run_started(shape: &Shape, script: &Script) -> RunStarted {
    RunStarted {
        schema: SCHEMA_VERSION,
        run: format!("generated-{}", shape.seed),
        started_at: "2026-03-01T09:00:00.000000Z".to_owned(),
        started_at_unix_us: 1_772_355_600_000_000,
        seed: shape.seed,
        labels: BTreeMap::new(),
        plan: Box::new(plan(shape, script)),
        environment: EnvironmentRecord {
            goose_recovery: env!("CARGO_PKG_VERSION").to_owned(),
            goose: "0.19".to_owned(),
            os: "linux x86_64".to_owned(),
            cpus: 2,
            release_build: true,
            command: None,
        },
    }
}

fn plan(shape: &Shape, script: &Script) -> PlanRecord {
    let scenarios = SCENARIOS.into_iter().filter(|name| script.iterations(name) > 0);
    PlanRecord {
        base_url: "http://127.0.0.1:8000/".to_owned(),
        bundled_backend: true,
        stores: Some("embedded: SQLite database, SQLite cache".to_owned()),
        users: USERS,
        // A user's share of the run, as an answer takes next to no time.
        think_time_us: script.end * u64::from(USERS) / shape.requests.max(1),
        request_timeout_us: 5_000_000,
        canary_interval_us: TICK_US,
        canary_request: "GET /api/sessions/canary/analysis".to_owned(),
        health_interval_us: POLL_US,
        hold_us: HOLD_US,
        recovery_deadline_us: 60_000_000,
        baseline_min_us: 5_000_000,
        baseline_min_canaries: 250,
        alert_source: true,
        strict: false,
        policy: Some(policy()),
        sink_outage_us: None,
        abort_when: vec![],
        scenarios: scenarios.map(|name| scenario(name, script.iterations(name))).collect(),
    }
}

/// The modules are restarted alone, as the journal tells.
fn policy() -> serde_json::Value {
    serde_json::json!({
        "alert_after": 4, "backoff_factor": 2.0, "backoff_initial": "100ms", "backoff_max": "5s",
        "dependency_patience": "2s", "heartbeat": "200ms", "heartbeat_misses": 3, "jitter": 0.2,
        "max_retries": 3, "stable_after": "1s", "start_timeout": "5s", "strategy": "one-for-one"
    })
}

fn scenario(name: &str, iterations: u32) -> ScenarioRecord {
    let [single, stores, _] = SCENARIOS;
    let outages = name != single;
    let fault = match name {
        name if name == single => "kill",
        name if name == stores => "store-lock",
        _ => "kill,store-lock",
    };
    let kpi = KpiRecord::new;
    let mut kpis = vec![
        kpi("auto_recovery_rate", ">=", 0.95),
        kpi("mean_recovery_time", "<=", 60_000_000.0),
        kpi("missed_alerts", "=", 0.0),
    ];
    if name == stores {
        kpis.insert(1, kpi("state_resync_rate", ">=", 0.9));
    }
    ScenarioRecord {
        name: name.to_owned(),
        fault: fault.to_owned(),
        iterations,
        duration_us: None,
        pause_us: 2_000_000,
        outage_us: outages.then_some(OUTAGE_US),
        resync_grace_us: outages.then_some(5_000_000),
        kpis,
    }
}

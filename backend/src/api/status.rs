//! How the system is: health and metrics.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;

use super::Manager;
use crate::alert_dispatcher::AlertCounts;
use crate::clock;
use crate::problem::Problem;
use crate::self_healing_daemon::{Exit, Record};

/// Answer of `GET /api/system/health`.
#[derive(Debug, Serialize)]
pub(super) struct Health {
    /// `healthy`, `degraded` (works, with something missing) or `unhealthy`.
    status: &'static str,
    /// RFC 3339, microseconds.
    now: String,
    /// The manager's process id.
    pid: u32,
    modules: Vec<ModuleHealth>,
}

/// One module within [`Health`].
#[derive(Debug, Serialize)]
struct ModuleHealth {
    name: &'static str,
    /// `starting` (also while it waits for its dependency, then without a pid), `ready`, `backoff`, `stopping` or
    /// `failed`.
    status: &'static str,
    pid: Option<u32>,
    /// Starts after the first, for whatever reason.
    restarts: u64,
    consecutive_failures: u32,
    /// Since when it has this status.
    since: String,
    /// `{"code":1}` or `{"signal":9}`.
    last_exit: Option<Exit>,
    depends_on: Option<&'static str>,
}

pub(super) async fn health(State(manager): State<Manager>) -> (StatusCode, Json<Health>) {
    let modules = manager.daemon.modules();
    let healthy = modules.iter().all(|module| module.status() == "ready");
    let status = if healthy { "healthy" } else { "unhealthy" };
    let code = if healthy { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let of_module = |module: &Record| ModuleHealth {
        name: module.spec.name,
        status: module.status(),
        pid: module.pid,
        restarts: module.restarts,
        consecutive_failures: module.consecutive,
        since: clock::rfc3339(module.since_us),
        last_exit: module.last_exit,
        depends_on: module.spec.depends_on.map(|index| modules[index].spec.name),
    };
    let modules = modules.iter().map(of_module).collect();
    let now = clock::rfc3339(manager.clock.now().wall_us);
    (code, Json(Health { status, now, pid: std::process::id(), modules }))
}

/// Answer of `GET /api/system/metrics`. Counters of modules count since the manager started, those of alerts over the
/// whole outbox.
#[derive(Debug, Serialize)]
pub(super) struct Metrics {
    uptime_s: f64,
    #[serde(flatten)]
    total: RecoveryMetrics,
    alerts: AlertMetrics,
    resyncs: ResyncMetrics,
    modules: Vec<ModuleMetrics>,
}

/// Counters of recoveries, of one module or of all.
#[derive(Debug, Serialize)]
struct RecoveryMetrics {
    /// Starts after the first, for whatever reason.
    restarts: u64,
    /// Starts that followed a failure of the module's own.
    attempts: u64,
    /// Crashes, hangs and starts that took too long.
    failures: u64,
    /// Outages that the daemon ended by itself.
    recoveries: u64,
    /// From noticing a failure to being ready again; null when there was none.
    mean_recovery_ms: Option<f64>,
}

/// Counters of alerts.
#[derive(Debug, Serialize)]
struct AlertMetrics {
    /// In the outbox.
    created: i64,
    /// Taken by every webhook.
    delivered: i64,
    /// Not taken yet by at least one webhook.
    pending: i64,
    /// Never written, because the disk hung for too long.
    lost: u64,
}

/// Counters of state resyncs.
#[derive(Debug, Default, Serialize)]
struct ResyncMetrics {
    total: u64,
    succeeded: u64,
    failed: u64,
}

/// One module within [`Metrics`].
#[derive(Debug, Serialize)]
struct ModuleMetrics {
    name: &'static str,
    #[serde(flatten)]
    own: RecoveryMetrics,
    consecutive_failures: u32,
    last_recovery_ms: Option<f64>,
}

pub(super) async fn metrics(State(manager): State<Manager>) -> Result<Json<Metrics>, Problem> {
    let counts = manager.alerts.counts().await;
    let AlertCounts { created, delivered, pending } = counts
        .map_err(|error| Problem::unavailable(format!("the alerts' outbox does not answer: {error}")))?;
    let modules = manager.daemon.modules();
    let of_module = |module: &Record| ModuleMetrics {
        name: module.spec.name,
        own: add_up(std::slice::from_ref(module)),
        consecutive_failures: module.consecutive,
        last_recovery_ms: module.last_recovery.map(ms),
    };
    Ok(Json(Metrics {
        uptime_s: manager.clock.now().mono.as_secs_f64(),
        total: add_up(&modules),
        alerts: AlertMetrics { created, delivered, pending, lost: manager.alerts.lost() },
        resyncs: ResyncMetrics::default(),
        modules: modules.iter().map(of_module).collect(),
    }))
}

fn add_up(modules: &[Record]) -> RecoveryMetrics {
    let sum = |of: fn(&Record) -> u64| modules.iter().map(of).sum::<u64>();
    let recoveries = sum(|module| module.recoveries);
    let took: Duration = modules.iter().map(|module| module.recovery_total).sum();
    RecoveryMetrics {
        restarts: sum(|module| module.restarts),
        attempts: sum(|module| module.attempts),
        failures: sum(|module| module.failures),
        recoveries,
        mean_recovery_ms: (recoveries > 0).then(|| ms(took) / recoveries as f64),
    }
}

fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

//! How the system is: health and metrics.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;

use super::Manager;
use crate::alert_dispatcher::AlertCounts;
use crate::clock;
use crate::module::Role;
use crate::problem::Problem;
use crate::self_healing_daemon::{Exit, Record};
use crate::state_resync::{Availability, ResyncCounts};

/// Answer of `GET /api/system/health`.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Health {
    /// `healthy`, `degraded` (works, with something missing) or `unhealthy`.
    status: &'static str,
    /// RFC 3339, microseconds.
    now: String,
    /// The manager's process id.
    pid: u32,
    modules: Vec<ModuleHealth>,
    stores: StoresHealth,
}

/// The stores within [`Health`].
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct StoresHealth {
    database: StoreHealth,
    cache: StoreHealth,
    /// Whether the database holds everything that was acknowledged, and the cache what the database holds.
    restored: bool,
    /// Entries that wait in the spool for the database.
    spooled: usize,
    /// The id of the resync that runs.
    resync: Option<String>,
}

/// One store within [`StoresHealth`].
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct StoreHealth {
    /// `sqlite`, `postgres` or `redis`.
    kind: &'static str,
    /// `up` or `down`.
    status: &'static str,
    /// Since when it has this status.
    since: String,
    /// Why it is down.
    #[serde(skip_serializing_if = "String::is_empty")]
    reason: String,
}

impl StoreHealth {
    fn new(kind: &'static str, store: Availability) -> Self {
        let status = if store.up { "up" } else { "down" };
        Self { kind, status, since: clock::rfc3339(store.since_us), reason: store.reason }
    }
}

/// One module within [`Health`].
#[derive(Debug, Serialize, utoipa::ToSchema)]
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

/// Overall status, every module and store
#[utoipa::path(get, path = "/api/system/health", operation_id = "health", responses(
    (status = 200, description = "Every module is ready; degraded while stores do not hold everything", body = Health),
    (status = 503, description = "A module is not ready", body = Health),
))]
pub(super) async fn health(State(manager): State<Manager>) -> (StatusCode, Json<Health>) {
    let modules = manager.daemon.modules();
    let ready = modules.iter().all(|module| module.status() == "ready");
    let stores = manager.stores.status(modules[Role::Session.index()].pid);
    let restored = stores.is_restored();
    let (code, status) = match (ready, restored) {
        (false, _) => (StatusCode::SERVICE_UNAVAILABLE, "unhealthy"),
        (true, false) => (StatusCode::OK, "degraded"),
        (true, true) => (StatusCode::OK, "healthy"),
    };
    let stores = StoresHealth {
        database: StoreHealth::new(manager.kinds.database, stores.database),
        cache: StoreHealth::new(manager.kinds.cache, stores.cache),
        restored,
        spooled: stores.spooled,
        resync: stores.running,
    };
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
    (code, Json(Health { status, now, pid: std::process::id(), modules, stores }))
}

/// Answer of `GET /api/system/metrics`. Counters of modules count since the manager started, those of alerts over the
/// whole outbox.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Metrics {
    uptime_s: f64,
    #[serde(flatten)]
    total: RecoveryMetrics,
    alerts: AlertMetrics,
    /// Begun, and ended well or not, since the manager started.
    resyncs: ResyncCounts,
    modules: Vec<ModuleMetrics>,
}

/// Counters of recoveries, of one module or of all.
#[derive(Debug, Serialize, utoipa::ToSchema)]
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
#[derive(Debug, Serialize, utoipa::ToSchema)]
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

/// One module within [`Metrics`].
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct ModuleMetrics {
    name: &'static str,
    #[serde(flatten)]
    own: RecoveryMetrics,
    consecutive_failures: u32,
    last_recovery_ms: Option<f64>,
}

/// Counters of recoveries, resyncs and alerts
#[utoipa::path(get, path = "/api/system/metrics", operation_id = "metrics", responses(
    (status = 200, description = "The counters", body = Metrics),
    (status = 503, description = "The alerts' outbox does not answer"),
))]
pub(super) async fn metrics(State(manager): State<Manager>) -> Result<Json<Metrics>, Problem> {
    let AlertCounts { created, delivered, pending } = manager.alert_counts().await?;
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
        resyncs: manager.stores.counts(),
        modules: modules.iter().map(of_module).collect(),
    }))
}

impl Manager {
    pub(super) async fn alert_counts(&self) -> Result<AlertCounts, Problem> {
        let counts = self.alerts.counts().await;
        counts.map_err(|error| Problem::unavailable(format!("the alerts' outbox does not answer: {error}")))
    }
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

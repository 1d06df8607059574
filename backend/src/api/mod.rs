//! The API: what the manager answers itself, and what it passes on to the modules.
//!
//! | path | answers |
//! |---|---|
//! | `GET /api/system/health` | [`status`]: overall status, every module and store; 503 when a module is not ready |
//! | `GET /api/system/metrics` | [`status`]: counters |
//! | `GET /metrics` | [`prometheus`]: the same for Prometheus, in text format 0.0.4 |
//! | `POST /api/recovery/restart` | [`recovery`]: 202 with an id |
//! | `POST /api/recovery/state_resync` | [`proxy`]: the session module; the report, 202 when it takes long, 409, 503 |
//! | `GET /api/recovery/events` | [`recovery`]: what the daemon saw and did |
//! | `GET, PUT /api/recovery/policy` | [`policy`]: the whole restart policy; 400 or 422 names the field that is wrong |
//! | `GET /api/alerts` | [`alerts`]: the outbox with the state of its deliveries |
//! | `POST, GET /api/sessions/{id}/entries` | [`proxy`]: the session module |
//! | `GET /api/sessions/{id}/state` | [`proxy`]: the session module; count, last seq and checksum, from the cache |
//! | `GET /api/sessions/{id}/analysis` | [`proxy`]: the analysis module |
//! | `GET /openapi.json` | [`openapi`]: the description of all this |
//!
//! Every error is problem JSON.

mod alerts;
mod openapi;
mod policy;
mod prometheus;
mod proxy;
mod recovery;
mod status;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{DefaultBodyLimit, FromRequestParts, Query};
use axum::http::request::Parts;
use axum::{Extension, Router, middleware};
use serde::de::DeserializeOwned;
use tokio::sync::Semaphore;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::alert_dispatcher::AlertDispatcher;
use crate::clock::Clock;
use crate::guard::{Guard, changing_calls};
use crate::loopback::Loopback;
use crate::problem::{Problem, as_problem};
use crate::self_healing_daemon::SelfHealingDaemon;
use crate::state_resync::StoreObserver;
use crate::store::StoreKinds;
use crate::token::Token;

/// The longest body that a changing call may have; the modules have limits of their own below it.
const LARGEST_BODY: usize = 256 * 1024;
/// Longer than any time limit within the chain of modules.
const MODULE_TIMEOUT: Duration = Duration::from_secs(5);

/// Requests that may be with the modules at once; the others wait here, so that the time limits within the chain are
/// about modules that do not answer and not about a long queue. 256 of them take half a second when every one of them
/// takes 2 ms.
const AT_ONCE: usize = 256;

/// What the handlers share.
#[derive(Clone, Debug)]
pub(crate) struct Manager {
    daemon: Arc<SelfHealingDaemon>,
    alerts: Arc<AlertDispatcher>,
    stores: Arc<StoreObserver>,
    kinds: StoreKinds,
    /// Where each module answers, in dependency order.
    addresses: Arc<[SocketAddr]>,
    client: Loopback,
    at_once: Arc<Semaphore>,
    clock: Clock,
}

impl Manager {
    pub(crate) fn new(
        daemon: Arc<SelfHealingDaemon>,
        alerts: Arc<AlertDispatcher>,
        stores: Arc<StoreObserver>,
        kinds: StoreKinds,
        addresses: Vec<SocketAddr>,
        token: Option<Token>,
        clock: Clock,
    ) -> Self {
        let at_once = Arc::new(Semaphore::new(AT_ONCE));
        let client = Loopback::new(MODULE_TIMEOUT).with(token);
        Self { daemon, alerts, stores, kinds, addresses: addresses.into(), client, at_once, clock }
    }
}

/// All routes. Only `routes!` adds one, so that the description has it too.
pub(crate) fn router(manager: Manager, guard: Guard) -> Router {
    let (router, description) = OpenApiRouter::with_openapi(openapi::base())
        .routes(routes!(status::health))
        .routes(routes!(status::metrics))
        .routes(routes!(prometheus::metrics))
        .routes(routes!(recovery::restart))
        .routes(routes!(proxy::resync))
        .routes(routes!(recovery::events))
        .routes(routes!(policy::show, policy::set))
        .routes(routes!(alerts::list))
        .routes(routes!(proxy::entries, proxy::append))
        .routes(routes!(proxy::state))
        .routes(routes!(proxy::analysis))
        .routes(routes!(openapi::show))
        .split_for_parts();
    router
        .layer(Extension(openapi::finish(description)))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(middleware::from_fn_with_state(guard, changing_calls))
        .layer(middleware::map_response(as_problem))
        .with_state(manager)
}

/// Checks a `limit` of a listing.
fn limit(asked: Option<u32>, default: u32, largest: u32) -> Result<u32, Problem> {
    let limit = asked.unwrap_or(default);
    if (1..=largest).contains(&limit) {
        Ok(limit)
    } else {
        Err(Problem::bad_request(format!("limit must be from 1 to {largest}")))
    }
}

/// The query string as `T`; what does not fit is a 400 that names the reason.
struct Asked<T>(T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Query::<T>::from_request_parts(parts, state).await {
            Ok(Query(query)) => Ok(Self(query)),
            Err(rejection) => Err(Problem::bad_request(rejection.body_text())),
        }
    }
}

//! Passes requests on to the module that they are for.
//!
//! A module that is not ready, or whose dependency is not, is not even asked: its listener stays open while it is
//! restarted, so the request would wait in the backlog instead of being told at once to come back.

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{Method, Uri, header};
use axum::response::Response;

use super::{MODULE_TIMEOUT, Manager};
use crate::module::{Acknowledged, Analysis, GoesOn, Page, Role, State as SessionState, Submitted};
use crate::problem::Problem;
use crate::state_resync::Report;

/// Headers of a module's answer that are passed on; the rest belongs to the connection between us and it.
const PASSED_ON: [header::HeaderName; 3] = [header::CONTENT_TYPE, header::RETRY_AFTER, header::ALLOW];

/// Writes an entry
///
/// Idempotent by session and `seq`.
#[utoipa::path(post, path = "/api/sessions/{id}/entries", operation_id = "append",
    params(("id" = String, Path, description = "The session", example = "s-1")),
    request_body(content = Submitted, example = json!({"seq": 1, "payload": {"any": ["JSON"]}})), responses(
    (status = 200, description = "The same entry was there", body = Acknowledged<'_>),
    (status = 201, description = "It is safe", body = Acknowledged<'_>),
    (status = 400, description = "Not an entry, or not a session's id"),
    (status = 409, description = "Another payload has this seq"),
    (status = 502, description = "A module broke off; whether the entry was written is not known"),
    (status = 503, description = "A module is not ready; try again"),
))]
pub(super) async fn append(
    State(manager): State<Manager>,
    uri: Uri,
    body: Bytes,
) -> Result<Response, Problem> {
    manager.pass_on(Role::Session, Method::POST, &uri, body).await
}

/// Reads entries
#[utoipa::path(get, path = "/api/sessions/{id}/entries", operation_id = "entries", params(
    ("id" = String, Path, description = "The session", example = "s-1"),
    ("after" = Option<u64>, Query, description = "Only entries with a greater seq"),
    ("limit" = Option<u32>, Query, description = "From 1 to 10000; 100 when absent"),
), responses(
    (status = 200, description = "A page in the order of seq; empty for a session that nobody wrote to", body = Page<'_>),
    (status = 400, description = "The query or the session's id makes no sense"),
    (status = 502, description = "A module broke off"),
    (status = 503, description = "A module is not ready, or the database is away"),
))]
pub(super) async fn entries(State(manager): State<Manager>, uri: Uri) -> Result<Response, Problem> {
    manager.pass_on(Role::Session, Method::GET, &uri, Bytes::new()).await
}

/// Count, last seq and checksum of a session
#[utoipa::path(get, path = "/api/sessions/{id}/state", operation_id = "state", params(
    ("id" = String, Path, description = "The session", example = "s-1"),
    ("source" = Option<String>, Query, description = "cache or database; when absent, whichever can tell"),
), responses(
    (status = 200, description = "The hot state", body = SessionState),
    (status = 400, description = "The query or the session's id makes no sense"),
    (status = 502, description = "A module broke off"),
    (status = 503, description = "A module is not ready, or no store can tell"),
))]
pub(super) async fn state(State(manager): State<Manager>, uri: Uri) -> Result<Response, Problem> {
    manager.pass_on(Role::Session, Method::GET, &uri, Bytes::new()).await
}

/// Figures over a session
#[utoipa::path(get, path = "/api/sessions/{id}/analysis", operation_id = "analysis",
    params(("id" = String, Path, description = "The session", example = "s-1")), responses(
    (status = 200, description = "The figures", body = Analysis),
    (status = 400, description = "Not a session's id"),
    (status = 502, description = "A module broke off"),
    (status = 503, description = "A module is not ready, or the stores are away and no analysis is kept"),
))]
pub(super) async fn analysis(State(manager): State<Manager>, uri: Uri) -> Result<Response, Problem> {
    manager.pass_on(Role::Analysis, Method::GET, &uri, Bytes::new()).await
}

/// Brings the stores back together
///
/// The body is not looked at: there is nothing to choose.
#[utoipa::path(post, path = "/api/recovery/state_resync", operation_id = "state_resync",
    request_body(content = serde_json::Value, content_type = "application/json", example = json!({})), responses(
    (status = 200, description = "What the resync did", body = Report),
    (status = 202, description = "It takes long; a resync_finished event will tell", body = GoesOn),
    (status = 409, description = "One runs already; the problem has its id"),
    (status = 502, description = "The session module broke off"),
    (status = 503, description = "A store is away, or the session module is not ready"),
))]
pub(super) async fn resync(State(manager): State<Manager>) -> Result<Response, Problem> {
    let path = Uri::from_static("/state_resync");
    manager.pass_on(Role::Session, Method::POST, &path, Bytes::from_static(b"{}")).await
}

impl Manager {
    async fn pass_on(&self, role: Role, method: Method, uri: &Uri, body: Bytes) -> Result<Response, Problem> {
        self.check_ready(role)?;
        let turn = tokio::time::timeout(MODULE_TIMEOUT, self.at_once.acquire()).await;
        let _turn =
            turn.map_err(|_| Problem::unavailable("too many requests are waiting for the modules"))?;
        // The module may have gone while this request waited.
        self.check_ready(role)?;
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        let body = (!body.is_empty()).then_some(body);
        let answer = self.client.call(role.name(), self.addresses[role.index()], method, path, body).await?;
        let mut response = Response::new(Body::from(answer.body));
        *response.status_mut() = answer.status;
        for name in PASSED_ON {
            if let Some(value) = answer.headers.get(&name) {
                response.headers_mut().insert(name, value.clone());
            }
        }
        Ok(response)
    }

    /// Checks `role` and everything that it depends on.
    fn check_ready(&self, role: Role) -> Result<(), Problem> {
        let modules = self.daemon.modules();
        match modules[..=role.index()].iter().find(|module| module.status() != "ready") {
            None => Ok(()),
            Some(module) => Err(Problem::unavailable(format!("{} is {}", module.spec.name, module.status()))),
        }
    }
}

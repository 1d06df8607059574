//! Passes requests on to the module that they are for.
//!
//! A module that is not ready, or whose dependency is not, is not even asked: its listener stays open while it is
//! restarted, so the request would wait in the backlog instead of being told at once to come back.

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{Method, Uri, header};
use axum::response::Response;

use super::{MODULE_TIMEOUT, Manager};
use crate::module::Role;
use crate::problem::Problem;

/// Headers of a module's answer that are passed on; the rest belongs to the connection between us and it.
const PASSED_ON: [header::HeaderName; 3] = [header::CONTENT_TYPE, header::RETRY_AFTER, header::ALLOW];

pub(super) async fn to_session(
    State(manager): State<Manager>,
    method: Method,
    uri: Uri,
    body: Bytes,
) -> Result<Response, Problem> {
    manager.pass_on(Role::Session, method, &uri, body).await
}

pub(super) async fn to_analysis(
    State(manager): State<Manager>,
    method: Method,
    uri: Uri,
) -> Result<Response, Problem> {
    manager.pass_on(Role::Analysis, method, &uri, Bytes::new()).await
}

/// The body is not looked at: there is nothing to choose.
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

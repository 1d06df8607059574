//! Restarts on request, and what the daemon saw and did.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use super::{Asked, Manager, limit};
use crate::module::Role;
use crate::problem::Problem;
use crate::self_healing_daemon::EventPage;

/// Body of `POST /api/recovery/restart`.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RestartRequest {
    module: String,
}

/// Its answer.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct RestartAccepted {
    /// Stands in the events of this restart. A restart that was already under way is joined: the id is that one's.
    id: String,
    module: &'static str,
}

/// Restarts one module
#[utoipa::path(post, path = "/api/recovery/restart", operation_id = "restart",
    request_body(content = RestartRequest, example = json!({"module": "analysis"})), responses(
    (status = 202, description = "It will be restarted", body = RestartAccepted),
    (status = 400, description = "Not a restart request"),
    (status = 404, description = "No such module; the problem says which there are"),
    (status = 503, description = "The manager shuts down"),
))]
pub(super) async fn restart(
    State(manager): State<Manager>,
    body: Bytes,
) -> Result<(StatusCode, Json<RestartAccepted>), Problem> {
    let request: RestartRequest = serde_json::from_slice(&body).map_err(|error| {
        Problem::bad_request(format!("not a restart request ({error}): send {{\"module\": \"session\"}}"))
    })?;
    let names = || Role::ALL.map(Role::name).to_vec();
    let role = Role::ALL.into_iter().find(|role| role.name() == request.module);
    let role = role.ok_or_else(|| Problem::unknown_module(&request.module, names()))?;
    let id = format!("restart-{:016x}", rand::random::<u64>());
    let id = manager.daemon.restart(role.index(), id).await?;
    Ok((StatusCode::ACCEPTED, Json(RestartAccepted { id, module: role.name() })))
}

/// Query of `GET /api/recovery/events`.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct EventQuery {
    /// Only events after this one; take it from the last answer's `next`.
    since: Option<u64>,
    /// From 1 to 10000; 1000 when absent.
    limit: Option<u32>,
}

const DEFAULT_LIMIT: u32 = 1_000;
const LARGEST_LIMIT: u32 = 10_000;

/// What the daemon saw and did
#[utoipa::path(get, path = "/api/recovery/events", operation_id = "events", params(EventQuery), responses(
    (status = 200, description = "A page, oldest first", body = EventPage),
    (status = 400, description = "The query makes no sense"),
))]
pub(super) async fn events(
    State(manager): State<Manager>,
    Asked(query): Asked<EventQuery>,
) -> Result<Json<EventPage>, Problem> {
    let limit = limit(query.limit, DEFAULT_LIMIT, LARGEST_LIMIT)?;
    Ok(Json(manager.daemon.events().after(query.since.unwrap_or(0), limit as usize)))
}

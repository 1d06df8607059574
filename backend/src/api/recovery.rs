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
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RestartRequest {
    module: String,
}

/// Its answer.
#[derive(Debug, Serialize)]
pub(super) struct RestartAccepted {
    /// Stands in the events of this restart. A restart that was already under way is joined: the id is that one's.
    id: String,
    module: &'static str,
}

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
#[derive(Deserialize)]
pub(super) struct EventQuery {
    /// Only events after this one; take it from the last answer's `next`.
    since: Option<u64>,
    limit: Option<u32>,
}

const DEFAULT_LIMIT: u32 = 1_000;
const LARGEST_LIMIT: u32 = 10_000;

pub(super) async fn events(
    State(manager): State<Manager>,
    Asked(query): Asked<EventQuery>,
) -> Result<Json<EventPage>, Problem> {
    let limit = limit(query.limit, DEFAULT_LIMIT, LARGEST_LIMIT)?;
    Ok(Json(manager.daemon.events().after(query.since.unwrap_or(0), limit as usize)))
}

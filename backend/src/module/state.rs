//! The session module's hot state and its stores.
//!
//! - `GET /api/sessions/{id}/state?source=cache|database` → [`State`]; without a source the cache, and the database while
//!   the cache cannot be believed
//! - `GET, PUT /latest/{id}`: the latest analysis, for the analysis module while the database is away
//! - `GET /stores` → [`StoresStatus`](crate::state_resync::StoresStatus), `POST /state_resync` → a
//!   [`Report`](crate::state_resync::Report) or, when it takes long, 202; for the manager

use std::time::Duration;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State as Shared};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use super::session::{Sessions, session_id};
use crate::problem::Problem;
use crate::state_resync::{Refusal, StoresStatus};

/// How long a request waits for its resync; below every time limit of the callers.
const PATIENCE: Duration = Duration::from_secs(3);

/// Hot state of one session.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = SessionState)]
pub(crate) struct State {
    session: String,
    count: u64,
    last_seq: Option<u64>,
    /// Of the set of all entries, as in an analysis.
    checksum: String,
    /// Where it was read: `cache` or `database`.
    source: &'static str,
    /// Entries that still wait in the spool; `count` is without them.
    spooled: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Source {
    Cache,
    Database,
}

#[derive(Deserialize)]
pub(super) struct StateQuery {
    source: Option<Source>,
}

pub(super) async fn state(
    Shared(sessions): Shared<Sessions>,
    Path(id): Path<String>,
    Query(query): Query<StateQuery>,
) -> Result<Response, Problem> {
    let session = session_id(&id)?;
    let stores = &sessions.stores;
    let readable = stores.condition.cache_is_readable();
    if query.source == Some(Source::Cache) && !readable {
        return Err(Problem::unavailable("the cache is away, or not yet compared with the database"));
    }
    let mut found = None;
    if readable && query.source != Some(Source::Database) {
        match stores.hot.totals(&session).await {
            Ok(totals) => found = Some((totals, "cache")),
            Err(error) if query.source == Some(Source::Cache) => return Err(error.into()),
            // The failure is noted; the database knows as well.
            Err(_) => {}
        }
    }
    let (totals, source) = match found {
        Some(found) => found,
        None if !stores.condition.database_is_up() => {
            return Err(Problem::unavailable("no store that could answer is up"));
        }
        None => {
            let totals = stores.database.totals_of(&session).await;
            (totals.inspect_err(|error| stores.condition.database_failed(error))?, "database")
        }
    };
    let spooled = stores.log.spooled().waiting(&session);
    let last_seq = totals.as_ref().map(|totals| totals.last_seq);
    let totals = totals.unwrap_or_default();
    let (count, checksum) = (totals.count, totals.checksum.to_hex());
    Ok(Json(State { session: id, count, last_seq, checksum, source, spooled }).into_response())
}

pub(super) async fn latest(
    Shared(sessions): Shared<Sessions>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let session = session_id(&id)?;
    if !sessions.stores.condition.cache_is_readable() {
        return Err(Problem::unavailable("the cache is away, or not yet compared with the database"));
    }
    match sessions.stores.hot.analysis(&session).await? {
        Some(analysis) => Ok(([(header::CONTENT_TYPE, "application/json")], analysis).into_response()),
        None => Err(Problem::unavailable(format!("the cache has no analysis of {session}"))),
    }
}

pub(super) async fn set_latest(
    Shared(sessions): Shared<Sessions>,
    Path(id): Path<String>,
    body: String,
) -> Result<StatusCode, Problem> {
    sessions.stores.hot.analysed(session_id(&id)?, body);
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn stores(Shared(sessions): Shared<Sessions>) -> Json<StoresStatus> {
    Json(sessions.keeper.status())
}

/// Answer of a resync that goes on.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = ResyncGoesOn)]
pub(crate) struct GoesOn {
    id: Option<String>,
    outcome: &'static str,
}

pub(super) async fn resync(Shared(sessions): Shared<Sessions>, _body: Bytes) -> Result<Response, Problem> {
    // A task of its own: a caller that goes away ends the waiting, never the resync.
    let keeper = sessions.keeper.clone();
    match tokio::time::timeout(PATIENCE, tokio::spawn(async move { keeper.resync().await })).await {
        Ok(Ok(Ok(report))) => Ok(Json(report).into_response()),
        Ok(Ok(Err(Refusal::Running(id)))) => Err(Problem::resync_runs(id)),
        Ok(Ok(Err(Refusal::Away(reason)))) => {
            Err(Problem::unavailable(format!("no resync is possible: {reason}")))
        }
        Ok(Err(error)) => Err(Problem::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string())),
        Err(_) => {
            let goes_on = GoesOn { id: sessions.keeper.status().running, outcome: "running" };
            Ok((StatusCode::ACCEPTED, Json(goes_on)).into_response())
        }
    }
}

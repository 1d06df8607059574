//! The outbox, for reading.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};

use super::{Asked, Manager, limit};
use crate::alert_dispatcher::ListedAlert;
use crate::problem::Problem;

/// Query of `GET /api/alerts`.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct AlertQuery {
    /// Only alerts with a greater id.
    after: Option<i64>,
    /// From 1 to 1000; 100 when absent.
    limit: Option<u32>,
}

/// Its answer, newest last.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct AlertPage {
    alerts: Vec<ListedAlert>,
    /// Give this as `after` to read on.
    next: i64,
}

const DEFAULT_LIMIT: u32 = 100;
const LARGEST_LIMIT: u32 = 1_000;

/// The outbox with the state of every delivery
#[utoipa::path(get, path = "/api/alerts", operation_id = "alerts", params(AlertQuery), responses(
    (status = 200, description = "A page, oldest first", body = AlertPage),
    (status = 400, description = "The query makes no sense"),
    (status = 503, description = "The alerts' outbox does not answer"),
))]
pub(super) async fn list(
    State(manager): State<Manager>,
    Asked(query): Asked<AlertQuery>,
) -> Result<Json<AlertPage>, Problem> {
    let limit = limit(query.limit, DEFAULT_LIMIT, LARGEST_LIMIT)?;
    let after = query.after.unwrap_or(0);
    let alerts = manager.alerts.list(after, limit).await;
    let alerts = alerts
        .map_err(|error| Problem::unavailable(format!("the alerts' outbox does not answer: {error}")))?;
    let next = alerts.last().map_or(after, |listed| listed.alert.id);
    Ok(Json(AlertPage { alerts, next }))
}

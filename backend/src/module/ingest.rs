//! The ingest module: the only place that decides what a valid entry is and what its checksum is.
//!
//! - `POST /validate` `{"seq","payload"}` → `{"seq","checksum","payload"}` with the payload in canonical form
//! - `POST /checksums` `[payload, …]` → `["checksum", …]`

use axum::body::Bytes;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use super::entry::{canonical, checksum};
use super::session::{LARGEST_BODY, VERIFIED_BYTES};
use crate::problem::Problem;
use crate::store::MAX_SEQ;

/// The longest canonical payload: 64 KiB.
const LARGEST_PAYLOAD: usize = 64 * 1024;

#[derive(Deserialize, utoipa::ToSchema)]
#[schema(as = NewEntry)]
#[serde(deny_unknown_fields)]
pub(crate) struct Submitted {
    seq: u64,
    payload: Value,
}

/// An entry that is valid. The payload's text is canonical.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Validated {
    pub(super) seq: u64,
    pub(super) checksum: String,
    pub(super) payload: Box<RawValue>,
}

/// The module's routes.
pub(super) fn router() -> Router {
    // A page's payloads travel with a comma each; twice their bytes leaves room for that and for the last entry.
    let checksums = post(checksums).layer(DefaultBodyLimit::max(2 * VERIFIED_BYTES));
    Router::new()
        .route("/validate", post(validate).layer(DefaultBodyLimit::max(LARGEST_BODY)))
        .route("/checksums", checksums)
}

async fn validate(body: Bytes) -> Result<Json<Validated>, Problem> {
    let submitted: Submitted = serde_json::from_slice(&body).map_err(|error| {
        Problem::bad_request(format!(
            "not an entry ({error}): send {{\"seq\": a number from 0, \"payload\": any JSON}}"
        ))
    })?;
    if submitted.seq > MAX_SEQ {
        return Err(Problem::bad_request(format!("seq must be at most {MAX_SEQ}")));
    }
    let canonical = canonical(&submitted.payload);
    if canonical.len() > LARGEST_PAYLOAD {
        let detail =
            format!("the payload has {} bytes, at most {LARGEST_PAYLOAD} are taken", canonical.len());
        return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, detail));
    }
    let checksum = checksum(&canonical);
    let payload = RawValue::from_string(canonical)
        .map_err(|error| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))?;
    Ok(Json(Validated { seq: submitted.seq, checksum, payload }))
}

async fn checksums(body: Bytes) -> Result<Json<Vec<String>>, Problem> {
    let payloads: Vec<&RawValue> = serde_json::from_slice(&body)
        .map_err(|error| Problem::bad_request(format!("not a list: {error}")))?;
    Ok(Json(payloads.into_iter().map(|payload| checksum(payload.get())).collect()))
}

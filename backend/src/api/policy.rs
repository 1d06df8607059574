//! The restart policy, for reading and for changing.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;

use super::Manager;
use crate::problem::Problem;
use crate::self_healing_daemon::{CommandError, Policy, PolicyError, PolicyShapeError};

/// The whole restart policy
#[utoipa::path(get, path = "/api/recovery/policy", operation_id = "policy", responses(
    (status = 200, description = "The policy that is followed now", body = Policy),
))]
pub(super) async fn show(State(manager): State<Manager>) -> Json<Policy> {
    Json(manager.daemon.policy().borrow().policy.clone())
}

/// Replaces the restart policy
///
/// Takes effect at once for everything that is not yet decided. A module that was given up starts again when the new
/// policy allows a further restart of its streak.
#[utoipa::path(put, path = "/api/recovery/policy", operation_id = "set_policy",
    request_body(content = Policy, example = json!({
        "max_retries": 3, "alert_after": 4, "backoff_initial": "100ms", "backoff_factor": 2.0, "backoff_max": "5s",
        "jitter": 0.2, "stable_after": "1s", "heartbeat": "200ms", "heartbeat_misses": 3, "start_timeout": "5s",
        "dependency_patience": "2s", "strategy": "rest-for-one"
    })), responses(
    (status = 200, description = "The policy that is followed now", body = Policy),
    (status = 400, description = "Not a policy; the problem names the field"),
    (status = 422, description = "A value is out of range; the problem names the field"),
    (status = 503, description = "The manager shuts down"),
))]
pub(super) async fn set(State(manager): State<Manager>, body: Bytes) -> Result<Json<Policy>, Problem> {
    let policy = Policy::from_json(&body)?;
    policy.validate()?;
    manager.daemon.set_policy(policy.clone()).await?;
    Ok(Json(policy))
}

impl From<PolicyShapeError> for Problem {
    fn from(error: PolicyShapeError) -> Self {
        let detail =
            format!("not a policy ({error}): send the whole object that GET /api/recovery/policy shows");
        match error.field {
            Some(field) => Self::bad_request(detail).about_field(&field),
            None => Self::bad_request(detail),
        }
    }
}

impl From<PolicyError> for Problem {
    fn from(error: PolicyError) -> Self {
        Self::unprocessable(error.in_json_words()).about_field(&error.json_field())
    }
}

impl From<CommandError> for Problem {
    fn from(error: CommandError) -> Self {
        Self::unavailable(error.to_string())
    }
}

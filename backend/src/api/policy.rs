//! The restart policy, for reading and for changing.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;

use super::Manager;
use crate::problem::Problem;
use crate::self_healing_daemon::{CommandError, Policy, PolicyError, PolicyShapeError};

pub(super) async fn show(State(manager): State<Manager>) -> Json<Policy> {
    Json(manager.daemon.policy().borrow().policy.clone())
}

/// Takes effect at once for everything that is not yet decided; answers the policy that is followed now.
pub(super) async fn set(State(manager): State<Manager>, body: Bytes) -> Result<Json<Policy>, Problem> {
    let policy = Policy::from_json(&body)?;
    policy.validate()?;
    manager.daemon.set_policy(policy.clone()).await?;
    Ok(Json(policy))
}

impl From<PolicyShapeError> for Problem {
    fn from(error: PolicyShapeError) -> Self {
        let detail = format!("not a policy ({error}): send the whole object that GET /api/recovery/policy shows");
        match error.field {
            Some(field) => Self::bad_request(detail).about_field(field),
            None => Self::bad_request(detail),
        }
    }
}

impl From<PolicyError> for Problem {
    fn from(error: PolicyError) -> Self {
        Self::unprocessable(error.in_json_words()).about_field(error.json_field())
    }
}

impl From<CommandError> for Problem {
    fn from(error: CommandError) -> Self {
        Self::unavailable(error.to_string())
    }
}

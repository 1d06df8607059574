//! The restart policy of somebody else's target: read, changed, and read again.

use std::time::Duration;

use serde_json::Value;
use url::Url;

use super::error::SweepError;
use crate::clock::{Clock, duration_us};
use crate::stop::Stop;
use crate::target::{Api, ApiError};

const PATH: &str = "/api/recovery/policy";
/// No call takes longer.
const TIMEOUT: Duration = Duration::from_secs(5);
/// How long the target may take to become well under its own policy, before it gets the next setting.
const SETTLED_WITHIN: Duration = Duration::from_secs(30);
/// How often it is asked.
const ASK_EVERY: Duration = Duration::from_millis(100);

/// A client with a runtime of its own.
#[derive(Debug)]
pub(super) struct PolicyApi {
    api: Api,
    runtime: tokio::runtime::Runtime,
}

impl PolicyApi {
    /// # Errors
    /// Without an HTTP client or a runtime.
    pub(super) fn new(base_url: Url) -> Result<Self, SweepError> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime =
            runtime.map_err(|source| SweepError::Start { program: "an HTTP client".to_owned(), source })?;
        Ok(Self { api: Api::new(base_url, TIMEOUT)?, runtime })
    }

    /// The policy that is in effect.
    ///
    /// # Errors
    /// When the target does not answer, and when it shows none.
    pub(super) fn get(&self) -> Result<Value, SweepError> {
        let answer = self.runtime.block_on(self.api.get(PATH))?;
        let no_policy = |detail: String| SweepError::NoPolicy { detail };
        if answer.status != 200 {
            return Err(no_policy(format!("GET {PATH} answered HTTP {}", answer.status)));
        }
        let policy: Value = answer.json(&format!("GET {PATH}"))?;
        if policy.is_object() { Ok(policy) } else { Err(no_policy(format!("GET {PATH} gave no object"))) }
    }

    /// Changes the policy, and proves that it is in effect.
    ///
    /// # Errors
    /// Why it is not, in words.
    pub(super) fn set(&self, policy: &Value) -> Result<(), String> {
        let answer = self.runtime.block_on(self.api.put(PATH, policy)).map_err(|error| in_words(&error))?;
        if !(200..300).contains(&answer.status) {
            let said = String::from_utf8_lossy(&answer.body).chars().take(300).collect::<String>();
            return Err(format!(
                "the target refuses the policy, PUT {PATH} answered HTTP {}: {said}",
                answer.status
            ));
        }
        let now = self.get().map_err(|error| error.to_string())?;
        match difference(policy, &now) {
            None => Ok(()),
            Some(field) => Err(format!(
                "the target took the policy, and shows another one: {field} is {}, not {}",
                now.get(&field).unwrap_or(&Value::Null),
                policy.get(&field).unwrap_or(&Value::Null)
            )),
        }
    }

    /// Gives the target its own policy, and time to become well: a module that it gave up under the setting before may start
    /// again under its own. Whether it is well in the end is for the run to judge.
    ///
    /// # Errors
    /// Why the policy is not in effect, in words.
    pub(super) fn settle(&self, own: &Value, stop: &Stop) -> Result<(), String> {
        self.set(own)?;
        let clock = Clock::start();
        let well = async {
            while clock.now() < duration_us(SETTLED_WITHIN) {
                if self.api.health().await.is_ok_and(|looked| looked.well) {
                    return;
                }
                tokio::time::sleep(ASK_EVERY).await;
            }
        };
        self.runtime.block_on(stop.or_stopped(well)).map_err(|stopped| stopped.to_string())
    }
}

fn in_words(error: &ApiError) -> String {
    match error {
        ApiError::Unreachable { .. } => format!("{error}: {}", error.cause()),
        _ => error.to_string(),
    }
}

/// The first field of `asked` that is not so in `shown`. Numbers and lengths of time are compared by value: a target may
/// write 60s as 1m.
fn difference(asked: &Value, shown: &Value) -> Option<String> {
    let same = |a: &Value, b: &Value| match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        (Value::String(a), Value::String(b)) => {
            a == b || length(a).is_some_and(|length_a| Some(length_a) == length(b))
        }
        (a, b) => a == b,
    };
    let differs =
        |(field, value): &(&String, &Value)| !shown.get(field).is_some_and(|shown| same(value, shown));
    asked.as_object()?.iter().find(differs).map(|(field, _)| field.clone())
}

fn length(text: &str) -> Option<jiff::SignedDuration> {
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_a_target_writes_in_its_own_way_is_the_same() {
        let asked =
            json!({ "max_retries": 3, "backoff_factor": 2, "backoff_max": "90s", "strategy": "one-for-one" });
        let shown = json!({
            "max_retries": 3, "backoff_factor": 2.0, "backoff_max": "1m 30s", "strategy": "one-for-one", "more": 1,
        });
        assert_eq!(difference(&asked, &shown), None);
        for (field, other) in
            [("max_retries", json!(4)), ("backoff_max", json!("91s")), ("strategy", json!("rest-for-one"))]
        {
            let mut shown = shown.clone();
            shown[field] = other;
            assert_eq!(difference(&asked, &shown).as_deref(), Some(field));
        }
        assert_eq!(difference(&asked, &json!({})).as_deref(), Some("backoff_factor"));
    }
}

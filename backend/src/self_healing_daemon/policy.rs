//! How a failed module is restarted: the numbers, their limits, and the backoff they give.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// What happens to the modules that depend on a failed one. Named as in Erlang/OTP.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum, utoipa::ToSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Strategy {
    /// Dependants are stopped with it and restarted, in order, after it is ready again.
    #[default]
    RestForOne,
    /// Only the failed module is restarted.
    OneForOne,
}

/// The restart policy of the SelfHealingDaemon. As JSON, every field is there, and durations are texts like `"100ms"`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Restarts that may follow the first failure of a streak: failure `max_retries + 1` exhausts it.
    pub max_retries: u32,
    /// The consecutive failure at which the critical alert `repeated_failures` goes out. Where it is `max_retries + 1`, that
    /// failure gives the module up, and the alert that says so, `recovery_exhausted`, is the only critical one.
    pub alert_after: u32,
    /// Delay before the second restart of a streak; the first is immediate.
    #[serde(with = "super::policy_json::duration")]
    #[schema(value_type = String)]
    pub backoff_initial: Duration,
    /// What each further delay is multiplied by.
    pub backoff_factor: f64,
    /// No delay is longer, jitter included.
    #[serde(with = "super::policy_json::duration")]
    #[schema(value_type = String)]
    pub backoff_max: Duration,
    /// Each delay is drawn from ± this share of itself.
    pub jitter: f64,
    /// A module that was ready for this long begins a new streak when it fails.
    #[serde(with = "super::policy_json::duration")]
    #[schema(value_type = String)]
    pub stable_after: Duration,
    /// How often heartbeats are looked for.
    #[serde(with = "super::policy_json::duration")]
    #[schema(value_type = String)]
    pub heartbeat: Duration,
    /// Heartbeats in a row without a sign of life that make a module hung.
    pub heartbeat_misses: u32,
    /// A module that is not ready this long after its start has failed.
    #[serde(with = "super::policy_json::duration")]
    #[schema(value_type = String)]
    pub start_timeout: Duration,
    /// A module whose dependency gives no answer for longer than this ends itself.
    #[serde(with = "super::policy_json::duration")]
    #[schema(value_type = String)]
    pub dependency_patience: Duration,
    /// What happens to dependants.
    pub strategy: Strategy,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            max_retries: 3,
            alert_after: 4,
            backoff_initial: Duration::from_millis(100),
            backoff_factor: 2.0,
            backoff_max: Duration::from_secs(5),
            jitter: 0.2,
            stable_after: Duration::from_secs(1),
            heartbeat: Duration::from_millis(200),
            heartbeat_misses: 3,
            start_timeout: Duration::from_secs(5),
            dependency_patience: Duration::from_secs(2),
            strategy: Strategy::RestForOne,
        }
    }
}

/// A value of the policy that makes no sense, with the remedy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field} {reason}")]
pub struct PolicyError {
    /// The setting, spelled like its flag without the dashes in front.
    pub field: &'static str,
    /// What is wrong and what to do.
    pub reason: String,
}

/// No delay, timeout or patience may be longer: one day.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);
/// Modules beat every 50 ms, so a shorter heartbeat would see misses where there are none.
const SHORTEST_HEARTBEAT: Duration = Duration::from_millis(100);
/// Dependencies are asked every 50 ms, and a busy one may need a few of those to answer.
const SHORTEST_PATIENCE: Duration = Duration::from_millis(200);

impl Policy {
    /// Checks every range and that `alert_after` can be reached at all.
    ///
    /// # Errors
    /// The first setting that is out of range, with what to do.
    pub fn validate(&self) -> Result<(), PolicyError> {
        let durations = [
            ("backoff-initial", self.backoff_initial, Duration::from_millis(1)),
            ("backoff-max", self.backoff_max, Duration::from_millis(1)),
            ("stable-after", self.stable_after, Duration::from_millis(1)),
            ("heartbeat", self.heartbeat, SHORTEST_HEARTBEAT),
            ("start-timeout", self.start_timeout, Duration::from_millis(10)),
            ("dependency-patience", self.dependency_patience, SHORTEST_PATIENCE),
        ];
        for (field, value, least) in durations {
            check(field, value >= least && value <= LONGEST, || {
                format!(
                    "must be from {} to 24h, not {}",
                    humantime::format_duration(least),
                    humantime::format_duration(value)
                )
            })?;
        }
        check("max-retries", self.max_retries <= 1_000, || {
            format!("must be at most 1000, not {}", self.max_retries)
        })?;
        check("backoff-factor", (1.0..=100.0).contains(&self.backoff_factor), || {
            format!("must be from 1 to 100, not {}", self.backoff_factor)
        })?;
        check("jitter", (0.0..1.0).contains(&self.jitter), || {
            format!("must be at least 0 and below 1, not {}", self.jitter)
        })?;
        check("backoff-max", self.backoff_max >= self.backoff_initial, || {
            "must not be shorter than backoff-initial".to_owned()
        })?;
        check("heartbeat-misses", (1..=1_000).contains(&self.heartbeat_misses), || {
            format!("must be from 1 to 1000, not {}", self.heartbeat_misses)
        })?;
        check("alert-after", (1..=self.max_retries + 1).contains(&self.alert_after), || {
            format!(
                "must be from 1 to max-retries + 1 = {}, not {}: a module is given up at that failure, so the \
                 alert could never go out; lower alert-after or raise max-retries",
                self.max_retries + 1,
                self.alert_after
            )
        })
    }

    /// The delay before the restart that follows consecutive failure number `failure` (1 = the first).
    ///
    /// `unit` is a random draw in [0, 1): 0.5 gives the delay without jitter.
    pub(crate) fn delay(&self, failure: u32, unit: f64) -> Duration {
        if failure <= 1 {
            return Duration::ZERO;
        }
        exponential(
            self.backoff_initial,
            self.backoff_factor,
            self.backoff_max,
            self.jitter,
            failure - 2,
            unit,
        )
    }
}

/// `initial × factor^step`, spread by ± `jitter`, never above `max`.
pub(crate) fn exponential(
    initial: Duration,
    factor: f64,
    max: Duration,
    jitter: f64,
    step: u32,
    unit: f64,
) -> Duration {
    let max_s = max.as_secs_f64();
    let grown = (initial.as_secs_f64() * factor.powi(i32::try_from(step).unwrap_or(i32::MAX))).min(max_s);
    let spread = 1.0 + jitter * (2.0 * unit - 1.0);
    Duration::from_secs_f64((grown * spread).clamp(0.0, max_s))
}

fn check(field: &'static str, holds: bool, reason: impl FnOnce() -> String) -> Result<(), PolicyError> {
    if holds { Ok(()) } else { Err(PolicyError { field, reason: reason() }) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_first_restart_is_immediate_and_the_next_ones_double() {
        let policy = Policy::default();
        let ms: Vec<u128> = (1..=9).map(|n| policy.delay(n, 0.5).as_millis()).collect();
        assert_eq!(ms, [0, 100, 200, 400, 800, 1600, 3200, 5000, 5000]);
    }

    #[test]
    fn the_defaults_are_valid_and_an_alert_that_cannot_fire_is_refused() {
        assert_eq!(Policy::default().validate(), Ok(()));
        let error = Policy { max_retries: 2, ..Policy::default() }.validate().unwrap_err();
        assert_eq!(error.field, "alert-after");
        assert!(error.to_string().contains("max-retries + 1 = 3, not 4"), "{error}");
    }

    #[test]
    fn refuses_what_is_out_of_range() {
        let of = |policy: Policy| policy.validate().unwrap_err().field;
        let ok = Policy::default;
        assert_eq!(of(Policy { jitter: 1.0, ..ok() }), "jitter");
        assert_eq!(of(Policy { jitter: f64::NAN, ..ok() }), "jitter");
        assert_eq!(of(Policy { backoff_factor: 0.5, ..ok() }), "backoff-factor");
        assert_eq!(of(Policy { heartbeat: Duration::from_millis(50), ..ok() }), "heartbeat");
        assert_eq!(of(Policy { backoff_max: Duration::from_millis(50), ..ok() }), "backoff-max");
        assert_eq!(of(Policy { heartbeat_misses: 0, ..ok() }), "heartbeat-misses");
        assert_eq!(of(Policy { alert_after: 0, ..ok() }), "alert-after");
        let impatient = Policy { dependency_patience: Duration::from_millis(199), ..ok() };
        assert_eq!(of(impatient), "dependency-patience");
    }

    proptest! {
        #[test]
        fn a_delay_stays_within_its_jitter_and_below_the_maximum(failure in 1u32..10_000, unit in 0.0f64..1.0) {
            let policy = Policy::default();
            let delay = policy.delay(failure, unit);
            let middle = policy.delay(failure, 0.5);
            prop_assert!(delay <= policy.backoff_max);
            prop_assert!(delay >= middle.mul_f64(0.799));
            prop_assert!(delay <= middle.mul_f64(1.201));
        }
    }
}

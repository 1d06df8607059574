//! What is compared, and what a run shows of it, trial by trial.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::trial::{Trial, whole};
use crate::analysis::model::{Episode, Outcome};

/// A figure of each trial.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// From t0 to recovered, in µs. When a trial was given up, the mean is restricted to the time up to which every trial was
    /// watched: P. Royston, M. K. B. Parmar, BMC Med. Res. Methodol. 13 (2013) 152.
    RecoveryTime,
    /// The phase from t0 to detected, in µs. Phases are those of single faults: a chain has none.
    Detect,
    /// The phase from detected to restarted, in µs.
    Restart,
    /// The phase from restarted to ready, in µs.
    Ready,
    /// The phase from ready to state restored, in µs.
    Restore,
    /// The phase from the last observed mark to recovered, in µs.
    Recover,
    /// Share of the decided trials that recovered with nothing but the system itself acting.
    AutoRecoveryRate,
    /// Share of the decided store episodes after which the state was whole again, in time and by itself.
    StateResyncRate,
    /// Share of the expected alerts that did not come in time.
    MissedAlerts,
    /// From t0 to an expected alert that came in time, in µs.
    AlertDelay,
    /// Area between baseline goodput and goodput, in requests per decided trial.
    GoodputLost,
    /// Restarts that the backend made, per trial that recovered.
    RestartAttempts,
    /// Users' requests that failed, per decided trial.
    FailedRequests,
}

impl Metric {
    /// All of them, as a reader wants them.
    pub const ALL: [Self; 13] = [
        Self::RecoveryTime,
        Self::Detect,
        Self::Restart,
        Self::Ready,
        Self::Restore,
        Self::Recover,
        Self::AutoRecoveryRate,
        Self::StateResyncRate,
        Self::MissedAlerts,
        Self::AlertDelay,
        Self::GoodputLost,
        Self::RestartAttempts,
        Self::FailedRequests,
    ];

    /// In what it is given.
    #[must_use]
    pub fn unit(self) -> Unit {
        match self {
            Self::AutoRecoveryRate | Self::StateResyncRate | Self::MissedAlerts => Unit::Ratio,
            Self::GoodputLost | Self::FailedRequests => Unit::Requests,
            Self::RestartAttempts => Unit::Attempts,
            Self::RecoveryTime
            | Self::Detect
            | Self::Restart
            | Self::Ready
            | Self::Restore
            | Self::Recover
            | Self::AlertDelay => Unit::Us,
        }
    }

    /// Whether more of it is better; less is, otherwise.
    #[must_use]
    pub fn higher_is_better(self) -> bool {
        matches!(self, Self::AutoRecoveryRate | Self::StateResyncRate)
    }

    /// The trial's values: none when it was not observed, one for most, several where a trial has several alerts. Every
    /// value counts alike in a mean. `horizon_us` is the time up to which recoveries are known.
    pub(super) fn values(self, trial: &Trial<'_>, horizon_us: Option<u64>) -> Vec<f64> {
        let decided = matches!(trial.outcome, Outcome::Recovered | Outcome::Censored);
        let phase = |of: fn(&Episode) -> Option<u64>| match trial.single() {
            Some(episode) if decided => of(episode).map(float).into_iter().collect(),
            _ => Vec::new(),
        };
        let decided_value =
            |value: Option<f64>| if decided { value.into_iter().collect() } else { Vec::new() };
        match self {
            Self::RecoveryTime => {
                let known = trial.observed().map(|seen| seen.time());
                known.map(|us| float(us.min(horizon_us.unwrap_or(u64::MAX)))).into_iter().collect()
            }
            Self::Detect => phase(|episode| episode.phases_us.detect),
            Self::Restart => phase(|episode| episode.phases_us.restart),
            Self::Ready => phase(|episode| episode.phases_us.ready),
            Self::Restore => phase(|episode| episode.phases_us.restore),
            Self::Recover => phase(|episode| episode.phases_us.recover),
            Self::AutoRecoveryRate => decided_value(Some(share(trial.automatic))),
            Self::StateResyncRate => {
                let stores =
                    trial.episodes.iter().filter(|episode| episode.hits_stores() && episode.is_trial());
                stores.filter_map(|episode| episode.state.as_ref()?.resynced).map(share).collect()
            }
            Self::MissedAlerts => trial.episodes.iter().flat_map(|episode| missed(episode)).collect(),
            Self::AlertDelay => {
                let delays = trial.episodes.iter().flat_map(|episode| &episode.alerts.delay_us);
                delays.map(|us| float(*us)).collect()
            }
            Self::GoodputLost => decided_value(whole(trial, |episode| episode.goodput_lost_requests)),
            Self::FailedRequests => {
                decided_value(whole(trial, |episode| Some(float(episode.failed_requests))))
            }
            Self::RestartAttempts => {
                let attempts = trial.episodes.iter().map(|episode| episode.restart_attempts);
                let attempts: Option<u32> = attempts.sum();
                let recovered = trial.outcome == Outcome::Recovered;
                attempts.filter(|_| recovered).map(f64::from).into_iter().collect()
            }
        }
    }
}

/// In what a metric is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Microseconds.
    Us,
    /// A share between 0 and 1.
    Ratio,
    /// Users' requests.
    Requests,
    /// Restarts.
    Attempts,
}

/// One for each expected alert: whether it was missed.
fn missed(episode: &Episode) -> impl Iterator<Item = f64> + use<> {
    let expected = episode.alerts.expected;
    let missed = episode.alerts.missed;
    (0..expected).map(move |alert| share(alert < missed))
}

fn share(is: bool) -> f64 {
    f64::from(u8::from(is))
}

#[expect(clippy::cast_precision_loss, reason = "lengths and counts of a trial are far below 2^52")]
fn float(n: u64) -> f64 {
    n as f64
}

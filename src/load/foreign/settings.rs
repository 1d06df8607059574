//! What goose's own configuration says of a load that is somebody else's.

use std::path::PathBuf;
use std::time::Duration;

use goose::config::GooseConfiguration;

/// Users, as goose has resolved them.
pub(super) fn users(configuration: &GooseConfiguration) -> u32 {
    let users = configuration.users.unwrap_or(1);
    u32::try_from(users).unwrap_or(u32::MAX)
}

/// How long goose takes to start all users: its `--increase-time`, or the users by `--increase-rate`, one a second when
/// nobody says otherwise.
pub(super) fn ramp(configuration: &GooseConfiguration) -> Duration {
    // goose has resolved both to plain numbers by the time that a user runs.
    let number = |value: &Option<String>| value.as_deref().and_then(|value| value.parse::<f64>().ok());
    if let Some(seconds) = number(&configuration.increase_time).filter(|seconds| *seconds > 0.0) {
        return Duration::try_from_secs_f64(seconds).unwrap_or_default();
    }
    let rate = number(&configuration.increase_rate).filter(|rate| *rate > 0.0).unwrap_or(1.0);
    Duration::try_from_secs_f64(f64::from(users(configuration)) / rate).unwrap_or_default()
}

/// Where goose logs requests.
pub(super) fn log(configuration: &GooseConfiguration) -> PathBuf {
    configuration.request_log.as_deref().unwrap_or_default().into()
}

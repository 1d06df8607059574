//! The only reader of clocks in this crate, so that every stamp shares one origin.

use std::time::Duration;

#[expect(clippy::disallowed_types, reason = "this file is the one reader of clocks")]
type Monotonic = std::time::Instant;
#[expect(clippy::disallowed_types, reason = "this file is the one reader of clocks")]
type Wall = std::time::SystemTime;

/// One instant, read from both clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    /// Since the manager began, from the monotonic clock: what decisions and durations use.
    pub(crate) mono: Duration,
    /// Microseconds since the Unix epoch, from the wall clock: what other programs compare with.
    pub(crate) wall_us: i64,
}

/// The runtime's clock, for deadlines within a process (a paused runtime stops it).
pub(crate) fn monotonic() -> tokio::time::Instant {
    tokio::time::Instant::now()
}

/// The manager's clock: copies share one origin.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    origin: Monotonic,
}

impl Clock {
    /// Starts the clock: `mono` of its stamps counts from here.
    pub(crate) fn start() -> Self {
        Self { origin: Monotonic::now() }
    }

    /// Reads both clocks.
    pub(crate) fn now(&self) -> Stamp {
        Stamp { mono: self.origin.elapsed(), wall_us: wall_us() }
    }

    /// The runtime's instant at `mono`, for `sleep_until`.
    pub(crate) fn instant_at(&self, mono: Duration) -> tokio::time::Instant {
        tokio::time::Instant::from_std(self.origin + mono)
    }
}

/// Microseconds since the Unix epoch; 0 for a clock set before it.
pub(crate) fn wall_us() -> i64 {
    Wall::now()
        .duration_since(Wall::UNIX_EPOCH)
        .map_or(0, |since| i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}

/// `us` microseconds since the Unix epoch as RFC 3339 in UTC, always with six digits of the second.
pub(crate) fn rfc3339(us: i64) -> String {
    let at = jiff::Timestamp::from_microsecond(us).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    format!("{at:.6}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_six_digits_even_for_a_whole_second() {
        assert_eq!(rfc3339(1_700_000_000_000_000), "2023-11-14T22:13:20.000000Z");
        assert_eq!(rfc3339(1_700_000_000_000_001), "2023-11-14T22:13:20.000001Z");
    }
}

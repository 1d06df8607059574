//! The only reader of clocks.
//!
//! One monotonic origin per run: every stamp of the journal is microseconds since it. The wall clock is read
//! once, with the origin, so that another process's wall-clock stamps can be placed on the run's clock.
#![expect(clippy::disallowed_types, reason = "this is the file that the ban leaves as the only one")]

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::journal::Micros;

/// The clock of one run. Cheap to copy; all copies share one origin.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    origin: Instant,
    origin_unix_us: i64,
}

impl Clock {
    /// Starts a run's clock: `t = 0` is now.
    #[must_use]
    pub fn start() -> Self {
        let origin = Instant::now();
        let unix = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { origin, origin_unix_us: i64::try_from(unix.as_micros()).unwrap_or(i64::MAX) }
    }

    /// Microseconds since the run began.
    #[must_use]
    pub fn now(&self) -> Micros {
        duration_us(self.origin.elapsed())
    }

    /// Wall-clock time of `t = 0`, in µs since the Unix epoch.
    #[must_use]
    pub fn origin_unix_us(&self) -> i64 {
        self.origin_unix_us
    }

    /// Wall-clock time of `t = 0`, RFC 3339 in UTC.
    #[must_use]
    pub fn started_at(&self) -> String {
        jiff::Timestamp::from_microsecond(self.origin_unix_us)
            .unwrap_or(jiff::Timestamp::UNIX_EPOCH)
            .to_string()
    }

    /// Places a wall-clock stamp of this machine on the run's clock. What happened before the run is at 0.
    #[must_use]
    pub fn from_unix_us(&self, unix_us: i64) -> Micros {
        Micros::try_from(unix_us.saturating_sub(self.origin_unix_us)).unwrap_or(0)
    }

    /// Places an instant of this process on the run's clock. What was before the run is at 0.
    #[must_use]
    pub fn at(&self, instant: Instant) -> Micros {
        duration_us(instant.saturating_duration_since(self.origin))
    }

    /// Waits until `t`; returns at once when that has passed.
    pub async fn sleep_until(&self, t: Micros) {
        tokio::time::sleep_until((self.origin + Duration::from_micros(t)).into()).await;
    }
}

/// A length in microseconds, saturating.
#[must_use]
pub fn duration_us(length: Duration) -> u64 {
    u64::try_from(length.as_micros()).unwrap_or(u64::MAX)
}

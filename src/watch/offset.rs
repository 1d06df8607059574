//! How far the target's clock is from ours, from request round trips (Cristian 1989): the target made its answer between our
//! sending and our receiving, so what its clock showed then bounds the difference from both sides.
//!
//! An answer shows the target's clock by a stamp in its page, or at least by its `Date` header: that has whole seconds, but of many
//! answers some fall just before and just after the turn of a second, and the bounds of all hold at a time.

use crate::clock::Clock;
use crate::journal::event::ClockOffset;
use crate::target::check::Stamp;

/// One round trip, in µs since the Unix epoch on our clock.
#[derive(Debug, Clone, Copy)]
pub(super) struct RoundTrip {
    pub(super) sent: i64,
    pub(super) received: i64,
    /// When the answer was made, on the target's clock.
    pub(super) stamp: Stamp,
}

/// What round trips have shown so far: the target's clock minus ours, in µs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bounds {
    low: i64,
    high: i64,
    samples: u64,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { low: i64::MIN, high: i64::MAX, samples: 0 }
    }
}

impl Bounds {
    /// Narrows the bounds by a round trip.
    pub(super) fn take(&mut self, RoundTrip { sent, received, stamp }: RoundTrip) {
        let (low, high) = (stamp.from_unix_us - received, stamp.to_unix_us - sent);
        let (narrow_low, narrow_high) = (self.low.max(low), self.high.min(high));
        *self = if narrow_low <= narrow_high {
            Self { low: narrow_low, high: narrow_high, samples: self.samples + 1 }
        } else {
            Self { low, high, samples: 1 }
        };
    }

    /// Whether they show that the clocks differ.
    pub(super) fn excludes_zero(&self) -> bool {
        self.samples > 0 && (self.low > 0 || self.high < 0)
    }

    /// What is taken off the target's stamps: nothing as long as the clocks may be one.
    pub(super) fn correction_us(&self) -> i64 {
        if self.excludes_zero() { self.low.midpoint(self.high) } else { 0 }
    }

    /// Their distance; huge before the first round trip.
    fn width(&self) -> u64 {
        self.high.abs_diff(self.low)
    }
}

/// Follows the offset, and says when it is worth a line in the journal.
#[derive(Debug)]
pub(super) struct OffsetWatch {
    pub(super) bounds: Bounds,
    /// The target is on another machine, as far as its address tells.
    remote: bool,
    told: Option<Bounds>,
}

impl OffsetWatch {
    pub(super) fn new(remote: bool) -> Self {
        Self { bounds: Bounds::default(), remote, told: None }
    }

    /// Takes a round trip in; the line to journal when that says notably more than the one before, or something else.
    pub(super) fn take(&mut self, trip: RoundTrip) -> Option<ClockOffset> {
        self.bounds.take(trip);
        // Of one and the same clock there is nothing to say.
        if !self.remote && !self.bounds.excludes_zero() {
            return None;
        }
        let news = self.told.is_none_or(|told| {
            self.bounds.width() < told.width() / 10 * 9 || self.bounds.samples < told.samples
        });
        if !news {
            return None;
        }
        self.told = Some(self.bounds);
        let Bounds { low, high, samples } = self.bounds;
        Some(ClockOffset { low_us: low, high_us: high, corrected_us: self.bounds.correction_us(), samples })
    }
}

/// A stretch of the run's clock as wall-clock time.
pub(super) fn round_trip(clock: Clock, sent: u64, duration: u64, stamp: Stamp) -> RoundTrip {
    let unix = |t: u64| clock.origin_unix_us().saturating_add(i64::try_from(t).unwrap_or(i64::MAX));
    RoundTrip { sent: unix(sent), received: unix(sent + duration), stamp }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::clock::duration_us;

    const SECOND: i64 = 1_000_000;

    fn exact(ours: i64, offset: i64, there: i64, back: i64) -> RoundTrip {
        let at = ours + there + offset;
        RoundTrip {
            sent: ours,
            received: ours + there + back,
            stamp: Stamp { from_unix_us: at, to_unix_us: at },
        }
    }

    /// As the `Date` header has it.
    fn dated(ours: i64, offset: i64, there: i64, back: i64) -> RoundTrip {
        let trip = exact(ours, offset, there, back);
        let from_unix_us = trip.stamp.from_unix_us.div_euclid(SECOND) * SECOND;
        RoundTrip { stamp: Stamp { from_unix_us, to_unix_us: from_unix_us + SECOND }, ..trip }
    }

    #[test]
    fn an_exact_stamp_bounds_the_offset_by_the_round_trip() {
        let mut bounds = Bounds::default();
        bounds.take(exact(10 * SECOND, 7_000_000, 800, 200));
        assert_eq!((bounds.low, bounds.high), (7_000_000 - 200, 7_000_000 + 800));
        bounds.take(exact(11 * SECOND, 7_000_000, 100, 900));
        assert_eq!((bounds.low, bounds.high), (7_000_000 - 200, 7_000_000 + 100), "the best of both");
        assert_eq!(bounds.correction_us(), 7_000_000 - 50);
    }

    #[test]
    fn whole_seconds_of_many_answers_bound_it_as_well() {
        let (offset, mut bounds) = (-3_141_592, Bounds::default());
        for poll in 0..400 {
            bounds.take(dated(1_000 * SECOND + poll * 50_137, offset, 400, 300));
        }
        assert!((bounds.low..=bounds.high).contains(&offset));
        // Some answer falls within 50 ms of a turn of the second on either side.
        assert!(bounds.width() < 60_000, "{bounds:?}");
    }

    #[test]
    fn one_and_the_same_clock_is_not_corrected() {
        let mut bounds = Bounds::default();
        for poll in 0..100 {
            bounds.take(dated(1_000 * SECOND + poll * 50_137, 0, 400, 300));
        }
        assert!(!bounds.excludes_zero() && bounds.correction_us() == 0);
        let mut watch = OffsetWatch::new(false);
        assert_eq!(watch.take(exact(SECOND, 0, 5, 5)), None);
    }

    #[test]
    fn a_clock_that_is_set_makes_what_was_known_void() {
        let mut watch = OffsetWatch::new(true);
        assert_eq!(watch.take(exact(SECOND, 0, 500, 500)).unwrap().samples, 1);
        assert_eq!(watch.take(exact(2 * SECOND, 0, 490, 490)), None, "hardly better");
        assert!(watch.take(exact(3 * SECOND, 0, 50, 50)).is_some());
        let set = watch.take(exact(4 * SECOND, 9_000, 500, 500)).unwrap();
        assert_eq!((set.samples, set.corrected_us, set.low_us), (1, 9_000, 8_500));
    }

    #[test]
    fn a_round_trip_is_placed_on_the_wall_clock() {
        let clock = Clock::start();
        let stamp = Stamp { from_unix_us: 0, to_unix_us: 0 };
        let trip = round_trip(clock, 5, duration_us(Duration::from_millis(2)), stamp);
        assert_eq!((trip.sent - clock.origin_unix_us(), trip.received - trip.sent), (5, 2_000));
    }
}

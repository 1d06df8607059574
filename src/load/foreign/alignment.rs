//! Places goose's clock on ours, and measures how well.
//!
//! goose tells when a request began in whole milliseconds since the load did, cut off. The beginning of the load is known
//! exactly, because every user carries it; so the middle of the millisecond is at most half of one off. Requests of which
//! our own clock has the start show what it comes to in fact.

use std::collections::BTreeMap;

use crate::journal::Micros;
use crate::journal::event::Alignment;

/// What goose cuts off.
const MILLISECOND_US: u64 = 1_000;
/// Errors are counted in classes of this width, so that memory does not grow with the log.
const CLASS_US: i64 = 20;

/// Places requests and counts how far off those are that are known better.
#[derive(Debug)]
pub(super) struct Aligner {
    origin: Micros,
    /// Placed minus exact start, in classes.
    errors: BTreeMap<i64, u64>,
    max_error_us: u64,
}

impl Aligner {
    /// goose's load began at `origin`.
    pub(super) fn new(origin: Micros) -> Self {
        Self { origin, errors: BTreeMap::new(), max_error_us: 0 }
    }

    /// Where a request that began `elapsed_ms` into the load is placed.
    pub(super) fn place(&self, elapsed_ms: u64) -> Micros {
        self.origin + elapsed_ms * MILLISECOND_US + MILLISECOND_US / 2
    }

    /// A request of which the exact start is known.
    pub(super) fn compare(&mut self, elapsed_ms: u64, exact: Micros) {
        let error = self.place(elapsed_ms).cast_signed() - exact.cast_signed();
        *self.errors.entry(error.div_euclid(CLASS_US)).or_default() += 1;
        self.max_error_us = self.max_error_us.max(error.unsigned_abs());
    }

    /// What came of it, for `imported` requests.
    pub(super) fn finish(&self, imported: u64, stamped: u64, corrected: u64, unreadable: u64) -> Alignment {
        let compared = self.errors.values().sum();
        Alignment {
            origin_us: self.origin,
            imported,
            stamped,
            corrected,
            unreadable,
            compared,
            median_error_us: (compared > 0).then(|| self.median(compared)),
            max_error_us: (compared > 0).then_some(self.max_error_us),
        }
    }

    /// The middle of the class that has the median in it.
    fn median(&self, compared: u64) -> i64 {
        let mut below = 0;
        let class = self.errors.iter().find_map(|(class, count)| {
            below += count;
            (below * 2 >= compared).then_some(*class)
        });
        class.unwrap_or_default() * CLASS_US + CLASS_US / 2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_of_a_millisecond_is_at_most_half_of_one_off() {
        let mut aligner = Aligner::new(10_000_000);
        // Starts that fall anywhere within a millisecond, as goose would log them.
        for start_us in (0..1_000_000).step_by(37) {
            aligner.compare(start_us / 1_000, 10_000_000 + start_us);
        }
        let found = aligner.finish(5, 2, 1, 0);
        assert_eq!((found.origin_us, found.imported, found.stamped, found.corrected), (10_000_000, 5, 2, 1));
        assert_eq!(found.compared, 27_028);
        assert!(found.max_error_us.unwrap() <= 500, "{found:?}");
        // Classes are 20 µs wide, so the median is at most one of them off.
        assert!(found.median_error_us.unwrap().abs() <= 20, "{found:?}");
    }

    #[test]
    fn a_wrong_origin_shows() {
        let mut aligner = Aligner::new(0);
        (0..1_000).for_each(|ms| aligner.compare(ms, ms * 1_000 + 80_500));
        let found = aligner.finish(0, 0, 0, 0);
        assert!((found.median_error_us.unwrap() + 80_000).abs() <= 20, "{found:?}");
        assert_eq!(found.max_error_us, Some(80_000));
    }

    #[test]
    fn nothing_is_said_of_what_was_not_compared() {
        let found = Aligner::new(3).finish(7, 0, 0, 0);
        assert_eq!((found.compared, found.median_error_us, found.max_error_us), (0, None, None));
        assert_eq!(Aligner::new(3).place(2), 2_503);
    }
}

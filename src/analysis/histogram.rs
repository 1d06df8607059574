//! Distributions of durations in bounded memory.

use hdrhistogram::{Counter, Histogram};

use super::model::{LagStats, Latency};

/// Longer durations are counted as this long: 120 s, twice goose's own request timeout.
const LONGEST_US: u64 = 120_000_000;

/// An empty distribution of microseconds, exact to `digits` significant digits.
pub(crate) fn durations<C: Counter>(digits: u8) -> Histogram<C> {
    Histogram::new_with_bounds(1, LONGEST_US, digits).expect("the bounds are constant and valid")
}

/// The nearest-rank percentile, absent without data.
pub(crate) fn percentile<C: Counter>(histogram: &Histogram<C>, quantile: f64) -> Option<u64> {
    (!histogram.is_empty()).then(|| histogram.value_at_quantile(quantile).min(histogram.max()))
}

/// Adds all of `other`. Both have the same bounds, so that nothing can be out of range.
pub(super) fn merge<C: Counter>(into: &mut Histogram<C>, other: &Histogram<C>) {
    into.add(other).expect("both histograms have the same bounds");
}

/// The percentiles that `summary.json` shows of a request distribution.
pub(super) fn latency(histogram: &Histogram<u64>, failures: u64) -> Latency {
    Latency {
        count: histogram.len(),
        failures,
        p50_us: percentile(histogram, 0.50),
        p90_us: percentile(histogram, 0.90),
        p95_us: percentile(histogram, 0.95),
        p99_us: percentile(histogram, 0.99),
        max_us: percentile(histogram, 1.0),
    }
}

/// The percentiles that `summary.json` shows of a thread's lag.
pub(super) fn lag(histogram: &Histogram<u64>) -> LagStats {
    LagStats {
        p50_us: percentile(histogram, 0.50).unwrap_or(0),
        p99_us: percentile(histogram, 0.99).unwrap_or(0),
        max_us: percentile(histogram, 1.0).unwrap_or(0),
    }
}

/// The value at a percentile of sorted values, by nearest rank; absent without values.
pub(super) fn nearest_rank(sorted: &[u64], percentile: usize) -> Option<u64> {
    let rank = (percentile * sorted.len()).div_ceil(100);
    sorted.get(rank.max(1) - 1).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_nearest_rank_within_the_precision() {
        let mut histogram = durations::<u64>(3);
        (1..=1000).for_each(|v| histogram.saturating_record(v));
        let latency = latency(&histogram, 7);
        assert_eq!((latency.count, latency.failures), (1000, 7));
        assert_eq!((latency.p50_us, latency.p95_us, latency.max_us), (Some(500), Some(950), Some(1000)));
    }

    #[test]
    fn what_was_not_observed_is_absent() {
        assert_eq!(latency(&durations(3), 0), Latency::default());
    }

    #[test]
    fn an_endless_request_is_counted_at_the_bound() {
        let mut histogram = durations::<u32>(2);
        histogram.saturating_record(u64::MAX);
        assert_eq!(histogram.len(), 1);
        assert!(percentile(&histogram, 0.5) >= Some(LONGEST_US));
    }
}

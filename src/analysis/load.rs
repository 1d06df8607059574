//! What users saw, in bounded memory: latency inside and outside episodes, and a timeline of bins.

use hdrhistogram::Histogram;

use super::histogram::{durations, latency, merge, percentile};
use super::model::{Bin, Load, Timeline};
use crate::journal::Micros;
use crate::journal::event::{APPEND, Request};

/// Bins of the timeline, at most (a bin that is no longer needed costs nothing, so a few more do no harm).
const MOST_BINS: u64 = 300;

/// No bin of the timeline is shorter.
const LEAST_US: u64 = 100_000;

/// Lengths that read well on an axis; multiples of the last one follow.
const BIN_LENGTHS_US: [u64; 15] = [
    50_000,
    100_000,
    200_000,
    500_000,
    1_000_000,
    2_000_000,
    5_000_000,
    10_000_000,
    20_000_000,
    30_000_000,
    60_000_000,
    120_000_000,
    300_000_000,
    600_000_000,
    3_600_000_000,
];

/// The shortest round length of which at most `most` cover `whole_us`.
pub(super) fn round_length(whole_us: u64, most: u64) -> u64 {
    let fits = |length: &u64| whole_us.div_ceil(*length) <= most;
    let longest = 3_600_000_000;
    BIN_LENGTHS_US.into_iter().find(fits).unwrap_or_else(|| longest * whole_us.div_ceil(longest * most))
}

/// Accumulates the requests of one reader.
#[derive(Debug, Clone)]
pub(super) struct LoadTally {
    failures: u64,
    appends: u64,
    first: Micros,
    last: Micros,
    inside: Group,
    outside: Group,
    bin_us: u64,
    bins: Vec<BinTally>,
}

#[derive(Debug, Clone)]
struct Group {
    durations: Histogram<u64>,
    failures: u64,
}

#[derive(Debug, Clone)]
struct BinTally {
    ok: u64,
    failed: u64,
    durations: Histogram<u32>,
}

impl Group {
    fn new() -> Self {
        Self { durations: durations(3), failures: 0 }
    }

    fn add(&mut self, request: &Request<'_>) {
        self.durations.saturating_record(request.duration_us);
        self.failures += u64::from(!request.ok);
    }

    fn merge(&mut self, other: &Self) {
        merge(&mut self.durations, &other.durations);
        self.failures += other.failures;
    }
}

impl LoadTally {
    /// For a run that ends at `end`.
    pub(super) fn new(end: Micros) -> Self {
        let bin_us = round_length(end.max(1), MOST_BINS).max(LEAST_US);
        let bins = end.max(1).div_ceil(bin_us);
        let empty = BinTally { ok: 0, failed: 0, durations: durations(2) };
        Self {
            failures: 0,
            appends: 0,
            first: Micros::MAX,
            last: 0,
            inside: Group::new(),
            outside: Group::new(),
            bin_us,
            bins: (0..bins).map(|_| empty.clone()).collect(),
        }
    }

    pub(super) fn add(&mut self, t: Micros, request: &Request<'_>, inside: bool) {
        self.failures += u64::from(!request.ok);
        self.appends += u64::from(request.name == APPEND);
        self.first = self.first.min(t);
        self.last = self.last.max(t.saturating_add(request.duration_us));
        let group = if inside { &mut self.inside } else { &mut self.outside };
        group.add(request);
        // A request can only start after the end when that was cut off; the last bin takes it.
        let last = self.bins.len() - 1;
        let bin = usize::try_from(t / self.bin_us).unwrap_or(last).min(last);
        let bin = &mut self.bins[bin];
        bin.durations.saturating_record(request.duration_us);
        if request.ok { bin.ok += 1 } else { bin.failed += 1 }
    }

    /// Adds what another reader of the same run accumulated.
    pub(super) fn merge(&mut self, other: &Self) {
        self.failures += other.failures;
        self.appends += other.appends;
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
        self.inside.merge(&other.inside);
        self.outside.merge(&other.outside);
        for (bin, other) in self.bins.iter_mut().zip(&other.bins) {
            bin.ok += other.ok;
            bin.failed += other.failed;
            merge(&mut bin.durations, &other.durations);
        }
    }

    /// When the last answer was complete.
    pub(super) fn last(&self) -> Micros {
        self.last
    }

    pub(super) fn load(&self) -> Load {
        let requests = self.inside.durations.len() + self.outside.durations.len();
        let span = self.last.saturating_sub(self.first);
        #[expect(clippy::cast_precision_loss, reason = "counts and lengths of a run are far below 2^52")]
        let requests_per_s =
            if requests == 0 || span == 0 { 0.0 } else { requests as f64 * 1e6 / span as f64 };
        Load {
            requests,
            failures: self.failures,
            requests_per_s,
            inside: latency(&self.inside.durations, self.inside.failures),
            outside: latency(&self.outside.durations, self.outside.failures),
            appends: (self.appends > 0).then_some(self.appends),
        }
    }

    pub(super) fn timeline(&self) -> Timeline {
        let bin = |bin: &BinTally| Bin {
            ok: bin.ok,
            failed: bin.failed,
            p50_us: percentile(&bin.durations, 0.50),
            p99_us: percentile(&bin.durations, 0.99),
        };
        Timeline { bin_us: self.bin_us, bins: self.bins.iter().map(bin).collect() }
    }
}

//! What users and canaries felt around one episode, for charts.

use crate::journal::Micros;

/// So many episodes have a curve; with more of them those that did not recover and the slowest do.
pub const MOST_CURVES: usize = 200;

/// The resilience curve of one episode, in bins of equal length, from a little before t0 to a little after its end.
/// One bin begins at t0, so that none is half before the fault and half after it.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// The episode.
    pub episode: u32,
    /// Where the first bin begins, on the run's clock.
    pub from_us: Micros,
    /// Length of a bin.
    pub bin_us: u64,
    /// The bins, without gaps.
    pub bins: Vec<CurveBin>,
}

/// One bin of a curve.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CurveBin {
    /// Users' requests that met their contract, by when the answer came: the goodput. What was still under way when
    /// users were held still is not among them, as it is not among those of the baseline.
    pub ok: u64,
    /// Users' requests that failed, by when that was known.
    pub failed: u64,
    /// 95th percentile of the successful canaries that were due in it; absent without one.
    pub p95_us: Option<u64>,
    /// Canaries that were due in it and failed: the percentile says nothing of them.
    pub failed_canaries: u64,
    /// How much of it users were held still for a read-back: there is no goodput to lose.
    pub held_us: u64,
}

impl Curve {
    /// The bins with the instants at which they begin, on the run's clock.
    pub fn timed(&self) -> impl Iterator<Item = (Micros, &CurveBin)> {
        (0u64..).map(|index| self.from_us + index * self.bin_us).zip(&self.bins)
    }
}

impl CurveBin {
    /// Goodput in requests a second of the time in which users were free to ask, in a bin of this length. Absent where
    /// less than a quarter of the bin is left of that: a rate would be noise.
    #[must_use]
    pub fn goodput_per_s(&self, length_us: u64) -> Option<f64> {
        let free_us = length_us.saturating_sub(self.held_us);
        #[expect(clippy::cast_precision_loss, reason = "counts and lengths of a bin are far below 2^52")]
        (free_us > 0 && free_us.saturating_mul(4) >= length_us).then(|| self.ok as f64 * 1e6 / free_us as f64)
    }
}

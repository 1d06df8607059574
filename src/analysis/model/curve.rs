//! What users and canaries felt around one episode, for charts.

use crate::journal::Micros;

/// So many episodes have a curve; with more of them those that did not recover and the slowest do.
pub const MOST_CURVES: usize = 200;

/// The resilience curve of one episode, in bins of equal length, from a little before t0 to a little after its end.
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
    /// Users' requests that met their contract, by when the answer came: the goodput.
    pub ok: u64,
    /// Users' requests that failed, by when that was known.
    pub failed: u64,
    /// 95th percentile of the successful canaries that were due in it; absent without one.
    pub p95_us: Option<u64>,
    /// How much of it users were held still for a read-back: there is no goodput to lose.
    pub held_us: u64,
}

//! One alert that was expected, and what became of it.

use crate::journal::Micros;

/// An alert that a fault declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expectation {
    /// The episode that expects it.
    pub episode: u32,
    /// The module of which it is to tell.
    pub module: String,
    /// The kinds of alert that will do.
    pub kinds: Vec<String>,
    /// The least severity that will do: `info`, `warning` or `critical`.
    pub min_severity: String,
    /// When the effect of the fault began.
    pub t0_us: Micros,
    /// By when it had to come, an outage of our own sink included.
    pub deadline_us: Micros,
    /// What became of it.
    pub met: Met,
}

/// What became of an expected alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Met {
    /// It came in time, then.
    InTime(Micros),
    /// It came after its deadline, then: missed by the KPI.
    Late(Micros),
    /// It did not come.
    Missed,
    /// The run ended before its deadline: it counts for nothing.
    Undecided,
}

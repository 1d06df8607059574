//! What each module did over time, for charts.

use crate::journal::Micros;

/// A module or a store over the whole run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lane {
    /// Its name.
    pub name: String,
    /// Whether anybody told how it was.
    pub told: bool,
    /// When it was not well, in order; it was well otherwise.
    pub stretches: Vec<Stretch>,
}

/// A time in which a module was not well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// From here on.
    pub from_us: Micros,
    /// Up to here.
    pub to_us: Micros,
    /// How it was.
    pub state: LaneState,
}

/// How a module was while it was not well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LaneState {
    /// Gone, hung, or being stopped.
    Down,
    /// A new process is on its way. Stores have no such state: they are down until they answer.
    Restarting,
}

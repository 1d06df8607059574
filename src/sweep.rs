//! Which restart policy is better: every combination of settings, each under the same seeded faults.
//!
//! [`grid`] makes the settings of a sweep, [`order`] the order in which their runs are made, so that drift of machine and
//! target hits all settings alike. Both are pure.

pub mod grid;
pub mod order;

pub use grid::{Axis, Grid, GridError, Setting};
pub use order::{Turn, turns};

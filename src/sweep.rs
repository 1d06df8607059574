//! Which restart policy is better: every combination of settings, each under the same seeded faults.
//!
//! [`grid`] makes the settings of a sweep, [`order`] the order in which their runs are made, so that drift of machine and
//! target hits all settings alike. [`standing`] is what each setting has shown, and [`recommendation`] which one to keep, by a
//! stated rule. All of this is pure.

pub mod grid;
pub mod order;
pub mod recommendation;
pub mod standing;

pub use grid::{Axis, Grid, GridError, Setting};
pub use order::{Turn, turns};
pub use recommendation::{Findings, RECOMMENDATION_SCHEMA, Recommendation, in_order, recommend, side};
pub use standing::{Amplification, Cell, Standing};

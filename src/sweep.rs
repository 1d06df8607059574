//! Which restart policy is better: every combination of settings, each under the same seeded faults.
//!
//! [`grid`] makes the settings of a sweep, [`order`] the order in which their runs are made, so that drift of machine and
//! target hits all settings alike. [`standing`] is what each setting has shown, and [`recommendation`] which one to keep, by a
//! stated rule. All of this is pure.
//!
//! [`runner`] makes the runs, each a process of its own, and records them in the [`manifest`], from which a sweep that was
//! interrupted goes on.

mod apply;
mod child;
mod error;
pub mod given;
pub mod grid;
pub mod manifest;
pub mod order;
mod policy_api;
pub mod recommendation;
pub mod runner;
pub mod standing;

pub use error::SweepError;
pub use given::{Argument, Given};
pub use grid::{Axis, Grid, GridError, Setting};
pub use manifest::{Intent, Manifest, Outcome, SWEEP_SCHEMA, SettingRuns, TurnRecord};
pub use order::{Turn, turns};
pub use recommendation::{Findings, RECOMMENDATION_SCHEMA, Recommendation, in_order, recommend, side};
pub use runner::{Ending, Notice, Runner};
pub use standing::{Amplification, Cell, Standing};

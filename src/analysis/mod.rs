//! Pure: a journal's lines become episodes, KPIs and verdicts. No I/O, no clock.
//!
//! [`model`] is what comes out (and what `summary.json` holds).

pub mod baseline;
pub mod detector;
mod histogram;
pub mod interval;
pub mod model;
pub mod reorder;
pub mod sample;

pub use model::{Analysis, Summary, Verdict};

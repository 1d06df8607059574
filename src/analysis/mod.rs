//! Pure: a journal's lines become episodes, KPIs and verdicts. No I/O, no clock.
//!
//! [`model`] is what comes out (and what `summary.json` holds).

mod alerts;
pub mod baseline;
pub mod detector;
mod downtime;
mod histogram;
pub mod interval;
pub mod model;
pub mod reorder;
pub mod sample;
mod timeline;

pub use model::{Analysis, Summary, Verdict};

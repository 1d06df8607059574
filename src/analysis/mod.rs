//! Pure: a journal's lines become episodes, KPIs and verdicts. No I/O, no clock.
//!
//! [`model`] is what comes out (and what `summary.json` holds).

pub mod model;

pub use model::{Analysis, Summary, Verdict};

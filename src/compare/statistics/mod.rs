//! What the comparison knows of statistics, each from its paper: intervals that hold with few runs, and what many tests cost.

mod bca;
mod bootstrap;
mod design;
mod effect;
mod holm;
mod invert;
mod log_rank;
mod proportion;

pub(super) use bca::Bca;
pub(super) use bootstrap::{Strata, Tally, least_resamples};
pub(super) use design::design_effect;
pub use effect::{cliffs_delta, cohens_h};
pub use holm::{Step, holm};
pub(super) use invert::p_value;
pub use log_rank::{LogRank, log_rank};
pub use proportion::{newcombe, newcombe_paired, wilson};

#[cfg(test)]
mod tests;

use statrs::distribution::{ContinuousCDF, Normal, StudentsT};

/// The quantile of the standard normal distribution beyond which both tails together have `1 - confidence`.
pub(super) fn z_of(confidence: f64) -> f64 {
    Normal::standard().inverse_cdf(f64::midpoint(1.0, confidence))
}

/// The same of Student's distribution with `freedom` degrees of freedom.
fn t_of(confidence: f64, freedom: f64) -> f64 {
    match StudentsT::new(0.0, 1.0, freedom) {
        Ok(student) => student.inverse_cdf(f64::midpoint(1.0, confidence)),
        Err(_) => z_of(confidence),
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub(super) fn float(n: usize) -> f64 {
    n as f64
}

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
pub(super) use design::{Design, quantile};
pub use effect::{cliffs_delta, cohens_h};
pub use holm::{Step, holm};
pub(super) use invert::p_value;
pub use log_rank::{LogRank, log_rank};
pub(super) use proportion::{independent, paired};
pub use proportion::{newcombe, newcombe_paired, wilson};

#[cfg(test)]
mod tests;

use statrs::distribution::{ContinuousCDF, Normal, StudentsT};

/// The quantile of the standard normal distribution beyond which both tails together have `1 - confidence`.
pub(super) fn z_of(confidence: f64) -> f64 {
    Normal::standard().inverse_cdf(f64::midpoint(1.0, confidence))
}

/// From so many degrees of freedom on, Student's distribution is the normal one to all digits that are shown.
const NEARLY_NORMAL: f64 = 1e7;

/// Halvings until a quantile is found to the last digit of a float.
const HALVINGS: usize = 60;

/// The same of Student's distribution with `freedom` degrees of freedom.
fn t_of(confidence: f64, freedom: f64) -> f64 {
    let normal = z_of(confidence);
    let Some(student) = StudentsT::new(0.0, 1.0, freedom).ok().filter(|_| freedom < NEARLY_NORMAL) else {
        return normal;
    };
    // Halving, because the library's own search does not end for some degrees of freedom.
    let tail = (1.0 - confidence) / 2.0;
    let (mut low, mut high) = (normal, normal.max(1.0));
    while student.sf(high) > tail {
        high *= 2.0;
    }
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(low, high);
        *(if student.sf(middle) > tail { &mut low } else { &mut high }) = middle;
    }
    high
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub(super) fn float(n: usize) -> f64 {
    n as f64
}

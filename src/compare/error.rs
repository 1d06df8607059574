//! Why runs are not compared.

use super::comparable::Difference;
use crate::lang::Lang;

/// Why runs are not compared.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Incomparable {
    /// A comparison needs two sides.
    #[error("a comparison needs at least two sides, each with at least one run")]
    TooFew,
    /// One run cannot bear witness twice.
    #[error("run {0} stands there twice; a run counts once")]
    Twice(String),
    /// Not a share.
    #[error("a noise threshold of {0} is no share; give one from 0 to below 1")]
    Noise(f64),
    /// What differs makes the comparison meaningless.
    #[error("these runs do not measure the same: {}; compare runs of one plan, or force it", list(.0))]
    Differs(Vec<Difference>),
}

fn list(differences: &[Difference]) -> String {
    let said = differences.iter().map(|difference| Lang::En.read(&difference.sentence()));
    said.collect::<Vec<_>>().join("; ")
}

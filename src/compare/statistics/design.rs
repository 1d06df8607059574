//! What trials that hang together are worth.

use super::{float, t_of, z_of};

/// What values that hang together in clusters are worth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::compare) struct Design {
    /// How many times the variance of their mean is that of the mean of as many independent values, at least 1. Dividing the
    /// counts of a proportion by it makes them those of independent trials.
    pub(in crate::compare) effect: f64,
    /// From how many clusters beyond the first that is known.
    pub(in crate::compare) freedom: f64,
}

impl Design {
    /// J. N. K. Rao, A. J. Scott, "A simple method for the analysis of clustered binary data", Biometrics 48 (1992)
    /// 577–585. Below 1 the effect is not used: few runs look alike by chance.
    pub(in crate::compare) fn of(clusters: &[Vec<f64>]) -> Self {
        let clusters: Vec<_> = clusters.iter().filter(|values| !values.is_empty()).collect();
        let n = float(clusters.iter().map(|values| values.len()).sum());
        let mean = clusters.iter().copied().flatten().sum::<f64>() / n;
        let expected: f64 =
            clusters.iter().copied().flatten().map(|value| (value - mean) * (value - mean)).sum();
        let hang_together = clusters.len() > 1 && clusters.iter().any(|values| values.len() > 1);
        let k = float(clusters.len());
        if !hang_together || expected <= 0.0 {
            return Self { effect: 1.0, freedom: (k - 1.0).max(0.0) };
        }
        let residual = |values: &&Vec<f64>| values.iter().map(|value| value - mean).sum::<f64>();
        let found: f64 = clusters.iter().map(residual).map(|residual| residual * residual).sum();
        Self { effect: (k / (k - 1.0) * found / expected).max(1.0), freedom: k - 1.0 }
    }
}

/// The quantile for an interval of a difference between proportions of these designs. Where clusters are seen to differ it
/// is Student's, for few of them do not show well how much: E. L. Korn, B. I. Graubard, "Confidence intervals for
/// proportions with small expected number of positive counts estimated from survey data", Survey Methodology 24 (1998)
/// 193–201.
pub(in crate::compare) fn quantile(designs: &[Design], confidence: f64) -> f64 {
    if designs.iter().all(|design| design.effect <= 1.0) {
        return z_of(confidence);
    }
    t_of(confidence, designs.iter().map(|design| design.freedom).sum())
}

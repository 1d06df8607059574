//! What trials that hang together are worth.

use super::float;

/// How many times the variance of a mean is that of the mean of as many independent values, at least 1; `clusters` are the
/// values that hang together. Dividing the counts of a proportion by it makes them those of independent trials.
///
/// J. N. K. Rao, A. J. Scott, "A simple method for the analysis of clustered binary data", Biometrics 48 (1992) 577–585.
/// Below 1 it is not used: few runs look alike by chance.
pub(in crate::compare) fn design_effect(clusters: &[Vec<f64>]) -> f64 {
    let clusters: Vec<_> = clusters.iter().filter(|values| !values.is_empty()).collect();
    let n = float(clusters.iter().map(|values| values.len()).sum());
    let mean = clusters.iter().copied().flatten().sum::<f64>() / n;
    let expected: f64 = clusters.iter().copied().flatten().map(|value| (value - mean) * (value - mean)).sum();
    let hang_together = clusters.len() > 1 && clusters.iter().any(|values| values.len() > 1);
    if !hang_together || expected <= 0.0 {
        return 1.0;
    }
    let residual = |values: &&Vec<f64>| values.iter().map(|value| value - mean).sum::<f64>();
    let found: f64 = clusters.iter().map(residual).map(|residual| residual * residual).sum();
    let k = float(clusters.len());
    (k / (k - 1.0) * found / expected).max(1.0)
}

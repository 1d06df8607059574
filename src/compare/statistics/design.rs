//! What trials that hang together are worth.

use super::bootstrap::Tally;
use super::float;

/// How many times the variance of a proportion's mean is that of as many independent trials, at least 1; `runs` are the
/// successes and trials of each. Dividing counts by it makes them those of independent trials.
///
/// J. N. K. Rao, A. J. Scott, "A simple method for the analysis of clustered binary data", Biometrics 48 (1992) 577–585.
/// Below 1 it is not used: few runs look alike by chance.
pub(in crate::compare) fn design_effect(runs: &[Tally]) -> f64 {
    let runs: Vec<_> = runs.iter().filter(|run| run.count > 0.0).collect();
    let (successes, trials) = runs.iter().fold((0.0, 0.0), |(s, t), run| (s + run.sum, t + run.count));
    let (k, p) = (float(runs.len()), successes / trials);
    let expected = trials * p * (1.0 - p);
    if k < 2.0 || expected <= 0.0 {
        return 1.0;
    }
    let residual = |run: &&Tally| run.sum - run.count * p;
    let found: f64 = runs.iter().map(residual).map(|residual| residual * residual).sum();
    (k / (k - 1.0) * found / expected).max(1.0)
}

//! How far a figure from few trials can be trusted: exact binomial intervals, and a bootstrap for means.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use statrs::distribution::{Beta, ContinuousCDF, Normal};

/// The confidence of every interval and bound.
pub const CONFIDENCE: f64 = 0.95;

/// Below this many values a mean has no interval: a bootstrap of fewer promises more than it holds.
pub const LEAST_FOR_BOOTSTRAP: usize = 10;

const RESAMPLES: usize = 4_000;

/// The two-sided 95 % interval of a proportion, `successes` of `trials`; absent without trials.
///
/// Exact: C. J. Clopper, E. S. Pearson, "The use of confidence or fiducial limits illustrated in the case of the
/// binomial", Biometrika 26 (1934) 404–413.
///
/// ```
/// let [low, high] = goose_recovery::analysis::interval::clopper_pearson(4, 20).unwrap();
/// assert!((low - 0.0573).abs() < 1e-4 && (high - 0.4366).abs() < 1e-4);
/// ```
#[must_use]
pub fn clopper_pearson(successes: u64, trials: u64) -> Option<[f64; 2]> {
    let tail = (1.0 - CONFIDENCE) / 2.0;
    Some([lower(successes, trials, tail)?, upper(successes, trials, tail)?])
}

/// The one-sided 95 % lower bound of a proportion: 3 of 3 show at least 0.368 = 0.05^(1/3).
#[must_use]
pub fn lower_bound(successes: u64, trials: u64) -> Option<f64> {
    lower(successes, trials, 1.0 - CONFIDENCE)
}

/// The one-sided 95 % upper bound of a proportion.
#[must_use]
pub fn upper_bound(successes: u64, trials: u64) -> Option<f64> {
    upper(successes, trials, 1.0 - CONFIDENCE)
}

/// How many successes in a row it takes until the one-sided lower bound reaches `rate`: 59 for 0.95.
/// Absent for 1 and beyond, which no number of trials shows.
#[must_use]
pub fn trials_to_show(rate: f64) -> Option<u64> {
    if rate <= 0.0 {
        return Some(1);
    }
    if rate >= 1.0 {
        return None;
    }
    let exact = (1.0 - CONFIDENCE).ln() / rate.ln();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "positive, and `as` saturates"
    )]
    let trials = (exact - 1e-9).ceil().max(1.0) as u64;
    Some(trials)
}

fn lower(successes: u64, trials: u64, tail: f64) -> Option<f64> {
    match successes {
        _ if trials == 0 || successes > trials => None,
        0 => Some(0.0),
        // The whole is what the closed form gives exactly, where the library's quantile of millions is some per cent off.
        _ if successes == trials => Some((tail.ln() / float(trials)).exp()),
        _ => Some(beta_quantile(successes, trials - successes + 1, tail)),
    }
}

fn upper(successes: u64, trials: u64, tail: f64) -> Option<f64> {
    match trials.checked_sub(successes)? {
        _ if trials == 0 => None,
        0 => Some(1.0),
        _ if successes == 0 => Some(-(tail.ln() / float(trials)).exp_m1()),
        failures => Some(beta_quantile(successes + 1, failures, 1.0 - tail)),
    }
}

fn beta_quantile(a: u64, b: u64, p: f64) -> f64 {
    Beta::new(float(a), float(b)).expect("both shapes are at least 1").inverse_cdf(p)
}

#[expect(clippy::cast_precision_loss, reason = "trials are far below 2^52")]
fn float(n: u64) -> f64 {
    n as f64
}

/// What a bootstrap says about a mean.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeanInterval {
    /// Two-sided, 95 %.
    pub two_sided: [f64; 2],
    /// One-sided lower bound, 95 %.
    pub lower: f64,
    /// One-sided upper bound, 95 %.
    pub upper: f64,
}

/// The bias-corrected and accelerated bootstrap interval of the mean; absent below [`LEAST_FOR_BOOTSTRAP`]
/// values. The same `seed` gives the same interval.
///
/// B. Efron, "Better bootstrap confidence intervals", JASA 82 (1987) 171–185.
#[must_use]
pub fn bootstrap_mean(values: &[f64], seed: u64) -> Option<MeanInterval> {
    if values.len() < LEAST_FOR_BOOTSTRAP {
        return None;
    }
    let estimate = mean(values);
    let means = resampled_means(values, seed);
    let (bias, acceleration) = (bias_correction(&means, estimate), acceleration(values, estimate));
    let at = |p: f64| {
        let z = standard_normal().inverse_cdf(p);
        let shifted = bias + (bias + z) / (1.0 - acceleration * (bias + z));
        quantile(&means, standard_normal().cdf(shifted))
    };
    let tail = 1.0 - CONFIDENCE;
    Some(MeanInterval {
        two_sided: [at(tail / 2.0), at(1.0 - tail / 2.0)],
        lower: at(tail),
        upper: at(CONFIDENCE),
    })
}

/// Means of resamples, sorted.
fn resampled_means(values: &[f64], seed: u64) -> Vec<f64> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut means: Vec<f64> = (0..RESAMPLES)
        .map(|_| {
            let sum: f64 = (0..values.len()).map(|_| values[rng.random_range(0..values.len())]).sum();
            sum / count(values.len())
        })
        .collect();
    means.sort_unstable_by(f64::total_cmp);
    means
}

/// z0: how far the median of the resamples is from the estimate, in standard deviations. Ties count half, so
/// that equal values have no bias.
fn bias_correction(means: &[f64], estimate: f64) -> f64 {
    let below = means.partition_point(|m| *m < estimate);
    let up_to = means.partition_point(|m| *m <= estimate);
    let share = count(below + up_to) / (2.0 * count(means.len()));
    let edge = 0.5 / count(means.len());
    standard_normal().inverse_cdf(share.clamp(edge, 1.0 - edge))
}

/// a: a sixth of the skewness of the jackknife's means.
fn acceleration(values: &[f64], estimate: f64) -> f64 {
    // Leaving out x moves the mean by (mean − x) / (n − 1); the common factor cancels in the ratio.
    let (squares, cubes) = values.iter().fold((0.0, 0.0), |(squares, cubes), x| {
        let d = x - estimate;
        (squares + d * d, cubes + d * d * d)
    });
    if squares == 0.0 { 0.0 } else { cubes / (6.0 * f64::powf(squares, 1.5)) }
}

fn quantile(sorted: &[f64], p: f64) -> f64 {
    let last = sorted.len() - 1;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "p is a probability")]
    let index = (p * count(sorted.len())).floor() as usize;
    sorted[index.min(last)]
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / count(values.len())
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn count(n: usize) -> f64 {
    n as f64
}

fn standard_normal() -> Normal {
    Normal::standard()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn close(actual: Option<f64>, expected: f64, tolerance: f64) {
        let actual = actual.unwrap();
        assert!((actual - expected).abs() < tolerance, "{actual} is not {expected}");
    }

    #[test]
    fn none_and_all_of_very_many_have_their_closed_forms() {
        // 1 − 0.05^(1/n): three in n, as the rule of three has it.
        for n in [59_u64, 95_657, 5_000_000] {
            let bound = upper_bound(0, n).unwrap();
            assert!((bound * n as f64 - 2.995_732).abs() < 3.0 * 2.995_732 / n as f64, "{n}: {bound}");
            // No trial less is lost than n are kept.
            assert!((lower_bound(n, n).unwrap() + bound - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn the_two_sided_interval_equals_published_values() {
        // R: binom.test(x, n)$conf.int; 4 of 20 and 0 of 10 are in many textbooks.
        for (x, n, low, high) in [
            (0, 10, 0.0, 0.308_497_1),
            (10, 10, 0.691_502_9, 1.0),
            (4, 20, 0.057_333_99, 0.436_614_0),
            (19, 20, 0.751_267_2, 0.998_734_9),
            (50, 100, 0.398_321_1, 0.601_678_9),
        ] {
            let interval = clopper_pearson(x, n);
            close(interval.map(|i| i[0]), low, 1e-6);
            close(interval.map(|i| i[1]), high, 1e-6);
        }
    }

    #[test]
    fn three_of_three_show_at_least_37_percent() {
        close(lower_bound(3, 3), 0.05_f64.powf(1.0 / 3.0), 1e-9);
        close(upper_bound(0, 3), 1.0 - 0.05_f64.powf(1.0 / 3.0), 1e-9);
    }

    #[test]
    fn it_takes_59_of_59_to_show_95_percent() {
        assert!(lower_bound(58, 58).unwrap() < 0.95);
        assert!(lower_bound(59, 59).unwrap() >= 0.95);
        assert_eq!(trials_to_show(0.95), Some(59));
        assert_eq!(trials_to_show(0.90), Some(29));
        assert_eq!(trials_to_show(1.0), None);
        assert_eq!(trials_to_show(0.0), Some(1));
    }

    #[test]
    fn no_trials_have_no_interval() {
        assert_eq!((clopper_pearson(0, 0), lower_bound(0, 0), upper_bound(0, 0)), (None, None, None));
        assert_eq!(clopper_pearson(2, 1), None);
    }

    #[test]
    fn many_trials_are_no_trouble() {
        close(lower_bound(100_000, 100_000), 0.05_f64.powf(1e-5), 1e-9);
        close(lower_bound(99_000, 100_000), 0.989_471, 1e-5);
    }

    #[test]
    fn a_mean_of_nine_values_has_no_interval() {
        assert_eq!(bootstrap_mean(&[1.0; 9], 1), None);
    }

    #[test]
    fn equal_values_have_an_interval_of_no_width() {
        let interval = bootstrap_mean(&[5.0; 10], 1).unwrap();
        assert_eq!((interval.two_sided, interval.lower, interval.upper), ([5.0, 5.0], 5.0, 5.0));
    }

    #[test]
    fn the_seed_decides_the_interval() {
        let values: Vec<f64> = (0..30).map(|i| f64::from(i * i)).collect();
        assert_eq!(bootstrap_mean(&values, 1), bootstrap_mean(&values, 1));
        assert_ne!(bootstrap_mean(&values, 1), bootstrap_mean(&values, 2));
    }

    #[test]
    fn the_bootstrap_comes_close_to_the_t_interval_of_a_symmetric_sample() {
        // 1..=40: mean 20.5, standard error 1.8484. Normal theory: 20.5 ± 1.96 × 1.825 (bootstrap's own 1/n variance).
        let values: Vec<f64> = (1..=40).map(f64::from).collect();
        let interval = bootstrap_mean(&values, 7).unwrap();
        close(Some(interval.two_sided[0]), 20.5 - 1.96 * 1.825, 0.25);
        close(Some(interval.two_sided[1]), 20.5 + 1.96 * 1.825, 0.25);
        close(Some(interval.upper), 20.5 + 1.645 * 1.825, 0.25);
    }

    #[test]
    fn a_skewed_sample_has_a_skewed_interval() {
        let values: Vec<f64> = (0..30).map(|i| f64::from(i).exp2().min(4000.0)).collect();
        let [low, high] = bootstrap_mean(&values, 3).unwrap().two_sided;
        let mut one = vec![1.0; 20];
        one.push(1000.0);
        let [one_low, one_high] = bootstrap_mean(&one, 3).unwrap().two_sided;
        assert!(low < high);
        assert!(mean(&one) - one_low < one_high - mean(&one));
    }
}

//! Intervals of proportions and of their differences that hold with few trials, and with none or all of them successes.
//!
//! Counts need not be whole: where trials hang together, they are those of as many independent trials as the data are worth
//! (`Design`).

use super::z_of;

/// The score interval of a proportion, `successes` of `trials`; absent without trials.
///
/// E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927) 209–212.
#[must_use]
pub fn wilson(successes: f64, trials: f64, confidence: f64) -> Option<[f64; 2]> {
    score(successes, trials, z_of(confidence))
}

fn score(successes: f64, trials: f64, z: f64) -> Option<[f64; 2]> {
    if trials <= 0.0 || !(0.0..=trials).contains(&successes) {
        return None;
    }
    let p = successes / trials;
    let middle = successes + z * z / 2.0;
    let half = z * (trials * p * (1.0 - p) + z * z / 4.0).sqrt();
    // At none and at all of them the ends are 0 and 1, but for rounding.
    Some(
        [(middle - half) / (trials + z * z), (middle + half) / (trials + z * z)]
            .map(|end| end.clamp(0.0, 1.0)),
    )
}

/// The interval of the difference of two independent proportions, second − first, each as successes and trials; absent
/// when one has no trials.
///
/// R. G. Newcombe, "Interval estimation for the difference between independent proportions: comparison of eleven
/// methods", Statistics in Medicine 17 (1998) 873–890, method 10.
///
/// ```
/// // 56 of 70 less 48 of 80, as in the paper's table II.
/// let [low, high] = goose_recovery::compare::newcombe([48.0, 80.0], [56.0, 70.0], 0.95).unwrap();
/// assert!((low - 0.0524).abs() < 1e-4 && (high - 0.3339).abs() < 1e-4);
/// ```
#[must_use]
pub fn newcombe(first: [f64; 2], second: [f64; 2], confidence: f64) -> Option<[f64; 2]> {
    independent(first, second, z_of(confidence))
}

/// [`newcombe`] with a quantile of its own.
pub(in crate::compare) fn independent(first: [f64; 2], second: [f64; 2], z: f64) -> Option<[f64; 2]> {
    difference(first, second, 0.0, z)
}

/// The interval of the difference of two proportions, second − first, of the same `trials`: how many were successes in both,
/// in the first only, in the second only, in neither. Absent without trials.
///
/// R. G. Newcombe, "Improved confidence intervals for the difference between binomial proportions based on paired data",
/// Statistics in Medicine 17 (1998) 2635–2650, method 10.
#[must_use]
pub fn newcombe_paired(cells: [f64; 4], confidence: f64) -> Option<[f64; 2]> {
    paired(cells, z_of(confidence))
}

/// [`newcombe_paired`] with a quantile of its own.
pub(in crate::compare) fn paired(cells: [f64; 4], z: f64) -> Option<[f64; 2]> {
    let [both, first, second, neither] = cells;
    let n: f64 = cells.iter().sum();
    let margins = (both + first) * (second + neither) * (both + second) * (first + neither);
    let concordance = both * neither - first * second;
    // The correction for continuity keeps a correlation that may be chance from narrowing the interval.
    let corrected = if concordance > 0.0 { (concordance - n / 2.0).max(0.0) } else { concordance };
    let correlation = if margins > 0.0 { corrected / margins.sqrt() } else { 0.0 };
    difference([both + first, n], [both + second, n], correlation, z)
}

/// Both ends from the score intervals of the two, by the correlation between them.
fn difference(first: [f64; 2], second: [f64; 2], correlation: f64, z: f64) -> Option<[f64; 2]> {
    let [low_1, high_1] = score(first[0], first[1], z)?;
    let [low_2, high_2] = score(second[0], second[1], z)?;
    let (p_1, p_2) = (first[0] / first[1], second[0] / second[1]);
    let distance = |a: f64, b: f64| (a * a - 2.0 * correlation * a * b + b * b).max(0.0).sqrt();
    Some([p_2 - p_1 - distance(p_2 - low_2, high_1 - p_1), p_2 - p_1 + distance(high_2 - p_2, p_1 - low_1)])
}

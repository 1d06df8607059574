//! How large a difference is, apart from how sure it is.

/// The probability that a value of `candidate` is above one of `baseline` less that it is below: from −1 to 1, 0 when
/// neither tends to be larger. Absent when one has no value.
///
/// N. Cliff, "Dominance statistics: ordinal analyses to answer ordinal questions", Psychological Bulletin 114 (1993)
/// 494–509.
///
/// ```
/// use goose_recovery::compare::cliffs_delta;
/// assert_eq!(cliffs_delta(&[1.0, 2.0], &[3.0, 4.0]), Some(1.0));
/// assert_eq!(cliffs_delta(&[1.0, 3.0], &[2.0]), Some(0.0));
/// ```
#[must_use]
pub fn cliffs_delta(baseline: &[f64], candidate: &[f64]) -> Option<f64> {
    let mut sorted = baseline.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let dominance = candidate.iter().map(|value| {
        let below = sorted.partition_point(|other| other < value);
        let above = sorted.len() - sorted.partition_point(|other| other <= value);
        super::float(below) - super::float(above)
    });
    let pairs = super::float(baseline.len()) * super::float(candidate.len());
    (pairs > 0.0).then(|| dominance.sum::<f64>() / pairs)
}

/// The difference of two proportions on the scale of arcsines, on which it is equally hard to see everywhere: from −π to π.
///
/// J. Cohen, "Statistical Power Analysis for the Behavioral Sciences" (1988), chapter 6.
#[must_use]
pub fn cohens_h(baseline: f64, candidate: f64) -> f64 {
    2.0 * candidate.clamp(0.0, 1.0).sqrt().asin() - 2.0 * baseline.clamp(0.0, 1.0).sqrt().asin()
}

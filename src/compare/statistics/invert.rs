//! A test made of intervals.

/// Halvings until the p-value is found to twelve digits.
const HALVINGS: usize = 40;

/// The least level at which the interval lies wholly outside of `band`, be it above or below, and so rejects that the true
/// value is inside; not less than `least`, and 1 when no interval does. `interval` gives the one of a confidence; one of
/// more confidence must hold one of less.
pub(in crate::compare) fn p_value(interval: impl Fn(f64) -> [f64; 2], band: [f64; 2], least: f64) -> f64 {
    let outside = |level: f64| {
        let [low, high] = interval(1.0 - level);
        low > band[1] || high < band[0]
    };
    let (mut inside_at, mut outside_at) = (least, 1.0 - f64::EPSILON);
    if !outside(outside_at) {
        return 1.0;
    }
    if outside(least) {
        return least;
    }
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(inside_at, outside_at);
        *(if outside(middle) { &mut outside_at } else { &mut inside_at }) = middle;
    }
    outside_at
}

//! What it costs to ask many questions of the same runs.

/// How one of several tests stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// The p-value that compares with the level of a single test.
    pub p: f64,
    /// The confidence of the interval that says what the test says: it leaves out the null value when, and only when, the
    /// test rejects it.
    pub confidence: f64,
}

/// The tests, each by its p-value, so that with a probability of `confidence` none of them all rejects wrongly.
///
/// S. Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6 (1979)
/// 65–70. The least of m is tested at 1/m of the level, the next one at 1/(m−1), up to the first that does not reject; no
/// later one does, so that their intervals have the level at which it ended.
#[must_use]
pub fn holm(p: &[f64], confidence: f64) -> Vec<Step> {
    let level = 1.0 - confidence;
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|a, b| p[*a].total_cmp(&p[*b]));
    let mut steps = vec![Step { p: 1.0, confidence }; p.len()];
    let (mut adjusted, mut ended) = (0.0_f64, None);
    for (rank, test) in order.into_iter().enumerate() {
        let left = super::float(p.len() - rank);
        adjusted = adjusted.max((p[test] * left).min(1.0));
        let own = ended.unwrap_or(level / left);
        if p[test] > own {
            ended = Some(own);
        }
        steps[test] = Step { p: adjusted, confidence: 1.0 - own };
    }
    steps
}

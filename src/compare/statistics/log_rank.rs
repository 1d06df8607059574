//! Whether two groups take equally long, when some were not watched to the end.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF, Normal};

use crate::analysis::survival::Observation;

/// What the test finds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LogRank {
    /// The statistic, with one degree of freedom.
    pub chi_square: f64,
    /// The probability of one as large, or larger, when both take equally long.
    pub p: f64,
}

/// Compares how long two groups of independent trials take; absent when no instant has an event while both are watched.
///
/// N. Mantel, "Evaluation of survival data and two new rank order statistics arising in its consideration", Cancer
/// Chemotherapy Reports 50 (1966) 163–170.
#[must_use]
pub fn log_rank(first: &[Observation], second: &[Observation]) -> Option<LogRank> {
    let mut all: Vec<(u64, bool, bool)> = [(first, true), (second, false)]
        .into_iter()
        .flat_map(|(group, of_first)| {
            group.iter().map(move |seen| (seen.time(), matches!(seen, Observation::Event(_)), of_first))
        })
        .collect();
    all.sort_unstable();
    let (mut at_risk, mut first_at_risk) = (super::float(all.len()), super::float(first.len()));
    let (mut excess, mut variance) = (0.0, 0.0);
    // Who is given up at the instant of an event was at risk in it.
    for same in all.chunk_by(|a, b| a.0 == b.0) {
        let count =
            |of: fn(&(u64, bool, bool)) -> bool| super::float(same.iter().filter(|it| of(it)).count());
        let (events, first_events) = (count(|it| it.1), count(|it| it.1 && it.2));
        let share = first_at_risk / at_risk;
        excess += first_events - events * share;
        if at_risk > 1.0 {
            variance += events * share * (1.0 - share) * (at_risk - events) / (at_risk - 1.0);
        }
        at_risk -= super::float(same.len());
        first_at_risk -= count(|it| it.2);
    }
    let chi_square = excess * excess / variance;
    let p = 2.0 * Normal::standard().sf(chi_square.sqrt());
    (variance > 0.0).then_some(LogRank { chi_square, p })
}

//! Which setting to keep, by a rule that is stated, and what the data do not decide. Pure.

mod words;

pub use words::{impossible, missing};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::standing::{Cell, Standing};
use crate::analysis::Verdict;
use crate::compare::{ChangeOutcome, Comparison, Incomparable, Metric, Options, Side, compare};
use crate::lang::Sentence;

/// Version of `recommendation.json`.
pub const RECOMMENDATION_SCHEMA: u32 = 1;

/// `recommendation.json`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Recommendation {
    /// [`RECOMMENDATION_SCHEMA`].
    pub schema: u32,
    /// Every setting that has a run, in the order of the comparison's sides.
    pub standings: Vec<Standing>,
    /// The place of the recommended setting among them; absent when none can be recommended.
    pub chosen: Option<usize>,
    /// The recommended setting's whole restart policy, as `backend --policy FILE` takes it; absent when the target shows none.
    pub policy: Option<serde_json::Value>,
    /// What is recommended, and why.
    pub reasons: Vec<Sentence>,
    /// How the plan's own setting stands.
    pub planned: Sentence,
    /// What the data do not decide.
    pub undecided: Vec<Sentence>,
}

/// What a sweep comes to.
#[derive(Debug, Clone, PartialEq)]
pub struct Findings {
    /// All settings against the first of them, which is the plan's own where it has a run; absent with fewer than two.
    pub comparison: Option<Comparison>,
    /// Which setting to keep.
    pub recommendation: Recommendation,
}

/// The cells in the order in which they are compared: the plan's own setting first, as the baseline.
#[must_use]
pub fn in_order<'a>(cells: &[Cell<'a>]) -> Vec<Cell<'a>> {
    let mut cells: Vec<_> = cells.iter().filter(|cell| !cell.runs.is_empty()).cloned().collect();
    cells.sort_by_key(|cell| !cell.planned);
    cells
}

/// Compares all cells (as [`in_order`] gives them) and recommends one by this rule, step by step:
///
/// 1. all KPIs pass, over all of its runs;
/// 2. of these the least mean recovery time, with all that are not distinguishable from it: those of which the comparison with
///    it claims no regression in recovery time;
/// 3. of these the fewest restarts, with all that are likewise not distinguishable from it;
/// 4. of these the simplest: the plan's own setting, or else that with the fewest retries, or else the first of the sweep.
///
/// # Errors
/// When the runs do not measure the same.
pub fn recommend(cells: &[Cell<'_>], options: &Options) -> Result<Findings, Incomparable> {
    let all: Vec<usize> = (0..cells.len()).collect();
    let comparison = compared(cells, &all, options)?;
    let standing = |(side, cell)| Standing::new(cell, comparison.as_ref(), side);
    let standings: Vec<Standing> = cells.iter().enumerate().map(standing).collect();

    let passing: Vec<usize> =
        all.into_iter().filter(|place| standings[*place].verdict == Verdict::Pass).collect();
    let fastest = step(cells, &standings, &passing, Metric::RecoveryTime, options)?;
    let fewest = step(cells, &standings, &fastest.kept, Metric::RestartAttempts, options)?;
    let chosen = fewest.kept.iter().copied().min_by_key(|place| simplicity(&standings[*place]));
    let steps = words::Steps { passing: &passing, fastest: &fastest, fewest: &fewest, chosen };
    let recommendation = Recommendation {
        schema: RECOMMENDATION_SCHEMA,
        chosen,
        policy: chosen.and_then(|chosen| cells[chosen].runs.first()?.plan.policy.clone()),
        reasons: words::reasons(&standings, &steps),
        planned: words::planned(&standings, &steps),
        undecided: words::undecided(&standings, &steps),
        standings,
    };
    Ok(Findings { comparison, recommendation })
}

/// What is left after a step of the rule.
#[derive(Debug, Clone, Default)]
struct Step {
    /// The one with the least value; absent when no value was seen.
    least: Option<usize>,
    /// It, and those that are not distinguishable from it.
    kept: Vec<usize>,
}

/// Keeps the one with the least `metric`, and those of which a comparison with it does not claim more.
fn step(
    cells: &[Cell<'_>],
    standings: &[Standing],
    places: &[usize],
    metric: Metric,
    options: &Options,
) -> Result<Step, Incomparable> {
    let value = |place: usize| match metric {
        Metric::RecoveryTime => standings[place].recovery_us,
        _ => standings[place].restarts,
    };
    let seen = places.iter().filter_map(|place| Some((*place, value(*place)?)));
    let Some((least, _)) = seen.min_by(|(_, a), (_, b)| a.total_cmp(b)) else {
        return Ok(Step { least: None, kept: places.to_vec() });
    };
    let order: Vec<usize> =
        std::iter::once(least).chain(places.iter().copied().filter(|place| *place != least)).collect();
    let Some(comparison) = compared(cells, &order, options)? else {
        return Ok(Step { least: Some(least), kept: order });
    };
    let worse = |side: usize| {
        let of_metric = comparison.metrics.iter().filter(|found| found.metric == metric);
        let changes = of_metric.filter_map(|found| found.changes.get(side.checked_sub(1)?));
        changes.into_iter().any(|change| change.outcome == ChangeOutcome::Regressed)
    };
    let kept = order.iter().enumerate().filter(|(side, _)| !worse(*side)).map(|(_, place)| *place).collect();
    Ok(Step { least: Some(least), kept })
}

/// Those cells side by side, the first as the baseline; nothing with fewer than two.
fn compared(
    cells: &[Cell<'_>],
    places: &[usize],
    options: &Options,
) -> Result<Option<Comparison>, Incomparable> {
    let sides: Vec<_> = places.iter().map(|place| side(&cells[*place])).collect();
    if sides.len() < 2 { Ok(None) } else { compare(&sides, options).map(Some) }
}

/// A cell as a side of a comparison.
#[must_use]
pub fn side<'a>(cell: &Cell<'a>) -> Side<'a> {
    Side { label: cell.setting.to_string(), runs: cell.runs.clone() }
}

/// Less is simpler: nothing to change, then fewer retries.
fn simplicity(standing: &Standing) -> (bool, u64) {
    let retries = standing.setting.get("max-retries").and_then(|retries| retries.parse().ok());
    (!standing.planned, retries.unwrap_or(0))
}

#[cfg(test)]
mod tests;

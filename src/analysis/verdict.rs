//! From KPIs to the verdict of a scenario and of a run.

use super::model::{Kpi, NO_FAULT, Outcome, RunState, ScenarioSummary, Summary, Verdict};
use super::trial::Trial;
use crate::journal::event::PlanRecord;

/// Each planned scenario: its worst KPI. Without a KPI, without a trial, or when the run broke off before the
/// scenario's end, it is at best inconclusive: no data never passes.
pub(super) fn scenarios(
    plan: &PlanRecord,
    kpis: &[Kpi],
    trials: &[Trial<'_>],
    state: RunState,
    finished: impl Fn(&str) -> bool,
) -> Vec<ScenarioSummary> {
    let judge = |name: &String| {
        let worst = kpis.iter().filter(|kpi| kpi.scenario == *name).map(|kpi| kpi.verdict).max();
        let trials = trials.iter().filter(|trial| trial.scenario == name && trial.counts()).count();
        let whole = state == RunState::Completed || finished(name);
        let at_best = if trials > 0 && whole { Verdict::Pass } else { Verdict::Inconclusive };
        ScenarioSummary {
            name: name.clone(),
            verdict: worst.unwrap_or(Verdict::Inconclusive).max(at_best),
            trials: u32::try_from(trials).unwrap_or(u32::MAX),
        }
    };
    plan.scenarios.iter().map(|scenario| judge(&scenario.name)).collect()
}

/// The worst scenario, never a pooled mean. A run that did not come to its end does not pass.
pub(super) fn overall(scenarios: &[ScenarioSummary], state: RunState) -> Verdict {
    let worst = scenarios.iter().map(|scenario| scenario.verdict).max().unwrap_or(Verdict::Inconclusive);
    if state == RunState::Completed { worst } else { worst.max(Verdict::Inconclusive) }
}

/// Whether the run is invalid: it had its chance, and no fault took effect. Such a run says nothing about the
/// target, which is another thing than being inconclusive about it. A run that broke off before its first
/// fault is not called invalid, nor is one that planned none.
#[must_use]
pub fn no_fault_took_effect(summary: &Summary) -> bool {
    let none = summary.episodes.iter().all(|episode| episode.outcome == Outcome::Void);
    let scenarios = &summary.plan.scenarios;
    let planned = scenarios.is_empty() || scenarios.iter().any(|scenario| scenario.fault != NO_FAULT);
    none && (!summary.episodes.is_empty() || (summary.state == RunState::Completed && planned))
}

//! What the sides of a comparison have shown of recoveries. Pure.

use crate::analysis::survival::{Observation, recoveries};
use crate::compare::{Side, scenarios};

/// What one side has shown of a scenario: by run, in the order in which the faults were injected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Observed {
    pub(super) label: String,
    pub(super) runs: Vec<RunObserved>,
}

/// What one run has shown of a scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RunObserved {
    pub(super) run_id: String,
    /// Of its decided trials, in µs since t0.
    pub(super) trials: Vec<Observation>,
}

impl Observed {
    /// Of all of its runs.
    pub(super) fn trials(&self) -> Vec<Observation> {
        self.runs.iter().flat_map(|run| &run.trials).copied().collect()
    }
}

/// Each scenario that every run has, with what each side has shown of it; without those in which no trial was decided.
pub(super) fn observed(sides: &[Side<'_>]) -> Vec<(String, Vec<Observed>)> {
    let side = |side: &Side<'_>, scenario: &str| Observed {
        label: side.label.clone(),
        runs: side
            .runs
            .iter()
            .map(|run| RunObserved { run_id: run.run_id.clone(), trials: recoveries(run, scenario) })
            .collect(),
    };
    let of = |name: &str| -> Vec<_> { sides.iter().map(|one| side(one, name)).collect() };
    scenarios(sides)
        .into_iter()
        .map(|name| (name.to_owned(), of(name)))
        .filter(|(_, sides)| sides.iter().any(|side| side.runs.iter().any(|run| !run.trials.is_empty())))
        .collect()
}

/// Whether it was given up.
pub(super) fn given_up(seen: Observation) -> bool {
    matches!(seen, Observation::Censored(_))
}

/// Until when every trial of all sides was watched, in µs: what a mean of all of them is restricted to. Absent where none was
/// given up.
pub(super) fn horizon_us(sides: &[Observed]) -> Option<u64> {
    let seen = sides.iter().flat_map(|side| &side.runs).flat_map(|run| &run.trials);
    seen.filter(|seen| given_up(**seen)).map(|seen| seen.time()).min()
}

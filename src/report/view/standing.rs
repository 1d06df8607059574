//! What a sweep's settings and its recommendation read like. Pure.

use serde::Serialize;

use super::{Mark, amount_or, of};
use crate::compare::Unit;
use crate::lang::{Lang, format};
use crate::sweep::{Recommendation, Standing};

/// The name of the file with the recommended policy.
pub(crate) const POLICY_FILE: &str = "policy.json";

/// One setting.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct StandingView {
    pub(crate) setting: String,
    /// Whether it is recommended, and whether it is the plan's own.
    pub(crate) remarks: Vec<String>,
    pub(crate) chosen: bool,
    pub(crate) mark: Mark,
    pub(crate) runs: String,
    /// Of its decided trials.
    pub(crate) recovered: String,
    pub(crate) recovery: String,
    pub(crate) restarts: String,
    pub(crate) restarts_per_trial: String,
    pub(crate) requests_per_entry: String,
    pub(crate) lost: String,
    /// By what the columns of figures are sorted, in the order of the fields above from `runs` on.
    pub(crate) sort: [String; 7],
}

impl StandingView {
    fn new(standing: &Standing, chosen: bool, lang: Lang) -> Self {
        let recovered = standing.trials.saturating_sub(standing.censored);
        let ratio = |value: Option<f64>| {
            value.map_or_else(|| lang.text("not-observed"), |value| format!("{value:.2}"))
        };
        let remarks = [(chosen, "compare-is-chosen"), (standing.planned, "compare-is-planned")];
        let sorted = |value: Option<f64>| value.map_or_else(String::new, |value| value.to_string());
        let again = standing.amplification;
        Self {
            setting: standing.setting.to_string(),
            remarks: remarks.into_iter().filter(|(is, _)| *is).map(|(_, id)| lang.text(id)).collect(),
            chosen,
            mark: Mark::new(standing.verdict, lang),
            runs: format::count(standing.runs),
            recovered: of(recovered, standing.trials, lang),
            recovery: amount_or(Unit::Us, standing.recovery_us, lang),
            restarts: ratio(standing.restarts),
            restarts_per_trial: ratio(again.restarts_per_trial),
            requests_per_entry: again
                .requests_per_entry
                .map_or_else(|| lang.text("not-observed"), |value| format!("{value:.3}")),
            lost: amount_or(Unit::Requests, standing.goodput_lost, lang),
            sort: [
                standing.runs.to_string(),
                recovered.to_string(),
                sorted(standing.recovery_us),
                sorted(standing.restarts),
                sorted(again.restarts_per_trial),
                sorted(again.requests_per_entry),
                sorted(standing.goodput_lost),
            ],
        }
    }
}

/// Every setting, in the order of the comparison.
pub(crate) fn standings(recommendation: &Recommendation, lang: Lang) -> Vec<StandingView> {
    let all = recommendation.standings.iter().enumerate();
    all.map(|(at, standing)| StandingView::new(standing, recommendation.chosen == Some(at), lang)).collect()
}

/// The names of the columns of [`StandingView`], from `setting` on.
pub(crate) fn columns(lang: Lang) -> [String; 9] {
    [
        "compare-setting",
        "term-verdict",
        "compare-runs",
        "compare-recovered",
        "compare-recovery",
        "compare-restarts",
        "compare-restarts-per-trial",
        "compare-requests-per-entry",
        "compare-lost",
    ]
    .map(|id| lang.text(id))
}

/// Why that one, and how the plan's own stands: sentence by sentence.
pub(crate) fn reasons(recommendation: &Recommendation, lang: Lang) -> Vec<String> {
    recommendation.reasons.iter().chain([&recommendation.planned]).map(|said| lang.read(said)).collect()
}

/// What the data do not decide.
pub(crate) fn undecided(recommendation: &Recommendation, lang: Lang) -> Vec<String> {
    recommendation.undecided.iter().map(|said| lang.read(said)).collect()
}

/// The text of the recommended policy, as [`POLICY_FILE`] holds it.
pub(crate) fn policy(recommendation: &Recommendation) -> Option<String> {
    recommendation.policy.as_ref().map(|policy| format!("{policy:#}\n"))
}

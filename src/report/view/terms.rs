//! The words for what the analysis tells apart. Pure.

use super::with_detail;
use crate::analysis::Verdict;
use crate::analysis::model::{AlertRole, Outcome, RunState};
use crate::lang::Lang;

/// The phases in order.
pub(crate) const PHASES: [&str; 5] = ["detect", "restart", "ready", "restore", "recover"];

/// The answer to the run's question.
pub(crate) fn headline(verdict: Verdict, lang: Lang) -> String {
    lang.text(match verdict {
        Verdict::Pass => "headline-pass",
        Verdict::Fail => "headline-fail",
        Verdict::Inconclusive => "headline-inconclusive",
    })
}

/// An outcome as style sheets and scripts know it.
pub(crate) fn outcome_code(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Recovered => "recovered",
        Outcome::Censored => "censored",
        Outcome::Void => "void",
        Outcome::Aborted => "aborted",
    }
}

/// One word for an outcome.
pub(crate) fn outcome(outcome: Outcome, lang: Lang) -> String {
    lang.text(&format!("outcome-{}", outcome_code(outcome)))
}

/// [`outcome`], and whether somebody helped.
pub(crate) fn outcome_of(outcome: Outcome, automatic: bool, lang: Lang) -> String {
    let word = self::outcome(outcome, lang);
    if outcome == Outcome::Recovered && !automatic {
        return with_detail(&word, &lang.text("helped"), lang);
    }
    word
}

/// What the word for an outcome means.
pub(crate) fn outcome_meaning(outcome: Outcome, lang: Lang) -> String {
    lang.text(&format!("outcome-{}-meaning", outcome_code(outcome)))
}

/// How a run ended.
pub(crate) fn run_state(state: RunState, lang: Lang) -> String {
    lang.text(match state {
        RunState::Completed => "run-completed",
        RunState::Interrupted => "run-interrupted",
        RunState::Aborted => "run-aborted",
        RunState::Failed => "run-failed",
    })
}

/// What the matcher made of an alert.
pub(crate) fn role(role: AlertRole, lang: Lang) -> String {
    lang.text(match role {
        AlertRole::Matched => "role-matched",
        AlertRole::Late => "role-late",
        AlertRole::Duplicate => "role-duplicate",
        AlertRole::Collateral => "role-collateral",
        AlertRole::False => "role-false",
    })
}

/// The name of a phase by its place in [`PHASES`].
pub(crate) fn phase_name(index: usize, lang: Lang) -> String {
    lang.text(&format!("phase-{}", PHASES[index]))
}

/// What a phase is; in a store episode nobody restarts a module: the outage is our own.
pub(crate) fn phase_meaning(index: usize, of_stores: bool, lang: Lang) -> String {
    let of = if of_stores { "of-stores" } else { "meaning" };
    lang.text(&format!("phase-{}-{of}", PHASES[index]))
}

//! What an episode reads like. Pure.

use serde::Serialize;

use super::{PHASES, commas, counted, of, outcome, outcome_code};
use crate::analysis::model::{Episode, EpisodeAlerts, Phases};
use crate::lang::{Lang, format::length};

/// One episode in a row.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct EpisodeView {
    pub(crate) id: u32,
    pub(crate) scenario: String,
    pub(crate) fault: String,
    pub(crate) target: String,
    pub(crate) outcome: String,
    /// The outcome as style sheets and scripts know it.
    pub(crate) class: &'static str,
    pub(crate) recovery: String,
    /// From the end of an outage that the harness made.
    pub(crate) recovery_from_end: Option<String>,
    pub(crate) phases: Vec<PhaseView>,
    pub(crate) failures: String,
    pub(crate) failed: String,
    /// Those expected.
    pub(crate) alerts_expected: String,
    /// All of them.
    pub(crate) alerts: String,
}

/// One phase that was observed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) struct PhaseView {
    /// Its place in [`PHASES`].
    pub(crate) index: usize,
    pub(crate) us: u64,
}

impl EpisodeView {
    pub(crate) fn new(episode: &Episode, lang: Lang) -> Self {
        Self {
            id: episode.id,
            scenario: episode.scenario.clone(),
            fault: episode.fault.clone(),
            target: episode.target.clone(),
            outcome: outcome(episode.outcome, lang),
            class: outcome_code(episode.outcome),
            recovery: lang.length_or(episode.recovery_us),
            recovery_from_end: episode.recovery_from_end_us.map(length),
            phases: observed(&episode.phases_us),
            failures: failures(episode, lang),
            failed: of(episode.failed_requests, episode.requests, lang),
            alerts_expected: due(&episode.alerts, lang),
            alerts: alerts(&episode.alerts, lang),
        }
    }
}

/// The phases of an episode by their place in [`PHASES`].
pub(crate) fn all_phases(phases: &Phases) -> [Option<u64>; PHASES.len()] {
    [phases.detect, phases.restart, phases.ready, phases.restore, phases.recover]
}

/// The phases that somebody observed.
pub(crate) fn observed(phases: &Phases) -> Vec<PhaseView> {
    let seen = all_phases(phases).into_iter().enumerate();
    seen.filter_map(|(index, us)| Some(PhaseView { index, us: us? })).collect()
}

/// From the first to the last failure since t0.
fn failures(episode: &Episode, lang: Lang) -> String {
    match (episode.first_failure_us, episode.last_failure_us) {
        (Some(first), Some(last)) => {
            lang.say("failures-between", [("first", length(first).into()), ("last", length(last).into())])
        }
        (Some(first), None) => lang.say("failures-from", [("first", length(first).into())]),
        (None, _) => lang.text("none"),
    }
}

/// `1 of 1`, with those that came late.
fn expected(alerts: &EpisodeAlerts, lang: Lang) -> Vec<String> {
    if alerts.expected == 0 {
        return vec![lang.text("alerts-not-due")];
    }
    let mut parts = vec![of(alerts.matched.into(), alerts.expected.into(), lang)];
    parts.extend(counted([(alerts.late.into(), "alerts-late")], lang));
    parts
}

/// The expected alerts of an episode in one line.
pub(crate) fn due(alerts: &EpisodeAlerts, lang: Lang) -> String {
    commas(&expected(alerts, lang), lang)
}

/// [`expected`], with what came beside the plan.
fn alerts(alerts: &EpisodeAlerts, lang: Lang) -> String {
    let mut parts = expected(alerts, lang);
    let besides =
        [(alerts.duplicates.into(), "alerts-duplicate"), (alerts.collateral.into(), "alerts-collateral")];
    parts.extend(counted(besides, lang));
    commas(&parts, lang)
}

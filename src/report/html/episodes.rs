//! The part of the page that belongs to one episode. Pure.

use std::collections::BTreeMap;

use serde::Serialize;

use super::facts::{AlertView, Fact, fact};
use crate::analysis::Analysis;
use crate::analysis::model::{Episode, Outcome};
use crate::lang::format;
use crate::report::view::{self, EpisodeView};
use crate::report::words;

/// So many sections stand open when the page is opened: those that did not recover.
const OPEN: usize = 3;

/// One episode.
#[derive(Debug, Serialize)]
pub(super) struct EpisodeSection {
    pub(super) row: EpisodeView,
    pub(super) open: bool,
    pub(super) meaning: &'static str,
    /// What each of the observed phases is, beside the phases of `row`.
    pub(super) phases: Vec<&'static str>,
    /// A cell for each of `words::PHASES`.
    pub(super) cells: Vec<String>,
    /// Share of the bar in per cent, beside the phases of `row`.
    pub(super) shares: Vec<f64>,
    pub(super) facts: Vec<Fact>,
    pub(super) events: Vec<(String, String)>,
    pub(super) alerts: Vec<AlertView>,
    pub(super) causes: Vec<(String, String)>,
}

/// All episodes in order.
pub(super) fn sections(analysis: &Analysis) -> Vec<EpisodeSection> {
    let mut notes: BTreeMap<u32, Vec<_>> = BTreeMap::new();
    for note in &analysis.notes {
        notes.entry(note.episode).or_default().push(note);
    }
    let mut alerts: BTreeMap<u32, Vec<_>> = BTreeMap::new();
    for alert in &analysis.alerts {
        if let Some(episode) = alert.episode {
            alerts.entry(episode).or_default().push(alert);
        }
    }
    let mut may_open = OPEN;
    let section = |episode: &Episode| {
        let row = EpisodeView::new(episode);
        let open = episode.outcome != Outcome::Recovered && may_open > 0;
        may_open -= usize::from(open);
        let notes = notes.get(&episode.id).map(Vec::as_slice).unwrap_or_default();
        let alerts = alerts.get(&episode.id).map(Vec::as_slice).unwrap_or_default();
        EpisodeSection {
            open,
            meaning: words::outcome_meaning(episode.outcome),
            cells: view::all_phases(&episode.phases_us).map(format::length_or).to_vec(),
            phases: row.phases.iter().map(|phase| words::phase(phase.index, episode.hits_stores())).collect(),
            shares: shares(&row),
            facts: facts(episode),
            events: notes
                .iter()
                .map(|note| (since(note.t_us, episode.t0_us), note.text.text.clone()))
                .collect(),
            alerts: alerts.iter().map(|alert| AlertView::new(alert)).collect(),
            causes: episode
                .failure_causes
                .iter()
                .map(|(cause, n)| (cause.clone(), format::count(*n)))
                .collect(),
            row,
        }
    };
    analysis.summary.episodes.iter().map(section).collect()
}

/// How much of the bar each observed phase takes.
fn shares(row: &EpisodeView) -> Vec<f64> {
    let all: u64 = row.phases.iter().map(|phase| phase.us).sum();
    #[expect(clippy::cast_precision_loss, reason = "shares of a bar")]
    let share = |us: u64| (us as f64 / all.max(1) as f64 * 1_000.0).round() / 10.0;
    row.phases.iter().map(|phase| share(phase.us)).collect()
}

/// An instant relative to t0: `+4.9 ms`; before it `−2 ms`.
fn since(t_us: u64, t0_us: u64) -> String {
    if t_us >= t0_us {
        format!("+{}", format::length(t_us - t0_us))
    } else {
        format!("−{}", format::length(t0_us - t_us))
    }
}

fn facts(episode: &Episode) -> Vec<Fact> {
    let mut facts = vec![
        fact(
            "t0",
            format!("{} ± {}", format::instant(episode.t0_us), format::length(episode.t0_uncertainty_us)),
        ),
        fact(
            "evidence of the effect",
            episode.evidence.clone().unwrap_or_else(|| format::NOT_OBSERVED.to_owned()),
        ),
        fact("automatic", automatic(episode)),
        fact("recovery time", format::length_or(episode.recovery_us)),
        fact("first success after t0", format::length_or(episode.first_success_us)),
        fact("first failure after t0", format::length_or(episode.first_failure_us)),
        fact("last failure after t0", format::length_or(episode.last_failure_us)),
        fact("requests failed", view::failed_of(episode.failed_requests, episode.requests)),
        fact("goodput lost", goodput_lost(episode)),
    ];
    if let Some(state) = &episode.state {
        facts.extend(view::state::facts(episode, state).map(|(name, text)| fact(name, text)));
    } else if !episode.hits_stores() {
        facts.push(fact("restart attempts", attempts(episode)));
    }
    facts.push(fact("alerts", EpisodeView::new(episode).alerts));
    facts.push(fact("alert delay", delays(episode)));
    facts.push(fact("judged against", baseline(episode)));
    facts
}

/// The yardstick of the recovery.
fn baseline(episode: &Episode) -> String {
    let Some(baseline) = &episode.baseline else {
        return "no baseline was measured".to_owned();
    };
    let goodput = baseline.goodput_per_s.map(|rate| format!(", {} requests a second", format::number(rate)));
    format!(
        "baseline {} to {}: {}, {} good, p95 {}{}",
        format::instant(baseline.from_us),
        format::instant(baseline.to_us),
        format::counted(baseline.canaries, "canary", "canaries"),
        format::ratio(baseline.success_ratio),
        format::length(baseline.p95_us),
        goodput.unwrap_or_default()
    )
}

fn automatic(episode: &Episode) -> &'static str {
    match (episode.is_trial(), episode.automatic) {
        (false, _) => "not decided",
        (true, true) => "yes: nothing but the system itself acted",
        (true, false) => "no",
    }
}

fn goodput_lost(episode: &Episode) -> String {
    episode
        .goodput_lost_requests
        .map_or_else(|| format::NOT_OBSERVED.to_owned(), |n| format!("{} requests", format::number(n)))
}

fn attempts(episode: &Episode) -> String {
    episode.restart_attempts.map_or_else(|| format::NOT_OBSERVED.to_owned(), |n| n.to_string())
}

fn delays(episode: &Episode) -> String {
    let delays: Vec<_> = episode.alerts.delay_us.iter().map(|us| format::length(*us)).collect();
    if delays.is_empty() { format::NOT_OBSERVED.to_owned() } else { delays.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn each_section_has_its_own_events_and_alerts() {
        let sections = sections(&fixture::passing());
        assert!(sections.iter().all(|section| section.events.len() == 5 && section.alerts.len() == 2));
        assert_eq!(sections[1].events[2].0, "+4.9 ms");
    }

    #[test]
    fn only_what_did_not_recover_stands_open() {
        let open: Vec<_> = sections(&fixture::failing()).iter().map(|section| section.open).collect();
        assert_eq!(open, [false, true, true, true]);
    }

    #[test]
    fn the_shares_of_a_bar_make_a_whole() {
        for section in sections(&fixture::passing()) {
            // Each of four is rounded to a tenth.
            assert!((section.shares.iter().sum::<f64>() - 100.0).abs() < 0.3);
        }
    }

    #[test]
    fn an_unobserved_phase_is_not_zero() {
        let section = &sections(&fixture::failing())[2];
        assert_eq!(section.cells, ["4.8 ms", "2.4 s", "not observed", "not observed", "not observed"]);
    }
}

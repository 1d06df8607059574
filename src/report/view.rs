//! What a KPI, an episode or a count reads like: decided once, laid out by each output. Pure.

pub(crate) mod alerts;
pub(crate) mod chains;
pub(crate) mod state;

use serde::Serialize;

use super::words;
use crate::analysis::model::{Episode, EpisodeAlerts, Kpi, Phases};
use crate::analysis::{Summary, Verdict};
use crate::journal::event::Ledger;
use crate::lang::format::{self, count, counted, length, length_or, number, ratio};

/// A verdict as symbol, word and class name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) struct Mark {
    pub(crate) symbol: &'static str,
    pub(crate) word: &'static str,
}

impl From<Verdict> for Mark {
    fn from(verdict: Verdict) -> Self {
        let (symbol, word) = words::verdict(verdict);
        Self { symbol, word }
    }
}

/// One KPI of one scenario.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct KpiView {
    pub(crate) scenario: String,
    pub(crate) name: String,
    pub(crate) definition: &'static str,
    pub(crate) value: String,
    pub(crate) line: String,
    pub(crate) counted: String,
    pub(crate) excluded: Option<String>,
    pub(crate) interval: String,
    pub(crate) bound: Option<String>,
    pub(crate) mark: Mark,
    pub(crate) note: String,
}

impl KpiView {
    pub(crate) fn new(kpi: &Kpi) -> Self {
        let unit = kpi.unit.as_str();
        Self {
            scenario: kpi.scenario.clone(),
            name: words::kpi(&kpi.id).to_owned(),
            definition: words::kpi_definition(&kpi.id),
            value: kpi.value.map_or_else(|| "no data".to_owned(), |value| format::value(unit, value)),
            line: pass_line(kpi),
            counted: match unit {
                "us" => format!("mean of {}", count(kpi.denominator)),
                _ => format!("{} of {}", count(kpi.numerator), count(kpi.denominator)),
            },
            excluded: (kpi.excluded > 0).then(|| format!("{} left out", count(kpi.excluded))),
            interval: kpi.interval.map_or_else(
                || "none".to_owned(),
                |[low, high]| format!("{} to {}", format::value(unit, low), format::value(unit, high)),
            ),
            // The note of a rate says it already.
            bound: kpi.bound.filter(|_| unit != "ratio").map(|bound| {
                let side = if kpi.threshold.op == ">=" { "at least" } else { "at most" };
                format!("{side} {} with 95 % confidence (one-sided)", format::value(unit, bound))
            }),
            mark: kpi.verdict.into(),
            note: kpi.note(),
        }
    }
}

/// `≥ 95 %`
pub(crate) fn pass_line(kpi: &Kpi) -> String {
    let op = match kpi.threshold.op.as_str() {
        ">=" => "≥",
        "<=" => "≤",
        other => other,
    };
    format!("{op} {}", format::value(&kpi.unit, kpi.threshold.limit))
}

/// One episode in a row.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct EpisodeView {
    pub(crate) id: u32,
    pub(crate) scenario: String,
    pub(crate) fault: String,
    pub(crate) target: String,
    pub(crate) outcome: &'static str,
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
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct PhaseView {
    /// Its place in [`words::PHASES`].
    pub(crate) index: usize,
    pub(crate) name: &'static str,
    pub(crate) us: u64,
    pub(crate) length: String,
}

impl EpisodeView {
    pub(crate) fn new(episode: &Episode) -> Self {
        Self {
            id: episode.id,
            scenario: episode.scenario.clone(),
            fault: episode.fault.clone(),
            target: episode.target.clone(),
            outcome: words::outcome(episode.outcome),
            recovery: length_or(episode.recovery_us),
            recovery_from_end: episode.recovery_from_end_us.map(length),
            phases: observed(&episode.phases_us),
            failures: match (episode.first_failure_us, episode.last_failure_us) {
                (Some(first), Some(last)) => format!("{} … {}", length(first), length(last)),
                (Some(first), None) => format!("from {}", length(first)),
                (None, _) => "none".to_owned(),
            },
            failed: failed_of(episode.failed_requests, episode.requests),
            alerts_expected: alerts_expected(&episode.alerts),
            alerts: alerts(&episode.alerts),
        }
    }
}

/// The phases of an episode by their place in [`words::PHASES`].
pub(crate) fn all_phases(phases: &Phases) -> [Option<u64>; 5] {
    [phases.detect, phases.restart, phases.ready, phases.restore, phases.recover]
}

/// The phases that somebody observed.
pub(crate) fn observed(phases: &Phases) -> Vec<PhaseView> {
    words::PHASES
        .iter()
        .zip(all_phases(phases))
        .enumerate()
        .filter_map(|(index, ((name, _), us))| Some((index, *name, us?)))
        .map(|(index, name, us)| PhaseView { index, name, us, length: length(us) })
        .collect()
}

/// `12 of 3456`
pub(crate) fn failed_of(failed: u64, all: u64) -> String {
    format!("{} of {}", count(failed), count(all))
}

/// `1 of 1`, with those that came late.
fn alerts_expected(alerts: &EpisodeAlerts) -> String {
    match (alerts.expected, alerts.late) {
        (0, _) => "none due".to_owned(),
        (expected, 0) => format!("{} of {expected}", alerts.matched),
        (expected, late) => format!("{} of {expected}, {late} late", alerts.matched),
    }
}

/// [`alerts_expected`], with what came beside the plan.
fn alerts(alerts: &EpisodeAlerts) -> String {
    let mut text = alerts_expected(alerts);
    for (n, what) in [(alerts.duplicates, "duplicate"), (alerts.collateral, "collateral")] {
        if n > 0 {
            text.extend([", ", &n.to_string(), " ", what]);
        }
    }
    text
}

/// The KPIs that keep a verdict from being a pass, worst first.
pub(crate) fn reasons(summary: &Summary) -> Vec<String> {
    let mut kpis: Vec<_> = summary.kpis.iter().filter(|kpi| kpi.verdict != Verdict::Pass).collect();
    kpis.sort_by_key(|kpi| std::cmp::Reverse(kpi.verdict));
    let several = summary.scenarios.len() > 1;
    let reason = |kpi: &Kpi| {
        let view = KpiView::new(kpi);
        let place = if several { format!("{}: ", view.scenario) } else { String::new() };
        let name = first_lower(&view.name);
        match kpi.verdict {
            Verdict::Fail => format!("{place}{name} is {} and had to be {}", view.value, plain(&view.line)),
            Verdict::Pass | Verdict::Inconclusive => {
                format!("{place}{name} ({}, to be {}) is not decided", view.value, view.line)
            }
        }
    };
    kpis.into_iter().map(reason).collect()
}

/// A pass line inside of a sentence.
fn plain(line: &str) -> &str {
    line.strip_prefix("= ").unwrap_or(line)
}

/// How many episodes had which outcome: `3 episodes: 2 recovered, 1 void`.
pub(crate) fn outcomes(episodes: &[Episode]) -> String {
    use crate::analysis::model::Outcome::{Aborted, Censored, Recovered, Void};
    let parts: Vec<_> = [Recovered, Censored, Void, Aborted]
        .into_iter()
        .map(|outcome| (outcome, episodes.iter().filter(|episode| episode.outcome == outcome).count()))
        .filter(|(_, n)| *n > 0)
        .map(|(outcome, n)| format!("{n} {}", words::outcome(outcome)))
        .collect();
    let all = counted(episodes.len() as u64, "episode", "episodes");
    if parts.is_empty() { all } else { format!("{all}: {}", parts.join(", ")) }
}

/// The load in one line.
pub(crate) fn load(summary: &Summary) -> String {
    let load = &summary.load;
    if load.requests == 0 {
        return "no data: no request of a user was journalled".to_owned();
    }
    format!(
        "{} requests ({} failed), {} a second; p95 {} inside episodes, {} outside",
        count(load.requests),
        count(load.failures),
        number(load.requests_per_s),
        length_or(load.inside.p95_us),
        length_or(load.outside.p95_us),
    )
}

/// Share of acknowledged entries that are gone or changed.
pub(crate) fn loss_rate(ledger: &Ledger) -> Option<String> {
    #[expect(clippy::cast_precision_loss, reason = "a share, shown with three digits")]
    (ledger.acknowledged > 0).then(|| ratio((ledger.lost + ledger.stale) as f64 / ledger.acknowledged as f64))
}

/// The ledger in one line.
pub(crate) fn ledger(ledger: Option<&Ledger>) -> String {
    let Some(ledger) = ledger else {
        return "no data: no entry was written".to_owned();
    };
    let mut text = format!(
        "{} entries acknowledged: {} stable, {} stale, {} lost, {} never read",
        count(ledger.acknowledged),
        count(ledger.stable),
        count(ledger.stale),
        count(ledger.lost),
        count(ledger.never_read),
    );
    let spooled = ledger.spooled.unwrap_or(0);
    for (n, what) in [
        (ledger.unexpected, "unexpected"),
        (ledger.indeterminate, "indeterminate (no answer)"),
        (spooled, "acknowledged from the spool"),
        (ledger.replayed.unwrap_or(0), "replayed from it"),
    ] {
        if n > 0 {
            text.extend([", ", &count(n), " ", what]);
        }
    }
    text
}

/// Whether the harness can be trusted, in one line.
pub(crate) fn harness(summary: &Summary) -> String {
    let harness = &summary.harness;
    let lag: Vec<_> = harness
        .lag
        .iter()
        .map(|(thread, lag)| format!("{thread} {} (max {})", length(lag.p99_us), length(lag.max_us)))
        .collect();
    let lag = if lag.is_empty() { format::NOT_OBSERVED.to_owned() } else { lag.join(", ") };
    format!("lag p99: {lag}; {}; {}", stalls(summary), unreadable(summary))
}

/// How often users waited for the journal.
pub(crate) fn stalls(summary: &Summary) -> String {
    match summary.harness.journal_stalls {
        0 => "users never waited for the journal".to_owned(),
        n => format!(
            "users waited for the journal {}, {} in sum",
            counted(n, "time", "times"),
            length(summary.harness.journal_stalled_us)
        ),
    }
}

/// How many lines of the journal are lost to the analysis.
pub(crate) fn unreadable(summary: &Summary) -> String {
    match summary.harness.unreadable_lines {
        0 => "every line of the journal was readable".to_owned(),
        n => format!("{} of the journal could not be read", counted(n, "line", "lines")),
    }
}

/// With a small first letter.
fn first_lower(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

//! Rows of the page's tables: pairs of a name and a text, and a few wider ones. Pure.

use serde::Serialize;

use crate::analysis::Summary;
use crate::analysis::model::{AlertRow, AlertTotals, Episode, Latency};
use crate::journal::event::Ledger;
use crate::lang::format::{self, count, length};
use crate::lang::{Arg, Lang};
use crate::report::view;

/// A name, what it says, and what it means.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Fact {
    pub(super) name: String,
    pub(super) text: String,
    pub(super) meaning: String,
}

pub(super) fn fact(name: impl Into<String>, text: impl Into<String>) -> Fact {
    Fact { name: name.into(), text: text.into(), meaning: String::new() }
}

/// A fact whose meaning stands under `<id>-meaning`.
fn explained(id: &str, text: impl Into<String>, lang: Lang) -> Fact {
    Fact { meaning: lang.text(&format!("{id}-meaning")), ..fact(lang.text(id), text) }
}

/// A distribution of durations.
#[derive(Debug, Serialize)]
pub(super) struct LatencyRow {
    pub(super) name: String,
    pub(super) requests: String,
    pub(super) failed: String,
    pub(super) availability: String,
    pub(super) percentiles: [String; 5],
}

/// Inside the episodes and outside of them: a mean over both would hide an outage.
pub(super) fn latency(summary: &Summary, lang: Lang) -> Vec<LatencyRow> {
    let row = |id, latency: &Latency| {
        #[expect(clippy::cast_precision_loss, reason = "a share, shown with three digits")]
        let good = (latency.count > 0).then(|| 1.0 - latency.failures as f64 / latency.count as f64);
        LatencyRow {
            name: lang.text(id),
            requests: count(latency.count),
            failed: count(latency.failures),
            availability: good.map_or_else(|| lang.text("no-data"), format::ratio),
            percentiles: [latency.p50_us, latency.p90_us, latency.p95_us, latency.p99_us, latency.max_us]
                .map(|us| us.map_or_else(|| lang.text("no-data"), length)),
        }
    };
    vec![row("page-inside", &summary.load.inside), row("page-outside", &summary.load.outside)]
}

/// What the faults cost in goodput.
pub(super) fn lost(episodes: &[Episode], lang: Lang) -> Option<String> {
    let known: Vec<_> = episodes.iter().filter_map(|episode| episode.goodput_lost_requests).collect();
    (!known.is_empty()).then(|| {
        let episodes = lang.say("count-episodes", [("n", known.len().into())]);
        let requests = Arg::Number(known.iter().sum());
        lang.say("page-goodput-lost", [("requests", requests), ("episodes", episodes.into())])
    })
}

/// What became of the acknowledged entries.
pub(super) fn ledger(ledger: Option<&Ledger>, lang: Lang) -> Vec<Fact> {
    let Some(ledger) = ledger else { return Vec::new() };
    let told = [
        ("page-ledger-acknowledged", Some(ledger.acknowledged)),
        ("page-ledger-stable", Some(ledger.stable)),
        ("page-ledger-stale", Some(ledger.stale)),
        ("page-ledger-lost", Some(ledger.lost)),
        ("page-ledger-never-read", Some(ledger.never_read)),
        ("page-ledger-unexpected", Some(ledger.unexpected)),
        ("page-ledger-indeterminate", Some(ledger.indeterminate)),
        ("page-ledger-spooled", ledger.spooled),
        ("page-ledger-replayed", ledger.replayed),
        ("page-ledger-compared", ledger.compared),
        ("page-ledger-cache-differs", ledger.cache_differs),
    ];
    told.into_iter().filter_map(|(id, n)| Some(explained(id, count(n?), lang))).collect()
}

/// The alerts of the run.
pub(super) fn alert_totals(alerts: &AlertTotals, lang: Lang) -> Vec<Fact> {
    let mut facts: Vec<_> = [
        ("page-alerts-expected", alerts.expected),
        ("page-alerts-in-time", alerts.matched),
        ("page-alerts-missed", alerts.missed),
        ("page-alerts-late", alerts.late),
        ("page-alerts-duplicate", alerts.duplicates),
        ("page-alerts-collateral", alerts.collateral),
        ("page-alerts-false", alerts.false_alarms),
        ("page-alerts-received", alerts.received),
    ]
    .into_iter()
    .map(|(id, n)| explained(id, count(n), lang))
    .collect();
    facts.extend([
        explained("page-alerts-recall", view::alerts::recall(alerts, lang), lang),
        explained("page-alerts-precision", view::alerts::precision(alerts, lang), lang),
        explained("page-alerts-delay", view::alerts::delays(alerts, lang), lang),
    ]);
    if alerts.sink_closed_us > 0 {
        facts.push(explained("page-alerts-sink-closed", length(alerts.sink_closed_us), lang));
    }
    facts
}

/// One alert.
#[derive(Debug, Serialize)]
pub(super) struct AlertView {
    pub(super) at: String,
    pub(super) severity: String,
    pub(super) kind: String,
    pub(super) module: String,
    pub(super) message: String,
    pub(super) role: String,
    pub(super) episode: Option<u32>,
}

impl AlertView {
    pub(super) fn new(alert: &AlertRow, lang: Lang) -> Self {
        Self {
            at: format::instant(alert.t_us),
            severity: alert.severity.clone(),
            kind: alert.kind.clone(),
            module: alert.module.clone(),
            message: alert.message.clone(),
            role: view::role(alert.role, lang),
            episode: alert.episode,
        }
    }
}

/// What the users did.
pub(super) fn load(summary: &Summary, lang: Lang) -> Vec<Fact> {
    let load = &summary.load;
    [
        ("page-load-users", count(summary.plan.users.into())),
        ("page-load-think-time", length(summary.plan.think_time_us)),
        ("page-load-requests", count(load.requests)),
        ("page-load-failed", count(load.failures)),
        ("page-load-rate", format::number(load.requests_per_s)),
    ]
    .map(|(id, text)| fact(lang.text(id), text))
    .into()
}

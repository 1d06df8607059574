//! What the outages of the stores did to the state, as people read it. Pure.

use serde::Serialize;

use crate::analysis::Summary;
use crate::analysis::model::{
    AutomaticResyncs, Episode, ReadBack, RequestedResync, RequestedResyncs, StateRecovery, StoreRow,
};
use crate::journal::event::ResyncRecord;
use crate::lang::format::{self, NOT_OBSERVED, count, counted, length, length_or, ratio};

/// Whether stores were stopped, or were to be.
pub(crate) fn has_stores(summary: &Summary) -> bool {
    summary.episodes.iter().any(Episode::hits_stores)
        || summary.plan.scenarios.iter().any(|scenario| {
            scenario.outage_us.is_some() || scenario.kpis.iter().any(|kpi| kpi.id == "state_resync_rate")
        })
}

/// Which stores ran.
pub(crate) fn stores(summary: &Summary) -> &str {
    summary.plan.stores.as_deref().unwrap_or("unknown")
}

/// How many of the acknowledged entries are gone, and how many could be in the long run.
pub(crate) fn loss(summary: &Summary) -> Option<String> {
    let loss = summary.loss?;
    Some(format!(
        "{} ({} lost of {}); at most {} with 95 % confidence (one-sided)",
        fine(loss.rate),
        count(loss.lost),
        counted(loss.acknowledged, "acknowledged entry", "acknowledged entries"),
        fine(loss.upper_bound),
    ))
}

/// A small share with two digits that matter: a bound of 0.083 % must not read as 0.1 %.
fn fine(share: f64) -> String {
    let percent = share * 100.0;
    if !(1e-9..9.95).contains(&percent) {
        return ratio(share);
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 10")]
    let decimals = (1.0 - percent.log10().floor()) as usize;
    format!("{percent:.decimals$} %")
}

/// The resyncs that came by themselves, and apart from them those that were asked for.
pub(crate) fn resyncs(summary: &Summary) -> Option<[(&'static str, String); 2]> {
    let resyncs = summary.resyncs?;
    let automatic = match resyncs.automatic {
        Some(AutomaticResyncs { begun, succeeded, failed }) => {
            format!("{} begun, {} succeeded, {} failed", count(begun), count(succeeded), count(failed))
        }
        None => format!("{NOT_OBSERVED}: the backend gave no events"),
    };
    let RequestedResyncs { asked, succeeded, failed, refused, unknown } = resyncs.requested;
    let mut requested = format!(
        "{} asked for, {} succeeded, {} failed, {} refused",
        count(asked),
        count(succeeded),
        count(failed),
        count(refused)
    );
    if unknown > 0 {
        requested.extend([", ", &count(unknown), " of which nobody said how they ended"]);
    }
    Some([("automatic", automatic), ("forced", requested)])
}

/// A row of counts per store and kind of fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct StoreRowView {
    pub(crate) target: String,
    pub(crate) fault: String,
    pub(crate) episodes: String,
    pub(crate) resynced: String,
    pub(crate) newly_damaged: String,
    pub(crate) spooled: String,
    pub(crate) replayed: String,
}

impl StoreRowView {
    pub(crate) fn new(row: &StoreRow) -> Self {
        let with = |n: u64, what: &str| if n > 0 { format!(", {n} {what}") } else { String::new() };
        Self {
            target: row.target.clone(),
            fault: row.fault.clone(),
            episodes: format!("{}{}", row.episodes, with(row.left_out, "left out")),
            resynced: format!("{} of {}{}", row.resynced, row.episodes, with(row.unknown, "not known")),
            newly_damaged: count_or(row.newly_damaged),
            spooled: count_or(row.spooled),
            replayed: count_or(row.replayed),
        }
    }
}

/// A count, or that nobody made it.
pub(crate) fn count_or(n: Option<u64>) -> String {
    n.map_or_else(|| NOT_OBSERVED.to_owned(), count)
}

/// Whether the state came back whole by itself, in two words.
pub(crate) fn resynced(state: &StateRecovery) -> &'static str {
    match state.resynced {
        Some(true) => "resynced",
        Some(false) => "not resynced",
        None => "not known",
    }
}

/// [`resynced`], and why not.
pub(crate) fn resynced_because(state: &StateRecovery) -> String {
    match &state.reason {
        Some(reason) => format!("{}: {}", resynced(state), reason.text),
        None => resynced(state).to_owned(),
    }
}

/// What is known of the state after an episode: name and text.
pub(crate) fn facts(
    episode: &Episode,
    state: &StateRecovery,
) -> impl Iterator<Item = (&'static str, String)> {
    let requested: Vec<_> = state.requested.iter().map(requested).collect();
    [
        ("recovery time from the fault's end", length_or(episode.recovery_from_end_us)),
        ("outage", length_or(state.outage_us)),
        ("time to resync, from the fault's end", length_or(state.resync_us)),
        ("entries spooled", count_or(state.spooled)),
        ("entries replayed", count_or(state.replayed)),
        ("automatic resync", state.automatic.as_ref().map_or_else(|| "none".to_owned(), report)),
        ("forced resync", if requested.is_empty() { "none".to_owned() } else { requested.join("; ") }),
        ("read-back", state.read_back.as_ref().map_or_else(|| "none was made".to_owned(), read_back)),
        ("state", resynced_because(state)),
    ]
    .into_iter()
}

fn report(report: &ResyncRecord) -> String {
    let reason = report.reason.as_ref().map(|reason| format!(" ({reason})")).unwrap_or_default();
    format!(
        "{} in {}: {} replayed, {} rebuilt, {} repaired, {}{reason}",
        report.outcome,
        length(report.duration_ms.saturating_mul(1_000)),
        count(report.replayed),
        counted(report.rebuilt, "session", "sessions"),
        counted(report.repaired, "session", "sessions"),
        counted(report.mismatches, "mismatch", "mismatches"),
    )
}

fn requested(requested: &RequestedResync) -> String {
    match (&requested.resync, requested.status) {
        (Some(resync), _) => report(resync),
        (None, Some(status)) => format!("{} (HTTP {status})", requested.outcome),
        (None, None) => format!("{} (no answer)", requested.outcome),
    }
}

fn read_back(read: &ReadBack) -> String {
    let differ = match (read.compared, read.cache_differs) {
        (Some(compared), differ) => {
            format!(
                "cache and database differ in {} of {}",
                differ.unwrap_or(0),
                counted(compared, "session", "sessions")
            )
        }
        (None, _) => "cache and database not compared".to_owned(),
    };
    format!(
        "{} newly lost or changed, {} could not be read; {differ}",
        counted(read.newly_damaged, "entry", "entries"),
        format::count(read.never_read),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn a_small_share_keeps_two_digits() {
        for (share, expected) in [
            (0.0, "0 %"),
            (1.0, "100 %"),
            (0.5, "50 %"),
            (0.000_831, "0.083 %"),
            (0.0237, "2.4 %"),
            (0.000_000_42, "0.000042 %"),
        ] {
            assert_eq!(fine(share), expected, "{share}");
        }
    }

    #[test]
    fn what_nobody_counted_is_not_zero() {
        let row =
            StoreRow { target: "cache".to_owned(), fault: "store-kill".to_owned(), ..StoreRow::default() };
        let view = StoreRowView::new(&row);
        assert_eq!((view.newly_damaged.as_str(), view.spooled.as_str()), (NOT_OBSERVED, NOT_OBSERVED));
        let mut summary = fixture::stores(1).summary;
        summary.resyncs.as_mut().unwrap().automatic = None;
        assert!(resyncs(&summary).unwrap()[0].1.starts_with(NOT_OBSERVED));
    }

    #[test]
    fn only_a_scenario_that_is_about_stores_makes_a_store_run() {
        assert!(!has_stores(&fixture::passing().summary));
        let mut summary = fixture::stores(1).summary;
        summary.episodes.clear();
        assert!(has_stores(&summary));
    }
}

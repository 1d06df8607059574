//! What the outages of the stores did to the state, as people read it. Pure.

use serde::Serialize;

use super::{commas, named, of, with_detail};
use crate::analysis::Summary;
use crate::analysis::model::{
    AutomaticResyncs, Episode, ReadBack, RequestedResync, RequestedResyncs, StateRecovery, StoreRow,
};
use crate::journal::event::ResyncRecord;
use crate::lang::format::ratio;
use crate::lang::{Arg, Lang};

/// Whether stores were stopped, or were to be.
pub(crate) fn has_stores(summary: &Summary) -> bool {
    summary.episodes.iter().any(Episode::hits_stores)
        || summary.plan.scenarios.iter().any(|scenario| {
            scenario.outage_us.is_some() || scenario.kpis.iter().any(|kpi| kpi.id == "state_resync_rate")
        })
}

/// Which stores ran.
pub(crate) fn which(summary: &Summary, lang: Lang) -> String {
    summary.plan.stores.clone().unwrap_or_else(|| lang.text("unknown"))
}

/// How many of the acknowledged entries are gone, and how many could be in the long run.
pub(crate) fn loss(summary: &Summary, lang: Lang) -> Option<String> {
    let loss = summary.loss?;
    let args = [
        ("rate", fine(loss.rate).into()),
        ("lost", loss.lost.into()),
        ("read", loss.read.into()),
        ("bound", fine(loss.upper_bound).into()),
    ];
    Some(lang.say("state-loss", args))
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

/// The resyncs that came by themselves, and apart from them those that were asked for: trigger and counts.
pub(crate) fn resyncs(summary: &Summary, lang: Lang) -> Option<[(String, String); 2]> {
    let resyncs = summary.resyncs?;
    let automatic = match resyncs.automatic {
        Some(AutomaticResyncs { begun, succeeded, failed }) => lang.say(
            "resyncs-automatic",
            [("begun", begun.into()), ("succeeded", succeeded.into()), ("failed", failed.into())],
        ),
        None => lang.text("resyncs-unseen"),
    };
    let RequestedResyncs { asked, succeeded, failed, refused, unknown } = resyncs.requested;
    let args = [
        ("asked", asked.into()),
        ("succeeded", succeeded.into()),
        ("failed", failed.into()),
        ("refused", refused.into()),
    ];
    let mut requested = vec![lang.say("resyncs-requested", args)];
    requested.extend(super::counted([(unknown, "resyncs-unknown")], lang));
    Some([(lang.text("resync-automatic"), automatic), (lang.text("resync-forced"), commas(&requested, lang))])
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
    pub(crate) fn new(row: &StoreRow, lang: Lang) -> Self {
        let with = |text: String, n: u64, id: &str| {
            let more = super::counted([(n, id)], lang);
            commas(&std::iter::once(text).chain(more).collect::<Vec<_>>(), lang)
        };
        Self {
            target: row.target.clone(),
            fault: row.fault.clone(),
            episodes: with(row.episodes.to_string(), row.left_out, "kpi-left-out"),
            resynced: with(of(row.resynced, row.episodes, lang), row.unknown, "resynced-not-known"),
            newly_damaged: lang.count_or(row.newly_damaged),
            spooled: lang.count_or(row.spooled),
            replayed: lang.count_or(row.replayed),
        }
    }
}

/// Whether the state came back whole by itself, in two words.
pub(crate) fn whole(state: &StateRecovery, lang: Lang) -> String {
    lang.text(match state.resynced {
        Some(true) => "state-resynced",
        Some(false) => "state-not-resynced",
        None => "state-not-known",
    })
}

/// [`whole`], and why not.
pub(crate) fn whole_because(state: &StateRecovery, lang: Lang) -> String {
    match &state.reason {
        Some(reason) => named(&whole(state, lang), &lang.read(reason), lang),
        None => whole(state, lang),
    }
}

/// What is known of the state after an episode: name and text.
pub(crate) fn facts(episode: &Episode, state: &StateRecovery, lang: Lang) -> Vec<(String, String)> {
    let requested: Vec<_> = state.requested.iter().map(|asked| requested(asked, lang)).collect();
    let automatic = state.automatic.as_ref().map_or_else(|| lang.text("none"), |resync| report(resync, lang));
    let forced = if requested.is_empty() { lang.text("none") } else { super::semicolons(&requested, lang) };
    let read =
        state.read_back.as_ref().map_or_else(|| lang.text("read-back-none"), |read| read_back(read, lang));
    [
        ("state-recovery-from-end", lang.length_or(episode.recovery_from_end_us)),
        ("state-outage", lang.length_or(state.outage_us)),
        ("state-time-to-resync", lang.length_or(state.resync_us)),
        ("state-spooled", lang.count_or(state.spooled)),
        ("state-replayed", lang.count_or(state.replayed)),
        ("state-automatic-resync", automatic),
        ("state-forced-resync", forced),
        ("state-read-back", read),
        ("state-state", whole_because(state, lang)),
    ]
    .map(|(id, text)| (lang.text(id), text))
    .into()
}

/// How a resync ended: a word of ours when it is one that we know.
fn ended(outcome: &str, lang: Lang) -> String {
    const KNOWN: [&str; 4] = ["succeeded", "failed", "refused", "unknown"];
    if KNOWN.contains(&outcome) { lang.text(&format!("resync-{outcome}")) } else { outcome.to_owned() }
}

fn report(report: &ResyncRecord, lang: Lang) -> String {
    let args = [
        ("outcome", ended(&report.outcome, lang).into()),
        ("length", Arg::LengthUs(report.duration_ms.saturating_mul(1_000))),
        ("replayed", report.replayed.into()),
        ("rebuilt", report.rebuilt.into()),
        ("repaired", report.repaired.into()),
        ("mismatches", report.mismatches.into()),
    ];
    let text = lang.say("resync-report", args);
    report.reason.as_ref().map_or_else(|| text.clone(), |reason| with_detail(&text, reason, lang))
}

fn requested(requested: &RequestedResync, lang: Lang) -> String {
    let outcome = ended(&requested.outcome, lang);
    match (&requested.resync, requested.status) {
        (Some(resync), _) => report(resync, lang),
        (None, Some(status)) => with_detail(&outcome, &format!("HTTP {status}"), lang),
        (None, None) => with_detail(&outcome, &lang.text("resync-no-answer"), lang),
    }
}

fn read_back(read: &ReadBack, lang: Lang) -> String {
    let differ = match (read.compared, read.cache_differs) {
        (Some(compared), differ) => lang.say(
            "read-back-compared",
            [("differ", differ.unwrap_or(0).into()), ("compared", compared.into())],
        ),
        (None, _) => lang.text("read-back-not-compared"),
    };
    let args = [("damaged", read.newly_damaged.into()), ("unread", read.never_read.into())];
    super::semicolons(&[lang.say("read-back", args), differ], lang)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::format::NOT_OBSERVED;
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
        let view = StoreRowView::new(&row, Lang::En);
        assert_eq!((view.newly_damaged.as_str(), view.spooled.as_str()), (NOT_OBSERVED, NOT_OBSERVED));
        let mut summary = fixture::stores(1).summary;
        summary.resyncs.as_mut().unwrap().automatic = None;
        assert!(resyncs(&summary, Lang::En).unwrap()[0].1.starts_with(NOT_OBSERVED));
    }

    #[test]
    fn only_a_scenario_that_is_about_stores_makes_a_store_run() {
        assert!(!has_stores(&fixture::passing().summary));
        let mut summary = fixture::stores(1).summary;
        summary.episodes.clear();
        assert!(has_stores(&summary));
    }
}

//! What the figure of resyncs says, in the language of the report: on the picture, instead of it and below it. Pure.

use super::series::Row;
use crate::analysis::Summary;
use crate::analysis::model::{Episode, StateRecovery};
use crate::lang::format::micros;
use crate::lang::{Arg, Lang};
use crate::report::chart::text::{self, ms_or, sentences};
use crate::report::chart::{Column, DataTable};
use crate::report::view;

/// Every text on the picture that is not a row's own.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Words {
    pub(super) title: String,
    /// What stands below the title, in two lines.
    pub(super) captions: [String; 2],
    pub(super) axis: String,
    // The legend.
    pub(super) outage: String,
    pub(super) whole: String,
    pub(super) failed: String,
    pub(super) open: String,
    // Above the numbers at the right.
    pub(super) spooled: String,
    pub(super) replayed: String,
    pub(super) state: String,
    /// Why there is no row.
    pub(super) nothing: String,
}

impl Words {
    pub(super) fn new(summary: &Summary, own: &[&Episode], lang: Lang) -> Self {
        let stores = summary.plan.stores.as_ref().map(Arg::from);
        Self {
            title: lang.text("resync-title"),
            captions: [
                lang.say(
                    "resync-caption",
                    [
                        ("outcomes", view::tally_episodes(own.iter().copied(), lang).into()),
                        ("started", (&summary.started_at).into()),
                        ("run", (&summary.run_id).into()),
                    ],
                ),
                stores.map_or_else(
                    || lang.text("resync-stores-unknown"),
                    |stores| lang.say("resync-stores", [("stores", stores)]),
                ),
            ],
            axis: lang.text("term-since-fault"),
            outage: lang.text("resync-outage"),
            whole: lang.text("term-time-to-resync"),
            failed: lang.text("resync-uncounted"),
            open: lang.text("resync-open"),
            spooled: lang.text("resync-spooled"),
            replayed: lang.text("resync-replayed"),
            state: lang.text("state-state"),
            nothing: lang.text(if own.is_empty() { "resync-no-fault" } else { "resync-no-effect" }),
        }
    }
}

/// Whether the state came back whole by itself, in two words.
pub(super) fn verdict(state: &StateRecovery, lang: Lang) -> String {
    lang.text(match state.resynced {
        Some(true) => "resync-resynced",
        Some(false) => "resync-not-resynced",
        None => "state-not-known",
    })
}

/// What the picture shows.
pub(super) fn alt(rows: &[Row], own: &[&Episode], lang: Lang) -> String {
    if rows.is_empty() {
        let id = if own.is_empty() { "resync-alt-no-fault" } else { "resync-alt-no-effect" };
        return lang.text(id);
    }
    let span = |of: &dyn Fn(&Row) -> Option<f64>| {
        let all = || rows.iter().filter_map(of).map(micros);
        all()
            .min()
            .zip(all().max())
            .map_or_else(|| lang.text("not-observed"), |(low, high)| text::range(lang, low, high))
    };
    let whole = rows.iter().filter(|row| row.resynced == Some(true)).count();
    sentences(
        lang,
        &[
            lang.say("resync-alt", [("n", rows.len().into())]),
            lang.say(
                "resync-alt-lengths",
                [
                    ("outages", span(&|row| row.ended.then_some(row.outage_us)).into()),
                    (
                        "resyncs",
                        span(&|row| row.whole_us.map(|whole| (whole - row.outage_us).max(0.0))).into(),
                    ),
                ],
            ),
            lang.say("resync-alt-whole", [("whole", whole.into()), ("n", rows.len().into())]),
        ],
    )
}

/// A row for each store episode of which the state is told.
pub(super) fn table(own: &[&Episode], lang: Lang) -> DataTable {
    let say = |id: &str, kind| (lang.text(id), kind);
    let mut table = DataTable::new([
        say("term-episode-number", Column::Episode),
        say("term-fault", Column::Text),
        say("term-target", Column::Text),
        say("resync-column-outage", Column::Figure),
        say("resync-column-resync", Column::Figure),
        say("resync-column-spooled", Column::Figure),
        say("resync-column-replayed", Column::Figure),
        say("state-state", Column::Text),
    ]);
    let row = |episode: &&Episode| {
        let state = episode.state.as_ref()?;
        Some(vec![
            episode.id.to_string(),
            episode.fault.clone(),
            episode.target.clone(),
            ms_or(lang, state.outage_us),
            ms_or(lang, state.resync_us),
            lang.count_or(state.spooled),
            lang.count_or(state.replayed),
            because(state, lang),
        ])
    };
    table.rows = own.iter().filter_map(row).collect();
    table
}

/// [`verdict`], and why not.
fn because(state: &StateRecovery, lang: Lang) -> String {
    let verdict = verdict(state, lang);
    match &state.reason {
        Some(reason) => {
            lang.say("resync-because", [("verdict", verdict.into()), ("reason", reason.clone().into())])
        }
        None => verdict,
    }
}

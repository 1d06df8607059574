//! Store episodes as bars: how long the stores were away, and how long until the state was whole again. Pure.

use super::words::{self, Words};
use crate::analysis::Summary;
use crate::analysis::model::{Episode, StateRecovery};
use crate::lang::{Lang, format};
use crate::report::chart::DataTable;
use crate::report::chart::text::{self, float};
use crate::report::view;

/// One store episode.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    pub(crate) name: String,
    /// Since t0, in µs: until the stores answered again or, when they never did, so far.
    pub(crate) outage_us: f64,
    /// Whether the stores answered again at all.
    pub(crate) ended: bool,
    /// Since t0, in µs: until the state was whole again; absent when it never was.
    pub(crate) whole_us: Option<f64>,
    pub(crate) spooled: String,
    pub(crate) replayed: String,
    pub(crate) resynced: Option<bool>,
    /// [`Self::resynced`] in two words.
    pub(crate) word: String,
}

/// The figure.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Resync {
    pub(crate) rows: Vec<Row>,
    /// Where the axis ends, in µs.
    pub(crate) high_us: f64,
    pub(super) words: Words,
    pub(super) alt: String,
    pub(super) table: DataTable,
}

impl Resync {
    /// The figure; absent when no store was stopped nor was to be.
    pub(crate) fn of(summary: &Summary, lang: Lang) -> Option<Self> {
        if !view::state::has_stores(summary) {
            return None;
        }
        let own: Vec<_> = summary.episodes.iter().filter(|episode| episode.hits_stores()).collect();
        let rows: Vec<_> =
            own.iter().filter_map(|episode| Some(row(episode, episode.state.as_ref()?, lang))).collect();
        let end = |row: &Row| row.whole_us.unwrap_or(row.outage_us).max(row.outage_us);
        let longest = rows.iter().map(end).fold(0.0, f64::max);
        Some(Self {
            high_us: if longest > 0.0 { longest * 1.06 } else { 1e6 },
            words: Words::new(summary, &own, lang),
            alt: words::alt(&rows, &own, lang),
            table: words::table(&own, lang),
            rows,
        })
    }
}

fn row(episode: &Episode, state: &StateRecovery, lang: Lang) -> Row {
    let so_far = episode.end_us.saturating_sub(episode.t0_us);
    let outage = state.outage_us.unwrap_or(so_far);
    Row {
        name: text::name(episode),
        outage_us: float(outage),
        ended: state.outage_us.is_some(),
        whole_us: state.resync_us.map(|resync| float(outage + resync)),
        spooled: short(state.spooled),
        replayed: short(state.replayed),
        resynced: state.resynced,
        word: words::verdict(state, lang),
    }
}

/// A count, or a dash where nobody made it.
fn short(n: Option<u64>) -> String {
    n.map_or_else(|| "–".to_owned(), format::count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn a_run_that_stops_no_store_has_no_such_figure() {
        assert_eq!(Resync::of(&fixture::passing().summary, Lang::En), None);
        assert!(Resync::of(&fixture::stores(1).summary, Lang::En).is_some());
    }

    #[test]
    fn bars_stand_end_to_end_and_numbers_beside_them() {
        let summary = fixture::stores(3).summary;
        let resync = Resync::of(&summary, Lang::En).unwrap();
        for (row, episode) in resync.rows.iter().zip(&summary.episodes) {
            let state = episode.state.as_ref().unwrap();
            assert_eq!(row.outage_us, state.outage_us.unwrap() as f64);
            assert_eq!(row.whole_us, state.resync_us.map(|us| row.outage_us + us as f64));
            assert_eq!(row.spooled, format::count(state.spooled.unwrap()));
            assert!(row.whole_us.unwrap_or(row.outage_us) <= resync.high_us);
        }
        assert!(
            resync.alt.starts_with("Outage and time to resync of 3 store episodes. Outages: 3.0"),
            "{}",
            resync.alt
        );
    }

    #[test]
    fn what_failed_and_what_is_not_known_say_so() {
        let rows = Resync::of(&fixture::broken_stores().summary, Lang::En).unwrap().rows;
        let words: Vec<_> =
            rows.iter().map(|row| (row.word.as_str(), row.whole_us.is_some(), row.ended)).collect();
        assert_eq!(
            words,
            [
                ("resynced", true, true),
                ("not resynced", true, true),
                ("not resynced", false, true),
                ("not known", false, false),
            ]
        );
        // Nobody made that count: no 0.
        assert_eq!((rows[3].spooled.as_str(), rows[3].replayed.as_str()), ("–", "–"));
    }

    #[test]
    fn without_a_store_episode_it_says_so_in_words() {
        let mut summary = fixture::stores(1).summary;
        summary.episodes.clear();
        let resync = Resync::of(&summary, Lang::En).unwrap();
        assert_eq!(resync.alt, "No data: no store fault was injected.");
    }

    #[test]
    fn the_table_says_why_a_state_does_not_count_and_what_nobody_observed() {
        let table = Resync::of(&fixture::broken_stores().summary, Lang::En).unwrap().table;
        assert_eq!(table.rows[1][7], "not resynced: acknowledged entries were lost or changed");
        assert_eq!(
            table.rows[3][3..],
            ["not observed", "not observed", "not observed", "not observed", "not known"]
        );
    }
}

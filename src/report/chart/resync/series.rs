//! Store episodes as bars: how long the stores were away, and how long until the state was whole again. Pure.

use crate::analysis::Summary;
use crate::analysis::model::{Episode, StateRecovery};
use crate::lang::format;
use crate::report::{view, words};

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
    pub(crate) word: &'static str,
}

/// The figure.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Resync {
    pub(crate) rows: Vec<Row>,
    /// Where the axis ends, in µs.
    pub(crate) high_us: f64,
    /// What stands below the title.
    pub(super) caption: String,
    /// Why there is no row.
    pub(super) nothing: String,
}

impl Resync {
    /// The figure; absent when no store was stopped nor was to be.
    pub(crate) fn of(summary: &Summary) -> Option<Self> {
        if !view::state::has_stores(summary) {
            return None;
        }
        let own: Vec<_> = summary.episodes.iter().filter(|episode| episode.hits_stores()).cloned().collect();
        let rows: Vec<_> =
            own.iter().filter_map(|episode| Some(row(episode, episode.state.as_ref()?))).collect();
        let end = |row: &Row| row.whole_us.unwrap_or(row.outage_us).max(row.outage_us);
        let longest = rows.iter().map(end).fold(0.0, f64::max);
        Some(Self {
            high_us: if longest > 0.0 { longest * 1.06 } else { 1e6 },
            rows,
            caption: format!(
                "{} · {} · run {}",
                view::outcomes(&own),
                view::state::stores(summary),
                summary.run_id
            ),
            nothing: words::no_store_episode(own.len()),
        })
    }

    /// What the picture shows, for those who do not see it.
    pub(crate) fn alt(&self) -> String {
        let lengths = |of: &dyn Fn(&Row) -> Option<f64>| {
            let all: Vec<_> = self.rows.iter().filter_map(of).collect();
            let (low, high) =
                all.iter().fold((f64::INFINITY, 0.0_f64), |(l, h), us| (l.min(*us), h.max(*us)));
            let text = |us: f64| format::length(format::micros(us));
            match all.len() {
                0 => format::NOT_OBSERVED.to_owned(),
                1 => text(high),
                _ if text(low) == text(high) => text(high),
                _ => format!("{} to {}", text(low), text(high)),
            }
        };
        if self.rows.is_empty() {
            return self.nothing_in_words();
        }
        let whole = self.rows.iter().filter(|row| row.resynced == Some(true)).count();
        format!(
            "Outage and time to resync of {}. Outages: {}; from the end of the outage until the state was whole again: \
             {}. {whole} of {} resynced by themselves, in time and unharmed.",
            format::counted(self.rows.len() as u64, "store episode", "store episodes"),
            lengths(&|row| row.ended.then_some(row.outage_us)),
            lengths(&|row| row.whole_us.map(|whole| (whole - row.outage_us).max(0.0))),
            self.rows.len(),
        )
    }

    fn nothing_in_words(&self) -> String {
        let mut text = self.nothing.clone();
        if let Some(first) = text.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        text.push('.');
        text
    }
}

fn row(episode: &Episode, state: &StateRecovery) -> Row {
    let so_far = episode.end_us.saturating_sub(episode.t0_us);
    let outage = state.outage_us.unwrap_or(so_far);
    Row {
        name: format!("#{} {} {}", episode.id, episode.fault, episode.target),
        outage_us: float(outage),
        ended: state.outage_us.is_some(),
        whole_us: state.resync_us.map(|resync| float(outage + resync)),
        spooled: short(state.spooled),
        replayed: short(state.replayed),
        resynced: state.resynced,
        word: view::state::resynced(state),
    }
}

/// A count, or a dash where nobody made it.
fn short(n: Option<u64>) -> String {
    n.map_or_else(|| "–".to_owned(), format::count)
}

#[expect(clippy::cast_precision_loss, reason = "a picture is coarser than 2^-53")]
fn float(n: u64) -> f64 {
    n as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn a_run_that_stops_no_store_has_no_such_figure() {
        assert_eq!(Resync::of(&fixture::passing().summary), None);
        assert!(Resync::of(&fixture::stores(1).summary).is_some());
    }

    #[test]
    fn bars_stand_end_to_end_and_numbers_beside_them() {
        let summary = fixture::stores(3).summary;
        let resync = Resync::of(&summary).unwrap();
        for (row, episode) in resync.rows.iter().zip(&summary.episodes) {
            let state = episode.state.as_ref().unwrap();
            assert_eq!(row.outage_us, state.outage_us.unwrap() as f64);
            assert_eq!(row.whole_us, state.resync_us.map(|us| row.outage_us + us as f64));
            assert_eq!(row.spooled, format::count(state.spooled.unwrap()));
            assert!(row.whole_us.unwrap_or(row.outage_us) <= resync.high_us);
        }
        assert!(
            resync.alt().starts_with("Outage and time to resync of 3 store episodes."),
            "{}",
            resync.alt()
        );
    }

    #[test]
    fn what_failed_and_what_is_not_known_say_so() {
        let rows = Resync::of(&fixture::broken_stores().summary).unwrap().rows;
        let words: Vec<_> = rows.iter().map(|row| (row.word, row.whole_us.is_some(), row.ended)).collect();
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
        let resync = Resync::of(&summary).unwrap();
        assert_eq!(resync.alt(), "No data: no store fault was injected.");
    }
}

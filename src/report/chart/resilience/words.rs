//! What stands in and beside the figure. Pure.

use super::series::{Resilience, Worst};
use crate::analysis::Analysis;
use crate::analysis::model::{Curve, Episode, Outcome};
use crate::lang::{Arg, Lang, format};
use crate::report::chart::{Column, DataTable, text};

/// Every text of the figure, in one language.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Words {
    pub(super) lang: Lang,
    pub(super) title: String,
    pub(super) caption: String,
    pub(super) goodput: String,
    pub(super) since_t0: String,
    pub(super) baseline: String,
    pub(super) t0: String,
    pub(super) no_data: String,
}

impl Words {
    pub(super) fn new(analysis: &Analysis, shown: &[(&Curve, &Episode)], lang: Lang) -> Self {
        let summary = &analysis.summary;
        let felt = summary.episodes.iter().filter(|episode| episode.outcome != Outcome::Void).count();
        let id = if shown.len() < felt { "resilience-caption-some" } else { "resilience-caption" };
        let args = [
            ("n", shown.len().into()),
            ("all", felt.into()),
            ("run", (&summary.run_id).into()),
            ("started", (&summary.started_at).into()),
        ];
        Self {
            lang,
            title: lang.text("resilience-title"),
            caption: lang.say(id, args),
            goodput: lang.text("resilience-goodput"),
            since_t0: lang.text("resilience-since-t0"),
            baseline: lang.text("resilience-baseline"),
            t0: lang.text("resilience-t0"),
            no_data: lang.text("resilience-no-data"),
        }
    }
}

/// How many there are, and how deep the deepest fell.
pub(super) fn alt(resilience: &Resilience) -> String {
    let lang = resilience.words.lang;
    let traces = || resilience.panels.iter().flat_map(|panel| &panel.traces);
    let n = traces().count();
    if n == 0 {
        return resilience.words.no_data.clone();
    }
    let recovered = traces().filter(|trace| trace.outcome == Outcome::Recovered).count();
    let all = lang.say("resilience-alt", [("n", n.into()), ("recovered", recovered.into())]);
    let lowest = resilience.worst.iter().filter_map(|worst| Some((worst.lowest?, worst.episode)));
    let Some(((percent, after_us), episode)) = lowest.min_by(|a, b| a.0.0.total_cmp(&b.0.0)) else {
        return all;
    };
    let args =
        [("episode", episode.into()), ("share", Arg::Number(percent)), ("after", Arg::LengthUs(after_us))];
    text::sentences(lang, &[all, lang.say("resilience-alt-lowest", args)])
}

/// What each episode did to the goodput.
pub(super) fn table(resilience: &Resilience) -> DataTable {
    let lang = resilience.words.lang;
    let column = |name: &str, kind| (lang.text(&format!("resilience-column-{name}")), kind);
    let mut table = DataTable::new([
        column("episode", Column::Episode),
        column("lowest", Column::Figure),
        column("after", Column::Figure),
        column("low", Column::Figure),
        column("lost", Column::Figure),
        column("p95", Column::Figure),
    ]);
    let number = |n: Option<f64>| n.map_or_else(|| lang.text("not-observed"), format::number);
    let row = |worst: &Worst| {
        vec![
            worst.episode.to_string(),
            number(worst.lowest.map(|(percent, _)| percent)),
            lang.length_or(worst.lowest.map(|(_, after_us)| after_us)),
            lang.length_or(worst.low_us),
            number(worst.lost),
            lang.length_or(worst.p95_us),
        ]
    };
    table.rows = resilience.worst.iter().map(row).collect();
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    /// Everything that is said in a language.
    fn said(analysis: &Analysis, lang: Lang) -> Vec<String> {
        let resilience = Resilience::new(analysis, lang);
        let Words { title, caption, goodput, since_t0, baseline, t0, no_data, .. } = resilience.words.clone();
        let table = table(&resilience);
        [title, caption, goodput, since_t0, baseline, t0, no_data, alt(&resilience)]
            .into_iter()
            .chain(table.columns.into_iter().map(|(name, _)| name))
            .chain(table.rows.into_iter().flatten())
            .chain(resilience.panels.iter().map(|panel| panel.heading.clone()))
            .collect()
    }

    #[test]
    fn everything_is_said_in_both_languages() {
        for lang in Lang::ALL {
            for analysis in [fixture::failing(), fixture::empty(), fixture::many(201)] {
                for text in said(&analysis, lang) {
                    assert!(!text.contains('⟦') && !text.is_empty(), "{text}");
                }
            }
        }
    }

    #[test]
    fn the_table_has_a_row_per_episode_and_says_what_was_not_observed() {
        let mut analysis = fixture::failing();
        analysis.summary.episodes[3].baseline = None;
        analysis.summary.episodes[3].goodput_lost_requests = None;
        let table = table(&Resilience::new(&analysis, Lang::En));
        assert_eq!(table.rows.iter().map(|row| row[0].as_str()).collect::<Vec<_>>(), ["1", "3", "4"]);
        assert!(table.rows.iter().all(|row| row.len() == table.columns.len()));
        assert_eq!(table.rows[0][1], "0");
        assert_eq!(table.rows[2][1..5], ["not observed"; 4].map(str::to_owned));
    }

    #[test]
    fn the_caption_says_when_not_every_episode_is_shown() {
        let mut analysis = fixture::many(3);
        let caption = |analysis: &Analysis| Resilience::new(analysis, Lang::En).words.caption;
        assert!(caption(&analysis).starts_with("3 episodes"), "{}", caption(&analysis));
        analysis.curves.pop();
        assert!(caption(&analysis).starts_with("2 of 3 episodes"), "{}", caption(&analysis));
    }

    #[test]
    fn alt_names_the_deepest_fall() {
        let alt = |analysis: &Analysis| alt(&Resilience::new(analysis, Lang::En));
        assert!(alt(&fixture::passing()).contains("episode 1"), "{}", alt(&fixture::passing()));
        assert_eq!(
            alt(&fixture::empty()),
            "no data: no fault took effect, or none had a baseline to compare with"
        );
    }
}

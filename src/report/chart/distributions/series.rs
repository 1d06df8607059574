//! Recovery times of all sides, per scenario. Pure.

use crate::compare::Side;
use crate::lang::Lang;
use crate::report::chart::sides::{Observed, observed};
use crate::report::chart::survival::{COLUMNS, LOOKS, Labels, Line, Span, axis, rows};
use crate::report::chart::text::sentences;
use crate::report::chart::{Column, DataTable};
use crate::report::view::semicolons;

/// With more curves than this their bands would hide each other.
const MOST_BANDS: usize = 4;

/// The figure.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Distributions {
    /// One per scenario.
    pub(super) panels: Vec<Panel>,
    pub(super) words: Words,
    lang: Lang,
}

/// One scenario.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Panel {
    pub(super) scenario: String,
    /// One per side, at most as many as can be told apart, also where no trial was decided.
    pub(super) lines: Vec<Line>,
    pub(super) span: Span,
    pub(super) labels: Labels,
    pub(super) bands: bool,
    /// What bands and ticks mean; absent where nothing was censored.
    pub(super) note: Option<String>,
}

/// What stands in the picture but for the panels.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Words {
    pub(super) title: String,
    pub(super) caption: String,
    /// Which sides are not drawn.
    pub(super) left_out: Option<String>,
    pub(super) y: String,
}

impl Distributions {
    /// Absent when no side has a decided trial.
    pub(crate) fn of(sides: &[Side<'_>], lang: Lang) -> Option<Self> {
        let shown = &sides[..sides.len().min(LOOKS)];
        let panels: Vec<_> =
            observed(shown).into_iter().filter_map(|(name, sides)| panel(name, &sides, lang)).collect();
        let left_out: Vec<_> = sides.iter().skip(LOOKS).map(|side| side.label.clone()).collect();
        let words = Words {
            title: lang.text("dist-title"),
            caption: lang.text("dist-caption"),
            left_out: (!left_out.is_empty()).then(|| {
                let args = [("n", LOOKS.into()), ("sides", lang.list(&left_out).into())];
                lang.say("dist-left-out", args)
            }),
            y: lang.text("ecdf-y"),
        };
        (!panels.is_empty()).then_some(Self { panels, words, lang })
    }

    pub(super) fn in_words(&self) -> String {
        let panel = |panel: &Panel| {
            let lines: Vec<_> = panel.lines.iter().map(|line| line.legend.clone()).collect();
            let lines = semicolons(&lines, self.lang);
            let args = [("scenario", (&panel.scenario).into()), ("lines", lines.into())];
            self.lang.say("dist-alt-panel", args)
        };
        let panels = self.panels.iter().map(panel);
        let all: Vec<_> = [self.lang.text("dist-alt")]
            .into_iter()
            .chain(panels)
            .chain(self.words.left_out.clone())
            .collect();
        sentences(self.lang, &all)
    }

    /// A row for each instant at which a trial recovered, and one for t0.
    pub(super) fn rows(&self) -> DataTable {
        let names = [("term-scenario", Column::Text), ("compare-side", Column::Text)];
        let columns = names.into_iter().chain(COLUMNS);
        let mut table = DataTable::new(columns.map(|(id, kind)| (self.lang.text(id), kind)));
        for panel in &self.panels {
            for line in &panel.lines {
                let named = |row| [vec![panel.scenario.clone(), line.name.clone()], row].concat();
                table.rows.extend(rows(line).into_iter().map(named));
            }
        }
        table
    }
}

fn panel(scenario: String, sides: &[Observed], lang: Lang) -> Option<Panel> {
    let lines: Vec<_> = sides.iter().map(|side| Line::of(&side.label, &side.trials(), lang)).collect();
    let span = axis(&lines)?;
    let bands = lines.len() <= MOST_BANDS;
    let censored = lines.iter().any(|line| !line.survival.censored.is_empty());
    let note = lang.text(if bands { "ecdf-note" } else { "dist-note-ticks" });
    let labels = Labels::new(span.2, lang);
    Some(Panel { scenario, lines, span, labels, bands, note: censored.then_some(note) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn every_side_has_a_curve_of_all_of_its_trials() {
        let sweep = fixture::sweep(8);
        let figure = Distributions::of(&sweep.sides(), Lang::En).unwrap();
        let [panel] = &figure.panels[..] else { panic!("{:?}", figure.panels.len()) };
        let counts: Vec<_> = panel.lines.iter().map(|line| line.survival.observations).collect();
        assert_eq!(counts, [24; 4]);
        // The second setting gave up one of eight in each run.
        assert_eq!(
            panel.lines.iter().map(|line| line.survival.events()).collect::<Vec<_>>(),
            [24, 21, 24, 24]
        );
        assert!(panel.note.is_some() && panel.bands && figure.words.left_out.is_none());
        let sums = figure.rows().rows.iter().map(|row| row[4].parse::<u64>().unwrap()).sum::<u64>();
        assert_eq!(sums, 24 * 4 - 3);
    }

    #[test]
    fn of_more_sides_than_looks_the_first_are_drawn_and_the_others_named() {
        let values: Vec<_> = (0..14).map(|n| n.to_string()).collect();
        let values: Vec<_> = values.iter().map(String::as_str).collect();
        let sweep = fixture::of_axes(&[("max-retries", &values)], 1, 2);
        let figure = Distributions::of(&sweep.sides(), Lang::En).unwrap();
        assert_eq!((figure.panels[0].lines.len(), figure.panels[0].bands), (12, false));
        let left_out = figure.words.left_out.clone().unwrap();
        assert!(left_out.contains("max-retries=12") && left_out.contains("max-retries=13"), "{left_out}");
        assert!(!left_out.contains("max-retries=11") && figure.in_words().ends_with(&left_out));
    }

    #[test]
    fn without_a_decided_trial_there_is_no_such_figure() {
        let mut sweep = fixture::sweep(1);
        sweep.settings.iter_mut().flat_map(|(_, runs)| runs).for_each(|run| run.episodes.clear());
        assert_eq!(Distributions::of(&sweep.sides(), Lang::En), None);
        assert_eq!(Distributions::of(&[], Lang::En), None);
    }
}

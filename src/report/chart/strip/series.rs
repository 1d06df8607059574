//! Every trial of every side at its recovery time. Pure.

use crate::analysis::survival::Observation;
use crate::compare::Side;
use crate::lang::{Arg, Lang, format};
use crate::report::chart::sides::{Observed, given_up, horizon_us, observed};
use crate::report::chart::survival::{Span, span};
use crate::report::chart::text::{float, ms, sentences};
use crate::report::chart::{Column, DataTable};
use crate::report::view::semicolons;

/// From so many times the shortest time on the axis is logarithmic.
const LOG_FROM: f64 = 10.0;

/// The fraction of the golden ratio: multiples of it fill a unit evenly in any number (H. Weyl, Math. Ann. 77 (1916) 313).
const GOLDEN: f64 = 0.618_033_988_749_895;

/// The figure.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Strip {
    /// One per scenario.
    pub(super) panels: Vec<Panel>,
    pub(super) words: Words,
    lang: Lang,
}

/// One scenario.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Panel {
    pub(super) scenario: String,
    pub(super) span: Span,
    /// One per side, also where no trial was decided.
    pub(super) rows: Vec<Row>,
    pub(super) x: String,
    /// What the means are.
    pub(super) mean: String,
    /// Whether a trial was given up.
    pub(super) given_up: bool,
    observed: Vec<Observed>,
}

/// One side.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    pub(super) side: String,
    /// Its mean and its counts.
    pub(super) figures: String,
    pub(super) marks: Vec<Mark>,
    /// In µs, restricted to the time until which every trial of the scenario was watched.
    pub(super) mean_us: Option<f64>,
}

/// One trial.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Mark {
    /// Since t0, until it recovered or was given up.
    pub(super) us: f64,
    pub(super) given_up: bool,
    /// Its height in the row, from 0 at the top to 1: each run has a band, the trial's number its place in it.
    pub(super) height: f64,
}

/// What stands in the picture but for the panels.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Words {
    pub(super) title: String,
    pub(super) caption: String,
    pub(super) recovered: String,
    pub(super) given_up: String,
}

impl Strip {
    /// Absent when no side has a decided trial.
    pub(crate) fn of(sides: &[Side<'_>], lang: Lang) -> Option<Self> {
        let panels: Vec<_> =
            observed(sides).into_iter().filter_map(|(name, sides)| panel(name, sides, lang)).collect();
        let words = Words {
            title: lang.text("strip-title"),
            caption: lang.text("strip-caption"),
            recovered: lang.text("strip-recovered"),
            given_up: lang.text("strip-given-up"),
        };
        (!panels.is_empty()).then_some(Self { panels, words, lang })
    }

    pub(super) fn in_words(&self) -> String {
        let panel = |panel: &Panel| {
            let row = |row: &Row| {
                let args = [("side", (&row.side).into()), ("figures", (&row.figures).into())];
                self.lang.say("strip-alt-row", args)
            };
            let rows = semicolons(&panel.rows.iter().map(row).collect::<Vec<_>>(), self.lang);
            let scenario = (&panel.scenario).into();
            self.lang.say("strip-alt-panel", [("scenario", scenario), ("rows", rows.into())])
        };
        let panels = self.panels.iter().map(panel);
        sentences(self.lang, &[self.lang.text("strip-alt")].into_iter().chain(panels).collect::<Vec<_>>())
    }

    /// A row for each run; each single time stands in the table of the distributions.
    pub(super) fn rows(&self) -> DataTable {
        let columns = [
            ("term-scenario", Column::Text),
            ("compare-side", Column::Text),
            ("term-run", Column::Text),
            ("strip-column-trials", Column::Figure),
            ("strip-column-given-up", Column::Figure),
            ("strip-column-mean", Column::Figure),
            ("strip-column-least", Column::Figure),
            ("strip-column-most", Column::Figure),
        ];
        let mut table = DataTable::new(columns.map(|(id, kind)| (self.lang.text(id), kind)));
        for panel in &self.panels {
            let horizon = horizon_us(&panel.observed);
            for side in &panel.observed {
                for run in &side.runs {
                    let times = || run.trials.iter().map(|seen| seen.time());
                    let or_none = |us: Option<u64>| us.map_or_else(|| "–".to_owned(), ms);
                    table.rows.push(vec![
                        panel.scenario.clone(),
                        side.label.clone(),
                        run.run_id.clone(),
                        format::count(run.trials.len() as u64),
                        format::count(run.trials.iter().filter(|seen| given_up(**seen)).count() as u64),
                        or_none(mean(&run.trials, horizon).map(format::micros)),
                        or_none(times().min()),
                        or_none(times().max()),
                    ]);
                }
            }
        }
        table
    }
}

fn panel(scenario: String, observed: Vec<Observed>, lang: Lang) -> Option<Panel> {
    let all: Vec<_> = observed.iter().flat_map(Observed::trials).collect();
    let span = span(all.iter().map(|seen| seen.time()), LOG_FROM)?;
    let horizon = horizon_us(&observed);
    let mean = match horizon {
        Some(us) => lang.say("strip-mean-restricted", [("until", Arg::LengthUs(us))]),
        None => lang.text("strip-mean"),
    };
    Some(Panel {
        scenario,
        span,
        rows: observed.iter().map(|side| row(side, horizon, lang)).collect(),
        x: lang.text(if span.2 { "strip-x-log" } else { "strip-x" }),
        mean,
        given_up: horizon.is_some(),
        observed,
    })
}

fn row(side: &Observed, horizon: Option<u64>, lang: Lang) -> Row {
    let trials = side.trials();
    let mean_us = mean(&trials, horizon);
    let lost = trials.iter().filter(|seen| given_up(**seen)).count();
    let figures = match mean_us {
        None => lang.text("ecdf-no-trial"),
        Some(mean) => lang.say(
            "strip-figures",
            [
                ("mean", Arg::LengthUs(format::micros(mean))),
                ("trials", trials.len().into()),
                ("lost", lost.into()),
            ],
        ),
    };
    let bands = float(side.runs.len() as u64);
    let marks = side.runs.iter().enumerate().flat_map(|(run, seen)| {
        let mark = move |(number, seen): (usize, &Observation)| Mark {
            us: float(seen.time()),
            given_up: given_up(*seen),
            // A tenth of the band at each side stays free, so that runs can be told apart.
            height: (float(run as u64) + 0.1 + 0.8 * (float(number as u64) * GOLDEN).fract()) / bands,
        };
        seen.trials.iter().enumerate().map(mark)
    });
    Row { side: side.label.clone(), figures, marks: marks.collect(), mean_us }
}

/// The mean in µs, restricted to a time where there is one.
fn mean(trials: &[Observation], horizon: Option<u64>) -> Option<f64> {
    let times = trials.iter().map(|seen| float(seen.time().min(horizon.unwrap_or(u64::MAX))));
    (!trials.is_empty()).then(|| times.sum::<f64>() / float(trials.len() as u64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::Metric;
    use crate::report::fixture;

    #[test]
    fn every_decided_trial_has_a_mark_in_the_band_of_its_run() {
        let sweep = fixture::sweep(10);
        let figure = Strip::of(&sweep.sides(), Lang::En).unwrap();
        let panel = &figure.panels[0];
        for (row, (_, runs)) in panel.rows.iter().zip(&sweep.settings) {
            assert_eq!(row.marks.len(), 30);
            for (run, marks) in row.marks.chunks(10).enumerate() {
                let band = run as f64 / 3.0..(run + 1) as f64 / 3.0;
                assert!(marks.iter().all(|mark| band.contains(&mark.height)));
                let expected = runs[run].episodes.iter().map(|it| (it.end_us - it.t0_us) as f64);
                assert!(marks.iter().map(|mark| mark.us).eq(expected));
            }
            let heights: std::collections::BTreeSet<_> =
                row.marks.iter().map(|mark| mark.height.to_bits()).collect();
            assert_eq!(heights.len(), 30);
        }
        let lost = |row: &Row| row.marks.iter().filter(|mark| mark.given_up).count();
        assert_eq!(panel.rows.iter().map(lost).collect::<Vec<_>>(), [0, 6, 0, 0]);
        assert!(panel.given_up && panel.span.2 && panel.mean.contains("4 s"), "{panel:?}");
    }

    #[test]
    fn the_means_are_those_of_the_comparison() {
        let sweep = fixture::sweep(10);
        let figure = Strip::of(&sweep.sides(), Lang::En).unwrap();
        let comparison = sweep.comparison();
        let metric = comparison.metrics.iter().find(|it| it.metric == Metric::RecoveryTime).unwrap();
        for (row, value) in figure.panels[0].rows.iter().zip(&metric.values) {
            assert!((row.mean_us.unwrap() - value.value.unwrap()).abs() < 1e-6, "{}", row.side);
        }
    }

    #[test]
    fn the_table_has_a_row_per_run() {
        let sweep = fixture::sweep(10);
        let table = Strip::of(&sweep.sides(), Lang::En).unwrap().rows();
        assert_eq!(table.rows.len(), 12);
        assert_eq!(table.rows.iter().map(|row| row[4].as_str()).filter(|lost| *lost == "2").count(), 3);
    }

    #[test]
    fn a_side_without_a_trial_says_so() {
        let mut sweep = fixture::sweep(3);
        sweep.settings[1].1.iter_mut().for_each(|run| run.episodes.clear());
        let figure = Strip::of(&sweep.sides(), Lang::En).unwrap();
        let row = &figure.panels[0].rows[1];
        assert_eq!((row.marks.len(), row.mean_us, row.figures.as_str()), (0, None, "no trial was decided"));
        assert!(!figure.panels[0].given_up && figure.rows().rows.len() == 12);
        assert_eq!(Strip::of(&[], Lang::En), None);
    }
}

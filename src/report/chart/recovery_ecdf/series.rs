//! Recovery times of each scenario's trials. Pure.

use crate::analysis::Summary;
use crate::analysis::survival::recoveries;
use crate::lang::Lang;
use crate::report::chart::survival::{COLUMNS, Labels, Line, Span, axis, rows};
use crate::report::chart::{Column, DataTable};
use crate::report::view::semicolons;

/// The figure.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RecoveryEcdf {
    /// One per scenario, also where no trial was decided.
    pub(crate) lines: Vec<Line>,
    /// Absent without a decided trial.
    pub(super) axis: Option<Span>,
    pub(super) words: Words,
    lang: Lang,
}

/// What stands in the picture.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Words {
    pub(super) title: String,
    pub(super) caption: String,
    /// What band and ticks mean; absent where nothing was censored.
    pub(super) note: Option<String>,
    pub(super) nothing: String,
    pub(super) y: String,
    pub(super) labels: Labels,
}

impl RecoveryEcdf {
    pub(crate) fn new(summary: &Summary, lang: Lang) -> Self {
        let names = summary.scenarios.iter().map(|scenario| scenario.name.as_str());
        let lines: Vec<_> = names.map(|name| Line::of(name, &recoveries(summary, name), lang)).collect();
        let trials: u64 = lines.iter().map(|line| line.survival.observations).sum();
        let censored = lines.iter().any(|line| !line.survival.censored.is_empty());
        let axis = axis(&lines);
        let log = axis.is_some_and(|(.., log)| log);
        let words = Words {
            title: lang.text("ecdf-title"),
            caption: lang.say("ecdf-caption", [("trials", trials.into()), ("run", (&summary.run_id).into())]),
            note: censored.then(|| lang.text("ecdf-note")),
            nothing: lang.text("ecdf-nothing"),
            y: lang.text("ecdf-y"),
            labels: Labels::new(log, lang),
        };
        Self { lines, axis, words, lang }
    }

    pub(super) fn in_words(&self) -> String {
        if self.axis.is_none() {
            return self.lang.text("ecdf-alt-nothing");
        }
        let lines: Vec<_> = self.lines.iter().map(|line| line.legend.clone()).collect();
        self.lang.say("ecdf-alt", [("lines", semicolons(&lines, self.lang).into())])
    }

    /// A row for each instant at which a trial recovered, and one for t0.
    pub(super) fn rows(&self) -> DataTable {
        let columns = [("term-scenario", Column::Text)].into_iter().chain(COLUMNS);
        let mut table = DataTable::new(columns.map(|(id, kind)| (self.lang.text(id), kind)));
        let named = |line: &Line| {
            rows(line).into_iter().map(|row| [vec![line.name.clone()], row].concat()).collect::<Vec<_>>()
        };
        table.rows = self.lines.iter().flat_map(named).collect();
        table
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::chart::survival::{MEDIAN, P95};
    use crate::report::fixture;

    fn of(summary: &Summary) -> RecoveryEcdf {
        RecoveryEcdf::new(summary, Lang::En)
    }

    #[test]
    fn the_curve_climbs_by_one_trial_at_each_recovery() {
        let summary = fixture::passing().summary;
        let line = &of(&summary).lines[0];
        let mut times: Vec<_> = summary.episodes.iter().map(|e| e.recovery_us.unwrap() as f64).collect();
        times.sort_by(f64::total_cmp);
        let corners = line.corners();
        assert_eq!(corners.iter().skip(1).step_by(2).map(|(at, _)| *at).collect::<Vec<_>>(), times);
        for (corner, share) in corners.iter().step_by(2).zip([0.0, 1.0 / 3.0, 2.0 / 3.0, 1.0]) {
            assert!((corner.1 - share).abs() < 1e-9, "{corners:?}");
        }
        assert_eq!((line.band(), line.censored()), (vec![], vec![]));
        assert_eq!((line.reached(MEDIAN), line.reached(P95)), (Some(times[1]), Some(times[2])));
    }

    #[test]
    fn a_censored_trial_gives_a_band_and_a_tick_where_it_was_given_up() {
        let figure = of(&fixture::failing().summary);
        let line = &figure.lines[0];
        // One of two recovered, the other was given up after a minute.
        assert_eq!(line.corners().last(), Some(&(60e6, 0.5)));
        assert_eq!(line.censored(), [(60e6, 0.5)]);
        let [(from, to, [low, high])] = line.band()[..] else { panic!("{:?}", line.band()) };
        assert_eq!((Some(from), to), (line.reached(MEDIAN), 60e6));
        assert!(0.0 < low && low < 0.5 && 0.5 < high && high < 1.0);
        assert_eq!(line.reached(P95), None);
        assert!(
            line.legend.contains("1 of 2 recovered") && line.legend.ends_with("p95 not reached"),
            "{}",
            line.legend
        );
        assert!(figure.words.note.is_some());
    }

    #[test]
    fn a_chain_is_one_trial() {
        let line = &of(&fixture::chains(4).summary).lines[0];
        assert_eq!((line.survival.observations, line.survival.events()), (4, 3));
    }

    #[test]
    fn the_axis_is_logarithmic_when_the_range_asks_for_it() {
        assert_eq!(of(&fixture::empty().summary).axis, None);
        let (low, high, log) = of(&fixture::passing().summary).axis.unwrap();
        assert!(low == 0.0 && high > 150_000.0 && !log);
        // 150 ms beside a minute.
        let (low, high, log) = of(&fixture::failing().summary).axis.unwrap();
        assert!(low > 100_000.0 && high >= 60e6 && log);
    }

    #[test]
    fn every_scenario_has_a_line_and_one_without_a_trial_says_so() {
        let mut summary = fixture::passing().summary;
        let mut second = summary.scenarios[0].clone();
        second.name = "cascade".to_owned();
        summary.scenarios.push(second);
        summary.episodes[2].scenario = "cascade".to_owned();
        let figure = of(&summary);
        assert_eq!(figure.lines.iter().map(|line| line.survival.observations).collect::<Vec<_>>(), [2, 1]);
        summary.episodes.pop();
        assert!(of(&summary).lines[1].legend.ends_with("no trial was decided"));
        assert_eq!(of(&fixture::empty().summary).in_words(), "No data: no trial was decided.");
    }

    #[test]
    fn the_table_counts_every_trial_once() {
        let summary = fixture::failing().summary;
        let table = of(&summary).rows();
        let of_column = |column: usize| table.rows.iter().map(|row| row[column].as_str()).collect::<Vec<_>>();
        assert_eq!(
            (of_column(2), of_column(3), of_column(4)),
            (vec!["2", "2"], vec!["0", "1"], vec!["0", "1"])
        );
        assert_eq!(of_column(5), ["0", "50"]);
        assert!(table.rows.iter().all(|row| row.len() == table.columns.len()));
        assert_eq!(of(&fixture::empty().summary).rows().rows.len(), 0);
    }
}

//! Recovery times of each scenario's trials as a curve that climbs from 0 to the share that recovered. Pure.

use crate::analysis::Summary;
use crate::analysis::survival::{Survival, recoveries};
use crate::lang::{Arg, Lang, format};
use crate::report::chart::text::float;
use crate::report::chart::{Column, DataTable};

/// From so many times the shortest time on the axis is logarithmic.
const LOG_FROM: f64 = 30.0;

/// Shares that are marked upon each curve.
pub(super) const MEDIAN: f64 = 0.5;
pub(super) const P95: f64 = 0.95;

/// One scenario. Instants are µs since t0, shares lie between 0 and 1.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Line {
    pub(crate) name: String,
    pub(crate) survival: Survival,
    /// Its name and its figures.
    pub(super) legend: String,
}

/// A piece of the band: from and to in µs, and the shares between which it lies.
pub(super) type BandPiece = (f64, f64, [f64; 2]);

/// The figure.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RecoveryEcdf {
    /// One per scenario, also where no trial was decided.
    pub(crate) lines: Vec<Line>,
    /// Where the axis begins and ends, in µs, and whether it is logarithmic; absent without a decided trial.
    pub(super) axis: Option<(f64, f64, bool)>,
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
    pub(super) x: String,
    pub(super) y: String,
    pub(super) median: String,
    pub(super) p95: String,
}

impl Line {
    fn new(summary: &Summary, name: &str, lang: Lang) -> Self {
        let survival = Survival::of(&recoveries(summary, name));
        let legend =
            lang.say("ecdf-line", [("scenario", name.into()), ("figures", figures(&survival, lang).into())]);
        Self { name: name.to_owned(), survival, legend }
    }

    /// The corners of the curve.
    pub(super) fn corners(&self) -> Vec<(f64, f64)> {
        let Some(last) = self.survival.last() else { return Vec::new() };
        let mut corners = vec![(0.0, 0.0)];
        let mut share = 0.0;
        for step in &self.survival.steps {
            corners.push((float(step.time), share));
            share = 1.0 - step.survival;
            corners.push((float(step.time), share));
        }
        // On to where the last one was given up.
        if float(last) > corners.last().map_or(0.0, |corner| corner.0) {
            corners.push((float(last), share));
        }
        corners
    }

    /// The band of the estimate; none where every trial recovered, as the curve is then simply what was measured.
    pub(super) fn band(&self) -> Vec<BandPiece> {
        if self.survival.censored.is_empty() {
            return Vec::new();
        }
        let ends = self.survival.steps.iter().skip(1).map(|step| step.time).chain(self.survival.last());
        let pieces = self.survival.steps.iter().zip(ends);
        pieces
            .filter_map(|(step, end)| {
                let [low, high] = step.band?;
                Some((float(step.time), float(end), [1.0 - high, 1.0 - low]))
            })
            .collect()
    }

    /// Where trials were given up, upon the curve.
    pub(super) fn censored(&self) -> Vec<(f64, f64)> {
        let on_curve = |at: &u64| (float(*at), 1.0 - self.survival.at(*at));
        self.survival.censored.iter().map(on_curve).collect()
    }

    /// Where so many have recovered.
    pub(super) fn reached(&self, share: f64) -> Option<f64> {
        self.survival.quantile(share).map(float)
    }
}

impl RecoveryEcdf {
    pub(crate) fn new(summary: &Summary, lang: Lang) -> Self {
        let names = summary.scenarios.iter().map(|scenario| scenario.name.as_str());
        let lines: Vec<_> = names.map(|name| Line::new(summary, name, lang)).collect();
        let trials: u64 = lines.iter().map(|line| line.survival.observations).sum();
        let censored = lines.iter().any(|line| !line.survival.censored.is_empty());
        let axis = axis(&lines);
        let log = axis.is_some_and(|(.., log)| log);
        let words = Words {
            title: lang.text("ecdf-title"),
            caption: lang.say("ecdf-caption", [("trials", trials.into()), ("run", (&summary.run_id).into())]),
            note: censored.then(|| lang.text("ecdf-note")),
            nothing: lang.text("ecdf-nothing"),
            x: lang.text(if log { "ecdf-x-log" } else { "term-since-fault" }),
            y: lang.text("ecdf-y"),
            median: lang.text("ecdf-median"),
            p95: lang.text("ecdf-p95"),
        };
        Self { lines, axis, words, lang }
    }

    pub(super) fn in_words(&self) -> String {
        if self.axis.is_none() {
            return self.lang.text("ecdf-alt-nothing");
        }
        let lines: Vec<_> = self.lines.iter().map(|line| line.legend.as_str()).collect();
        let between = match self.lang {
            Lang::En => "; ",
            Lang::Ja => "；",
        };
        self.lang.say("ecdf-alt", [("lines", lines.join(between).into())])
    }

    /// A row for each instant at which a trial recovered, and one for t0.
    pub(super) fn rows(&self) -> DataTable {
        let columns = [
            ("term-scenario", Column::Text),
            ("ecdf-column-time", Column::Figure),
            ("ecdf-column-watched", Column::Figure),
            ("ecdf-column-recovered", Column::Figure),
            ("ecdf-column-censored", Column::Figure),
            ("ecdf-column-share", Column::Figure),
            ("ecdf-column-low", Column::Figure),
            ("ecdf-column-high", Column::Figure),
        ];
        let mut table = DataTable::new(columns.map(|(id, kind)| (self.lang.text(id), kind)));
        table.rows = self.lines.iter().flat_map(rows).collect();
        table
    }
}

/// The rows of one scenario: what was censored stands with the instant before it.
fn rows(line: &Line) -> Vec<Vec<String>> {
    let survival = &line.survival;
    if survival.observations == 0 {
        return Vec::new();
    }
    let mut starts = vec![(0, survival.observations, 0, 0.0, None)];
    for step in &survival.steps {
        let band = step.band.map(|[low, high]| [1.0 - high, 1.0 - low]);
        starts.push((step.time, step.at_risk, step.events, 1.0 - step.survival, band));
    }
    // At the instant of an event the event comes first, so an instant's censored ones are after it.
    let ends = starts.iter().skip(1).map(|start| start.0).chain([u64::MAX]).collect::<Vec<_>>();
    let rows = starts.into_iter().zip(ends).map(|((time, watched, events, share, band), end)| {
        let censored = survival.censored.iter().filter(|at| (time..end).contains(at)).count();
        let bound = |side: usize| band.map_or_else(|| "–".to_owned(), |band: [f64; 2]| percent(band[side]));
        vec![
            line.name.clone(),
            format::number(float(time) / 1e3),
            format::count(watched),
            format::count(events),
            format::count(censored as u64),
            percent(share),
            bound(0),
            bound(1),
        ]
    });
    rows.collect()
}

/// `23 of 24 recovered, median 150 ms (95 %: 148 ms to 152 ms), p95 190 ms`
fn figures(survival: &Survival, lang: Lang) -> String {
    if survival.observations == 0 {
        return lang.text("ecdf-no-trial");
    }
    let at = |us: Option<u64>| us.map_or_else(|| Arg::from(lang.text("ecdf-not-reached")), Arg::LengthUs);
    let interval = match survival.quantile_interval(MEDIAN) {
        [Some(low), Some(high)] => {
            lang.say("ecdf-interval", [("low", Arg::LengthUs(low)), ("high", Arg::LengthUs(high))])
        }
        [Some(low), None] => lang.say("ecdf-interval-open", [("low", Arg::LengthUs(low))]),
        [None, _] => String::new(),
    };
    lang.say(
        "ecdf-figures",
        [
            ("recovered", survival.events().into()),
            ("trials", survival.observations.into()),
            ("median", at(survival.quantile(MEDIAN))),
            ("interval", interval.into()),
            ("p95", at(survival.quantile(P95))),
        ],
    )
}

fn axis(lines: &[Line]) -> Option<(f64, f64, bool)> {
    let times = lines.iter().flat_map(|line| {
        line.survival.steps.iter().map(|step| step.time).chain(line.survival.censored.iter().copied())
    });
    let longest = float(times.clone().max()?).max(1.0);
    let shortest = times.filter(|time| *time > 0).min().map_or(longest, float);
    if longest >= shortest * LOG_FROM {
        Some((shortest, longest, true))
    } else {
        // A little air, so that the last step does not stand on the frame.
        Some((0.0, longest * 1.08, false))
    }
}

fn percent(share: f64) -> String {
    format::number(share * 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;
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

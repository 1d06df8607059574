//! The changes of a comparison as rows of a forest plot. Pure.

use super::words::{self, Words};
use crate::compare::{Change, ChangeOutcome, Comparison, MetricComparison, Unit};
use crate::lang::Lang;
use crate::report::chart::DataTable;
use crate::report::chart::measure;

/// How far an axis reaches: a ratio and its inverse.
const RATIOS: [f64; 4] = [1.25, 2.0, 5.0, 10.0];
/// The same for differences of proportions.
const POINTS: [f64; 5] = [0.1, 0.2, 0.5, 0.75, 1.0];

/// The figure.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Forest {
    /// Means, then proportions; those without a row are left out.
    pub(super) panels: Vec<Panel>,
    pub(super) words: Words,
    pub(super) table: DataTable,
    pub(super) alt: String,
}

/// Rows whose changes are told alike.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Panel {
    pub(super) scale: Scale,
    /// Where its axis ends on the right, as a place on it; it begins at the same distance on the left.
    pub(super) reach: f64,
    /// Where the noise ends on both sides, as places.
    pub(super) noise: [f64; 2],
    pub(super) groups: Vec<Group>,
}

/// How a change is told. A place on the axis is 0 where nothing changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scale {
    /// Of means: candidate ÷ baseline; its place is the logarithm, so that half is as far as twice.
    Ratio,
    /// Of proportions: candidate − baseline; its place is that.
    Points,
}

/// One metric of one scenario.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Group {
    pub(super) name: String,
    /// Which way is better.
    pub(super) better: String,
    pub(super) rows: Vec<Row>,
}

/// One side.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    pub(super) side: String,
    /// The change, as a place; absent for a mean whose baseline is 0.
    pub(super) at: Option<f64>,
    /// Its 95 % interval by itself, as places.
    pub(super) interval: Option<[f64; 2]>,
    pub(super) outcome: ChangeOutcome,
    /// The change in words and figures, or why there is none.
    pub(super) text: String,
}

impl Scale {
    const ALL: [Self; 2] = [Self::Ratio, Self::Points];

    pub(super) fn of(unit: Unit) -> Self {
        match unit {
            Unit::Ratio => Self::Points,
            Unit::Us | Unit::Requests | Unit::Attempts => Self::Ratio,
        }
    }

    /// The place of a ratio or of a difference.
    pub(super) fn place(self, of: f64) -> f64 {
        match self {
            // Nothing is infinitely less than something: far beyond the end of any axis.
            Self::Ratio => of.max(1e-9).ln(),
            Self::Points => of,
        }
    }

    /// What stands at a place.
    pub(super) fn label(self, place: f64) -> String {
        match self {
            Self::Ratio => measure::change(place.exp()),
            Self::Points => measure::points(place),
        }
    }

    /// The shortest axis that holds all of these, as far as axes go.
    fn reach(self, places: impl Iterator<Item = f64>) -> f64 {
        let longest = places.map(f64::abs).fold(0.0, f64::max);
        let lengths = match self {
            Self::Ratio => RATIOS.map(f64::ln).to_vec(),
            Self::Points => POINTS.to_vec(),
        };
        let enough = lengths.iter().copied().find(|length| longest <= *length * 0.98);
        enough.or(lengths.last().copied()).unwrap_or(1.0)
    }

    /// The places of the ticks, from left to right.
    pub(super) fn ticks(self, reach: f64) -> Vec<f64> {
        let right: Vec<f64> = match self {
            Self::Points => {
                let step = reach / if reach < 0.3 { 4.0 } else { 5.0 };
                let step = if (reach - 0.75).abs() < 1e-9 { 0.25 } else { step };
                (1..=5).map(|n| f64::from(n) * step).filter(|at| *at <= reach + 1e-9).collect()
            }
            Self::Ratio => {
                let all: &[f64] = match reach.exp() {
                    ..1.5 => &[1.0 / 0.9, 1.25],
                    1.5..3.0 => &[1.25, 2.0],
                    _ => &[2.0, 5.0, 10.0],
                };
                all.iter().map(|ratio| ratio.ln()).filter(|at| *at <= reach + 1e-9).collect()
            }
        };
        right.iter().rev().map(|at| -at).chain([0.0]).chain(right.iter().copied()).collect()
    }
}

impl Forest {
    /// Absent when no side can be compared with the baseline in anything.
    pub(crate) fn of(comparison: &Comparison, lang: Lang) -> Option<Self> {
        let panels: Vec<_> =
            Scale::ALL.into_iter().filter_map(|scale| panel(comparison, scale, lang)).collect();
        let (table, alt) = (words::table(comparison, lang), words::alt(comparison, lang));
        let words = Words::new(comparison, lang);
        (!panels.is_empty()).then_some(Self { panels, words, table, alt })
    }
}

fn panel(comparison: &Comparison, scale: Scale, lang: Lang) -> Option<Panel> {
    let metrics = comparison.metrics.iter().filter(|metric| Scale::of(metric.unit) == scale);
    let groups: Vec<_> = metrics.filter_map(|metric| group(metric, scale, lang)).collect();
    let noise = match scale {
        Scale::Ratio => [1.0 - comparison.noise, 1.0 + comparison.noise],
        Scale::Points => [-comparison.noise, comparison.noise],
    };
    let noise = noise.map(|end| scale.place(end));
    let rows = groups.iter().flat_map(|group| &group.rows);
    let places = rows.flat_map(|row| row.at.into_iter().chain(row.interval.into_iter().flatten()));
    let reach = scale.reach(places.chain(noise));
    (!groups.is_empty()).then_some(Panel { scale, reach, noise, groups })
}

fn group(metric: &MetricComparison, scale: Scale, lang: Lang) -> Option<Group> {
    let rows: Vec<_> = metric
        .changes
        .iter()
        .enumerate()
        .filter(|(_, change)| change.difference.is_some())
        .map(|(place, change)| row(metric, place, change, scale, lang))
        .collect();
    (!rows.is_empty()).then(|| Group {
        name: words::group(metric, lang),
        better: measure::better(metric.higher_is_better, lang),
        rows,
    })
}

fn row(metric: &MetricComparison, place: usize, change: &Change, scale: Scale, lang: Lang) -> Row {
    let estimate = words::told(change, scale);
    let interval = estimate.and_then(|estimate| estimate.interval);
    Row {
        side: change.side.clone(),
        at: estimate.map(|estimate| scale.place(estimate.value)),
        interval: interval.map(|ends| ends.map(|end| scale.place(end))),
        outcome: change.outcome,
        text: words::row(metric, place, change, scale, lang),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::{Estimate, Metric};
    use crate::report::fixture;

    fn with(change: impl FnOnce(&mut Comparison)) -> Forest {
        let mut comparison = fixture::sweep(12).comparison();
        change(&mut comparison);
        Forest::of(&comparison, Lang::En).unwrap()
    }

    #[test]
    fn means_and_proportions_have_a_panel_each_and_a_row_for_every_side_but_the_baseline() {
        let figure = with(|_| ());
        let comparison = fixture::sweep(12).comparison();
        assert_eq!(figure.panels.iter().map(|it| it.scale).collect::<Vec<_>>(), Scale::ALL);
        let names =
            |panel: usize| figure.panels[panel].groups.iter().map(|it| it.name.as_str()).collect::<Vec<_>>();
        assert!(names(0)[0].starts_with("Recovery time") && names(1)[0].starts_with("Automatic recovery rate"));
        assert_eq!(names(0).len() + names(1).len(), comparison.metrics.len());
        for group in figure.panels.iter().flat_map(|panel| &panel.groups) {
            let sides: Vec<_> = group.rows.iter().map(|row| &row.side).collect();
            assert_eq!(sides, comparison.sides[1..].iter().map(|side| &side.label).collect::<Vec<_>>());
        }
    }

    #[test]
    fn half_is_as_far_as_twice_and_an_axis_reaches_as_far_as_its_rows() {
        let ratio = Scale::Ratio;
        assert!((ratio.place(0.5) + ratio.place(2.0)).abs() < 1e-12 && ratio.place(1.0) == 0.0);
        for (longest, reach) in [(1.1_f64, 1.25_f64), (1.6, 2.0), (0.3, 5.0), (400.0, 10.0)] {
            assert!((ratio.reach([longest.ln(), 0.0].into_iter()) - reach.ln()).abs() < 1e-12, "{longest}");
        }
        assert!((Scale::Points.reach([-0.15].into_iter()) - 0.2).abs() < 1e-12);
        let labels =
            |scale: Scale, reach| scale.ticks(reach).iter().map(|at| scale.label(*at)).collect::<Vec<_>>();
        assert_eq!(labels(ratio, 2f64.ln()), ["−50 %", "−20 %", "0 %", "+25 %", "+100 %"]);
        assert_eq!(labels(Scale::Points, 0.75), ["−75", "−50", "−25", "0", "+25", "+50", "+75"]);
        assert_eq!(labels(Scale::Points, 0.2).len(), 9);
    }

    #[test]
    fn a_row_says_why_it_has_no_interval_and_why_it_has_no_ratio() {
        let figure = with(|comparison| {
            let change = &mut comparison.metrics[0].changes;
            change[0].ratio = Some(Estimate { value: 3.0, interval: None, deciding: None });
            change[0].reason = Some(crate::lang::Sentence::new("compare-reason-not-observed"));
            change[1].ratio = None;
            comparison.metrics[0].changes[2].difference = None;
        });
        let rows = &figure.panels[0].groups[0].rows;
        assert_eq!(rows.len(), 2);
        assert_eq!((rows[0].at, rows[0].interval), (Some(3f64.ln()), None));
        assert!(rows[0].text.contains("+200 %") && rows[0].text.contains("not observed"), "{}", rows[0].text);
        assert_eq!((rows[1].at, rows[1].interval), (None, None));
        assert!(rows[1].text.contains("baseline is 0"), "{}", rows[1].text);
    }

    #[test]
    fn a_single_row_is_enough_and_none_is_no_figure() {
        let figure = with(|comparison| {
            comparison.metrics.retain(|metric| metric.metric == Metric::MissedAlerts);
            comparison.metrics[0].changes.truncate(1);
        });
        assert_eq!((figure.panels.len(), figure.panels[0].groups[0].rows.len()), (1, 1));
        let mut comparison = fixture::sweep(12).comparison();
        comparison.metrics.clear();
        assert_eq!(Forest::of(&comparison, Lang::En), None);
    }
}

//! What every setting of a sweep has shown, as a table of shades for each metric. Pure.

use super::layout::Layout;
use super::words::{self, Words};
use crate::analysis::model::Verdict;
use crate::compare::{Comparison, Metric, MetricComparison, Unit};
use crate::lang::{Lang, format};
use crate::report::chart::DataTable;
use crate::report::chart::measure;
use crate::sweep::{Recommendation, Standing};

/// What is shown, as far as it was observed.
pub(super) const METRICS: [Metric; 8] = [
    Metric::RecoveryTime,
    Metric::AutoRecoveryRate,
    Metric::StateResyncRate,
    Metric::MissedAlerts,
    Metric::AlertDelay,
    Metric::GoodputLost,
    Metric::RestartAttempts,
    Metric::FailedRequests,
];

/// The figure.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct HeatMap {
    pub(super) panels: Vec<Panel>,
    pub(super) layout: Layout,
    pub(super) words: Words,
    pub(super) table: DataTable,
    pub(super) alt: String,
}

/// One metric of one scenario.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Panel {
    pub(super) name: String,
    /// What its cells are counted in, where that is a word: stands behind the name when the cells have no room for it.
    pub(super) unit: Option<String>,
    /// By row and column; absent where a combination was not run.
    pub(super) cells: Vec<Vec<Option<Cell>>>,
}

/// One setting.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Cell {
    /// Its value with its unit.
    pub(super) text: String,
    /// The same without the words of the unit, for where there is no room.
    pub(super) short: String,
    /// From 0 for the panel's best to 1 for its worst; absent without a value.
    pub(super) shade: Option<f64>,
    pub(super) marks: Marks,
}

/// What there is to say of a setting besides its values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Marks {
    pub(super) fails: bool,
    pub(super) planned: bool,
    pub(super) chosen: bool,
}

impl Marks {
    pub(super) fn of(recommendation: &Recommendation, place: usize, standing: &Standing) -> Self {
        Self {
            fails: standing.verdict == Verdict::Fail,
            planned: standing.planned,
            chosen: recommendation.chosen == Some(place),
        }
    }
}

impl HeatMap {
    /// Absent when nothing varies and when nothing was observed. Sides and standings stand in the same order.
    pub(crate) fn of(comparison: &Comparison, recommendation: &Recommendation, lang: Lang) -> Option<Self> {
        let settings: Vec<_> = recommendation.standings.iter().map(|standing| &standing.setting).collect();
        let layout = Layout::of(&settings)?;
        let metrics = shown(comparison);
        let panels: Vec<_> = metrics
            .iter()
            .map(|metric| panel(metric, comparison.noise, recommendation, &layout, lang))
            .collect();
        let table = words::table(&metrics, recommendation, lang);
        let alt = words::alt(&metrics, recommendation, &layout, lang);
        let words = Words::new(recommendation, &layout, lang);
        (!panels.is_empty()).then_some(Self { panels, layout, words, table, alt })
    }
}

/// The metrics of the comparison that are shown, scenario by scenario.
fn shown(comparison: &Comparison) -> Vec<&MetricComparison> {
    comparison.metrics.iter().filter(|metric| METRICS.contains(&metric.metric)).collect()
}

fn panel(
    metric: &MetricComparison,
    noise: f64,
    recommendation: &Recommendation,
    layout: &Layout,
    lang: Lang,
) -> Panel {
    let mut cells = vec![vec![None; layout.columns()]; layout.down.len()];
    let values: Vec<_> = metric.values.iter().map(|side| side.value).collect();
    let shades = shades(&values, least_range(metric, noise), metric.higher_is_better);
    let places = layout.places.iter().zip(&recommendation.standings).enumerate();
    for (place, ((row, column), standing)) in places {
        let value = values.get(place).copied().flatten();
        cells[*row][*column] = Some(Cell {
            text: measure::value_or(metric.unit, value, lang),
            short: short(metric.unit, value, lang),
            shade: shades.get(place).copied().flatten(),
            marks: Marks::of(recommendation, place, standing),
        });
    }
    Panel { name: words::group(metric, lang), unit: words::unit(metric.unit, lang), cells }
}

fn short(unit: Unit, value: Option<f64>, lang: Lang) -> String {
    match (unit, value) {
        (_, None) => "–".to_owned(),
        (Unit::Requests | Unit::Attempts, Some(value)) => format::number(value),
        (Unit::Us | Unit::Ratio, Some(value)) => measure::value(unit, value, lang),
    }
}

/// Between the lightest and the darkest shade lies at least as much as from one end of the noise to the other, so that what
/// counts as no change does not look like one.
fn least_range(metric: &MetricComparison, noise: f64) -> f64 {
    let of = match metric.unit {
        Unit::Ratio => 1.0,
        Unit::Us | Unit::Requests | Unit::Attempts => {
            metric.values.first().and_then(|baseline| baseline.value).unwrap_or(0.0)
        }
    };
    2.0 * noise * of.abs()
}

/// From 0 for the best to 1 for what is worse than it by the range of all, or by `least`; all 0 when they are equal.
fn shades(values: &[Option<f64>], least: f64, higher_is_better: bool) -> Vec<Option<f64>> {
    let known = || values.iter().flatten().copied();
    let (low, high) = (known().fold(f64::INFINITY, f64::min), known().fold(f64::NEG_INFINITY, f64::max));
    let range = (high - low).max(least);
    let shade = |value: f64| {
        let worse = if higher_is_better { high - value } else { value - low };
        if range > 0.0 { worse / range } else { 0.0 }
    };
    values.iter().map(|value| value.map(shade)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    fn of(sweep: &fixture::Sweep) -> HeatMap {
        HeatMap::of(&sweep.comparison(), &sweep.recommendation(), Lang::En).unwrap()
    }

    #[test]
    fn shades_go_from_the_best_to_the_worst_whichever_way_that_is() {
        assert_eq!(
            shades(&[Some(1.0), None, Some(3.0), Some(2.0)], 1.0, false),
            [Some(0.0), None, Some(1.0), Some(0.5)]
        );
        assert_eq!(shades(&[Some(1.0), Some(3.0)], 0.0, true), [Some(1.0), Some(0.0)]);
        assert_eq!(shades(&[Some(2.0), Some(2.0)], 0.0, true), [Some(0.0); 2]);
        assert_eq!(shades(&[None], 1.0, true), [None]);
        // Less than the noise is a little only.
        assert_eq!(shades(&[Some(1.0), Some(1.5)], 2.0, false), [Some(0.0), Some(0.25)]);
    }

    #[test]
    fn every_setting_stands_in_its_column_with_its_value_and_marks() {
        let sweep = fixture::sweep(10);
        let (figure, comparison) = (of(&sweep), sweep.comparison());
        let cells: Vec<_> = figure.panels[0].cells[0].iter().flatten().collect();
        let value =
            |side: usize| measure::value_or(Unit::Us, comparison.metrics[0].values[side].value, Lang::En);
        // The plan's own setting is the first side, and the third column.
        let texts = cells.iter().map(|cell| cell.text.clone()).collect::<Vec<_>>();
        assert_eq!(texts, [1, 2, 0, 3].map(value));
        let marks = |of: fn(&Marks) -> bool| cells.iter().map(|cell| of(&cell.marks)).collect::<Vec<_>>();
        assert_eq!(marks(|marks| marks.planned), [false, false, true, false]);
        assert_eq!(marks(|marks| marks.fails), [true, false, false, false]);
        assert_eq!(marks(|marks| marks.chosen), [false, false, false, true]);
    }

    #[test]
    fn only_what_the_comparison_has_gets_a_panel() {
        let figure = of(&fixture::sweep(10));
        assert_eq!(figure.panels.len(), 7);
        assert!(figure.panels.iter().all(|panel| !panel.name.contains("resync")));
    }

    #[test]
    fn a_combination_without_a_run_has_no_cell() {
        let figure = of(&fixture::of_axes(
            &[("max-retries", &["3", "5"]), ("backoff-initial", &["50ms", "1s"])],
            2,
            6,
        ));
        let cells: Vec<Vec<_>> =
            figure.panels[0].cells.iter().map(|row| row.iter().map(Option::is_some).collect()).collect();
        assert_eq!(cells, [[true, true, true], [true, true, false]]);
    }
}

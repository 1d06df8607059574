//! What a setting gains against what it costs. Pure.

use super::words::{self, Words};
use crate::analysis::model::Verdict;
use crate::lang::Lang;
use crate::report::chart::DataTable;
use crate::sweep::{Recommendation, Standing};

/// From so many times the least value an axis is logarithmic.
const LOG_FROM: f64 = 30.0;

/// The figure.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Pareto {
    /// Those costs of which something was observed.
    pub(super) panels: Vec<Panel>,
    /// Every setting, in the order of the standings.
    pub(super) entries: Vec<Entry>,
    pub(super) words: Words,
    pub(super) table: DataTable,
    pub(super) alt: String,
}

/// What recovery time is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cost {
    /// Mean number of restarts per trial that recovered.
    Restarts,
    /// Mean goodput lost per decided trial, in requests.
    GoodputLost,
}

/// One scatter.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Panel {
    pub(super) cost: Cost,
    pub(super) points: Vec<Point>,
    pub(super) x: Span,
    pub(super) y: Span,
    /// Places among the points that are on the front, from the fastest to the cheapest.
    pub(super) front: Vec<usize>,
}

/// One setting in a scatter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Point {
    /// Its place among the entries.
    pub(super) entry: usize,
    /// Mean recovery time in µs.
    pub(super) x: f64,
    /// Its cost.
    pub(super) y: f64,
}

/// Where an axis begins and ends, and whether it is logarithmic.
pub(super) type Span = (f64, f64, bool);

/// One setting.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    pub(super) setting: String,
    pub(super) verdict: Verdict,
    pub(super) chosen: bool,
    pub(super) planned: bool,
    /// Its line in the list.
    pub(super) text: String,
}

impl Cost {
    pub(super) const ALL: [Self; 2] = [Self::Restarts, Self::GoodputLost];

    /// What a setting costs; absent where nobody observed it.
    pub(super) fn of(self, standing: &Standing) -> Option<f64> {
        match self {
            Self::Restarts => standing.restarts,
            Self::GoodputLost => standing.goodput_lost,
        }
    }
}

impl Pareto {
    /// Absent when no setting has both a recovery time and a cost.
    pub(crate) fn of(recommendation: &Recommendation, lang: Lang) -> Option<Self> {
        let standings = &recommendation.standings;
        let panels: Vec<_> = Cost::ALL.into_iter().filter_map(|cost| panel(standings, cost)).collect();
        let entry = |(place, standing): (usize, &Standing)| {
            let chosen = recommendation.chosen == Some(place);
            Entry {
                setting: standing.setting.to_string(),
                verdict: standing.verdict,
                chosen,
                planned: standing.planned,
                text: words::entry(standing, chosen, &on_fronts(&panels, place), lang),
            }
        };
        let entries: Vec<_> = standings.iter().enumerate().map(entry).collect();
        let words = Words::new(recommendation, &panels, lang);
        let (table, alt) =
            (words::table(recommendation, &panels, lang), words::alt(recommendation, &panels, lang));
        (!panels.is_empty()).then_some(Self { panels, entries, words, table, alt })
    }
}

/// In which of the panels a setting is on the front.
pub(super) fn on_fronts(panels: &[Panel], entry: usize) -> Vec<Cost> {
    let on = |panel: &&Panel| panel.front.iter().any(|place| panel.points[*place].entry == entry);
    panels.iter().filter(on).map(|panel| panel.cost).collect()
}

fn panel(standings: &[Standing], cost: Cost) -> Option<Panel> {
    let points: Vec<_> = standings
        .iter()
        .enumerate()
        .filter_map(|(entry, standing)| {
            Some(Point { entry, x: standing.recovery_us?, y: cost.of(standing)? })
        })
        .collect();
    let passes = |point: &Point| standings[point.entry].verdict == Verdict::Pass;
    let front = front(&points, passes);
    let x = span(points.iter().map(|point| point.x));
    let y = span(points.iter().map(|point| point.y));
    (!points.is_empty()).then_some(Panel { cost, points, x, y, front })
}

/// The points that count and than which no other one that counts is better in one and not worse in the other, by their x.
/// Points at the same place are on it together.
fn front(points: &[Point], counts: impl Fn(&Point) -> bool) -> Vec<usize> {
    let beats = |a: &Point, b: &Point| a.x <= b.x && a.y <= b.y && (a.x < b.x || a.y < b.y);
    let mut front: Vec<usize> = (0..points.len())
        .filter(|place| counts(&points[*place]))
        .filter(|place| !points.iter().any(|other| counts(other) && beats(other, &points[*place])))
        .collect();
    front.sort_by(|a, b| points[*a].x.total_cmp(&points[*b].x));
    front
}

/// The values with some air around them; from 0 where they come near it.
fn span(values: impl Iterator<Item = f64> + Clone) -> Span {
    let least = values.clone().fold(f64::INFINITY, f64::min);
    let most = values.fold(f64::NEG_INFINITY, f64::max);
    if least > 0.0 && most >= least * LOG_FROM {
        return (least, most, true);
    }
    let air = if most > least { (most - least) * 0.18 } else { (most * 0.2).max(0.5) };
    let low = if least - air < most * 0.3 { 0.0 } else { least - air };
    (low, most + air, false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    fn points(places: &[(f64, f64)]) -> Vec<Point> {
        places.iter().enumerate().map(|(entry, (x, y))| Point { entry, x: *x, y: *y }).collect()
    }

    #[test]
    fn the_front_has_what_nothing_beats() {
        let points = points(&[(3.0, 1.0), (1.0, 4.0), (2.0, 2.0), (2.5, 2.0), (4.0, 4.0), (2.0, 2.0)]);
        // Number 3 is slower than 2 at the same cost; 2 and 5 are the same.
        assert_eq!(front(&points, |_| true), [1, 2, 5, 0]);
        assert_eq!(front(&points, |point| point.entry > 2), [5]);
        assert_eq!(front(&points, |_| false), [0; 0]);
    }

    #[test]
    fn what_fails_is_drawn_and_is_not_on_the_front() {
        let mut recommendation = fixture::sweep(10).recommendation();
        // The failing one would beat all others.
        recommendation.standings[1].recovery_us = Some(1.0);
        recommendation.standings[1].restarts = Some(0.0);
        let figure = Pareto::of(&recommendation, Lang::En).unwrap();
        assert_eq!(figure.panels.iter().map(|panel| panel.cost).collect::<Vec<_>>(), Cost::ALL);
        assert_eq!(figure.panels[0].points.len(), 4);
        assert!(!on_fronts(&figure.panels, 1).contains(&Cost::Restarts));
        assert!(!figure.panels[0].front.is_empty());
    }

    #[test]
    fn a_setting_without_a_value_is_named_in_words() {
        let mut recommendation = fixture::sweep(10).recommendation();
        recommendation.standings[2].recovery_us = None;
        recommendation.standings.iter_mut().for_each(|standing| standing.goodput_lost = None);
        let figure = Pareto::of(&recommendation, Lang::En).unwrap();
        assert_eq!((figure.panels.len(), figure.panels[0].points.len()), (1, 3));
        assert!(figure.entries[2].text.contains("not drawn"), "{}", figure.entries[2].text);
        recommendation.standings.iter_mut().for_each(|standing| standing.restarts = None);
        assert_eq!(Pareto::of(&recommendation, Lang::En), None);
    }

    #[test]
    fn an_axis_holds_its_values_with_air_and_is_logarithmic_for_a_wide_range() {
        let (low, high, log) = span([100.0, 200.0].into_iter());
        assert!(low < 100.0 && low > 0.0 && high > 200.0 && !log);
        assert_eq!(span([1.0, 40.0].into_iter()), (1.0, 40.0, true));
        assert_eq!(span([0.0, 0.0].into_iter()), (0.0, 0.5, false));
        assert_eq!(span([1.0, 4.0].into_iter()).0, 0.0);
    }
}

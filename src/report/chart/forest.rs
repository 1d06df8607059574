//! A forest plot: how every metric of every side differs from the baseline, with its interval.

mod series;
mod words;

use plotters::prelude::DrawingBackend;
use plotters::style::RGBColor;

use super::axis::Axis;
use super::canvas::{Anchor, HEADING, LABEL, Point, QUIET, TITLE};
use super::legend::Legend;
use super::{Canvas, ChartError, DataTable, Described, Figure, style};
use crate::compare::ChangeOutcome;
pub(crate) use series::Forest;
use series::{Group, Panel, Row};
use words::OUTCOMES;

const LEFT: i32 = 470;
const RIGHT: i32 = 1_100;
/// Where the words of the rows begin.
const TEXT: i32 = 1_150;
/// Room for a text at the right.
const ROOM: i32 = style::WIDTH as i32 - TEXT - 20;
const HEAD: i32 = 262;
/// Height of a metric's name, of a row, and of what stands below the rows of a panel.
const NAME: i32 = 56;
const ROW: i32 = 46;
const FOOT: i32 = 150;
/// Half the width of a mark.
const MARK: i32 = 13;

impl Figure for Forest {
    fn size(&self) -> (u32, u32) {
        let panels: i32 = self.panels.iter().map(height).sum();
        (style::WIDTH, (HEAD + panels - 20).unsigned_abs())
    }

    fn draw<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>) -> Result<(), ChartError> {
        self.head(canvas)?;
        let mut top = HEAD;
        for panel in &self.panels {
            self.panel(canvas, panel, top)?;
            top += height(panel);
        }
        Ok(())
    }
}

impl Described for Forest {
    const NAME: &'static str = "forest";

    fn alt(&self) -> String {
        self.alt.clone()
    }

    fn table(&self) -> DataTable {
        self.table.clone()
    }
}

impl Forest {
    /// Title, captions and legend.
    fn head<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>) -> Result<(), ChartError> {
        let words = &self.words;
        canvas.text(&words.title, (40, 40), Anchor::Left, TITLE)?;
        for (text, y) in [(&words.caption, 88), (&words.decided, 128)] {
            let text = canvas.fitted(text, style::WIDTH as i32 - 80, QUIET);
            canvas.text(&text, (40, y), Anchor::Left, QUIET)?;
        }
        let middle = |(left, top, right, bottom)| (i32::midpoint(left, right), i32::midpoint(top, bottom));
        let mut legend = Legend::new(canvas, (40, 180));
        for (outcome, text) in OUTCOMES.into_iter().zip(&words.outcomes) {
            legend.entry(text, |area| mark(canvas, middle(area), outcome, true))?;
        }
        legend.entry(&words.hollow, |area| mark(canvas, middle(area), ChangeOutcome::Inconclusive, false))?;
        legend.entry(&words.interval, |area| {
            let (x, y) = middle(area);
            interval(canvas, (x - 20, x + 20), y, style::INK)
        })?;
        legend.entry(&words.noise, |area| canvas.fill(area, style::MUTED, 0.2))
    }

    fn panel<DB: DrawingBackend>(
        &self,
        canvas: &Canvas<'_, DB>,
        panel: &Panel,
        top: i32,
    ) -> Result<(), ChartError> {
        let bottom = top + rows(panel);
        let x = Axis::between(-panel.reach, panel.reach, (LEFT, RIGHT));
        let [low, high] = panel.noise.map(|end| x.at(end));
        canvas.fill((low, top, high, bottom), style::MUTED, 0.2)?;
        let label = |place: f64| panel.scale.label(place);
        canvas.x_axis((LEFT, top, RIGHT, bottom), &x, &panel.scale.ticks(panel.reach), Some(&label))?;
        canvas.line(&[(x.at(0.0), top), (x.at(0.0), bottom)], style::MUTED, 3)?;
        let name = self.words.axis(panel.scale);
        canvas.text(name, (i32::midpoint(LEFT, RIGHT), bottom + 82), Anchor::Middle, HEADING)?;
        let mut y = top;
        for one in &panel.groups {
            group(canvas, one, y)?;
            y += NAME;
            for one in &one.rows {
                row(canvas, &x, panel.reach, one, y + ROW / 2)?;
                y += ROW;
            }
        }
        Ok(())
    }
}

/// Height of a panel's rows.
fn rows(panel: &Panel) -> i32 {
    panel.groups.iter().map(|group| NAME + group.rows.len() as i32 * ROW).sum()
}

fn height(panel: &Panel) -> i32 {
    rows(panel) + FOOT
}

/// The name of a metric upon a strip of paper across the figure.
fn group<DB: DrawingBackend>(canvas: &Canvas<'_, DB>, group: &Group, top: i32) -> Result<(), ChartError> {
    canvas.fill((20, top, style::WIDTH as i32 - 20, top + NAME - 2), style::PAPER, 1.0)?;
    canvas.line(&[(20, top + 3), (style::WIDTH as i32 - 20, top + 3)], style::GRID, 2)?;
    let y = top + NAME / 2 + 4;
    canvas.text(&canvas.fitted(&group.name, TEXT - 60, HEADING), (40, y), Anchor::Left, HEADING)?;
    canvas.text(&canvas.fitted(&group.better, ROOM, QUIET), (TEXT, y), Anchor::Left, QUIET)
}

/// A side: its name, its interval and mark, and both in words.
fn row<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    x: &Axis,
    reach: f64,
    row: &Row,
    y: i32,
) -> Result<(), ChartError> {
    canvas.text(&canvas.fitted(&row.side, LEFT - 80, LABEL), (60, y), Anchor::Left, LABEL)?;
    canvas.text(&canvas.fitted(&row.text, ROOM, LABEL), (TEXT, y), Anchor::Left, LABEL)?;
    let (colour, _) = look(row.outcome);
    if let Some([low, high]) = row.interval {
        interval(canvas, (x.at(low), x.at(high)), y, colour)?;
        beyond(canvas, low, reach, y, colour)?;
        beyond(canvas, high, reach, y, colour)?;
    }
    let Some(at) = row.at else { return Ok(()) };
    if at.abs() > reach {
        return beyond(canvas, at, reach, y, colour);
    }
    mark(canvas, (x.at(at), y), row.outcome, row.interval.is_some())
}

fn interval<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    (from, to): (i32, i32),
    y: i32,
    colour: RGBColor,
) -> Result<(), ChartError> {
    canvas.line(&[(from, y), (to, y)], colour, style::DATA_LINE)
}

/// An arrow at the edge where a place lies beyond it.
fn beyond<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    place: f64,
    reach: f64,
    y: i32,
    colour: RGBColor,
) -> Result<(), ChartError> {
    let (edge, to) = if place < 0.0 { (LEFT, -1) } else { (RIGHT, 1) };
    if place.abs() <= reach {
        return Ok(());
    }
    canvas.polygon(&[(edge, y - 12), (edge + to * 20, y), (edge, y + 12)], colour, true)
}

/// Colour and shape around a point: no outcome has another's.
fn look(outcome: ChangeOutcome) -> (RGBColor, &'static [Point]) {
    const M: i32 = MARK;
    match outcome {
        ChangeOutcome::Improved => (style::BLUE, &[(0, -M), (M, M - 2), (-M, M - 2)]),
        ChangeOutcome::Regressed => (style::VERMILLION, &[(0, M), (M, 2 - M), (-M, 2 - M)]),
        ChangeOutcome::Unchanged => (style::GREEN, &[(-10, -10), (10, -10), (10, 10), (-10, 10)]),
        ChangeOutcome::Inconclusive => (style::MUTED, &[(0, -M), (M, 0), (0, M), (-M, 0)]),
    }
}

/// A mark; a hollow one has no interval.
fn mark<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    (x, y): Point,
    outcome: ChangeOutcome,
    filled: bool,
) -> Result<(), ChartError> {
    let (colour, shape) = look(outcome);
    let points: Vec<Point> = shape.iter().map(|(dx, dy)| (x + dx, y + dy)).collect();
    canvas.polygon(&points, if filled { colour } else { style::PAPER }, true)?;
    canvas.polygon(&points, colour, false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;
    use crate::report::fixture;

    #[test]
    fn every_outcome_has_a_colour_and_a_shape_of_its_own() {
        let looks = OUTCOMES.map(|outcome| (style::hex(look(outcome).0), look(outcome).1));
        assert!((0..4).all(|a| (0..a).all(|b| looks[a].0 != looks[b].0 && looks[a].1 != looks[b].1)));
    }

    #[test]
    fn the_figure_grows_with_its_rows() {
        let comparison = fixture::sweep(12).comparison();
        let all = Forest::of(&comparison, Lang::En).unwrap().size().1;
        let mut fewer = comparison.clone();
        fewer.metrics.iter_mut().for_each(|metric| metric.changes.truncate(1));
        let rows = (comparison.metrics.len() * 2) as u32;
        assert_eq!(all - Forest::of(&fewer, Lang::En).unwrap().size().1, rows * ROW.unsigned_abs());
    }
}

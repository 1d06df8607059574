//! Every trial a mark at its recovery time: a row for each side, a panel for each scenario.

mod series;

use plotters::prelude::DrawingBackend;

use super::axis::{Axis, round};
use super::canvas::{Anchor, HEADING, LABEL, Point, QUIET, TITLE};
use super::legend::Legend;
use super::{Canvas, ChartError, DataTable, Described, Figure, style};
use crate::lang::format;
pub(crate) use series::Strip;
use series::{Mark, Panel, Row};

const LEFT: i32 = 620;
const RIGHT: i32 = style::WIDTH as i32 - 60;
const HEAD: i32 = 150;
/// Of a panel: its name and its legend, a row, and what stands below the axis.
const NAME: i32 = 130;
const ROW: i32 = 96;
const FOOT: i32 = 170;
/// Free at the top and at the bottom of a row.
const AIR: i32 = 8;
/// Half the side of a mark.
const MARK: i32 = 4;

impl Figure for Strip {
    fn size(&self) -> (u32, u32) {
        let panels: i32 = self.panels.iter().map(height).sum();
        (style::WIDTH, (HEAD + panels - 40).unsigned_abs())
    }

    fn draw<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>) -> Result<(), ChartError> {
        canvas.text(&self.words.title, (40, 40), Anchor::Left, TITLE)?;
        let caption = canvas.fitted(&self.words.caption, style::WIDTH as i32 - 80, QUIET);
        canvas.text(&caption, (40, 88), Anchor::Left, QUIET)?;
        let mut top = HEAD;
        for panel in &self.panels {
            self.panel(canvas, panel, top)?;
            top += height(panel);
        }
        Ok(())
    }
}

impl Described for Strip {
    const NAME: &'static str = "strip";

    fn alt(&self) -> String {
        self.in_words()
    }

    fn table(&self) -> DataTable {
        self.rows()
    }
}

impl Strip {
    fn panel<DB: DrawingBackend>(
        &self,
        canvas: &Canvas<'_, DB>,
        panel: &Panel,
        top: i32,
    ) -> Result<(), ChartError> {
        let name = canvas.fitted(&panel.scenario, style::WIDTH as i32 - 80, HEADING);
        canvas.text(&name, (40, top), Anchor::Left, HEADING)?;
        self.legend(canvas, panel, top + 52)?;
        let rows = top + NAME;
        let bottom = rows + panel.rows.len() as i32 * ROW;
        let (low, high, log) = panel.span;
        let ends = (LEFT, RIGHT);
        let x = if log { Axis::log(low, high, ends) } else { Axis::between(low, high, ends) };
        let label = |tick: f64| format::length(format::micros(tick));
        canvas.x_axis((LEFT, rows, RIGHT, bottom), &x, &x.ticks(8), Some(&label))?;
        canvas.text(&panel.x, (i32::midpoint(LEFT, RIGHT), bottom + 88), Anchor::Middle, HEADING)?;
        panel.rows.iter().zip(0..).try_for_each(|(one, place)| row(canvas, &x, one, rows + place * ROW))
    }

    fn legend<DB: DrawingBackend>(
        &self,
        canvas: &Canvas<'_, DB>,
        panel: &Panel,
        y: i32,
    ) -> Result<(), ChartError> {
        let mut legend = Legend::new(canvas, (40, y));
        let middle = |(left, top, right, bottom)| (i32::midpoint(left, right), i32::midpoint(top, bottom));
        legend.entry(&self.words.recovered, |area| recovered(canvas, middle(area)))?;
        if panel.given_up {
            legend.entry(&self.words.given_up, |area| given_up(canvas, middle(area)))?;
        }
        legend.entry(&panel.mean, |area| {
            let (x, y) = middle(area);
            mean(canvas, x, (y - 15, y + 15))
        })
    }
}

fn height(panel: &Panel) -> i32 {
    NAME + panel.rows.len() as i32 * ROW + FOOT
}

/// A side: its name and figures, its trials, and its mean.
fn row<DB: DrawingBackend>(canvas: &Canvas<'_, DB>, x: &Axis, row: &Row, top: i32) -> Result<(), ChartError> {
    let middle = top + ROW / 2;
    let room = LEFT - 60;
    canvas.text(&canvas.fitted(&row.side, room, LABEL), (LEFT - 20, middle - 18), Anchor::Right, LABEL)?;
    canvas.text(&canvas.fitted(&row.figures, room, QUIET), (LEFT - 20, middle + 18), Anchor::Right, QUIET)?;
    canvas.line(&[(40, top), (RIGHT, top)], style::GRID, 2)?;
    let place = |mark: &Mark| -> Point {
        let high = f64::from(ROW - 2 * AIR) * mark.height;
        (x.at(mark.us), top + AIR + round(0.0, high).1)
    };
    // All of one kind after the other: an SVG needs one path for them.
    let (lost, well): (Vec<_>, Vec<_>) = row.marks.iter().partition(|mark| mark.given_up);
    well.into_iter().try_for_each(|mark| recovered(canvas, place(mark)))?;
    row.mean_us.map_or(Ok(()), |us| mean(canvas, x.at(us), (top + 4, top + ROW - 4)))?;
    // Where all were given up, the mean stands in the same place.
    lost.into_iter().try_for_each(|mark| given_up(canvas, place(mark)))
}

fn recovered<DB: DrawingBackend>(canvas: &Canvas<'_, DB>, (x, y): Point) -> Result<(), ChartError> {
    canvas.fill((x - MARK, y - MARK, x + MARK, y + MARK), style::BLUE, 1.0)
}

/// A triangle that points to where it would have gone on.
fn given_up<DB: DrawingBackend>(canvas: &Canvas<'_, DB>, (x, y): Point) -> Result<(), ChartError> {
    canvas.polygon(&[(x - 7, y - 9), (x + 9, y), (x - 7, y + 9)], style::VERMILLION, true)
}

/// A stroke with an edge of paper, so that it is seen upon any number of marks.
fn mean<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    x: i32,
    (top, bottom): (i32, i32),
) -> Result<(), ChartError> {
    canvas.fill((x - 5, top, x + 5, bottom), style::PAPER, 1.0)?;
    canvas.fill((x - 2, top, x + 2, bottom), style::INK, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;
    use crate::report::fixture;

    #[test]
    fn the_figure_grows_with_the_sides_and_not_with_the_trials() {
        let sweep = fixture::sweep(3);
        let size = |sides| Strip::of(&sweep.sides()[..sides], Lang::En).unwrap().size().1;
        assert_eq!(size(4) - size(2), 2 * ROW.unsigned_abs());
        assert_eq!(size(4), Strip::of(&fixture::sweep(60).sides(), Lang::En).unwrap().size().1);
    }

    #[test]
    fn thousands_of_trials_stay_a_small_picture() {
        let values: Vec<_> = (0..10).map(|n| n.to_string()).collect();
        let values: Vec<_> = values.iter().map(String::as_str).collect();
        let sweep = fixture::of_axes(&[("max-retries", &values)], 2, 100);
        let svg = crate::report::chart::svg(&Strip::of(&sweep.sides(), Lang::En).unwrap()).unwrap();
        assert!(svg.len() < 120_000, "{}", svg.len());
    }
}

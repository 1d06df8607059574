//! How long users' requests took during episodes and outside of them, percentile by percentile.

mod series;

use plotters::prelude::DrawingBackend;
use plotters::style::RGBColor;

use super::axis::Axis;
use super::canvas::{Anchor, HEADING, LABEL, Point, QUIET, TITLE, Type};
use super::text::float;
use super::{Canvas, ChartError, DataTable, Described, Figure, style};
use crate::lang::format;
pub(crate) use series::Latencies;
use series::Row;

/// Left of it are the names of the rows, and room for the length beside the leftmost mark.
const LEFT: i32 = 380;
/// Right of it is room for the length beside the rightmost mark, and the ratio.
const RIGHT: i32 = style::WIDTH as i32 - 380;
const RATIO: i32 = style::WIDTH as i32 - 50;
const TOP: i32 = 280;
const ROW: i32 = 92;
const ROWS: i32 = 5;
const BOTTOM: i32 = TOP + ROW * ROWS;
const FOOT: i32 = 130;
/// Room for the words where there is nothing to draw.
const NO_DATA: i32 = 120;
/// Half the width of a mark.
const MARK: i32 = 14;

const INSIDE: RGBColor = style::VERMILLION;
const OUTSIDE: RGBColor = style::BLUE;

impl Figure for Latencies {
    fn size(&self) -> (u32, u32) {
        let bottom = if self.range.is_some() { BOTTOM + FOOT } else { TOP + NO_DATA };
        (style::WIDTH, bottom.unsigned_abs())
    }

    fn draw<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>) -> Result<(), ChartError> {
        self.head(canvas)?;
        let Some((low, high)) = self.range else {
            let middle = (style::WIDTH as i32 / 2, TOP + NO_DATA / 2);
            return canvas.text(&self.words.nothing, middle, Anchor::Middle, QUIET);
        };
        let x = Axis::log(low, high, (LEFT, RIGHT));
        let label = |tick: f64| format::length(format::micros(tick));
        canvas.x_axis((LEFT, TOP, RIGHT, BOTTOM), &x, &x.ticks(5), Some(&label))?;
        canvas.text(&self.words.x, (i32::midpoint(LEFT, RIGHT), BOTTOM + 88), Anchor::Middle, HEADING)?;
        if self.rows.iter().any(|row| row.ratio.is_some()) {
            canvas.text(&self.words.ratio, (RATIO, TOP - 30), Anchor::Right, QUIET)?;
        }
        for (row, index) in self.rows.iter().zip(0..) {
            let y = TOP + index * ROW + ROW / 2;
            canvas.text(&row.name, (40, y), Anchor::Left, LABEL)?;
            draw_row(canvas, &x, row, y)?;
        }
        Ok(())
    }
}

impl Described for Latencies {
    const NAME: &'static str = "latency";

    fn alt(&self) -> String {
        self.in_words()
    }

    fn table(&self) -> DataTable {
        self.as_table()
    }
}

impl Latencies {
    /// Title, caption, and the two groups with their requests and failures.
    fn head<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>) -> Result<(), ChartError> {
        canvas.text(&self.words.title, (40, 40), Anchor::Left, TITLE)?;
        let room = style::WIDTH as i32 - 80;
        canvas.text(&canvas.fitted(&self.words.caption, room, QUIET), (40, 88), Anchor::Left, QUIET)?;
        draw_inside(canvas, (58, 138))?;
        canvas.text(&canvas.fitted(&self.words.inside, room, LABEL), (90, 140), Anchor::Left, LABEL)?;
        draw_outside(canvas, (58, 182))?;
        canvas.text(&canvas.fitted(&self.words.outside, room, LABEL), (90, 184), Anchor::Left, LABEL)
    }
}

/// Both marks of a percentile, the distance between them, and each length on the outer side of its mark.
fn draw_row<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    x: &Axis,
    row: &Row,
    y: i32,
) -> Result<(), ChartError> {
    canvas.line(&[(LEFT, y), (RIGHT, y)], style::GRID, 2)?;
    let at = |us: u64| x.at(float(us));
    if let (Some(inside), Some(outside)) = (row.inside_us, row.outside_us) {
        canvas.line(&[(at(inside), y), (at(outside), y)], style::MUTED, style::DATA_LINE)?;
    }
    let inside_left = row.inside_us.zip(row.outside_us).is_some_and(|(inside, outside)| inside < outside);
    if let Some(us) = row.outside_us {
        draw_outside(canvas, (at(us), y))?;
        let left = row.inside_us.is_some() && !inside_left;
        length(canvas, us, (at(us), y), (left, OUTSIDE))?;
    }
    if let Some(us) = row.inside_us {
        draw_inside(canvas, (at(us), y))?;
        length(canvas, us, (at(us), y), (inside_left, INSIDE))?;
    }
    let Some(ratio) = &row.ratio else { return Ok(()) };
    canvas.text(ratio, (RATIO, y), Anchor::Right, LABEL)
}

/// A length beside its mark.
fn length<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    us: u64,
    (x, y): Point,
    (left, colour): (bool, RGBColor),
) -> Result<(), ChartError> {
    let text = format::length(us);
    let kind = Type { colour, ..LABEL };
    let (width, away) = (canvas.width(&text, kind), MARK + 12);
    // On paper, so that no grid line crosses it out.
    let start = if left { x - away - width } else { x + away };
    canvas.fill((start - 4, y - 17, start + width + 4, y + 17), style::PAPER, 1.0)?;
    canvas.text(&text, (start, y), Anchor::Left, kind)
}

/// A filled diamond.
fn draw_inside<DB: DrawingBackend>(canvas: &Canvas<'_, DB>, (x, y): Point) -> Result<(), ChartError> {
    canvas.polygon(&[(x, y - MARK), (x + MARK, y), (x, y + MARK), (x - MARK, y)], INSIDE, true)
}

/// A hollow square.
fn draw_outside<DB: DrawingBackend>(canvas: &Canvas<'_, DB>, (x, y): Point) -> Result<(), ChartError> {
    let half = MARK - 2;
    let square = [(x - half, y - half), (x + half, y - half), (x + half, y + half), (x - half, y + half)];
    canvas.polygon(&square, style::PAPER, true)?;
    canvas.polygon(&square, OUTSIDE, false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Analysis;
    use crate::lang::Lang;
    use crate::report::fixture;

    #[test]
    fn the_figure_does_not_grow_with_the_run_and_is_low_without_requests() {
        let height = |analysis: Analysis| Latencies::new(&analysis.summary, Lang::En).size().1;
        assert_eq!(height(fixture::passing()), height(fixture::many(200)));
        assert!(height(fixture::empty()) < height(fixture::passing()));
    }
}

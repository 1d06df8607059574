//! Recovery time per episode, stacked by phase, with the pass line.

mod series;
mod words;

use plotters::prelude::DrawingBackend;

use super::axis::{Axis, length};
use super::canvas::{Anchor, HEADING, LABEL, QUIET, TITLE};
use super::legend::Legend;
use super::rows::{Rows, TEXT_ROW};
use super::{Canvas, ChartError, DataTable, Described, Figure, style};
use series::Bar;
pub(crate) use series::Recovery;

const TOP: i32 = 240;
const FOOT: i32 = 130;
/// Where the bars begin at least and at most: names take the room that they need up to there.
const LEFT: (i32, i32) = (200, 640);
const RIGHT: i32 = style::WIDTH as i32 - 60;

impl Described for Recovery {
    const NAME: &'static str = "recovery";

    fn alt(&self) -> String {
        self.alt.clone()
    }

    fn table(&self) -> DataTable {
        self.table.clone()
    }
}

impl Figure for Recovery {
    fn size(&self) -> (u32, u32) {
        (style::WIDTH, (TOP + self.body() + FOOT).unsigned_abs())
    }

    fn draw<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>) -> Result<(), ChartError> {
        self.head(canvas)?;
        let bottom = TOP + self.body();
        if self.rows.is_empty() {
            let middle = (style::WIDTH as i32 / 2, i32::midpoint(TOP, bottom));
            return canvas.text(&self.words.no_data, middle, Anchor::Middle, QUIET);
        }
        let left = self.left(canvas);
        let x = Axis::exact(self.high_us, (left, RIGHT));
        canvas.x_axis((left, TOP, RIGHT, bottom), &x, &x.ticks(8), Some(&length))?;
        let middle = (i32::midpoint(left, RIGHT), bottom + 88);
        canvas.text(&self.words.axis, middle, Anchor::Middle, HEADING)?;
        // First the lines, so that no figure is crossed out.
        self.draw_marks(canvas, &x)?;
        self.draw_rows(canvas, &x)
    }
}

impl Recovery {
    /// Where the bars begin: right of the widest name.
    fn left<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>) -> i32 {
        let widest = self.rows.iter().map(|row| canvas.width(&row.name, LABEL)).max().unwrap_or(0);
        widest.saturating_add(60).clamp(LEFT.0, LEFT.1)
    }

    fn place(&self) -> Rows {
        Rows::new(TOP, self.rows.len())
    }

    /// Height of all rows.
    fn body(&self) -> i32 {
        self.place().body()
    }

    fn head<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>) -> Result<(), ChartError> {
        canvas.text(&self.words.title, (40, 40), Anchor::Left, TITLE)?;
        let caption = canvas.fitted(&self.words.caption, RIGHT - 40, QUIET);
        canvas.text(&caption, (40, 88), Anchor::Left, QUIET)?;
        let mut legend = Legend::new(canvas, (40, 136));
        for (index, (colour, pattern)) in style::PHASES.into_iter().enumerate() {
            let seen = self.rows.iter().any(
                |row| matches!(&row.bar, Bar::Phases(phases) if phases.iter().any(|(phase, ..)| *phase == index)),
            );
            if seen {
                legend.entry(&self.words.phases[index], |sample| {
                    canvas.patterned(sample, colour, pattern, style::PAPER)
                })?;
            }
        }
        Ok(())
    }

    fn draw_rows<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>, x: &Axis) -> Result<(), ChartError> {
        let (rows, left) = (self.place(), x.at(0.0));
        let mut next_label = i32::MIN;
        for (row, index) in self.rows.iter().zip(0u32..) {
            let (start, end) = rows.row(index);
            let middle = i32::midpoint(start, end);
            draw_bar(canvas, x, &row.bar, Rows::bar((start, end)))?;
            if middle >= next_label {
                let name = canvas.fitted(&row.name, left - 60, LABEL);
                canvas.text(&name, (left - 18, middle), Anchor::Right, LABEL)?;
                next_label = middle + TEXT_ROW;
            }
            if end - start >= TEXT_ROW {
                annotate(canvas, x, &row.bar, middle)?;
            }
        }
        Ok(())
    }

    /// The pass line and the mean, named above the bars; a line that is far off is told in words.
    fn draw_marks<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>, x: &Axis) -> Result<(), ChartError> {
        let (left, bottom) = (x.at(0.0), TOP + self.body());
        let name = |text: &str, at: i32, y: i32, colour| {
            let half = canvas.width(text, LABEL) / 2 + 4;
            let kind = super::canvas::Type { colour, ..LABEL };
            canvas.text(text, (at.clamp(left + half, RIGHT - half), y), Anchor::Middle, kind)
        };
        if let Some(mark) = &self.mean {
            let at = x.at(mark.at_us);
            canvas.dashed(&[(at, TOP - 14), (at, bottom)], style::INK, 3)?;
            name(&mark.text, at, TOP - 34, style::INK)?;
        }
        let Some(line) = &self.pass_line else { return Ok(()) };
        if let Some(line) = self.visible_line() {
            let at = x.at(line.at_us);
            canvas.line(&[(at, TOP - 44), (at, bottom)], style::VERMILLION, 4)?;
            return name(&line.text, at, TOP - 64, style::VERMILLION);
        }
        let kind = super::canvas::Type { colour: style::VERMILLION, ..LABEL };
        canvas.text(&line.text, (RIGHT, TOP - 64), Anchor::Right, kind)
    }
}

fn draw_bar<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    x: &Axis,
    bar: &Bar,
    (top, bottom): (i32, i32),
) -> Result<(), ChartError> {
    let (start, middle) = (x.at(0.0), i32::midpoint(top, bottom));
    match bar {
        Bar::Phases(phases) => phases.iter().try_for_each(|(index, from, to)| {
            let (colour, pattern) = style::PHASES[*index];
            let left = x.at(*from);
            canvas.patterned((left, top, x.at(*to).max(left + 1), bottom), colour, pattern, style::PAPER)
        }),
        Bar::Open(us, _) => {
            let (end, half) = (x.at(*us).max(start + 8), (bottom - top) / 2);
            let area = (start, top, end, bottom);
            canvas.patterned(area, style::GRID, style::Pattern::Rising, style::WINDOW)?;
            // An arrow: it goes on from here.
            let tip = (end + half.min(30), middle);
            canvas.polygon(&[(end, top), tip, (end, bottom)], style::VERMILLION, true)
        }
        Bar::Nothing(_) => {
            let arm = ((bottom - top) / 2).clamp(2, 12);
            let (left, right) = (start + 8, start + 8 + 2 * arm);
            canvas.line(&[(left, middle - arm), (right, middle + arm)], style::MUTED, 4)?;
            canvas.line(&[(left, middle + arm), (right, middle - arm)], style::MUTED, 4)
        }
    }
}

/// The figure or the word of a row, at the end of its bar and never over the edge.
fn annotate<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    x: &Axis,
    bar: &Bar,
    middle: i32,
) -> Result<(), ChartError> {
    let start = x.at(0.0);
    // Where the bar ends, and where the text begins behind it.
    let (text, end, at) = match bar {
        Bar::Phases(phases) => {
            let total = phases.last().map_or(0.0, |(_, _, end)| *end);
            (length(total), x.at(total), x.at(total) + 14)
        }
        Bar::Open(us, text) => {
            let end = x.at(*us).max(start + 8);
            (text.clone(), end, end + 44)
        }
        Bar::Nothing(text) => (text.clone(), start, start + 50),
    };
    let width = canvas.width(&text, LABEL);
    if at + width <= style::WIDTH as i32 - 10 {
        canvas.fill((at - 6, middle - 16, at + width + 6, middle + 16), style::PAPER, 1.0)?;
        return canvas.text(&text, (at, middle), Anchor::Left, LABEL);
    }
    // No room behind the bar: upon it, on paper, and short of the arrow.
    let right = end.min(RIGHT).max(start + 40 + width) - 24;
    canvas.fill((right - width - 12, middle - 18, right + 12, middle + 18), style::PAPER, 1.0)?;
    canvas.text(&text, (right, middle), Anchor::Right, LABEL)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;
    use crate::report::fixture;

    #[test]
    fn the_figure_grows_with_the_episodes_but_not_without_end() {
        let height = |n| Recovery::new(&fixture::many(n).summary, Lang::En).size().1;
        assert!(height(1) < 500);
        assert!(height(200) < 3_000);
        assert!(height(5_000) < 5_500);
    }
}

//! Recovery time per episode, stacked by phase, with the pass line.

mod series;

use plotters::prelude::DrawingBackend;

use super::axis::Axis;
use super::canvas::{Anchor, HEADING, LABEL, QUIET, TITLE};
use super::rows::{Rows, TEXT_ROW};
use super::{Canvas, ChartError, Figure, style};
use crate::lang::format;
use crate::report::words;
use series::Bar;
pub(crate) use series::Recovery;

const TOP: i32 = 240;
const FOOT: i32 = 130;
/// Where the bars begin; the names of stores need more room.
const LEFT: i32 = 360;
const LEFT_OF_STORES: i32 = 590;
const RIGHT: i32 = style::WIDTH as i32 - 60;

impl Figure for Recovery {
    fn size(&self) -> (u32, u32) {
        (style::WIDTH, (TOP + self.body() + FOOT).unsigned_abs())
    }

    fn draw<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>) -> Result<(), ChartError> {
        self.head(canvas)?;
        let area = (self.left(), TOP, RIGHT, TOP + self.body());
        if self.rows.is_empty() {
            let middle = (style::WIDTH as i32 / 2, TOP + self.body() / 2);
            return canvas.text("no data: no episode", middle, Anchor::Middle, QUIET);
        }
        let x = Axis::exact(self.high_us, (self.left(), RIGHT));
        let label = |tick: f64| format::length(format::micros(tick));
        canvas.x_axis(area, &x, &x.ticks(8), Some(&label))?;
        let middle = ((self.left() + RIGHT) / 2, TOP + self.body() + 88);
        canvas.text("time since the fault took effect (t0)", middle, Anchor::Middle, HEADING)?;
        // First the lines, so that no figure is crossed out.
        self.draw_marks(canvas, &x)?;
        self.draw_rows(canvas, &x)
    }
}

impl Recovery {
    fn left(&self) -> i32 {
        if self.with_stores { LEFT_OF_STORES } else { LEFT }
    }

    fn place(&self) -> Rows {
        Rows::new(TOP, self.rows.len())
    }

    /// Height of all rows.
    fn body(&self) -> i32 {
        self.place().body()
    }

    fn head<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>) -> Result<(), ChartError> {
        canvas.text("Recovery time per episode", (40, 40), Anchor::Left, TITLE)?;
        let caption = canvas.fitted(&self.caption, RIGHT - 40, QUIET);
        canvas.text(&caption, (40, 88), Anchor::Left, QUIET)?;
        let mut left = 40;
        for (index, (colour, pattern)) in style::PHASES.into_iter().enumerate() {
            let seen = self.rows.iter().any(
                |row| matches!(&row.bar, Bar::Phases(phases) if phases.iter().any(|(phase, ..)| *phase == index)),
            );
            if seen {
                let name = self.phase_name(index);
                canvas.patterned((left, 122, left + 40, 148), colour, pattern, style::PAPER)?;
                canvas.text(name, (left + 52, 136), Anchor::Left, LABEL)?;
                left += 52 + canvas.width(name, LABEL) + 44;
            }
        }
        Ok(())
    }

    /// With stores among the targets, a restart is not only that of a module.
    fn phase_name(&self, index: usize) -> &'static str {
        if index == words::RESTART && self.with_stores {
            words::RESTART_OF_STORES
        } else {
            words::PHASES[index].0
        }
    }

    fn draw_rows<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>, x: &Axis) -> Result<(), ChartError> {
        let rows = self.place();
        let mut next_label = i32::MIN;
        for (row, index) in self.rows.iter().zip(0u32..) {
            let (start, end) = rows.row(index);
            let middle = i32::midpoint(start, end);
            self.draw_bar(canvas, x, &row.bar, Rows::bar((start, end)))?;
            if middle >= next_label {
                let name = canvas.fitted(&row.name, self.left() - 60, LABEL);
                canvas.text(&name, (self.left() - 18, middle), Anchor::Right, LABEL)?;
                next_label = middle + TEXT_ROW;
            }
            if end - start >= TEXT_ROW {
                self.annotate(canvas, x, &row.bar, middle)?;
            }
        }
        Ok(())
    }

    fn draw_bar<DB: DrawingBackend>(
        &self,
        canvas: &Canvas<'_, DB>,
        x: &Axis,
        bar: &Bar,
        (top, bottom): (i32, i32),
    ) -> Result<(), ChartError> {
        let middle = i32::midpoint(top, bottom);
        match bar {
            Bar::Phases(phases) => phases.iter().try_for_each(|(index, from, to)| {
                let (colour, pattern) = style::PHASES[*index];
                let left = x.at(*from);
                canvas.patterned((left, top, x.at(*to).max(left + 1), bottom), colour, pattern, style::PAPER)
            }),
            Bar::Open(us, _) => {
                let (end, half) = (x.at(*us).max(self.left() + 8), (bottom - top) / 2);
                let area = (self.left(), top, end, bottom);
                canvas.patterned(area, style::GRID, style::Pattern::Rising, style::WINDOW)?;
                // An arrow: it goes on from here.
                let tip = (end + half.min(30), middle);
                canvas.polygon(&[(end, top), tip, (end, bottom)], style::VERMILLION, true)
            }
            Bar::Nothing(_) => {
                let arm = ((bottom - top) / 2).clamp(2, 12);
                let (left, right) = (self.left() + 8, self.left() + 8 + 2 * arm);
                canvas.line(&[(left, middle - arm), (right, middle + arm)], style::MUTED, 4)?;
                canvas.line(&[(left, middle + arm), (right, middle - arm)], style::MUTED, 4)
            }
        }
    }

    /// The figure or the word of a row, at the end of its bar and never over the edge.
    fn annotate<DB: DrawingBackend>(
        &self,
        canvas: &Canvas<'_, DB>,
        x: &Axis,
        bar: &Bar,
        middle: i32,
    ) -> Result<(), ChartError> {
        let (text, at) = match bar {
            Bar::Phases(phases) => {
                let total = phases.last().map_or(0.0, |(_, _, end)| *end);
                (format::length(format::micros(total)), x.at(total) + 14)
            }
            Bar::Open(us, text) => (text.clone(), x.at(*us).max(self.left() + 8) + 44),
            Bar::Nothing(text) => (text.clone(), self.left() + 50),
        };
        let width = canvas.width(&text, LABEL);
        if at + width <= style::WIDTH as i32 - 10 {
            canvas.fill((at - 6, middle - 16, at + width + 6, middle + 16), style::PAPER, 1.0)?;
            return canvas.text(&text, (at, middle), Anchor::Left, LABEL);
        }
        // No room behind the bar: upon it, on paper.
        let right = RIGHT - 24;
        canvas.fill((right - width - 12, middle - 18, right + 12, middle + 18), style::PAPER, 1.0)?;
        canvas.text(&text, (right, middle), Anchor::Right, LABEL)
    }

    /// The pass line and the mean, named above the bars; a line that is far off is told in words.
    fn draw_marks<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>, x: &Axis) -> Result<(), ChartError> {
        let bottom = TOP + self.body();
        let name = |text: &str, at: i32, y: i32, colour| {
            let half = canvas.width(text, LABEL) / 2 + 4;
            let kind = super::canvas::Type { colour, ..LABEL };
            canvas.text(text, (at.clamp(self.left() + half, RIGHT - half), y), Anchor::Middle, kind)
        };
        if let Some(mark) = self.mean {
            let at = x.at(mark.at_us);
            canvas.dashed(&[(at, TOP - 14), (at, bottom)], style::INK, 3)?;
            name(&format!("mean {}", format::length(format::micros(mark.at_us))), at, TOP - 34, style::INK)?;
        }
        let Some(line) = self.pass_line else { return Ok(()) };
        let limit = format::length(format::micros(line.at_us));
        if let Some(line) = self.visible_line() {
            let at = x.at(line.at_us);
            canvas.line(&[(at, TOP - 44), (at, bottom)], style::VERMILLION, 4)?;
            return name(&format!("pass line {limit} (mean)"), at, TOP - 64, style::VERMILLION);
        }
        let text = format!(
            "pass line {limit} (mean) is far to the right: {} × the axis →",
            format::number(line.at_us / self.high_us)
        );
        let kind = super::canvas::Type { colour: style::VERMILLION, ..LABEL };
        canvas.text(&text, (RIGHT, TOP - 64), Anchor::Right, kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn the_figure_grows_with_the_episodes_but_not_without_end() {
        let height = |n| Recovery::new(&fixture::many(n).summary).size().1;
        assert!(height(1) < 500);
        assert!(height(200) < 3_000);
        assert!(height(5_000) < 5_500);
    }
}

//! How long after the fault each expected alert came, over the run's time; below it the alerts that nobody expected.

mod series;

use std::collections::BTreeSet;

use plotters::prelude::DrawingBackend;

use super::axis::Axis;
use super::canvas::{Anchor, Area, HEADING, LABEL, Point, QUIET, TITLE};
use super::style::{self, Pattern};
use super::{Canvas, ChartError, DataTable, Described, Figure};
use crate::lang::format;
pub(crate) use series::Alerts;
use series::{Fate, UNEXPECTED};

const LEFT: i32 = 250;
const RIGHT: i32 = style::WIDTH as i32 - 60;
const TOP: i32 = 276;
const BOTTOM: i32 = 806;
/// The strip of those that nobody expected: where it begins, and the height of one of its rows.
const STRIP: i32 = BOTTOM + 84;
const STRIP_ROW: i32 = 44;
const STRIP_END: i32 = STRIP + STRIP_ROW * UNEXPECTED.len() as i32;
const FOOT: i32 = 130;
/// Half the width of a mark, and half the length of the stroke at its deadline.
const MARK: i32 = 12;
const STROKE: i32 = 22;

impl Figure for Alerts {
    fn size(&self) -> (u32, u32) {
        (style::WIDTH, (STRIP_END + FOOT).unsigned_abs())
    }

    fn draw<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>) -> Result<(), ChartError> {
        self.head(canvas)?;
        let x = Axis::exact(self.end_s, (LEFT, RIGHT));
        for (from_s, to_s) in &self.outages {
            let from = x.at(*from_s);
            for (top, bottom) in [(TOP, BOTTOM), (STRIP, STRIP_END)] {
                sink_closed(canvas, (from, top, x.at(*to_s).max(from + 4), bottom))?;
            }
        }
        self.expected(canvas, &x)?;
        self.unexpected(canvas, &x)
    }
}

impl Described for Alerts {
    const NAME: &'static str = "alerts";

    fn alt(&self) -> String {
        self.in_words()
    }

    fn table(&self) -> DataTable {
        self.rows()
    }
}

impl Alerts {
    /// Title, caption, and what the marks mean.
    fn head<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>) -> Result<(), ChartError> {
        canvas.text(&self.words.title, (40, 40), Anchor::Left, TITLE)?;
        let caption = canvas.fitted(&self.words.caption, style::WIDTH as i32 - 80, QUIET);
        canvas.text(&caption, (40, 88), Anchor::Left, QUIET)?;
        let mut left = 40;
        for (fate, text) in Fate::ALL.into_iter().zip(&self.words.fates) {
            if self.has(fate) {
                draw_fate(canvas, (left + 16, 136), MARK, fate)?;
                left = entry(canvas, left, text)?;
            }
        }
        if !self.marks.is_empty() {
            canvas.line(&[(left - 4, 136), (left + 34, 136)], style::INK, 4)?;
            left = entry(canvas, left, &self.words.deadline)?;
        }
        if !self.outages.is_empty() {
            sink_closed(canvas, (left, 122, left + 32, 150))?;
            entry(canvas, left, &self.words.sink_closed)?;
        }
        canvas.text(&self.words.y, (40, TOP - 50), Anchor::Left, HEADING)
    }

    /// A mark for each expected alert, and a stroke at its deadline.
    fn expected<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>, x: &Axis) -> Result<(), ChartError> {
        if self.marks.is_empty() {
            let middle = (i32::midpoint(LEFT, RIGHT), i32::midpoint(TOP, BOTTOM));
            return canvas.text(&self.words.nothing, middle, Anchor::Middle, QUIET);
        }
        let (low, high, log) = self.axis;
        let ends = (BOTTOM, TOP);
        let y = if log { Axis::log(low, high, ends) } else { Axis::from_zero(high, 5, ends) };
        let area = (LEFT, TOP, RIGHT, BOTTOM);
        canvas.x_axis(area, x, &x.ticks(10), None)?;
        canvas.y_axis(area, &y, &y.ticks(5), |tick| format::length(format::micros(tick)))?;
        for mark in &self.marks {
            let (x, y) = (x.at(mark.t0_s), y.at(mark.deadline_us));
            let stroke = [((x - STROKE).max(LEFT), y), ((x + STROKE).min(RIGHT), y)];
            canvas.line(&stroke, style::INK, 4)?;
        }
        let places: Vec<_> = self.marks.iter().map(|mark| x.at(mark.t0_s)).collect();
        let half = thin(&places);
        // Bad news last, so that no other mark lies upon it.
        for fate in [Fate::InTime, Fate::Undecided, Fate::Late, Fate::Missed] {
            for mark in self.marks.iter().filter(|mark| mark.fate == fate) {
                draw_fate(canvas, (x.at(mark.t0_s), y.at(mark.delay_us)), half, fate)?;
            }
        }
        Ok(())
    }

    /// The strip, and the axis of both parts below it.
    fn unexpected<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>, x: &Axis) -> Result<(), ChartError> {
        canvas.text(&self.words.unexpected, (40, STRIP - 36), Anchor::Left, HEADING)?;
        let label = |tick: f64| format::number(tick);
        canvas.x_axis((LEFT, STRIP, RIGHT, STRIP_END), x, &x.ticks(10), Some(&label))?;
        let foot = (i32::midpoint(LEFT, RIGHT), STRIP_END + 88);
        canvas.text(&self.words.x, foot, Anchor::Middle, HEADING)?;
        let rows = self.strip.iter().zip(&self.words.strip).zip(0..);
        for (((instants, name), index), shape) in rows.zip([Small::Plus, Small::Square, Small::Triangle]) {
            let y = STRIP + index * STRIP_ROW + STRIP_ROW / 2;
            let name = canvas.fitted(name, LEFT - 60, LABEL);
            canvas.text(&name, (LEFT - 16, y), Anchor::Right, LABEL)?;
            canvas.line(&[(LEFT, y), (RIGHT, y)], style::GRID, 2)?;
            // Thousands fall on the same pixels: one mark says as much.
            let places: BTreeSet<_> = instants.iter().map(|t| x.at(*t)).collect();
            let half = thin(&places.iter().copied().collect::<Vec<_>>()).min(9);
            places.into_iter().try_for_each(|at| shape.draw(canvas, (at, y), half))?;
        }
        Ok(())
    }
}

/// The text of an entry of the legend; gives where the next one begins.
fn entry<DB: DrawingBackend>(canvas: &Canvas<'_, DB>, left: i32, text: &str) -> Result<i32, ChartError> {
    canvas.text(text, (left + 46, 136), Anchor::Left, LABEL)?;
    Ok(left + 46 + canvas.width(text, LABEL) + 44)
}

/// Crowded marks become thinner, so that each can still be told from the next.
fn thin(places: &[i32]) -> i32 {
    // Several at one instant belong to one fault: they cannot be told apart by their place.
    let distinct: BTreeSet<_> = places.iter().collect();
    let distances = distinct.iter().zip(distinct.iter().skip(1)).map(|(a, b)| (*b - *a) / 2);
    distances.min().unwrap_or(MARK).clamp(5, MARK)
}

/// A shape for each fate, so that colour does not stand alone.
fn draw_fate<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    (x, y): Point,
    half: i32,
    fate: Fate,
) -> Result<(), ChartError> {
    let diamond = [(x, y - 13), (x + half, y), (x, y + 13), (x - half, y)];
    match fate {
        Fate::InTime => canvas.polygon(&diamond, style::BLUE, true),
        Fate::Late => {
            canvas.polygon(&diamond, style::PAPER, true)?;
            canvas.polygon(&diamond, style::VERMILLION, false)
        }
        Fate::Missed => {
            let (width, arm) = (6, half.max(9));
            canvas.line(&[(x - arm, y - 13), (x + arm, y + 13)], style::VERMILLION, width)?;
            canvas.line(&[(x - arm, y + 13), (x + arm, y - 13)], style::VERMILLION, width)
        }
        Fate::Undecided => {
            let square = [(x - half, y - 11), (x + half, y - 11), (x + half, y + 11), (x - half, y + 11)];
            canvas.polygon(&square, style::PAPER, true)?;
            canvas.polygon(&square, style::MUTED, false)
        }
    }
}

/// A shape of the strip.
#[derive(Debug, Clone, Copy)]
enum Small {
    Plus,
    Square,
    Triangle,
}

impl Small {
    fn draw<DB: DrawingBackend>(
        self,
        canvas: &Canvas<'_, DB>,
        (x, y): Point,
        half: i32,
    ) -> Result<(), ChartError> {
        match self {
            Self::Plus => {
                canvas.line(&[(x - half, y), (x + half, y)], style::PURPLE, 5)?;
                canvas.line(&[(x, y - 10), (x, y + 10)], style::PURPLE, 5)
            }
            Self::Square => {
                let square = [(x - half, y - 8), (x + half, y - 8), (x + half, y + 8), (x - half, y + 8)];
                canvas.polygon(&square, style::MUTED, false)
            }
            Self::Triangle => {
                canvas.polygon(&[(x, y - 11), (x + half, y + 9), (x - half, y + 9)], style::VERMILLION, true)
            }
        }
    }
}

/// Rising lines, as in the figure of chains.
fn sink_closed<DB: DrawingBackend>(canvas: &Canvas<'_, DB>, area: Area) -> Result<(), ChartError> {
    canvas.fill(area, style::PURPLE, 0.2)?;
    canvas.hatched(area, Pattern::Rising, style::PURPLE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crowded_marks_become_thinner_but_never_vanish() {
        assert_eq!(thin(&[]), MARK);
        assert_eq!(thin(&[100, 116, 300]), 8);
        assert_eq!(thin(&[100, 101]), 5);
        // Two alerts of one fault do not make every mark thin.
        assert_eq!(thin(&[100, 100, 300]), MARK);
    }
}

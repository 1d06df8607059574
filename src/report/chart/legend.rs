//! A legend: its entries stand side by side, and go on in the next line where a line is full.

use plotters::prelude::DrawingBackend;

use super::canvas::{Anchor, Area, Canvas, LABEL, Point};
use super::{ChartError, style};

/// Width of a sample.
const SAMPLE: i32 = 40;
/// Between a sample and its text.
const GAP: i32 = 12;
/// Between two entries.
const AIR: i32 = 40;
/// Height of a line.
const LINE: i32 = 38;

/// Where the next entry goes.
#[derive(Debug)]
struct Flow {
    left: i32,
    right: i32,
    next: Point,
}

impl Flow {
    fn place(&mut self, width: i32) -> Point {
        let (x, y) = self.next;
        let at = if x > self.left && x + width > self.right { (self.left, y + LINE) } else { (x, y) };
        self.next = (at.0 + width + AIR, at.1);
        at
    }
}

/// A legend in the making.
pub(super) struct Legend<'c, 'a, DB: DrawingBackend> {
    canvas: &'c Canvas<'a, DB>,
    flow: Flow,
}

impl<'c, 'a, DB: DrawingBackend> Legend<'c, 'a, DB> {
    /// Begins at `at`, the middle of the left side of its first line, and is as wide as the figure allows.
    pub(super) fn new(canvas: &'c Canvas<'a, DB>, at: Point) -> Self {
        Self { canvas, flow: Flow { left: at.0, right: style::WIDTH as i32 - 20, next: at } }
    }

    /// Adds an entry; `sample` draws into the rectangle that it gets.
    pub(super) fn entry(
        &mut self,
        text: &str,
        sample: impl FnOnce(Area) -> Result<(), ChartError>,
    ) -> Result<(), ChartError> {
        let (x, y) = self.flow.place(SAMPLE + GAP + self.canvas.width(text, LABEL));
        // Letters stand a little above the middle of their box.
        sample((x, y - 15, x + SAMPLE, y + 11))?;
        self.canvas.text(text, (x + SAMPLE + GAP, y), Anchor::Left, LABEL)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_without_room_begins_a_line_and_the_widest_one_does_not_begin_two() {
        let mut flow = Flow { left: 40, right: 1_000, next: (40, 136) };
        let places = [400, 500, 30, 2_000, 10].map(|width| flow.place(width));
        assert_eq!(places, [(40, 136), (480, 136), (40, 174), (40, 212), (40, 250)]);
    }
}

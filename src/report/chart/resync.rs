//! Outage and time to resync per store episode, with the entries that went through the spool.

mod series;
mod words;

use plotters::prelude::DrawingBackend;
use plotters::style::RGBColor;

use super::axis::{Axis, length};
use super::canvas::{Anchor, HEADING, LABEL, QUIET, TITLE, Type};
use super::legend::Legend;
use super::rows::{Rows, TEXT_ROW};
use super::style::{self, Pattern};
use super::{Canvas, ChartError, DataTable, Described, Figure};
pub(crate) use series::Resync;
use series::Row;

const TOP: i32 = 280;
const FOOT: i32 = 130;
const LEFT: i32 = 590;
/// Where the bars end; the numbers stand right of them.
const RIGHT: i32 = 1_330;
const SPOOLED: i32 = 1_500;
const REPLAYED: i32 = 1_680;
const VERDICT: i32 = 1_740;

/// Colour and pattern of the outage, of the resync, and of one that does not count.
const OUTAGE: (RGBColor, Pattern) = (style::ORANGE, Pattern::Plain);
const WHOLE: (RGBColor, Pattern) = (style::GREEN, Pattern::Upright);
const FAILED: (RGBColor, Pattern) = (style::VERMILLION, Pattern::Falling);

impl Described for Resync {
    const NAME: &'static str = "resync";

    fn alt(&self) -> String {
        self.alt.clone()
    }

    fn table(&self) -> DataTable {
        self.table.clone()
    }
}

impl Figure for Resync {
    fn size(&self) -> (u32, u32) {
        (style::WIDTH, (self.place().bottom() + FOOT).unsigned_abs())
    }

    fn draw<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>) -> Result<(), ChartError> {
        self.head(canvas)?;
        let (rows, bottom) = (self.place(), self.place().bottom());
        if self.rows.is_empty() {
            let middle = (style::WIDTH as i32 / 2, i32::midpoint(TOP, bottom));
            return canvas.text(&self.words.nothing, middle, Anchor::Middle, QUIET);
        }
        let x = Axis::exact(self.high_us, (LEFT, RIGHT));
        canvas.x_axis((LEFT, TOP, RIGHT, bottom), &x, &x.ticks(5), Some(&length))?;
        let middle = (i32::midpoint(LEFT, RIGHT), bottom + 88);
        canvas.text(&self.words.axis, middle, Anchor::Middle, HEADING)?;
        for (text, at, anchor) in [
            (&self.words.spooled, SPOOLED, Anchor::Right),
            (&self.words.replayed, REPLAYED, Anchor::Right),
            (&self.words.state, VERDICT, Anchor::Left),
        ] {
            canvas.text(text, (at, TOP - 26), anchor, QUIET)?;
        }
        let mut next_label = i32::MIN;
        for (row, index) in self.rows.iter().zip(0u32..) {
            let (start, end) = rows.row(index);
            draw_bar(canvas, &x, row, Rows::bar((start, end)))?;
            let middle = i32::midpoint(start, end);
            if middle >= next_label {
                draw_text(canvas, row, middle)?;
                next_label = middle + TEXT_ROW;
            }
        }
        Ok(())
    }
}

impl Resync {
    fn place(&self) -> Rows {
        Rows::new(TOP, self.rows.len())
    }

    /// Title, caption and legend.
    fn head<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>) -> Result<(), ChartError> {
        let (words, rows) = (&self.words, &self.rows);
        canvas.text(&words.title, (40, 40), Anchor::Left, TITLE)?;
        for (caption, y) in words.captions.iter().zip([88, 126]) {
            let caption = canvas.fitted(caption, style::WIDTH as i32 - 80, QUIET);
            canvas.text(&caption, (40, y), Anchor::Left, QUIET)?;
        }
        let whole = |counts: fn(&Row) -> bool| rows.iter().any(|row| row.whole_us.is_some() && counts(row));
        let mut legend = Legend::new(canvas, (40, 174));
        for ((colour, pattern), seen, name) in [
            (OUTAGE, !rows.is_empty(), &words.outage),
            (WHOLE, whole(|row| row.resynced != Some(false)), &words.whole),
            (FAILED, whole(|row| row.resynced == Some(false)), &words.failed),
        ] {
            if seen {
                legend.entry(name, |sample| canvas.patterned(sample, colour, pattern, style::PAPER))?;
            }
        }
        if rows.iter().any(|row| row.whole_us.is_none()) {
            legend
                .entry(&words.open, |(left, top, _, bottom)| draw_open(canvas, left + 14, (top, bottom)))?;
        }
        Ok(())
    }
}

/// The outage, and behind it the way to a whole state; an arrow where that did not come.
fn draw_bar<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    x: &Axis,
    row: &Row,
    (top, bottom): (i32, i32),
) -> Result<(), ChartError> {
    let end = x.at(row.outage_us).max(LEFT + 2);
    let (colour, pattern) = OUTAGE;
    canvas.patterned((LEFT, top, end, bottom), colour, pattern, style::PAPER)?;
    let (colour, pattern) = if row.resynced == Some(false) { FAILED } else { WHOLE };
    match row.whole_us {
        Some(whole) => {
            canvas.patterned((end, top, x.at(whole).max(end + 4), bottom), colour, pattern, style::PAPER)
        }
        None => draw_open(canvas, end, (top, bottom)),
    }
}

/// An arrow: it goes on from here.
fn draw_open<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    x: i32,
    (top, bottom): (i32, i32),
) -> Result<(), ChartError> {
    let tip = (x + ((bottom - top) / 2).clamp(6, 30), i32::midpoint(top, bottom));
    canvas.polygon(&[(x, top), tip, (x, bottom)], style::VERMILLION, true)
}

fn draw_text<DB: DrawingBackend>(canvas: &Canvas<'_, DB>, row: &Row, middle: i32) -> Result<(), ChartError> {
    let name = canvas.fitted(&row.name, LEFT - 60, LABEL);
    canvas.text(&name, (LEFT - 18, middle), Anchor::Right, LABEL)?;
    canvas.text(&row.spooled, (SPOOLED, middle), Anchor::Right, LABEL)?;
    canvas.text(&row.replayed, (REPLAYED, middle), Anchor::Right, LABEL)?;
    // Letters stand a little above the middle of their box.
    let colour = draw_mark(canvas, row.resynced, (VERDICT + 10, middle - 4))?;
    canvas.text(&row.word, (VERDICT + 34, middle), Anchor::Left, Type { colour, ..LABEL })
}

/// A shape for each verdict, so that colour does not stand alone: a tick, a cross, a hollow diamond.
fn draw_mark<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    resynced: Option<bool>,
    (x, y): (i32, i32),
) -> Result<RGBColor, ChartError> {
    match resynced {
        Some(true) => {
            let tick = [(x - 10, y), (x - 3, y + 8), (x + 10, y - 9)];
            canvas.line(&tick, style::GREEN, 5)?;
            Ok(style::INK)
        }
        Some(false) => {
            canvas.line(&[(x - 9, y - 9), (x + 9, y + 9)], style::VERMILLION, 5)?;
            canvas.line(&[(x - 9, y + 9), (x + 9, y - 9)], style::VERMILLION, 5)?;
            Ok(style::VERMILLION)
        }
        None => {
            canvas.polygon(&[(x, y - 11), (x + 11, y), (x, y + 11), (x - 11, y)], style::MUTED, false)?;
            Ok(style::MUTED)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;
    use crate::report::fixture;

    #[test]
    fn the_figure_grows_with_the_episodes_but_not_without_end() {
        let height = |n| Resync::of(&fixture::stores(n).summary, Lang::En).unwrap().size().1;
        assert!(height(1) < 500);
        assert!(height(40) < 2_000);
        assert!(height(2_000) < 5_500);
    }
}

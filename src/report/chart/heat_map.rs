//! A heat map for each metric of a sweep: the settings as a table, the darker the worse.

mod layout;
mod series;
mod words;

use plotters::prelude::DrawingBackend;

use super::canvas::{Anchor, Area, HEADING, LABEL, Point, QUIET, TITLE};
use super::legend::Legend;
use super::style::{self, Pattern};
use super::{Canvas, ChartError, DataTable, Described, Figure};
pub(crate) use series::HeatMap;
use series::{Cell, Panel};

const HEAD: i32 = 230;
/// Of a panel: its name, a line of its head, and what is free below it.
const NAME: i32 = 50;
const LINE: i32 = 38;
const AIR: i32 = 56;
/// Height of a cell at least, and between two.
const CELL: i32 = 84;
const GAP: i32 = 6;
/// Room for the names of the flags, and for a cell at least where two panels stand side by side.
const NAMES: i32 = 270;
const NARROW: i32 = 130;
const HALF: i32 = 940;
const WHOLE: i32 = style::WIDTH as i32 - 80;

/// How much of the colour the best and the worst have: so much that ink can be read upon it, on paper and in the dark.
const SHADES: [f64; 2] = [0.04, 0.55];

impl Figure for HeatMap {
    fn size(&self) -> (u32, u32) {
        let lines = self.panels.len().div_ceil(self.beside()) as i32;
        (style::WIDTH, (HEAD + lines * self.panel_height() - AIR + 40).unsigned_abs())
    }

    fn draw<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>) -> Result<(), ChartError> {
        self.head(canvas)?;
        let beside = self.beside();
        for (index, panel) in self.panels.iter().enumerate() {
            let (line, place) = (index / beside, index % beside);
            let left = 40 + place as i32 * (HALF + 40);
            self.panel(canvas, panel, (left, HEAD + line as i32 * self.panel_height()))?;
        }
        Ok(())
    }
}

impl Described for HeatMap {
    const NAME: &'static str = "heat_map";

    fn alt(&self) -> String {
        self.alt.clone()
    }

    fn table(&self) -> DataTable {
        self.table.clone()
    }
}

impl HeatMap {
    /// How many panels stand side by side.
    fn beside(&self) -> usize {
        if NAMES + self.layout.columns() as i32 * NARROW <= HALF { 2 } else { 1 }
    }

    /// Height of a row: two lines for each flag that runs down.
    fn row_height(&self) -> i32 {
        let lines = 2 * self.layout.down.first().map_or(0, Vec::len) as i32;
        CELL.max(lines * LINE + 16)
    }

    fn panel_height(&self) -> i32 {
        let (lines, rows) = (self.layout.across.len() as i32, self.layout.down.len() as i32);
        NAME + lines * LINE + rows * self.row_height() + AIR
    }

    fn head<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>) -> Result<(), ChartError> {
        let words = &self.words;
        canvas.text(&words.title, (40, 40), Anchor::Left, TITLE)?;
        let caption = canvas.fitted(&words.caption, WHOLE, QUIET);
        canvas.text(&caption, (40, 88), Anchor::Left, QUIET)?;
        let mut legend = Legend::new(canvas, (40, 138));
        for (share, text) in [(0.0, &words.best), (1.0, &words.worst)] {
            legend.entry(text, |area| {
                canvas.fill(area, style::BLUE, opacity(share))?;
                outline(canvas, area, 2)
            })?;
        }
        legend.entry(&words.chosen, |area| outline(canvas, area, 6))?;
        legend.entry(&words.planned, |(left, top, ..)| corner(canvas, (left + 8, top), 24))?;
        legend.entry(&words.fails, |area| canvas.hatched(area, Pattern::Rising, style::INK))
    }

    fn panel<DB: DrawingBackend>(
        &self,
        canvas: &Canvas<'_, DB>,
        panel: &Panel,
        (left, top): Point,
    ) -> Result<(), ChartError> {
        let width = if self.beside() == 2 { HALF } else { WHOLE };
        let first = left + NAMES;
        let step = (width - NAMES) / (self.layout.columns() as i32).max(1);
        let room = step - 2 * GAP - 12;
        // All cells of a panel have their unit, or none.
        let mut texts = panel.cells.iter().flatten().flatten().map(|cell| &cell.text);
        let long = texts.all(|text| canvas.width(text, LABEL) <= room);
        let unit = panel.unit.as_deref().filter(|_| !long).unwrap_or_default();
        let name = canvas.fitted(&format!("{}{unit}", panel.name), width, HEADING);
        canvas.text(&name, (left, top), Anchor::Left, HEADING)?;
        let names = first - 20;
        let value = |value: &Option<String>| value.clone().unwrap_or_else(|| self.words.default.clone());
        for ((flag, values), line) in self.layout.across.iter().zip(0..) {
            let y = top + NAME + line * LINE;
            canvas.text(&canvas.fitted(flag, NAMES - 30, QUIET), (names, y), Anchor::Right, QUIET)?;
            for (text, column) in values.iter().zip(0..) {
                let text = canvas.fitted(&value(text), step - 2 * GAP, LABEL);
                canvas.text(&text, (first + column * step + step / 2, y), Anchor::Middle, LABEL)?;
            }
        }
        let (cells, high) = (top + NAME + self.layout.across.len() as i32 * LINE - 12, self.row_height());
        for ((row, flags), place) in panel.cells.iter().zip(&self.layout.down).zip(0..) {
            let from = cells + place * high;
            let lines = flags.iter().flat_map(|(flag, own)| [(flag.clone(), QUIET), (value(own), LABEL)]);
            let middle = from + high / 2 - (2 * flags.len() as i32 - 1) * LINE / 2;
            for ((text, kind), line) in lines.zip(0..) {
                let text = canvas.fitted(&text, NAMES - 30, kind);
                canvas.text(&text, (names, middle + line * LINE), Anchor::Right, kind)?;
            }
            for (one, column) in row.iter().zip(0..) {
                let x = first + column * step;
                let area = (x + GAP, from + GAP, x + step - GAP, from + high - GAP);
                self.cell(canvas, one.as_ref(), area, long)?;
            }
        }
        Ok(())
    }

    fn cell<DB: DrawingBackend>(
        &self,
        canvas: &Canvas<'_, DB>,
        cell: Option<&Cell>,
        area: Area,
        long: bool,
    ) -> Result<(), ChartError> {
        let (left, top, right, bottom) = area;
        let (middle, room) = ((i32::midpoint(left, right), i32::midpoint(top, bottom)), right - left - 12);
        let Some(cell) = cell else {
            return canvas.text(
                &canvas.fitted(&self.words.not_run, room, QUIET),
                middle,
                Anchor::Middle,
                QUIET,
            );
        };
        if let Some(shade) = cell.shade {
            canvas.fill(area, style::BLUE, opacity(shade))?;
        }
        if cell.marks.fails {
            canvas.hatched((left, bottom - 14, right, bottom), Pattern::Rising, style::INK)?;
        }
        if cell.marks.planned {
            corner(canvas, (left + 2, top + 2), 18)?;
        }
        outline(canvas, area, if cell.marks.chosen { 6 } else { 1 })?;
        let text = if long { &cell.text } else { &cell.short };
        canvas.text(&canvas.fitted(text, room, LABEL), (middle.0, middle.1 + 2), Anchor::Middle, LABEL)
    }
}

/// How much of the colour a shade has.
fn opacity(shade: f64) -> f64 {
    let [best, worst] = SHADES;
    ((best + shade * (worst - best)) * 1e3).round() / 1e3
}

fn outline<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    (left, top, right, bottom): Area,
    width: u32,
) -> Result<(), ChartError> {
    let colour = if width > 2 { style::INK } else { style::MUTED };
    let corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)];
    canvas.line(&corners, colour, width)
}

/// A filled corner, its right angle at a point.
fn corner<DB: DrawingBackend>(canvas: &Canvas<'_, DB>, (x, y): Point, side: i32) -> Result<(), ChartError> {
    canvas.polygon(&[(x, y), (x + side, y), (x, y + side)], style::INK, true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;
    use crate::report::fixture;

    fn of(axes: &[(&str, &[&str])]) -> HeatMap {
        let sweep = fixture::of_axes(axes, 2, 5);
        HeatMap::of(&sweep.comparison(), &sweep.recommendation(), Lang::En).unwrap()
    }

    #[test]
    fn panels_stand_side_by_side_while_there_is_room() {
        let few = of(&[("max-retries", &["0", "1", "3"])]);
        let many = of(&[("max-retries", &["0", "1", "2", "3", "4", "5", "6"])]);
        assert_eq!((few.beside(), many.beside()), (2, 1));
        assert!(few.size().1 < many.size().1);
    }

    #[test]
    fn rows_make_a_panel_higher() {
        let rows =
            |retries: &[&str]| of(&[("backoff-initial", &["50ms", "200ms", "1s"]), ("max-retries", retries)]);
        let row = rows(&["3", "5"]).row_height();
        assert_eq!(rows(&["1", "3", "5"]).panel_height() - rows(&["3", "5"]).panel_height(), row);
    }

    #[test]
    fn ink_can_be_read_on_the_darkest_cell() {
        // Relative luminance and contrast as WCAG 2.2 defines them, for text of at least 4.5 : 1.
        let light = |rgb: [f64; 3]| {
            let linear = |c: f64| if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) };
            let [r, g, b] = rgb.map(|c| linear(c / 255.0));
            0.2126 * r + 0.7152 * g + 0.0722 * b
        };
        // Paper, ink and blue on paper and in the dark, as in style.css.
        let paper = [[255.0, 255.0, 255.0], [27.0, 31.0, 36.0], [0.0, 114.0, 178.0]];
        let dark = [[23.0, 27.0, 33.0], [232.0, 235.0, 239.0], [77.0, 176.0, 238.0]];
        for [ground, ink, blue] in [paper, dark] {
            let mixed = [0, 1, 2].map(|c| ground[c] + (blue[c] - ground[c]) * opacity(1.0));
            let (a, b) = (light(mixed) + 0.05, light(ink) + 0.05);
            assert!((a / b).max(b / a) >= 4.5, "{}", (a / b).max(b / a));
        }
    }
}

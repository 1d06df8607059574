//! Share of the trials that have recovered by a time since t0, per scenario.

mod series;

use plotters::prelude::DrawingBackend;
use plotters::style::RGBColor;

use super::axis::{Axis, dashes};
use super::canvas::{Anchor, Area, HEADING, LABEL, Point, QUIET, TITLE};
use super::{Canvas, ChartError, DataTable, Described, Figure, style};
use crate::lang::format;
pub(crate) use series::RecoveryEcdf;
use series::{Line, MEDIAN, P95};

const LEFT: i32 = 180;
/// The names of the marked shares stand right of it.
const RIGHT: i32 = style::WIDTH as i32 - 170;
const HEAD: i32 = 142;
const ENTRY: i32 = 42;
const BODY: i32 = 640;
/// Room for the words where there is nothing to draw.
const NO_DATA: i32 = 120;
const FOOT: i32 = 130;

/// Colours and dashes (on and off in pixels), by the scenario's place; together they repeat after twelve.
const COLOURS: [RGBColor; 6] =
    [style::BLUE, style::VERMILLION, style::GREEN, style::PURPLE, style::ORANGE, style::SKY];
const DASHES: [Option<(f64, f64)>; 4] = [None, Some((26.0, 10.0)), Some((6.0, 7.0)), Some((40.0, 8.0))];

impl Figure for RecoveryEcdf {
    fn size(&self) -> (u32, u32) {
        let below = if self.axis.is_some() { BODY + FOOT } else { NO_DATA };
        (style::WIDTH, (self.top() + below).unsigned_abs())
    }

    fn draw<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>) -> Result<(), ChartError> {
        self.head(canvas)?;
        let (top, bottom) = (self.top(), self.top() + BODY);
        let Some((low, high, log)) = self.axis else {
            let middle = (style::WIDTH as i32 / 2, top + NO_DATA / 2);
            return canvas.text(&self.words.nothing, middle, Anchor::Middle, QUIET);
        };
        let area = (LEFT, top, RIGHT, bottom);
        let ends = (LEFT, RIGHT);
        let x = if log { Axis::log(low, high, ends) } else { Axis::between(low, high, ends) };
        let y = Axis::exact(1.0, (bottom, top));
        canvas.y_axis(area, &y, &y.ticks(5), format::ratio)?;
        let label = |tick: f64| format::length(format::micros(tick));
        canvas.x_axis(area, &x, &x.ticks(8), Some(&label))?;
        canvas.text(&self.words.x, (i32::midpoint(LEFT, RIGHT), bottom + 88), Anchor::Middle, HEADING)?;
        for (share, name) in [(MEDIAN, &self.words.median), (P95, &self.words.p95)] {
            let at = y.at(share);
            canvas.dashed(&[(LEFT, at), (RIGHT, at)], style::MUTED, 2)?;
            let room = style::WIDTH as i32 - RIGHT - 22;
            canvas.text(&canvas.fitted(name, room, LABEL), (RIGHT + 14, at), Anchor::Left, LABEL)?;
        }
        // First every band, so that none lies upon a curve.
        for (line, colour, _) in self.styled() {
            band(canvas, &x, &y, line, colour)?;
        }
        self.styled().try_for_each(|(line, colour, dash)| curve(canvas, &x, &y, line, (colour, dash)))
    }
}

impl Described for RecoveryEcdf {
    const NAME: &'static str = "recovery_ecdf";

    fn alt(&self) -> String {
        self.in_words()
    }

    fn table(&self) -> DataTable {
        self.rows()
    }
}

impl RecoveryEcdf {
    /// Where the axes begin: below the legend.
    fn top(&self) -> i32 {
        let entries = i32::try_from(self.lines.len() + usize::from(self.words.note.is_some())).unwrap_or(0);
        HEAD + entries * ENTRY + 66
    }

    /// Each line with its colour and dash.
    fn styled(&self) -> impl Iterator<Item = (&Line, RGBColor, Option<(f64, f64)>)> {
        let styles = COLOURS.into_iter().cycle().zip(DASHES.into_iter().cycle());
        self.lines.iter().zip(styles).map(|(line, (colour, dash))| (line, colour, dash))
    }

    /// Title, caption, a line of the legend for each scenario, and what the band is.
    fn head<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>) -> Result<(), ChartError> {
        canvas.text(&self.words.title, (40, 40), Anchor::Left, TITLE)?;
        let room = style::WIDTH as i32 - 80;
        let caption = canvas.fitted(&self.words.caption, room, QUIET);
        canvas.text(&caption, (40, 88), Anchor::Left, QUIET)?;
        let mut y = HEAD;
        for (line, colour, dash) in self.styled() {
            let seen = line.survival.observations > 0;
            if seen {
                stroke(canvas, &[(40, y), (130, y)], colour, dash)?;
            }
            let text = canvas.fitted(&line.legend, room - 110, LABEL);
            canvas.text(&text, (150, y), Anchor::Left, if seen { LABEL } else { QUIET })?;
            y += ENTRY;
        }
        if let Some(note) = &self.words.note {
            let note = canvas.fitted(note, room - 110, QUIET);
            canvas.fill((40, y - 13, 130, y + 13), style::MUTED, 0.2)?;
            canvas.line(&[(85, y - 13), (85, y + 13)], style::MUTED, style::DATA_LINE)?;
            canvas.text(&note, (150, y), Anchor::Left, QUIET)?;
        }
        let heading = (40, self.top() - 38);
        if self.axis.is_some() { canvas.text(&self.words.y, heading, Anchor::Left, HEADING) } else { Ok(()) }
    }
}

/// A line in the dashes of its scenario.
fn stroke<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    points: &[Point],
    colour: RGBColor,
    dash: Option<(f64, f64)>,
) -> Result<(), ChartError> {
    let width = style::DATA_LINE + 1;
    match dash {
        None => canvas.line(points, colour, width),
        Some((on, off)) => {
            dashes(points, on, off).iter().try_for_each(|dash| canvas.line(dash, colour, width))
        }
    }
}

/// The band: translucent, with thin edges, so that two that overlap can still be told apart.
fn band<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    x: &Axis,
    y: &Axis,
    line: &Line,
    colour: RGBColor,
) -> Result<(), ChartError> {
    let mut edges: [Vec<Point>; 2] = Default::default();
    for (from, to, shares) in line.band() {
        let ((left, right), [low, high]) = ((x.at(from), x.at(to)), shares.map(|share| y.at(share)));
        let piece: Area = (left, high, right, low);
        canvas.fill(piece, colour, 0.16)?;
        for (edge, at) in edges.iter_mut().zip([low, high]) {
            edge.extend([(left, at), (right, at)]);
        }
    }
    edges.iter().try_for_each(|edge| canvas.line(edge, colour, 1))
}

/// The curve, a tick for each that was given up, and marks at the median (diamond) and at the 95th percentile (square).
fn curve<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    x: &Axis,
    y: &Axis,
    line: &Line,
    (colour, dash): (RGBColor, Option<(f64, f64)>),
) -> Result<(), ChartError> {
    let corners: Vec<_> = line.corners().iter().map(|(us, share)| (x.at(*us), y.at(*share))).collect();
    stroke(canvas, &corners, colour, dash)?;
    for (us, share) in line.censored() {
        let (x, y) = (x.at(us), y.at(share));
        canvas.line(&[(x, y - 16), (x, y + 16)], colour, style::DATA_LINE)?;
    }
    if let Some(us) = line.reached(MEDIAN) {
        let (x, y) = (x.at(us), y.at(MEDIAN));
        canvas.polygon(&[(x, y - 13), (x + 13, y), (x, y + 13), (x - 13, y)], colour, true)?;
    }
    if let Some(us) = line.reached(P95) {
        let (x, y) = (x.at(us), y.at(P95));
        canvas.fill((x - 9, y - 9, x + 9, y + 9), colour, 1.0)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;
    use crate::report::fixture;

    #[test]
    fn the_figure_grows_with_the_scenarios_and_not_with_the_trials() {
        let size = |n| RecoveryEcdf::new(&fixture::many(n).summary, Lang::En).size();
        assert_eq!(size(1), size(200));
        assert!(RecoveryEcdf::new(&fixture::empty().summary, Lang::En).size().1 < size(1).1);
        let mut summary = fixture::passing().summary;
        summary.scenarios.push(summary.scenarios[0].clone());
        assert_eq!(RecoveryEcdf::new(&summary, Lang::En).size().1, size(1).1 + ENTRY.unsigned_abs());
    }

    #[test]
    fn twelve_scenarios_have_twelve_looks() {
        let mut summary = fixture::passing().summary;
        summary.scenarios = vec![summary.scenarios[0].clone(); 12];
        let figure = RecoveryEcdf::new(&summary, Lang::En);
        let looks: Vec<_> = figure.styled().map(|(_, colour, dash)| (style::hex(colour), dash)).collect();
        assert!((0..12).all(|a| (0..a).all(|b| looks[a] != looks[b])), "{looks:?}");
    }
}

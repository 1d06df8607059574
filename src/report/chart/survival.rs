//! Curves of the share that has recovered by a time: axes, a curve with its band for each line, and the legend.

mod line;

use plotters::prelude::DrawingBackend;
use plotters::style::RGBColor;

use super::axis::{Axis, dashes};
use super::canvas::{Anchor, Area, HEADING, LABEL, Point, QUIET};
use super::{Canvas, ChartError, style};
use crate::lang::{Lang, format};
pub(crate) use line::{COLUMNS, Line, MEDIAN, P95, Span, axis, rows, span};

const LEFT: i32 = 180;
/// The names of the marked shares stand right of it.
const RIGHT: i32 = style::WIDTH as i32 - 170;
/// Height of an entry of the legend.
pub(super) const ENTRY: i32 = 42;

/// Colour and dash (on and off in pixels) of a curve.
type Look = (RGBColor, Option<(f64, f64)>);

/// How many curves can be told apart.
pub(super) const LOOKS: usize = 12;

// By the curve's place; together they repeat after [`LOOKS`].
const COLOURS: [RGBColor; 6] =
    [style::BLUE, style::VERMILLION, style::GREEN, style::PURPLE, style::ORANGE, style::SKY];
const DASHES: [Option<(f64, f64)>; 4] = [None, Some((26.0, 10.0)), Some((6.0, 7.0)), Some((40.0, 8.0))];

/// What stands at the axes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Labels {
    x: String,
    median: String,
    p95: String,
}

impl Labels {
    /// With a time axis that is logarithmic or not.
    pub(super) fn new(log: bool, lang: Lang) -> Self {
        Self {
            x: lang.text(if log { "ecdf-x-log" } else { "term-since-fault" }),
            median: lang.text("ecdf-median"),
            p95: lang.text("ecdf-p95"),
        }
    }
}

/// The curves on their axes.
pub(super) struct Plot<'a> {
    pub(super) lines: &'a [Line],
    pub(super) span: Span,
    pub(super) labels: &'a Labels,
    /// Whether the bands are drawn.
    pub(super) bands: bool,
}

impl Plot<'_> {
    /// Draws between these two heights; the time's labels stand below the second.
    pub(super) fn draw<DB: DrawingBackend>(
        &self,
        canvas: &Canvas<'_, DB>,
        (top, bottom): (i32, i32),
    ) -> Result<(), ChartError> {
        let (low, high, log) = self.span;
        let area = (LEFT, top, RIGHT, bottom);
        let ends = (LEFT, RIGHT);
        let x = if log { Axis::log(low, high, ends) } else { Axis::between(low, high, ends) };
        let y = Axis::exact(1.0, (bottom, top));
        canvas.y_axis(area, &y, &y.ticks(5), format::ratio)?;
        let label = |tick: f64| format::length(format::micros(tick));
        canvas.x_axis(area, &x, &x.ticks(8), Some(&label))?;
        canvas.text(&self.labels.x, (i32::midpoint(LEFT, RIGHT), bottom + 88), Anchor::Middle, HEADING)?;
        for (share, name) in [(MEDIAN, &self.labels.median), (P95, &self.labels.p95)] {
            let at = y.at(share);
            canvas.dashed(&[(LEFT, at), (RIGHT, at)], style::MUTED, 2)?;
            let room = style::WIDTH as i32 - RIGHT - 22;
            canvas.text(&canvas.fitted(name, room, LABEL), (RIGHT + 14, at), Anchor::Left, LABEL)?;
        }
        // First every band, so that none lies upon a curve.
        for (line, (colour, _)) in styled(self.lines).filter(|_| self.bands) {
            band(canvas, &x, &y, line, colour)?;
        }
        styled(self.lines).try_for_each(|(line, look)| curve(canvas, &x, &y, line, look))
    }
}

/// Each line with its look.
fn styled(lines: &[Line]) -> impl Iterator<Item = (&Line, Look)> {
    lines.iter().zip(COLOURS.into_iter().cycle().zip(DASHES.into_iter().cycle()))
}

/// An entry for each line from `y` on; gives where the next one would stand.
pub(super) fn legend<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    lines: &[Line],
    mut y: i32,
) -> Result<i32, ChartError> {
    for (line, (colour, dash)) in styled(lines) {
        let seen = line.survival.observations > 0;
        if seen {
            stroke(canvas, &[(40, y), (130, y)], colour, dash)?;
        }
        let text = canvas.fitted(&line.legend, style::WIDTH as i32 - 190, LABEL);
        canvas.text(&text, (150, y), Anchor::Left, if seen { LABEL } else { QUIET })?;
        y += ENTRY;
    }
    Ok(y)
}

/// What band and tick mean.
pub(super) fn note<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    text: &str,
    y: i32,
    bands: bool,
) -> Result<(), ChartError> {
    let text = canvas.fitted(text, style::WIDTH as i32 - 190, QUIET);
    if bands {
        canvas.fill((40, y - 13, 130, y + 13), style::MUTED, 0.2)?;
    }
    canvas.line(&[(85, y - 13), (85, y + 13)], style::MUTED, style::DATA_LINE)?;
    canvas.text(&text, (150, y), Anchor::Left, QUIET)
}

/// A line in the dashes of its curve.
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
    (colour, dash): Look,
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

    #[test]
    fn twelve_curves_have_twelve_looks() {
        let lines = vec![Line::of("a", &[], Lang::En); LOOKS];
        let looks: Vec<_> = styled(&lines).map(|(_, (colour, dash))| (style::hex(colour), dash)).collect();
        assert!((0..12).all(|a| (0..a).all(|b| looks[a] != looks[b])), "{looks:?}");
    }
}

//! Settings of a sweep as points: how fast they recover against what that costs, and which of them nothing beats.

mod label;
mod series;
mod words;

use plotters::prelude::DrawingBackend;
use plotters::style::RGBColor;

use super::axis::{Axis, labels};
use super::canvas::{Anchor, Area, HEADING, LABEL, Point, QUIET, TITLE};
use super::legend::Legend;
use super::{Canvas, ChartError, DataTable, Described, Figure, style};
use crate::analysis::model::Verdict;
use crate::lang::format;
pub(crate) use series::Pareto;
use series::{Entry, Panel, Span};

const TOP: i32 = 290;
const BODY: i32 = 640;
const BOTTOM: i32 = TOP + BODY;
/// Room for the labels of an upright axis.
const AXIS: i32 = 130;
/// From the axes to the list of settings, and the height of one of its lines.
const FOOT: i32 = 150;
const LINE: i32 = 42;
/// Up to so many settings stand beside their points; more get a number.
const MOST_NAMED: usize = 6;
/// Half the width of a mark with all that is around it.
const MARK: i32 = 22;

impl Figure for Pareto {
    fn size(&self) -> (u32, u32) {
        let list = LINE * (self.entries.len() as i32 + 1);
        (style::WIDTH, (BOTTOM + FOOT + list + 20).unsigned_abs())
    }

    fn draw<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>) -> Result<(), ChartError> {
        self.head(canvas)?;
        let width = (style::WIDTH as i32 - 60) / self.panels.len() as i32;
        let areas: Vec<Area> = (0..self.panels.len() as i32)
            .map(|place| (place * width + 40 + AXIS, TOP, (place + 1) * width + 20, BOTTOM))
            .collect();
        let named = self.entries.len() <= MOST_NAMED
            && self.panels.iter().zip(&areas).all(|(panel, area)| {
                let names = self.labels(panel, true);
                place(canvas, panel, *area, &names).is_some()
            });
        for (panel, area) in self.panels.iter().zip(&areas) {
            self.panel(canvas, panel, *area, named)?;
        }
        self.list(canvas)
    }
}

impl Described for Pareto {
    const NAME: &'static str = "pareto";

    fn alt(&self) -> String {
        self.alt.clone()
    }

    fn table(&self) -> DataTable {
        self.table.clone()
    }
}

impl Pareto {
    fn head<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>) -> Result<(), ChartError> {
        let words = &self.words;
        canvas.text(&words.title, (40, 40), Anchor::Left, TITLE)?;
        let caption = canvas.fitted(&words.caption, style::WIDTH as i32 - 80, QUIET);
        canvas.text(&caption, (40, 88), Anchor::Left, QUIET)?;
        let middle =
            |(left, top, right, bottom): Area| (i32::midpoint(left, right), i32::midpoint(top, bottom));
        let mut legend = Legend::new(canvas, (40, 138));
        for (verdict, text) in &words.verdicts {
            legend.entry(text, |area| mark(canvas, middle(area), *verdict))?;
        }
        legend.entry(&words.chosen, |area| ring(canvas, middle(area)))?;
        legend.entry(&words.planned, |area| crosshair(canvas, middle(area)))?;
        legend.entry(&words.front, |(left, top, right, bottom)| {
            let step = [
                (left, top),
                (i32::midpoint(left, right), top),
                (i32::midpoint(left, right), bottom),
                (right, bottom),
            ];
            canvas.line(&step, style::BLUE, style::DATA_LINE)
        })
    }

    fn panel<DB: DrawingBackend>(
        &self,
        canvas: &Canvas<'_, DB>,
        panel: &Panel,
        area: Area,
        named: bool,
    ) -> Result<(), ChartError> {
        let (left, top, right, bottom) = area;
        let (x, y) = axes(panel, area);
        let length = |tick: f64| format::length(format::micros(tick));
        canvas.x_axis(area, &x, &apart(canvas, &x, &x.ticks(9), length), Some(&length))?;
        let ticks = y.ticks(9);
        canvas.y_axis(area, &y, &ticks, labels(&ticks))?;
        let name = self.words.y(panel.cost);
        let name = if panel.y.2 { format!("{name}{}", self.words.y_log) } else { name.to_owned() };
        let name = canvas.fitted(&name, right - left + AXIS, HEADING);
        canvas.text(&name, (left - AXIS, top - 40), Anchor::Left, HEADING)?;
        let name = if panel.x.2 { &self.words.x_log } else { &self.words.x };
        let name = canvas.fitted(name, right - left + AXIS, HEADING);
        canvas.text(&name, (i32::midpoint(left, right), bottom + 84), Anchor::Middle, HEADING)?;

        let at = |place: &usize| (x.at(panel.points[*place].x), y.at(panel.points[*place].y));
        let front: Vec<Point> = panel.front.iter().map(at).collect();
        canvas.line(&stairs(&front), style::BLUE, style::DATA_LINE)?;
        for point in &panel.points {
            let (entry, at) = (&self.entries[point.entry], (x.at(point.x), y.at(point.y)));
            mark(canvas, at, entry.verdict)?;
            around(canvas, at, entry)?;
        }
        let names = self.labels(panel, named);
        // Numbers find room but for a crowd at one place; then the list has to do.
        let Some(middles) = place(canvas, panel, area, &names) else { return Ok(()) };
        for ((name, middle), point) in names.iter().zip(middles).zip(&panel.points) {
            if name.is_empty() {
                continue;
            }
            canvas.text(name, middle, Anchor::Middle, LABEL)?;
            leader(canvas, (x.at(point.x), y.at(point.y)), middle, canvas.width(name, LABEL))?;
        }
        Ok(())
    }

    /// What stands at each point of a panel: its setting, or its number. Points at the same place have one label.
    fn labels(&self, panel: &Panel, named: bool) -> Vec<String> {
        let label = |entry: usize| {
            if named { self.entries[entry].setting.clone() } else { format::count(entry as u64 + 1) }
        };
        let same = |a: &series::Point, b: &series::Point| (a.x, a.y) == (b.x, b.y);
        let all = panel.points.iter().enumerate();
        all.map(|(place, point)| {
            if panel.points[..place].iter().any(|before| same(before, point)) {
                return String::new();
            }
            let here = panel.points.iter().filter(|other| same(point, other));
            here.map(|other| label(other.entry)).collect::<Vec<_>>().join(", ")
        })
        .collect()
    }

    /// Every setting with its number, its mark and its figures.
    fn list<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>) -> Result<(), ChartError> {
        let mut y = BOTTOM + FOOT;
        canvas.text(&self.words.list, (40, y), Anchor::Left, HEADING)?;
        for (entry, number) in self.entries.iter().zip(1u64..) {
            y += LINE;
            canvas.text(&format::count(number), (90, y), Anchor::Right, LABEL)?;
            mark(canvas, (124, y), entry.verdict)?;
            let text = canvas.fitted(&entry.text, style::WIDTH as i32 - 180, LABEL);
            canvas.text(&text, (154, y), Anchor::Left, LABEL)?;
        }
        Ok(())
    }
}

fn axes(panel: &Panel, (left, top, right, bottom): Area) -> (Axis, Axis) {
    let axis = |(low, high, log): Span, ends| {
        if log { Axis::log(low, high, ends) } else { Axis::between(low, high, ends) }
    };
    (axis(panel.x, (left, right)), axis(panel.y, (bottom, top)))
}

/// Where the labels of a panel go.
fn place<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    panel: &Panel,
    area: Area,
    names: &[String],
) -> Option<Vec<Point>> {
    let (x, y) = axes(panel, area);
    let points: Vec<Point> = panel.points.iter().map(|point| (x.at(point.x), y.at(point.y))).collect();
    let width = |name: &String| if name.is_empty() { 0 } else { canvas.width(name, LABEL) };
    let front: Vec<Point> = panel.front.iter().map(|place| points[*place]).collect();
    label::place(&points, &names.iter().map(width).collect::<Vec<_>>(), &stairs(&front), area, MARK)
}

/// Ticks whose labels do not touch.
fn apart<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    axis: &Axis,
    ticks: &[f64],
    label: impl Fn(f64) -> String,
) -> Vec<f64> {
    let labels: Vec<_> =
        ticks.iter().map(|tick| (axis.at(*tick), canvas.width(&label(*tick), QUIET))).collect();
    let fit = super::axis::that_fit(&labels, 16);
    ticks.iter().zip(fit).filter(|(_, fits)| *fits).map(|(tick, _)| *tick).collect()
}

/// From each point level to the next one's side, then down to it.
fn stairs(points: &[Point]) -> Vec<Point> {
    let mut stairs: Vec<Point> = Vec::new();
    for (x, y) in points {
        if let Some((_, before)) = stairs.last().copied() {
            stairs.push((*x, before));
        }
        stairs.push((*x, *y));
    }
    stairs
}

/// A thin line from a point to a label that is not beside it.
fn leader<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    (x, y): Point,
    (middle, line): Point,
    width: i32,
) -> Result<(), ChartError> {
    let nearest = x.clamp(middle - width / 2, middle + width / 2);
    let height = if line > y { line - 16 } else { line + 16 };
    if (line - y).abs() < 48 && (nearest - x).abs() < 48 {
        return Ok(());
    }
    canvas.line(&[(x, y), (nearest, if (line - y).abs() < 20 { line } else { height })], style::MUTED, 1)
}

/// A shape for each verdict, so that colour does not stand alone; only what passes is filled.
fn mark<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    (x, y): Point,
    verdict: Verdict,
) -> Result<(), ChartError> {
    let (colour, shape): (RGBColor, &[Point]) = match verdict {
        Verdict::Pass => (style::BLUE, &OCTAGON),
        Verdict::Fail => (style::VERMILLION, &[(0, 13), (14, -11), (-14, -11)]),
        Verdict::Inconclusive => (style::MUTED, &[(0, -14), (14, 0), (0, 14), (-14, 0)]),
    };
    let points: Vec<Point> = shape.iter().map(|(dx, dy)| (x + dx, y + dy)).collect();
    canvas.polygon(&points, if verdict == Verdict::Pass { colour } else { style::PAPER }, true)?;
    canvas.polygon(&points, colour, false)
}

const OCTAGON: [Point; 8] = [(-5, -11), (5, -11), (11, -5), (11, 5), (5, 11), (-5, 11), (-11, 5), (-11, -5)];

/// What tells the recommended setting and the plan's own.
fn around<DB: DrawingBackend>(canvas: &Canvas<'_, DB>, at: Point, entry: &Entry) -> Result<(), ChartError> {
    if entry.chosen {
        ring(canvas, at)?;
    }
    if entry.planned { crosshair(canvas, at) } else { Ok(()) }
}

fn ring<DB: DrawingBackend>(canvas: &Canvas<'_, DB>, (x, y): Point) -> Result<(), ChartError> {
    let points = OCTAGON.map(|(dx, dy)| (x + dx * 9 / 5, y + dy * 9 / 5));
    canvas.polygon(&points, style::INK, false)
}

fn crosshair<DB: DrawingBackend>(canvas: &Canvas<'_, DB>, (x, y): Point) -> Result<(), ChartError> {
    let strokes = [(1, 0), (-1, 0), (0, 1), (0, -1)];
    strokes.into_iter().try_for_each(|(dx, dy)| {
        canvas.line(&[(x + dx * 12, y + dy * 12), (x + dx * 22, y + dy * 22)], style::INK, 4)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_front_goes_down_in_steps() {
        assert_eq!(
            stairs(&[(10, 50), (30, 80), (60, 90)]),
            [(10, 50), (30, 50), (30, 80), (60, 80), (60, 90)]
        );
        assert!(stairs(&[]).is_empty());
    }
}

//! What users felt over time: goodput and failures, error rate, latency; fault windows shaded.

mod series;

use plotters::prelude::DrawingBackend;

use super::axis::{Axis, that_fit};
use super::canvas::{Anchor, Area, HEADING, LABEL, Point, QUIET, TITLE};
use super::{Canvas, ChartError, Figure, style};
use crate::analysis::model::Outcome;
use crate::lang::format;
pub(crate) use series::Timeline;
use series::{Sample, Window};

const LEFT: i32 = 150;
const RIGHT: i32 = style::WIDTH as i32 - 40;
/// Half the width of a triangle.
const MARKER: i32 = 10;
/// Where the names of the targets stand.
const NAMES: i32 = 252;
/// How much room names and triangles take above the first panel.
const NAMES_ROOM: i32 = 66;
const RATES: Area = (LEFT, 296, RIGHT, 656);
const ERRORS: Area = (LEFT, 742, RIGHT, 922);
const LATENCY: Area = (LEFT, 1_008, RIGHT, 1_328);

impl Figure for Timeline {
    fn size(&self) -> (u32, u32) {
        (style::WIDTH, 1_448)
    }

    fn draw<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>) -> Result<(), ChartError> {
        let x = Axis::exact(self.end_s, (LEFT, RIGHT));
        self.head(canvas)?;
        for (area, last) in [(RATES, false), (ERRORS, false), (LATENCY, true)] {
            self.shade(canvas, &x, area)?;
            let label = |tick: f64| format::number(tick);
            canvas.x_axis(area, &x, &x.ticks(10), last.then_some(&label))?;
        }
        canvas.text("seconds since start", ((LEFT + RIGHT) / 2, 1_412), Anchor::Middle, HEADING)?;
        self.names(canvas, &x)?;
        self.rates(canvas, &x)?;
        self.errors(canvas, &x)?;
        self.latency(canvas, &x)
    }
}

impl Timeline {
    /// Title, caption, and what the shades and triangles mean.
    fn head<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>) -> Result<(), ChartError> {
        canvas.text("What users felt over time", (LEFT, 40), Anchor::Left, TITLE)?;
        let caption = canvas.fitted(&self.caption, RIGHT - LEFT, QUIET);
        canvas.text(&caption, (LEFT, 88), Anchor::Left, QUIET)?;
        let mut left = LEFT;
        let mut entry = |swatch: &dyn Fn(i32) -> Result<(), ChartError>, text: &str| {
            swatch(left)?;
            canvas.text(text, (left + 50, 134), Anchor::Left, LABEL)?;
            left += 50 + canvas.width(text, LABEL) + 50;
            Ok::<_, ChartError>(())
        };
        entry(&|x| canvas.marker((x + 20, 144), MARKER, style::VERMILLION, true), "fault takes effect (t0)")?;
        entry(&|x| canvas.fill((x, 122, x + 40, 146), style::WINDOW, 0.7), "until recovered")?;
        if !self.read_backs.is_empty() {
            entry(&|x| read_back(canvas, (x, 122, x + 40, 146)), "read-back: users held still")?;
        }
        if self.any(|outcome| matches!(outcome, Outcome::Censored | Outcome::Aborted)) {
            entry(&|x| self.undecided(canvas, (x, 122, x + 40, 146)), "not recovered (censored or aborted)")?;
        }
        if self.any(|outcome| outcome == Outcome::Void) {
            entry(
                &|x| canvas.marker((x + 20, 144), MARKER, style::MUTED, false),
                "void: fault without effect",
            )?;
        }
        Ok(())
    }

    fn any(&self, is: impl Fn(Outcome) -> bool) -> bool {
        self.windows.iter().any(|window| is(window.outcome))
    }

    fn undecided<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>, area: Area) -> Result<(), ChartError> {
        canvas.patterned(area, style::GRID, style::Pattern::Rising, style::WINDOW)
    }

    /// The fault windows behind one panel; even the shortest can be seen.
    fn shade<DB: DrawingBackend>(
        &self,
        canvas: &Canvas<'_, DB>,
        x: &Axis,
        area: Area,
    ) -> Result<(), ChartError> {
        let (_, top, _, bottom) = area;
        for window in self.windows.iter().filter(|window| window.outcome != Outcome::Void) {
            let from = x.at(window.from_s);
            let shade = (from, top, x.at(window.to_s).max(from + 4), bottom);
            if window.outcome == Outcome::Recovered {
                canvas.fill(shade, style::WINDOW, 0.7)?;
            } else {
                self.undecided(canvas, shade)?;
            }
        }
        for (from_s, to_s) in &self.read_backs {
            let from = x.at(*from_s);
            read_back(canvas, (from, top, x.at(*to_s).max(from + 4), bottom))?;
        }
        Ok(())
    }

    /// A triangle at each t0, and the target's name where it finds room.
    fn names<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>, x: &Axis) -> Result<(), ChartError> {
        let tips: Vec<_> = self.windows.iter().map(|window| x.at(window.from_s)).collect();
        // Crowded triangles become thinner, so that each can still be told from the next.
        let nearest = tips.windows(2).map(|pair| (pair[1] - pair[0]) / 2).min();
        let half = nearest.unwrap_or(MARKER).clamp(3, MARKER);
        for (window, tip) in self.windows.iter().zip(&tips) {
            let void = window.outcome == Outcome::Void;
            let colour = if void { style::MUTED } else { style::VERMILLION };
            canvas.marker((*tip, NAMES + 42), half, colour, !void)?;
        }
        let labels: Vec<_> = self.windows.iter().map(|window| name(canvas, x, window)).collect();
        let places: Vec<_> = labels.iter().map(|(_, centre, width)| (*centre, *width)).collect();
        let fits = that_fit(&places, 16);
        if fits.iter().filter(|fits| **fits).count() * 2 < fits.len() {
            // A few names of many would mislead.
            let text = format!("{} faults: too many to name them here", fits.len());
            return canvas.text(&text, (LEFT, NAMES), Anchor::Left, QUIET);
        }
        for ((text, centre, _), _) in labels.iter().zip(fits).filter(|(_, fits)| *fits) {
            canvas.text(text, (*centre, NAMES), Anchor::Middle, LABEL)?;
        }
        Ok(())
    }

    fn rates<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>, x: &Axis) -> Result<(), ChartError> {
        let (_, top, _, bottom) = RATES;
        panel(
            canvas,
            RATES,
            "Requests per second",
            &[("met their contract (goodput)", style::BLUE, false), ("failed", style::VERMILLION, true)],
        )?;
        let high =
            self.samples.iter().map(|sample| sample.ok_per_s.max(sample.failed_per_s)).fold(0.0, f64::max);
        if high == 0.0 {
            return no_data(canvas, RATES);
        }
        let y = Axis::from_zero(high, 4, (bottom, top));
        canvas.y_axis(RATES, &y, &y.ticks(4), format::number)?;
        self.bars(canvas, x, &y, |sample| Some(sample.failed_per_s))?;
        let line: Vec<_> = self.samples.iter().map(|s| (x.at(middle(s)), y.at(s.ok_per_s))).collect();
        canvas.line(&line, style::BLUE, style::DATA_LINE)
    }

    fn errors<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>, x: &Axis) -> Result<(), ChartError> {
        let (_, top, _, bottom) = ERRORS;
        panel(canvas, ERRORS, "Error rate (% of requests)", &[])?;
        if self.samples.iter().all(|sample| sample.error_percent.is_none()) {
            return no_data(canvas, ERRORS);
        }
        let high = self.samples.iter().filter_map(|sample| sample.error_percent).fold(1.0, f64::max);
        let y = Axis::from_zero(high, 3, (bottom, top));
        canvas.y_axis(ERRORS, &y, &y.ticks(3), |tick| format!("{} %", format::number(tick)))?;
        self.bars(canvas, x, &y, |sample| sample.error_percent)
    }

    fn latency<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>, x: &Axis) -> Result<(), ChartError> {
        let (_, top, _, bottom) = LATENCY;
        panel(
            canvas,
            LATENCY,
            "Latency (log scale)",
            &[("p99", style::PURPLE, false), ("p50", style::BLUE, false)],
        )?;
        let all = || self.samples.iter().flat_map(|sample| [sample.p50_us, sample.p99_us]).flatten();
        if all().next().is_none() {
            return no_data(canvas, LATENCY);
        }
        let y =
            Axis::log(all().fold(f64::INFINITY, f64::min).max(1.0), all().fold(1.0, f64::max), (bottom, top));
        canvas.y_axis(LATENCY, &y, &y.ticks(5), |tick| format::length(format::micros(tick)))?;
        for run in self.runs(x, &y, |sample| sample.p99_us) {
            canvas.dashed(&run, style::PURPLE, style::DATA_LINE + 1)?;
        }
        for run in self.runs(x, &y, |sample| sample.p50_us) {
            canvas.line(&run, style::BLUE, style::DATA_LINE)?;
        }
        Ok(())
    }

    /// A bar per bin; even the smallest value above zero can be seen.
    fn bars<DB: DrawingBackend>(
        &self,
        canvas: &Canvas<'_, DB>,
        x: &Axis,
        y: &Axis,
        value: impl Fn(&Sample) -> Option<f64>,
    ) -> Result<(), ChartError> {
        for sample in &self.samples {
            let Some(value) = value(sample).filter(|value| *value > 0.0) else {
                continue;
            };
            let (left, foot) = (x.at(sample.from_s), y.at(0.0));
            let bar = (left, y.at(value).min(foot - 3), x.at(sample.to_s).max(left + 2), foot);
            canvas.fill(bar, style::VERMILLION, 1.0)?;
        }
        Ok(())
    }

    /// The stretches of a line between gaps; a lone point becomes a short stroke.
    fn runs(&self, x: &Axis, y: &Axis, value: impl Fn(&Sample) -> Option<f64>) -> Vec<Vec<Point>> {
        let mut runs: Vec<Vec<Point>> = vec![Vec::new()];
        for sample in &self.samples {
            match (value(sample), runs.last_mut()) {
                (Some(value), Some(run)) => run.push((x.at(middle(sample)), y.at(value))),
                _ => runs.push(Vec::new()),
            }
        }
        for run in &mut runs {
            if let [(x, y)] = run[..] {
                *run = vec![(x - 5, y), (x + 5, y)];
            }
        }
        runs.retain(|run| !run.is_empty());
        runs
    }
}

/// A stretch in which no user was at work: upright lines, as no other shade has them.
fn read_back<DB: DrawingBackend>(canvas: &Canvas<'_, DB>, area: Area) -> Result<(), ChartError> {
    canvas.fill(area, style::SKY, 0.3)?;
    canvas.hatched(area, style::Pattern::Upright, style::SKY)
}

fn middle(sample: &Sample) -> f64 {
    f64::midpoint(sample.from_s, sample.to_s)
}

/// Name, centre and width of a window's label: over its middle, and never over the edge.
fn name<DB: DrawingBackend>(canvas: &Canvas<'_, DB>, x: &Axis, window: &Window) -> (String, i32, i32) {
    let text = canvas.fitted(&window.target, 260, LABEL);
    let width = canvas.width(&text, LABEL);
    let centre = i32::midpoint(x.at(window.from_s), x.at(window.to_s));
    (text, centre.clamp(LEFT + width / 2, RIGHT - width / 2), width)
}

/// Heading of a panel with its legend at the right: outside of the data.
fn panel<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    (left, top, right, _): Area,
    heading: &str,
    legend: &[(&str, plotters::style::RGBColor, bool)],
) -> Result<(), ChartError> {
    let y = if top == RATES.1 { top - NAMES_ROOM - 34 } else { top - 34 };
    canvas.text(heading, (left, y), Anchor::Left, HEADING)?;
    let mut end = right;
    for (text, colour, bar) in legend.iter().rev() {
        let start = end - canvas.width(text, LABEL);
        canvas.text(text, (start, y), Anchor::Left, LABEL)?;
        let stroke = [(start - 58, y), (start - 14, y)];
        match (bar, *text) {
            (true, _) => canvas.fill((start - 46, y - 12, start - 14, y + 12), *colour, 1.0)?,
            (false, "p99") => canvas.dashed(&stroke, *colour, style::DATA_LINE)?,
            (false, _) => canvas.line(&stroke, *colour, style::DATA_LINE)?,
        }
        end = start - 100;
    }
    Ok(())
}

fn no_data<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    (left, top, right, bottom): Area,
) -> Result<(), ChartError> {
    let middle = ((left + right) / 2, (top + bottom) / 2);
    canvas.text("no data: no request of a user was journalled", middle, Anchor::Middle, QUIET)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_a_gap_where_there_is_no_data() {
        let mut timeline = Timeline::new(&crate::report::fixture::passing());
        timeline.samples.truncate(4);
        for (sample, from_s) in timeline.samples.iter_mut().zip([0.0, 1.0, 2.0, 3.0]) {
            (sample.from_s, sample.to_s) = (from_s, from_s + 1.0);
        }
        timeline.samples[2].p50_us = None;
        let axis = Axis::exact(4.0, (0, 400));
        let runs = timeline.runs(&axis, &Axis::exact(1.0, (0, 1)), |sample| sample.p50_us.map(|_| 1.0));
        assert_eq!(runs, [vec![(50, 1), (150, 1)], vec![(345, 1), (355, 1)]]);
    }
}

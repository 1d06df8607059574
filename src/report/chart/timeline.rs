//! What users felt over time: goodput and failures, error rate, latency; fault windows shaded.

mod series;
mod words;

use plotters::prelude::DrawingBackend;
use plotters::style::RGBColor;

use super::axis::{Axis, labels, that_fit};
use super::canvas::{Anchor, Area, HEADING, LABEL, Point, QUIET, TITLE};
use super::legend::Legend;
use super::{Canvas, ChartError, DataTable, Described, Figure, style};
use crate::analysis::model::Outcome;
use crate::lang::format;
pub(crate) use series::Timeline;
use series::{Sample, Window};

const LEFT: i32 = 170;
const RIGHT: i32 = style::WIDTH as i32 - 40;
/// Half the width of a triangle.
const MARKER: i32 = 10;
/// Where the names of the targets stand.
const NAMES: i32 = 290;
/// How much room names and triangles take above the first panel.
const NAMES_ROOM: i32 = 66;
const RATES: Area = (LEFT, 334, RIGHT, 694);
const ERRORS: Area = (LEFT, 780, RIGHT, 960);
const LATENCY: Area = (LEFT, 1_046, RIGHT, 1_366);

/// How a series is drawn, in its panel and in the legend.
#[derive(Debug, Clone, Copy)]
enum Stroke {
    Bars,
    Line,
    Dashes,
}

impl Described for Timeline {
    const NAME: &'static str = "timeline";

    fn alt(&self) -> String {
        self.alt.clone()
    }

    fn table(&self) -> DataTable {
        self.table.clone()
    }
}

impl Figure for Timeline {
    fn size(&self) -> (u32, u32) {
        (style::WIDTH, 1_486)
    }

    fn draw<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>) -> Result<(), ChartError> {
        let x = Axis::exact(self.end_s, (LEFT, RIGHT));
        self.head(canvas)?;
        for (area, last) in [(RATES, false), (ERRORS, false), (LATENCY, true)] {
            self.shade(canvas, &x, area)?;
            let ticks = x.ticks(10);
            let label = labels(&ticks);
            canvas.x_axis(area, &x, &ticks, last.then_some(&label))?;
        }
        canvas.text(&self.words.axis, ((LEFT + RIGHT) / 2, 1_450), Anchor::Middle, HEADING)?;
        self.names(canvas, &x)?;
        self.rates(canvas, &x)?;
        self.errors(canvas, &x)?;
        self.latency(canvas, &x)
    }
}

impl Timeline {
    /// Title, caption, and what the shades and triangles mean.
    fn head<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>) -> Result<(), ChartError> {
        let words = &self.words;
        canvas.text(&words.title, (LEFT, 40), Anchor::Left, TITLE)?;
        let caption = canvas.fitted(&words.caption, RIGHT - LEFT, QUIET);
        canvas.text(&caption, (LEFT, 88), Anchor::Left, QUIET)?;
        let mut legend = Legend::new(canvas, (LEFT, 134));
        let marker = |(x, _, _, bottom): Area, colour, filled| {
            canvas.marker((x + 20, bottom - 4), MARKER, colour, filled)
        };
        if self.any(|outcome| outcome != Outcome::Void) {
            legend.entry(&words.fault, |sample| marker(sample, style::VERMILLION, true))?;
        }
        if self.any(|outcome| outcome == Outcome::Recovered) {
            legend.entry(&words.recovered, |sample| canvas.fill(sample, style::WINDOW, 0.7))?;
        }
        if !self.read_backs.is_empty() {
            legend.entry(&words.read_back, |sample| read_back(canvas, sample))?;
        }
        if self.any(|outcome| matches!(outcome, Outcome::Censored | Outcome::Aborted)) {
            legend.entry(&words.undecided, |sample| self.undecided(canvas, sample))?;
        }
        if self.any(|outcome| outcome == Outcome::Void) {
            legend.entry(&words.void, |sample| marker(sample, style::MUTED, false))?;
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
            return canvas.text(&self.words.unnamed, (LEFT, NAMES), Anchor::Left, QUIET);
        }
        for ((text, centre, _), _) in labels.iter().zip(fits).filter(|(_, fits)| *fits) {
            canvas.text(text, (*centre, NAMES), Anchor::Middle, LABEL)?;
        }
        Ok(())
    }

    fn rates<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>, x: &Axis) -> Result<(), ChartError> {
        let (_, top, _, bottom) = RATES;
        let words = &self.words;
        let legend =
            [(&*words.good, style::BLUE, Stroke::Line), (&words.failed, style::VERMILLION, Stroke::Bars)];
        panel(canvas, RATES, &words.rates, &legend)?;
        let high =
            self.samples.iter().map(|sample| sample.ok_per_s.max(sample.failed_per_s)).fold(0.0, f64::max);
        if high == 0.0 {
            return self.no_data(canvas, RATES);
        }
        let y = Axis::from_zero(high, 4, (bottom, top));
        canvas.y_axis(RATES, &y, &y.ticks(4), format::number)?;
        self.bars(canvas, x, &y, |sample| Some(sample.failed_per_s))?;
        let line: Vec<_> = self.samples.iter().map(|s| (x.at(middle(s)), y.at(s.ok_per_s))).collect();
        canvas.line(&line, style::BLUE, style::DATA_LINE)
    }

    fn errors<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>, x: &Axis) -> Result<(), ChartError> {
        let (_, top, _, bottom) = ERRORS;
        panel(canvas, ERRORS, &self.words.errors, &[])?;
        if self.samples.iter().all(|sample| sample.error_percent.is_none()) {
            return self.no_data(canvas, ERRORS);
        }
        let high = self.samples.iter().filter_map(|sample| sample.error_percent).fold(1.0, f64::max);
        let y = Axis::from_zero(high, 3, (bottom, top));
        canvas.y_axis(ERRORS, &y, &y.ticks(3), |tick| format!("{} %", format::number(tick)))?;
        self.bars(canvas, x, &y, |sample| sample.error_percent)
    }

    fn latency<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>, x: &Axis) -> Result<(), ChartError> {
        let (_, top, _, bottom) = LATENCY;
        let legend = [("p99", style::PURPLE, Stroke::Dashes), ("p50", style::BLUE, Stroke::Line)];
        panel(canvas, LATENCY, &self.words.latency, &legend)?;
        let all = || self.samples.iter().flat_map(|sample| [sample.p50_us, sample.p99_us]).flatten();
        if all().next().is_none() {
            return self.no_data(canvas, LATENCY);
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

    fn no_data<DB: DrawingBackend>(
        &self,
        canvas: &Canvas<'_, DB>,
        (left, top, right, bottom): Area,
    ) -> Result<(), ChartError> {
        let (x, y) = (i32::midpoint(left, right), i32::midpoint(top, bottom));
        let half = canvas.width(&self.words.no_data, QUIET) / 2 + 10;
        canvas.fill((x - half, y - 20, x + half, y + 20), style::PAPER, 1.0)?;
        canvas.text(&self.words.no_data, (x, y), Anchor::Middle, QUIET)
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
    legend: &[(&str, RGBColor, Stroke)],
) -> Result<(), ChartError> {
    let y = if top == RATES.1 { top - NAMES_ROOM - 34 } else { top - 34 };
    canvas.text(heading, (left, y), Anchor::Left, HEADING)?;
    let mut end = right;
    for (text, colour, kind) in legend.iter().rev() {
        let start = end - canvas.width(text, LABEL);
        canvas.text(text, (start, y), Anchor::Left, LABEL)?;
        let stroke = [(start - 58, y), (start - 14, y)];
        match kind {
            Stroke::Bars => canvas.fill((start - 46, y - 12, start - 14, y + 12), *colour, 1.0)?,
            Stroke::Dashes => canvas.dashed(&stroke, *colour, style::DATA_LINE)?,
            Stroke::Line => canvas.line(&stroke, *colour, style::DATA_LINE)?,
        }
        end = start - 100;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;

    #[test]
    fn a_line_has_a_gap_where_there_is_no_data() {
        let mut timeline = Timeline::new(&crate::report::fixture::passing(), Lang::En);
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

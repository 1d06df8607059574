//! Goodput around every fault, each as a line of its own over the time since its t0.
//!
//! They are not averaged: an average of curves that fall and rise at different instants shows a shallow, long dip that
//! no episode had (Poulin and Kane, "Infrastructure resilience curves", Reliability Engineering & System Safety 216,
//! 2021).

mod series;
mod words;

use plotters::prelude::DrawingBackend;
use plotters::style::RGBColor;

use super::axis::{Axis, dashes, labels};
use super::canvas::{Anchor, Area, HEADING, LABEL, Point, QUIET, TITLE, Type};
use super::steps::{outline, runs};
use super::{Canvas, ChartError, DataTable, Described, Figure, style};
use crate::analysis::model::Outcome;
use crate::lang::format;
use crate::report::view;
pub(crate) use series::Resilience;
use series::{Panel, Trace};

/// Room for the name of the baseline.
const LEFT: i32 = 310;
const RIGHT: i32 = style::WIDTH as i32 - 60;
/// Above the first panel.
const HEAD: i32 = 180;
/// Heading, t0 and axis of a panel, beside its area.
const ABOVE: i32 = 84;
const BELOW: i32 = 96;
const HEIGHT: i32 = 400;
const FOOT: i32 = 40;

/// How long dashes are, and the gaps between them.
type Dashes = (f64, f64);

/// The outcomes as they are drawn, the worst one last and so on top: colour and dashes.
const OUTCOMES: [(Outcome, RGBColor, Option<Dashes>); 3] = [
    (Outcome::Recovered, style::BLUE, None),
    (Outcome::Aborted, style::MUTED, Some((12.0, 14.0))),
    (Outcome::Censored, style::VERMILLION, Some((44.0, 16.0))),
];

impl Figure for Resilience {
    fn size(&self) -> (u32, u32) {
        let panels = i32::try_from(self.panels.len().max(1)).unwrap_or(i32::MAX);
        let height = panels.saturating_mul(ABOVE + HEIGHT + BELOW).saturating_add(HEAD + FOOT);
        (style::WIDTH, height.unsigned_abs())
    }

    fn draw<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>) -> Result<(), ChartError> {
        self.head(canvas)?;
        if self.panels.is_empty() {
            let middle = (style::WIDTH as i32 / 2, HEAD + HEIGHT / 2);
            return canvas.text(&self.words.no_data, middle, Anchor::Middle, QUIET);
        }
        let tops = (HEAD + ABOVE..).step_by((ABOVE + HEIGHT + BELOW) as usize);
        self.panels.iter().zip(tops).try_for_each(|(panel, top)| self.panel(canvas, panel, top))?;
        let (_, height) = self.size();
        let foot = (i32::midpoint(LEFT, RIGHT), height.cast_signed() - 36);
        canvas.text(&self.words.since_t0, foot, Anchor::Middle, HEADING)
    }
}

impl Described for Resilience {
    const NAME: &'static str = "resilience";

    fn alt(&self) -> String {
        words::alt(self)
    }

    fn table(&self) -> DataTable {
        words::table(self)
    }
}

impl Resilience {
    /// Title, caption, and how the outcomes are drawn.
    fn head<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>) -> Result<(), ChartError> {
        canvas.text(&self.words.title, (40, 40), Anchor::Left, TITLE)?;
        let caption = canvas.fitted(&self.words.caption, RIGHT - 40, QUIET);
        canvas.text(&caption, (40, 88), Anchor::Left, QUIET)?;
        let mut left = 40;
        for (outcome, colour, dash) in OUTCOMES {
            if self.panels.iter().flat_map(|panel| &panel.traces).any(|trace| trace.outcome == outcome) {
                stroke(canvas, &[(left, 136), (left + 104, 136)], colour, dash, style::DATA_LINE)?;
                let text = view::outcome(outcome, self.words.lang);
                canvas.text(&text, (left + 118, 136), Anchor::Left, LABEL)?;
                left += 118 + canvas.width(&text, LABEL) + 50;
            }
        }
        Ok(())
    }

    fn panel<DB: DrawingBackend>(
        &self,
        canvas: &Canvas<'_, DB>,
        panel: &Panel,
        top: i32,
    ) -> Result<(), ChartError> {
        let area @ (left, _, right, bottom) = (LEFT, top, RIGHT, top + HEIGHT);
        let (x, y) = (
            Axis::between(panel.from_s, panel.to_s, (left, right)),
            Axis::from_zero(panel.high_percent, 3, (bottom, top)),
        );
        let room = right - 40 - canvas.width(&self.words.goodput, QUIET) - 60;
        canvas.text(&canvas.fitted(&panel.heading, room, HEADING), (40, top - 58), Anchor::Left, HEADING)?;
        canvas.text(&self.words.goodput, (right, top - 58), Anchor::Right, QUIET)?;
        canvas.y_axis(area, &y, &y.ticks(4), |tick| self.percent(tick))?;
        let ticks = x.ticks(10);
        canvas.x_axis(area, &x, &ticks, Some(&labels(&ticks)))?;
        self.marks(canvas, (&x, &y), area)?;
        // Many lines are thinner, so that each can still be told from the next.
        let width = if panel.traces.len() <= 3 { style::DATA_LINE } else { 2 };
        for (outcome, colour, dash) in OUTCOMES {
            for trace in panel.traces.iter().filter(|trace| trace.outcome == outcome) {
                for line in lines(trace, panel, (&x, &y)) {
                    stroke(canvas, &line, colour, dash, width)?;
                }
            }
        }
        Ok(())
    }

    /// Name of a tick; the baseline is one by its definition.
    fn percent(&self, tick: f64) -> String {
        if (tick - 100.0).abs() < 0.5 {
            self.words.baseline.clone()
        } else {
            format!("{} %", format::number(tick))
        }
    }

    /// The baseline, and t0 with its name outside of the data.
    fn marks<DB: DrawingBackend>(
        &self,
        canvas: &Canvas<'_, DB>,
        (x, y): (&Axis, &Axis),
        (left, top, right, bottom): Area,
    ) -> Result<(), ChartError> {
        let (t0, all) = (x.at(0.0), y.at(100.0));
        canvas.line(&[(t0, top - 8), (t0, bottom)], style::INK, 3)?;
        let ink = Type { colour: style::INK, ..LABEL };
        canvas.text(&self.words.t0, (t0, top - 24), Anchor::Middle, ink)?;
        canvas.line(&[(left, all), (right, all)], style::INK, 3)
    }
}

/// A line as its outcome is drawn.
fn stroke<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    points: &[Point],
    colour: RGBColor,
    dash: Option<Dashes>,
    width: u32,
) -> Result<(), ChartError> {
    match dash {
        None => canvas.line(points, colour, width),
        Some((on, off)) => {
            dashes(points, on, off).iter().try_for_each(|dash| canvas.line(dash, colour, width + 1))
        }
    }
}

/// What of a line lies between the ends of the axis, with a gap where users were held still. It falls at t0 and not on
/// the way there, however long its bins are.
fn lines(trace: &Trace, panel: &Panel, (x, y): (&Axis, &Axis)) -> Vec<Vec<Point>> {
    let seen = |(start, _): &&(f64, _)| *start < panel.to_s && start + trace.bin_s > panel.from_s;
    let step = |(start, percent): &(f64, Option<f64>)| {
        percent.map(|percent| (x.at(*start), x.at(start + trace.bin_s), y.at(percent)))
    };
    let bins: Vec<_> = trace.bins.iter().filter(seen).map(step).collect();
    runs(&bins).iter().map(|run| outline(run)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;
    use crate::report::chart::{Picture as _, svg};
    use crate::report::fixture;

    #[test]
    fn a_line_has_a_gap_where_users_were_held_still_and_ends_with_the_axis() {
        let trace = Trace {
            episode: 1,
            outcome: Outcome::Recovered,
            end_s: 1.0,
            bin_s: 1.0,
            bins: [(-9.0, 50.0), (-1.5, 100.0), (-0.5, 100.0), (0.5, 0.0)]
                .map(|(start, percent)| (start, Some(percent)))
                .into_iter()
                .chain([(1.5, None), (2.5, Some(50.0)), (3.5, Some(100.0)), (9.0, Some(100.0))])
                .collect(),
        };
        let panel =
            Panel { heading: String::new(), traces: vec![], from_s: -1.0, to_s: 4.0, high_percent: 100.0 };
        let (x, y) = (Axis::between(-1.0, 4.0, (0, 500)), Axis::exact(100.0, (200, 0)));
        let expected = [
            vec![(0, 0), (150, 0), (150, 200), (250, 200)],
            vec![(350, 100), (450, 100), (450, 0), (500, 0)],
        ];
        assert_eq!(lines(&trace, &panel, (&x, &y)), expected);
    }

    #[test]
    fn the_figure_grows_with_the_scenarios_but_not_with_the_episodes() {
        let height = |n| Figure::size(&Resilience::new(&fixture::many(n), Lang::En)).1;
        assert_eq!(height(1), height(200));
        let mut analysis = fixture::many(2);
        analysis.summary.episodes[1].scenario = "cascade".to_owned();
        assert!(Figure::size(&Resilience::new(&analysis, Lang::En)).1 > height(1));
    }

    #[test]
    fn two_hundred_lines_fit_into_a_page_even_in_dashes() {
        let mut analysis = fixture::many(200);
        assert!(svg(&Resilience::new(&analysis, Lang::En)).unwrap().len() < 400_000);
        analysis.summary.episodes.iter_mut().for_each(|episode| episode.outcome = Outcome::Censored);
        assert!(svg(&Resilience::new(&analysis, Lang::En)).unwrap().len() < 1_000_000);
    }

    #[test]
    fn its_text_is_escaped() {
        let text = svg(&Resilience::new(&fixture::hostile("<script>alert(1)</script>&"), Lang::En)).unwrap();
        assert!(!text.contains("<script") && text.contains("&lt;script"));
    }

    #[test]
    fn without_a_curve_the_picture_says_so() {
        for lang in Lang::ALL {
            let text = Resilience::new(&fixture::empty(), lang).svg().unwrap();
            assert!(text.contains(&lang.text("resilience-no-data")));
        }
    }
}

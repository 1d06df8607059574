//! One episode: goodput against its baseline, and the canaries against the limit of the recovery.
//!
//! It stands in the episode's section of the page, once for each of up to two hundred, so it is made of few elements:
//! areas instead of bars, and few names.

mod place;
mod series;
mod words;

use plotters::prelude::DrawingBackend;
use plotters::style::RGBColor;

use super::axis::{Axis, labels};
use super::canvas::{Anchor, HEADING, LABEL, Point, QUIET};
use super::steps::{outline, runs};
use super::{Canvas, ChartError, Figure, style};
use crate::lang::format;
use place::{ROWS, names};
pub(crate) use series::EpisodeCurve;
use series::Step;

const LEFT: i32 = 270;
const RIGHT: i32 = style::WIDTH as i32 - 40;
/// Where the lowest row of names stands, and how far the next one above is from it.
const NAMES: i32 = 70 + ROW * (ROWS as i32 - 1);
const ROW: i32 = 34;
/// The two panels: top and bottom.
const REQUESTS: (i32, i32) = (NAMES + 26, 380);
const CANARIES: (i32, i32) = (450, 590);
/// Height of the strip that shows failed canaries.
const STRIP: i32 = 12;
/// Labels of an upright axis are at least so far apart.
const LABELS: i32 = 30;

/// No axis of requests reaches further than so many baselines: refused requests may come in storms.
const MOST_BASELINES: f64 = 2.0;

impl Figure for EpisodeCurve {
    fn size(&self) -> (u32, u32) {
        (style::WIDTH, (CANARIES.1 + 54).unsigned_abs())
    }

    fn draw<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>) -> Result<(), ChartError> {
        let (Some(first), Some(last)) = (self.steps.first(), self.steps.last()) else { return Ok(()) };
        let x = Axis::between(first.from_s, last.to_s, (LEFT, RIGHT));
        self.seconds(canvas, &x)?;
        self.requests(canvas, &x)?;
        self.canaries(canvas, &x)?;
        self.marks(canvas, &x)
    }
}

impl EpisodeCurve {
    /// What the picture shows, in a sentence or two.
    pub(crate) fn alt(&self) -> &str {
        &self.alt
    }

    /// Grid lines through both panels, and their seconds below.
    fn seconds<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>, x: &Axis) -> Result<(), ChartError> {
        let ticks = x.ticks(8);
        let label = labels(&ticks);
        for tick in ticks {
            let (place, text) = (x.at(tick), format!("{} s", label(tick)));
            canvas.line(&[(place, REQUESTS.0), (place, CANARIES.1)], style::GRID, 2)?;
            canvas.text(&text, (place.min(RIGHT - 20), CANARIES.1 + 28), Anchor::Middle, QUIET)?;
        }
        canvas.line(&[(LEFT, CANARIES.1), (RIGHT, CANARIES.1)], style::GRID, 2)
    }

    fn requests<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>, x: &Axis) -> Result<(), ChartError> {
        let (top, bottom) = REQUESTS;
        let failed = self.steps.iter().map(|step| step.failed_per_s).fold(0.0, f64::max);
        let lost = self.baseline_per_s.is_some();
        self.legend(
            canvas,
            &[
                (&self.words.goodput, style::SKY, true),
                (&self.words.lost, style::LOST, lost),
                (&self.words.failed, style::VERMILLION, failed > 0.0),
                (&self.words.held, style::WINDOW, !self.held.is_empty()),
            ],
            (&self.words.requests, 26),
        )?;
        let served = self.steps.iter().filter_map(|step| step.ok_per_s).fold(0.0, f64::max);
        let most = self.baseline_per_s.unwrap_or(served) * MOST_BASELINES;
        let high = served.max(failed).min(most).max(self.baseline_per_s.unwrap_or(1.0) * 1.1);
        let y = Axis::exact(high, (bottom, top));
        if let Some(baseline) = self.baseline_per_s {
            // What the goodput does not cover of this is lost.
            let area = (x.at(0.0), y.at(baseline), x.at(self.end_s), bottom);
            canvas.fill(area, style::LOST, 1.0)?;
        }
        for run in self.runs(x, |step| step.ok_per_s.map(|per_s| y.at(per_s))) {
            let (from, to) = (run[0].0, run[run.len() - 1].1);
            let area: Vec<_> = outline(&run).into_iter().chain([(to, bottom), (from, bottom)]).collect();
            canvas.polygon(&area, style::SKY, true)?;
        }
        self.held(canvas, x)?;
        let some = |step: &Step| (step.failed_per_s > 0.0).then(|| y.at(step.failed_per_s).min(bottom - 3));
        for run in self.runs(x, some) {
            let (from, to) = (run[0].0, run[run.len() - 1].1);
            let line: Vec<_> =
                [(from, bottom)].into_iter().chain(outline(&run)).chain([(to, bottom)]).collect();
            canvas.line(&line, style::VERMILLION, style::DATA_LINE)?;
        }
        let baseline = self
            .baseline_per_s
            .map(|per_s| (y.at(per_s), format!("{} {}", self.words.baseline, format::number(per_s))));
        let ends = [(bottom, "0".to_owned()), (top, format::number(high))];
        self.levels(canvas, baseline.as_ref(), ends)
    }

    fn canaries<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>, x: &Axis) -> Result<(), ChartError> {
        let (top, bottom) = CANARIES;
        let failed: Vec<_> = self
            .runs(x, |step| step.canary_failed.then_some(0))
            .iter()
            .map(|run| (run[0].0, run[run.len() - 1].1))
            .collect();
        self.legend(
            canvas,
            &[(&self.words.canary_failed, style::VERMILLION, !failed.is_empty())],
            (&self.words.canaries, top - 32),
        )?;
        for (from, to) in failed {
            canvas.fill((from, top, to.max(from + 2), top + STRIP), style::VERMILLION, 1.0)?;
        }
        let all = || self.steps.iter().filter_map(|step| step.p95_us).chain(self.limit_us);
        let (low, high) = (all().fold(f64::INFINITY, f64::min), all().fold(0.0, f64::max));
        if high <= 0.0 {
            return Ok(());
        }
        let y = Axis::log(low, high, (bottom, top + STRIP));
        for run in self.runs(x, |step| step.p95_us.map(|us| y.at(us))) {
            canvas.line(&middles(&run), style::PURPLE, style::DATA_LINE)?;
        }
        let name = |us: f64| format::length(format::micros(us));
        let limit = self.limit_us.map(|us| (y.at(us), format!("{} {}", self.words.limit, name(us))));
        let decades = y.ticks(1);
        let ends = [decades.first(), decades.last()].map(|tick| {
            let tick = tick.copied().unwrap_or(high);
            (y.at(tick), name(tick))
        });
        self.levels(canvas, limit.as_ref(), ends)
    }

    /// A level line with its name at the left, and the ends of the axis where these find room beside it.
    fn levels<DB: DrawingBackend>(
        &self,
        canvas: &Canvas<'_, DB>,
        level: Option<&(i32, String)>,
        ends: [(i32, String); 2],
    ) -> Result<(), ChartError> {
        if let Some((at, name)) = level {
            canvas.line(&[(LEFT, *at), (RIGHT, *at)], style::INK, 2)?;
            canvas.text(name, (LEFT - 14, *at), Anchor::Right, LABEL)?;
        }
        for (at, name) in ends {
            if level.is_none_or(|(level, _)| (level - at).abs() >= LABELS) {
                canvas.text(&name, (LEFT - 14, at), Anchor::Right, QUIET)?;
            }
        }
        Ok(())
    }

    /// Heading of a panel, and at the right what its colours mean, of those that occur.
    fn legend<DB: DrawingBackend>(
        &self,
        canvas: &Canvas<'_, DB>,
        entries: &[(&str, RGBColor, bool)],
        (heading, y): (&str, i32),
    ) -> Result<(), ChartError> {
        canvas.text(heading, (20, y), Anchor::Left, HEADING)?;
        let mut end = RIGHT;
        for (text, colour, _) in entries.iter().rev().filter(|(.., occurs)| *occurs) {
            canvas.text(text, (end, y), Anchor::Right, LABEL)?;
            let start = end - canvas.width(text, LABEL) - 44;
            canvas.fill((start, y - 12, start + 32, y + 12), *colour, 1.0)?;
            end = start - 40;
        }
        Ok(())
    }

    /// When users were held still, through both panels: instead of goodput and loss, and behind all else.
    fn held<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>, x: &Axis) -> Result<(), ChartError> {
        let (top, bottom) = (REQUESTS.0, CANARIES.1);
        for (from_s, to_s) in &self.held {
            let (from, to) = (x.at(*from_s), x.at(*to_s).max(x.at(*from_s) + 4));
            canvas.fill((from, top, to, bottom), style::PAPER, 1.0)?;
            // A wide one has no more lines than a narrow one, so that it costs no more.
            let apart = ((to - from) / 6).max(14);
            for at in (from..=to).step_by(apart.unsigned_abs() as usize) {
                canvas.line(&[(at, top), (at, bottom)], style::WINDOW, 4)?;
            }
        }
        Ok(())
    }

    /// The marks, each up to its name. Rows that are not needed are left out at the top.
    fn marks<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>, x: &Axis) -> Result<(), ChartError> {
        let places: Vec<_> = self.marks.iter().map(|mark| (x.at(mark.at_s), mark)).collect();
        let named = names(&places, RIGHT, |text| canvas.width(text, LABEL));
        let lowest = named.iter().map(|name| name.row).max().unwrap_or(0);
        let y = |row: usize| NAMES - ROW * i32::try_from(lowest - row.min(lowest)).unwrap_or(0);
        for (at, mark) in &places {
            let own = named.iter().rev().find(|name| name.from <= *at).or(named.first());
            let top = y(own.map_or(0, |name| name.row)) - 12;
            let (colour, width) = if mark.outer { (style::INK, 3) } else { (style::MUTED, 2) };
            canvas.line(&[(*at, top), (*at, CANARIES.1)], colour, width)?;
        }
        named
            .iter()
            .try_for_each(|name| canvas.text(&name.text, (name.left, y(name.row)), Anchor::Left, LABEL))
    }

    /// The stretches of steps that have a height, each step as left, right and height.
    fn runs(&self, x: &Axis, height: impl Fn(&Step) -> Option<i32>) -> Vec<Vec<(i32, i32, i32)>> {
        let step = |step: &Step| Some((x.at(step.from_s), x.at(step.to_s), height(step)?));
        runs(&self.steps.iter().map(step).collect::<Vec<_>>())
    }
}

/// A line through the middles of bins; a lone one becomes a short stroke.
fn middles(run: &[(i32, i32, i32)]) -> Vec<Point> {
    match run {
        [(from, to, y)] => vec![(*from, *y), (*to, *y)],
        _ => run.iter().map(|(from, to, y)| (i32::midpoint(*from, *to), *y)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Analysis;
    use crate::lang::Lang;
    use crate::report::chart::svg;
    use crate::report::fixture;

    fn curve(analysis: &Analysis, index: usize, lang: Lang) -> EpisodeCurve {
        EpisodeCurve::of(analysis, &analysis.summary.episodes[index], lang).unwrap()
    }

    /// A store episode with a read-back of 300 ms behind it.
    fn with_read_back() -> Analysis {
        let mut analysis = fixture::stores(1);
        let end = analysis.summary.episodes[0].end_us;
        analysis.read_backs = vec![(end + 100_000, end + 400_000)];
        analysis
    }

    #[test]
    fn two_hundred_of_them_fit_into_a_page() {
        for (analysis, index) in [(fixture::passing(), 0), (fixture::failing(), 2), (with_read_back(), 0)] {
            let size = svg(&curve(&analysis, index, Lang::En)).unwrap().len();
            assert!(size < 7_000, "{size} bytes");
        }
    }

    #[test]
    fn it_says_what_it_shows_in_both_languages() {
        for lang in Lang::ALL {
            for (analysis, index) in [(fixture::failing(), 2), (fixture::failing(), 3), (with_read_back(), 0)]
            {
                let curve = curve(&analysis, index, lang);
                let text = svg(&curve).unwrap();
                assert!(!text.contains('⟦') && !curve.alt().contains('⟦'), "{text}");
                for name in ["baseline", "goodput", "canaries", "limit", "t0"] {
                    assert!(text.contains(&lang.text(&format!("episode-curve-{name}"))), "{name}");
                }
                assert_eq!(text.contains(&lang.text("episode-curve-held")), !analysis.read_backs.is_empty());
            }
        }
        assert!(
            curve(&fixture::passing(), 0, Lang::En)
                .alt()
                .contains("lowest goodput was 0 requests per second, against 1002 in the baseline")
        );
    }

    #[test]
    fn without_a_baseline_nothing_is_called_lost() {
        let mut analysis = fixture::passing();
        analysis.summary.episodes[0].baseline = None;
        let text = svg(&curve(&analysis, 0, Lang::En)).unwrap();
        assert!(!text.contains(&style::hex(style::LOST)) && !text.contains("limit"));
        assert!(svg(&curve(&fixture::passing(), 0, Lang::En)).unwrap().contains(&style::hex(style::LOST)));
    }

    #[test]
    fn a_storm_of_failures_does_not_flatten_the_goodput() {
        let mut analysis = fixture::passing();
        analysis.curves[0].bins.iter_mut().for_each(|bin| bin.failed *= 1_000);
        let text = svg(&curve(&analysis, 0, Lang::En)).unwrap();
        // Twice the baseline of 1002.
        assert!(text.contains("2004"), "{text}");
    }
}

//! Share of the trials that have recovered by a time since t0, per scenario.

mod series;

use plotters::prelude::DrawingBackend;

use super::canvas::{Anchor, HEADING, QUIET, TITLE};
use super::survival::{ENTRY, Plot, legend, note};
use super::{Canvas, ChartError, DataTable, Described, Figure, style};
pub(crate) use series::RecoveryEcdf;

const HEAD: i32 = 142;
const BODY: i32 = 640;
/// Room for the words where there is nothing to draw.
const NO_DATA: i32 = 120;
const FOOT: i32 = 130;

impl Figure for RecoveryEcdf {
    fn size(&self) -> (u32, u32) {
        let below = if self.axis.is_some() { BODY + FOOT } else { NO_DATA };
        (style::WIDTH, (self.top() + below).unsigned_abs())
    }

    fn draw<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>) -> Result<(), ChartError> {
        self.head(canvas)?;
        let (top, bottom) = (self.top(), self.top() + BODY);
        let Some(span) = self.axis else {
            let middle = (style::WIDTH as i32 / 2, top + NO_DATA / 2);
            return canvas.text(&self.words.nothing, middle, Anchor::Middle, QUIET);
        };
        Plot { lines: &self.lines, span, labels: &self.words.labels, bands: true }.draw(canvas, (top, bottom))
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

    /// Title, caption, a line of the legend for each scenario, and what the band is.
    fn head<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>) -> Result<(), ChartError> {
        canvas.text(&self.words.title, (40, 40), Anchor::Left, TITLE)?;
        let room = style::WIDTH as i32 - 80;
        let caption = canvas.fitted(&self.words.caption, room, QUIET);
        canvas.text(&caption, (40, 88), Anchor::Left, QUIET)?;
        let y = legend(canvas, &self.lines, HEAD)?;
        if let Some(text) = &self.words.note {
            note(canvas, text, y, true)?;
        }
        let heading = (40, self.top() - 38);
        if self.axis.is_some() { canvas.text(&self.words.y, heading, Anchor::Left, HEADING) } else { Ok(()) }
    }
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
}

//! Share of the trials that have recovered by a time since t0: a curve for each side, a panel for each scenario.

mod series;

use plotters::prelude::DrawingBackend;

use super::canvas::{Anchor, HEADING, QUIET, TITLE};
use super::survival::{ENTRY, Plot, legend, note};
use super::{Canvas, ChartError, DataTable, Described, Figure, style};
pub(crate) use series::Distributions;
use series::Panel;

const HEAD: i32 = 142;
/// Of a panel: its name, the axes, and what stands below them.
const NAME: i32 = 54;
const BODY: i32 = 600;
const FOOT: i32 = 150;

impl Figure for Distributions {
    fn size(&self) -> (u32, u32) {
        let panels: i32 = self.panels.iter().map(height).sum();
        (style::WIDTH, (self.top() + panels - 20).unsigned_abs())
    }

    fn draw<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>) -> Result<(), ChartError> {
        canvas.text(&self.words.title, (40, 40), Anchor::Left, TITLE)?;
        let lines = [Some(&self.words.caption), self.words.left_out.as_ref()];
        for (text, y) in lines.into_iter().flatten().zip([88, 130]) {
            let text = canvas.fitted(text, style::WIDTH as i32 - 80, QUIET);
            canvas.text(&text, (40, y), Anchor::Left, QUIET)?;
        }
        let mut top = self.top();
        for panel in &self.panels {
            self.panel(canvas, panel, top)?;
            top += height(panel);
        }
        Ok(())
    }
}

impl Described for Distributions {
    const NAME: &'static str = "distributions";

    fn alt(&self) -> String {
        self.in_words()
    }

    fn table(&self) -> DataTable {
        self.rows()
    }
}

impl Distributions {
    /// Where the panels begin.
    fn top(&self) -> i32 {
        if self.words.left_out.is_some() { HEAD + ENTRY } else { HEAD }
    }

    fn panel<DB: DrawingBackend>(
        &self,
        canvas: &Canvas<'_, DB>,
        panel: &Panel,
        top: i32,
    ) -> Result<(), ChartError> {
        let name = canvas.fitted(&panel.scenario, style::WIDTH as i32 - 80, HEADING);
        canvas.text(&name, (40, top), Anchor::Left, HEADING)?;
        let end = legend(canvas, &panel.lines, top + NAME)?;
        if let Some(text) = &panel.note {
            note(canvas, text, end, panel.bands)?;
        }
        let axes = top + above(panel);
        canvas.text(&self.words.y, (40, axes - 38), Anchor::Left, HEADING)?;
        let Panel { lines, span, labels, bands, .. } = panel;
        Plot { lines, span: *span, labels, bands: *bands }.draw(canvas, (axes, axes + BODY))
    }
}

/// Height of what stands above the axes.
fn above(panel: &Panel) -> i32 {
    let entries = i32::try_from(panel.lines.len() + usize::from(panel.note.is_some())).unwrap_or(0);
    NAME + entries * ENTRY + 66
}

fn height(panel: &Panel) -> i32 {
    above(panel) + BODY + FOOT
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;
    use crate::report::fixture;

    #[test]
    fn the_figure_grows_with_the_sides_and_not_with_the_trials() {
        let size = |trials| Distributions::of(&fixture::sweep(trials).sides(), Lang::En).unwrap().size().1;
        assert_eq!(size(5), size(50));
        let sweep = fixture::sweep(5);
        let two = Distributions::of(&sweep.sides()[..2], Lang::En).unwrap();
        assert_eq!(two.size().1 + 2 * ENTRY.unsigned_abs(), size(5));
    }
}

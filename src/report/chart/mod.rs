//! Figures, each in a file of its own. A figure draws on any [`Canvas`], so PNG and SVG are the same picture.

mod axis;
mod canvas;
pub(crate) mod cascade;
mod data;
pub(crate) mod episode;
pub(crate) mod recovery;
pub(crate) mod resilience;
pub(crate) mod resync;
mod rows;
mod steps;
pub(crate) mod style;
pub(crate) mod timeline;

use std::path::Path;

use plotters::backend::{BitMapBackend, SVGBackend};
use plotters::drawing::{DrawingArea, IntoDrawingArea as _};
use plotters::prelude::DrawingBackend;

use crate::analysis::Analysis;
use crate::lang::Lang;

pub(crate) use canvas::Canvas;
pub(crate) use data::{Column, DataTable};

/// A figure that can be drawn.
pub(crate) trait Figure {
    /// Width and height in pixels.
    fn size(&self) -> (u32, u32);

    /// Draws on a canvas of that size.
    fn draw<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>) -> Result<(), ChartError>;
}

/// A figure of the report with what stands beside it: for those who do not see it, and for those who want the numbers.
/// Both are in the language in which the figure was made.
pub(crate) trait Described: Figure {
    /// The name of its file, without an ending.
    const NAME: &'static str;

    /// What the picture shows, in a sentence or two.
    fn alt(&self) -> String;

    /// The figures behind it.
    fn table(&self) -> DataTable;
}

/// [`Described`] as a trait object.
pub(crate) trait Picture {
    /// [`Described::NAME`].
    fn name(&self) -> &'static str;
    /// [`Described::alt`].
    fn alt(&self) -> String;
    /// [`Described::table`].
    fn table(&self) -> DataTable;
    /// [`Figure::size`].
    fn size(&self) -> (u32, u32);
    /// [`svg`].
    fn svg(&self) -> Result<String, ChartError>;
    /// [`save_png`].
    fn save_png(&self, path: &Path) -> Result<(), ChartError>;
}

impl<F: Described> Picture for F {
    fn name(&self) -> &'static str {
        F::NAME
    }

    fn alt(&self) -> String {
        Described::alt(self)
    }

    fn table(&self) -> DataTable {
        Described::table(self)
    }

    fn size(&self) -> (u32, u32) {
        Figure::size(self)
    }

    fn svg(&self) -> Result<String, ChartError> {
        svg(self)
    }

    fn save_png(&self, path: &Path) -> Result<(), ChartError> {
        save_png(self, path)
    }
}

/// Every figure that this run has something to show in, in the order of the report.
pub(crate) fn pictures(_analysis: &Analysis, _lang: Lang) -> Vec<Box<dyn Picture>> {
    Vec::new()
}

/// What the drawing library says when it fails.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct ChartError(String);

impl ChartError {
    pub(crate) fn new(error: &(impl std::fmt::Display + ?Sized)) -> Self {
        Self(error.to_string())
    }
}

/// Draws into a new PNG file; `path` must end in `.png`.
pub(crate) fn save_png(figure: &impl Figure, path: &Path) -> Result<(), ChartError> {
    let area = BitMapBackend::new(path, figure.size()).into_drawing_area();
    render(figure, &area)
}

/// Draws into the text of an `<svg>` element that takes the width of what holds it.
pub(crate) fn svg(figure: &impl Figure) -> Result<String, ChartError> {
    let (width, height) = figure.size();
    let mut text = String::new();
    {
        let area = SVGBackend::with_string(&mut text, (width, height)).into_drawing_area();
        render(figure, &area)?;
    }
    // Without a size of its own; what stands for it in words is beside it in the page.
    let fixed = format!("<svg width=\"{width}\" height=\"{height}\"");
    Ok(text.replacen(&fixed, "<svg aria-hidden=\"true\" focusable=\"false\"", 1))
}

fn render<DB: DrawingBackend>(
    figure: &impl Figure,
    area: &DrawingArea<DB, plotters::coord::Shift>,
) -> Result<(), ChartError> {
    style::register_fonts();
    area.fill(&style::PAPER).map_err(|error| ChartError::new(&error))?;
    figure.draw(&Canvas::new(area))?;
    area.present().map_err(|error| ChartError::new(&error))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::io::Cursor;

    use super::*;
    use crate::report::fixture;

    /// Width, height and number of colours of the figure's PNG.
    pub(super) fn decoded(figure: &impl Figure) -> (u32, u32, usize) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("figure.png");
        save_png(figure, &path).unwrap();
        let mut reader = png::Decoder::new(Cursor::new(std::fs::read(path).unwrap())).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        assert_eq!(info.color_type, png::ColorType::Rgb);
        // Every 13th pixel is enough to tell a picture from an empty sheet.
        let colours: HashSet<_> = pixels.chunks_exact(3).step_by(13).collect();
        (info.width, info.height, colours.len())
    }

    #[test]
    fn every_png_decodes_has_its_size_and_is_not_blank() {
        fn check(figure: &impl Figure) {
            let (width, height, colours) = decoded(figure);
            assert_eq!((width, height), figure.size());
            // Antialiased text alone brings dozens of greys.
            assert!(colours > 20, "{colours}");
        }
        // Pixels take long without optimisation: each figure in its fullest and in its emptiest case.
        for analysis in [fixture::failing(), fixture::empty()] {
            check(&timeline::Timeline::new(&analysis));
            check(&recovery::Recovery::new(&analysis.summary));
        }
        check(&resync::Resync::of(&fixture::broken_stores().summary).unwrap());
        check(&recovery::Recovery::new(&fixture::many(200).summary));
        check(&cascade::Cascade::of(&fixture::chains(40)).unwrap());
    }

    #[test]
    fn text_of_an_svg_is_escaped() {
        let markup = "<script>alert(1)</script>&\"'";
        let (analysis, stores) = (fixture::hostile(markup), fixture::hostile_stores(markup));
        let chains = fixture::hostile_chains(markup);
        for text in [
            svg(&timeline::Timeline::new(&analysis)).unwrap(),
            svg(&recovery::Recovery::new(&analysis.summary)).unwrap(),
            svg(&resync::Resync::of(&stores.summary).unwrap()).unwrap(),
            svg(&cascade::Cascade::of(&chains).unwrap()).unwrap(),
        ] {
            assert!(!text.contains("<script"));
            assert!(text.contains("&lt;script"));
        }
    }

    #[test]
    fn an_svg_has_no_size_of_its_own_but_a_view_box() {
        let text = svg(&timeline::Timeline::new(&fixture::passing())).unwrap();
        assert!(text.starts_with("<svg aria-hidden=\"true\" focusable=\"false\" viewBox=\"0 0 2000 "));
    }
}

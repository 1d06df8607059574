//! Figures, each in a file of its own. A figure draws on any [`Canvas`], so PNG and SVG are the same picture.

pub(crate) mod alerts;
mod axis;
mod canvas;
pub(crate) mod cascade;
mod data;
pub(crate) mod distributions;
pub(crate) mod episode;
pub(crate) mod forest;
pub(crate) mod heat_map;
pub(crate) mod latency;
mod legend;
mod measure;
pub(crate) mod pareto;
pub(crate) mod recovery;
pub(crate) mod recovery_ecdf;
pub(crate) mod resilience;
pub(crate) mod resync;
mod rows;
mod sides;
mod steps;
pub(crate) mod strip;
pub(crate) mod style;
mod survival;

mod svg;
mod text;
pub(crate) mod timeline;

use std::path::Path;

use plotters::backend::{BitMapBackend, SVGBackend};
use plotters::drawing::{DrawingArea, IntoDrawingArea as _};
use plotters::prelude::DrawingBackend;

use crate::analysis::Analysis;
use crate::compare::{Comparison, Side};
use crate::lang::Lang;
use crate::sweep::Recommendation;

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
pub(crate) fn pictures(analysis: &Analysis, lang: Lang) -> Vec<Box<dyn Picture>> {
    let summary = &analysis.summary;
    let all = [
        shown(timeline::Timeline::new(analysis, lang)),
        shown(resilience::Resilience::new(analysis, lang)),
        shown(recovery::Recovery::new(summary, lang)),
        shown(recovery_ecdf::RecoveryEcdf::new(summary, lang)),
        shown(latency::Latencies::new(summary, lang)),
        resync::Resync::of(summary, lang).and_then(shown),
        shown(alerts::Alerts::new(analysis, lang)),
        cascade::Cascade::of(analysis, lang).and_then(shown),
    ];
    all.into_iter().flatten().collect()
}

/// Every figure that a comparison has something to show in, what decides first. `recommendation` is that of a sweep, with its
/// standings in the order of the sides.
pub(crate) fn of_comparison(
    sides: &[Side<'_>],
    comparison: &Comparison,
    recommendation: Option<&Recommendation>,
    lang: Lang,
) -> Vec<Box<dyn Picture>> {
    let all = [
        recommendation.and_then(|it| pareto::Pareto::of(it, lang)).and_then(shown),
        recommendation.and_then(|it| heat_map::HeatMap::of(comparison, it, lang)).and_then(shown),
        forest::Forest::of(comparison, lang).and_then(shown),
        distributions::Distributions::of(sides, lang).and_then(shown),
        strip::Strip::of(sides, lang).and_then(shown),
    ];
    all.into_iter().flatten().collect()
}

/// A figure as one of the report's.
fn shown(figure: impl Described + 'static) -> Option<Box<dyn Picture>> {
    Some(Box::new(figure))
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
    Ok(svg::compact(&text, (width, height)))
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
mod tests;

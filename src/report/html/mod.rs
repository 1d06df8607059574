//! `index.html`: one file that asks nothing of the network. A view model first (pure), then the template.

mod comparison;
mod episodes;
mod facts;
mod figure;
mod goose;
mod model;
mod run;
#[cfg(test)]
mod tests;
mod trust;
mod verdict;

pub(crate) use comparison::page as comparison_page;

use std::collections::BTreeSet;

use askama::Template;

use super::{ReportError, chart};
use crate::analysis::Analysis;
use crate::analysis::curves::most_telling;
use crate::analysis::model::{Episode, Outcome};
use crate::lang::Lang;
use episodes::CurveView;
use figure::Figures;
use model::Page;

/// What opens, closes and filters episodes. Without it the page is complete.
const SCRIPT: &str = include_str!("script.js");

/// SHA-256 of [`SCRIPT`] in base64, the only script that the page lets run. A test compares it.
const SCRIPT_SHA256: &str = "rz4P9L4lVtdnk59fzknrtqfUsPOPQ5ohikgvz3lHKJY=";

/// What a server lets run in a report or a comparison.
pub(crate) const SCRIPTS_SHA256: [&str; 2] = [SCRIPT_SHA256, comparison::SCRIPT_SHA256];

/// The template and all that it shows.
#[derive(Template)]
#[template(path = "index.html")]
struct Document<'a> {
    page: &'a Page,
    figures: &'a Figures,
    lang: Lang,
    script: &'static str,
    script_sha256: &'static str,
}

/// So many episodes have a curve in their section, so that a page can still be sent by mail.
const MOST_DRAWN: usize = 100;

/// The whole page.
pub(crate) fn page(analysis: &Analysis, lang: Lang) -> Result<String, ReportError> {
    let felt: Vec<_> = analysis.summary.episodes.iter().filter(|e| e.outcome != Outcome::Void).collect();
    let shown: BTreeSet<_> = most_telling(&felt, MOST_DRAWN).into_iter().map(|episode| episode.id).collect();
    render(analysis, &chart::pictures(analysis, lang), lang, |episode| {
        if shown.contains(&episode.id) { curve(analysis, episode, lang) } else { Ok(None) }
    })
}

/// The page around `pictures` and the curves that `curve` draws.
fn render(
    analysis: &Analysis,
    pictures: &[Box<dyn chart::Picture>],
    lang: Lang,
    curve: impl Fn(&Episode) -> Result<Option<CurveView>, ReportError>,
) -> Result<String, ReportError> {
    let summary = &analysis.summary;
    let ids = summary.episodes.iter().map(|episode| episode.id).collect();
    let figures = Figures::draw(pictures, &summary.started_at, &ids, lang)?;
    let page = Page::new(analysis, lang, curve)?;
    let document =
        Document { page: &page, figures: &figures, lang, script: SCRIPT, script_sha256: SCRIPT_SHA256 };
    Ok(document.render()?)
}

/// The resilience curve around an episode: goodput and 95th percentile against the baseline, the lost area shaded.
/// Absent where nothing was measured around it.
fn curve(analysis: &Analysis, episode: &Episode, lang: Lang) -> Result<Option<CurveView>, ReportError> {
    let Some(figure) = chart::episode::EpisodeCurve::of(analysis, episode, lang) else { return Ok(None) };
    let svg = chart::svg(&figure)
        .map_err(|error| ReportError::Chart { figure: "episode", detail: error.to_string() })?;
    Ok(Some(CurveView { svg, alt: figure.alt().to_owned() }))
}

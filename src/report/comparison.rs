//! A comparison becomes files: the page, the figures, and `compare.json`; of a sweep also `recommendation.json` and the
//! policy that it recommends.

use std::path::{Path, PathBuf};

use super::copy::{base, write_text};
use super::files::{remove, save, save_png, sync_folder};
use super::github::append;
use super::view::standing::{self, POLICY_FILE};
use super::{ReportError, chart, html, markdown};
use crate::compare::{Comparison, Side};
use crate::lang::Lang;
use crate::sweep::Recommendation;

/// Every figure that a comparison may have, by the name of its file without `.png`.
const FIGURES: [&str; 5] = ["pareto", "heat_map", "forest", "distributions", "strip"];

/// A comparison with the runs that it is made of.
#[derive(Debug, Clone, Copy)]
pub struct Compared<'a> {
    /// The runs, side by side.
    pub sides: &'a [Side<'a>],
    /// What is claimed of them.
    pub comparison: &'a Comparison,
    /// What it comes to, when it is that of a sweep.
    pub recommendation: Option<&'a Recommendation>,
}

/// Writes every file of the comparison into `dir`, which [`prepare`](super::prepare) has made ready, and gives their paths.
///
/// `compare.json` comes last: where it stands, the rest is whole.
///
/// # Errors
/// When a file cannot be written; [`ReportError::io_error`] then tells a full disk from the rest.
pub fn write_comparison(
    compared: &Compared<'_>,
    dir: &Path,
    lang: Lang,
) -> Result<Vec<PathBuf>, ReportError> {
    let mut written = Vec::new();
    // Words in these files are English: the embedded font has no Japanese glyphs.
    for picture in
        chart::of_comparison(compared.sides, compared.comparison, compared.recommendation, Lang::En)
    {
        written.push(save_png(dir, picture.name(), picture.size(), |path| picture.save_png(path))?);
    }
    for path in FIGURES.map(|name| dir.join(format!("{name}.png"))) {
        if !written.contains(&path) {
            remove(&path)?;
        }
    }
    written.push(save(dir, "index.html", &comparison_page(compared, lang)?)?);
    written.push(save(dir, "report.md", &markdown::comparison::page(compared, lang, Some("")))?);
    match compared.recommendation {
        Some(found) => written.extend(write_recommendation(found, dir)?),
        None => {
            remove(&dir.join(RECOMMENDATION_FILE))?;
            remove(&dir.join(POLICY_FILE))?;
        }
    }
    written.push(save(dir, "compare.json", &comparison_json(compared.comparison)?)?);
    sync_folder(dir)?;
    Ok(written)
}

/// The text of a comparison's `index.html`.
///
/// # Errors
/// When a figure or the page cannot be made.
pub fn comparison_page(compared: &Compared<'_>, lang: Lang) -> Result<String, ReportError> {
    html::comparison_page(compared, lang)
}

/// The name of the file of a [`Recommendation`].
const RECOMMENDATION_FILE: &str = "recommendation.json";

/// Writes what a sweep recommends into `dir`: `recommendation.json`, and `policy.json` when there is one to recommend.
///
/// # Errors
/// When a file cannot be written.
pub fn write_recommendation(found: &Recommendation, dir: &Path) -> Result<Vec<PathBuf>, ReportError> {
    let mut written = vec![save(dir, RECOMMENDATION_FILE, &recommendation_json(found)?)?];
    match standing::policy(found) {
        Some(policy) => written.push(save(dir, POLICY_FILE, &policy)?),
        None => remove(&dir.join(POLICY_FILE))?,
    }
    Ok(written)
}

/// The text of `compare.json`.
///
/// # Errors
/// When it cannot be serialised.
pub fn comparison_json(comparison: &Comparison) -> Result<String, ReportError> {
    json(comparison, "compare.json")
}

/// The text of `recommendation.json`.
///
/// # Errors
/// When it cannot be serialised.
pub fn recommendation_json(found: &Recommendation) -> Result<String, ReportError> {
    json(found, RECOMMENDATION_FILE)
}

fn json(value: &impl serde::Serialize, file: &'static str) -> Result<String, ReportError> {
    let text = serde_json::to_string_pretty(value);
    text.map(|text| text + "\n").map_err(|source| ReportError::Serialise { file, source })
}

/// The text of a comparison's `report.md` for a reader in the folder `from`, whose figures are in `out`.
#[must_use]
pub fn comparison_markdown(compared: &Compared<'_>, from: &Path, out: &Path, lang: Lang) -> String {
    markdown::comparison::page(compared, lang, Some(&base(from, out)))
}

/// Writes `report.md` to `path` as well, with links to the figures in `out`, by relative paths.
///
/// # Errors
/// When it cannot be written.
pub fn write_comparison_markdown(
    compared: &Compared<'_>,
    path: &Path,
    out: &Path,
    lang: Lang,
) -> Result<(), ReportError> {
    write_text(path, |from| comparison_markdown(compared, from, out, lang))
}

/// Appends the comparison, without its figures, to the summary of a GitHub Actions job.
///
/// # Errors
/// When it cannot be written.
pub fn append_comparison_step_summary(
    compared: &Compared<'_>,
    path: &Path,
    lang: Lang,
) -> Result<(), ReportError> {
    append(path, &markdown::comparison::page(compared, lang, None))
}

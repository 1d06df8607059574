//! The figures of a report folder: which there are, and their files.

use std::path::{Path, PathBuf};

use super::files::{remove, save_png};
use super::{ReportError, chart};
use crate::analysis::Analysis;
use crate::lang::Lang;

/// Every figure that a report may have, by the name of its file without `.png`.
const NAMES: [&str; 8] =
    ["timeline", "recovery", "recovery_ecdf", "resilience", "alerts", "resync", "cascade", "latency"];

/// The file of every figure that a report may have.
pub(super) fn files() -> impl Iterator<Item = String> {
    NAMES.iter().map(|name| format!("{name}.png"))
}

/// The figures of this run in the order of the report: name, and what it shows in words.
pub(super) fn listed(analysis: &Analysis, lang: Lang) -> Vec<(&'static str, String)> {
    chart::pictures(analysis, lang).iter().map(|picture| (picture.name(), picture.alt())).collect()
}

/// Draws every figure into a file of `dir`, and removes those of an earlier report that this run does not have.
///
/// Words in the files are English: the embedded font has no Japanese glyphs.
pub(super) fn save(analysis: &Analysis, dir: &Path) -> Result<Vec<PathBuf>, ReportError> {
    let mut written = Vec::new();
    for picture in chart::pictures(analysis, Lang::En) {
        written.push(save_png(dir, picture.name(), picture.size(), |path| picture.save_png(path))?);
    }
    for path in files().map(|file| dir.join(file)) {
        if !written.contains(&path) {
            remove(&path)?;
        }
    }
    Ok(written)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn every_figure_has_a_name_that_a_later_report_removes() {
        for analysis in [fixture::passing(), fixture::stores(1), fixture::chains(1)] {
            for lang in Lang::ALL {
                for (name, alt) in listed(&analysis, lang) {
                    assert!(NAMES.contains(&name) && !alt.is_empty(), "{name}");
                }
            }
        }
    }
}

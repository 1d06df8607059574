//! What is in the folder of reports.

use std::path::{Path, PathBuf};

use super::model::{Run, Runs};
use crate::analysis::Summary;
use crate::lang::Lang;

/// Knows the reports below a folder. Only what it has found itself can be asked for: no path of a request becomes one of a file.
#[derive(Debug)]
pub(crate) struct Index {
    folder: PathBuf,
    lang: Lang,
}

/// A file of a report.
#[derive(Debug)]
pub(crate) struct ReportFile {
    pub(crate) content: Vec<u8>,
    pub(crate) media_type: &'static str,
}

/// Why runs are not set side by side, in words.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NotCompared {
    pub(crate) reason: String,
    /// Whether it can be done all the same.
    pub(crate) can_be_forced: bool,
}

impl Index {
    /// Nothing is looked for yet.
    pub(crate) fn new(folder: &Path, lang: Lang) -> Self {
        Self { folder: folder.to_owned(), lang }
    }

    /// Every run that there is now.
    pub(crate) fn runs(&self) -> Runs {
        let _ = self.lang;
        let folder = self.folder.display().to_string();
        Runs { folder, runs: Vec::new(), settings: Vec::new(), unreadable: Vec::new() }
    }

    /// A run by its [`id`](super::model::RunRow::id).
    pub(crate) fn run(&self, _id: &str) -> Option<Run> {
        None
    }

    /// The report of a run by its id in the journal: its id here, and what was judged.
    pub(crate) fn report_of(&self, _run_id: &str) -> Option<(String, Summary)> {
        None
    }

    /// A file of a report. `None` for one that no report has.
    pub(crate) fn file(&self, _id: &str, _name: &str) -> Option<ReportFile> {
        None
    }

    /// The page that sets runs side by side, the first as the baseline.
    pub(crate) fn comparison(&self, _ids: &[String], _force: bool) -> Result<String, NotCompared> {
        Err(NotCompared { reason: String::new(), can_be_forced: false })
    }
}

//! A run by the place where it can be found: its folder, its `summary.json`, or a journal with its id.

use std::fmt;
use std::path::{Path, PathBuf};

use super::{BadLines, EvaluateError, evaluate};
use crate::analysis::Summary;
use crate::journal::JournalError;
use crate::journal::reader::JournalFile;
use crate::report::{ReportError, read_summary};

/// Where a run can be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RunRef {
    /// Its report folder, or its `summary.json`.
    Summary(PathBuf),
    /// A run of a journal.
    Journal {
        /// The journal.
        journal: PathBuf,
        /// The run's id.
        run_id: String,
    },
}

/// Why a run cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum RunRefError {
    /// Nothing has this name.
    #[error(
        "there is no {0}: name a run's folder, its summary.json, or a journal with the run's id (JOURNAL#RUN_ID)"
    )]
    NotThere(String),
    /// The folder holds no report.
    #[error(
        "{} holds no summary.json: name the folder of a run's report, or make it from the journal with \
         `goose-recovery report JOURNAL --out {}`",
        .0.display(), .0.display()
    )]
    NoReport(PathBuf),
    /// A journal may hold many runs.
    #[error("{} is a journal: say which of its runs, as {}#RUN_ID; it has: {known}", path.display(), path.display())]
    WhichRun {
        /// The journal.
        path: PathBuf,
        /// The runs that it has.
        known: String,
    },
    /// Its summary cannot be read.
    #[error(transparent)]
    Report(#[from] ReportError),
    /// The run cannot be judged.
    #[error(transparent)]
    Evaluate(#[from] EvaluateError),
}

impl RunRef {
    /// Finds out what is meant. A file's own name may have a `#` in it: what is there as a whole is meant as a whole.
    ///
    /// # Errors
    /// [`RunRefError`] with the place and the remedy.
    pub fn find(text: &str) -> Result<Self, RunRefError> {
        let path = Path::new(text);
        if path.is_dir() {
            let summary = path.join("summary.json");
            return if summary.is_file() {
                Ok(Self::Summary(summary))
            } else {
                Err(RunRefError::NoReport(path.into()))
            };
        }
        if path.is_file() {
            if path.extension().is_some_and(|extension| extension == "jsonl") {
                return Err(RunRefError::WhichRun { path: path.into(), known: known(path)? });
            }
            return Ok(Self::Summary(path.into()));
        }
        match text.rsplit_once('#') {
            Some((journal, run_id)) if Path::new(journal).is_file() => {
                Ok(Self::Journal { journal: journal.into(), run_id: run_id.to_owned() })
            }
            _ => Err(RunRefError::NotThere(text.to_owned())),
        }
    }

    /// Reads the run.
    ///
    /// # Errors
    /// When its summary cannot be read, or its journal cannot be judged.
    pub fn load(&self, bad_lines: BadLines) -> Result<Summary, RunRefError> {
        Ok(match self {
            Self::Summary(path) => read_summary(path)?,
            Self::Journal { journal, run_id } => evaluate(journal, run_id, bad_lines)?.summary,
        })
    }
}

impl fmt::Display for RunRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Summary(path) => path.display().fmt(f),
            Self::Journal { journal, run_id } => write!(f, "{}#{run_id}", journal.display()),
        }
    }
}

/// The ids of a journal's runs.
fn known(journal: &Path) -> Result<String, RunRefError> {
    let runs = |path| JournalFile::open(path)?.runs();
    let runs = runs(journal).map_err(|error: JournalError| EvaluateError::from(error))?;
    let ids: Vec<_> = runs.into_iter().map(|span| span.run_id).collect();
    Ok(if ids.is_empty() { "none".to_owned() } else { ids.join(", ") })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::report::{fixture, json};

    #[test]
    fn a_folder_a_summary_and_a_run_of_a_journal_are_told_apart() {
        let home = tempfile::tempdir().unwrap();
        let place = |name: &str| home.path().join(name).to_string_lossy().into_owned();
        fs::create_dir(place("run")).unwrap();
        let summary = fixture::passing().summary;
        fs::write(place("run/summary.json"), json::summary(&summary).unwrap()).unwrap();
        fs::write(place("j#1.jsonl"), "").unwrap();

        let folder = RunRef::find(&place("run")).unwrap();
        assert_eq!(folder, RunRef::find(&place("run/summary.json")).unwrap());
        assert_eq!(folder.load(BadLines::Refuse).unwrap(), summary);
        let of_journal = RunRef::find(&place("j#1.jsonl#r1")).unwrap();
        let expected = RunRef::Journal { journal: place("j#1.jsonl").into(), run_id: "r1".to_owned() };
        assert_eq!(of_journal, expected);
        assert_eq!(of_journal.to_string(), place("j#1.jsonl#r1"));
        assert!(matches!(of_journal.load(BadLines::Refuse), Err(RunRefError::Evaluate(_))));
    }

    #[test]
    fn what_is_no_run_is_refused_with_the_remedy() {
        let home = tempfile::tempdir().unwrap();
        let place = |name: &str| home.path().join(name).to_string_lossy().into_owned();
        fs::write(place("j.jsonl"), "").unwrap();
        for (text, says) in [
            (place("gone"), "JOURNAL#RUN_ID"),
            (place("gone.jsonl#r1"), "JOURNAL#RUN_ID"),
            (place(""), "holds no summary.json"),
            (place("j.jsonl"), "say which of its runs"),
        ] {
            let error = RunRef::find(&text).unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
        }
    }
}

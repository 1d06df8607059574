//! From a journal to an analysis: the reader's passes, in the order in which the analysis wants them.
//!
//! The same for a run that has just ended and for one of last year, so both give the same verdict.

mod run_ref;

use std::path::{Path, PathBuf};

use crate::analysis::{Analyser, Analysis, AnalysisError, RequestPass};
use crate::journal::JournalError;
use crate::journal::reader::{BadLine, Filter, JournalFile, ReadStats, RunSpan};

pub use run_ref::{RunRef, RunRefError};

/// More threads than this do not make reading faster.
const MAX_THREADS: usize = 4;

/// What to do about lines that cannot be read; a torn last line is always fine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadLines {
    /// Give an error that names the first one.
    Refuse,
    /// Analyse the rest; the summary counts them.
    Skip,
}

/// Why a run cannot be judged.
#[derive(Debug, thiserror::Error)]
pub enum EvaluateError {
    /// The journal cannot be read.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The journal has no such run.
    #[error("journal {path} has no run {run}; it has: {known}", path = .path.display())]
    UnknownRun {
        /// The journal.
        path: PathBuf,
        /// The run asked for.
        run: String,
        /// The runs that it has.
        known: String,
    },
    /// The journal has no run at all.
    #[error("journal {path} is empty: make a run first (goose-recovery run --log {path})", path = .path.display())]
    Empty {
        /// The journal.
        path: PathBuf,
    },
    /// A line in the middle cannot be read.
    #[error(
        "journal {path} line {line} cannot be read: {reason} ({total} such in the run); \
         repair it, or analyse the rest with --skip-bad-lines",
        path = .path.display()
    )]
    Unreadable {
        /// The journal.
        path: PathBuf,
        /// The first bad line, from 1.
        line: u64,
        /// What is wrong with it.
        reason: String,
        /// How many there are.
        total: u64,
    },
    /// The lines do not make a run.
    #[error(transparent)]
    Analysis(#[from] AnalysisError),
}

/// The id of the last run of a journal.
///
/// # Errors
/// [`EvaluateError`] when the journal cannot be read or is empty.
pub fn last_run(journal: &Path) -> Result<String, EvaluateError> {
    let last = JournalFile::open(journal)?.runs()?.pop();
    last.map(|span| span.run_id).ok_or_else(|| EvaluateError::Empty { path: journal.to_owned() })
}

/// Analyses run `run_id` of `journal`.
///
/// # Errors
/// [`EvaluateError`] with the place and the remedy.
pub fn evaluate(journal: &Path, run_id: &str, bad_lines: BadLines) -> Result<Analysis, EvaluateError> {
    let file = JournalFile::open(journal)?;
    let span = find(&file, run_id)?;
    let mut control = Analyser::new();
    let read = file.read(&span, Filter::CONTROL, |line| control.line(&line))?;
    check(journal, &read, bad_lines)?;
    let unreadable = read.unreadable_total;

    let mut probes = control.probes()?;
    let read = file.read(&span, Filter::PROBES, |line| probes.line(&line))?;
    check(journal, &read, bad_lines)?;

    // Each thread counts its share of the requests; counts are merged without loss. The probes come by once more, for
    // the curves around the episodes, so their bad lines are counted here and not above.
    let threads = std::thread::available_parallelism().map_or(1, |cpus| cpus.get().min(MAX_THREADS));
    let requests = probes.requests();
    let merge = |mut all: RequestPass, part| {
        all.merge(&part);
        all
    };
    let (mut requests, read) = file.fold(
        &span,
        Filter::PROBES | Filter::REQUESTS,
        threads,
        || requests.fork(),
        |pass, line| pass.line(&line),
        merge,
    )?;
    check(journal, &read, bad_lines)?;
    requests.unreadable_lines(unreadable + read.unreadable_total);
    Ok(requests.finish())
}

fn find(file: &JournalFile, run_id: &str) -> Result<RunSpan, EvaluateError> {
    let runs = file.runs()?;
    let known: Vec<_> = runs.iter().map(|span| span.run_id.clone()).collect();
    runs.into_iter().rfind(|span| span.run_id == run_id).ok_or_else(|| EvaluateError::UnknownRun {
        path: file.path().to_owned(),
        run: run_id.to_owned(),
        known: if known.is_empty() { "none".to_owned() } else { known.join(", ") },
    })
}

fn check(journal: &Path, read: &ReadStats, bad_lines: BadLines) -> Result<(), EvaluateError> {
    match (bad_lines, read.unreadable.first()) {
        (BadLines::Refuse, Some(BadLine { line_number, reason })) => Err(EvaluateError::Unreadable {
            path: journal.to_owned(),
            line: *line_number,
            reason: reason.clone(),
            total: read.unreadable_total,
        }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::journal::encode::write_line;
    use crate::journal::event::{Canary, RunStarted, SCHEMA_VERSION};
    use crate::report::fixture;

    #[test]
    fn a_bad_line_is_counted_once_though_several_passes_meet_it() {
        let summary = fixture::passing().summary;
        let started = RunStarted {
            schema: SCHEMA_VERSION,
            run: "r1".to_owned(),
            started_at: summary.started_at,
            started_at_unix_us: 0,
            seed: 1,
            labels: BTreeMap::new(),
            plan: Box::new(summary.plan),
            environment: summary.environment,
        };
        let mut journal = Vec::new();
        write_line(&mut journal, 0, &started.into()).unwrap();
        for bad in [
            "garbage",
            r#"{"t":5,"type":"canary","duration_us":7,"ok":true}"#,
            r#"{"t":6,"type":"health","ok":true}"#,
            r#"{"t":7,"type":"request","duration_us":7}"#,
        ] {
            journal.extend_from_slice(format!("{bad}\n").as_bytes());
        }
        let canary = Canary { duration_us: 9, lag_us: 1, status: Some(200), ok: true, error: None };
        write_line(&mut journal, 8, &canary.into()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.jsonl");
        std::fs::write(&path, journal).unwrap();

        let harness = evaluate(&path, "r1", BadLines::Skip).unwrap().summary.harness;
        assert_eq!((harness.unreadable_lines, harness.canaries), (4, 1));
        let refused = evaluate(&path, "r1", BadLines::Refuse).unwrap_err();
        assert!(matches!(refused, EvaluateError::Unreadable { line: 2, .. }), "{refused}");
    }
}

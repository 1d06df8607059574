//! What a recovery test came to.

use std::fmt;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{ExitCode, Termination};

use super::RecoveryError;
use crate::analysis::model::{Analysis, Episode, Kpi, Summary, Verdict};
use crate::analysis::{FailedThreshold, failed_thresholds};
use crate::exit::{self, Exit};
use crate::lang::Lang;
use crate::report::{self, ReportError, Styling};

/// What a recovery test came to. As text it is the table that the command prints.
#[derive(Debug)]
pub struct Outcome {
    pub(super) analysis: Analysis,
    pub(super) journal: PathBuf,
    pub(super) report: Option<PathBuf>,
    pub(super) lang: Lang,
}

impl Outcome {
    /// Every fault and what followed, in order.
    #[must_use]
    pub fn episodes(&self) -> &[Episode] {
        &self.analysis.summary.episodes
    }

    /// Every figure on which the run is judged, those of one's own last.
    #[must_use]
    pub fn kpis(&self) -> &[Kpi] {
        &self.analysis.summary.kpis
    }

    /// The worst of their verdicts; a run that did not come to its end does not pass.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        self.analysis.summary.verdict
    }

    /// goose's thresholds that failed; they are judged at the end, over outages and all.
    #[must_use]
    pub fn failed_thresholds(&self) -> Vec<FailedThreshold> {
        failed_thresholds(&self.analysis)
    }

    /// All of it, as `summary.json` has it.
    #[must_use]
    pub fn summary(&self) -> &Summary {
        &self.analysis.summary
    }

    /// What reports are made of.
    #[must_use]
    pub fn analysis(&self) -> &Analysis {
        &self.analysis
    }

    /// The run's id in the journal.
    #[must_use]
    pub fn run_id(&self) -> &str {
        &self.analysis.summary.run_id
    }

    /// The journal.
    #[must_use]
    pub fn journal(&self) -> &Path {
        &self.journal
    }

    /// Where the report was written, if that was asked for (`--recovery-out`).
    #[must_use]
    pub fn report(&self) -> Option<&Path> {
        self.report.as_deref()
    }

    /// Writes the report into `dir`: a page, figures, Markdown, JUnit, and `summary.json`, which `goose-recovery compare` takes.
    ///
    /// # Errors
    /// When `dir` holds a report already, or cannot be written.
    pub fn write_report(&self, dir: impl AsRef<Path>) -> Result<(), ReportError> {
        report::prepare(dir.as_ref(), false)?;
        report::write(&self.analysis, dir.as_ref(), self.lang).map(|_| ())
    }

    /// What the process should end with.
    #[must_use]
    pub fn exit_code(&self) -> Exit {
        exit::of_analysis(&self.analysis)
    }

    fn print(&self) {
        let report =
            self.report.as_ref().map(|dir| format!("report: {}\n", dir.join("index.html").display()));
        let text = self.to_string() + &report.unwrap_or_default();
        // That nobody reads it changes no verdict.
        let _ = std::io::stdout().write_all(text.as_bytes());
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Vec::new();
        report::print(self.summary(), Styling::default(), &mut table).map_err(|_| fmt::Error)?;
        f.write_str(&String::from_utf8_lossy(&table))
    }
}

impl Termination for Outcome {
    /// Prints the verdict, and gives its exit code.
    fn report(self) -> ExitCode {
        self.print();
        self.exit_code().into()
    }
}

/// The exit code of a recovery test, also of one that failed: prints the verdict, or the error on stderr.
///
/// ```no_run
/// use std::process::ExitCode;
/// use goose_recovery::prelude::*;
///
/// #[tokio::main]
/// async fn main() -> ExitCode {
///     conclude(test().await)
/// }
///
/// async fn test() -> Result<Outcome, RecoveryError> {
///     RecoveryAttack::initialize()?.execute().await
/// }
/// ```
#[must_use]
pub fn conclude(result: Result<Outcome, RecoveryError>) -> ExitCode {
    match result {
        Ok(outcome) => Termination::report(outcome),
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "{error:?}");
            error.exit_code().into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    fn outcome(analysis: Analysis) -> Outcome {
        Outcome { analysis, journal: PathBuf::from("j.jsonl"), report: None, lang: Lang::En }
    }

    #[test]
    fn a_threshold_that_failed_fails_what_would_have_passed() {
        let mut passing = fixture::passing();
        assert_eq!(outcome(passing.clone()).exit_code(), Exit::Pass);
        let failed = r#"{"thresholds":[{"rule":"max<1ms","observed":"9ms","value":9.0,"passed":false,"aborted":false}]}"#;
        passing.goose_metrics = Some(failed.to_owned());
        let outcome = outcome(passing);
        assert_eq!((outcome.exit_code(), outcome.verdict()), (Exit::Fail, Verdict::Pass));
        assert_eq!(outcome.failed_thresholds()[0].rule, "max<1ms");
        assert_eq!(Exit::Fail as u8, 1);
    }

    #[test]
    fn as_text_it_is_the_table_and_its_report_is_not_written_over() {
        let outcome = outcome(fixture::failing());
        assert!(outcome.to_string().contains("automatic recovery rate"), "{outcome}");
        let folder = tempfile::tempdir().unwrap();
        outcome.write_report(folder.path().join("new")).unwrap();
        assert!(folder.path().join("new/index.html").exists());
        assert!(matches!(
            outcome.write_report(folder.path().join("new")),
            Err(ReportError::AlreadyThere { .. })
        ));
    }
}

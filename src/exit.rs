//! What a run comes to, as an exit code. "A KPI failed" differs from "the tool failed".

use std::process::ExitCode;

use crate::analysis::model::RunState;
use crate::analysis::{Analysis, Summary, Verdict, failed_thresholds, no_fault_took_effect};
use crate::evaluate::EvaluateError;
use crate::journal::JournalError;
use crate::load::AttackError;
use crate::preflight::PreflightError;
use crate::report::ReportError;
use crate::run::RunError;
use crate::target::{ApiError, BundledError};

/// An exit code of the command, and of a load test that was made a recovery test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Every KPI passed.
    Pass = 0,
    /// A KPI failed, or one of goose's thresholds.
    Fail = 1,
    /// A flag or a file that cannot be used.
    Usage = 2,
    /// The data do not decide.
    Inconclusive = 3,
    /// The target is unreachable or unfit, or no fault took effect.
    Invalid = 4,
    /// A guardrail ended the run.
    Aborted = 5,
    /// The harness could not go on.
    Internal = 70,
    /// The disk is full, or may not be written.
    CannotWrite = 74,
    /// Ctrl-C; what was measured is reported.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// What an analysed run comes to. A threshold of goose's that failed is a failure that was asked for.
#[must_use]
pub fn of_analysis(analysis: &Analysis) -> Exit {
    match of_summary(&analysis.summary) {
        Exit::Pass | Exit::Inconclusive if !failed_thresholds(analysis).is_empty() => Exit::Fail,
        exit => exit,
    }
}

fn of_summary(summary: &Summary) -> Exit {
    match (summary.state, summary.verdict) {
        (RunState::Interrupted, _) => Exit::Interrupted,
        (RunState::Aborted, _) => Exit::Aborted,
        _ if no_fault_took_effect(summary) => Exit::Invalid,
        (RunState::Failed, Verdict::Pass | Verdict::Inconclusive) => Exit::Invalid,
        (_, Verdict::Pass) => Exit::Pass,
        (_, Verdict::Fail) => Exit::Fail,
        (_, Verdict::Inconclusive) => Exit::Inconclusive,
    }
}

/// What an error of a journal comes to.
#[must_use]
pub fn of_journal(error: &JournalError) -> Exit {
    if error.is_write() { Exit::CannotWrite } else { Exit::Usage }
}

/// What an error of a report comes to.
#[must_use]
pub fn of_report(error: &ReportError) -> Exit {
    match error {
        ReportError::AlreadyThere { .. }
        | ReportError::MarkdownThere { .. }
        | ReportError::NoStepSummary
        | ReportError::NotASummary { .. }
        | ReportError::NewerSchema { .. } => Exit::Usage,
        error if error.io_error().is_some() => Exit::CannotWrite,
        _ => Exit::Internal,
    }
}

/// What an error of an analysis comes to.
#[must_use]
pub fn of_evaluate(error: &EvaluateError) -> Exit {
    match error {
        EvaluateError::Journal(error) => of_journal(error),
        EvaluateError::UnknownRun { .. } | EvaluateError::Empty { .. } | EvaluateError::Unreadable { .. } => {
            Exit::Usage
        }
        EvaluateError::Analysis(_) => Exit::Invalid,
    }
}

/// What an error of a run comes to.
#[must_use]
pub fn of_run(error: &RunError) -> Exit {
    match error {
        RunError::Journal(error) => of_journal(error),
        RunError::Preflight(PreflightError::Stopped(_)) => Exit::Interrupted,
        RunError::Preflight(_) | RunError::Alerts(_) => Exit::Invalid,
        RunError::Stores(error) if error.is_usage() => Exit::Usage,
        RunError::Stores(_) => Exit::Internal,
        RunError::Files(_) | RunError::NoBackend | RunError::Sink { .. } | RunError::Proxy(_) => Exit::Usage,
        RunError::Api(ApiError::Header { .. })
        | RunError::Attack(AttackError::Options(_))
        | RunError::Backend(BundledError::Flags { .. }) => Exit::Usage,
        RunError::Backend(_) | RunError::Api(_) | RunError::Thread(_) | RunError::Attack(_) => Exit::Internal,
    }
}

//! What the exit code says. "A KPI failed" differs from "the tool failed".

use std::process::ExitCode;

use goose_recovery::analysis::model::RunState;
use goose_recovery::analysis::{Summary, Verdict, no_fault_took_effect};
use goose_recovery::compare::Incomparable;
use goose_recovery::evaluate::{EvaluateError, RunRefError};
use goose_recovery::journal::JournalError;
use goose_recovery::load::{AttackError, OptionsError};
use goose_recovery::plan::{LoadError, PlanError};
use goose_recovery::preflight::PreflightError;
use goose_recovery::report::ReportError;
use goose_recovery::run::RunError;
use goose_recovery::sweep::SweepError;
use goose_recovery::target::{ApiError, BundledError};

use super::compare::CompareError;
use super::output::PrintError;
use super::plan::RefusedPolicy;

/// The table at the end of `--help`.
pub(crate) const HELP: &str = "\
Exit codes:
  0    every KPI passed
  1    a KPI failed; compare --fail-on-regression: something is claimed to be worse
  2    usage: a flag or a file that cannot be used
  3    inconclusive: the data do not decide
  4    invalid run: the target is unreachable or unfit, or no fault took effect; compare: the runs do not measure the same
  5    aborted by a guardrail
  70   internal error
  74   cannot write (disk full, no permission)
  130  interrupted; what was measured is still reported";

/// An exit code of the command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    Pass = 0,
    Fail = 1,
    Usage = 2,
    Inconclusive = 3,
    Invalid = 4,
    Aborted = 5,
    Internal = 70,
    CannotWrite = 74,
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// What an analysed run comes to.
pub(crate) fn of_summary(summary: &Summary) -> Exit {
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

/// What an error comes to.
pub(crate) fn of_error(error: &anyhow::Error) -> Exit {
    for cause in error.chain() {
        if let Some(error) = cause.downcast_ref::<JournalError>() {
            return of_journal(error);
        }
        if let Some(error) = cause.downcast_ref::<ReportError>() {
            return of_report(error);
        }
        if let Some(error) = cause.downcast_ref::<RunError>() {
            return of_run(error);
        }
        if let Some(error) = cause.downcast_ref::<EvaluateError>() {
            return of_evaluate(error);
        }
        if let Some(error) = cause.downcast_ref::<CompareError>() {
            return of_compare(error);
        }
        if let Some(error) = cause.downcast_ref::<SweepError>() {
            return of_sweep(error);
        }
        if cause.is::<PrintError>() {
            return Exit::CannotWrite;
        }
        #[cfg(feature = "backend")]
        if let Some(exit) = super::backend::exit_of(cause) {
            return exit;
        }
        if cause.is::<PlanError>()
            || cause.is::<LoadError>()
            || cause.is::<RefusedPolicy>()
            || cause.is::<OptionsError>()
        {
            return Exit::Usage;
        }
    }
    Exit::Internal
}

fn of_journal(error: &JournalError) -> Exit {
    if error.is_write() { Exit::CannotWrite } else { Exit::Usage }
}

fn of_report(error: &ReportError) -> Exit {
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

fn of_compare(error: &CompareError) -> Exit {
    match error {
        CompareError::Incomparable(Incomparable::Differs(_)) => Exit::Invalid,
        CompareError::Run(RunRefError::Evaluate(error)) => of_evaluate(error),
        _ => Exit::Usage,
    }
}

fn of_evaluate(error: &EvaluateError) -> Exit {
    match error {
        EvaluateError::Journal(error) => of_journal(error),
        EvaluateError::UnknownRun { .. } | EvaluateError::Empty { .. } | EvaluateError::Unreadable { .. } => {
            Exit::Usage
        }
        EvaluateError::Analysis(_) => Exit::Invalid,
    }
}

fn of_sweep(error: &SweepError) -> Exit {
    match error {
        SweepError::Write { .. } => Exit::CannotWrite,
        SweepError::Api(_) | SweepError::NotGivenBack { .. } => Exit::Invalid,
        SweepError::Start { .. } => Exit::Internal,
        _ => Exit::Usage,
    }
}

fn of_run(error: &RunError) -> Exit {
    match error {
        RunError::Journal(error) => of_journal(error),
        RunError::Preflight(PreflightError::Stopped(_)) => Exit::Interrupted,
        RunError::Preflight(_) | RunError::Alerts(_) => Exit::Invalid,
        RunError::Stores(error) if error.is_usage() => Exit::Usage,
        RunError::Stores(_) => Exit::Internal,
        RunError::Files(_) | RunError::NoBackend | RunError::Sink { .. } => Exit::Usage,
        RunError::Api(ApiError::Header { .. })
        | RunError::Attack(AttackError::Options(_))
        | RunError::Backend(BundledError::Flags { .. }) => Exit::Usage,
        RunError::Backend(_) | RunError::Api(_) | RunError::Thread(_) | RunError::Attack(_) => Exit::Internal,
    }
}

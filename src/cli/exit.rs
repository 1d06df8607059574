//! What the exit code says. "A KPI failed" differs from "the tool failed".

use goose_recovery::compare::Incomparable;
use goose_recovery::dashboard::{DashboardError, TokenError};
use goose_recovery::evaluate::{EvaluateError, RunRefError};
pub(crate) use goose_recovery::exit::{Exit, of_analysis};
use goose_recovery::exit::{of_evaluate, of_journal, of_report, of_run};
use goose_recovery::journal::JournalError;
use goose_recovery::load::OptionsError;
use goose_recovery::plan::{LoadError, PlanError};
use goose_recovery::report::ReportError;
use goose_recovery::run::RunError;
use goose_recovery::sweep::SweepError;

use super::compare::CompareError;
use super::output::PrintError;
use super::plan::RefusedPolicy;

/// The table at the end of `--help`.
pub(crate) const HELP: &str = "\
Exit codes:
  0    every KPI passed
  1    a KPI failed, or a threshold given to goose; compare --fail-on-regression: something is claimed to be worse
  2    usage: a flag or a file that cannot be used
  3    inconclusive: the data do not decide
  4    invalid run: the target is unreachable or unfit, or no fault took effect; compare: the runs do not measure the same
  5    aborted by a guardrail
  70   internal error
  74   cannot write (disk full, no permission)
  130  interrupted; what was measured is still reported";

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
        if let Some(error) = cause.downcast_ref::<DashboardError>() {
            return of_dashboard(error);
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
            || cause.is::<TokenError>()
            || cause.is::<OptionsError>()
        {
            return Exit::Usage;
        }
    }
    Exit::Internal
}

fn of_compare(error: &CompareError) -> Exit {
    match error {
        CompareError::Incomparable(Incomparable::Differs(_)) => Exit::Invalid,
        CompareError::Run(RunRefError::Evaluate(error)) => of_evaluate(error),
        _ => Exit::Usage,
    }
}

fn of_dashboard(error: &DashboardError) -> Exit {
    match error {
        DashboardError::NoToken(_) | DashboardError::Taken(_) | DashboardError::Listen { .. } => Exit::Usage,
        DashboardError::Thread(_) | DashboardError::Page(_) => Exit::Internal,
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

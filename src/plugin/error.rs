//! Why there is no outcome.

use std::fmt;
use std::path::PathBuf;

use goose::GooseError;

use crate::evaluate::EvaluateError;
use crate::exit::{self, Exit};
use crate::journal::JournalError;
use crate::load::{AttackError, OptionsError, explained};
use crate::plan::{KpiError, LoadError, PlanError};
use crate::report::ReportError;
use crate::run::RunError;

/// Why a recovery test has no outcome. It reads the same as text and as what `main` prints of an error.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum RecoveryError {
    /// goose refuses something.
    #[error(transparent)]
    Goose(AttackError),
    /// An option of goose's that a run with faults cannot follow.
    #[error(transparent)]
    Options(#[from] OptionsError),
    /// A command line that nobody understands.
    #[error("{}", .0.trim_end())]
    Flags(String),
    /// goose was only to tell something, such as the scenarios that there are.
    #[error("goose has told what it was asked for: there was no run")]
    OnlyTold,
    /// Nothing says what is loaded and broken.
    #[error("nothing names the target: pass --host, or call set_target, or name it in the plan")]
    NoTarget,
    /// There is nothing to recover from.
    #[error("nothing would be injected: register a fault, or name a plan with faults by --recovery-plan")]
    NoFault,
    /// Two loads.
    #[error("{} says what users ask for, and so do the registered scenarios: leave its [[load.request]] out", .0.display())]
    TwoLoads(PathBuf),
    /// No plan can be made.
    #[error(transparent)]
    Plan(#[from] LoadError),
    /// A KPI that is no expression.
    #[error(transparent)]
    Kpi(#[from] KpiError),
    /// Nothing was measured.
    #[error(transparent)]
    Run(#[from] RunError),
    /// The journal is not whole.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The run cannot be judged.
    #[error(transparent)]
    Evaluate(#[from] EvaluateError),
    /// The report cannot be written.
    #[error(transparent)]
    Report(#[from] ReportError),
    /// One at a time.
    #[error(
        "another recovery test goes on in this process: wait for it, goose's own state is one for the process"
    )]
    Busy,
    /// No thread.
    #[error("cannot start the thread of the run: free some memory or processes")]
    Thread(#[source] std::io::Error),
    /// A bug of ours.
    #[error("the run panicked; please report this")]
    Panicked,
}

impl RecoveryError {
    /// The exit code that the command would give.
    #[must_use]
    pub fn exit_code(&self) -> Exit {
        match self {
            Self::Goose(_)
            | Self::Options(_)
            | Self::Flags(_)
            | Self::NoTarget
            | Self::NoFault
            | Self::TwoLoads(_)
            | Self::Plan(_)
            | Self::Kpi(_)
            | Self::Busy => Exit::Usage,
            Self::OnlyTold => Exit::Pass,
            Self::Run(error) => exit::of_run(error),
            Self::Journal(error) => exit::of_journal(error),
            Self::Evaluate(error) => exit::of_evaluate(error),
            Self::Report(error) => exit::of_report(error),
            Self::Thread(_) | Self::Panicked => Exit::Internal,
        }
    }
}

impl fmt::Debug for RecoveryError {
    /// As its text, with its causes: `main` prints this.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")?;
        let mut cause = std::error::Error::source(self);
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

impl From<GooseError> for RecoveryError {
    fn from(error: GooseError) -> Self {
        Self::Goose(explained(&error))
    }
}

impl From<PlanError> for RecoveryError {
    fn from(error: PlanError) -> Self {
        Self::Plan(error.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_main_prints_is_the_text_with_its_causes() {
        let source = std::io::Error::other("no more processes");
        let error = RecoveryError::Thread(source);
        assert_eq!(
            format!("{error:?}"),
            "cannot start the thread of the run: free some memory or processes: no more processes"
        );
        let goose = GooseError::NoScenarios { detail: "No scenarios are defined.".to_owned() };
        let error = RecoveryError::from(goose);
        assert!(format!("{error:?}").contains("No scenarios are defined"), "{error:?}");
        assert_eq!((error.exit_code(), RecoveryError::OnlyTold.exit_code()), (Exit::Usage, Exit::Pass));
    }
}

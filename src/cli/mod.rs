//! The command line: one file per subcommand, and the exit codes.

#[cfg(feature = "backend")]
mod backend;
mod command_line;
mod compare;
mod completions;
mod conclusion;
mod dashboard;
mod display;
mod exit;
mod flags;
mod given;
mod interrupt;
mod output;
mod plan;
mod policy;
mod report;
mod run;
#[cfg(feature = "stores")]
mod store_lock;
mod sweep;
mod sweep_display;
mod value;

use std::io::Write;

use clap::{Parser, Subcommand};

use exit::Exit;

/// Does this system heal itself under load, how fast, and does it tell anyone?
///
/// Drives a self-healing backend with many concurrent goose users, injects faults, writes everything into one
/// journal, and judges recovery by KPIs with pass lines.
#[derive(Debug, Parser)]
#[command(name = "goose-recovery", version, after_help = exit::HELP)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Inject faults under load and judge the recovery
    Run(Box<run::RunArgs>),
    /// Try settings of the restart policy, each under the same faults
    Sweep(Box<sweep::SweepArgs>),
    /// Analyse a journal again and write the report
    Report(report::ReportArgs),
    /// Check, show and describe plan files
    Plan(plan::PlanArgs),
    /// Set runs side by side: what changed, and how sure that is
    Compare(compare::CompareArgs),
    /// Show the run that goes on, live, and all reports on a web page
    Dashboard(dashboard::DashboardArgs),
    /// Serve the bundled self-healing backend (R-v0.2)
    #[cfg(feature = "backend")]
    Backend(Box<backend::BackendCommand>),
    /// A module of the bundled backend; started by it
    #[cfg(feature = "backend")]
    #[command(hide = true)]
    BackendModule(backend::ModuleCommand),
    /// Hold a lock on an embedded store, as an outage of it; started by a run
    #[cfg(feature = "stores")]
    #[command(hide = true)]
    StoreLock(store_lock::StoreLockArgs),
    /// Print a completion script for a shell
    Completions(completions::CompletionsArgs),
}

impl Cli {
    /// Runs the command, tells what went wrong on stderr, and gives the exit code.
    pub(crate) fn execute(self) -> Exit {
        let outcome = match self.command {
            Command::Run(args) => args.execute(),
            Command::Sweep(args) => args.execute(),
            Command::Report(args) => args.execute(),
            Command::Plan(args) => args.execute(),
            Command::Compare(args) => args.execute(),
            Command::Dashboard(args) => args.execute(),
            #[cfg(feature = "backend")]
            Command::Backend(args) => args.execute(),
            #[cfg(feature = "backend")]
            Command::BackendModule(args) => args.execute(),
            #[cfg(feature = "stores")]
            Command::StoreLock(args) => args.execute(),
            Command::Completions(args) => args.execute(),
        };
        outcome.unwrap_or_else(|error| {
            let _ = writeln!(std::io::stderr(), "goose-recovery: {error:#}");
            exit::of_error(&error)
        })
    }
}

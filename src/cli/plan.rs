//! `goose-recovery plan`: plan files checked, shown and described.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum, ValueHint};
use goose_recovery::load;
#[cfg(feature = "backend")]
use goose_recovery::plan::TargetPlan;
use goose_recovery::plan::file::{self, BUILT_IN};
use goose_recovery::plan::{Loaded, Options, Plan};

use super::exit::Exit;
use super::output::print;

#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  goose-recovery plan show --scenario cascade > cascade.toml
      a built-in scenario as a file to begin with
  goose-recovery plan check cascade.toml
      what is wrong with it, by line and column
  goose-recovery run --plan cascade.toml --users 200
      flags win over the file
  goose-recovery plan schema > plan.schema.json
      for an editor: #:schema ./plan.schema.json in the first line of a plan")]
pub(crate) struct PlanArgs {
    #[command(subcommand)]
    command: PlanCommand,
}

/// The `[policy]` of a plan is none that the bundled backend takes.
#[derive(Debug, thiserror::Error)]
#[error("{}: [policy]: the bundled backend refuses it: {said}", path.display())]
pub(crate) struct RefusedPolicy {
    path: PathBuf,
    said: String,
}

#[derive(Debug, Subcommand)]
enum PlanCommand {
    /// Say what is wrong with a plan file, or what it comes to
    Check {
        /// The plan file
        #[arg(value_hint = ValueHint::FilePath)]
        file: PathBuf,
    },
    /// Print a built-in scenario as a plan file
    Show {
        /// Which one
        #[arg(long, value_enum, default_value_t = BuiltIn::All)]
        scenario: BuiltIn,
    },
    /// Print the JSON Schema of plan files
    Schema,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum BuiltIn {
    /// A: one module at a time crashes
    SingleModule,
    /// B: the database, the cache, or both stop for a while
    DbRedisDown,
    /// C: several modules crash in a chain
    Cascade,
    /// A, B and C
    All,
}

impl PlanArgs {
    pub(crate) fn execute(self) -> anyhow::Result<Exit> {
        let printed = match self.command {
            PlanCommand::Check { file } => {
                let loaded = Loaded::read(&file)?;
                let plan = Plan::with_file(Options::default(), Some(&loaded), 0)?;
                load::check_options(&plan.goose_options)?;
                check_policy(&plan, &file)?;
                format!("{}: {}\n", file.display(), said(&plan))
            }
            PlanCommand::Show { scenario } => {
                let name = scenario.to_possible_value().map(|value| value.get_name().to_owned());
                let found = BUILT_IN.iter().find(|(known, _)| Some(*known) == name.as_deref());
                found.map(|(_, text)| (*text).to_owned()).unwrap_or_default()
            }
            PlanCommand::Schema => format!("{:#}\n", file::schema()),
        };
        print(printed.as_bytes())?;
        Ok(Exit::Pass)
    }
}

/// Whether the bundled backend would take the policy; only a build that has it knows.
#[cfg(feature = "backend")]
fn check_policy(plan: &Plan, file: &Path) -> Result<(), RefusedPolicy> {
    let TargetPlan::Bundled { options } = &plan.target else { return Ok(()) };
    super::backend::check_policy(options).map_err(|said| RefusedPolicy { path: file.to_owned(), said })
}

#[cfg(not(feature = "backend"))]
#[expect(clippy::unnecessary_wraps, reason = "it stands for one that can fail")]
fn check_policy(_: &Plan, _: &Path) -> Result<(), RefusedPolicy> {
    Ok(())
}

/// What a plan comes to, in a line.
fn said(plan: &Plan) -> String {
    let scenario = |scenario: &goose_recovery::plan::ScenarioPlan| {
        let faults = scenario.fault_names();
        let faults = if faults.is_empty() { "no fault".to_owned() } else { faults.join(" and ") };
        match scenario.cascade {
            Some(cascade) => {
                format!("{} for {} s ({faults})", &scenario.name, cascade.duration.as_secs_f64())
            }
            None => format!("{} x {} ({faults})", &scenario.name, scenario.iterations),
        }
    };
    let scenarios: Vec<_> = plan.scenarios.iter().map(scenario).collect();
    let kpis: Vec<_> = plan.kpis.iter().map(|kpi| kpi.expect.to_string()).collect();
    let kpis = if kpis.is_empty() { String::new() } else { format!("; also {}", kpis.join(", ")) };
    format!("{} users; {}{kpis}", plan.users, scenarios.join(", "))
}

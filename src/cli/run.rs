//! `goose-recovery run`: raw flags become a plan, the plan is run, the journal is judged and shown.

use std::io::Write;
use std::sync::Arc;

use clap::Args;
use goose_recovery::evaluate::BadLines;
use goose_recovery::load;
use goose_recovery::plan::{Loaded, Plan};
use goose_recovery::progress::Progress;
use goose_recovery::run::{self, Setting};
use goose_recovery::stop::Stop;
use goose_recovery::target::bundled::Launcher;
use goose_recovery::target::process;

use super::command_line;
use super::dashboard::RunDashboard;
use super::display::{Display, StdoutDiverted};
use super::exit::Exit;
use super::flags::{Around, RunFlags};
use super::interrupt::on_interrupt;
use super::output::{OutputArgs, Source};
use super::policy::Policy;

#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  goose-recovery run
      kill modules of the bundled backend, take its stores away, and let crashes travel, under 50 users
  goose-recovery run --scenario single-module --crash-loop 4
      kill one module more often than the restart policy allows
  goose-recovery run --scenario single-module --iterations 3 --pause 2 --base-url http://127.0.0.1:8000
      restart modules of a backend that runs already
  goose-recovery run --scenario db-redis-down --iterations 6 --stores local
      stop a PostgreSQL and a Redis of the run's own, and account for every entry
  goose-recovery run --stores local --lang ja --markdown docs/operations/r_v0_2_1_poc_report.md
      on real stores, with the report in Japanese
  goose-recovery run --plan plans/cascade.toml --users 100
      what a file says, but with more users
  goose-recovery run --users 200 --iterations 20 -- --throttle-requests 1000
      with goose's own options behind --
  goose-recovery run --dashboard --open
      with a page in the browser that shows the run while it goes on")]
pub(crate) struct RunArgs {
    #[command(flatten)]
    flags: RunFlags,
    #[command(flatten)]
    policy: Policy,
    #[command(flatten)]
    around: Around,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    dashboard: RunDashboard,
    /// End when this process, which must be our parent, ends
    #[arg(long, value_name = "PID", hide = true)]
    die_with_parent: Option<u32>,
}

impl RunArgs {
    pub(crate) fn execute(self) -> anyhow::Result<Exit> {
        if let Some(parent) = self.die_with_parent {
            process::die_with(parent)?;
        }
        let Around { seed, log, quiet } = self.around;
        let file = Loaded::named(self.flags.plan.as_deref())?;
        let options = self.flags.options(seed, self.policy.arguments());
        let plan = Plan::with_file(options, file.as_ref(), rand::random::<u32>().into())?;
        load::check_options(&plan.goose_options)?;
        let output = self.output.prepare()?;
        let (stop, progress) = (Stop::default(), Arc::new(Progress::default()));
        on_interrupt(&stop)?;
        let dashboard = self.dashboard.start(&log, output.reports(), output.lang())?;
        let display = Display::start(&plan, Arc::clone(&progress), quiet);
        let announce = Box::new(|sink: &str| {
            let _ = writeln!(
                std::io::stderr(),
                "alerts are received at {sink}: have the backend send them there"
            );
        });
        let (launcher, lock_tool) = (launcher()?, lock_tool()?);
        let command = Some(command_line::own());
        let setting =
            Setting { launcher, lock_tool, log: log.clone(), stop, progress, announce, command, visit: None };
        let diverted = StdoutDiverted::new(quiet)?;
        let finished = run::run(plan, setting);
        drop(diverted);
        display.finish();
        let finished = finished?;
        let bad_lines = BadLines::Skip;
        let produced = output.produce(Source { journal: &log, run_id: &finished.run_id, bad_lines });
        // Not before: its viewers are to see the verdict.
        if let Some(dashboard) = dashboard {
            dashboard.finish();
        }
        match finished.journal_error {
            // What was kept has been reported, if anything was; what the exit code has to say is that it is not
            // whole.
            Some(error) => Err(error.into()),
            None => produced,
        }
    }
}

/// This binary has the backend inside, if it was built so.
fn launcher() -> anyhow::Result<Option<Launcher>> {
    if !cfg!(feature = "backend") {
        return Ok(None);
    }
    Ok(Some(Launcher { program: std::env::current_exe()?, arguments: vec!["backend".into()] }))
}

/// This binary is also the helper that locks an embedded store, if it was built so.
fn lock_tool() -> anyhow::Result<Option<Launcher>> {
    if !cfg!(feature = "stores") {
        return Ok(None);
    }
    Ok(Some(Launcher { program: std::env::current_exe()?, arguments: vec!["store-lock".into()] }))
}

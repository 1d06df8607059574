//! `goose-recovery sweep`: the runs of every setting, one after the other.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, ValueHint};
use goose_recovery::clock::{Clock, duration_us};
use goose_recovery::load;
use goose_recovery::plan::{Loaded, Plan, TargetPlan};
use goose_recovery::stop::Stop;
use goose_recovery::sweep::runner::default_folder;
use goose_recovery::sweep::{Axis, Ending, Given, Grid, Intent, Manifest, Runner, SweepError};

use super::command_line;
use super::conclusion::ConclusionArgs;
use super::exit::Exit;
use super::flags::{Around, RunFlags};
use super::given::WithGiven;
use super::interrupt::on_interrupt;
use super::output::Language;
use super::policy::Axes;
use super::sweep_display::SweepDisplay;
use super::value::duration;

/// Runs of each setting, when nobody says how many.
const REPEATS: u32 = 3;
/// How long a command may take that brings a setting into effect, when nobody says how long.
const APPLY_TIMEOUT: Duration = Duration::from_mins(1);

#[derive(Debug, Args)]
#[command(after_long_help = "\
Every combination of the policy's values is a setting, and so is the plan's own (--max-retries 3 --alert-after 4). Each has
--repeats runs, in an order that is drawn anew for each repeat; all runs of a repeat meet the same faults. DIR/sweep.json
records what is done, and DIR/cells/ has a report of every run. A run that fails does not stop the others, unless the first
one refuses its flags. Ctrl-C ends the run that goes on in an orderly way, and --resume DIR makes the rest; what may be secret
(URLs with passwords, commands) is not kept in DIR and must be given again beside it.

Settings of a backend that runs already (--base-url) are put to its /api/recovery/policy, and its own policy is given back at
the end; or --apply-cmd brings them into effect, of which nothing is undone.

Exit codes:
  0    every run came to a verdict, and a setting is recommended
  1    no setting meets every KPI
  2    usage: a flag or a file that cannot be used, also by the first run
  3    the data do not decide which settings meet every KPI
  4    a run failed, or the target is unreachable or keeps a setting
  70   internal error
  74   cannot write (disk full, no permission)
  130  interrupted; --resume goes on

Examples:
  goose-recovery sweep --scenario single-module --crash-loop 2 --max-retries 0,1,3,5
      how many restarts are worth while
  goose-recovery sweep --max-retries 1,3 --backoff-initial 50ms,200ms --repeats 5 --out reports/policy
      four settings, with five runs each
  goose-recovery sweep --plan my.toml
      what a plan file says in [sweep]
  goose-recovery sweep --resume reports/policy
      go on after an interrupt
  goose-recovery sweep --heartbeat 200ms,500ms --fault pause --base-url http://127.0.0.1:8000
      of a backend that runs already
  goose-recovery sweep --max-retries 1,3 --base-url http://127.0.0.1:8000 --apply-cmd './set-retries.sh \"$GOOSE_RECOVERY_SETTING_MAX_RETRIES\"'
      of one that has its policy from somewhere else")]
pub(crate) struct SweepArgs {
    #[command(flatten)]
    axes: Axes,
    /// Runs of each setting [default: 3]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000), help_heading = "Sweep")]
    repeats: Option<u32>,
    /// Make the runs that are left of the sweep in DIR; it goes on with the flags that it was begun with
    #[arg(
        long,
        value_name = "DIR",
        value_hint = ValueHint::DirPath,
        conflicts_with_all = ["repeats", "apply_timeout", "out", "seed", "log"],
        help_heading = "Sweep"
    )]
    resume: Option<PathBuf>,
    /// With --base-url: how a setting comes into effect before a run. A shell is given each value as a variable, such as
    /// GOOSE_RECOVERY_SETTING_MAX_RETRIES=3, and all of them as JSON in GOOSE_RECOVERY_SETTING
    /// [default: PUT /api/recovery/policy]
    #[arg(long, value_name = "COMMAND", help_heading = "Sweep")]
    apply_cmd: Option<String>,
    /// An --apply-cmd that takes longer has failed [default: 1m]
    #[arg(long, value_name = "SECS", value_parser = duration, help_heading = "Sweep")]
    apply_timeout: Option<Duration>,
    #[command(flatten)]
    flags: WithGiven<RunFlags>,
    #[command(flatten)]
    around: Around,
    #[command(flatten)]
    conclusion: ConclusionArgs,
    /// Folder of the sweep [default: reports/sweep-<id>]
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, help_heading = "Output")]
    out: Option<PathBuf>,
    /// Language of the reports [default: en]
    #[arg(long, value_enum, value_name = "LANG", help_heading = "Output")]
    lang: Option<Language>,
}

impl SweepArgs {
    pub(crate) fn execute(self) -> anyhow::Result<Exit> {
        let (stop, quiet, conclusion) = (Stop::default(), self.around.quiet, self.conclusion);
        let program = std::env::current_exe()?;
        let (mut runner, dir) = match self.resume.clone() {
            Some(dir) => {
                let (given, lang) = (self.given(), self.lang.map(Language::code));
                (Runner::resume(program, dir.clone(), &given, lang, stop.clone())?, dir)
            }
            None => {
                let dir = self.out.clone().unwrap_or_else(default_folder);
                let file = Loaded::named(self.flags.flags.plan.as_deref())?;
                let given = self.given();
                let manifest = self.manifest(&given, file.as_ref())?;
                (Runner::begin(program, dir.clone(), manifest, given, stop.clone())?, dir)
            }
        };
        announce(runner.manifest(), &dir, quiet)?;
        on_interrupt(&stop)?;
        let mut display = SweepDisplay::start(runner.manifest().turns.len(), quiet);
        let ending = runner.run(&mut |notice| display.tell(notice));
        display.finish();
        let ending = ending?;
        let manifest = runner.manifest();
        let concluded = conclusion.conclude(manifest, &dir);
        if ending == Ending::Interrupted {
            let rest = manifest.turns.len() - manifest.finished();
            writeln!(
                std::io::stderr(),
                "interrupted, with {rest} runs left: goose-recovery sweep --resume {}",
                dir.display()
            )?;
            concluded?;
            return Ok(Exit::Interrupted);
        }
        let exit = concluded?;
        Ok(if manifest.failed() > 0 { Exit::Invalid } else { exit })
    }

    /// What is handed on to the runs, and the command of the sweep itself, which is as secret as they are.
    fn given(&self) -> Vec<Given> {
        let command = self.apply_cmd.clone().map(|command| Given {
            flag: "--apply-cmd".to_owned(),
            value: Some(command),
            from_environment: false,
        });
        let mut given: Vec<Given> = self.flags.given.iter().cloned().chain(command).collect();
        // A sweep may be continued from another folder.
        let plans =
            given.iter_mut().filter(|given| given.flag == "--plan").filter_map(|given| given.value.as_mut());
        for plan in plans {
            if let Ok(whole) = std::path::absolute(&*plan) {
                *plan = whole.to_string_lossy().into_owned();
            }
        }
        given
    }

    /// What is to be done, once it is known that it can.
    fn manifest(self, given: &[Given], file: Option<&Loaded>) -> anyhow::Result<Manifest> {
        let of_file = file.map(|loaded| loaded.file().sweep.clone()).unwrap_or_default();
        let repeats = self.repeats.or(of_file.repeats).unwrap_or(REPEATS);
        let axis = |(flag, values): (&str, Vec<String>)| Axis { flag: flag.to_owned(), values };
        let axes = if self.axes.0.is_empty() { of_file.axes().map(axis).collect() } else { self.axes.0 };
        let grid = Grid::new(&axes).map_err(SweepError::from)?;
        let options = self.flags.flags.options(self.around.seed, Vec::new());
        // What all runs would refuse is refused before the first one.
        let plan = Plan::with_file(options, file, rand::random::<u32>().into())?;
        load::check_options(&plan.goose_options)?;
        let seed = plan.seed;
        if matches!(plan.target, TargetPlan::Bundled { .. }) {
            check_settings(&grid)?;
        }
        Ok(Manifest {
            started_at: Clock::start().started_at(),
            command: command_line::own(),
            arguments: given.iter().map(Given::kept).collect(),
            lang: self.lang.unwrap_or(Language::En).code().to_owned(),
            apply_timeout_us: duration_us(self.apply_timeout.unwrap_or(APPLY_TIMEOUT)),
            // A sweep may be continued from another folder.
            log: std::path::absolute(&self.around.log)?,
            ..Manifest::new(Intent { grid, axes, repeats, seed })
        })
    }
}

/// Refuses a setting that the bundled backend would refuse: in the middle of a sweep that is too late.
#[cfg(feature = "backend")]
fn check_settings(grid: &Grid) -> Result<(), SweepError> {
    grid.settings.iter().try_for_each(|setting| {
        super::backend::check_policy(&setting.arguments()).map_err(|said| SweepError::Refused {
            said: format!("the bundled backend refuses {setting}: {said}"),
        })
    })
}

/// Without the backend, the first run says that there is none.
#[cfg(not(feature = "backend"))]
fn check_settings(_: &Grid) -> Result<(), SweepError> {
    Ok(())
}

/// Says what will be done, before anything is.
fn announce(manifest: &Manifest, dir: &Path, quiet: bool) -> std::io::Result<()> {
    if quiet {
        return Ok(());
    }
    let mut err = std::io::stderr().lock();
    let (settings, repeats, runs) = (manifest.settings.len(), manifest.repeats, manifest.turns.len());
    writeln!(
        err,
        "{settings} settings x {repeats} repeats = {runs} runs, seed {}, in {}",
        manifest.seed,
        dir.display()
    )?;
    for setting in &manifest.impossible {
        writeln!(err, "left out: {setting} (the alert would wait for a failure after the last retry)")?;
    }
    match manifest.finished() {
        0 => Ok(()),
        done => writeln!(err, "{done} runs are finished already, {} are left", runs - done),
    }
}

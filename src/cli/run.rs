//! `goose-recovery run`: raw flags become a plan, the plan is run, the journal is judged and shown.

use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::{Args, ValueEnum};
use goose_recovery::evaluate::BadLines;
use goose_recovery::journal::event::FinishReason;
use goose_recovery::load;
use goose_recovery::plan::{FaultKind, Options, Plan, ScenarioKind, StoresChoice};
use goose_recovery::progress::Progress;
use goose_recovery::run::{self, Setting};
use goose_recovery::stop::Stop;
use goose_recovery::target::bundled::Launcher;

use super::command_line;
use super::display::{Display, StdoutDiverted};
use super::exit::Exit;
use super::output::{OutputArgs, Source};
use super::value::{duration, label};

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
  goose-recovery run --users 200 --iterations 20 -- --throttle-requests 1000
      with goose's own options behind --")]
pub(crate) struct RunArgs {
    /// What is done to the target [default: all; with --base-url, --fault or --crash-loop: single-module]
    #[arg(long, value_enum, help_heading = "Scenario")]
    scenario: Option<Scenario>,
    /// How many faults are injected [default: 3]
    #[arg(long, value_name = "N", help_heading = "Scenario")]
    iterations: Option<u32>,
    /// Pause after each recovery [default: 2s]
    #[arg(long, value_name = "SECS", value_parser = duration, help_heading = "Scenario")]
    pause: Option<Duration>,
    /// The kind of fault [default: kill; with --base-url: restart; for db-redis-down: store-kill and store-pause in turn,
    /// or what the stores allow]
    #[arg(long, value_enum, value_name = "KIND", help_heading = "Scenario")]
    fault: Option<Fault>,
    /// How often a module is killed in one crash loop; implies --fault crash-loop [default: 2]
    #[arg(long, value_name = "N", help_heading = "Scenario")]
    crash_loop: Option<u32>,
    /// How long a store is away [default: 3s]
    #[arg(long, value_name = "SECS", value_parser = duration, help_heading = "Scenario")]
    outage: Option<Duration>,
    /// How long the target may take to resync by itself before a resync is asked for [default: 5s]
    #[arg(long, value_name = "SECS", value_parser = duration, help_heading = "Scenario")]
    resync_grace: Option<Duration>,
    /// How long chains of faults go on (cascade) [default: 1m]
    #[arg(long, value_name = "SECS", value_parser = duration, help_heading = "Scenario")]
    duration: Option<Duration>,
    /// How often the supervisor looks at the system and asks for a resync (cascade) [default: 5s]
    #[arg(long, value_name = "SECS", value_parser = duration, help_heading = "Scenario")]
    interval: Option<Duration>,
    /// Seed of every random draw [default: random, and recorded]
    #[arg(long, value_name = "N", help_heading = "Scenario")]
    seed: Option<u64>,

    /// A backend that runs already [default: the bundled one is started and stopped]
    #[arg(long, value_name = "URL", help_heading = "Target")]
    base_url: Option<String>,
    /// Receive that backend's alerts on this address, at a path that is printed
    #[arg(long, value_name = "ADDR", help_heading = "Target")]
    alert_listen: Option<SocketAddr>,
    /// The path of --alert-listen, for a backend that is told of it beforehand [default: random]
    #[arg(long, value_name = "PATH", requires = "alert_listen", help_heading = "Target")]
    alert_path: Option<String>,
    /// Stores of the bundled backend [default: embedded]
    #[arg(long, value_enum, help_heading = "Stores")]
    stores: Option<StoresArg>,
    /// An existing PostgreSQL: the bundled backend's database, or that of the backend at --base-url
    #[arg(
        long,
        value_name = "URL",
        env = "GOOSE_RECOVERY_DATABASE_URL",
        hide_env_values = true,
        help_heading = "Stores"
    )]
    database_url: Option<String>,
    /// An existing Redis, likewise
    #[arg(
        long,
        value_name = "URL",
        env = "GOOSE_RECOVERY_CACHE_URL",
        hide_env_values = true,
        help_heading = "Stores"
    )]
    cache_url: Option<String>,
    /// How an existing store is stopped; {store} stands for database or cache, and without it both are stopped at once
    #[arg(long, value_name = "COMMAND", help_heading = "Stores")]
    store_stop_cmd: Option<String>,
    /// How it is started again
    #[arg(long, value_name = "COMMAND", help_heading = "Stores")]
    store_start_cmd: Option<String>,
    #[command(flatten)]
    policy: Policy,

    /// Concurrent goose users [default: 50]
    #[arg(long, value_name = "N", help_heading = "Load")]
    users: Option<u32>,
    /// Mean pause of a user between two requests [default: 100ms]
    #[arg(long, value_name = "SECS", value_parser = duration, help_heading = "Load")]
    think_time: Option<Duration>,
    /// A request that takes longer has failed [default: 5s]
    #[arg(long, value_name = "SECS", value_parser = duration, help_heading = "Load")]
    request_timeout: Option<Duration>,
    /// goose's own options; those that the plan owns are refused with the reason
    #[arg(last = true, value_name = "GOOSE OPTIONS", help_heading = "Load")]
    goose_options: Vec<String>,

    /// Least time of the measurement before the first fault [default: 5s]
    #[arg(long, value_name = "SECS", value_parser = duration, help_heading = "Judgement")]
    baseline: Option<Duration>,
    /// How long the system must stay well to count as recovered [default: 2s]
    #[arg(long, value_name = "SECS", value_parser = duration, help_heading = "Judgement")]
    hold: Option<Duration>,
    /// An episode that has not recovered by then has failed [default: 60s]
    #[arg(long, value_name = "SECS", value_parser = duration, help_heading = "Judgement")]
    recovery_deadline: Option<Duration>,
    /// An expected alert that has not come by then is missed [default: 10s]
    #[arg(long, value_name = "SECS", value_parser = duration, help_heading = "Judgement")]
    alert_deadline: Option<Duration>,
    /// Close the alert sink for this long, once, soon after the first fault: every alert must come nevertheless. Deadlines
    /// of alerts are extended by it [default: no outage]
    #[arg(long, value_name = "SECS", value_parser = duration, help_heading = "Judgement")]
    sink_outage: Option<Duration>,
    /// End the run early, exit 5, when RULE holds: 'error_rate>0.9 for 30s' (of the users' requests),
    /// 'canary_error_rate>50% for 10s', 'p95>2s for 10s' (of successful canaries), or 'unrecovered' (an episode missed its
    /// deadline); repeatable
    #[arg(long, value_name = "RULE", help_heading = "Judgement")]
    abort_when: Vec<String>,
    /// Pass only what the number of trials shows with 95 % confidence
    #[arg(long, help_heading = "Judgement")]
    strict: bool,

    /// The journal; runs are appended
    #[arg(long, value_name = "FILE", default_value = "logs/r_v0_2_1_poc.jsonl", help_heading = "Output")]
    log: PathBuf,
    #[command(flatten)]
    output: OutputArgs,
    /// A label of the run, for comparisons
    #[arg(long = "label", value_name = "K=V", value_parser = label, help_heading = "Output")]
    labels: Vec<(String, String)>,
    /// No progress display
    #[arg(long, short, help_heading = "Output")]
    quiet: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Scenario {
    /// A: one module at a time crashes
    SingleModule,
    /// B: the database, the cache, or both stop for a while
    DbRedisDown,
    /// C: several modules crash in a chain, under a supervisor that looks on
    Cascade,
    /// A, B and C in this order
    All,
}

impl Scenario {
    fn kinds(self) -> Vec<ScenarioKind> {
        match self {
            Self::SingleModule => vec![ScenarioKind::SingleModule],
            Self::DbRedisDown => vec![ScenarioKind::DbRedisDown],
            Self::Cascade => vec![ScenarioKind::Cascade],
            Self::All => vec![ScenarioKind::SingleModule, ScenarioKind::DbRedisDown, ScenarioKind::Cascade],
        }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum StoresArg {
    /// Two SQLite files
    Embedded,
    /// A PostgreSQL and a Redis that the run starts for itself
    Local,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Fault {
    /// SIGKILL of a module's process
    Kill,
    /// POST /api/recovery/restart
    Restart,
    /// SIGSTOP of a module's process
    Pause,
    /// SIGKILL of a module's process, and again of each successor as soon as it shows (see --crash-loop)
    CrashLoop,
    /// SIGKILL of a store's server and all its processes, then a start
    StoreKill,
    /// SIGSTOP of a store's server and all its processes, then SIGCONT
    StorePause,
    /// Orderly stop of a store's server, then a start
    StoreStop,
    /// Exclusive lock on an embedded store; the cache comes back empty
    StoreLock,
}

impl From<Fault> for FaultKind {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Kill => Self::Kill,
            Fault::Restart => Self::Restart,
            Fault::Pause => Self::Pause,
            Fault::CrashLoop => Self::CrashLoop,
            Fault::StoreKill => Self::StoreKill,
            Fault::StorePause => Self::StorePause,
            Fault::StoreStop => Self::StoreStop,
            Fault::StoreLock => Self::StoreLock,
        }
    }
}

/// Flags of the bundled backend's policy, handed on as they are given (durations with a unit, such as 250ms).
#[derive(Debug, Args)]
#[command(next_help_heading = "Policy of the bundled backend")]
struct Policy {
    /// Restarts that may follow a first crash
    #[arg(long, value_name = "N")]
    max_retries: Option<String>,
    /// Consecutive failure at which the critical alert goes out
    #[arg(long, value_name = "N")]
    alert_after: Option<String>,
    /// Delay of the second restart
    #[arg(long, value_name = "DURATION")]
    backoff_initial: Option<String>,
    /// Growth of the delay
    #[arg(long, value_name = "X")]
    backoff_factor: Option<String>,
    /// Longest delay
    #[arg(long, value_name = "DURATION")]
    backoff_max: Option<String>,
    /// Random part of the delay
    #[arg(long, value_name = "RATIO")]
    jitter: Option<String>,
    /// A module that was ready for so long has its failures forgiven
    #[arg(long, value_name = "DURATION")]
    stable_after: Option<String>,
    /// Distance between two heartbeats
    #[arg(long, value_name = "DURATION")]
    heartbeat: Option<String>,
    /// Missed heartbeats after which a module is hung
    #[arg(long, value_name = "N")]
    heartbeat_misses: Option<String>,
    /// A module that takes longer to start has failed
    #[arg(long, value_name = "DURATION")]
    start_timeout: Option<String>,
    /// A module whose dependency gives no answer for longer than this ends itself
    #[arg(long, value_name = "DURATION")]
    dependency_patience: Option<String>,
    /// What happens to the modules that depend on a failed one: rest-for-one or one-for-one
    #[arg(long, value_name = "STRATEGY")]
    strategy: Option<String>,
}

impl Policy {
    fn flags(self) -> Vec<String> {
        let flags = [
            ("--max-retries", self.max_retries),
            ("--alert-after", self.alert_after),
            ("--backoff-initial", self.backoff_initial),
            ("--backoff-factor", self.backoff_factor),
            ("--backoff-max", self.backoff_max),
            ("--jitter", self.jitter),
            ("--stable-after", self.stable_after),
            ("--heartbeat", self.heartbeat),
            ("--heartbeat-misses", self.heartbeat_misses),
            ("--start-timeout", self.start_timeout),
            ("--dependency-patience", self.dependency_patience),
            ("--strategy", self.strategy),
        ];
        flags.into_iter().filter_map(|(flag, value)| Some([flag.to_owned(), value?])).flatten().collect()
    }
}

impl RunArgs {
    pub(crate) fn execute(self) -> anyhow::Result<Exit> {
        let (log, output, quiet) = (self.log.clone(), self.output.clone(), self.quiet);
        load::check_options(&self.goose_options)?;
        let plan = Plan::new(self.options(), rand::random::<u32>().into())?;
        let output = output.prepare()?;
        let (stop, progress) = (Stop::default(), Arc::new(Progress::default()));
        on_interrupt(&stop)?;
        let display = Display::start(&plan, Arc::clone(&progress), quiet);
        let announce = Box::new(|sink: &str| {
            let _ = writeln!(
                std::io::stderr(),
                "alerts are received at {sink}: have the backend send them there"
            );
        });
        let (launcher, lock_tool) = (launcher()?, lock_tool()?);
        let command = Some(command_line::own());
        let setting = Setting { launcher, lock_tool, log: log.clone(), stop, progress, announce, command };
        let diverted = StdoutDiverted::new(quiet)?;
        let finished = run::run(plan, setting);
        drop(diverted);
        display.finish();
        let finished = finished?;
        let bad_lines = BadLines::Skip;
        let produced = output.produce(Source { journal: &log, run_id: &finished.run_id, bad_lines });
        match finished.journal_error {
            // What was kept has been reported, if anything was; what the exit code has to say is that it is not
            // whole.
            Some(error) => Err(error.into()),
            None => produced,
        }
    }

    fn options(self) -> Options {
        // What is asked of one scenario, or of somebody else's system, is not done to all of it.
        let narrow = self.base_url.is_some() || self.fault.is_some() || self.crash_loop.is_some();
        let by_default = if narrow { Scenario::SingleModule } else { Scenario::All };
        Options {
            scenarios: self.scenario.unwrap_or(by_default).kinds(),
            base_url: self.base_url,
            alert_listen: self.alert_listen,
            alert_path: self.alert_path,
            fault: self.fault.map(FaultKind::from),
            stores: self.stores.map(|stores| match stores {
                StoresArg::Embedded => StoresChoice::Embedded,
                StoresArg::Local => StoresChoice::Local,
            }),
            database_url: self.database_url,
            cache_url: self.cache_url,
            store_stop_cmd: self.store_stop_cmd,
            store_start_cmd: self.store_start_cmd,
            outage: self.outage,
            resync_grace: self.resync_grace,
            crash_loop: self.crash_loop,
            duration: self.duration,
            interval: self.interval,
            users: self.users,
            iterations: self.iterations,
            pause: self.pause,
            think_time: self.think_time,
            request_timeout: self.request_timeout,
            recovery_deadline: self.recovery_deadline,
            baseline: self.baseline,
            hold: self.hold,
            alert_deadline: self.alert_deadline,
            sink_outage: self.sink_outage,
            abort_when: self.abort_when,
            seed: self.seed,
            labels: self.labels,
            strict: self.strict,
            backend_options: self.policy.flags(),
            goose_options: self.goose_options,
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

/// The first Ctrl-C ends the run in an orderly way, the second at once: the kernel then ends the backend and
/// its modules, by the death signal that each has set.
fn on_interrupt(stop: &Stop) -> Result<(), ctrlc::Error> {
    let stop = stop.clone();
    ctrlc::set_handler(move || {
        if stop.reason().is_some_and(|(reason, _)| reason == FinishReason::Interrupted) {
            leave();
        }
        stop.request(FinishReason::Interrupted, Some("interrupted by a signal".to_owned()));
    })
}

#[expect(clippy::exit, reason = "a second Ctrl-C asks for exactly this")]
fn leave() -> ! {
    std::process::exit(Exit::Interrupted as i32)
}

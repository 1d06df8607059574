//! The flags of a run that a sweep of runs takes as well.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum, ValueHint};
use goose_recovery::plan::{FaultKind, Options, ScenarioKind, ScenarioOptions, StoresChoice};

use super::value::{duration, label};

/// What is done to which target under which load, and how it is judged.
#[derive(Debug, Args)]
pub(crate) struct RunFlags {
    /// A plan file (see `goose-recovery plan`); flags win over it
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Scenario")]
    pub(crate) plan: Option<PathBuf>,
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

    /// A backend that runs already [default: the bundled one is started and stopped]
    #[arg(long, value_name = "URL", help_heading = "Target")]
    pub(crate) base_url: Option<String>,
    /// Receive that backend's alerts on this address, at a path that is printed
    #[arg(long, value_name = "ADDR", help_heading = "Target")]
    pub(crate) alert_listen: Option<SocketAddr>,
    /// The path of --alert-listen, for a backend that is told of it beforehand [default: random]
    #[arg(long, value_name = "PATH", requires = "alert_listen", help_heading = "Target")]
    pub(crate) alert_path: Option<String>,
    /// A JSON list of that backend's alerts, asked for four times a second where nobody sends them; {after} stands for the greatest id
    /// so far
    #[arg(
        long,
        value_name = "URL",
        env = "GOOSE_RECOVERY_ALERTS_URL",
        hide_env_values = true,
        help_heading = "Target"
    )]
    alerts_url: Option<String>,
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
    pub(crate) goose_options: Vec<String>,

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

    /// A label of the run, for comparisons
    #[arg(long = "label", value_name = "K=V", value_parser = label, help_heading = "Output")]
    pub(crate) labels: Vec<(String, String)>,
}

/// What a sweep decides for each of its runs.
#[derive(Debug, Args)]
pub(crate) struct Around {
    /// Seed of every random draw [default: random, and recorded]
    #[arg(long, value_name = "N", help_heading = "Scenario")]
    pub(crate) seed: Option<u64>,
    /// The journal; runs are appended
    #[arg(long, value_name = "FILE", default_value = "logs/r_v0_2_1_poc.jsonl", help_heading = "Output")]
    pub(crate) log: PathBuf,
    /// No progress display
    #[arg(long, short, help_heading = "Output")]
    pub(crate) quiet: bool,
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

impl RunFlags {
    /// What is asked for, with a seed and flags for the bundled backend.
    pub(crate) fn options(self, seed: Option<u64>, backend_options: Vec<String>) -> Options {
        let scenarios = self.scenario.map_or_else(Vec::new, Scenario::kinds);
        Options {
            scenarios: scenarios.into_iter().map(ScenarioOptions::from).collect(),
            base_url: self.base_url,
            alert_listen: self.alert_listen,
            alert_path: self.alert_path,
            alerts_url: self.alerts_url,
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
            // An expression with spaces and comparisons is one for a file.
            kpis: Vec::new(),
            seed,
            labels: self.labels,
            strict: self.strict,
            backend_options,
            goose_options: self.goose_options,
            ..Options::default()
        }
    }
}

//! What a run will do, validated.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;
use url::Url;

use super::{CustomKpi, KpiLine, Secret, System};
use crate::clock::duration_us;
use crate::guardrail::Rule;
use crate::journal::event::{PlanRecord, ScenarioRecord};
use crate::journal::redact::redact_base_url;

/// What a run will do.
#[derive(Debug, Clone)]
pub struct Plan {
    /// What is driven and broken.
    pub target: TargetPlan,
    /// Where the target keeps its state, and who may stop that.
    pub stores: StoresPlan,
    /// What is known of the target beyond that.
    pub system: System,
    /// The scenarios, in order.
    pub scenarios: Vec<ScenarioPlan>,
    /// Traffic users, besides the injector.
    pub users: u32,
    /// Mean think time between two requests of a user.
    pub think_time: Duration,
    /// Deadline of one request.
    pub request_timeout: Duration,
    /// Distance between two canaries.
    pub canary_interval: Duration,
    /// Distance between two polls of the health page.
    pub health_interval: Duration,
    /// How long the system must stay well to count as recovered.
    pub hold: Duration,
    /// After this, an episode is censored.
    pub recovery_deadline: Duration,
    /// Least length of the first baseline.
    pub baseline: Duration,
    /// Least number of canaries of a baseline.
    pub baseline_canaries: u64,
    /// An expected alert that has not come after this is missed.
    pub alert_deadline: Duration,
    /// For how long our own alert sink is closed, once, while faults are injected.
    pub sink_outage: Option<Duration>,
    /// When the run is to end early.
    pub guardrails: Vec<Rule>,
    /// On what every scenario is judged besides its own KPIs.
    pub kpis: Vec<CustomKpi>,
    /// From this seed comes every random draw.
    pub seed: u64,
    /// The user's labels.
    pub labels: BTreeMap<String, String>,
    /// A verdict asks the one-sided bound to clear the line.
    pub strict: bool,
    /// goose's own flags, as given after `--`.
    pub goose_options: Vec<String>,
}

/// What is driven and broken.
#[derive(Debug, Clone)]
pub enum TargetPlan {
    /// The bundled backend, started and stopped by the run.
    Bundled {
        /// Flags that are handed to it.
        options: Vec<String>,
    },
    /// A backend that somebody else started.
    External {
        /// Where it answers.
        base_url: Url,
        /// Where its alerts are to be received.
        alert_listen: Option<SocketAddr>,
        /// At which path there; random when absent.
        alert_path: Option<String>,
        /// Where they can be asked for. May contain a token.
        alerts_url: Option<Secret>,
    },
}

/// The target's database and cache.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoresPlan {
    /// The bundled backend's own SQLite files; a lock on them is an outage.
    Embedded,
    /// A PostgreSQL and a Redis that the run starts for itself.
    Local,
    /// Servers that somebody else runs.
    Existing(ExistingStores),
    /// A target of which nothing is known but its API.
    Unknown,
}

/// Servers that somebody else runs.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ExistingStores {
    /// PostgreSQL. May contain a password.
    pub database_url: Option<String>,
    /// Redis. May contain a password.
    pub cache_url: Option<String>,
    /// How they are stopped and started, when the user says how.
    pub commands: Option<StoreCommands>,
}

impl std::fmt::Debug for ExistingStores {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let redacted = |url: &Option<String>| url.as_deref().map(redact_base_url);
        f.debug_struct("ExistingStores")
            .field("database_url", &redacted(&self.database_url))
            .field("cache_url", &redacted(&self.cache_url))
            .field("commands", &self.commands)
            .finish()
    }
}

/// Shell commands of the user; `{store}` in them stands for `database` or `cache`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreCommands {
    /// Stops a store.
    pub stop: String,
    /// Starts it again.
    pub start: String,
}

impl StoreCommands {
    /// What stands for the store's name in a command.
    pub const PLACEHOLDER: &str = "{store}";

    /// Whether they hit one store at a time; without the placeholder they hit all at once.
    #[must_use]
    pub fn tell_apart(&self) -> bool {
        self.stop.contains(Self::PLACEHOLDER) && self.start.contains(Self::PLACEHOLDER)
    }
}

/// One scenario.
#[derive(Debug, Clone)]
pub struct ScenarioPlan {
    /// What it is called, unique in the plan; that of its kind unless somebody says otherwise.
    pub name: String,
    /// Which script is followed.
    pub kind: ScenarioKind,
    /// What is injected; where there are several kinds, they take turns. Empty where nothing may be injected.
    pub faults: Vec<FaultKind>,
    /// The names of the declared faults that take turns; empty in scenarios of other kinds.
    pub declared: Vec<String>,
    /// How many times; where declared faults take turns, how many rounds.
    pub iterations: u32,
    /// Kills of one crash loop.
    pub crash_loop: u32,
    /// Pause after each recovery.
    pub pause: Duration,
    /// How stores are taken away; absent in scenarios that leave them alone.
    pub outage: Option<OutagePlan>,
    /// How chains follow each other; absent in scenarios without chains.
    pub cascade: Option<CascadePlan>,
    /// On what it is judged.
    pub kpis: Vec<KpiLine>,
}

/// How stores are taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutagePlan {
    /// How long a store is away, from the action on.
    pub length: Duration,
    /// How long the system may take to resync by itself before a resync is asked for.
    pub resync_grace: Duration,
}

/// How chains of faults follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CascadePlan {
    /// No chain begins later than this after the scenario's start.
    pub duration: Duration,
    /// How often the supervisor looks at the system and asks for a resync.
    pub interval: Duration,
}

/// The built-in scenarios.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ScenarioKind {
    /// A: one module crashes at a time.
    SingleModule,
    /// B: the database, the cache, or both stop for a while.
    DbRedisDown,
    /// C: several modules crash in a chain, under a supervisor that looks on.
    Cascade,
    /// The faults that the plan, or the test, declares, in turn.
    Faults,
}

impl ScenarioKind {
    /// The name on the command line, in journals and in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SingleModule => "single-module",
            Self::DbRedisDown => "db-redis-down",
            Self::Cascade => "cascade",
            Self::Faults => "faults",
        }
    }
}

/// The kinds of fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FaultKind {
    /// SIGKILL of a module's process.
    Kill,
    /// `POST /api/recovery/restart`.
    Restart,
    /// SIGSTOP of a module's process.
    Pause,
    /// SIGKILL of a module's process, and of its successors.
    CrashLoop,
    /// SIGKILL of a store's server, and a start after the outage.
    StoreKill,
    /// SIGSTOP of a store's server, and SIGCONT after the outage.
    StorePause,
    /// An orderly stop of a store's server, and a start after the outage.
    StoreStop,
    /// An exclusive lock on an embedded store's file for the length of the outage.
    StoreLock,
}

impl FaultKind {
    /// Whether it signals a module's process, which the health page has to name.
    #[must_use]
    pub fn signals_modules(self) -> bool {
        matches!(self, Self::Kill | Self::Pause | Self::CrashLoop)
    }

    /// Whether it takes a store away.
    #[must_use]
    pub fn is_of_stores(self) -> bool {
        matches!(self, Self::StoreKill | Self::StorePause | Self::StoreStop | Self::StoreLock)
    }

    /// The name on the command line, in journals and in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Kill => "kill",
            Self::Restart => "restart",
            Self::Pause => "pause",
            Self::CrashLoop => "crash-loop",
            Self::StoreKill => "store-kill",
            Self::StorePause => "store-pause",
            Self::StoreStop => "store-stop",
            Self::StoreLock => "store-lock",
        }
    }
}

/// What a plan's record says of the target as it was found.
#[derive(Debug, Clone, Copy)]
pub struct TargetRecord<'a> {
    /// Where it answers.
    pub base_url: &'a Url,
    /// Which stores run, in words.
    pub stores: Option<&'a str>,
    /// Whether alerts can be received.
    pub alert_source: bool,
    /// What a canary asks for.
    pub canary_request: &'a str,
    /// Its restart policy, when it gives one.
    pub policy: Option<&'a serde_json::Value>,
}

impl Plan {
    /// Episodes that the plan asks for; what a scenario with chains comes to is only known afterwards.
    #[must_use]
    pub fn episodes(&self) -> u32 {
        let counted = self.scenarios.iter().filter(|scenario| scenario.cascade.is_none());
        counted.map(ScenarioPlan::injections).sum()
    }

    /// The form on disk, for a run against `base_url`.
    #[must_use]
    pub fn record(&self, target: &TargetRecord<'_>) -> PlanRecord {
        let TargetRecord { base_url, stores, alert_source, canary_request, policy } = *target;
        let bundled = matches!(self.target, TargetPlan::Bundled { .. });
        PlanRecord {
            base_url: redact_base_url(base_url.as_str()),
            bundled_backend: bundled,
            stores: stores.map(str::to_owned),
            users: self.users,
            think_time_us: duration_us(self.think_time),
            request_timeout_us: duration_us(self.request_timeout),
            canary_interval_us: duration_us(self.canary_interval),
            canary_request: canary_request.to_owned(),
            health_interval_us: duration_us(self.health_interval),
            hold_us: duration_us(self.hold),
            recovery_deadline_us: duration_us(self.recovery_deadline),
            baseline_min_us: duration_us(self.baseline),
            baseline_min_canaries: self.baseline_canaries,
            alert_source,
            strict: self.strict,
            policy: policy.cloned(),
            sink_outage_us: self.sink_outage.map(duration_us),
            abort_when: self.guardrails.iter().map(ToString::to_string).collect(),
            scenarios: self.scenarios.iter().map(|scenario| scenario.record(&self.kpis)).collect(),
        }
    }
}

impl ScenarioPlan {
    /// The kinds of its faults that take stores away.
    pub fn store_faults(&self) -> impl Iterator<Item = FaultKind> {
        self.faults.iter().copied().filter(|fault| fault.is_of_stores())
    }

    /// How many faults it injects, where they are counted.
    #[must_use]
    pub fn injections(&self) -> u32 {
        match self.kind {
            ScenarioKind::Faults => {
                self.iterations.saturating_mul(u32::try_from(self.declared.len()).unwrap_or(u32::MAX))
            }
            _ if self.faults.is_empty() => 0,
            _ => self.iterations,
        }
    }

    /// The names of what it injects.
    #[must_use]
    pub fn fault_names(&self) -> Vec<&str> {
        let declared = self.declared.iter().map(String::as_str);
        self.faults.iter().map(|fault| fault.as_str()).chain(declared).collect()
    }

    /// The form on disk; `custom` are the KPIs of the plan.
    fn record(&self, custom: &[CustomKpi]) -> ScenarioRecord {
        ScenarioRecord {
            name: self.name.clone(),
            fault: match self.fault_names().as_slice() {
                [] => "none".to_owned(),
                names => names.join(","),
            },
            iterations: match self.kind {
                ScenarioKind::Faults => self.injections(),
                _ => self.iterations,
            },
            duration_us: self.cascade.as_ref().map(|cascade| duration_us(cascade.duration)),
            pause_us: duration_us(self.pause),
            outage_us: self.outage.map(|outage| duration_us(outage.length)),
            resync_grace_us: self.outage.map(|outage| duration_us(outage.resync_grace)),
            kpis: self.kpis.iter().map(KpiLine::record).chain(custom.iter().map(CustomKpi::record)).collect(),
        }
    }
}

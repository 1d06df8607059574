//! A plan as a TOML file: the same values as the flags, with a place for each, and several scenarios of which each may have its
//! own. Pure: who reads the file and asks the environment is the caller.

mod alerts;
mod deed;
mod expect;
mod fault;
mod kpi;
mod load;
mod planned;
mod policy;
mod problem;
mod proxy;
mod system;
mod target;
mod value;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Deserialize;

use super::check::{Options, PlanError, ScenarioOptions, StoresChoice};
use super::{FaultKind, ScenarioKind};

pub use alerts::AlertsTable;
pub use deed::{CallTable, Deed};
pub use expect::{AlertTable, ExpectTable, Severity};
pub use fault::{FaultName, FaultTable, RedisName, StreamName};
pub use kpi::KpiTable;
pub use load::{LoadTable, MethodName, RequestTable};
pub use policy::{PolicyTable, SweepTable};
pub use problem::Problem;
pub use proxy::ProxyTable;
pub use target::{HealthTable, ModuleTable, PickName, TargetTable};
pub use value::{Length, Pattern, Pointer, Scalar};

use system::Tables;

/// The built-in scenarios, as files.
pub const BUILT_IN: [(&str, &str); 4] = [
    ("single-module", include_str!("../../plans/single-module.toml")),
    ("db-redis-down", include_str!("../../plans/db-redis-down.toml")),
    ("cascade", include_str!("../../plans/cascade.toml")),
    ("all", include_str!("../../plans/all.toml")),
];

/// A plan file. Everything may be left out; what a flag says wins over it.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PlanFile {
    /// Seed of every random draw.
    pub seed: Option<u64>,
    /// Labels of the run, for comparisons.
    pub labels: BTreeMap<String, String>,
    /// What is driven and broken; without a `base_url` the bundled backend.
    pub target: TargetTable,
    /// The target's database and cache.
    pub stores: StoresTable,
    /// The restart policy of the bundled backend.
    pub policy: PolicyTable,
    /// Users and what they ask for.
    pub load: LoadTable,
    /// What counts as well.
    pub steady_state: SteadyStateTable,
    /// Until when something must have happened.
    pub judgement: JudgementTable,
    /// When the run ends early.
    pub guardrail: GuardrailTable,
    /// On what every scenario is judged besides.
    pub kpi: Vec<KpiTable>,
    /// Where alerts can be asked for, and how they are read.
    pub alerts: AlertsTable,
    /// TCP proxies that the run puts between parts of the system.
    pub proxy: Vec<ProxyTable>,
    /// Faults that this file declares, for scenarios of kind `faults`.
    pub fault: Vec<FaultTable>,
    /// What the system owes for them.
    pub expect: ExpectTable,
    /// What is done, one after the other; the declared faults in turn when there are some and this is left out.
    pub scenario: Vec<ScenarioTable>,
    /// What `goose-recovery sweep` varies.
    pub sweep: SweepTable,
}

/// `[stores]`
#[derive(Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct StoresTable {
    /// Stores that the run brings along.
    pub kind: Option<StoresKind>,
    /// An existing PostgreSQL. `${NAME}` stands for a variable of the environment: a password does not belong in a file.
    pub database_url: Option<String>,
    /// An existing Redis, likewise.
    pub cache_url: Option<String>,
    /// How an existing store is stopped; `{store}` stands for database or cache.
    pub stop_cmd: Option<String>,
    /// How it is started again.
    pub start_cmd: Option<String>,
}

impl std::fmt::Debug for StoresTable {
    /// Without URLs and commands, which may be secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StoresTable").field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// Stores that the run brings along.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StoresKind {
    /// Two SQLite files.
    Embedded,
    /// A PostgreSQL and a Redis.
    Local,
}

/// `[steady_state]`
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SteadyStateTable {
    /// Least time of the measurement before the first fault.
    pub baseline: Option<Length>,
    /// How long the system must stay well to count as recovered.
    pub hold: Option<Length>,
}

/// `[judgement]`
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct JudgementTable {
    /// An episode that has not recovered by then has failed.
    pub recovery_deadline: Option<Length>,
    /// An expected alert that has not come by then is missed.
    pub alert_deadline: Option<Length>,
    /// The alert sink is closed once for so long.
    pub sink_outage: Option<Length>,
    /// Pass only what the number of trials shows with 95 % confidence.
    pub strict: bool,
}

/// `[guardrail]`
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GuardrailTable {
    /// Rules such as `error_rate>0.9 for 30s`.
    pub abort_when: Vec<String>,
}

/// `[[scenario]]`
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScenarioTable {
    /// Which script is followed.
    pub kind: ScenarioKind,
    /// What reports call it; its kind when left out, with a number where there are several.
    pub name: Option<String>,
    /// What is injected.
    pub fault: Option<FaultKind>,
    /// Which of the plan's `[[fault]]`s take turns (faults); all of them when left out.
    #[serde(default)]
    pub faults: Vec<String>,
    /// How many times; for declared faults, how many rounds.
    pub iterations: Option<u32>,
    /// Kills of one crash loop; implies `fault = "crash-loop"`.
    pub crash_loop: Option<u32>,
    /// Pause after each recovery.
    pub pause: Option<Length>,
    /// How long a store is away.
    pub outage: Option<Length>,
    /// How long the target may take to resync by itself before a resync is asked for.
    pub resync_grace: Option<Length>,
    /// How long chains of faults go on (cascade).
    pub duration: Option<Length>,
    /// How often the supervisor looks at the system and asks for a resync (cascade).
    pub interval: Option<Length>,
}

impl PlanFile {
    /// Reads the text of a plan file.
    ///
    /// # Errors
    /// [`Problem`] with line and column.
    pub fn read(text: &str) -> Result<Self, Problem> {
        toml::from_str(text).map_err(|error| Problem::of_toml(text, &error))
    }

    /// The values of the file; `variable` gives the value of a variable of the environment.
    ///
    /// # Errors
    /// When a variable is not set.
    pub fn options(self, text: &str, variable: impl Fn(&str) -> Option<String>) -> Result<Options, Problem> {
        let mut file = self;
        let mut unset = None;
        for value in file.secrets() {
            if let Err(name) = fill(value, &variable) {
                unset.get_or_insert(name);
            }
        }
        if let Some(name) = unset {
            return Err(Problem::unset(text, &name));
        }
        let tables = Tables {
            target: &file.target,
            requests: file.load.request,
            proxies: file.proxy,
            faults: file.fault,
            expect: file.expect,
            alerts: file.alerts.clone(),
        };
        let system = tables.system().map_err(|(key, why)| Problem::of_key(text, &key, why))?;
        let kpis = kpi::kpis(file.kpi, text)?;
        let length = |length: Option<Length>| length.map(|length| length.0);
        Ok(Options {
            scenarios: file.scenario.into_iter().map(ScenarioTable::options).collect(),
            base_url: file.target.base_url,
            alert_listen: file.target.alert_listen,
            alert_path: file.target.alert_path,
            alerts_url: file.alerts.url.clone(),
            stores: file.stores.kind.map(|kind| match kind {
                StoresKind::Embedded => StoresChoice::Embedded,
                StoresKind::Local => StoresChoice::Local,
            }),
            database_url: file.stores.database_url,
            cache_url: file.stores.cache_url,
            store_stop_cmd: file.stores.stop_cmd,
            store_start_cmd: file.stores.start_cmd,
            users: file.load.users,
            think_time: length(file.load.think_time),
            request_timeout: length(file.load.request_timeout),
            recovery_deadline: length(file.judgement.recovery_deadline),
            baseline: length(file.steady_state.baseline),
            hold: length(file.steady_state.hold),
            alert_deadline: length(file.judgement.alert_deadline),
            sink_outage: length(file.judgement.sink_outage),
            abort_when: file.guardrail.abort_when,
            kpis,
            seed: file.seed,
            labels: file.labels.into_iter().collect(),
            strict: file.judgement.strict,
            backend_options: file.policy.arguments(),
            goose_options: file.load.goose_options,
            system,
            ..Options::default()
        })
    }

    /// The values in which a variable of the environment may stand, which may be secret.
    fn secrets(&mut self) -> impl Iterator<Item = &mut String> {
        let stores = [&mut self.stores.database_url, &mut self.stores.cache_url];
        let urls = stores.into_iter().chain([&mut self.target.base_url, &mut self.alerts.url]).flatten();
        let headers = self.target.headers.values_mut().chain(self.alerts.headers.values_mut());
        let requests = self.load.request.iter_mut();
        let requests = requests.flat_map(|request| request.headers.values_mut().chain(&mut request.body));
        let faults = self.fault.iter_mut().flat_map(FaultTable::secrets);
        urls.chain(headers).chain(requests).chain(faults)
    }

    /// What a plan was refused for, in the words of the file and with its place there; absent when the file does not say it.
    #[must_use]
    pub fn problem(text: &str, error: &PlanError) -> Option<Problem> {
        Problem::of_plan(text, error)
    }
}

impl ScenarioTable {
    fn options(self) -> ScenarioOptions {
        let length = |length: Option<Length>| length.map(|length| length.0);
        ScenarioOptions {
            kind: self.kind,
            name: self.name,
            fault: self.fault,
            declared: self.faults,
            iterations: self.iterations,
            crash_loop: self.crash_loop,
            pause: length(self.pause),
            outage: length(self.outage),
            resync_grace: length(self.resync_grace),
            duration: length(self.duration),
            interval: length(self.interval),
        }
    }
}

/// Fills every `${NAME}` of `value` in.
///
/// # Errors
/// The name of a variable that is not set.
fn fill(value: &mut String, variable: &impl Fn(&str) -> Option<String>) -> Result<(), String> {
    let mut filled = String::new();
    let mut rest = value.as_str();
    while let Some((before, (name, after))) =
        rest.split_once("${").and_then(|(before, rest)| Some((before, rest.split_once('}')?)))
    {
        filled.push_str(before);
        filled.push_str(&variable(name).ok_or_else(|| name.to_owned())?);
        rest = after;
    }
    filled.push_str(rest);
    *value = filled;
    Ok(())
}

/// The JSON Schema of a plan file, for editors; `docs/plan.schema.json` holds it.
#[must_use]
pub fn schema() -> serde_json::Value {
    let mut schema = SchemaSettings::draft07().into_generator().into_root_schema_for::<PlanFile>();
    schema.insert("title".to_owned(), "A plan file of goose-recovery".into());
    schema.to_value()
}

#[cfg(test)]
mod tests;

//! A plan as a TOML file: the same values as the flags, with a place for each, and several scenarios of which each may have its
//! own. Pure: who reads the file and asks the environment is the caller.

mod policy;
mod problem;
mod value;

use std::collections::BTreeMap;
use std::net::SocketAddr;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Deserialize;

use super::check::{Options, PlanError, ScenarioOptions, StoresChoice};
use super::{FaultKind, ScenarioKind};

pub use policy::{PolicyTable, SweepTable};
pub use problem::Problem;
pub use value::{Length, Scalar};

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
    /// What is done, one after the other.
    pub scenario: Vec<ScenarioTable>,
    /// What `goose-recovery sweep` varies.
    pub sweep: SweepTable,
}

/// `[target]`
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TargetTable {
    /// A backend that runs already. `${NAME}` stands for a variable of the environment.
    pub base_url: Option<String>,
    /// Receive that backend's alerts on this address.
    pub alert_listen: Option<SocketAddr>,
    /// At this path there.
    pub alert_path: Option<String>,
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

/// `[load]`
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LoadTable {
    /// Concurrent goose users.
    pub users: Option<u32>,
    /// Mean pause of a user between two requests.
    pub think_time: Option<Length>,
    /// A request that takes longer has failed.
    pub request_timeout: Option<Length>,
    /// goose's own options, such as `["--throttle-requests", "500"]`.
    pub goose_options: Vec<String>,
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
        let filled = |key: &'static str, value: Option<String>| match value {
            Some(value) => fill(value, &variable).map(Some).map_err(|name| Problem::unset(text, key, &name)),
            None => Ok(None),
        };
        let base_url = filled("target.base_url", self.target.base_url)?;
        let database_url = filled("stores.database_url", self.stores.database_url)?;
        let cache_url = filled("stores.cache_url", self.stores.cache_url)?;
        let length = |length: Option<Length>| length.map(|length| length.0);
        Ok(Options {
            scenarios: self.scenario.into_iter().map(ScenarioTable::options).collect(),
            base_url,
            alert_listen: self.target.alert_listen,
            alert_path: self.target.alert_path,
            stores: self.stores.kind.map(|kind| match kind {
                StoresKind::Embedded => StoresChoice::Embedded,
                StoresKind::Local => StoresChoice::Local,
            }),
            database_url,
            cache_url,
            store_stop_cmd: self.stores.stop_cmd,
            store_start_cmd: self.stores.start_cmd,
            users: self.load.users,
            think_time: length(self.load.think_time),
            request_timeout: length(self.load.request_timeout),
            recovery_deadline: length(self.judgement.recovery_deadline),
            baseline: length(self.steady_state.baseline),
            hold: length(self.steady_state.hold),
            alert_deadline: length(self.judgement.alert_deadline),
            sink_outage: length(self.judgement.sink_outage),
            abort_when: self.guardrail.abort_when,
            seed: self.seed,
            labels: self.labels.into_iter().collect(),
            strict: self.judgement.strict,
            backend_options: self.policy.arguments(),
            goose_options: self.load.goose_options,
            ..Options::default()
        })
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

/// `value` with every `${NAME}` filled in.
///
/// # Errors
/// The name of a variable that is not set.
fn fill(value: String, variable: &impl Fn(&str) -> Option<String>) -> Result<String, String> {
    let Some((before, rest)) = value.split_once("${") else { return Ok(value) };
    let Some((name, after)) = rest.split_once('}') else { return Ok(value) };
    let found = variable(name).ok_or_else(|| name.to_owned())?;
    Ok(format!("{before}{found}{}", fill(after.to_owned(), variable)?))
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

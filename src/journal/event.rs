//! The journal's schema, version 1: what each line means.
//!
//! A line is one JSON object. `t` comes first, `type` second, then the fields of the type in the order of
//! its struct here; the reader's fast path relies on that order. `t` is in microseconds since the run began,
//! from one monotonic clock. For what has a duration (`request`, `canary`, `health`) `t` is the *start*, so
//! such lines stand in the order in which they *ended*.
//!
//! These are disk types: a field may be added (as an `Option`), never renamed or removed without a new
//! [`SCHEMA_VERSION`].

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

pub use super::measurement::{Alignment, ClockOffset, Lag, Notice, OptionNotice};
pub use super::record::{EnvironmentRecord, KpiRecord, PlanRecord, ScenarioRecord};

/// Version of the line format, written into every `run_started`.
pub const SCHEMA_VERSION: u32 = 1;

/// Microseconds since the run began.
pub type Micros = u64;

/// One line of the journal.
#[derive(Debug, Clone)]
pub struct Line<'a> {
    /// When it happened (for samples: when it started), in µs since the run began.
    pub t: Micros,
    /// What happened.
    pub event: Event<'a>,
}

/// Declares [`Event`] and ties every variant to its `type` on disk, once.
macro_rules! events {
    ($($(#[$doc:meta])* $variant:ident($payload:ty) = $name:literal,)*) => {
        /// What a line says, by its `type`.
        #[derive(Debug, Clone)]
        pub enum Event<'a> {
            $($(#[$doc])* $variant($payload),)*
        }

        impl<'a> Event<'a> {
            /// The `type` on disk.
            #[must_use]
            pub fn kind(&self) -> &'static str {
                match self { $(Self::$variant(_) => $name,)* }
            }

            /// Every `type` that this version writes.
            pub const KINDS: &'static [&'static str] = &[$($name),*];

            /// Writes the payload as a JSON object.
            ///
            /// # Errors
            /// Whatever the sink reports.
            pub fn write_payload<W: std::io::Write>(&self, sink: W) -> serde_json::Result<()> {
                match self { $(Self::$variant(payload) => serde_json::to_writer(sink, payload),)* }
            }

            /// Reads the payload of `kind` from a whole line; `t` and `type` in it are passed over.
            /// `None` for a type that this version does not know.
            ///
            /// # Errors
            /// When the line is no JSON object with the fields of `kind`.
            pub fn parse(kind: &str, line: &'a [u8]) -> serde_json::Result<Option<Self>> {
                Ok(match kind { $($name => Some(Self::$variant(serde_json::from_slice(line)?)),)* _ => None })
            }

            /// The JSON Schema of every payload, by `type`.
            #[must_use]
            pub fn payload_schemas(generator: &mut schemars::SchemaGenerator) -> Vec<(&'static str, schemars::Schema)> {
                vec![$(($name, <$payload as JsonSchema>::json_schema(generator)),)*]
            }
        }

        $(impl<'a> From<$payload> for Event<'a> {
            fn from(payload: $payload) -> Self { Self::$variant(payload) }
        })*
    };
}

events! {
    /// A run begins: everything up to the next `run_started` belongs to it.
    RunStarted(RunStarted) = "run_started",
    /// Every goose user has started.
    UsersStarted(UsersStarted) = "users_started",
    /// A scenario begins.
    ScenarioStarted(ScenarioStarted) = "scenario_started",
    /// A scenario has ended.
    ScenarioFinished(ScenarioFinished) = "scenario_finished",
    /// Several faults that are meant to overlap begin: one trial.
    ChainStarted(ChainStarted) = "chain_started",
    /// A member of a chain was not injected: its target was down already.
    ChainMemberSkipped(ChainMemberSkipped) = "chain_member_skipped",
    /// A fault was asked for; `t` is the stamp of the action.
    FaultInjected(FaultInjected) = "fault_injected",
    /// The effect of a fault was proven; `t` is the stamp of the proof.
    FaultConfirmed(FaultConfirmed) = "fault_confirmed",
    /// A fault had no provable effect: its episode is void.
    FaultVoid(FaultVoid) = "fault_void",
    /// The harness ended the effect of a fault (or it ended by itself).
    FaultEnded(FaultEnded) = "fault_ended",
    /// The live run stopped watching an episode. The analysis judges anew.
    EpisodeClosed(EpisodeClosed) = "episode_closed",
    /// Something besides the system itself acted on it.
    Action(Action) = "action",
    /// An alert that a fault is expected to cause; `t` is when the clock of its deadline starts.
    AlertExpected(AlertExpected) = "alert_expected",
    /// Our own alert sink was closed on purpose, from `t` on.
    SinkOutage(SinkOutage) = "sink_outage",
    /// An alert arrived at the sink.
    AlertReceived(AlertReceived) = "alert_received",
    /// A module changed, as the health page shows it.
    ModuleState(ModuleState) = "module_state",
    /// What the backend says that it saw and did; `t` is its wall-clock stamp on the run's clock, less the last `clock_offset`.
    BackendEvent(BackendEvent) = "backend_event",
    /// What became of the entries that the backend acknowledged.
    Ledger(Ledger) = "ledger",
    /// How far the target's clock is from ours.
    ClockOffset(ClockOffset) = "clock_offset",
    /// How late the fault thread woke.
    Lag(Lag) = "lag",
    /// How requests of goose's own log were placed on the run's clock.
    Alignment(Alignment) = "alignment",
    /// Something that was asked of goose is not done, or endangers the run.
    OptionNotice(OptionNotice) = "option_notice",
    /// goose's own metrics, as goose serialises them.
    GooseMetrics(GooseMetricsLine) = "goose_metrics",
    /// The run ended in an orderly way; a run without this line was interrupted.
    RunFinished(RunFinished) = "run_finished",
    /// One request of a goose user.
    Request(Request<'a>) = "request",
    /// One canary request.
    Canary(Canary<'a>) = "canary",
    /// One poll of the health page.
    Health(Health<'a>) = "health",
}

impl Event<'_> {
    /// Samples come in great number, late and out of order; everything else is a control event.
    #[must_use]
    pub fn is_sample(&self) -> bool {
        matches!(self, Self::Request(_) | Self::Canary(_) | Self::Health(_))
    }

    /// Whether lines of this `type` are samples.
    #[must_use]
    pub fn kind_is_sample(kind: &str) -> bool {
        matches!(kind, "request" | "canary" | "health")
    }
}

/// `run_started`
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct RunStarted {
    /// [`SCHEMA_VERSION`] of the writer.
    pub schema: u32,
    /// The run's id, unique in the journal.
    pub run: String,
    /// Wall-clock time of `t = 0`, RFC 3339.
    pub started_at: String,
    /// Wall-clock time of `t = 0`, in µs since the Unix epoch.
    pub started_at_unix_us: i64,
    /// The seed from which every random draw of the run comes.
    pub seed: u64,
    /// `key=value` labels of the user.
    pub labels: BTreeMap<String, String>,
    /// What was planned, as far as the analysis needs it. Boxed: it is far larger than any other payload.
    pub plan: Box<PlanRecord>,
    /// Versions and machine.
    pub environment: EnvironmentRecord,
}

/// `users_started`
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct UsersStarted {
    /// Traffic users that run.
    pub users: u32,
}

/// `scenario_started`
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct ScenarioStarted {
    /// The scenario's name.
    pub scenario: String,
}

/// `scenario_finished`
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct ScenarioFinished {
    /// The scenario's name.
    pub scenario: String,
}

/// `chain_started`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ChainStarted {
    /// Number of the chain, from 1, unique in the run.
    pub chain: u32,
    /// The scenario it belongs to.
    pub scenario: String,
    /// What is to be hit, in order.
    pub members: Vec<ChainMember>,
    /// The supervision strategy that holds for this chain, when it was changed for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub strategy: Option<String>,
}

/// A planned member of a chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ChainMember {
    /// The kind of fault.
    pub fault: String,
    /// What it is to hit.
    pub target: String,
    /// How long after the first member.
    pub offset_us: u64,
}

/// `chain_member_skipped`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ChainMemberSkipped {
    /// Number of the chain.
    pub chain: u32,
    /// What was to be hit.
    pub target: String,
    /// Why it was not: what was found instead.
    pub reason: String,
}

/// `sink_outage`; deadlines of expected alerts are extended by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SinkOutage {
    /// When alerts were received again.
    pub until_us: Micros,
}

/// `fault_injected`
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct FaultInjected {
    /// Number of the episode, from 1, unique in the run.
    pub episode: u32,
    /// The scenario it belongs to.
    pub scenario: String,
    /// The kind of fault, such as `kill`.
    pub fault: String,
    /// What it hits, such as a module's name.
    pub target: String,
    /// The process it hits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pid: Option<u32>,
    /// The chain it is a member of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chain: Option<u32>,
    /// How long after its action the run ends it while its episode goes on: nothing has recovered before. Absent for what ends
    /// by itself, and for what stays in effect until its episode is decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lasts_us: Option<u64>,
}

/// `fault_confirmed`
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct FaultConfirmed {
    /// Number of the episode.
    pub episode: u32,
    /// What proves the effect, in words: `pidfd: process 123 is gone`.
    pub evidence: String,
}

/// `fault_void`
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct FaultVoid {
    /// Number of the episode.
    pub episode: u32,
    /// Why no effect could be proven.
    pub reason: String,
}

/// `fault_ended`; for a store `t` is the start of the first probe that it answers again.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct FaultEnded {
    /// Number of the episode.
    pub episode: u32,
    /// When undoing it began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undo_us: Option<Micros>,
}

/// `episode_closed`
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct EpisodeClosed {
    /// Number of the episode.
    pub episode: u32,
    /// What the live run made of it: `recovered`, `censored`, `void` or `aborted`.
    pub outcome: String,
    /// When it was well again, as the live run saw it; only of one that recovered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recovered_us: Option<Micros>,
}

/// `action`
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Action {
    /// The episode in which it happened, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub episode: Option<u32>,
    /// What was done, such as `restart session`.
    pub what: String,
    /// Part of the scenario's script; anything else makes a recovery not automatic.
    pub scripted: bool,
    /// HTTP status of the answer, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// What the answer says of a resync that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resync: Option<ResyncRecord>,
}

/// `alert_expected`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AlertExpected {
    /// Number of the episode that expects it.
    pub episode: u32,
    /// The module it must name.
    pub module: String,
    /// The kinds that satisfy it, such as `module_crashed`.
    pub kinds: Vec<String>,
    /// Least severity: `info`, `warning` or `critical`.
    pub min_severity: String,
    /// It is missed when it has not come this long after `t`.
    pub deadline_us: u64,
}

/// `alert_received`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AlertReceived {
    /// The sender's id of the alert.
    pub id: String,
    /// The idempotency key: the same key twice is a duplicate.
    pub key: String,
    /// `info`, `warning` or `critical`.
    pub severity: String,
    /// What happened, such as `module_crashed`.
    pub kind: String,
    /// The module it is about.
    pub module: String,
    /// The text for people.
    pub message: String,
    /// When the sender says that it arose, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raised_at: Option<String>,
}

/// `module_state`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ModuleState {
    /// The module's name.
    pub module: String,
    /// Its status on the health page.
    pub status: String,
    /// Its process.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pid: Option<u32>,
    /// Its restart count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restarts: Option<u64>,
}

/// `backend_event`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BackendEvent {
    /// The backend's sequence number.
    pub seq: u64,
    /// `spawned`, `ready`, `exited`, `hung`, `start_timeout`, `backoff`, `stopping`, `stable`, `gave_up`,
    /// `restart_requested`, `store_down`, `store_up`, `resync_started`, `resync_finished`, `stores_restored`, or a
    /// later kind.
    pub kind: String,
    /// The module or store that it is about.
    pub module: String,
    /// The process it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pid: Option<u32>,
    /// Number of the restart attempt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempt: Option<u32>,
    /// Why, in the backend's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// What a resync did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resync: Option<ResyncRecord>,
}

/// A resync as the backend reports it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ResyncRecord {
    /// The backend's id of it.
    pub id: String,
    /// `automatic` or `requested`.
    pub trigger: String,
    /// `succeeded` or `failed`.
    pub outcome: String,
    /// Entries that waited in the spool and are in the database now.
    #[serde(default)]
    pub replayed: u64,
    /// Sessions that were written anew into the cache.
    #[serde(default)]
    pub rebuilt: u64,
    /// Sessions whose totals were wrong and were put right.
    #[serde(default)]
    pub repaired: u64,
    /// What cannot be put right.
    #[serde(default)]
    pub mismatches: u64,
    /// How long it took.
    #[serde(default)]
    pub duration_ms: u64,
    /// Why it failed, or what is still to be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// `ledger`: counts of all entries since the run began, as a complete read-back of every session shows them. There is
/// one after each store episode, with all users held still, and one at the end; `t` is when the read-back was complete.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Ledger {
    /// Answered 2xx.
    pub acknowledged: u64,
    /// Acknowledged and read back unchanged.
    pub stable: u64,
    /// Acknowledged, read back with other content.
    pub stale: u64,
    /// Acknowledged, and a complete read does not show it.
    pub lost: u64,
    /// Acknowledged, but its session could not be read.
    pub never_read: u64,
    /// Read, but never sent.
    pub unexpected: u64,
    /// Sent, with no answer: may or may not be there.
    pub indeterminate: u64,
    /// The store episode after which it was read; absent at the end of the run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub episode: Option<u32>,
    /// The users were held still from here to `t`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_from_us: Option<Micros>,
    /// Of the lost and stale entries, those that no earlier read-back of this run has found; absent at the end of a
    /// run without store episodes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newly_damaged: Option<u64>,
    /// Acknowledged entries of which the answer said that they were safe in the spool.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spooled: Option<u64>,
    /// Entries that the backend says it replayed from the spool; the analysis adds them up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replayed: Option<u64>,
    /// Sessions of which cache and database were both asked; absent when the target cannot be asked so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compared: Option<u64>,
    /// Those of them of which the two do not say the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache_differs: Option<u64>,
}

/// `goose_metrics`
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct GooseMetricsLine {
    /// goose's `GooseMetrics`.
    #[schemars(with = "serde_json::Value")]
    pub metrics: Box<RawValue>,
}

/// `run_finished`
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct RunFinished {
    /// How it ended.
    pub reason: FinishReason,
    /// In words, when not `completed`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// How often a user had to wait for the journal.
    pub journal_stalls: u64,
    /// How long users waited for the journal in sum.
    pub journal_stalled_us: u64,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FinishReason {
    /// Every step of every scenario was run.
    Completed,
    /// Ctrl-C or SIGTERM.
    Interrupted,
    /// A guardrail ended it.
    Aborted,
    /// The harness could not go on.
    Failed,
}

/// The [`Request::name`] of users' requests that append an entry to a session.
pub const APPEND: &str = "POST entries";

/// `request`
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Request<'a> {
    /// From start to the last byte of the answer.
    pub duration_us: u64,
    /// Number of the goose user.
    pub user: u32,
    /// The request's name, such as [`APPEND`].
    #[serde(borrow)]
    pub name: Cow<'a, str>,
    /// HTTP status; absent when there was no answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Whether it met its contract.
    pub ok: bool,
    /// What went wrong.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub error: Option<Cow<'a, str>>,
}

/// `canary`; `t` is the *intended* start.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Canary<'a> {
    /// From the intended start to the last byte of the answer.
    pub duration_us: u64,
    /// How much later than intended it was sent.
    pub lag_us: u64,
    /// HTTP status; absent when there was no answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Whether it met its contract.
    pub ok: bool,
    /// What went wrong.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub error: Option<Cow<'a, str>>,
}

/// `health`; `t` is the *intended* start.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Health<'a> {
    /// From the intended start to the last byte of the answer.
    pub duration_us: u64,
    /// How much later than intended it was sent.
    pub lag_us: u64,
    /// HTTP status; absent when there was no answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Whether the page says that the system is well.
    pub ok: bool,
    /// The overall status that the page gives.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub overall: Option<Cow<'a, str>>,
}

//! What an outage of the stores did to the state.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::journal::event::ResyncRecord;
use crate::lang::Sentence;

/// The state after a store fault.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StateRecovery {
    /// From t0 to the end of the fault: how long the stores were away.
    pub outage_us: Option<u64>,
    /// From the end of the fault until the backend says that the state is whole again.
    pub resync_us: Option<u64>,
    /// Entries that were acknowledged from the spool in this episode; absent without a read-back that tells.
    pub spooled: Option<u64>,
    /// Entries that the resyncs of this episode brought from the spool into the database; absent without a report.
    pub replayed: Option<u64>,
    /// The resync that the backend made by itself: the last one that succeeded in time and before any was forced or,
    /// failing that, the last one.
    pub automatic: Option<ResyncRecord>,
    /// Resyncs that were asked for, in order.
    pub requested: Vec<RequestedResync>,
    /// What the read-back after this episode shows.
    pub read_back: Option<ReadBack>,
    /// Whether the state was whole again by itself and in time, with no acknowledged entry damaged: what
    /// `state_resync_rate` counts. Absent when that is not known.
    pub resynced: Option<bool>,
    /// Why it is not, or why it is not known.
    pub reason: Option<Sentence>,
}

/// A resync that somebody asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RequestedResync {
    /// HTTP status of the answer; absent without one, and when not the harness asked.
    pub status: Option<u16>,
    /// `succeeded`, `failed`, `refused`, or `unknown` when nobody said.
    pub outcome: String,
    /// What the backend reports of it.
    pub resync: Option<ResyncRecord>,
}

/// What a complete read-back after an episode shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReadBack {
    /// Acknowledged entries that are lost or changed, and that no earlier read-back has found.
    pub newly_damaged: u64,
    /// Acknowledged entries whose session could not be read.
    pub never_read: u64,
    /// Sessions of which cache and database were both asked; absent when the target cannot be asked so.
    pub compared: Option<u64>,
    /// Those of them of which the two do not say the same.
    pub cache_differs: Option<u64>,
}

/// The resyncs of the run, by what caused them: a forced one cannot stand in for one that did not come by itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Resyncs {
    /// Begun by the backend itself; absent when the backend gives no events, so that nobody saw them.
    pub automatic: Option<AutomaticResyncs>,
    /// Asked for.
    pub requested: RequestedResyncs,
}

/// Resyncs that the backend began by itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AutomaticResyncs {
    /// Begun.
    pub begun: u64,
    /// Those of them that succeeded.
    pub succeeded: u64,
    /// Those of them that failed.
    pub failed: u64,
}

/// Resyncs that were asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RequestedResyncs {
    /// Asked for.
    pub asked: u64,
    /// Those of them that succeeded.
    pub succeeded: u64,
    /// Those of them that failed.
    pub failed: u64,
    /// Those of them that were refused: one was running, or a store was still away.
    pub refused: u64,
    /// Those of which nobody said how they ended.
    pub unknown: u64,
}

/// How many of the acknowledged entries of the session log are gone.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LossRate {
    /// Acknowledged, and a complete read does not show it.
    pub lost: u64,
    /// Acknowledged entries that were read back: all but those that were never read.
    pub read: u64,
    /// `lost` ÷ `read`.
    pub rate: f64,
    /// Exact one-sided 95 % upper bound of the rate.
    pub upper_bound: f64,
}

/// The store episodes of one target and one kind of fault.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StoreRow {
    /// `database`, `cache` or `database+cache`.
    pub target: String,
    /// The kind of fault.
    pub fault: String,
    /// Decided episodes.
    pub episodes: u64,
    /// Void and aborted ones, which count in no other column.
    pub left_out: u64,
    /// Those of the decided after which the state was whole again by itself, in time.
    pub resynced: u64,
    /// Those of the decided of which that is not known.
    pub unknown: u64,
    /// Acknowledged entries that their read-backs found damaged; absent without a read-back.
    pub newly_damaged: Option<u64>,
    /// Entries that were acknowledged from the spool.
    pub spooled: Option<u64>,
    /// Entries that were brought from the spool into the database.
    pub replayed: Option<u64>,
}

//! What the session module tells the manager about its stores.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

/// Whether a store answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Availability {
    pub(crate) up: bool,
    /// Whether the store was asked: until then it is only assumed to be up.
    pub(crate) known: bool,
    /// Wall clock, microseconds since the Unix epoch.
    pub(crate) since_us: i64,
    /// Why it is down; empty while it is up.
    pub(crate) reason: String,
}

/// Who asked for a resync.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Trigger {
    /// A store is back.
    Automatic,
    /// `POST /api/recovery/state_resync`.
    Requested,
}

impl Trigger {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Automatic => "automatic",
            Self::Requested => "requested",
        }
    }
}

/// How a resync ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Outcome {
    Succeeded,
    Failed,
}

/// What a resync did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = ResyncReport)]
pub(crate) struct Report {
    pub(crate) id: String,
    pub(crate) trigger: Trigger,
    /// Entries of the spool that the database holds now.
    pub(crate) replayed: u64,
    /// Sessions whose hot state was missing or wrong in the cache and was written anew.
    pub(crate) rebuilt: u64,
    /// Sessions whose totals did not fit their entries, or whose hot state was still wrong after the rebuilding.
    pub(crate) repaired: u64,
    /// What cannot be put right: acknowledged entries or parts of the spool that are not at their place.
    pub(crate) mismatches: u64,
    pub(crate) duration_ms: u64,
    pub(crate) outcome: Outcome,
    /// Why it failed, or what is still to be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<String>,
}

/// One resync, from its beginning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Episode {
    /// From 1, rising within one process.
    pub(crate) number: u64,
    pub(crate) id: String,
    pub(crate) trigger: Trigger,
    pub(crate) started_us: i64,
    /// None while it runs.
    pub(crate) report: Option<Report>,
}

/// The condition of both stores at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StoresStatus {
    /// Another one for every process of the session module: its episodes count from 1 again.
    pub(crate) epoch: u64,
    pub(crate) database: Availability,
    pub(crate) cache: Availability,
    /// The database was away, and no resync has succeeded since.
    pub(crate) unsynced: bool,
    /// The cache may have missed a write.
    pub(crate) cache_stale: bool,
    /// The cache was compared with the database by this process.
    pub(crate) cache_checked: bool,
    /// The stores were asked, the spool was read, and what that made necessary was begun. Until then everything here is
    /// only assumed.
    pub(crate) examined: bool,
    /// Since when [`StoresStatus::is_restored`] holds, wall clock, microseconds since the Unix epoch; none while it does
    /// not.
    pub(crate) restored_us: Option<i64>,
    /// Entries in the spool.
    pub(crate) spooled: usize,
    /// The resync that runs.
    pub(crate) running: Option<String>,
    /// Resyncs begun by this process.
    pub(crate) begun: u64,
    /// The latest of them, oldest first.
    pub(crate) history: VecDeque<Episode>,
}

impl StoresStatus {
    /// Whether both stores are up and, after an outage, verified to hold everything. A resync on request takes nothing
    /// away from that.
    pub(crate) fn is_restored(&self) -> bool {
        self.examined && self.cache_checked && self.has_everything()
    }

    /// Whether both stores are up and nothing is known to be missing.
    pub(crate) fn has_everything(&self) -> bool {
        let automatic = |episode: &Episode| episode.report.is_none() && episode.trigger == Trigger::Automatic;
        let up = self.database.up && self.cache.up;
        let missing = self.unsynced || self.cache_stale || self.spooled > 0;
        up && !missing && !self.history.back().is_some_and(automatic)
    }
}

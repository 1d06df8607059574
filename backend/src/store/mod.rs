//! Where session entries live: a database behind the [`DatabaseStore`] trait, the [`spool`] in front of it, and the
//! group commit in front of both.
//!
//! [`entry_log`] decides where an entry goes; [`condition`] knows which store is away. [`hot_state`] keeps what is asked
//! often in a cache behind the [`CacheStore`] trait. [`place`] says where both are: each is a SQLite file or a server,
//! PostgreSQL or Redis. What the traits promise is checked on all of them by the contract tests.

mod condition;
mod conflicts;
mod entry_log;
mod group_commit;
mod hot_state;
mod place;
mod postgres;
mod postgres_pool;
mod postgres_totals;
mod record;
mod redis_cache;
mod redis_link;
mod spool;
mod sqlite;
mod sqlite_cache;
mod sqlite_totals;
mod totals_row;

#[cfg(test)]
mod contract_cache;
#[cfg(test)]
mod contract_database;

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;

pub(crate) use condition::Condition;
pub(crate) use entry_log::{Durability, EntryLog, Written};
pub(crate) use group_commit::GroupCommit;
pub(crate) use hot_state::HotState;
pub(crate) use place::{CACHE_VARIABLE, CachePlace, DATABASE_VARIABLE, DatabasePlace, Places, StoreKinds};
pub use place::{StoreArgs, StoreArgsError, StoreUrl};
pub(crate) use postgres::PostgresStore;
pub(crate) use redis_cache::RedisCache;
pub(crate) use spool::Spool;
pub(crate) use sqlite::{SqliteStore, sqlite_pool};
pub(crate) use sqlite_cache::SqliteCache;

use crate::module::{SessionId, SetChecksum};

/// What a store's methods answer with: boxed, so that the kind of store can be chosen when the process starts.
pub(crate) type StoreFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// A durable, ordered log of entries per session.
pub(crate) trait DatabaseStore: std::fmt::Debug + Send + Sync {
    /// Appends `batch` in one transaction: durable when it returns, or nothing of it was written.
    /// The totals of the sessions that it adds to change in the same transaction.
    fn append<'a>(&'a self, batch: &'a [NewEntry]) -> StoreFuture<'a, Committed>;

    /// The totals of at most `limit` sessions after `after`, in the order of their names.
    fn totals<'a>(
        &'a self,
        after: Option<&'a SessionId>,
        limit: u32,
    ) -> StoreFuture<'a, Vec<(SessionId, Totals)>>;

    /// The session's totals.
    fn totals_of<'a>(&'a self, session: &'a SessionId) -> StoreFuture<'a, Option<Totals>>;

    /// Corrects the session's totals, if they are still what they were when `held` was read; whether they were.
    fn set_totals<'a>(
        &'a self,
        session: &'a SessionId,
        held: Option<&'a Totals>,
        totals: &'a Totals,
    ) -> StoreFuture<'a, bool>;

    /// Session, `seq` and checksum of at most `limit` entries after `after`, in this order; of one session, or of all.
    fn digests<'a>(
        &'a self,
        after: Option<&'a (SessionId, u64)>,
        of: Option<&'a SessionId>,
        limit: u32,
    ) -> StoreFuture<'a, Vec<(SessionId, u64, String)>>;

    /// The session's totals, and its entries after `after` in the order of their `seq`: at most `limit` of them, and
    /// no more once their payloads exceed `max_bytes` (the first one is always given).
    fn page<'a>(
        &'a self,
        session: &'a SessionId,
        after: Option<u64>,
        limit: u32,
        max_bytes: usize,
    ) -> StoreFuture<'a, SessionPage>;

    /// Whether the store answers at all.
    fn ping(&self) -> StoreFuture<'_, ()>;

    /// Brings the tables up to date; quick when they are. Once it has answered, nothing that was begun before it, by
    /// whichever process, will be committed any more.
    fn migrate(&self) -> StoreFuture<'_, ()>;
}

/// A cache of each session's totals and latest analysis. It may lose everything at any time.
pub(crate) trait CacheStore: std::fmt::Debug + Send + Sync {
    /// Makes what it needs, and answers its generation: none when nobody has filled it.
    fn prepare(&self) -> StoreFuture<'_, Option<String>>;

    /// Gives it a generation, which is lost with everything else.
    fn set_generation<'a>(&'a self, id: &'a str) -> StoreFuture<'a, ()>;

    /// Writes totals, and keeps the sessions' analyses.
    fn put<'a>(&'a self, states: &'a [(SessionId, Totals)]) -> StoreFuture<'a, ()>;

    /// Writes analyses, JSON, of sessions that it has totals of.
    fn put_analyses<'a>(&'a self, analyses: &'a [(SessionId, String)]) -> StoreFuture<'a, ()>;

    /// The totals of those of `sessions` that it has.
    fn get<'a>(&'a self, sessions: &'a [SessionId]) -> StoreFuture<'a, HashMap<SessionId, Totals>>;

    /// The session's latest analysis, JSON.
    fn analysis<'a>(&'a self, session: &'a SessionId) -> StoreFuture<'a, Option<String>>;

    /// At most `limit` of its sessions after `after`, in the order of their names.
    fn names<'a>(&'a self, after: Option<&'a SessionId>, limit: u32) -> StoreFuture<'a, Vec<SessionId>>;

    /// Forgets `sessions`.
    fn remove<'a>(&'a self, sessions: &'a [SessionId]) -> StoreFuture<'a, ()>;
}

/// What is known of a session without reading its entries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    /// Entries.
    pub(crate) count: u64,
    pub(crate) last_seq: u64,
    /// Of the set of all entries.
    pub(crate) checksum: SetChecksum,
}

impl Totals {
    /// Adds one entry.
    pub(crate) fn add(&mut self, seq: u64, checksum: &str) {
        self.count += 1;
        self.last_seq = self.last_seq.max(seq);
        self.checksum.add(seq, checksum);
    }
}

/// What an append did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Committed {
    /// In the order of the batch.
    pub(crate) appended: Vec<Appended>,
    /// The new totals of the sessions that entries were added to.
    pub(crate) totals: Vec<(SessionId, Totals)>,
}

/// An entry that ingest has validated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NewEntry {
    pub(crate) session: SessionId,
    /// At most [`MAX_SEQ`].
    pub(crate) seq: u64,
    /// Canonical JSON.
    pub(crate) payload: String,
    pub(crate) checksum: String,
}

/// Databases count in signed 64-bit integers.
pub(crate) const MAX_SEQ: u64 = i64::MAX as u64;

/// What an append found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Appended {
    /// It is new, and durable now.
    Created,
    /// The same entry was durable before.
    Same,
    /// Another payload holds this place.
    Conflict,
}

/// A part of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SessionPage {
    /// Entries in the whole session.
    pub(crate) count: u64,
    /// The greatest `seq` in the whole session.
    pub(crate) last_seq: Option<u64>,
    pub(crate) entries: Vec<StoredEntry>,
}

/// An entry as it was read back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StoredEntry {
    pub(crate) seq: u64,
    pub(crate) payload: String,
    pub(crate) checksum: String,
}

/// Why a store did not do its work. Whether an append that ends so was written is not known.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum StoreError {
    #[error("the store failed: {0}")]
    Failed(String),
    #[error("the store did not answer within {0:?}")]
    TimedOut(std::time::Duration),
    #[error("too many calls are waiting for the store")]
    Busy,
    /// Only of a cache, and no outage: it answers.
    #[error("the cache was emptied or filled by another process")]
    Replaced,
    #[error(
        "the spool of waiting entries cannot be used: {0}; make room on its disk or move what is in its place"
    )]
    Spool(String),
}

impl StoreError {
    /// Whether the store itself failed or hung.
    pub(crate) fn is_outage(&self) -> bool {
        matches!(self, Self::Failed(_) | Self::TimedOut(_))
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            // Every connection was busy for longer than the pool lets a caller wait.
            sqlx::Error::PoolTimedOut => Self::Busy,
            error => Self::Failed(error.to_string()),
        }
    }
}

//! Where session entries live: a database behind the [`DatabaseStore`] trait, the [`spool`] in front of it, and the
//! group commit in front of both.
//!
//! [`entry_log`] decides where an entry goes; [`condition`] knows which store is away.

mod condition;
mod conflicts;
mod entry_log;
mod group_commit;
mod record;
mod spool;
mod sqlite;

use std::future::Future;
use std::pin::Pin;

pub(crate) use condition::Condition;
pub(crate) use entry_log::{Durability, EntryLog, Written};
pub(crate) use group_commit::GroupCommit;
pub(crate) use spool::Spool;
pub(crate) use sqlite::{SqliteStore, sqlite_pool};

use crate::module::SessionId;

/// What a store's methods answer with: boxed, so that the kind of store can be chosen when the process starts.
pub(crate) type StoreFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// A durable, ordered log of entries per session.
pub(crate) trait DatabaseStore: std::fmt::Debug + Send + Sync {
    /// Appends `batch` in one transaction: durable when it returns, or nothing of it was written.
    /// The answers are in the order of `batch`.
    fn append<'a>(&'a self, batch: &'a [NewEntry]) -> StoreFuture<'a, Vec<Appended>>;

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

    /// Brings the tables up to date; quick when they are.
    fn migrate(&self) -> StoreFuture<'_, ()>;
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
    #[error("the database failed: {0}")]
    Failed(String),
    #[error("the database did not answer within {0:?}")]
    TimedOut(std::time::Duration),
    #[error("too many calls are waiting for the database")]
    Busy,
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

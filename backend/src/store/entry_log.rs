//! The durable log of entries: the database, and the spool in front of it while the database is away.
//!
//! An entry goes to the database while that works and nothing waits in the spool; otherwise it goes to the spool, so that
//! the order of acknowledgement is kept and a place that the spool has given is not given again. A database that fails
//! or hangs in the middle of an append counts as away from then on: what it did with that append is not known, so the
//! whole append goes to the spool and is replayed idempotently.
//!
//! **What is known while the database is away**: every entry in the spool, so a repeated one is recognised and another
//! payload at its place is a conflict at once. What only the database holds is not known. An entry that it holds already
//! is taken again, harmlessly; another payload at its place is found by the replay, which keeps the database's entry and
//! writes the spooled one to [`Replayed::conflicts`], for the resync to report as a mismatch.

use std::sync::Arc;

use tokio::sync::Mutex;

use super::condition::Condition;
use super::group_commit::BATCH;
use super::spool::{Spool, SpoolIndex};
use super::{Appended, Committed, DatabaseStore, HotState, NewEntry, StoreError};

/// What is left of the spool when new appends are made to wait for the end of a replay: a few batches.
const LAST_PIECE: u64 = 256 * 1024;

/// Where an entry is safe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Durability {
    Database,
    Spool,
}

/// What became of one entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Written {
    pub(crate) appended: Appended,
    pub(crate) durability: Durability,
}

/// What a replay did.
#[derive(Debug, Default)]
pub(crate) struct Replayed {
    /// Entries of the spool that the database holds now.
    pub(crate) replayed: u64,
    /// Spooled entries whose place the database had given to another payload.
    pub(crate) conflicts: Vec<NewEntry>,
    /// Damaged tails of the spool, moved aside.
    pub(crate) damaged: u64,
}

/// The database with the spool in front of it.
#[derive(Debug)]
pub(crate) struct EntryLog {
    database: Arc<dyn DatabaseStore>,
    /// Who holds it is the only one who writes entries.
    spool: Mutex<Spool>,
    index: SpoolIndex,
    hot: Arc<HotState>,
    condition: Arc<Condition>,
}

impl EntryLog {
    pub(crate) fn new(
        database: Arc<dyn DatabaseStore>,
        hot: Arc<HotState>,
        spool: Spool,
        condition: Arc<Condition>,
    ) -> Self {
        let index = spool.index();
        Self { database, spool: Mutex::new(spool), index, hot, condition }
    }

    /// What waits in the spool.
    pub(crate) fn spooled(&self) -> &SpoolIndex {
        &self.index
    }

    /// Appends `batch`; the answers are in its order.
    pub(crate) async fn append(&self, batch: &[NewEntry]) -> Vec<Result<Written, StoreError>> {
        let mut spool = self.spool.lock().await;
        if let Err(error) = spool.open().await {
            return batch.iter().map(|_| Err(error.clone())).collect();
        }
        if spool.is_empty() && self.condition.database_is_up() {
            match self.database.append(batch).await {
                Ok(Committed { appended, totals }) => {
                    self.hot.committed(totals);
                    let written = |appended| Ok(Written { appended, durability: Durability::Database });
                    return appended.into_iter().map(written).collect();
                }
                Err(error) => self.condition.database_failed(&error),
            }
        }
        let answers = spool.append(batch).await;
        self.condition.spooled(self.index.total());
        let written = |appended| Written { appended, durability: Durability::Spool };
        answers.into_iter().map(|answer| answer.map(written)).collect()
    }

    /// Keeps everybody from writing entries for as long as the answer lives.
    pub(crate) async fn pause(&self) -> impl Drop + '_ {
        self.spool.lock().await
    }

    /// Whether something waits for the database.
    pub(crate) async fn has_spooled(&self) -> Result<bool, StoreError> {
        let mut spool = self.spool.lock().await;
        spool.open().await?;
        self.condition.spooled(self.index.total());
        Ok(!spool.is_empty())
    }

    /// Puts everything that waits into the database, in order, and empties the spool. Interrupted at any point, it can
    /// be started over.
    pub(crate) async fn replay(&self, conflicts_to: &std::path::Path) -> Result<Replayed, StoreError> {
        let outcome = self.replay_all(conflicts_to).await;
        if matches!(outcome, Err(StoreError::Spool(_))) {
            // It does not hold what was written: reading it anew saves what is whole, and sets the rest aside.
            self.spool.lock().await.distrust();
        }
        outcome
    }

    async fn replay_all(&self, conflicts_to: &std::path::Path) -> Result<Replayed, StoreError> {
        let mut done = Replayed::default();
        let mut offset = 0;
        loop {
            let view = {
                let mut spool = self.spool.lock().await;
                spool.open().await?;
                spool.view()
            };
            if view.len <= offset + LAST_PIECE {
                break;
            }
            offset = self.replay_window(&view, offset, &mut done).await?;
        }
        let mut spool = self.spool.lock().await;
        let view = spool.view();
        while offset < view.len {
            offset = self.replay_window(&view, offset, &mut done).await?;
        }
        done.damaged = spool.take_damaged();
        // Only now, and only when the conflicting entries are safe elsewhere, is the spool of no more use.
        super::conflicts::keep(conflicts_to, &done.conflicts).await?;
        spool.clear().await?;
        self.condition.spooled(0);
        Ok(done)
    }

    async fn replay_window(
        &self,
        view: &super::spool::SpoolView,
        offset: u64,
        done: &mut Replayed,
    ) -> Result<u64, StoreError> {
        let (entries, next) = view.read(offset).await?;
        for chunk in entries.chunks(BATCH) {
            let answers = self.database.append(chunk).await;
            let Committed { appended, totals } =
                answers.inspect_err(|error| self.condition.database_failed(error))?;
            self.hot.committed(totals);
            for (entry, appended) in chunk.iter().zip(appended) {
                match appended {
                    Appended::Created | Appended::Same => done.replayed += 1,
                    Appended::Conflict => done.conflicts.push(entry.clone()),
                }
            }
        }
        Ok(next)
    }
}

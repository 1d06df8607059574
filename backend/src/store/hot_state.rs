//! The hot state of sessions: the cache, written behind the database's back.
//!
//! A commit to the database does not wait for the cache: new totals are put aside, merged per session, and written a
//! little later. Reads look at what was put aside first. A crash in between leaves the cache behind the database, so a
//! process that starts compares the two before it reads from the cache.
//!
//! A cache that failed once may have missed a write: it is marked stale, with a file, so that no crash can forget it,
//! and only a resync clears the mark. A cache that was emptied is known by its generation, which is gone.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex as AsyncMutex, Notify};

use super::condition::Condition;
use super::spool::{blocking, make_file};
use super::{CacheStore, StoreError, Totals};
use crate::module::SessionId;

/// How long totals are gathered: the cache commits at most 50 times a second.
const GATHER: Duration = Duration::from_millis(20);

#[derive(Debug, Default)]
struct Aside {
    totals: HashMap<SessionId, Totals>,
    analyses: HashMap<SessionId, String>,
}

/// A filling of the cache that goes on.
#[derive(Debug)]
pub(crate) struct Filling {
    generation: String,
    /// Failures before it.
    failures: u64,
}

/// The cache and what is on its way into it.
#[derive(Debug)]
pub(crate) struct HotState {
    cache: Arc<dyn CacheStore>,
    condition: Arc<Condition>,
    stale_mark: PathBuf,
    aside: Mutex<Aside>,
    wake: Notify,
    /// Who holds it is the only one who writes to the cache.
    turn: AsyncMutex<()>,
    generation: Mutex<Option<String>>,
    /// Calls that failed: each may have lost something that was on its way into the cache.
    failures: AtomicU64,
}

impl HotState {
    /// Hot state in `cache`; the file `stale_mark` says that it is stale.
    pub(crate) fn new(cache: Arc<dyn CacheStore>, condition: Arc<Condition>, stale_mark: PathBuf) -> Self {
        if stale_mark.exists() {
            condition.cache_is_stale();
        }
        let (aside, generation) = (Mutex::default(), Mutex::default());
        let (wake, turn) = (Notify::new(), AsyncMutex::new(()));
        let failures = AtomicU64::new(0);
        Self { cache, condition, stale_mark, aside, wake, turn, generation, failures }
    }

    /// Takes totals that the database has just committed, in the order of its commits.
    pub(crate) fn committed(&self, totals: Vec<(SessionId, Totals)>) {
        // A stale cache is written too: a resync that runs may have looked at these sessions already.
        if !self.condition.cache_is_up() {
            return;
        }
        self.aside.lock().unwrap_or_else(PoisonError::into_inner).totals.extend(totals);
        self.wake.notify_one();
    }

    /// Takes the latest analysis of a session.
    pub(crate) fn analysed(&self, session: SessionId, analysis: String) {
        if !self.condition.cache_is_up() {
            return;
        }
        self.aside.lock().unwrap_or_else(PoisonError::into_inner).analyses.insert(session, analysis);
        self.wake.notify_one();
    }

    /// Writes what is put aside, for as long as the process lives.
    pub(crate) async fn write_behind(self: Arc<Self>) {
        loop {
            self.wake.notified().await;
            tokio::time::sleep(GATHER).await;
            // The failure is noted, and a resync repairs what it left out.
            let _ = self.flush().await;
        }
    }

    /// Writes what is put aside now.
    pub(crate) async fn flush(&self) -> Result<(), StoreError> {
        let _turn = self.turn.lock().await;
        let aside = std::mem::take(&mut *self.aside.lock().unwrap_or_else(PoisonError::into_inner));
        let totals: Vec<_> = aside.totals.into_iter().collect();
        let analyses: Vec<_> = aside.analyses.into_iter().collect();
        let outcome = async {
            if !totals.is_empty() {
                self.cache.put(&totals).await?;
            }
            if !analyses.is_empty() {
                self.cache.put_analyses(&analyses).await?;
            }
            Ok(())
        };
        match outcome.await {
            Ok(()) => Ok(()),
            Err(error) => Err(self.not_written(error).await),
        }
    }

    /// Writes `totals`, newer than anything put aside for these sessions.
    pub(crate) async fn put(&self, totals: &[(SessionId, Totals)]) -> Result<(), StoreError> {
        let _turn = self.turn.lock().await;
        for (session, _) in totals {
            self.aside.lock().unwrap_or_else(PoisonError::into_inner).totals.remove(session);
        }
        match self.cache.put(totals).await {
            Ok(()) => Ok(()),
            Err(error) => Err(self.not_written(error).await),
        }
    }

    /// The session's totals, when the cache can be trusted.
    pub(crate) async fn totals(&self, session: &SessionId) -> Result<Option<Totals>, StoreError> {
        if let Some(totals) = self.aside.lock().unwrap_or_else(PoisonError::into_inner).totals.get(session) {
            return Ok(Some(totals.clone()));
        }
        let mut found = self.read(self.cache.get(std::slice::from_ref(session))).await?;
        Ok(found.remove(session))
    }

    /// What the cache holds of `sessions`.
    pub(crate) async fn held(
        &self,
        sessions: &[SessionId],
    ) -> Result<HashMap<SessionId, Totals>, StoreError> {
        self.read(self.cache.get(sessions)).await
    }

    /// The session's latest analysis.
    pub(crate) async fn analysis(&self, session: &SessionId) -> Result<Option<String>, StoreError> {
        self.read(self.cache.analysis(session)).await
    }

    /// The names of at most `limit` sessions in the cache after `after`, in order.
    pub(crate) async fn names(
        &self,
        after: Option<&SessionId>,
        limit: u32,
    ) -> Result<Vec<SessionId>, StoreError> {
        self.read(self.cache.names(after, limit)).await
    }

    /// Removes `sessions` from the cache.
    pub(crate) async fn remove(&self, sessions: &[SessionId]) -> Result<(), StoreError> {
        self.read(self.cache.remove(sessions)).await
    }

    /// Asks the cache whether it is there, and whether it is still the one that we filled.
    pub(crate) async fn probe(&self) {
        match self.cache.prepare().await {
            Ok(found) => {
                let known = self.generation.lock().unwrap_or_else(PoisonError::into_inner).clone();
                if known.is_some() && found != known {
                    tracing::warn!("the cache was emptied or replaced");
                    self.mark_stale().await;
                }
                self.condition.cache_answered();
            }
            Err(error) => {
                self.failed(error).await;
            }
        }
    }

    /// Begins to fill the cache; what comes later is worth nothing when it is emptied or fails meanwhile.
    pub(crate) async fn begin_filling(&self) -> Result<Filling, StoreError> {
        // No write of ours is under way, so none can be refused for having been meant for the generation before.
        let _turn = self.turn.lock().await;
        let failures = self.failures.load(Ordering::Relaxed);
        let generation = format!("{:016x}", rand::random::<u64>());
        self.read(self.cache.set_generation(&generation)).await?;
        *self.generation.lock().unwrap_or_else(PoisonError::into_inner) = Some(generation.clone());
        Ok(Filling { generation, failures })
    }

    /// Trusts the cache: since `filling` began it was given all that the database holds.
    pub(crate) async fn trust(&self, filling: Filling) -> Result<(), StoreError> {
        let generation = self.read(self.cache.prepare()).await?;
        let failures = self.failures.load(Ordering::Relaxed);
        if failures != filling.failures || generation != Some(filling.generation) {
            self.mark_stale().await;
            return Err(StoreError::Failed("the cache failed or was emptied meanwhile".to_owned()));
        }
        let mark = self.stale_mark.clone();
        let removed = blocking(move || match std::fs::remove_file(&mark) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
            Ok(()) | Err(_) => Ok(()),
        });
        if let Err(error) = removed.await {
            // Harmless: the next start resyncs once more.
            tracing::warn!(%error, "cannot remove the mark of a stale cache");
        }
        self.condition.cache_is_trusted();
        Ok(())
    }

    async fn read<T>(&self, call: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
        match call.await {
            Ok(answer) => Ok(answer),
            Err(error) => Err(self.failed(error).await),
        }
    }

    async fn failed(&self, error: StoreError) -> StoreError {
        if error.is_outage() {
            self.condition.cache_failed(&error);
            self.lost_something().await;
        }
        error
    }

    /// As [`HotState::failed`], for a write. One that finds another generation is lost as well; a read that does may only
    /// have met a filling that began meanwhile, and the next probe tells.
    async fn not_written(&self, error: StoreError) -> StoreError {
        if error == StoreError::Replaced {
            self.lost_something().await;
        }
        self.failed(error).await
    }

    async fn lost_something(&self) {
        self.failures.fetch_add(1, Ordering::Relaxed);
        self.mark_stale().await;
    }

    async fn mark_stale(&self) {
        self.condition.cache_is_stale();
        let mark = self.stale_mark.clone();
        if !mark.exists()
            && let Err(error) = blocking(move || make_file(&mark).map(|_| ())).await
        {
            tracing::error!(%error, "cannot write the mark of a stale cache: a crash now would forget it");
        }
    }
}

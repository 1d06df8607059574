//! One resync: replay, verify the database's totals against its entries, rebuild the cache, verify that.
//!
//! Every step can be started over: a replay is idempotent, totals and hot state are absolute values. The spool is
//! emptied only when the database has everything, and the cache is trusted only at the very end.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;

use super::report::{Outcome, Report, Trigger};
use crate::clock::Clock;
use crate::module::SessionId;
use crate::store::{Condition, DatabaseStore, EntryLog, HotState, StoreError, Totals};

/// Entries read at once: a few milliseconds of the database's time.
const ENTRIES: u32 = 5_000;
/// How often a session is added up when somebody else writes to it, which nobody should.
const RECOUNTS: u32 = 3;
/// Sessions compared at once; new entries wait meanwhile.
const SESSIONS: u32 = 200;

/// The stores, for those who bring them together.
#[derive(Clone, Debug)]
pub(crate) struct Stores {
    pub(crate) database: Arc<dyn DatabaseStore>,
    pub(crate) hot: Arc<HotState>,
    pub(crate) log: Arc<EntryLog>,
    pub(crate) condition: Arc<Condition>,
    /// Where spooled entries go whose place is taken.
    pub(crate) conflicts: PathBuf,
}

#[derive(Debug, Default)]
struct Progress {
    replayed: u64,
    rebuilt: u64,
    repaired: u64,
    mismatches: u64,
}

impl Stores {
    /// Runs a resync that [`Condition::reserve_resync`] has reserved.
    pub(crate) async fn resync(&self, id: String, trigger: Trigger) -> Report {
        let clock = Clock::start();
        self.condition.begin_resync(&id, trigger);
        let mut progress = Progress::default();
        let outcome = self.bring_together(trigger, &mut progress).await;
        let reason = match &outcome {
            Err(error) => Some(error.to_string()),
            Ok(()) if progress.mismatches > 0 => {
                Some(format!("what has no place is kept beside {}", self.conflicts.display()))
            }
            Ok(()) if !self.condition.cache_is_up() => {
                Some("the cache is still away: it is rebuilt when it is back".to_owned())
            }
            Ok(()) => None,
        };
        let through = outcome.is_ok();
        let failed = !through || progress.mismatches > 0;
        let Progress { replayed, rebuilt, repaired, mismatches } = progress;
        let duration_ms = u64::try_from(clock.now().mono.as_millis()).unwrap_or(u64::MAX);
        let outcome = if failed { Outcome::Failed } else { Outcome::Succeeded };
        let report =
            Report { id, trigger, replayed, rebuilt, repaired, mismatches, duration_ms, outcome, reason };
        tracing::info!(?report, "resync ended");
        self.condition.end_resync(&report, through);
        report
    }

    async fn bring_together(&self, trigger: Trigger, progress: &mut Progress) -> Result<(), StoreError> {
        let replayed = self.log.replay(&self.conflicts).await?;
        progress.replayed = replayed.replayed;
        progress.mismatches += replayed.conflicts.len() as u64 + replayed.damaged;
        let outcome = self.verify_and_rebuild(progress).await;
        // The database may be back before the cache is, which is then found out only here: its own return brings the
        // next resync.
        if outcome.is_err() && trigger == Trigger::Automatic && self.is_only_cache_away() {
            return Ok(());
        }
        outcome.inspect_err(|error| self.blame(error))
    }

    fn is_only_cache_away(&self) -> bool {
        !self.condition.cache_is_up() && self.condition.database_is_up() && !self.condition.is_unsynced()
    }

    /// Notes a failure of the database; one of the cache is noted where it happens.
    fn blame(&self, error: &StoreError) {
        if self.condition.cache_is_up() && !self.condition.is_stale() {
            self.condition.database_failed(error);
        }
    }

    async fn verify_and_rebuild(&self, progress: &mut Progress) -> Result<(), StoreError> {
        let mut sessions = self.verify_totals(progress).await?;
        if !self.condition.cache_is_up() {
            return Ok(());
        }
        let filling = self.hot.begin_filling().await?;
        progress.rebuilt = self.compare_cache(&mut sessions, Some(&mut *progress)).await?;
        self.remove_strangers(&sessions, progress).await?;
        let wrong = self.compare_cache(&mut sessions, None).await?;
        progress.repaired += wrong;
        if wrong > 0 {
            progress.mismatches += self.compare_cache(&mut sessions, None).await?;
        }
        self.hot.trust(filling).await
    }

    /// Puts into the cache what it lacks, and removes what another database may have left in it; for a start after which
    /// nothing is known to be missing but what was on its way into the cache.
    pub(crate) async fn catch_up(&self) -> Result<(), StoreError> {
        let filled = async {
            let filling = self.hot.begin_filling().await?;
            let mut sessions = HashSet::new();
            self.compare_cache(&mut sessions, None).await?;
            self.remove_strangers(&sessions, &mut Progress::default()).await?;
            self.hot.trust(filling).await
        };
        filled.await.inspect_err(|error| self.blame(error))
    }

    /// Adds up every entry and compares with the totals of its session. Answers all sessions with entries.
    async fn verify_totals(&self, progress: &mut Progress) -> Result<HashSet<SessionId>, StoreError> {
        let mut sessions = HashSet::new();
        let mut current: Option<(SessionId, Totals)> = None;
        let mut after = None;
        loop {
            let rows = self.database.digests(after.as_ref(), None, ENTRIES).await?;
            let whole = rows.len() == ENTRIES as usize;
            for (session, seq, checksum) in rows {
                if current.as_ref().is_none_or(|(name, _)| *name != session) {
                    self.verify_session(current.take(), &mut sessions, progress).await?;
                    current = Some((session.clone(), Totals::default()));
                }
                if let Some((_, totals)) = &mut current {
                    totals.add(seq, &checksum);
                }
                after = Some((session, seq));
            }
            if !whole {
                self.verify_session(current.take(), &mut sessions, progress).await?;
                return Ok(sessions);
            }
        }
    }

    async fn verify_session(
        &self,
        counted: Option<(SessionId, Totals)>,
        sessions: &mut HashSet<SessionId>,
        progress: &mut Progress,
    ) -> Result<(), StoreError> {
        let Some((session, counted)) = counted else { return Ok(()) };
        if self.database.totals_of(&session).await?.as_ref() != Some(&counted) {
            // Perhaps only because entries were written meanwhile.
            self.repair_totals(&session, progress).await?;
        }
        sessions.insert(session);
        Ok(())
    }

    /// Adds up `session` while nobody writes, and corrects its totals when they are wrong.
    async fn repair_totals(&self, session: &SessionId, progress: &mut Progress) -> Result<(), StoreError> {
        let _alone = self.log.pause().await;
        for _ in 0..RECOUNTS {
            // Read first: whatever changes the entries from here on changes these too, and the correction is refused.
            let held = self.database.totals_of(session).await?;
            let counted = self.count(session).await?;
            let had = held.as_ref().map_or(0, |held| held.count);
            if held.clone().unwrap_or_default() == counted {
                return Ok(());
            }
            if self.database.set_totals(session, held.as_ref(), &counted).await? {
                tracing::error!(%session, ?held, ?counted, "a session's totals did not fit its entries");
                progress.repaired += 1;
                // Entries were acknowledged that the database no longer has: no replay brings them back.
                progress.mismatches += u64::from(counted.count < had);
                return Ok(());
            }
        }
        Err(StoreError::Failed(format!("somebody else writes to session {session} all the time")))
    }

    /// Adds up the entries of `session`.
    async fn count(&self, session: &SessionId) -> Result<Totals, StoreError> {
        let mut counted = Totals::default();
        let mut after: Option<(SessionId, u64)> = None;
        loop {
            let rows = self.database.digests(after.as_ref(), Some(session), ENTRIES).await?;
            let whole = rows.len() == ENTRIES as usize;
            for (session, seq, checksum) in rows {
                counted.add(seq, &checksum);
                after = Some((session, seq));
            }
            if !whole {
                return Ok(counted);
            }
        }
    }

    /// Removes from the cache what the database knows nothing of.
    async fn remove_strangers(
        &self,
        sessions: &HashSet<SessionId>,
        progress: &mut Progress,
    ) -> Result<(), StoreError> {
        let mut after = None;
        loop {
            let names = self.hot.names(after.as_ref(), SESSIONS).await?;
            for session in names.iter().filter(|session| !sessions.contains(session)) {
                let _alone = self.log.pause().await;
                // It may be new.
                if self.database.totals_of(session).await?.is_none() {
                    self.hot.remove(std::slice::from_ref(session)).await?;
                    progress.repaired += 1;
                }
            }
            if names.len() < SESSIONS as usize {
                return Ok(());
            }
            after = names.last().cloned();
        }
    }

    /// Compares the cache with the database's totals, and writes what differs; how many sessions did. Every session with
    /// totals is put into `sessions`; with a progress, those that were not in there, so had no entries, are verified.
    async fn compare_cache(
        &self,
        sessions: &mut HashSet<SessionId>,
        mut verify: Option<&mut Progress>,
    ) -> Result<u64, StoreError> {
        let (mut after, mut differing) = (None, 0);
        loop {
            let names: Vec<SessionId> = {
                let _alone = self.log.pause().await;
                let totals = self.database.totals(after.as_ref(), SESSIONS).await?;
                self.hot.flush().await?;
                let names: Vec<SessionId> = totals.iter().map(|(session, _)| session.clone()).collect();
                let held = self.hot.held(&names).await?;
                let wrong = |(session, totals): &(SessionId, Totals)| held.get(session) != Some(totals);
                let wrong: Vec<_> = totals.into_iter().filter(wrong).collect();
                if !wrong.is_empty() {
                    self.hot.put(&wrong).await?;
                    differing += wrong.len() as u64;
                }
                names
            };
            for session in &names {
                if sessions.insert(session.clone())
                    && let Some(progress) = &mut verify
                {
                    self.repair_totals(session, progress).await?;
                }
            }
            if names.len() < SESSIONS as usize {
                return Ok(differing);
            }
            after = names.last().cloned();
        }
    }
}

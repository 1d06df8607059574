//! How the stores are: up or down since when, what waits, and the resyncs.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::StoreError;
use crate::clock;
use crate::state_resync::{Availability, Episode, Report, StoresStatus, Trigger};

/// Resyncs that are remembered for the manager, which asks many times a second.
const HISTORY: usize = 64;

impl Availability {
    /// A store counts as up until it is asked for the first time.
    pub(crate) fn assumed() -> Self {
        Self { up: true, known: false, since_us: clock::wall_us(), reason: String::new() }
    }

    /// Notes what the store did; whether it went up or down by that.
    fn note(&mut self, failure: Option<&StoreError>) -> bool {
        let up = failure.is_none();
        let changed = up != self.up;
        if changed || !self.known {
            let reason = failure.map(ToString::to_string).unwrap_or_default();
            *self = Self { up, known: true, since_us: clock::wall_us(), reason };
        }
        changed
    }
}

/// The condition, shared by everybody who uses the stores.
#[derive(Debug)]
pub(crate) struct Condition {
    now: Mutex<StoresStatus>,
}

impl Condition {
    pub(crate) fn new() -> Self {
        Self { now: Mutex::new(StoresStatus::assumed(rand::random::<u64>() >> 12)) }
    }

    fn lock(&self) -> MutexGuard<'_, StoresStatus> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes a change, and notes the moment when everything is well by it.
    fn change<T>(&self, change: impl FnOnce(&mut StoresStatus) -> T) -> T {
        let mut now = self.lock();
        let answer = change(&mut now);
        now.restored_us = match (now.is_restored(), now.restored_us) {
            (true, None) => Some(clock::wall_us()),
            (true, since) => since,
            (false, _) => None,
        };
        answer
    }

    /// The condition now.
    pub(crate) fn now(&self) -> StoresStatus {
        self.lock().clone()
    }

    pub(crate) fn database_is_up(&self) -> bool {
        self.lock().database.up
    }

    pub(crate) fn cache_is_up(&self) -> bool {
        self.lock().cache.up
    }

    /// Whether reads may believe the cache.
    pub(crate) fn cache_is_readable(&self) -> bool {
        let now = self.lock();
        now.cache.up && !now.cache_stale && now.cache_checked
    }

    /// Notes that what is told from here on is known.
    pub(crate) fn examined(&self) {
        self.change(|now| now.examined = true);
    }

    /// Whether a resync on the database's behalf is wanted.
    pub(crate) fn is_unsynced(&self) -> bool {
        self.lock().unsynced
    }

    pub(crate) fn is_stale(&self) -> bool {
        self.lock().cache_stale
    }

    /// Notes that a call failed. Waiting for one's turn is no failure of the store.
    pub(crate) fn database_failed(&self, error: &StoreError) {
        let change = |now: &mut StoresStatus| {
            now.unsynced = true;
            now.database.note(Some(error))
        };
        if error.is_outage() && self.change(change) {
            tracing::warn!(%error, "the database is down: entries go to the spool");
        }
    }

    pub(crate) fn database_answered(&self) {
        if self.change(|now| now.database.note(None)) {
            tracing::info!("the database is back");
        }
    }

    pub(super) fn cache_failed(&self, error: &StoreError) {
        if error.is_outage() && self.change(|now| now.cache.note(Some(error))) {
            tracing::warn!(%error, "the cache is down: reads go to the database");
        }
    }

    pub(super) fn cache_answered(&self) {
        if self.change(|now| now.cache.note(None)) {
            tracing::info!("the cache is back");
        }
    }

    pub(super) fn cache_is_stale(&self) {
        self.change(|now| now.cache_stale = true);
    }

    pub(super) fn cache_is_trusted(&self) {
        self.change(|now| (now.cache_stale, now.cache_checked) = (false, true));
    }

    /// Notes how many entries wait in the spool.
    pub(crate) fn spooled(&self, entries: usize) {
        self.change(|now| now.spooled = entries);
    }

    /// Makes a new id that of the only resync; when there is one, answers that one's id as the error.
    pub(crate) fn reserve_resync(&self) -> Result<String, String> {
        let id = format!("resync-{:016x}", rand::random::<u64>());
        self.change(|now| match &now.running {
            Some(running) => Err(running.clone()),
            None => {
                now.running = Some(id.clone());
                Ok(id)
            }
        })
    }

    /// Takes back a reservation.
    pub(crate) fn cancel_resync(&self) {
        self.change(|now| now.running = None);
    }

    /// Begins the resync that was reserved.
    pub(crate) fn begin_resync(&self, id: &str, trigger: Trigger) {
        self.change(|now| {
            now.begun += 1;
            // An outage from now on asks for another one.
            now.unsynced = false;
            if now.history.len() == HISTORY {
                now.history.pop_front();
            }
            let number = now.begun;
            let started_us = clock::wall_us();
            now.history.push_back(Episode { number, id: id.to_owned(), trigger, started_us, report: None });
        });
    }

    /// Ends the resync that runs; one that did not get through is to be done again.
    pub(crate) fn end_resync(&self, report: &Report, through: bool) {
        self.change(|now| {
            now.running = None;
            now.unsynced |= !through;
            if let Some(episode) = now.history.iter_mut().find(|episode| episode.id == report.id) {
                episode.report = Some(report.clone());
            }
        });
    }
}

impl StoresStatus {
    pub(crate) fn assumed(epoch: u64) -> Self {
        Self {
            epoch,
            database: Availability::assumed(),
            cache: Availability::assumed(),
            unsynced: false,
            cache_stale: false,
            cache_checked: false,
            examined: false,
            restored_us: None,
            spooled: 0,
            running: None,
            begun: 0,
            history: VecDeque::new(),
        }
    }
}

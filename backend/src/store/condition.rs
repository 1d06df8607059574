//! How the stores are: up or down since when, what waits, and the resyncs.

use std::collections::VecDeque;

use tokio::sync::watch;

use super::StoreError;
use crate::clock;
use crate::state_resync::{Availability, Episode, Report, StoresStatus, Trigger};

/// Resyncs that are remembered for the manager, which asks many times a second.
const HISTORY: usize = 64;

impl Availability {
    /// A store counts as up until it is asked for the first time.
    pub(crate) fn assumed() -> Self {
        Self { up: true, since_us: clock::wall_us(), reason: String::new() }
    }

    /// Notes what the store did; whether that changes anything.
    fn note(&mut self, failure: Option<&StoreError>) -> bool {
        let up = failure.is_none();
        let changed = up != self.up;
        if changed {
            let reason = failure.map(ToString::to_string).unwrap_or_default();
            *self = Self { up, since_us: clock::wall_us(), reason };
        }
        changed
    }
}

/// The condition, shared by everybody who uses the stores.
#[derive(Debug)]
pub(crate) struct Condition {
    now: watch::Sender<StoresStatus>,
}

impl Condition {
    pub(crate) fn new() -> Self {
        Self { now: watch::Sender::new(StoresStatus::assumed(rand::random::<u64>() >> 12)) }
    }

    /// The condition now.
    pub(crate) fn now(&self) -> StoresStatus {
        self.now.borrow().clone()
    }

    pub(crate) fn database_is_up(&self) -> bool {
        self.now.borrow().database.up
    }

    pub(crate) fn cache_is_up(&self) -> bool {
        self.now.borrow().cache.up
    }

    /// Whether reads may believe the cache.
    pub(crate) fn cache_is_readable(&self) -> bool {
        let now = self.now.borrow();
        now.cache.up && !now.cache_stale && now.cache_checked
    }

    /// Whether a resync on the database's behalf is wanted.
    pub(crate) fn is_unsynced(&self) -> bool {
        self.now.borrow().unsynced
    }

    pub(crate) fn is_stale(&self) -> bool {
        self.now.borrow().cache_stale
    }

    /// Notes that a call failed. Waiting for one's turn is no failure of the store.
    pub(crate) fn database_failed(&self, error: &StoreError) {
        let change = |now: &mut StoresStatus| {
            now.unsynced = true;
            now.database.note(Some(error))
        };
        if error.is_outage() && self.now.send_if_modified(change) {
            tracing::warn!(%error, "the database is down: entries go to the spool");
        }
    }

    pub(crate) fn database_answered(&self) {
        if self.now.send_if_modified(|now| now.database.note(None)) {
            tracing::info!("the database is back");
        }
    }

    pub(super) fn cache_failed(&self, error: &StoreError) {
        if error.is_outage() && self.now.send_if_modified(|now| now.cache.note(Some(error))) {
            tracing::warn!(%error, "the cache is down: reads go to the database");
        }
    }

    pub(super) fn cache_answered(&self) {
        if self.now.send_if_modified(|now| now.cache.note(None)) {
            tracing::info!("the cache is back");
        }
    }

    pub(super) fn cache_is_stale(&self) {
        self.now.send_modify(|now| now.cache_stale = true);
    }

    pub(super) fn cache_is_trusted(&self) {
        self.now.send_modify(|now| (now.cache_stale, now.cache_checked) = (false, true));
    }

    /// Notes how many entries wait in the spool.
    pub(crate) fn spooled(&self, entries: usize) {
        self.now.send_if_modified(|now| std::mem::replace(&mut now.spooled, entries) != entries);
    }

    /// Makes a new id that of the only resync; when there is one, answers that one's id as the error.
    pub(crate) fn reserve_resync(&self) -> Result<String, String> {
        let id = format!("resync-{:016x}", rand::random::<u64>());
        let mut running = None;
        self.now.send_if_modified(|now| {
            running.clone_from(&now.running);
            if running.is_some() {
                return false;
            }
            now.running = Some(id.clone());
            true
        });
        running.map_or(Ok(id), Err)
    }

    /// Takes back a reservation.
    pub(crate) fn cancel_resync(&self) {
        self.now.send_modify(|now| now.running = None);
    }

    /// Begins the resync that was reserved.
    pub(crate) fn begin_resync(&self, id: &str, trigger: Trigger) {
        self.now.send_modify(|now| {
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
        self.now.send_modify(|now| {
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
            spooled: 0,
            running: None,
            begun: 0,
            history: VecDeque::new(),
        }
    }
}

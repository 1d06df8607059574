//! How the stores are: up or down since when, and what waits.

use tokio::sync::watch;

use super::StoreError;
use crate::clock;

/// Whether a store answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Availability {
    pub(crate) up: bool,
    /// Wall clock, microseconds since the Unix epoch.
    pub(crate) since_us: i64,
    /// Why it is down; empty while it is up.
    pub(crate) reason: String,
}

impl Availability {
    /// A store counts as up until it is asked for the first time.
    fn assumed() -> Self {
        Self { up: true, since_us: clock::wall_us(), reason: String::new() }
    }

    /// Notes what the store did; whether that changes anything.
    fn note(&mut self, failure: Option<&StoreError>) -> bool {
        let up = failure.is_none();
        let changed = up != self.up;
        if changed {
            *self = Self {
                up,
                since_us: clock::wall_us(),
                reason: failure.map(ToString::to_string).unwrap_or_default(),
            };
        }
        changed
    }
}

/// The whole condition at one moment.
#[derive(Clone, Debug)]
pub(crate) struct Snapshot {
    pub(crate) database: Availability,
    /// Entries in the spool.
    pub(crate) spooled: usize,
}

/// The condition, shared by everybody who uses the stores.
#[derive(Debug)]
pub(crate) struct Condition {
    now: watch::Sender<Snapshot>,
}

impl Condition {
    pub(crate) fn new() -> Self {
        Self { now: watch::Sender::new(Snapshot { database: Availability::assumed(), spooled: 0 }) }
    }

    /// Hears of every change.
    pub(crate) fn watch(&self) -> watch::Receiver<Snapshot> {
        self.now.subscribe()
    }

    pub(crate) fn database_is_up(&self) -> bool {
        self.now.borrow().database.up
    }

    /// Notes that a call failed. Waiting for one's turn is no failure of the store.
    pub(crate) fn database_failed(&self, error: &StoreError) {
        if error.is_outage() {
            let change = |now: &mut Snapshot| now.database.note(Some(error));
            if self.now.send_if_modified(change) {
                tracing::warn!(%error, "the database is down: entries go to the spool");
            }
        }
    }

    pub(crate) fn database_answered(&self) {
        if self.now.send_if_modified(|now| now.database.note(None)) {
            tracing::info!("the database is back");
        }
    }

    /// Notes how many entries wait in the spool.
    pub(crate) fn spooled(&self, entries: usize) {
        self.now.send_if_modified(|now| std::mem::replace(&mut now.spooled, entries) != entries);
    }
}

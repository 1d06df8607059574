//! The keeper: asks the stores how they are, and resyncs when one is back or when somebody asks.
//!
//! One task does both, so that there is one resync at a time.

use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

use super::report::{Outcome, Report, StoresStatus, Trigger};
use super::resync::Stores;

/// How often a store that is up is asked: an outage without any traffic is noticed that soon.
const UP_PERIOD: Duration = Duration::from_millis(200);
/// How often a store that is down is asked.
const DOWN_PERIOD: Duration = Duration::from_millis(50);
/// Pause after an automatic resync that failed; it doubles up to the longest.
const FIRST_RETRY: Duration = Duration::from_millis(500);
const LONGEST_RETRY: Duration = Duration::from_secs(30);

/// Why a requested resync does not run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// This one runs.
    Running(String),
    /// A store is away.
    Away(String),
}

struct Request {
    id: String,
    answer: oneshot::Sender<Result<Report, Refusal>>,
}

/// The handle of the keeper's task.
#[derive(Clone, Debug)]
pub(crate) struct Keeper {
    requests: mpsc::Sender<Request>,
    stores: Stores,
}

impl Keeper {
    /// Starts the task. It looks after `stores` for as long as the process lives.
    pub(crate) fn start(stores: Stores) -> Self {
        let (requests, asked) = mpsc::channel(1);
        tokio::spawn(keep(stores.clone(), asked));
        Self { requests, stores }
    }

    /// The condition of the stores.
    pub(crate) fn status(&self) -> StoresStatus {
        self.stores.condition.now()
    }

    /// Has a resync run, and answers when it has ended.
    pub(crate) async fn resync(&self) -> Result<Report, Refusal> {
        let status = self.status();
        if let Some(id) = status.running.clone() {
            return Err(Refusal::Running(id));
        }
        refuse(&status)?;
        let id = self.stores.condition.reserve_resync().map_err(Refusal::Running)?;
        let (answer, answered) = oneshot::channel();
        // Only who has the reservation sends, so there is room.
        if self.requests.try_send(Request { id, answer }).is_err() {
            self.stores.condition.cancel_resync();
        }
        answered.await.unwrap_or_else(|_| Err(Refusal::Away("the session module stops".to_owned())))
    }
}

/// Says why there can be no resync now.
fn refuse(status: &StoresStatus) -> Result<(), Refusal> {
    for (name, store) in [("database", &status.database), ("cache", &status.cache)] {
        if !store.up {
            return Err(Refusal::Away(format!("the {name} is away: {}", store.reason)));
        }
    }
    Ok(())
}

async fn keep(stores: Stores, mut asked: mpsc::Receiver<Request>) {
    let mut migrated = false;
    let mut retry = Retry::default();
    loop {
        probe(&stores, &mut migrated).await;
        if due(&stores).await && retry.is_due() {
            if let Ok(id) = stores.condition.reserve_resync() {
                stores.condition.examined();
                let report = stores.resync(id, Trigger::Automatic).await;
                retry.ended(report.outcome == Outcome::Succeeded || stores.condition.now().is_restored());
            }
        } else {
            catch_up(&stores).await;
            stores.condition.examined();
        }
        let status = stores.condition.now();
        let period = if status.is_restored() { UP_PERIOD } else { DOWN_PERIOD };
        tokio::select! {
            () = tokio::time::sleep(period) => {}
            Some(request) = asked.recv() => answer(&stores, &mut migrated, request).await,
        }
    }
}

async fn probe(stores: &Stores, migrated: &mut bool) {
    let database = async {
        // One that was away may have come back empty.
        let known = *migrated && stores.condition.database_is_up();
        let asked = if known { stores.database.ping().await } else { stores.database.migrate().await };
        match asked {
            Ok(()) => {
                *migrated = true;
                stores.condition.database_answered();
            }
            Err(error) => stores.condition.database_failed(&error),
        }
    };
    tokio::join!(database, stores.hot.probe());
}

/// Whether something is to be put right that can be put right now.
async fn due(stores: &Stores) -> bool {
    if !stores.condition.database_is_up() {
        return false;
    }
    match stores.log.has_spooled().await {
        Ok(spooled) => {
            spooled
                || stores.condition.is_unsynced()
                || (stores.condition.is_stale() && stores.condition.cache_is_up())
        }
        Err(error) => {
            tracing::error!(%error, "the spool cannot be read: nothing can be written until it can");
            false
        }
    }
}

/// After a start: brings the cache up to what its last process had not written yet.
async fn catch_up(stores: &Stores) {
    let status = stores.condition.now();
    let quiet = status.has_everything() && !status.cache_checked;
    if quiet && let Err(error) = stores.catch_up().await {
        tracing::warn!(%error, "cannot compare the cache with the database yet");
    }
}

async fn answer(stores: &Stores, migrated: &mut bool, request: Request) {
    // What the last probe said may be old.
    probe(stores, migrated).await;
    let outcome = match refuse(&stores.condition.now()) {
        Err(refusal) => {
            stores.condition.cancel_resync();
            Err(refusal)
        }
        Ok(()) => Ok(stores.resync(request.id, Trigger::Requested).await),
    };
    // Who asked may have gone; the manager hears of the result anyway.
    let _ = request.answer.send(outcome);
}

/// When a failed automatic resync is tried again.
#[derive(Debug, Default)]
struct Retry {
    not_before: Option<tokio::time::Instant>,
    pause: Duration,
}

impl Retry {
    fn is_due(&self) -> bool {
        self.not_before.is_none_or(|at| at <= crate::clock::monotonic())
    }

    fn ended(&mut self, well: bool) {
        if well {
            *self = Self::default();
        } else {
            self.pause = (self.pause * 2).clamp(FIRST_RETRY, LONGEST_RETRY);
            self.not_before = Some(crate::clock::monotonic() + self.pause);
        }
    }
}

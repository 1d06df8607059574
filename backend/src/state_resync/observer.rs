//! The manager's view of the stores: asks the session module, and turns each resync into events, an alert and counts.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::http::{Method, StatusCode};
use serde::Serialize;

use super::report::{Episode, Outcome, Report, StoresStatus};
use crate::alert_dispatcher::{AlertDispatcher, AlertDraft, AlertKind};
use crate::clock;
use crate::loopback::Loopback;
use crate::module::Role;
use crate::self_healing_daemon::{Event, EventKind, SelfHealingDaemon};

/// How often the session module is asked.
const PERIOD: Duration = Duration::from_millis(50);
/// It answers from memory.
const PATIENCE: Duration = Duration::from_secs(1);

/// Resyncs since the manager started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct ResyncCounts {
    total: u64,
    succeeded: u64,
    failed: u64,
}

#[derive(Debug)]
struct Seen {
    status: StoresStatus,
    /// The latest resync of this epoch whose beginning was told.
    started: u64,
    /// Those of this epoch that were told to have begun, and not to have ended.
    unfinished: Vec<u64>,
    counts: ResyncCounts,
}

/// What the manager knows of the stores.
#[derive(Debug)]
pub(crate) struct StoreObserver {
    seen: Mutex<Seen>,
}

impl StoreObserver {
    /// Starts to ask the session module at `address`.
    pub(crate) fn start(
        address: SocketAddr,
        daemon: Arc<SelfHealingDaemon>,
        alerts: Arc<AlertDispatcher>,
    ) -> Arc<Self> {
        let status = StoresStatus::assumed(0);
        let counts = ResyncCounts::default();
        let seen = Mutex::new(Seen { status, started: 0, unfinished: Vec::new(), counts });
        let observer = Arc::new(Self { seen });
        tokio::spawn(Arc::clone(&observer).ask(address, daemon, alerts));
        observer
    }

    /// The stores as the session module last described them. While it is down nobody looks at them.
    pub(crate) fn status(&self) -> StoresStatus {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).status.clone()
    }

    pub(crate) fn counts(&self) -> ResyncCounts {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).counts
    }

    async fn ask(
        self: Arc<Self>,
        address: SocketAddr,
        daemon: Arc<SelfHealingDaemon>,
        alerts: Arc<AlertDispatcher>,
    ) {
        let client = Loopback::new(PATIENCE);
        loop {
            tokio::time::sleep(PERIOD).await;
            let ready = daemon.modules()[Role::Session.index()].status() == "ready";
            if !ready {
                // Its listener is open all the same: the question would wait for its successor.
                continue;
            }
            let answer = client.call("session", address, Method::GET, "/stores", None).await;
            let Ok(answer) = answer else { continue };
            if answer.status != StatusCode::OK {
                continue;
            }
            match serde_json::from_slice::<StoresStatus>(&answer.body) {
                Ok(status) => {
                    let news = self.seen.lock().unwrap_or_else(PoisonError::into_inner).take(status);
                    tell(news, &daemon, &alerts);
                }
                Err(error) => tracing::error!(%error, "the session module's stores make no sense"),
            }
        }
    }
}

/// A resync that began, or one that ended.
#[derive(Debug)]
enum News {
    Began(Episode),
    Ended(Episode, Report),
}

impl Seen {
    fn take(&mut self, status: StoresStatus) -> Vec<News> {
        if status.epoch != self.status.epoch {
            // What the earlier process had begun, nobody will end: its successor begins another one.
            (self.started, self.unfinished) = (0, Vec::new());
        }
        let mut news = Vec::new();
        for episode in &status.history {
            if episode.number > self.started {
                self.started = episode.number;
                self.unfinished.push(episode.number);
                self.counts.total += 1;
                news.push(News::Began(episode.clone()));
            }
            if let Some(report) = &episode.report
                && let Some(index) = self.unfinished.iter().position(|number| *number == episode.number)
            {
                self.unfinished.swap_remove(index);
                match report.outcome {
                    Outcome::Succeeded => self.counts.succeeded += 1,
                    Outcome::Failed => self.counts.failed += 1,
                }
                news.push(News::Ended(episode.clone(), report.clone()));
            }
        }
        self.status = status;
        news
    }
}

fn tell(news: Vec<News>, daemon: &SelfHealingDaemon, alerts: &AlertDispatcher) {
    let module = Role::Session.name();
    for news in news {
        match news {
            News::Began(Episode { id, trigger, started_us, .. }) => {
                let mut event = Event::new(started_us, EventKind::ResyncStarted, module);
                (event.id, event.cause) = (Some(id), Some(trigger.name().to_owned()));
                daemon.events().push(event);
            }
            News::Ended(Episode { started_us, .. }, report) => {
                let ended_us = started_us + i64::try_from(report.duration_ms * 1_000).unwrap_or(0);
                let mut event = Event::new(ended_us, EventKind::ResyncFinished, module);
                event.id = Some(report.id.clone());
                event.cause = Some(report.trigger.name().to_owned());
                let (kind, words) = match report.outcome {
                    Outcome::Succeeded => (AlertKind::StateResynced, "state is resynced"),
                    Outcome::Failed => (AlertKind::StateResyncFailed, "state could not be resynced"),
                };
                let Report { replayed, rebuilt, repaired, mismatches, duration_ms, reason, .. } = &report;
                let reason = reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
                let message = format!(
                    "{words} after {duration_ms} ms: {replayed} entries replayed, {rebuilt} sessions rebuilt, \
                     {repaired} repaired, {mismatches} mismatches{reason}"
                );
                alerts.submit(AlertDraft::new(clock::wall_us(), kind, module, message));
                event.resync = Some(report);
                daemon.events().push(event);
            }
        }
    }
}

//! The manager's view of the stores: asks the session module, and turns what changed into events, alerts and counts.
//!
//! What happens and passes between two questions, a store that is away for a few milliseconds, may go unseen; every
//! resync is seen, and so is the moment after it when everything is well again.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::http::{Method, StatusCode};

use super::news::{News, ResyncCounts, Seen};
use super::report::StoresStatus;
use crate::alert_dispatcher::AlertDispatcher;
use crate::loopback::Loopback;
use crate::module::Role;
use crate::self_healing_daemon::SelfHealingDaemon;

/// How often the session module is asked.
const PERIOD: Duration = Duration::from_millis(50);
/// It answers from memory.
const PATIENCE: Duration = Duration::from_secs(1);

/// What the manager knows of the stores.
#[derive(Debug)]
pub(crate) struct StoreObserver {
    seen: Mutex<Seen>,
    /// The process that told it.
    told_by: Mutex<Option<u32>>,
}

impl StoreObserver {
    /// Starts to ask the session module at `address`.
    pub(crate) fn start(
        address: SocketAddr,
        daemon: Arc<SelfHealingDaemon>,
        alerts: Arc<AlertDispatcher>,
    ) -> Arc<Self> {
        let observer = Arc::new(Self { seen: Mutex::default(), told_by: Mutex::default() });
        tokio::spawn(Arc::clone(&observer).ask(address, daemon, alerts));
        observer
    }

    /// The stores as the session module last described them. While it is down nobody looks at them, and when it runs as
    /// another process (`session`) than the one that described them, that one has not told yet: what its predecessor was
    /// about to write to the cache is lost, so nobody knows that the cache holds everything.
    pub(crate) fn status(&self, session: Option<u32>) -> StoresStatus {
        let mut status = self.seen.lock().unwrap_or_else(PoisonError::into_inner).status().clone();
        status.examined &= session.is_some() && *self.lock_told_by() == session;
        status
    }

    fn lock_told_by(&self) -> MutexGuard<'_, Option<u32>> {
        self.told_by.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn counts(&self) -> ResyncCounts {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).counts()
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
            let session = daemon.modules()[Role::Session.index()].clone();
            if session.status() != "ready" {
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
                    let examined = status.examined;
                    let news = self.seen.lock().unwrap_or_else(PoisonError::into_inner).take(status);
                    if examined {
                        *self.lock_told_by() = session.pid;
                    }
                    for news in news {
                        tell(&news, &daemon, &alerts);
                    }
                }
                Err(error) => tracing::error!(%error, "the session module's stores make no sense"),
            }
        }
    }
}

fn tell(news: &News, daemon: &SelfHealingDaemon, alerts: &AlertDispatcher) {
    if let Some(alert) = news.alert() {
        alerts.submit(alert);
    }
    daemon.events().push(news.event());
}

//! The dispatcher: takes drafts, has them written, wakes the lanes.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::{Notify, mpsc};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::alert::AlertDraft;
use super::delivery::Lane;
use super::outbox::{AlertCounts, ListedAlert, Outbox};
use super::webhook::Webhook;

/// Drafts that may wait for the disk. A module that crashes as fast as the policy allows makes a few a second, so this
/// is reached only when the disk hangs for long.
const QUEUE: usize = 10_000;
/// Drafts written in one transaction.
const BATCH: usize = 64;
/// Pause before a failed write is tried again.
const WRITE_RETRY: Duration = Duration::from_millis(200);

/// Why no alert can be sent at all.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StartError {
    #[error("the alerts' outbox cannot be read: {0}")]
    Outbox(#[from] sqlx::Error),
    #[error("no HTTP client: {0}")]
    Client(#[from] reqwest::Error),
}

/// Takes alerts, keeps them, and sends them.
#[derive(Debug)]
pub(crate) struct AlertDispatcher {
    queue: mpsc::Sender<AlertDraft>,
    outbox: Outbox,
    webhooks: Vec<Webhook>,
    lost: AtomicU64,
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl AlertDispatcher {
    /// Starts the writer and a lane for everything that an earlier manager left undelivered. `api` is the URL of the
    /// manager's own API, for receivers that link back to it.
    pub(crate) async fn start(outbox: Outbox, webhooks: Vec<Webhook>, api: &str) -> Result<Self, StartError> {
        let (queue, drafts) = mpsc::channel(QUEUE);
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        let mut lanes = Lanes {
            outbox: outbox.clone(),
            webhooks: webhooks.clone(),
            clients: webhooks.iter().map(Webhook::client).collect::<Result<_, _>>()?,
            api: api.into(),
            by_target: HashMap::new(),
            stop: stop.clone(),
            tasks: tasks.clone(),
        };
        for (index, webhook) in webhooks.iter().enumerate() {
            for module in outbox.pending_modules(webhook).await? {
                lanes.wake(index, &module);
            }
        }
        tasks.spawn(write(drafts, lanes, stop.clone()));
        Ok(Self { queue, outbox, webhooks, lost: AtomicU64::new(0), stop, tasks })
    }

    /// Takes `draft` without ever waiting. When the disk hung for so long that the queue is full, the alert is lost,
    /// counted and logged.
    pub(crate) fn submit(&self, draft: AlertDraft) {
        if let Err(error) = self.queue.try_send(draft) {
            self.lost.fetch_add(1, Ordering::Relaxed);
            tracing::error!(%error, "an alert is lost: the outbox does not keep up");
        }
    }

    /// At most `limit` alerts after `after`, newest last.
    pub(crate) async fn list(&self, after: i64, limit: u32) -> Result<Vec<ListedAlert>, sqlx::Error> {
        self.outbox.list(after, limit, &self.webhooks).await
    }

    /// Counts over the outbox.
    pub(crate) async fn counts(&self) -> Result<AlertCounts, sqlx::Error> {
        self.outbox.counts().await
    }

    /// Alerts that the queue had no room for.
    pub(crate) fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }

    /// Writes what is queued and stops sending; undelivered alerts wait in the outbox for the next start.
    pub(crate) async fn close(&self) {
        self.stop.cancel();
        self.tasks.close();
        if tokio::time::timeout(Duration::from_secs(3), self.tasks.wait()).await.is_err() {
            tracing::warn!("the outbox did not finish in time");
        }
        self.outbox.close().await;
    }
}

/// One lane per webhook and module, made when its first alert comes.
struct Lanes {
    outbox: Outbox,
    webhooks: Vec<Webhook>,
    /// One for each webhook.
    clients: Vec<reqwest::Client>,
    api: Arc<str>,
    by_target: HashMap<(usize, String), Arc<Notify>>,
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl Lanes {
    fn wake(&mut self, webhook: usize, module: &str) {
        let target = (webhook, module.to_owned());
        let wake = self.by_target.entry(target).or_insert_with(|| {
            let wake = Arc::new(Notify::new());
            let lane = Lane {
                outbox: self.outbox.clone(),
                webhook: self.webhooks[webhook].clone(),
                client: self.clients[webhook].clone(),
                api: Arc::clone(&self.api),
                module: module.to_owned(),
                wake: Arc::clone(&wake),
            };
            let stop = self.stop.clone();
            self.tasks.spawn(async move { stop.run_until_cancelled(lane.run()).await });
            wake
        });
        wake.notify_one();
    }
}

/// Writes drafts in order until `stop`, and what is queued by then.
async fn write(mut drafts: mpsc::Receiver<AlertDraft>, mut lanes: Lanes, stop: CancellationToken) {
    let mut batch = Vec::with_capacity(BATCH);
    loop {
        tokio::select! {
            biased;
            count = drafts.recv_many(&mut batch, BATCH) => if count == 0 { return },
            () = stop.cancelled() => {
                drafts.close();
                if drafts.recv_many(&mut batch, QUEUE).await == 0 { return }
            }
        }
        let keyed: Vec<(String, AlertDraft)> = batch.drain(..).map(|draft| (new_key(), draft)).collect();
        while let Err(error) = lanes.outbox.insert(&keyed, &lanes.webhooks).await {
            tracing::error!(%error, alerts = keyed.len(), "cannot write alerts to the outbox; trying again");
            tokio::time::sleep(WRITE_RETRY).await;
            if stop.is_cancelled() {
                return;
            }
        }
        for (_, draft) in &keyed {
            for webhook in 0..lanes.webhooks.len() {
                lanes.wake(webhook, draft.module);
            }
        }
    }
}

fn new_key() -> String {
    format!("{:032x}", rand::random::<u128>())
}

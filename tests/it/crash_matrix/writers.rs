//! The load: every writer appends to a session of its own, each entry until it is acknowledged.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::ledger::{Sent, payload};

pub(super) const WRITERS: usize = 50;
/// Between two requests of one writer: with this many of them, two cores keep up.
const PAUSE_MS: std::ops::RangeInclusive<u64> = 50..=150;
/// Longer than any time limit of the backend.
const PATIENCE: Duration = Duration::from_secs(10);

/// What all writers share.
#[derive(Debug)]
struct Shared {
    seed: u64,
    client: Client,
    /// Where the manager is now; it has a new port after each start.
    base: Arc<RwLock<String>>,
    stop: AtomicBool,
    figures: Mutex<Figures>,
}

/// What the writers saw, added up.
#[derive(Clone, Debug, Default)]
pub(super) struct Figures {
    /// Acknowledged entries, by where they were safe then.
    pub(super) acknowledged: BTreeMap<String, u64>,
    /// Requests without an acknowledgement, by status; 0 when there was no answer.
    pub(super) refused: BTreeMap<u16, u64>,
    /// The longest time from the first attempt at an entry to its acknowledgement.
    pub(super) longest_wait: Duration,
    /// Answers that no crash explains.
    pub(super) wrong: Vec<String>,
}

/// The writers at work.
#[derive(Debug)]
pub(super) struct Writers {
    shared: Arc<Shared>,
    tasks: Vec<JoinHandle<Sent>>,
}

/// The session of a writer.
pub(super) fn session(writer: usize) -> String {
    format!("matrix-{writer:02}")
}

/// The client of writers and of readers.
pub(super) fn client() -> Client {
    Client::builder().no_proxy().timeout(PATIENCE).build().unwrap()
}

impl Writers {
    /// Starts all of them on the current runtime.
    pub(super) fn start(seed: u64, base: Arc<RwLock<String>>) -> Self {
        let (stop, figures) = (AtomicBool::new(false), Mutex::default());
        let shared = Arc::new(Shared { seed, client: client(), base, stop, figures });
        let start = |writer| tokio::spawn(Arc::clone(&shared).write(writer));
        let tasks = (0..WRITERS).map(start).collect();
        Self { shared, tasks }
    }

    /// Ends them, each after the answer that it waits for; what each has sent.
    pub(super) async fn stop(self) -> (Vec<Sent>, Figures) {
        self.shared.stop.store(true, Ordering::Relaxed);
        let mut sent = Vec::new();
        for task in self.tasks {
            sent.push(task.await.unwrap());
        }
        let figures = self.shared.figures.lock().unwrap_or_else(PoisonError::into_inner).clone();
        (sent, figures)
    }
}

impl Shared {
    async fn write(self: Arc<Self>, writer: usize) -> Sent {
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed ^ writer as u64);
        let mut sent = Sent::default();
        let mut began = Instant::now();
        while !self.stop.load(Ordering::Relaxed) {
            let seq = sent.acknowledged + 1;
            if sent.attempted < seq {
                (sent.attempted, began) = (seq, Instant::now());
            }
            if self.attempt(writer, seq, began).await {
                sent.acknowledged = seq;
            }
            tokio::time::sleep(Duration::from_millis(rng.random_range(PAUSE_MS))).await;
        }
        sent
    }

    /// Sends an entry; whether it was acknowledged.
    async fn attempt(&self, writer: usize, seq: u64, began: Instant) -> bool {
        let base = self.base.read().unwrap_or_else(PoisonError::into_inner).clone();
        let session = session(writer);
        let url = format!("{base}/api/sessions/{session}/entries");
        let body = json!({"seq": seq, "payload": payload(self.seed, writer, seq)});
        let answered = async {
            let answer = self.client.post(url).json(&body).send().await?;
            Ok::<_, reqwest::Error>((answer.status(), answer.bytes().await?))
        };
        let answer = answered.await;
        let mut figures = self.figures.lock().unwrap_or_else(PoisonError::into_inner);
        let (status, body) = match answer {
            Ok((status, body)) => (status, serde_json::from_slice::<Value>(&body).unwrap_or_default()),
            Err(_) => {
                *figures.refused.entry(0).or_default() += 1;
                return false;
            }
        };
        match (status, body["durability"].as_str()) {
            (StatusCode::OK | StatusCode::CREATED, Some(durability @ ("database" | "spool"))) => {
                *figures.acknowledged.entry(durability.to_owned()).or_default() += 1;
                figures.longest_wait = figures.longest_wait.max(began.elapsed());
                if (body["session"].as_str(), body["seq"].as_u64()) != (Some(session.as_str()), Some(seq)) {
                    figures.wrong.push(format!("{session}/{seq} was acknowledged as {body}"));
                }
                true
            }
            (StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE, _) => {
                *figures.refused.entry(status.as_u16()).or_default() += 1;
                false
            }
            _ => {
                figures.wrong.push(format!("{session}/{seq} was answered {status}: {body}"));
                false
            }
        }
    }
}

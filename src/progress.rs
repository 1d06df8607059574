//! What a run knows of itself while it goes on: written by its parts, read by the display, and by those who must not
//! stand in anybody's way (the alert sink's outage, the guardrails).

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use tokio::sync::watch;

/// The state of a run. Whoever writes never waits.
#[derive(Debug, Default)]
pub struct Progress {
    requests: AtomicU64,
    failures: AtomicU64,
    episode: watch::Sender<u32>,
    /// The last episode that was not well by its deadline; 0 when there is none.
    censored: AtomicU32,
    text: Mutex<Text>,
}

/// The words of the display.
#[derive(Debug, Default, Clone)]
pub struct Text {
    /// What the run does just now.
    pub phase: String,
    /// What the health page says.
    pub health: String,
}

/// One look at the state.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// Users' requests so far.
    pub requests: u64,
    /// Those that failed.
    pub failures: u64,
    /// The episode under way, or the last one.
    pub episode: u32,
    /// The last episode that was not well by its deadline.
    pub censored: Option<u32>,
    /// The words.
    pub text: Text,
}

impl Progress {
    /// Counts a request in.
    pub fn count_request(&self, ok: bool) {
        self.requests.fetch_add(1, Ordering::Relaxed);
        if !ok {
            self.failures.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Says what the run does now.
    pub fn set_phase(&self, phase: impl Into<String>) {
        if let Ok(mut text) = self.text.lock() {
            text.phase = phase.into();
        }
    }

    /// Says what the health page shows now.
    pub fn set_health(&self, health: &str) {
        if let Ok(mut text) = self.text.lock() {
            text.health.clear();
            text.health.push_str(health);
        }
    }

    /// Says which episode is under way.
    pub fn set_episode(&self, episode: u32) {
        self.episode.send_replace(episode);
    }

    /// Waits until the first episode is under way: its fault has been injected.
    pub async fn first_episode(&self) {
        // The sender lives as long as `self`, so that the wait ends with an episode only.
        let _ = self.episode.subscribe().wait_for(|episode| *episode > 0).await;
    }

    /// Says that an episode was not well by its deadline.
    pub fn episode_censored(&self, episode: u32) {
        self.censored.store(episode, Ordering::Relaxed);
    }

    /// One look at everything.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        Snapshot {
            requests: self.requests.load(Ordering::Relaxed),
            failures: self.failures.load(Ordering::Relaxed),
            episode: *self.episode.borrow(),
            censored: Some(self.censored.load(Ordering::Relaxed)).filter(|episode| *episode > 0),
            text: self.text.lock().map(|text| text.clone()).unwrap_or_default(),
        }
    }
}

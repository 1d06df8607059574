//! What a run shows of itself while it goes on: written by the run, read by whoever displays it.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// The state of a run, for display only.
#[derive(Debug, Default)]
pub struct Progress {
    requests: AtomicU64,
    failures: AtomicU64,
    episode: AtomicU32,
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
        self.episode.store(episode, Ordering::Relaxed);
    }

    /// One look at everything.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        Snapshot {
            requests: self.requests.load(Ordering::Relaxed),
            failures: self.failures.load(Ordering::Relaxed),
            episode: self.episode.load(Ordering::Relaxed),
            text: self.text.lock().map(|text| text.clone()).unwrap_or_default(),
        }
    }
}

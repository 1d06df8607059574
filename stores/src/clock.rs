//! The only reader of clocks in this crate: what is waited for, is waited for until a deadline.
#![expect(clippy::disallowed_types, reason = "this is the file that the ban leaves as the only one")]

use std::time::{Duration, Instant};

/// The time between two looks at a condition that cannot be waited for otherwise.
const POLL: Duration = Duration::from_millis(5);

/// The end of a bounded wait.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deadline(Instant);

impl Deadline {
    /// `limit` from now.
    pub(crate) fn after(limit: Duration) -> Self {
        Self(Instant::now() + limit)
    }

    /// What is left; zero when it has passed.
    pub(crate) fn left(self) -> Duration {
        self.0.saturating_duration_since(Instant::now())
    }

    /// Looks again and again until `done` gives an answer; `None` when the deadline passes first.
    pub(crate) fn poll<T>(self, mut done: impl FnMut() -> Option<T>) -> Option<T> {
        loop {
            if let Some(answer) = done() {
                return Some(answer);
            }
            if self.left().is_zero() {
                return None;
            }
            std::thread::sleep(POLL);
        }
    }
}

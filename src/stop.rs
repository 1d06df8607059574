//! One token says that the run is to end, and why; everything that waits also waits on it.

use std::sync::{Arc, OnceLock};

use tokio_util::sync::CancellationToken;

use crate::journal::event::FinishReason;

/// Ends a run once; the first reason stands. Cheap to clone; all clones are one.
#[derive(Debug, Clone, Default)]
pub struct Stop {
    token: CancellationToken,
    reason: Arc<OnceLock<(FinishReason, Option<String>)>>,
}

impl Stop {
    /// Asks the run to end. Only the first call's reason is kept.
    pub fn request(&self, reason: FinishReason, detail: Option<String>) {
        let _ = self.reason.set((reason, detail));
        self.token.cancel();
    }

    /// Whether the run is to end.
    #[must_use]
    pub fn requested(&self) -> bool {
        self.token.is_cancelled()
    }

    /// Waits until the run is to end.
    pub async fn wait(&self) {
        self.token.cancelled().await;
    }

    /// Why the run ends; `None` while it goes on.
    #[must_use]
    pub fn reason(&self) -> Option<(FinishReason, Option<String>)> {
        self.reason.get().cloned()
    }

    /// Runs `work` unless the run ends first.
    ///
    /// # Errors
    /// [`Stopped`] when the run was asked to end before `work` was done.
    pub async fn or_stopped<T>(&self, work: impl Future<Output = T>) -> Result<T, Stopped> {
        tokio::select! {
            biased;
            () = self.token.cancelled() => Err(Stopped),
            done = work => Ok(done),
        }
    }
}

/// The run was asked to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the run was stopped")]
pub struct Stopped;

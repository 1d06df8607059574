//! From the one who follows the journal to any number of viewers: made once, and only the newest is kept.

use std::sync::Arc;

use tokio::sync::watch;

use super::model::Live;

/// The newest event as JSON, on one line; none before the journal has been read for the first time.
pub(crate) type Newest = Option<Arc<str>>;

/// Hands on how the run stands. A viewer that is slow gets the newest when it is ready for it, and never holds anything up.
#[derive(Debug, Default)]
pub(crate) struct Feed {
    newest: watch::Sender<Newest>,
}

impl Feed {
    /// Tells every viewer.
    pub(crate) fn publish(&self, live: &Live) -> serde_json::Result<()> {
        self.newest.send_replace(Some(serde_json::to_string(live)?.into()));
        Ok(())
    }

    /// A viewer.
    pub(crate) fn subscribe(&self) -> watch::Receiver<Newest> {
        self.newest.subscribe()
    }

    /// How many viewers there are.
    pub(crate) fn viewers(&self) -> usize {
        self.newest.receiver_count()
    }
}

//! From the one who follows the journal to any number of viewers: made once, and only the newest is kept.

use std::sync::Arc;

use tokio::sync::watch;

use super::model::Live;

/// Hands on how the run stands. A viewer that is slow gets the newest when it is ready for it, and never holds anything up.
#[derive(Debug)]
pub(crate) struct Feed {
    newest: watch::Sender<Arc<str>>,
}

impl Feed {
    /// A feed whose first event is `first`.
    pub(crate) fn new(first: &Live) -> serde_json::Result<Self> {
        Ok(Self { newest: watch::Sender::new(text(first)?) })
    }

    /// Tells every viewer.
    pub(crate) fn publish(&self, live: &Live) -> serde_json::Result<()> {
        self.newest.send_replace(text(live)?);
        Ok(())
    }

    /// A viewer: the newest event as JSON, on one line, and whatever is newer later.
    pub(crate) fn subscribe(&self) -> watch::Receiver<Arc<str>> {
        self.newest.subscribe()
    }

    /// How many viewers there are.
    pub(crate) fn viewers(&self) -> usize {
        self.newest.receiver_count()
    }
}

fn text(live: &Live) -> serde_json::Result<Arc<str>> {
    serde_json::to_string(live).map(Arc::from)
}

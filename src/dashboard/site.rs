//! What the handlers of one dashboard share.

use std::sync::Arc;

use axum::routing::MethodRouter;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use super::live::feed::Feed;
use super::refusal::Refusal;
use super::runs::index::Index;
use crate::lang::Lang;

/// Makes the handler of a route.
pub(super) type Handler = fn() -> MethodRouter<Site>;

/// What is served.
#[derive(Clone, Debug)]
pub(super) struct Site {
    pub(super) feed: Arc<Feed>,
    pub(super) index: Arc<Index>,
    pub(super) lang: Lang,
    /// The page in that language.
    pub(super) page: Arc<str>,
    /// Ends the streams of all viewers.
    pub(super) close: CancellationToken,
}

impl Site {
    /// Asks the index, which reads files, where that keeps nobody waiting. A question that nobody waits for any more is not begun.
    pub(super) async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Index) -> T + Send + 'static,
    ) -> Result<T, Refusal> {
        let index = Arc::clone(&self.index);
        let answer = tokio::task::spawn_blocking(move || question(&index));
        AbortOnDropHandle::new(answer).await.map_err(|_| Refusal::Broken)
    }
}

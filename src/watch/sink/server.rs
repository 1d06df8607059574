//! The HTTP server of the sink, which can be cut off together with its connections.

use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::SinkTask;
use crate::watch::alerts::payload;

/// A body longer than this is refused: Alertmanager groups alerts, and a group may hold hundreds.
const MAX_BODY: usize = 1 << 20;
/// How long requests under way may take when the sink ends.
const LINGER: Duration = Duration::from_secs(1);

/// A server with a runtime of its own: to end that ends every connection as well, which axum's tasks, on a runtime that
/// goes on, would outlive.
pub(super) struct Server {
    runtime: Runtime,
    serving: JoinHandle<()>,
    close: CancellationToken,
}

impl Server {
    /// Receives alerts at `path` for `sink`.
    pub(super) fn start(
        sink: &SinkTask,
        listener: std::net::TcpListener,
        path: &str,
    ) -> std::io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("alert-sink")
            .enable_all()
            .build()?;
        let limit = axum::extract::DefaultBodyLimit::max(MAX_BODY);
        let router = Router::new().route(path, post(receive)).layer(limit).with_state(sink.clone());
        let close = CancellationToken::new();
        let closed = close.clone().cancelled_owned();
        let listener = {
            let _inside = runtime.enter();
            TcpListener::from_std(listener)?
        };
        let serving = runtime.spawn(async move {
            // An error of a single connection does not end the sink; there is no other.
            let _ = axum::serve(listener, router).with_graceful_shutdown(closed).await;
        });
        Ok(Self { runtime, serving, close })
    }

    /// Closes the listener and every connection now; afterwards nothing is taken any more.
    pub(super) async fn cut(self) {
        let runtime = self.runtime;
        // It waits for the worker, which a runtime does not let its own tasks do.
        let _ = tokio::task::spawn_blocking(move || runtime.shutdown_timeout(LINGER)).await;
    }

    /// Ends when the requests under way have been answered.
    pub(super) async fn close(self) {
        let Self { runtime, serving, close } = self;
        close.cancel();
        let _ = tokio::time::timeout(LINGER, serving).await;
        runtime.shutdown_background();
    }
}

async fn receive(State(sink): State<SinkTask>, headers: HeaderMap, body: Bytes) -> (StatusCode, String) {
    let header = headers.get("idempotency-key").and_then(|key| key.to_str().ok());
    match payload::alerts(&body, header, &sink.text) {
        Ok(alerts) => {
            sink.take(alerts);
            (StatusCode::OK, String::new())
        }
        Err(error) => (StatusCode::UNPROCESSABLE_ENTITY, format!("{error}\n")),
    }
}

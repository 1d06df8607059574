//! The alert sink: an HTTP receiver; each alert is journalled at its arrival.

use std::net::SocketAddr;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use serde::Deserialize;
use tokio::net::TcpListener;

use super::thread::Observer;
use crate::clock::Clock;
use crate::fault::Observation;
use crate::journal::JournalHandle;
use crate::journal::event::AlertReceived;
use crate::stop::Stop;

/// An alert longer than this is refused.
const MAX_ALERT: usize = 256 << 10;
/// A text longer than this is cut.
const MAX_TEXT: usize = 1000;

/// What the sink needs.
#[derive(Debug, Clone)]
pub struct SinkTask {
    /// The run's clock.
    pub clock: Clock,
    /// Where it writes.
    pub journal: JournalHandle,
    /// Who watches live.
    pub observer: Observer,
}

/// An alert as the bundled backend's dispatcher sends it.
#[derive(Debug, Deserialize)]
struct Incoming {
    #[serde(default)]
    id: serde_json::Value,
    idempotency_key: Option<String>,
    severity: String,
    kind: String,
    module: Option<String>,
    #[serde(default)]
    message: String,
    at: Option<String>,
}

/// A listening socket on `address` for the sink, bound before anybody is told of it.
///
/// # Errors
/// When the address is in use or not ours.
pub fn bind(address: SocketAddr) -> std::io::Result<std::net::TcpListener> {
    let listener = std::net::TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// The path at which alerts are taken: random, so that nobody posts there by accident.
#[must_use]
pub fn random_path() -> String {
    format!("/alerts/{:016x}{:016x}", rand::random::<u64>(), rand::random::<u64>())
}

impl SinkTask {
    /// Receives alerts at `path` until `stop`.
    pub async fn run(self, listener: std::net::TcpListener, path: String, stop: Stop) {
        let Ok(listener) = TcpListener::from_std(listener) else { return };
        let limit = axum::extract::DefaultBodyLimit::max(MAX_ALERT);
        let router = Router::new().route(&path, post(receive)).layer(limit).with_state(self);
        // An error of a single connection does not end the sink; there is no other.
        let _ = axum::serve(listener, router).with_graceful_shutdown(async move { stop.wait().await }).await;
    }
}

async fn receive(State(sink): State<SinkTask>, headers: HeaderMap, body: Bytes) -> (StatusCode, String) {
    let now = sink.clock.now();
    let incoming: Incoming = match serde_json::from_slice(&body) {
        Ok(incoming) => incoming,
        Err(error) => return (StatusCode::UNPROCESSABLE_ENTITY, format!("not an alert: {error}\n")),
    };
    let id = match incoming.id {
        serde_json::Value::String(id) => id,
        other => other.to_string(),
    };
    let header = headers.get("idempotency-key").and_then(|key| key.to_str().ok()).map(str::to_owned);
    let alert = AlertReceived {
        key: cut(incoming.idempotency_key.or(header).unwrap_or_else(|| id.clone())),
        id: cut(id),
        severity: cut(incoming.severity),
        kind: cut(incoming.kind),
        module: cut(incoming.module.unwrap_or_default()),
        message: cut(incoming.message),
        raised_at: incoming.at.map(cut),
    };
    sink.observer.tell(Observation::Alert(now, alert.clone()));
    sink.journal.control(now, alert);
    (StatusCode::OK, String::new())
}

fn cut(mut text: String) -> String {
    if let Some((at, _)) = text.char_indices().nth(MAX_TEXT) {
        text.truncate(at);
    }
    text
}

//! The analysis module: figures over a session.
//!
//! - `GET /api/sessions/{id}/analysis` → [`Analysis`]; a session that nobody wrote to gives an empty one
//!
//! Every analysis is kept in the cache. While the database cannot be read, the latest one is the answer, and says so.

use std::net::SocketAddr;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::Serialize;

use super::entry::{SessionId, SetChecksum};
use super::session::{VerifiedEntry, VerifiedPage};
use crate::loopback::Loopback;
use crate::problem::Problem;

/// How long one analysis may take.
const PATIENCE: Duration = Duration::from_secs(4);

/// What the module's handlers share.
#[derive(Clone, Debug)]
pub(super) struct Analyses {
    pub(super) client: Loopback,
    pub(super) session: SocketAddr,
}

/// Figures over one session.
#[derive(Clone, Debug, Serialize, PartialEq, utoipa::ToSchema)]
pub(crate) struct Analysis {
    session: String,
    /// `database`, or `cache` for the latest analysis from before the database went away.
    source: &'static str,
    /// Entries.
    count: u64,
    first_seq: Option<u64>,
    last_seq: Option<u64>,
    /// Of the set of all entries: the exclusive or of SHA-256("{seq}:{checksum}").
    checksum: String,
    /// Sequence numbers between the first and the last that no entry has.
    missing_seqs: u64,
    /// Entries whose payload no longer has the checksum that was acknowledged.
    mismatches: u64,
    payload_bytes: PayloadBytes,
}

/// Lengths of the canonical payloads, in bytes; null without entries.
#[derive(Clone, Debug, Serialize, PartialEq, utoipa::ToSchema)]
pub(crate) struct PayloadBytes {
    total: u64,
    min: Option<u64>,
    max: Option<u64>,
    mean: Option<f64>,
}

/// The module's routes.
pub(super) fn router(analyses: Analyses) -> Router {
    Router::new().route("/api/sessions/{id}/analysis", get(analyse)).with_state(analyses)
}

async fn analyse(State(analyses): State<Analyses>, Path(id): Path<String>) -> Result<Response, Problem> {
    let session: SessionId =
        id.parse().map_err(|error: super::entry::SessionIdError| Problem::bad_request(error.to_string()))?;
    match tokio::time::timeout(PATIENCE, analyses.fetch_and_add_up(&session)).await {
        Ok(Ok(tally)) => {
            let analysis = tally.analysis(id);
            analyses.keep(&session, &analysis);
            Ok(Json(analysis).into_response())
        }
        Ok(Err(problem)) => analyses.latest(&session).await.ok_or(problem),
        Err(_) => Err(Problem::unavailable(format!("the analysis of {id} takes longer than {PATIENCE:?}"))),
    }
}

impl Analyses {
    /// Has `analysis` kept in the cache, without waiting for it.
    fn keep(&self, session: &SessionId, analysis: &Analysis) {
        let kept = Analysis { source: "cache", ..analysis.clone() };
        let Ok(body) = serde_json::to_vec(&kept) else { return };
        let (client, address, path) = (self.client.clone(), self.session, format!("/latest/{session}"));
        tokio::spawn(async move {
            // Nobody is worse off without it: the next one is kept.
            let _ = client.call("session", address, Method::PUT, &path, Some(body.into())).await;
        });
    }

    /// The latest analysis, when the cache has one.
    async fn latest(&self, session: &SessionId) -> Option<Response> {
        let path = format!("/latest/{session}");
        let answer = self.client.call("session", self.session, Method::GET, &path, None).await.ok()?;
        (answer.status == StatusCode::OK)
            .then(|| ([(header::CONTENT_TYPE, "application/json")], answer.body).into_response())
    }

    async fn fetch_and_add_up(&self, session: &SessionId) -> Result<Tally, Problem> {
        let mut tally = Tally::default();
        loop {
            let after = tally.last_seq.map(|seq| format!("?after={seq}")).unwrap_or_default();
            let path = format!("/verified/{session}{after}");
            let answer = self.client.call("session", self.session, Method::GET, &path, None).await?;
            if answer.status != StatusCode::OK {
                return Err(Problem::unavailable(format!(
                    "session cannot give its entries ({}): {}",
                    answer.status,
                    String::from_utf8_lossy(&answer.body)
                )));
            }
            let page: VerifiedPage = serde_json::from_slice(&answer.body).map_err(|error| {
                Problem::new(StatusCode::BAD_GATEWAY, format!("session answered: {error}"))
            })?;
            let empty = page.entries.is_empty();
            page.entries.iter().for_each(|entry| tally.add(entry));
            // An entry may be written behind the page meanwhile; what counts is what this analysis saw.
            if empty || tally.last_seq >= page.last_seq {
                return Ok(tally);
            }
        }
    }
}

/// The figures so far; entries come in the order of their `seq`.
#[derive(Debug, Default)]
struct Tally {
    count: u64,
    first_seq: Option<u64>,
    last_seq: Option<u64>,
    checksum: SetChecksum,
    mismatches: u64,
    bytes: u64,
    min: Option<u64>,
    max: Option<u64>,
}

impl Tally {
    fn add(&mut self, entry: &VerifiedEntry) {
        self.count += 1;
        self.first_seq.get_or_insert(entry.seq);
        self.last_seq = Some(entry.seq);
        self.checksum.add(entry.seq, &entry.checksum);
        self.mismatches += u64::from(!entry.matches);
        self.bytes += entry.bytes;
        self.min = Some(self.min.map_or(entry.bytes, |min| min.min(entry.bytes)));
        self.max = self.max.max(Some(entry.bytes));
    }

    fn analysis(self, session: String) -> Analysis {
        let span = self.last_seq.zip(self.first_seq).map_or(0, |(last, first)| last - first + 1);
        Analysis {
            session,
            source: "database",
            count: self.count,
            first_seq: self.first_seq,
            last_seq: self.last_seq,
            checksum: self.checksum.to_hex(),
            missing_seqs: span - self.count,
            mismatches: self.mismatches,
            payload_bytes: PayloadBytes {
                total: self.bytes,
                min: self.min,
                max: self.max,
                mean: (self.count > 0).then(|| self.bytes as f64 / self.count as f64),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_gaps_mismatches_and_bytes() {
        let mut tally = Tally::default();
        for (seq, bytes, matches) in [(3, 10, true), (4, 2, false), (9, 6, true)] {
            tally.add(&VerifiedEntry { seq, checksum: "x".to_owned(), matches, bytes });
        }
        let analysis = tally.analysis("s".to_owned());
        assert_eq!((analysis.count, analysis.missing_seqs, analysis.mismatches), (3, 4, 1));
        assert_eq!((analysis.first_seq, analysis.last_seq), (Some(3), Some(9)));
        assert_eq!(
            analysis.payload_bytes,
            PayloadBytes { total: 18, min: Some(2), max: Some(10), mean: Some(6.0) }
        );
    }

    #[test]
    fn nothing_is_null_and_not_zero() {
        let analysis = Tally::default().analysis("s".to_owned());
        assert_eq!((analysis.count, analysis.first_seq, analysis.last_seq), (0, None, None));
        assert_eq!(analysis.payload_bytes.mean, None);
    }
}

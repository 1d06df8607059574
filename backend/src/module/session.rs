//! The session module: owns the storage of entries.
//!
//! - `POST /api/sessions/{id}/entries` `{"seq","payload"}` → 201, or 200 when the same entry was there, 409 when another
//! - `GET /api/sessions/{id}/entries?after=SEQ&limit=N` → `{"session","count","last_seq","entries"}`
//! - `GET /api/sessions/{id}/state`, `/latest/{id}`, `/stores`, `POST /state_resync`: see [`state`](super::state)
//! - `GET /verified/{id}?after=SEQ` → a page whose checksums ingest has computed anew; for the analysis module

use std::net::SocketAddr;

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::entry::SessionId;
use super::ingest::Validated;
use super::state;
use crate::clock;
use crate::loopback::Loopback;
use crate::problem::Problem;
use crate::state_resync::{Keeper, Stores};
use crate::store::{
    Appended, Durability, GroupCommit, NewEntry, SessionPage, StoreError, StoredEntry, Written,
};

/// The longest body of a POST: white space and escapes may double the 64 KiB of a payload.
pub(super) const LARGEST_BODY: usize = 160 * 1024;
/// Payload bytes in one page; a page that reaches this ends early, and `last_seq` says that there is more.
pub(super) const LARGEST_PAGE_BYTES: usize = 4 * 1024 * 1024;
const DEFAULT_LIMIT: u32 = 100;
const LARGEST_LIMIT: u32 = 10_000;
/// Entries and payload bytes in one page for the analysis: so few that no module is busy with one for long enough to
/// miss a heartbeat.
const VERIFIED_LIMIT: u32 = 1_000;
pub(super) const VERIFIED_BYTES: usize = 1024 * 1024;

/// What the module's handlers share.
#[derive(Clone, Debug)]
pub(super) struct Sessions {
    pub(super) stores: Stores,
    pub(super) keeper: Keeper,
    pub(super) writer: GroupCommit,
    pub(super) client: Loopback,
    pub(super) ingest: SocketAddr,
}

#[derive(Deserialize)]
struct PageQuery {
    after: Option<u64>,
    limit: Option<u32>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Acknowledged<'a> {
    session: &'a str,
    seq: u64,
    checksum: &'a str,
    /// Where the entry is safe: `database`, or `spool` while the database is away.
    durability: &'static str,
}

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = SessionEntries)]
pub(crate) struct Page<'a> {
    session: &'a str,
    /// Entries in the whole session.
    count: u64,
    /// The greatest `seq` in the whole session; null when it is empty.
    last_seq: Option<u64>,
    entries: Vec<PageEntry<'a>>,
}

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = SessionEntry)]
pub(crate) struct PageEntry<'a> {
    seq: u64,
    #[schema(value_type = serde_json::Value)]
    payload: &'a RawValue,
    checksum: &'a str,
}

/// A page of entries without their payloads, verified.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct VerifiedPage {
    pub(super) count: u64,
    pub(super) last_seq: Option<u64>,
    pub(super) entries: Vec<VerifiedEntry>,
}

/// An entry whose checksum was computed anew.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct VerifiedEntry {
    pub(super) seq: u64,
    /// The checksum of what is stored now.
    pub(super) checksum: String,
    /// Whether it is the one that was acknowledged.
    pub(super) matches: bool,
    /// Length of the canonical payload.
    pub(super) bytes: u64,
}

/// The module's routes.
pub(super) fn router(sessions: Sessions) -> Router {
    Router::new()
        .route("/api/sessions/{id}/entries", get(read).post(append))
        .route("/verified/{id}", get(verified))
        .route("/api/sessions/{id}/state", get(state::state))
        .route("/latest/{id}", get(state::latest).put(state::set_latest))
        .route("/stores", get(state::stores))
        .route("/state_resync", post(state::resync))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .with_state(sessions)
}

pub(super) fn session_id(text: &str) -> Result<SessionId, Problem> {
    text.parse().map_err(|error: super::entry::SessionIdError| Problem::bad_request(error.to_string()))
}

impl Sessions {
    /// A page from the database, when that can tell the truth: it must answer, and hold everything of this session that
    /// was acknowledged.
    async fn page(
        &self,
        session: &SessionId,
        after: Option<u64>,
        limit: u32,
        max_bytes: usize,
    ) -> Result<SessionPage, Problem> {
        let database = self.stores.condition.now().database;
        if !database.up {
            let since = clock::rfc3339(database.since_us);
            return Err(Problem::unavailable(format!(
                "entries cannot be read: the database is away since {since} ({})",
                database.reason
            )));
        }
        let spooled = self.stores.log.spooled().waiting(session);
        if spooled > 0 {
            return Err(Problem::unavailable(format!(
                "entries cannot be read: {spooled} of {session} still wait in the spool for the database"
            )));
        }
        let page = self.stores.database.page(session, after, limit, max_bytes).await;
        Ok(page.inspect_err(|error| self.stores.condition.database_failed(error))?)
    }
}

async fn append(
    State(sessions): State<Sessions>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Response, Problem> {
    let session = session_id(&id)?;
    let answer =
        sessions.client.call("ingest", sessions.ingest, Method::POST, "/validate", Some(body)).await?;
    if answer.status != StatusCode::OK {
        let content_type = answer.headers.get(header::CONTENT_TYPE).cloned();
        let mut response = (answer.status, answer.body).into_response();
        if let Some(content_type) = content_type {
            response.headers_mut().insert(header::CONTENT_TYPE, content_type);
        }
        return Ok(response);
    }
    let valid: Validated = serde_json::from_slice(&answer.body).map_err(|error| unexpected(&error))?;
    let payload = String::from(Box::<str>::from(valid.payload));
    let entry = NewEntry { session, seq: valid.seq, payload, checksum: valid.checksum.clone() };
    let Written { appended, durability } = sessions.writer.append(entry).await?;
    let status = match appended {
        Appended::Created => StatusCode::CREATED,
        Appended::Same => StatusCode::OK,
        Appended::Conflict => {
            let detail = format!("session {id} holds another payload at seq {}", valid.seq);
            return Err(Problem::new(StatusCode::CONFLICT, detail));
        }
    };
    let durability = match durability {
        Durability::Database => "database",
        Durability::Spool => "spool",
    };
    let acknowledged = Acknowledged { session: &id, seq: valid.seq, checksum: &valid.checksum, durability };
    Ok((status, Json(acknowledged)).into_response())
}

async fn read(
    State(sessions): State<Sessions>,
    Path(id): Path<String>,
    Query(query): Query<PageQuery>,
) -> Result<Response, Problem> {
    let session = session_id(&id)?;
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=LARGEST_LIMIT).contains(&limit) {
        return Err(Problem::bad_request(format!("limit must be from 1 to {LARGEST_LIMIT}")));
    }
    let after = query.after.map(|after| after.min(crate::store::MAX_SEQ));
    let page = sessions.page(&session, after, limit, LARGEST_PAGE_BYTES).await?;
    let SessionPage { count, last_seq, entries } = &page;
    let entries = entries.iter().map(page_entry).collect::<Result<_, _>>()?;
    Ok(Json(Page { session: &id, count: *count, last_seq: *last_seq, entries }).into_response())
}

fn page_entry(entry: &StoredEntry) -> Result<PageEntry<'_>, Problem> {
    let payload: &RawValue = serde_json::from_str(&entry.payload).map_err(|error| unexpected(&error))?;
    Ok(PageEntry { seq: entry.seq, payload, checksum: &entry.checksum })
}

async fn verified(
    State(sessions): State<Sessions>,
    Path(id): Path<String>,
    Query(query): Query<PageQuery>,
) -> Result<Json<VerifiedPage>, Problem> {
    let session = session_id(&id)?;
    let page = sessions.page(&session, query.after, VERIFIED_LIMIT, VERIFIED_BYTES).await?;
    let payloads: Vec<&str> = page.entries.iter().map(|entry| entry.payload.as_str()).collect();
    // Even an empty page asks: an analysis is an answer of all three modules.
    let body = Bytes::from(format!("[{}]", payloads.join(",")));
    let answer =
        sessions.client.call("ingest", sessions.ingest, Method::POST, "/checksums", Some(body)).await?;
    let computed: Vec<String> = serde_json::from_slice(&answer.body).map_err(|error| unexpected(&error))?;
    if computed.len() != page.entries.len() {
        return Err(Problem::new(StatusCode::BAD_GATEWAY, "ingest did not verify every entry"));
    }
    let verify = |(entry, checksum): (&StoredEntry, String)| VerifiedEntry {
        seq: entry.seq,
        matches: checksum == entry.checksum,
        checksum,
        bytes: entry.payload.len() as u64,
    };
    let entries = page.entries.iter().zip(computed).map(verify).collect();
    Ok(Json(VerifiedPage { count: page.count, last_seq: page.last_seq, entries }))
}

/// For what another part of this crate wrote and this part cannot read.
fn unexpected(error: &serde_json::Error) -> Problem {
    Problem::new(StatusCode::BAD_GATEWAY, format!("an answer within the backend makes no sense: {error}"))
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Self::unavailable(error.to_string())
    }
}

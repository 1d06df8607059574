//! A target that keeps sessions in memory and, on purpose, loses or alters entries that it has acknowledged.
//!
//! It watches the process of its "cache" (a real server) and, like R-v0.2, says when that is away, when it is back, and
//! that it has resynced, whether or not that is true.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

/// What the target does to acknowledged entries while it claims to resync.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Damage {
    /// So many are gone.
    pub(crate) lost: u64,
    /// So many hold something else.
    pub(crate) altered: u64,
    /// Its two stores do not say the same of a session.
    pub(crate) cache_differs: bool,
    /// It resyncs only when it is asked to.
    pub(crate) lazy: bool,
}

/// The running target.
pub(crate) struct Forgetful {
    pub(crate) address: SocketAddr,
    _runtime: tokio::runtime::Runtime,
}

#[derive(Default)]
struct Memory {
    sessions: BTreeMap<String, BTreeMap<u64, Value>>,
    events: Vec<Value>,
    cache_down: bool,
    restored: bool,
    damage: Damage,
}

#[derive(Clone)]
struct Shared(Arc<Mutex<Memory>>);

impl Shared {
    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.0.lock().unwrap()
    }
}

impl Memory {
    fn happened(&mut self, kind: &str, module: &str, resync: Option<&Value>) {
        let (seq, at_us) = (self.events.len() + 1, jiff::Timestamp::now().as_microsecond());
        self.events
            .push(json!({ "seq": seq, "at_us": at_us, "kind": kind, "module": module, "resync": resync }));
    }

    /// Claims success, whatever it does to the entries.
    fn resync(&mut self, trigger: &str) -> Value {
        self.happened("resync_started", "session", None);
        let Damage { lost, altered, .. } = std::mem::take(&mut self.damage_due());
        // The first entries of users' sessions: acknowledged for long, and no canary's.
        let mut victims: Vec<(String, u64)> = Vec::new();
        for (name, entries) in self.sessions.iter().filter(|(name, _)| !name.ends_with("canary")) {
            victims.extend(entries.keys().take(3).map(|seq| (name.clone(), *seq)));
        }
        let mut victims = victims.into_iter();
        for (session, seq) in victims.by_ref().take(usize::try_from(lost).unwrap()) {
            self.sessions.get_mut(&session).unwrap().remove(&seq);
        }
        for (session, seq) in victims.take(usize::try_from(altered).unwrap()) {
            self.sessions.get_mut(&session).unwrap().insert(seq, json!("not what was sent"));
        }
        let report =
            json!({ "id": "r", "trigger": trigger, "outcome": "succeeded", "replayed": 0, "duration_ms": 1 });
        self.happened("resync_finished", "session", Some(&report));
        self.restored = true;
        self.happened("stores_restored", "session", None);
        report
    }

    /// The damage is done once.
    fn damage_due(&mut self) -> Damage {
        let due = self.damage;
        (self.damage.lost, self.damage.altered) = (0, 0);
        due
    }
}

impl Forgetful {
    /// A target whose cache is the process `cache_pid`.
    pub(crate) fn start(cache_pid: u32, damage: Damage) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let memory = Memory { damage, restored: true, ..Memory::default() };
        let shared = Shared(Arc::new(Mutex::new(memory)));
        let router = Router::new()
            .route("/api/system/health", get(health))
            .route("/api/system/metrics", get(async || Json(json!({}))))
            .route("/api/recovery/state_resync", post(resync))
            .route("/api/recovery/events", get(events))
            .route("/api/sessions/{id}/entries", get(read).post(append))
            .route("/api/sessions/{id}/state", get(state))
            .route("/api/sessions/{id}/analysis", get(async || Json(json!({}))))
            .with_state(shared.clone());
        runtime.spawn(async move { axum::serve(listener, router).await });
        runtime.spawn(watch(cache_pid, shared));
        Self { address, _runtime: runtime }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

/// Whether the process stands still.
fn is_stopped(pid: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit(')').next().is_some_and(|rest| rest.trim_start().starts_with('T'))
}

async fn watch(pid: u32, shared: Shared) {
    loop {
        tokio::time::sleep(Duration::from_millis(10)).await;
        let down = is_stopped(pid);
        let mut memory = shared.memory();
        if std::mem::replace(&mut memory.cache_down, down) == down {
            continue;
        }
        if down {
            memory.restored = false;
            memory.happened("store_down", "cache", None);
        } else {
            memory.happened("store_up", "cache", None);
            if !memory.damage.lazy {
                memory.resync("automatic");
            }
        }
    }
}

async fn health(State(shared): State<Shared>) -> Json<Value> {
    let restored = shared.memory().restored;
    let status = if restored { "healthy" } else { "degraded" };
    Json(json!({ "status": status, "modules": [{ "name": "session", "status": "ready", "pid": 1 }] }))
}

async fn resync(State(shared): State<Shared>) -> (StatusCode, Json<Value>) {
    let mut memory = shared.memory();
    if memory.cache_down {
        return (StatusCode::SERVICE_UNAVAILABLE, Json(json!({ "detail": "the cache is away" })));
    }
    (StatusCode::OK, Json(memory.resync("requested")))
}

async fn events(State(shared): State<Shared>, RawQuery(query): RawQuery) -> Json<Value> {
    let since: usize = query.and_then(|query| query.strip_prefix("since=")?.parse().ok()).unwrap_or(0);
    let memory = shared.memory();
    Json(json!({ "next": memory.events.len(), "events": memory.events.get(since..).unwrap_or_default() }))
}

async fn append(
    State(shared): State<Shared>,
    Path(id): Path<String>,
    Json(entry): Json<Value>,
) -> (StatusCode, Json<Value>) {
    let seq = entry["seq"].as_u64().unwrap();
    shared.memory().sessions.entry(id).or_default().entry(seq).or_insert_with(|| entry["payload"].clone());
    (StatusCode::CREATED, Json(json!({ "seq": seq, "durability": "database" })))
}

async fn read(
    State(shared): State<Shared>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Json<Value> {
    let query = query.unwrap_or_default();
    let number = |name: &str| {
        let found = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
        found.and_then(|value| value.parse::<u64>().ok())
    };
    let (after, limit) = (number("after").unwrap_or(0), number("limit").unwrap_or(100));
    let memory = shared.memory();
    let empty = BTreeMap::new();
    let entries = memory.sessions.get(&id).unwrap_or(&empty).range(after + 1..);
    let entries: Vec<_> = entries
        .take(usize::try_from(limit).unwrap())
        .map(|(seq, payload)| json!({ "seq": seq, "payload": payload }))
        .collect();
    Json(json!({ "entries": entries }))
}

async fn state(
    State(shared): State<Shared>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Json<Value> {
    let memory = shared.memory();
    let count = memory.sessions.get(&id).map_or(0, BTreeMap::len);
    let behind = memory.damage.cache_differs && query.is_some_and(|query| query.contains("source=cache"));
    Json(json!({ "count": count - usize::from(behind), "last_seq": count, "checksum": "c" }))
}

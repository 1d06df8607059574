//! A target whose outages have known instants: it stamps them itself.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use serde_json::{Value, json};

/// A stub that answers like R-v0.2 and is down for a known time after each restart request.
pub(crate) struct Stub {
    pub(crate) address: SocketAddr,
    shared: Arc<Shared>,
    runtime: tokio::runtime::Runtime,
}

/// How the stub tells of its restarts: badly, on purpose.
#[derive(Clone)]
pub(crate) struct Teller {
    /// Where alerts go.
    pub(crate) url: String,
    /// Every so many alerts is not sent.
    pub(crate) drop_every: usize,
    /// This one is sent twice.
    pub(crate) double: usize,
}

impl Teller {
    /// Sends the alert about restart number `number`, from 1.
    async fn tell(&self, number: usize) {
        if number.is_multiple_of(self.drop_every) {
            return;
        }
        for _ in 0..if number == self.double { 2 } else { 1 } {
            self.send(&format!("restart-{number}"), "module_recovered").await;
        }
    }

    async fn send(&self, key: &str, kind: &str) {
        let alert = json!({
            "id": key, "idempotency_key": key, "severity": "info", "kind": kind, "module": "only", "message": key
        });
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let answer = client.post(&self.url).json(&alert).send().await.unwrap();
        assert!(answer.status().is_success(), "the sink refused an alert: {}", answer.status());
    }
}

struct Shared {
    teller: Option<Teller>,
    /// How long the next outages last, the last one first.
    lengths: Mutex<Vec<Duration>>,
    state: Mutex<StubState>,
}

#[derive(Default, Clone)]
struct StubState {
    down: bool,
    down_since: i64,
    pid: u32,
    restarts: u64,
    outages: Vec<Outage>,
    events: Vec<Value>,
}

/// Begin and end of an outage on the wall clock.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Outage {
    pub(crate) from_unix_us: i64,
    pub(crate) to_unix_us: i64,
}

impl Stub {
    /// A stub whose health page names `pid`, with outages of these lengths.
    pub(crate) fn start(pid: u32, lengths: &[Duration]) -> Self {
        Self::with(pid, lengths, None)
    }

    /// A stub that tells of its restarts, and once of nothing: an alert that no fault has caused.
    pub(crate) fn telling(pid: u32, lengths: &[Duration], teller: Teller) -> Self {
        Self::with(pid, lengths, Some(teller))
    }

    /// Sends an alert for nothing.
    pub(crate) fn cry_wolf(&self) {
        let teller = self.shared.teller.clone().unwrap();
        self.runtime.block_on(teller.send("wolf", "module_crashed"));
    }

    fn with(pid: u32, lengths: &[Duration], teller: Option<Teller>) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            teller,
            lengths: Mutex::new(lengths.iter().rev().copied().collect()),
            state: Mutex::new(StubState { pid, ..StubState::default() }),
        });
        let router = Router::new()
            .route("/api/system/health", get(health))
            .route("/api/system/metrics", get(whole))
            .route("/api/recovery/restart", post(restart))
            .route("/api/recovery/events", get(events))
            .with_state(Arc::clone(&shared));
        runtime.spawn(async move { axum::serve(listener, router).await });
        Self { address, shared, runtime }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn outages(&self) -> Vec<Outage> {
        self.shared.state.lock().unwrap().outages.clone()
    }
}

fn now() -> i64 {
    jiff::Timestamp::now().as_microsecond()
}

type Answer = (StatusCode, axum::Json<Value>);

async fn health(State(shared): State<Arc<Shared>>) -> Answer {
    let state = shared.state.lock().unwrap().clone();
    let (code, overall, module) = match state.down {
        true => (StatusCode::SERVICE_UNAVAILABLE, "unhealthy", "starting"),
        false => (StatusCode::OK, "healthy", "ready"),
    };
    let module = json!({ "name": "only", "status": module, "pid": state.pid, "restarts": state.restarts });
    (code, axum::Json(json!({ "status": overall, "modules": [module] })))
}

async fn whole(State(shared): State<Arc<Shared>>) -> Answer {
    let code =
        if shared.state.lock().unwrap().down { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
    (code, axum::Json(json!({})))
}

async fn restart(State(shared): State<Arc<Shared>>) -> Answer {
    let length = shared.lengths.lock().unwrap().pop().unwrap_or(Duration::from_millis(100));
    let from_unix_us = now();
    {
        let mut state = shared.state.lock().unwrap();
        state.down = true;
        state.down_since = from_unix_us;
        record(&mut state, "stopping", from_unix_us);
    }
    tokio::spawn(async move {
        tokio::time::sleep(length).await;
        let number = ended(&shared);
        if let Some(teller) = &shared.teller {
            teller.tell(number).await;
        }
    });
    (StatusCode::ACCEPTED, axum::Json(json!({ "id": "1" })))
}

/// Ends an outage; its number.
fn ended(shared: &Shared) -> usize {
    let from_unix_us = shared.state.lock().unwrap().down_since;
    let mut state = shared.state.lock().unwrap();
    state.down = false;
    state.restarts += 1;
    let to_unix_us = now();
    record(&mut state, "spawned", to_unix_us);
    record(&mut state, "ready", to_unix_us);
    state.outages.push(Outage { from_unix_us, to_unix_us });
    state.outages.len()
}

fn record(state: &mut StubState, kind: &str, at_us: i64) {
    let seq = state.events.len() + 1;
    state.events.push(json!({ "seq": seq, "at_us": at_us, "kind": kind, "module": "only" }));
}

async fn events(
    State(shared): State<Arc<Shared>>,
    axum::extract::RawQuery(query): axum::extract::RawQuery,
) -> axum::Json<Value> {
    let since: usize = query.and_then(|query| query.strip_prefix("since=")?.parse().ok()).unwrap_or(0);
    let events = shared.state.lock().unwrap().events.clone();
    axum::Json(json!({ "next": events.len(), "events": events.get(since..).unwrap_or_default() }))
}

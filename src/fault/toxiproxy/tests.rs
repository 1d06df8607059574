//! Against a server that follows the documented API of toxiproxy 2: same paths, answers and statuses, nothing behind them.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Json;
use axum::routing::{delete, get, post};

use super::*;
use crate::fault::testing::context;

type Answer = (StatusCode, Json<Value>);

/// The proxy `redis` of the server.
#[derive(Debug)]
struct Fake {
    enabled: bool,
    toxics: Vec<Value>,
}

type Shared = Arc<Mutex<Fake>>;

fn refused(status: StatusCode, error: &str) -> Answer {
    (status, Json(json!({ "error": error, "status": status.as_u16() })))
}

fn page(it: &Fake) -> Value {
    json!({ "name": "redis", "enabled": it.enabled, "toxics": it.toxics })
}

async fn serve() -> (Url, Shared) {
    let someones = json!({ "name": "someones", "type": "latency", "stream": "downstream" });
    let state = Arc::new(Mutex::new(Fake { enabled: true, toxics: vec![someones] }));
    let router = Router::new()
        .route("/base/proxies/{proxy}", get(show).post(update))
        .route("/base/proxies/{proxy}/toxics", post(create))
        .route("/base/proxies/{proxy}/toxics/{toxic}", delete(remove))
        .with_state(Arc::clone(&state));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("http://{}/base/", listener.local_addr().unwrap())).unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, state)
}

async fn show(State(it): State<Shared>, Path(proxy): Path<String>) -> Answer {
    if proxy != "redis" {
        return refused(StatusCode::NOT_FOUND, "proxy not found");
    }
    (StatusCode::OK, Json(page(&it.lock().unwrap())))
}

async fn update(State(it): State<Shared>, body: Bytes) -> Answer {
    let body: Value = serde_json::from_slice(&body).unwrap();
    let mut it = it.lock().unwrap();
    it.enabled = body["enabled"].as_bool().unwrap();
    (StatusCode::OK, Json(page(&it)))
}

async fn create(State(it): State<Shared>, headers: HeaderMap, body: Bytes) -> Answer {
    assert_eq!(headers["content-type"], "application/json");
    let toxic: Value = serde_json::from_slice(&body).unwrap();
    let mut it = it.lock().unwrap();
    if toxic["type"] == "nonsense" {
        return refused(StatusCode::BAD_REQUEST, "invalid toxic type");
    }
    if it.toxics.iter().any(|other| other["name"] == toxic["name"]) {
        return refused(StatusCode::CONFLICT, "toxic already exists");
    }
    it.toxics.push(toxic.clone());
    (StatusCode::OK, Json(toxic))
}

async fn remove(State(it): State<Shared>, Path((_, name)): Path<(String, String)>) -> Answer {
    let mut it = it.lock().unwrap();
    let before = it.toxics.len();
    it.toxics.retain(|toxic| toxic["name"] != name.as_str());
    if it.toxics.len() == before {
        return refused(StatusCode::NOT_FOUND, "toxic not found");
    }
    (StatusCode::NO_CONTENT, Json(Value::Null))
}

fn spec(api: &Url, harm: Harm) -> ToxiproxySpec {
    ToxiproxySpec {
        name: "cache".to_owned(),
        api: api.clone(),
        proxy: "redis".to_owned(),
        harm,
        lasts: Some(Duration::from_secs(20)),
    }
}

fn latency() -> Harm {
    let attributes = json!({ "latency": 200 }).as_object().unwrap().clone();
    Harm::Toxic { kind: "latency".to_owned(), attributes, stream: Stream::Upstream }
}

#[tokio::test]
async fn a_toxic_is_added_shown_and_deleted_and_others_are_left_alone() {
    let ((api, state), context) = (serve().await, context());
    let mut fault = Toxiproxy::new(spec(&api, latency()));
    assert_eq!((fault.kind(), fault.target()), ("toxiproxy-latency", "cache"));
    let action_us = fault.inject(&context).await.unwrap().action_us;
    let set = state.lock().unwrap().toxics[1].clone();
    assert_eq!((&set["type"], &set["stream"]), (&json!("latency"), &json!("upstream")));
    assert_eq!((&set["attributes"], &set["toxicity"]), (&json!({ "latency": 200 }), &json!(1.0)));
    let effect = fault.confirm(&context).await.unwrap();
    assert_eq!(effect.evidence, "toxiproxy shows latency on the proxy redis");
    assert!(effect.confirmed_us >= action_us);
    assert!(fault.revert(&context).await.unwrap().is_some());
    assert_eq!(fault.revert(&context).await.unwrap(), None, "twice is harmless");
    assert_eq!(page(&state.lock().unwrap())["toxics"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_proxy_is_disabled_and_enabled_again_unless_somebody_else_has_disabled_it() {
    let ((api, state), context) = (serve().await, context());
    let mut fault = Toxiproxy::new(spec(&api, Harm::Down));
    assert_eq!(fault.kind(), "toxiproxy-down");
    fault.inject(&context).await.unwrap();
    assert!(!state.lock().unwrap().enabled);
    let evidence = fault.confirm(&context).await.unwrap().evidence;
    assert_eq!(evidence, "toxiproxy shows the proxy redis as disabled");
    let error = Toxiproxy::new(spec(&api, Harm::Down)).inject(&context).await.unwrap_err();
    assert!(error.to_string().ends_with("has the proxy redis disabled already"), "{error}");
    assert!(!state.lock().unwrap().enabled, "what another one has disabled stays so");
    assert!(fault.revert(&context).await.unwrap().is_some());
    assert!(state.lock().unwrap().enabled);
}

#[tokio::test]
async fn the_servers_own_words_say_why_not() {
    let ((api, _state), context) = (serve().await, context());
    let nonsense =
        Harm::Toxic { kind: "nonsense".to_owned(), attributes: Map::new(), stream: Stream::default() };
    let error = Toxiproxy::new(spec(&api, nonsense)).inject(&context).await.unwrap_err();
    let port = api.port().unwrap();
    let expected = format!(
        "nothing was injected: toxiproxy at http://127.0.0.1:{port}/base/ says about the proxy redis: invalid toxic type (HTTP 400)"
    );
    assert_eq!(error.to_string(), expected);
    let unknown = ToxiproxySpec { proxy: "a/b".to_owned(), ..spec(&api, Harm::Down) };
    let checked = unknown.check().await.unwrap_err();
    assert!(checked.ends_with("about the proxy a/b: proxy not found (HTTP 404)"), "{checked}");
    spec(&api, Harm::Down).check().await.unwrap();
    let error = Toxiproxy::new(unknown).inject(&context).await.unwrap_err();
    assert!(error.to_string().ends_with("about the proxy a/b: proxy not found (HTTP 404)"), "{error}");
}

#[tokio::test]
async fn what_is_gone_already_is_undone_and_what_was_never_shown_has_no_effect() {
    let ((api, state), context) = (serve().await, context());
    let mut fault = Toxiproxy::new(spec(&api, latency()));
    fault.inject(&context).await.unwrap();
    state.lock().unwrap().toxics.clear();
    let error = fault.confirm(&context).await.unwrap_err();
    assert!(matches!(error, FaultError::NoEffect(_)), "{error}");
    fault.revert(&context).await.unwrap();
}

#[tokio::test]
async fn a_fault_that_is_dropped_in_effect_is_undone() {
    let ((api, state), context) = (serve().await, context());
    let mut fault = Toxiproxy::new(spec(&api, latency()));
    fault.inject(&context).await.unwrap();
    // The server's runtime is this thread's, which a destructor blocks.
    tokio::task::spawn_blocking(move || drop(fault)).await.unwrap();
    assert_eq!(state.lock().unwrap().toxics.len(), 1);
}

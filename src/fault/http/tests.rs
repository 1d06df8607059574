use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;

use super::super::episode::{Fault as _, FaultError};
use super::super::scripted::{Script, Scripted};
use super::super::testing::context;
use super::*;

/// A system with a fault API.
#[derive(Debug, Default)]
struct Faulty {
    broken: bool,
    /// So many repairs fail first.
    stubborn: u32,
    repairs: u32,
    token: Option<String>,
    body: String,
}

type Shared = Arc<Mutex<Faulty>>;

async fn serve(faulty: Faulty) -> (Url, Shared) {
    use axum::routing::{get, put};
    let state = Arc::new(Mutex::new(faulty));
    let router = Router::new()
        .route("/fault", put(break_it).delete(repair))
        .route(
            "/state",
            get(|State(it): State<Shared>| async move {
                if it.lock().unwrap().broken { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK }
            }),
        )
        .with_state(Arc::clone(&state));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, state)
}

async fn break_it(State(it): State<Shared>, headers: axum::http::HeaderMap, body: String) -> StatusCode {
    let mut it = it.lock().unwrap();
    it.broken = true;
    it.token = headers.get("authorization").map(|value| value.to_str().unwrap().to_owned());
    it.body = body;
    StatusCode::ACCEPTED
}

async fn repair(State(it): State<Shared>) -> StatusCode {
    let mut it = it.lock().unwrap();
    it.repairs += 1;
    if it.repairs <= it.stubborn {
        return StatusCode::CONFLICT;
    }
    it.broken = false;
    StatusCode::NO_CONTENT
}

fn script(url: &Url) -> Script<Request> {
    let request = |method, path| Request::new(method, url.join(path).unwrap());
    let mut inject = request(Method::PUT, "fault?token=s3cret");
    inject.headers = vec![("authorization".to_owned(), Secret::new("Bearer s3cret".to_owned()))];
    inject.body = Some(Secret::new("{\"s3cret\": 1}".to_owned()));
    Script {
        name: "api".to_owned(),
        inject,
        revert: Some(request(Method::DELETE, "fault")),
        verify: Some(Request { status: vec![503], ..request(Method::GET, "state") }),
        lasts: Some(Duration::from_secs(20)),
        timeout: Duration::from_secs(5),
    }
}

#[tokio::test]
async fn requests_inject_prove_and_undo() {
    let (url, state) = serve(Faulty::default()).await;
    let context = context();
    let mut fault = Scripted::new(script(&url));
    let injection = fault.inject(&context).await.unwrap();
    assert_eq!((fault.kind(), injection.status), ("http", Some(202)));
    let effect = fault.confirm(&context).await.unwrap();
    let host = url.host_str().unwrap();
    let port = url.port().unwrap();
    let expected = format!("the verify request GET http://{host}:{port}/… answered HTTP 503");
    assert_eq!(effect.evidence, expected);
    assert_eq!(state.lock().unwrap().token.as_deref(), Some("Bearer s3cret"));
    assert_eq!(state.lock().unwrap().body, "{\"s3cret\": 1}");
    assert!(fault.revert(&context).await.unwrap().is_some());
    assert!(!state.lock().unwrap().broken);
    assert_eq!(fault.revert(&context).await.unwrap(), None, "twice is harmless");
    assert_eq!(state.lock().unwrap().repairs, 1);
}

#[tokio::test]
async fn undoing_is_tried_three_times_and_once_more_at_the_end() {
    let (url, state) = serve(Faulty { stubborn: 5, ..Faulty::default() }).await;
    let context = context();
    let mut fault = Scripted::new(script(&url));
    fault.inject(&context).await.unwrap();
    let error = fault.revert(&context).await.unwrap_err();
    assert!(matches!(&error, FaultError::NotUndone(why) if why.ends_with("answered HTTP 409")), "{error}");
    assert_eq!(state.lock().unwrap().repairs, 3);
    // Its own runtime is this thread's, which a destructor blocks.
    tokio::task::spawn_blocking(move || drop(fault)).await.unwrap();
    assert!(!state.lock().unwrap().broken, "the third of the last three tries succeeded");
}

#[tokio::test]
async fn what_nobody_took_is_not_undone_and_what_was_refused_is() {
    let (url, state) = serve(Faulty::default()).await;
    let context = context();
    let gone = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let nobody = Request::new(Method::PUT, Url::parse(&format!("http://{gone}/")).unwrap());
    let mut fault = Scripted::new(Script { inject: nobody, ..script(&url) });
    let error = fault.inject(&context).await.unwrap_err();
    assert!(matches!(&error, FaultError::NotInjected(why) if why.contains("got no answer")), "{error}");
    assert_eq!(state.lock().unwrap().repairs, 0);

    let odd = Request { status: vec![200], ..script(&url).inject };
    let mut fault = Scripted::new(Script { inject: odd, ..script(&url) });
    let error = fault.inject(&context).await.unwrap_err();
    assert!(matches!(&error, FaultError::NotInjected(why) if why.ends_with("answered HTTP 202")), "{error}");
    let state = state.lock().unwrap();
    assert_eq!((state.repairs, state.broken), (1, false));
}

#[tokio::test]
async fn nothing_secret_is_told() {
    let (url, _state) = serve(Faulty::default()).await;
    let context = context();
    let mut told = vec![format!("{:?}", script(&url))];
    let odd = Request { status: vec![200], ..script(&url).inject };
    let mut fault = Scripted::new(Script { inject: odd, ..script(&url) });
    told.push(fault.inject(&context).await.unwrap_err().to_string());
    let mut unsendable = script(&url).inject;
    unsendable.headers = vec![("x".to_owned(), Secret::new("s3cret\n".to_owned()))];
    let mut fault = Scripted::new(Script { inject: unsendable, ..script(&url) });
    told.push(fault.inject(&context).await.unwrap_err().to_string());
    for told in told {
        assert!(!told.contains("s3cret") && told.contains("127.0.0.1"), "{told}");
    }
}

//! The shapes of the API, and who is turned away.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::resync::until_restored;
use crate::support::Backend;

#[tokio::test(flavor = "multi_thread")]
async fn health_names_every_module_with_its_process() {
    let folder = tempfile::tempdir().unwrap();
    let backend = Backend::start(folder.path(), &[]).await;
    // Until the stores were asked it is degraded.
    until_restored(&backend).await;
    let (status, health) = backend.get("/api/system/health").await;
    assert_eq!((status, &health["status"]), (StatusCode::OK, &json!("healthy")));
    assert_eq!(health["pid"], backend.pid());
    let now = health["now"].as_str().unwrap();
    assert_eq!((now.len(), &now[19..20], &now[26..]), (27, ".", "Z"));
    let modules = health["modules"].as_array().unwrap();
    let dependency: Vec<(&Value, &Value)> =
        modules.iter().map(|module| (&module["name"], &module["depends_on"])).collect();
    let expected = [
        (json!("ingest"), Value::Null),
        (json!("session"), json!("ingest")),
        (json!("analysis"), json!("session")),
    ];
    assert_eq!(dependency, expected.iter().map(|(name, on)| (name, on)).collect::<Vec<_>>());
    for module in modules {
        assert_eq!((&module["status"], &module["restarts"]), (&json!("ready"), &json!(0)));
        assert_eq!(module["last_exit"], Value::Null);
        assert!(module["pid"].is_u64() && module["since"].is_string());
    }
    for store in ["database", "cache"] {
        assert_eq!(health["stores"][store]["status"], "up");
        assert_eq!(health["stores"][store]["kind"], "sqlite");
        assert!(health["stores"][store]["since"].is_string());
    }
    assert_eq!((&health["stores"]["restored"], &health["stores"]["spooled"]), (&json!(true), &json!(0)));
    let (_, metrics) = backend.get("/api/system/metrics").await;
    assert_eq!(metrics["mean_recovery_ms"], Value::Null, "not observed is not 0");
    assert_eq!(metrics["resyncs"], json!({"total": 0, "succeeded": 0, "failed": 0}));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_error_is_problem_json() {
    let folder = tempfile::tempdir().unwrap();
    let backend = Backend::start(folder.path(), &[]).await;
    let restart = "/api/recovery/restart";
    let post = |path: &str| {
        backend.client.post(format!("{}{path}", backend.url)).header("content-type", "application/json")
    };
    let get = |path: &str| backend.client.get(format!("{}{path}", backend.url));
    for (request, expected) in [
        (get("/nothing"), 404),
        (get(restart), 405),
        (get("/api/recovery/events?since=x"), 400),
        (get("/api/alerts?limit=0"), 400),
        (get("/api/recovery/state_resync"), 405),
        (post(restart).body("{"), 400),
        (post(restart).body("{}"), 400),
        (post(restart).body(r#"{"module":"nobody"}"#), 404),
        (post(restart).body("x".repeat(300 * 1024)), 413),
    ] {
        let answer = request.send().await.unwrap();
        let url = answer.url().to_string();
        assert_eq!(answer.status().as_u16(), expected, "{url}");
        assert_eq!(answer.headers()["content-type"], "application/problem+json", "{url}");
        let problem: Value = answer.json().await.unwrap();
        assert_eq!(problem["status"], expected, "{url}");
        for member in ["type", "title", "detail"] {
            assert!(!problem[member].as_str().unwrap().is_empty(), "{url}: {problem}");
        }
    }
    let (_, problem) = backend.post(restart, &json!({"module": "nobody"})).await;
    assert_eq!(problem["modules"], json!(["ingest", "session", "analysis"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_in_a_browser_cannot_change_anything() {
    let folder = tempfile::tempdir().unwrap();
    let backend = Backend::start(folder.path(), &[]).await;
    let url = format!("{}/api/recovery/restart", backend.url);
    let body = r#"{"module":"session"}"#;
    let json_type = "application/json";
    let post = |content_type: &str| backend.client.post(&url).header("content-type", content_type).body(body);
    for (request, expected) in [
        (post(json_type).header("host", "rebound.example"), 403),
        (post(json_type).header("origin", "https://evil.example"), 403),
        (post(json_type).header("origin", "null"), 403),
        (post("text/plain"), 415),
        (backend.client.post(&url), 415),
    ] {
        assert_eq!(request.send().await.unwrap().status().as_u16(), expected);
    }
    assert_eq!(backend.module("session").await["restarts"], 0);
    let local = post("application/json; charset=utf-8")
        .header("host", "localhost:1")
        .header("origin", "http://localhost:1");
    assert_eq!(local.send().await.unwrap().status(), StatusCode::ACCEPTED);
}

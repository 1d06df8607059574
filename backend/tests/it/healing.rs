//! Modules crash, hang and fail for good; the daemon restarts them, or gives up.

use axum::http::StatusCode;
use rustix::process::Signal;
use serde_json::{Value, json};

use crate::support::{Backend, kinds, signal, until, webhook_on};

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_module_comes_back_and_everybody_hears_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let (url, received) = webhook_on("127.0.0.1:0").await;
    let backend = Backend::start(folder.path(), &["--alert-webhook", &url]).await;
    let since = backend.last_event().await;
    let before = backend.module("analysis").await;
    backend.crash("analysis").await;

    let events = backend.events("analysis", since).await;
    assert_eq!(kinds(&events)[..3], ["exited", "spawned", "ready"]);
    assert_eq!(events[0]["exit"], json!({"signal": 9}));
    assert_eq!((&events[0]["pid"], &events[0]["cause"]), (&before["pid"], &json!("crash")));
    assert_eq!(events[1]["attempt"], 1);
    let at: Vec<i64> = events.iter().map(|event| event["at_us"].as_i64().unwrap()).collect();
    assert!(at.is_sorted(), "{at:?}");

    let after = backend.module("analysis").await;
    assert_eq!((&after["restarts"], &after["last_exit"]), (&json!(1), &json!({"signal": 9})));
    until("both alerts", async || received.all().len() >= 2).await;
    assert_eq!(received.names(), ["module_crashed analysis", "module_recovered analysis"]);
    let severities: Vec<Value> = received.all().iter().map(|alert| alert["severity"].clone()).collect();
    assert_eq!(severities, ["warning", "info"]);

    let (_, metrics) = backend.get("/api/system/metrics").await;
    assert_eq!((&metrics["failures"], &metrics["attempts"]), (&json!(1), &json!(1)));
    assert!(metrics["mean_recovery_ms"].as_f64().unwrap() > 0.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn dependants_restart_after_their_dependency_without_an_alert() {
    let folder = tempfile::tempdir().unwrap();
    let (url, received) = webhook_on("127.0.0.1:0").await;
    let backend = Backend::start(folder.path(), &["--alert-webhook", &url]).await;
    let since = backend.last_event().await;
    let before = backend.pids().await;
    backend.crash("ingest").await;
    let after = backend.pids().await;
    assert!(before.iter().all(|pid| !after.contains(pid)), "{before:?} {after:?}");
    for module in ["session", "analysis"] {
        let events = backend.events(module, since).await;
        assert_eq!(kinds(&events)[..4], ["stopping", "exited", "spawned", "ready"], "{module}");
        assert_eq!(backend.module(module).await["consecutive_failures"], 0);
    }
    until("both alerts", async || received.all().len() >= 2).await;
    assert_eq!(received.names(), ["module_crashed ingest", "module_recovered ingest"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_fourth_failure_in_a_row_exhausts_the_retries_until_an_operator_restarts() {
    let folder = tempfile::tempdir().unwrap();
    let (url, received) = webhook_on("127.0.0.1:0").await;
    let flags = ["--alert-webhook", &url, "--stable-after", "1h", "--backoff-initial", "10ms"];
    let backend = Backend::start(folder.path(), &flags).await;
    for _ in 0..3 {
        backend.crash("analysis").await;
    }
    let pid = backend.module("analysis").await["pid"].as_u64().unwrap() as u32;
    signal(pid, Signal::KILL);
    backend.until_status("analysis", "failed").await;
    assert_eq!(backend.get("/api/system/health").await.0, StatusCode::SERVICE_UNAVAILABLE);
    let (status, problem) = backend.get("/api/sessions/s/analysis").await;
    assert_eq!((status.as_u16(), &problem["detail"]), (503, &json!("analysis is failed")));
    until("eight alerts", async || received.all().len() >= 8).await;
    let last = received.all().pop().unwrap();
    assert_eq!((&last["kind"], &last["severity"]), (&json!("recovery_exhausted"), &json!("critical")));

    let (status, accepted) = backend.post("/api/recovery/restart", &json!({"module": "analysis"})).await;
    assert_eq!((status, &accepted["module"]), (StatusCode::ACCEPTED, &json!("analysis")));
    backend.until_healthy().await;
    let events = backend.events("analysis", 0).await;
    let last = events.last().unwrap();
    assert_eq!((&last["kind"], &last["id"]), (&json!("ready"), &accepted["id"]));
    until("the recovery", async || received.all().len() >= 9).await;
    assert_eq!(received.names()[8], "module_recovered analysis");
    assert_eq!(received.names().len(), 9);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_module_counts_as_hung_and_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let (url, received) = webhook_on("127.0.0.1:0").await;
    let backend = Backend::start(folder.path(), &["--alert-webhook", &url]).await;
    let since = backend.last_event().await;
    let pid = backend.module("analysis").await["pid"].as_u64().unwrap() as u32;
    signal(pid, Signal::STOP);
    until("a restart", async || backend.module("analysis").await["restarts"] == 1).await;
    backend.until_healthy().await;
    let events = backend.events("analysis", since).await;
    // `stable` may come in between when the module had been started less than a second before.
    let kinds: Vec<&str> = kinds(&events).into_iter().filter(|kind| *kind != "stable").collect();
    assert_eq!(kinds[..4], ["hung", "exited", "spawned", "ready"]);
    until("both alerts", async || received.all().len() >= 2).await;
    assert_eq!(received.names(), ["module_hung analysis", "module_recovered analysis"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_by_the_api_is_orderly_and_no_crash() {
    let folder = tempfile::tempdir().unwrap();
    let (url, received) = webhook_on("127.0.0.1:0").await;
    let backend = Backend::start(folder.path(), &["--alert-webhook", &url]).await;
    let since = backend.last_event().await;
    let (_, accepted) = backend.post("/api/recovery/restart", &json!({"module": "session"})).await;
    until("a restart", async || backend.module("session").await["restarts"] == 1).await;
    backend.until_healthy().await;
    let events = backend.events("session", since).await;
    let kinds: Vec<&str> = kinds(&events).into_iter().filter(|kind| *kind != "stable").collect();
    assert_eq!(kinds[..5], ["restart_requested", "stopping", "exited", "spawned", "ready"]);
    let exited = events.iter().find(|event| event["kind"] == "exited").unwrap();
    assert_eq!((&exited["exit"], &exited["cause"]), (&json!({"code": 0}), &json!("operator")));
    assert_eq!(events[0]["id"], accepted["id"]);
    until("the alert", async || !received.all().is_empty()).await;
    assert_eq!(received.names(), ["module_recovered session"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_dependants_of_a_hung_module_restart_after_it() {
    let folder = tempfile::tempdir().unwrap();
    let (url, received) = webhook_on("127.0.0.1:0").await;
    let backend = Backend::start(folder.path(), &["--alert-webhook", &url]).await;
    let since = backend.last_event().await;
    backend.signal("ingest", Signal::STOP).await;
    until("a restart of all", async || backend.module("analysis").await["restarts"] == 1).await;
    backend.until_healthy().await;
    let hung = backend.events("ingest", since).await;
    let exited = hung.iter().find(|event| event["kind"] == "exited").unwrap();
    assert_eq!((&exited["cause"], &exited["exit"]), (&json!("hung"), &json!({"signal": 9})));
    let mut ready_at = vec![0];
    for module in ["ingest", "session", "analysis"] {
        let events = backend.events(module, since).await;
        let ready = events.iter().find(|event| event["kind"] == "ready").unwrap();
        ready_at.push(ready["seq"].as_u64().unwrap());
    }
    assert!(ready_at.is_sorted(), "{ready_at:?}");
    until("both alerts", async || received.all().len() >= 2).await;
    assert_eq!(received.names(), ["module_hung ingest", "module_recovered ingest"]);
}

//! Session entries: idempotent, paged, and never lost once acknowledged.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::http::StatusCode;
use rustix::process::Signal;
use serde_json::{Value, json};

use crate::support::{Backend, signal, until};

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_is_created_once_repeated_harmlessly_and_never_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let backend = Backend::start(folder.path(), &[]).await;
    let path = "/api/sessions/s-1/entries";
    let entry = json!({"seq": 7, "payload": {"b": 1.5, "a": ["é", null]}});
    let (status, first) = backend.post(path, &entry).await;
    assert_eq!((status, &first["durability"]), (StatusCode::CREATED, &json!("database")));
    assert_eq!((&first["session"], &first["seq"]), (&json!("s-1"), &json!(7)));
    assert_eq!(backend.post(path, &entry).await, (StatusCode::OK, first.clone()));
    let (status, problem) = backend.post(path, &json!({"seq": 7, "payload": {"b": 2}})).await;
    assert_eq!((status, &problem["status"]), (StatusCode::CONFLICT, &json!(409)));

    for seq in [9, 8] {
        backend.post(path, &json!({"seq": seq, "payload": seq})).await;
    }
    let (_, page) = backend.get(&format!("{path}?after=7&limit=1")).await;
    assert_eq!((&page["count"], &page["last_seq"]), (&json!(3), &json!(9)));
    assert_eq!(page["entries"].as_array().unwrap().len(), 1);
    assert_eq!((&page["entries"][0]["seq"], &page["entries"][0]["payload"]), (&json!(8), &json!(8)));
    let (_, page) = backend.get(path).await;
    assert_eq!(
        (&page["entries"][0]["payload"], &page["entries"][0]["checksum"]),
        (&entry["payload"], &first["checksum"])
    );

    let (status, analysis) = backend.get("/api/sessions/s-1/analysis").await;
    assert_eq!((status, &analysis["count"], &analysis["last_seq"]), (StatusCode::OK, &json!(3), &json!(9)));
    assert_eq!(analysis["mismatches"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_session_is_empty_and_bad_input_is_a_problem() {
    let folder = tempfile::tempdir().unwrap();
    let backend = Backend::start(folder.path(), &[]).await;
    let (status, analysis) = backend.get("/api/sessions/nobody/analysis").await;
    assert_eq!(
        (status, &analysis["count"], &analysis["last_seq"]),
        (StatusCode::OK, &json!(0), &Value::Null)
    );
    let (status, page) = backend.get("/api/sessions/nobody/entries").await;
    assert_eq!((status, &page["count"], &page["entries"]), (StatusCode::OK, &json!(0), &json!([])));

    let path = "/api/sessions/s/entries";
    for (body, expected) in [
        (json!({"seq": -1, "payload": 1}), 400),
        (json!({"seq": 1}), 400),
        (json!({"seq": 1, "payload": 1, "more": 2}), 400),
        (json!({"seq": u64::MAX, "payload": 1}), 400),
        (json!({"seq": 1, "payload": "x".repeat(65 * 1024)}), 413),
        (json!({"seq": 1, "payload": "x".repeat(300 * 1024)}), 413),
    ] {
        let (status, problem) = backend.post(path, &body).await;
        assert_eq!((status.as_u16(), &problem["status"]), (expected, &json!(expected)), "{problem}");
    }
    for path in
        ["/api/sessions/a%20b/entries", "/api/sessions/s/entries?limit=0", "/api/sessions/s/entries?after=x"]
    {
        let (status, problem) = backend.get(path).await;
        assert_eq!((status.as_u16(), &problem["title"]), (400, &json!("Bad Request")), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_is_there_after_the_session_module_was_killed() {
    let folder = tempfile::tempdir().unwrap();
    let backend =
        Arc::new(Backend::start(folder.path(), &["--backoff-initial", "1ms", "--max-retries", "100"]).await);
    let stop = Arc::new(AtomicBool::new(false));
    let writers: Vec<_> = (0..8)
        .map(|writer| {
            let (backend, stop) = (Arc::clone(&backend), Arc::clone(&stop));
            tokio::spawn(async move {
                let mut acknowledged = Vec::new();
                let url = format!("{}/api/sessions/w{writer}/entries", backend.url);
                for seq in 0u64.. {
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                    let body = json!({"seq": seq, "payload": {"n": seq}});
                    match backend.client.post(&url).json(&body).send().await {
                        Ok(answer) if answer.status() == StatusCode::CREATED => acknowledged.push(seq),
                        Ok(_) | Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
                    }
                }
                acknowledged
            })
        })
        .collect();
    for round in 0..5 {
        // Some writes go through between two kills.
        let seq = round + 1_000_000;
        until("a write", async || {
            let body = json!({"seq": seq, "payload": 0});
            backend.post("/api/sessions/pace/entries", &body).await.0.is_success()
        })
        .await;
        let pid = backend.module("session").await["pid"].as_u64();
        if let Some(pid) = pid {
            signal(pid as u32, Signal::KILL);
        }
        until("a restart", async || backend.module("session").await["pid"].as_u64() != pid).await;
        backend.until_healthy().await;
    }
    stop.store(true, Ordering::Relaxed);
    let mut total = 0;
    for (writer, task) in writers.into_iter().enumerate() {
        let acknowledged = task.await.unwrap();
        backend.until_healthy().await;
        let (_, page) = backend.get(&format!("/api/sessions/w{writer}/entries?limit=10000")).await;
        let stored: Vec<u64> =
            page["entries"].as_array().unwrap().iter().map(|entry| entry["seq"].as_u64().unwrap()).collect();
        let lost: Vec<u64> = acknowledged.iter().filter(|seq| !stored.contains(seq)).copied().collect();
        assert_eq!(lost, [0u64; 0], "writer {writer}");
        total += acknowledged.len();
    }
    assert!(total > 0, "nothing was ever acknowledged");
}

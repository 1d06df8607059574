//! StateResync: by itself, on request, and what everybody hears of it.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::outages::{Lock, write};
use crate::support::{Backend, kinds, until, webhook_on};

const RESYNC: &str = "/api/recovery/state_resync";

pub(crate) async fn health(backend: &Backend) -> Value {
    let (status, health) = backend.get("/api/system/health").await;
    assert_eq!(status, StatusCode::OK, "a store that is away is no reason for 503: {health}");
    health
}

pub(crate) async fn until_restored(backend: &Backend) {
    until("restored stores", async || health(backend).await["status"] == "healthy").await;
}

/// The session's state, which must be the same in both stores.
pub(crate) async fn state(backend: &Backend, session: &str) -> Value {
    let path = format!("/api/sessions/{session}/state");
    let mut from = Vec::new();
    for source in ["cache", "database"] {
        let mut state = Value::Null;
        // After a start the cache is believed only once it was compared with the database.
        until(source, async || {
            let (status, answer) = backend.get(&format!("{path}?source={source}")).await;
            state = answer;
            status == StatusCode::OK
        })
        .await;
        assert_eq!(state["source"], source);
        state.as_object_mut().unwrap().remove("source");
        from.push(state);
    }
    assert_eq!(from[0], from[1]);
    from.remove(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_comes_back_is_resynced_by_itself_and_everybody_hears_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let (url, received) = webhook_on("127.0.0.1:0").await;
    let backend = Backend::start(folder.path(), &["--alert-webhook", &url]).await;
    write(&backend, "a", 0..3).await;
    let (_, analysis) = backend.get("/api/sessions/a/analysis").await;
    assert_eq!((&analysis["count"], &analysis["source"]), (&json!(3), &json!("database")));
    let since = backend.last_event().await;
    let lock = Lock::take(folder.path(), "sessions.db").await;
    // Degraded alone is not enough: so it is as well until the stores have been asked for the first time.
    let down = async || health(&backend).await["stores"]["database"]["status"] == "down";
    until("the outage", down).await;
    assert_eq!(health(&backend).await["status"], "degraded");
    assert_eq!(write(&backend, "a", 3..10).await, vec!["spool"; 7]);
    until("seven waiting entries", async || health(&backend).await["stores"]["spooled"] == 7).await;
    let (status, problem) = backend.post(RESYNC, &json!({})).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(problem["detail"].as_str().unwrap().contains("the database is away"), "{problem}");
    let (_, state_then) = backend.get("/api/sessions/a/state").await;
    assert_eq!(
        (&state_then["count"], &state_then["spooled"], &state_then["source"]),
        (&json!(3), &json!(7), &json!("cache"))
    );
    let (status, latest) = backend.get("/api/sessions/a/analysis").await;
    assert_eq!((status, &latest["count"], &latest["source"]), (StatusCode::OK, &json!(3), &json!("cache")));
    assert_eq!(latest["checksum"], analysis["checksum"]);

    lock.release().await;
    until_restored(&backend).await;
    until("the alert", async || !received.all().is_empty()).await;
    until("both alerts", async || received.all().len() == 2).await;
    let mut names = received.names();
    names.sort();
    assert_eq!(names, ["state_resynced session", "store_unavailable database"]);
    let mut events = backend.events("session", since).await;
    events.retain(|event| event["kind"] != "stable");
    assert_eq!(kinds(&events), ["resync_started", "resync_finished", "stores_restored"]);
    assert_eq!(kinds(&backend.events("database", since).await), ["store_down", "store_up"]);
    let report = &events[1]["resync"];
    assert_eq!(
        (&report["trigger"], &report["outcome"], &report["replayed"], &report["mismatches"]),
        (&json!("automatic"), &json!("succeeded"), &json!(7), &json!(0))
    );
    assert_eq!(report["id"], events[0]["id"]);
    let (_, metrics) = backend.get("/api/system/metrics").await;
    assert_eq!(metrics["resyncs"], json!({"total": 1, "succeeded": 1, "failed": 0}));
    assert_eq!(state(&backend, "a").await["count"], 10);
    let (_, analysis) = backend.get("/api/sessions/a/analysis").await;
    assert_eq!(state(&backend, "a").await["checksum"], analysis["checksum"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cache_that_comes_back_empty_is_rebuilt_from_the_database() {
    let folder = tempfile::tempdir().unwrap();
    let backend = Backend::start(folder.path(), &["--backoff-initial", "1ms"]).await;
    write(&backend, "a", 0..3).await;
    write(&backend, "b", 0..3).await;
    let mut lock = Lock::take(folder.path(), "cache.db").await;
    for table in ["hot", "generation"] {
        sqlx::query(sqlx::AssertSqlSafe(format!("DELETE FROM {table}"))).execute(&mut lock.0).await.unwrap();
    }
    // A cache that is away delays nobody who writes.
    assert_eq!(write(&backend, "a", 3..10).await, vec!["database"; 7]);
    until("the outage", async || health(&backend).await["stores"]["cache"]["status"] == "down").await;
    let (_, state_then) = backend.get("/api/sessions/a/state").await;
    assert_eq!((&state_then["count"], &state_then["source"]), (&json!(10), &json!("database")));
    let (status, problem) = backend.post(RESYNC, &json!({})).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(problem["detail"].as_str().unwrap().contains("the cache is away"), "{problem}");
    // The mark of a stale cache outlives the process.
    backend.crash("session").await;
    lock.release().await;
    until_restored(&backend).await;
    until("a resync", async || {
        let (_, metrics) = backend.get("/api/system/metrics").await;
        metrics["resyncs"]["succeeded"] == 1
    })
    .await;
    assert_eq!(state(&backend, "a").await["count"], 10);
    assert_eq!(state(&backend, "b").await["count"], 3);
    let (_, page) = backend.get("/api/recovery/events?limit=10000").await;
    let finished = |event: &&Value| event["kind"] == "resync_finished";
    let report = page["events"].as_array().unwrap().iter().find(finished).unwrap()["resync"].clone();
    assert_eq!((&report["rebuilt"], &report["mismatches"]), (&json!(2), &json!(0)), "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restarted_session_module_is_not_called_restored_before_it_has_compared_the_cache() {
    let folder = tempfile::tempdir().unwrap();
    let backend = Backend::start(folder.path(), &["--backoff-initial", "1ms"]).await;
    write(&backend, "a", 0..3).await;
    until_restored(&backend).await;
    // So early that the module dies before it notices.
    let lock = Lock::take(folder.path(), "cache.db").await;
    backend.crash("session").await;
    let after = health(&backend).await;
    assert_eq!((&after["status"], &after["stores"]["restored"]), (&json!("degraded"), &json!(false)));
    lock.release().await;
    until_restored(&backend).await;
    let (status, state) = backend.get("/api/sessions/a/state?source=cache").await;
    assert_eq!((status, &state["count"]), (StatusCode::OK, &json!(3)));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_resync_runs_at_a_time_and_one_on_request_reports() {
    let folder = tempfile::tempdir().unwrap();
    let backend = Arc::new(Backend::start(folder.path(), &[]).await);
    write(&backend, "a", 0..3).await;
    let (status, report) = backend.post(RESYNC, &json!({})).await;
    assert_eq!(status, StatusCode::OK, "{report}");
    assert_eq!(
        (&report["trigger"], &report["outcome"], &report["replayed"], &report["mismatches"]),
        (&json!("requested"), &json!("succeeded"), &json!(0), &json!(0))
    );
    assert!(report["id"].is_string() && report["duration_ms"].is_u64());
    let asked: Vec<_> = (0..30)
        .map(|_| {
            let backend = Arc::clone(&backend);
            tokio::spawn(async move { backend.post(RESYNC, &json!({})).await })
        })
        .collect();
    let mut statuses = Vec::new();
    for answer in asked {
        let (status, body) = answer.await.unwrap();
        assert!(body["id"].as_str().unwrap().starts_with("resync-"), "{body}");
        statuses.push(status);
    }
    assert!(statuses.contains(&StatusCode::OK) && statuses.contains(&StatusCode::CONFLICT), "{statuses:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_acknowledged_entry_without_a_place_fails_the_resync_and_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let (url, received) = webhook_on("127.0.0.1:0").await;
    let backend = Backend::start(folder.path(), &["--alert-webhook", &url]).await;
    write(&backend, "a", 0..3).await;
    let lock = Lock::take(folder.path(), "sessions.db").await;
    // What only the database holds cannot be known now.
    let (status, _) = backend.post("/api/sessions/a/entries", &json!({"seq": 1, "payload": "other"})).await;
    assert_eq!(status, StatusCode::CREATED);
    lock.release().await;
    let failed = || received.all().into_iter().find(|alert| alert["kind"] == "state_resync_failed");
    until("the alert", async || failed().is_some()).await;
    assert_eq!(failed().unwrap()["severity"], "critical");
    until_restored(&backend).await;
    let (_, page) = backend.get("/api/sessions/a/entries").await;
    assert_eq!((&page["count"], &page["entries"][1]["payload"]), (&json!(3), &json!(1)));
    let kept = std::fs::read_to_string(folder.path().join("sessions.conflicts.jsonl")).unwrap();
    assert_eq!(serde_json::from_str::<Value>(kept.trim()).unwrap()["payload"], "\"other\"");
}

#[tokio::test(flavor = "multi_thread")]
async fn both_stores_away_under_load_and_the_session_module_killed_meanwhile_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let backend = Arc::new(Backend::start(folder.path(), &["--backoff-initial", "1ms"]).await);
    let stop = Arc::new(AtomicBool::new(false));
    let writers: Vec<_> = (0..8)
        .map(|writer| {
            let (backend, stop) = (Arc::clone(&backend), Arc::clone(&stop));
            tokio::spawn(async move {
                let (mut acknowledged, mut spooled) = (Vec::new(), 0);
                for seq in 0u64.. {
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                    let body = json!({"seq": seq, "payload": {"writer": writer, "seq": seq}});
                    let (status, answer) =
                        backend.post(&format!("/api/sessions/w{writer}/entries"), &body).await;
                    if status.is_success() {
                        acknowledged.push(seq);
                        spooled += u64::from(answer["durability"] == "spool");
                    }
                }
                (acknowledged, spooled)
            })
        })
        .collect();
    for files in [&["sessions.db"][..], &["cache.db"], &["sessions.db", "cache.db"]] {
        tokio::time::sleep(Duration::from_millis(300)).await;
        let mut locks = Vec::new();
        for file in files {
            locks.push(Lock::take(folder.path(), file).await);
        }
        // Longer than a store call may take, so that the outage is noticed.
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        backend.crash("session").await;
        for lock in locks {
            lock.release().await;
        }
        // Perhaps in the middle of the resync.
        backend.crash("session").await;
        until_restored(&backend).await;
    }
    stop.store(true, Ordering::Relaxed);
    let mut all_spooled = 0;
    for (writer, task) in writers.into_iter().enumerate() {
        let (acknowledged, spooled) = task.await.unwrap();
        all_spooled += spooled;
        let session = format!("w{writer}");
        let (_, page) = backend.get(&format!("/api/sessions/{session}/entries?limit=10000")).await;
        let entries = page["entries"].as_array().unwrap();
        let stored: HashSet<u64> = entries.iter().map(|entry| entry["seq"].as_u64().unwrap()).collect();
        let lost: Vec<&u64> = acknowledged.iter().filter(|seq| !stored.contains(seq)).collect();
        assert!(lost.is_empty(), "{session} lost {lost:?}");
        let wrong = |entry: &&Value| entry["payload"] != json!({"writer": writer, "seq": entry["seq"]});
        assert_eq!(entries.iter().find(wrong), None);
        assert_eq!(
            (stored.len(), &state(&backend, &session).await["count"]),
            (entries.len(), &page["count"])
        );
        let (_, analysis) = backend.get(&format!("/api/sessions/{session}/analysis")).await;
        assert_eq!(state(&backend, &session).await["checksum"], analysis["checksum"]);
    }
    assert!(all_spooled > 0, "no outage took effect");
    assert_eq!(backend.get("/api/system/metrics").await.1["resyncs"]["failed"], 0);
}

//! The database is away while entries are written: every one is acknowledged, and every acknowledged one is there later.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use rustix::process::Signal;
use serde_json::json;
use sqlx::Connection as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use crate::support::{Backend, signal, until};

/// An exclusive lock on a store's file, as another process would hold it: an outage of the embedded store.
pub(crate) struct Lock(pub(crate) SqliteConnection);

impl Lock {
    pub(crate) async fn take(data_dir: &Path, file: &str) -> Self {
        let options =
            SqliteConnectOptions::new().filename(data_dir.join(file)).busy_timeout(Duration::from_secs(5));
        let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
        sqlx::query("BEGIN EXCLUSIVE").execute(&mut connection).await.unwrap();
        Self(connection)
    }

    pub(crate) async fn release(mut self) {
        sqlx::query("COMMIT").execute(&mut self.0).await.unwrap();
        self.0.close().await.unwrap();
    }
}

/// Writes entries one after the other, each until it is acknowledged; answers where each was safe.
pub(crate) async fn write(backend: &Backend, session: &str, seqs: std::ops::Range<u64>) -> Vec<String> {
    let mut safe = Vec::new();
    for seq in seqs {
        let (status, answer) = backend
            .post(&format!("/api/sessions/{session}/entries"), &json!({"seq": seq, "payload": seq}))
            .await;
        assert_eq!(status, StatusCode::CREATED, "{answer}");
        safe.push(answer["durability"].as_str().unwrap().to_owned());
    }
    safe
}

async fn count(backend: &Backend, session: &str) -> Option<u64> {
    let (status, page) = backend.get(&format!("/api/sessions/{session}/entries?limit=1")).await;
    (status == StatusCode::OK).then(|| page["count"].as_u64().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_of_the_database_delays_entries_and_loses_none() {
    let folder = tempfile::tempdir().unwrap();
    let backend = Arc::new(Backend::start(folder.path(), &[]).await);
    assert_eq!(write(&backend, "w0", 0..1).await, ["database"]);
    let lock = Lock::take(folder.path(), "sessions.db").await;
    let writers: Vec<_> = (0..4)
        .map(|writer| {
            let backend = Arc::clone(&backend);
            tokio::spawn(async move { write(&backend, &format!("w{writer}"), 1..50).await })
        })
        .collect();
    for writer in writers {
        let safe = writer.await.unwrap();
        assert!(safe.iter().all(|safe| safe == "spool"), "{safe:?}");
    }
    // What is in the spool is known: a repeated entry is the same one, another payload a conflict.
    let path = "/api/sessions/w1/entries";
    let (status, same) = backend.post(path, &json!({"seq": 7, "payload": 7})).await;
    assert_eq!((status, &same["durability"]), (StatusCode::OK, &json!("spool")));
    assert_eq!(backend.post(path, &json!({"seq": 7, "payload": 8})).await.0, StatusCode::CONFLICT);
    let (status, problem) = backend.get(path).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(problem["detail"].as_str().unwrap().contains("the database is away since"), "{problem}");

    lock.release().await;
    for (session, expected) in [("w0", 50), ("w1", 49), ("w2", 49), ("w3", 49)] {
        until("the replay", async || count(&backend, session).await == Some(expected)).await;
    }
    assert_eq!(write(&backend, "w1", 50..51).await, ["database"]);
    let (_, page) = backend.get("/api/sessions/w2/entries?limit=1000").await;
    let payloads: Vec<u64> =
        page["entries"].as_array().unwrap().iter().map(|entry| entry["payload"].as_u64().unwrap()).collect();
    assert_eq!(payloads, (1..50).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_spooled_survives_kills_of_the_session_module_and_of_the_manager() {
    let folder = tempfile::tempdir().unwrap();
    let mut backend = Backend::start(folder.path(), &["--backoff-initial", "1ms"]).await;
    write(&backend, "a", 0..1).await;
    let lock = Lock::take(folder.path(), "sessions.db").await;
    assert_eq!(write(&backend, "a", 1..10).await, vec!["spool"; 9]);
    backend.crash("session").await;
    assert_eq!(write(&backend, "a", 10..20).await, vec!["spool"; 10]);
    backend.kill();
    // The database is away at the start too.
    let backend = Backend::start(folder.path(), &["--backoff-initial", "1ms"]).await;
    assert_eq!(write(&backend, "a", 20..30).await, vec!["spool"; 10]);
    lock.release().await;
    // The next kills hit the replay, or the moment before or after it.
    for _ in 0..3 {
        let pid = backend.module("session").await["pid"].as_u64().unwrap();
        signal(u32::try_from(pid).unwrap(), Signal::KILL);
        until("a restart", async || {
            let now = backend.module("session").await;
            now["pid"].as_u64() != Some(pid) && now["status"] == "ready"
        })
        .await;
    }
    until("every entry", async || count(&backend, "a").await == Some(30)).await;
    let health = async || backend.get("/api/system/health").await.1;
    until("restored", async || health().await["status"] == "healthy").await;
    assert_eq!(std::fs::metadata(folder.path().join("sessions.spool")).unwrap().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_acknowledged_when_the_spool_cannot_be_written_either() {
    let folder = tempfile::tempdir().unwrap();
    let backend = Backend::start(folder.path(), &[]).await;
    // A folder at its place: root may write everything else.
    std::fs::create_dir(folder.path().join("sessions.spool")).unwrap();
    backend.crash("session").await;
    let lock = Lock::take(folder.path(), "sessions.db").await;
    let path = "/api/sessions/a/entries";
    let (status, problem) = backend.post(path, &json!({"seq": 1, "payload": 1})).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{problem}");
    assert!(problem["detail"].as_str().unwrap().contains("spool"), "{problem}");
    lock.release().await;
    std::fs::remove_dir(folder.path().join("sessions.spool")).unwrap();
    until("a write", async || backend.post(path, &json!({"seq": 1, "payload": 1})).await.0.is_success())
        .await;
}

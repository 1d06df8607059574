//! The stores are real servers, and they die, hang, and come back.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::http::StatusCode;
use local_stores::{LocalStores, Server};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::outages::write;
use crate::resync::{health, state, until_restored};
use crate::support::{
    Backend, CACHE_VARIABLE, DATABASE_VARIABLE, Received, command, kinds, until, webhook_on,
};

/// How a server goes away, and how it comes back.
#[derive(Clone, Copy, Debug)]
enum Break {
    Kill,
    Pause,
}

impl Break {
    fn begin(self, server: &Server) {
        match self {
            Self::Kill => server.kill().unwrap(),
            Self::Pause => server.pause().unwrap(),
        }
    }

    fn end(self, server: &Server) {
        match self {
            Self::Kill => server.start().unwrap(),
            Self::Pause => server.resume().unwrap(),
        }
    }
}

/// Both servers, a webhook, and a backend on them.
struct System {
    backend: Backend,
    received: Received,
    webhook: String,
    stores: LocalStores,
    folder: TempDir,
}

impl System {
    async fn start() -> Option<Self> {
        Self::start_on(local_stores::for_tests()?).await
    }

    async fn start_on(stores: LocalStores) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let (webhook, received) = webhook_on("127.0.0.1:0").await;
        let backend = Self::start_backend(&stores, &folder, &webhook).await;
        Some(Self { backend, received, webhook, stores, folder })
    }

    async fn start_backend(stores: &LocalStores, folder: &TempDir, webhook: &str) -> Backend {
        // The longest time limit: what is slow on a busy machine is not away.
        let flags = [
            "--alert-webhook",
            webhook,
            "--store-timeout",
            "2s",
            "--backoff-initial",
            "1ms",
            "--max-retries",
            "100",
        ];
        let mut command = command(folder.path(), &flags);
        command.args(["--alert-after", "100"]);
        command.env(DATABASE_VARIABLE, stores.database().url()).env(CACHE_VARIABLE, stores.cache().url());
        let log = std::fs::File::options().create(true).append(true).open(folder.path().join("log")).unwrap();
        command.stderr(log);
        Backend::start_command(command).await
    }

    async fn restart_manager(&mut self) {
        self.backend.kill();
        self.backend = Self::start_backend(&self.stores, &self.folder, &self.webhook).await;
    }

    async fn until_store(&self, store: &str, status: &str) {
        until(status, async || health(&self.backend).await["stores"][store]["status"] == status).await;
    }

    /// The kinds of the session module's events about stores after `since`.
    async fn resyncs(&self, since: u64) -> Vec<Value> {
        let mut events = self.backend.events("session", since).await;
        events.retain(|event| {
            event["kind"]
                .as_str()
                .is_some_and(|kind| kind.starts_with("resync") || kind.starts_with("stores"))
        });
        events
    }

    /// Nothing that anybody can read has a password, and no argument of a process.
    async fn assert_discreet(&self) {
        let mut shown = std::fs::read_to_string(self.folder.path().join("log")).unwrap();
        for path in ["/api/system/health", "/api/recovery/events?limit=10000", "/api/alerts?limit=1000"] {
            shown.push_str(&self.backend.get(path).await.1.to_string());
        }
        let mut pids = self.backend.pids().await;
        pids.push(self.backend.pid());
        for pid in pids {
            shown.push_str(&std::fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap_or_default());
        }
        for server in [self.stores.database(), self.stores.cache()] {
            let url = url::Url::parse(server.url()).unwrap();
            let password = url.password().unwrap();
            assert!(password.len() > 7 && !shown.contains(password), "{shown}");
        }
    }

    /// Every entry of session `a` is there once, and both stores agree.
    async fn assert_holds(&self, entries: u64) {
        let (_, page) = self.backend.get("/api/sessions/a/entries?limit=10000").await;
        let seqs: Vec<u64> =
            page["entries"].as_array().unwrap().iter().map(|entry| entry["seq"].as_u64().unwrap()).collect();
        assert_eq!(seqs, (0..entries).collect::<Vec<_>>());
        assert_eq!(state(&self.backend, "a").await["count"], entries);
        let (_, analysis) = self.backend.get("/api/sessions/a/analysis").await;
        assert_eq!((&analysis["count"], &analysis["mismatches"]), (&json!(entries), &json!(0)));
        assert_eq!(state(&self.backend, "a").await["checksum"], analysis["checksum"]);
    }

    async fn until_alerts(&self, expected: &[&str]) {
        let names = || {
            let mut names = self.received.names();
            names.sort();
            names
        };
        until("the alerts", async || names().len() >= expected.len()).await;
        assert_eq!(names(), expected);
        let alerts = self.received.all();
        let warnings = alerts.iter().filter(|alert| alert["kind"] == "store_unavailable");
        for alert in warnings {
            assert_eq!(alert["severity"], "warning");
        }
    }
}

async fn database_goes_away(how: Break) {
    let Some(system) = System::start().await else { return };
    let (backend, server) = (&system.backend, system.stores.database());
    until_restored(backend).await;
    let stores = health(backend).await["stores"].clone();
    assert_eq!(
        (&stores["database"]["kind"], &stores["cache"]["kind"]),
        (&json!("postgres"), &json!("redis"))
    );
    assert_eq!(write(backend, "a", 0..3).await, vec!["database"; 3]);
    let since = backend.last_event().await;
    how.begin(server);
    assert_eq!(write(backend, "a", 3..20).await, vec!["spool"; 17]);
    system.until_store("database", "down").await;
    let (_, known) = backend.get("/api/sessions/a/state").await;
    assert_eq!(
        (&known["count"], &known["source"], &known["spooled"]),
        (&json!(3), &json!("cache"), &json!(17))
    );
    // Its successor knows no more than that the outage goes on.
    backend.crash("session").await;
    assert_eq!(write(backend, "a", 20..25).await, vec!["spool"; 5]);
    system.until_store("database", "down").await;
    how.end(server);
    until_restored(backend).await;
    let events = backend.events("database", since).await;
    assert_eq!(kinds(&events), ["store_down", "store_up"]);
    let cause = events[0]["cause"].as_str().unwrap();
    assert!(!cause.is_empty() && events[0]["at_us"].as_i64() < events[1]["at_us"].as_i64(), "{events:?}");
    assert!(backend.events("cache", since).await.is_empty());
    let resyncs = system.resyncs(since).await;
    assert_eq!(kinds(&resyncs), ["resync_started", "resync_finished", "stores_restored"]);
    let report = &resyncs[1]["resync"];
    assert_eq!((&report["outcome"], &report["replayed"]), (&json!("succeeded"), &json!(22)), "{report}");
    system.assert_holds(25).await;
    let alerts = [
        "module_crashed session",
        "module_recovered session",
        "state_resynced session",
        "store_unavailable database",
    ];
    system.until_alerts(&alerts).await;
    system.assert_discreet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_is_killed_and_what_was_acknowledged_meanwhile_reaches_it() {
    database_goes_away(Break::Kill).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_hangs_and_what_was_acknowledged_meanwhile_reaches_it() {
    database_goes_away(Break::Pause).await;
}

async fn cache_goes_away(how: Break) {
    let Some(system) = System::start().await else { return };
    let (backend, server) = (&system.backend, system.stores.cache());
    write(backend, "a", 0..3).await;
    write(backend, "b", 0..3).await;
    until_restored(backend).await;
    assert_eq!(state(backend, "b").await["count"], 3);
    let since = backend.last_event().await;
    how.begin(server);
    assert_eq!(write(backend, "a", 3..20).await, vec!["database"; 17]);
    system.until_store("cache", "down").await;
    let (_, known) = backend.get("/api/sessions/a/state").await;
    assert_eq!((&known["count"], &known["source"]), (&json!(20), &json!("database")));
    how.end(server);
    until_restored(backend).await;
    assert_eq!(kinds(&backend.events("cache", since).await), ["store_down", "store_up"]);
    assert!(backend.events("database", since).await.is_empty());
    let resyncs = system.resyncs(since).await;
    assert_eq!(kinds(&resyncs), ["resync_started", "resync_finished", "stores_restored"]);
    let report = &resyncs[1]["resync"];
    assert_eq!((&report["outcome"], &report["mismatches"]), (&json!("succeeded"), &json!(0)), "{report}");
    if matches!(how, Break::Kill) {
        assert_eq!(report["rebuilt"], 2, "{report}");
    }
    assert_eq!(state(backend, "b").await["count"], 3);
    system.assert_holds(20).await;
    system.until_alerts(&["state_resynced session", "store_unavailable cache"]).await;
    system.assert_discreet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn redis_is_killed_and_what_it_has_lost_is_rebuilt() {
    cache_goes_away(Break::Kill).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn redis_hangs_and_what_it_has_missed_is_written() {
    cache_goes_away(Break::Pause).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_manager_starts_while_both_servers_are_away() {
    let Some(stores) = local_stores::for_tests() else { return };
    stores.database().kill().unwrap();
    stores.cache().kill().unwrap();
    let Some(mut system) = System::start_on(stores).await else { return };
    assert_eq!(write(&system.backend, "a", 0..5).await, vec!["spool"; 5]);
    system.until_store("database", "down").await;
    system.until_store("cache", "down").await;
    system.restart_manager().await;
    assert_eq!(write(&system.backend, "a", 5..10).await, vec!["spool"; 5]);
    system.stores.database().start().unwrap();
    system.stores.cache().start().unwrap();
    until_restored(&system.backend).await;
    system.assert_holds(10).await;
    for store in ["database", "cache"] {
        assert_eq!(kinds(&system.backend.events(store, 0).await), ["store_down", "store_up"]);
    }
    let resyncs = system.resyncs(0).await;
    assert_eq!(kinds(&resyncs).last(), Some(&"stores_restored"));
    system.assert_discreet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn both_servers_break_under_load_and_so_does_the_backend_and_nothing_is_lost_or_doubled() {
    let Some(mut system) = System::start().await else { return };
    until_restored(&system.backend).await;
    let mut acknowledged: Vec<HashSet<u64>> = vec![HashSet::new(); 8];
    let mut spooled = 0;
    for (round, how) in [Break::Kill, Break::Pause].into_iter().enumerate() {
        let stop = Arc::new(AtomicBool::new(false));
        let writers: Vec<_> = (0..8)
            .map(|writer| {
                let (stop, client) = (Arc::clone(&stop), system.backend.client.clone());
                let url = format!("{}/api/sessions/w{writer}/entries", system.backend.url);
                tokio::spawn(async move { write_until(&stop, &client, &url, round as u64).await })
            })
            .collect();
        let (database, cache) = (system.stores.database(), system.stores.cache());
        until("traffic", async || {
            let (_, known) = system.backend.get("/api/sessions/w0/state?source=database").await;
            known["last_seq"].as_u64().is_some_and(|seq| seq >= round as u64 * 1_000_000 + 10)
        })
        .await;
        how.begin(database);
        how.begin(cache);
        system.until_store("database", "down").await;
        system.until_store("cache", "down").await;
        system.backend.crash("session").await;
        how.end(database);
        how.end(cache);
        // Perhaps in the middle of the resync.
        system.backend.crash("session").await;
        stop.store(true, Ordering::Relaxed);
        for (writer, task) in writers.into_iter().enumerate() {
            let (safe, in_spool) = task.await.unwrap();
            acknowledged[writer].extend(safe);
            spooled += in_spool;
        }
        system.restart_manager().await;
        until_restored(&system.backend).await;
    }
    assert!(spooled > 0, "no outage took effect");
    for (writer, acknowledged) in acknowledged.iter().enumerate() {
        let session = format!("w{writer}");
        let (_, page) = system.backend.get(&format!("/api/sessions/{session}/entries?limit=10000")).await;
        let entries = page["entries"].as_array().unwrap();
        let stored: HashSet<u64> = entries.iter().map(|entry| entry["seq"].as_u64().unwrap()).collect();
        let lost: Vec<&u64> = acknowledged.difference(&stored).collect();
        assert!(lost.is_empty(), "{session} lost {lost:?}");
        assert_eq!((stored.len(), &page["count"]), (entries.len(), &json!(entries.len())));
        assert_eq!(state(&system.backend, &session).await["count"], page["count"]);
        let (_, analysis) = system.backend.get(&format!("/api/sessions/{session}/analysis")).await;
        assert_eq!(state(&system.backend, &session).await["checksum"], analysis["checksum"]);
    }
    system.assert_discreet().await;
}

/// Writes entries until it is told to stop; answers what was acknowledged, and how much of it to the spool.
async fn write_until(stop: &AtomicBool, client: &reqwest::Client, url: &str, round: u64) -> (Vec<u64>, u64) {
    let (mut acknowledged, mut spooled) = (Vec::new(), 0);
    for seq in round * 1_000_000.. {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let answer = client.post(url).json(&json!({"seq": seq, "payload": {"seq": seq}})).send().await;
        let Ok(answer) = answer else { continue };
        if answer.status() == StatusCode::CREATED {
            acknowledged.push(seq);
            let answer: Value = answer.json().await.unwrap();
            spooled += u64::from(answer["durability"] == "spool");
        }
    }
    (acknowledged, spooled)
}

#[test]
fn a_bad_url_is_a_usage_error_that_names_the_flag_and_shows_no_password() {
    let folder = tempfile::tempdir().unwrap();
    for (flag, url, wanted) in [
        ("--database-url", "mysql://u:geheim@localhost/x", "must begin with postgres://"),
        ("--database-url", "postgres://u:geheim@localhost:port/x", "--database-url"),
        ("--cache-url", "rediss://u:geheim@localhost", "TLS"),
        ("--store-timeout", "1h", "--store-timeout"),
    ] {
        let output = command(folder.path(), &[flag, url]).output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{told}");
        assert!(told.contains(flag) && told.contains(wanted) && !told.contains("geheim"), "{told}");
    }
    let mut from_environment = command(folder.path(), &[]);
    let output = from_environment.env(CACHE_VARIABLE, "geheim").output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains(CACHE_VARIABLE) && !told.contains("geheim"), "{told}");
    let mut help = command(folder.path(), &["--help"]);
    let output = help.env(DATABASE_VARIABLE, "postgres://u:geheim@h/d").output().unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(told.contains("sessions.db") && told.contains("cache.db") && !told.contains("geheim"), "{told}");
}

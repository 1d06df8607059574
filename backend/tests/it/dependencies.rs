//! A dependency that stays away: who waits for it, and who ends because of it.

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::support::{Backend, kinds, until, webhook_on};

/// So that nobody notices a stopped module but those who depend on it.
const NO_HEARTBEATS: [&str; 2] = ["--heartbeat", "1h"];

fn lost(events: &[Value]) -> Vec<&Value> {
    events.iter().filter(|event| event["cause"] == "dependency_lost").collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_travels_down_the_chain_by_itself_under_one_for_one() {
    let folder = tempfile::tempdir().unwrap();
    let (url, received) = webhook_on("127.0.0.1:0").await;
    let one_for_one =
        ["--strategy", "one-for-one", "--dependency-patience", "500ms", "--alert-webhook", &url];
    // Given up at its first failure, session stays away, so that analysis loses it too.
    let no_retries = ["--max-retries", "0", "--alert-after", "1"];
    let flags = [&one_for_one[..], &NO_HEARTBEATS, &no_retries].concat();
    let backend = Backend::start(folder.path(), &flags).await;
    backend.signal("ingest", Signal::STOP).await;
    backend.until_status("analysis", "failed").await;
    for module in ["session", "analysis"] {
        let events = backend.events(module, 0).await;
        let lost = lost(&events);
        assert_eq!(lost.len(), 1, "{events:?}");
        assert_eq!((&lost[0]["kind"], &lost[0]["exit"]), (&json!("exited"), &json!({"code": 75})));
        assert_eq!(backend.module(module).await["consecutive_failures"], 1, "a failure of its own");
    }
    assert_eq!(backend.module("ingest").await["status"], "ready", "nobody else saw that it stands still");
    until("four alerts", async || received.all().len() >= 4).await;
    let alerts = received.all();
    let crashes: Vec<&Value> = alerts.iter().filter(|alert| alert["kind"] == "module_crashed").collect();
    let messages: Vec<&str> = crashes.iter().map(|alert| alert["message"].as_str().unwrap()).collect();
    assert_eq!(messages.len(), 2);
    assert!(messages[0].contains("its dependency ingest gave no answer"), "{messages:?}");
    assert!(messages[1].contains("its dependency session gave no answer"), "{messages:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dependant_is_restarted_as_often_as_the_policy_says_while_its_dependency_is_held_down() {
    let folder = tempfile::tempdir().unwrap();
    let flags = ["--strategy", "one-for-one", "--dependency-patience", "300ms", "--backoff-initial", "10ms"];
    let backend = Backend::start(folder.path(), &[&flags[..], &NO_HEARTBEATS].concat()).await;
    let since = backend.last_event().await;
    backend.signal("ingest", Signal::STOP).await;
    until("two losses", async || lost(&backend.events("session", since).await).len() >= 2).await;
    backend.signal("ingest", Signal::CONT).await;
    backend.until_healthy().await;
    until("a streak that ends", async || backend.module("session").await["consecutive_failures"] == 0).await;
    assert!(lost(&backend.events("analysis", since).await).is_empty(), "session itself answered in between");
    assert_eq!(backend.module("ingest").await["restarts"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_runs_out_of_patience_under_rest_for_one() {
    let folder = tempfile::tempdir().unwrap();
    // Ingest stays away for five times as long as anybody would wait.
    let flags = ["--dependency-patience", "200ms", "--backoff-initial", "1s", "--jitter", "0"];
    let backend = Backend::start(folder.path(), &flags).await;
    let since = backend.last_event().await;
    backend.signal("ingest", Signal::KILL).await;
    until("its first restart", async || {
        let ingest = backend.module("ingest").await;
        ingest["restarts"] == 1 && ingest["status"] == "ready"
    })
    .await;
    backend.signal("ingest", Signal::KILL).await;
    backend.until_status("ingest", "backoff").await;
    backend.until_healthy().await;
    for module in ["session", "analysis"] {
        let events = backend.events(module, since).await;
        assert!(lost(&events).is_empty(), "{events:?}");
        let stopped = events.iter().filter(|event| event["kind"] == "exited");
        assert!(stopped.clone().count() >= 1 && stopped.clone().all(|event| event["cause"] == "dependency"));
        assert_eq!(kinds(&events).last().map(|kind| *kind == "ready" || *kind == "stable"), Some(true));
        assert_eq!(backend.module(module).await["consecutive_failures"], 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_patience_reaches_modules_that_run() {
    let folder = tempfile::tempdir().unwrap();
    let flags = ["--strategy", "one-for-one", "--dependency-patience", "1h"];
    let backend = Backend::start(folder.path(), &[&flags[..], &NO_HEARTBEATS].concat()).await;
    let since = backend.last_event().await;
    backend.signal("ingest", Signal::STOP).await;
    let (status, _) = backend.change_policy(json!({"dependency_patience": "300ms"})).await;
    assert!(status.is_success());
    until("the loss", async || !lost(&backend.events("session", since).await).is_empty()).await;
}

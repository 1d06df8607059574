//! The policy: shown, changed while everything runs, and read from a file.

use axum::http::StatusCode;
use rustix::process::Signal;
use serde_json::{Value, json};

use crate::support::{Backend, command, until, webhook_on};

const POLICY: &str = "/api/recovery/policy";

#[tokio::test(flavor = "multi_thread")]
async fn what_a_put_says_is_followed_shown_and_an_event() {
    let folder = tempfile::tempdir().unwrap();
    let backend = Backend::start(folder.path(), &["--stable-after", "1h"]).await;
    let (status, before) = backend.get(POLICY).await;
    assert_eq!((status, &before["stable_after"]), (StatusCode::OK, &json!("1h")));
    assert_eq!(before.as_object().unwrap().len(), 12);
    let since = backend.last_event().await;
    let (status, answer) = backend.change_policy(json!({"max_retries": 0, "alert_after": 1})).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!((&answer["max_retries"], &answer["stable_after"]), (&json!(0), &json!("1h")));
    assert_eq!(backend.get(POLICY).await.1, answer);
    let events = backend.events("manager", since).await;
    assert_eq!((events.len(), &events[0]["kind"]), (1, &json!("policy_changed")));
    assert_eq!(events[0]["cause"], "alert_after from 4 to 1, max_retries from 3 to 0");

    // Without retries the very first failure gives the module up.
    backend.signal("analysis", Signal::KILL).await;
    backend.until_status("analysis", "failed").await;
    assert_eq!(backend.module("analysis").await["restarts"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_module_that_was_given_up_stays_down_until_a_policy_allows_another_try() {
    let folder = tempfile::tempdir().unwrap();
    let (url, received) = webhook_on("127.0.0.1:0").await;
    let flags = ["--max-retries", "0", "--alert-after", "1", "--stable-after", "1h", "--alert-webhook", &url];
    let backend = Backend::start(folder.path(), &flags).await;
    backend.signal("analysis", Signal::KILL).await;
    backend.until_status("analysis", "failed").await;
    until("both alerts", async || received.all().len() >= 2).await;
    assert_eq!(received.names(), ["module_crashed analysis", "recovery_exhausted analysis"]);

    backend.change_policy(json!({"jitter": 0.0})).await;
    assert_eq!(backend.module("analysis").await["status"], "failed", "no more retries than before");
    backend.change_policy(json!({"max_retries": 1})).await;
    backend.until_healthy().await;
    let analysis = backend.module("analysis").await;
    assert_eq!((&analysis["restarts"], &analysis["consecutive_failures"]), (&json!(1), &json!(1)));
    until("the recovery", async || received.all().len() >= 3).await;
    assert_eq!(received.names()[2], "module_recovered analysis");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_that_makes_no_sense_is_refused_by_the_name_of_its_field() {
    let folder = tempfile::tempdir().unwrap();
    let backend = Backend::start(folder.path(), &[]).await;
    let (_, policy) = backend.get(POLICY).await;
    let since = backend.last_event().await;
    let with = |name: &str, value: Value| {
        let mut policy = policy.clone();
        policy[name] = value;
        policy
    };
    let mut without_jitter = policy.clone();
    without_jitter.as_object_mut().unwrap().remove("jitter");
    for (body, status, field) in [
        (with("max_retries", json!(2)), 422, "alert_after"),
        (with("max_retries", json!(1_001)), 422, "max_retries"),
        (with("jitter", json!(1)), 422, "jitter"),
        (with("heartbeat", json!("10ms")), 422, "heartbeat"),
        (with("dependency_patience", json!("0s")), 422, "dependency_patience"),
        (with("heartbeat", json!(200)), 400, "heartbeat"),
        (with("max_retries", json!(-1)), 400, "max_retries"),
        (with("strategy", json!("rest")), 400, "strategy"),
        (with("retries", json!(3)), 400, "retries"),
        (without_jitter, 400, "jitter"),
    ] {
        let (answered, problem) = backend.put(POLICY, &body).await;
        assert_eq!((answered.as_u16(), &problem["field"]), (status, &json!(field)), "{problem}");
        assert!(problem["detail"].as_str().unwrap().contains(field), "{problem}");
    }
    for body in [json!([]), json!(null), json!({})] {
        assert_eq!(backend.put(POLICY, &body).await.0, StatusCode::BAD_REQUEST, "{body}");
    }
    assert_eq!(backend.get(POLICY).await.1, policy);
    assert!(backend.events("manager", since).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_api_shows_can_be_given_back_as_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let backend = Backend::start(folder.path(), &["--backoff-max", "90s", "--strategy", "one-for-one"]).await;
    let (_, shown) = backend.get(POLICY).await;
    assert_eq!(shown["backoff_max"], "1m 30s");
    let other = tempfile::tempdir().unwrap();
    let file = other.path().join("policy.json");
    std::fs::write(&file, shown.to_string()).unwrap();
    let flags = ["--policy", file.to_str().unwrap(), "--jitter", "0.5"];
    let again = Backend::start(other.path(), &flags).await;
    let mut expected = shown.clone();
    expected["jitter"] = json!(0.5);
    assert_eq!(again.get(POLICY).await.1, expected);

    let mut wrong = shown;
    wrong["heartbeat"] = json!("soon");
    std::fs::write(&file, wrong.to_string()).unwrap();
    let output = command(other.path(), &["--policy", file.to_str().unwrap()]).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(stderr.contains("policy.json: heartbeat: \"soon\" is no duration"), "{stderr}");
}

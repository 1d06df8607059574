//! A run that does more harm than it is worth is ended early, and what was measured is reported.

use std::time::Duration;

use serde_json::Value;

use crate::command::{Workplace, told, turn};
use crate::stub::Stub;

/// A restart after which the target stays down for far longer than anybody waits.
fn endless() -> Stub {
    Stub::start(std::process::id(), &[Duration::from_secs(600)])
}

#[track_caller]
fn aborted(place: &Workplace, arguments: &[&str]) -> String {
    let stub = endless();
    let output = place
        .run(["--base-url", &stub.url(), "--fault", "restart", "--iterations", "2", "--users", "10"])
        .args(["--baseline", "2500ms", "--hold", "500ms", "--seed", "1"])
        .args(arguments)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(5), "{}", told(&output));
    let lines = place.lines();
    let finished = lines.last().unwrap();
    assert_eq!((&finished["type"], &finished["reason"]), (&"run_finished".into(), &"aborted".into()));
    assert_eq!(place.summary()["state"], "aborted");
    assert!(place.report().join("index.html").is_file());
    finished["detail"].as_str().unwrap().to_owned()
}

fn closed(place: &Workplace) -> Value {
    place.lines().into_iter().find(|line| line["type"] == "episode_closed").unwrap()
}

#[test]
fn a_target_that_stays_down_ends_the_run_early_with_its_fault_undone_and_a_report() {
    let _turn = turn();
    let place = Workplace::new();
    let detail =
        aborted(&place, &["--abort-when", "p95>1h for 1s", "--abort-when", "canary_error_rate>90% for 3s"]);
    assert!(detail.starts_with("canary_error_rate>0.9 for 3s: ") && detail.ends_with("failed)"), "{detail}");
    let (injected, ended) = (at(&place, "fault_injected"), at(&place, "run_finished"));
    // A window of 3 s after the restart, a look each second, and the time to tear down; no deadline of 60 s.
    assert!((2_700_000..30_000_000).contains(&(ended - injected)), "{injected} to {ended}");
    assert_eq!(closed(&place)["outcome"], "aborted");
}

#[test]
fn an_episode_that_misses_its_deadline_ends_the_run_when_that_is_asked_for() {
    let _turn = turn();
    let place = Workplace::new();
    let flags = ["--abort-when", "unrecovered", "--recovery-deadline", "2s", "--request-timeout", "500ms"];
    let detail = aborted(&place, &flags);
    assert_eq!(detail, "unrecovered: episode 1 was not well by its deadline");
    assert_eq!(closed(&place)["outcome"], "censored");
}

#[test]
fn a_rule_that_cannot_be_read_is_a_usage_error() {
    let place = Workplace::new();
    let output = place.run(["--abort-when", "error_rate above 0.9"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", told(&output));
    assert!(told(&output).contains("error_rate>0.9 for 30s"), "{}", told(&output));
}

fn at(place: &Workplace, kind: &str) -> u64 {
    let lines = place.lines();
    lines.iter().find(|line| line["type"] == kind).and_then(|line| line["t"].as_u64()).unwrap()
}

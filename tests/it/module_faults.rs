//! What else can happen to a module: it hangs, or it is killed again and again.

use serde_json::Value;

use crate::command::{Workplace, told, turn};

const QUICK: [&str; 11] = [
    "--iterations",
    "1",
    "--users",
    "10",
    "--baseline",
    "2500ms",
    "--hold",
    "500ms",
    "--quiet",
    "--seed",
    "2",
];

fn run(arguments: &[&str]) -> (Workplace, std::process::Output) {
    let place = Workplace::new();
    let output = place.run(QUICK).args(arguments).output().unwrap();
    (place, output)
}

/// Kinds of the backend's events.
fn events(place: &Workplace) -> Vec<String> {
    let of_backend = place.lines().into_iter().filter(|line| line["type"] == "backend_event");
    of_backend.map(|line| line["kind"].as_str().unwrap().to_owned()).collect()
}

#[track_caller]
fn alerts(episode: &Value, expected: u64) {
    let alerts = &episode["alerts"];
    assert_eq!((&alerts["expected"], &alerts["matched"]), (&expected.into(), &expected.into()), "{alerts}");
}

#[test]
fn a_module_that_stands_still_is_noticed_and_replaced() {
    let _turn = turn();
    let (place, output) = run(&["--fault", "pause"]);
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    let episode = &place.summary()["episodes"][0];
    assert_eq!((&episode["fault"], &episode["outcome"]), (&"pause".into(), &"recovered".into()));
    alerts(episode, 1);
    assert!(events(&place).iter().any(|kind| kind == "hung"), "{:?}", events(&place));
    let pid = place.lines().into_iter().find(|line| line["type"] == "fault_injected").unwrap()["pid"].clone();
    let left = std::path::Path::new("/proc").join(pid.to_string());
    assert!(!left.exists(), "the process that was stopped is still there");
}

#[test]
fn a_crash_loop_within_the_policy_recovers() {
    let _turn = turn();
    let (place, output) = run(&["--crash-loop", "3", "--max-retries", "3"]);
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    let episode = &place.summary()["episodes"][0];
    assert_eq!((&episode["fault"], &episode["outcome"]), (&"crash-loop".into(), &"recovered".into()));
    alerts(episode, 3);
}

#[test]
fn a_crash_loop_beyond_the_policy_does_not_and_somebody_is_told() {
    let _turn = turn();
    let (place, output) = run(&["--crash-loop", "4", "--max-retries", "3", "--recovery-deadline", "8s"]);
    assert_eq!(output.status.code(), Some(1), "{}", told(&output));
    let summary = place.summary();
    let episode = &summary["episodes"][0];
    assert_eq!(episode["outcome"], "censored", "{episode:#}");
    // Four crashes, and the critical alert that the module is given up.
    alerts(episode, 5);
    assert!(events(&place).iter().any(|kind| kind == "gave_up"), "{:?}", events(&place));
    assert_eq!(summary["plan"]["policy"]["max_retries"], 3);
}

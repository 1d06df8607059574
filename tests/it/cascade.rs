//! Scenario C: chains of overlapping faults, a crash that travels by itself, and every alert in spite of a sink that was away.
//! It doubles as a short soak: the memory of harness and backend is watched while it runs.

use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;

use crate::command::{Guarded, Workplace, turn};

/// Resident memory of a process in KiB; 0 once it is gone.
fn resident(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// The manager: the parent of the modules, and the harness's child.
fn manager(harness: u32) -> Option<u32> {
    let children = std::fs::read_to_string(format!("/proc/{harness}/task/{harness}/children")).ok()?;
    children
        .split_whitespace()
        .filter_map(|pid| pid.parse().ok())
        .find(|pid| crate::processes::is_backend_process(*pid))
}

fn mean(samples: &[u64]) -> u64 {
    samples.iter().sum::<u64>() / samples.len().max(1) as u64
}

/// A curve that ends where it was in its middle is flat; what is warm only late is allowed for.
#[track_caller]
#[expect(clippy::print_stdout, reason = "the curve is for a person who wonders about a leak")]
fn flat(what: &str, curve: &[u64]) {
    println!("{what}: resident KiB, one sample a second: {curve:?}");
    assert!(curve.len() >= 15, "{what} was watched for {} s only", curve.len());
    let (middle, end) =
        (mean(&curve[curve.len() / 3..2 * curve.len() / 3]), mean(&curve[2 * curve.len() / 3..]));
    assert!(
        end <= middle + middle / 4 + 16 * 1024,
        "{what} grows: {middle} KiB in the middle, {end} KiB at the end"
    );
}

fn of_type<'a>(lines: &'a [Value], kind: &'a str) -> impl Iterator<Item = &'a Value> {
    lines.iter().filter(move |line| line["type"] == kind)
}

#[test]
fn chains_recover_with_every_alert_though_the_sink_was_away_and_memory_stays_flat() {
    let _turn = turn();
    let place = Workplace::new();
    let arguments = [
        "--scenario",
        "cascade",
        "--duration",
        "30",
        "--interval",
        "5",
        "--users",
        "20",
        "--think-time",
        "250ms",
    ];
    let harness = place
        .run(arguments)
        .args(["--baseline", "2500ms", "--hold", "500ms", "--pause", "300ms", "--seed", "9", "--quiet"])
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut harness = Guarded(harness);
    let (mut of_harness, mut of_manager) = (Vec::new(), Vec::new());
    let status = loop {
        if let Some(status) = harness.0.try_wait().unwrap() {
            break status;
        }
        std::thread::sleep(Duration::from_secs(1));
        let pid = harness.0.id();
        of_harness.extend(Some(resident(pid)).filter(|resident| *resident > 0));
        of_manager.extend(manager(pid).map(resident).filter(|resident| *resident > 0));
    };
    let (lines, summary) = (place.lines(), place.summary());
    assert_eq!(status.code(), Some(0), "{:#}", summary["kpis"]);
    flat("harness", &of_harness);
    flat("manager", &of_manager);

    let chains = summary["chains"].as_array().unwrap();
    assert!(chains.len() >= 4, "{} chains", chains.len());
    let several = chains.iter().filter(|chain| chain["episodes"].as_array().unwrap().len() > 1);
    assert!(several.clone().count() >= 3, "{chains:#?}");
    assert!(
        several.clone().any(|chain| chain["overlapped"] == true),
        "no two members were down at once: {chains:#?}"
    );
    let alone = chains.iter().find(|chain| chain["strategy"] == "one-for-one").unwrap();
    assert!(!alone["dependency_exits"].as_array().unwrap().is_empty(), "the crash did not travel: {alone:#}");
    let lost = |event: &&Value| event["kind"] == "exited" && event["cause"] == "dependency_lost";
    assert!(of_type(&lines, "backend_event").any(|event| lost(&event)));

    assert_eq!(of_type(&lines, "sink_outage").count(), 1);
    let alerts = &summary["alerts"];
    assert_eq!(alerts["missed"], 0, "{alerts}");
    assert!(alerts["expected"].as_u64().unwrap() > 8, "{alerts}");
    let forced = of_type(&lines, "action").filter(|line| line["what"] == "POST /api/recovery/state_resync");
    assert!(forced.count() >= 3, "the supervisor has asked too rarely");
    let ledger = &summary["ledger"];
    assert_eq!(ledger["stable"], ledger["acknowledged"], "{ledger}");
    // The policy is the one from before.
    let policies: Vec<_> =
        of_type(&lines, "action").filter(|line| line["what"].to_string().contains("policy")).collect();
    assert_eq!(policies.len(), 2, "{policies:#?}");
}

//! nginx in front of an upstream and its standby, with proxies of the run between them.

use serde_json::Value;

use super::example::{Example, Ran};
use crate::command::{told, turn};

/// How long nginx waits for an upstream that is silent.
const READ_TIMEOUT_US: u64 = 1_000_000;
/// What the latency fault adds.
const ADDED_US: u64 = 200_000;

#[test]
fn nginx_is_as_slow_as_its_network_and_turns_to_the_standby_when_the_upstream_is_silent() {
    let _turn = turn();
    let example = Example::new("nginx", 18501, "/", "/healthz");
    let (ran, probe) =
        example.run_watched(&["--users", "3", "--iterations", "1", "--hold", "1s", "--pause", "4s"]);
    let episodes = ran.recovered(2);
    let [slow, silent] = episodes[..] else { panic!("a latency and a blackhole") };
    assert_eq!((&silent["fault"], &silent["scenario"]), (&"proxy-blackhole".into(), &"failover".into()));
    let failover = silent["recovery_us"].as_u64().unwrap();
    assert!((READ_TIMEOUT_US * 8 / 10..READ_TIMEOUT_US * 4).contains(&failover), "{silent:#}");
    assert_eq!((&slow["fault"], &slow["scenario"]), (&"proxy-latency".into(), &"latency".into()));
    assert!(slow["fault_ended_us"].is_u64(), "the plan ends it: {slow:#}");
    let (before, during) = (baseline(slow), p95_within(&ran, slow));
    let moved = during.saturating_sub(before);
    assert!((ADDED_US * 9 / 10..ADDED_US * 3 / 2).contains(&moved), "p95 {before} µs, then {during} µs");
    assert_eq!(ran.output.status.code(), Some(0), "nobody owes an alert: {}", told(&ran.output));
    probe.agrees_with(&ran);
}

fn baseline(episode: &Value) -> u64 {
    episode["baseline"]["p95_us"].as_u64().unwrap()
}

/// The 95th percentile of the canaries that began while the fault was in effect and was not about to end.
fn p95_within(ran: &Ran, episode: &Value) -> u64 {
    let instant = |name: &str| episode[name].as_u64().unwrap();
    let within = instant("t0_us")..instant("fault_ended_us") - 2 * ADDED_US;
    let canaries = ran.lines.iter().filter(|line| line["type"] == "canary" && line["ok"] == true);
    let mut lengths: Vec<_> = canaries
        .filter(|line| within.contains(&line["t"].as_u64().unwrap()))
        .map(|line| line["duration_us"].as_u64().unwrap())
        .collect();
    lengths.sort_unstable();
    assert!(lengths.len() >= 50, "{} canaries", lengths.len());
    lengths[lengths.len() * 95 / 100]
}

//! The measured recovery is what the definition gives on the target's own stamps.

use std::time::Duration;

use crate::command::{Workplace, told, turn};
use crate::stub::Stub;

#[test]
fn measures_outages_of_known_length_to_a_canary_a_poll_and_the_measured_lag() {
    let lengths = [250, 1000, 3000].map(Duration::from_millis);
    let stub = Stub::start(std::process::id(), &lengths);
    let _turn = turn();
    let place = Workplace::new();
    let output = place
        .run(["--base-url", &stub.url(), "--fault", "restart", "--iterations", "3", "--pause", "500ms"])
        .args(["--users", "10", "--baseline", "2500ms", "--hold", "1s", "--seed", "1"])
        .output()
        .unwrap();
    let summary = place.summary();
    // Nothing told the run where alerts would come from, so that KPI stays open: inconclusive.
    assert_eq!(output.status.code(), Some(3), "{}", told(&output));

    let started = place.lines()[0]["started_at_unix_us"].as_i64().unwrap();
    let lag =
        ["canary", "health"].map(|thread| summary["harness"]["lag"][thread]["max_us"].as_i64().unwrap());
    // One canary interval of 10 ms, one poll of 50 ms, and how late the run's own probes were at worst.
    let tolerance = 10_000 + 50_000 + lag.iter().max().unwrap();
    let episodes = summary["episodes"].as_array().unwrap();
    let outages = stub.outages();
    assert_eq!((episodes.len(), outages.len()), (3, 3));
    for ((episode, outage), length) in episodes.iter().zip(&outages).zip(lengths) {
        assert_eq!(episode["outcome"], "recovered", "{episode:#}");
        let t0 = started + episode["t0_us"].as_i64().unwrap();
        assert!((t0 - outage.from_unix_us).abs() <= 1_000, "t0 {t0} is not the stub's own stamp {outage:?}");
        // With everything failing inside the outage and nothing outside, the first window that holds opens at
        // the end of the outage.
        let recovered = t0 + episode["recovery_us"].as_i64().unwrap();
        let off = recovered - outage.to_unix_us;
        assert!((-1_000..=tolerance).contains(&off), "{length:?}: off by {off} µs, allowed {tolerance} µs");
    }
}

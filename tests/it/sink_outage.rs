//! Our own alert sink is away while modules are killed, and every alert arrives nevertheless.

use serde_json::Value;

use crate::command::{Workplace, told, turn};

#[test]
fn every_alert_arrives_although_the_sink_was_away() {
    let _turn = turn();
    let place = Workplace::new();
    // The outage begins less than the hold after the first kill; the second follows hold and pause later at the
    // earliest, and the sink is away until long after.
    let output = place
        .run(["--iterations", "3", "--users", "20", "--pause", "200ms", "--hold", "500ms", "--seed", "3"])
        .args(["--baseline", "2500ms", "--sink-outage", "3s", "--abort-when", "error_rate>0.99 for 30s"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));

    let lines = place.lines();
    let of = |kind: &'static str| lines.iter().filter(move |line| line["type"] == kind);
    let t = |line: &Value| line["t"].as_u64().unwrap();
    let outages: Vec<_> = of("sink_outage").collect();
    let [outage] = outages[..] else { panic!("not one outage: {outages:?}") };
    let (from, until) = (t(outage), outage["until_us"].as_u64().unwrap());
    assert!(until - from >= 3_000_000, "{outage}");
    let first = of("fault_injected").map(t).min().unwrap();
    assert!((first..first + 3_000_000).contains(&from), "the first fault was at {first}: {outage}");

    assert!(of("alert_received").all(|alert| !(from + 1..until).contains(&t(alert))), "taken while away");
    let owed = |alert: &&Value| alert["kind"] == "module_crashed";
    let keys: std::collections::BTreeSet<_> =
        of("alert_received").filter(owed).map(|alert| alert["key"].to_string()).collect();
    assert_eq!(keys.len(), 3, "an alert for each kill");
    let struck = of("alert_expected").map(t).filter(|at| (from..until).contains(at)).count();
    assert!(struck >= 1, "no fault while the sink was away");
    assert!(of("alert_received").filter(owed).filter(|alert| t(alert) >= until).count() >= struck);

    for episode in place.summary()["episodes"].as_array().unwrap() {
        let alerts = &episode["alerts"];
        assert_eq!((&alerts["expected"], &alerts["matched"]), (&1.into(), &1.into()), "{episode:#}");
    }
}

//! Modules are killed under load, twenty times, and nothing is lost.

use crate::command::{Workplace, told, turn};
use crate::processes::{eventually, is_backend_process};

#[test]
fn twenty_kills_under_two_hundred_users_recover_with_every_alert_and_every_entry() {
    let _turn = turn();
    let place = Workplace::new();
    let output = place
        .run(["--iterations", "20", "--users", "200", "--pause", "200ms", "--think-time", "250ms"])
        .args(["--baseline", "2500ms", "--hold", "500ms", "--seed", "20"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));

    let summary = place.summary();
    let episodes = summary["episodes"].as_array().unwrap();
    assert_eq!(episodes.len(), 20);
    for episode in episodes {
        assert_eq!(episode["outcome"], "recovered", "{episode:#}");
        assert_eq!(episode["automatic"], true, "{episode:#}");
        assert_eq!((&episode["alerts"]["expected"], &episode["alerts"]["matched"]), (&1.into(), &1.into()));
        let phases = episode["phases_us"].as_object().unwrap().values().filter_map(serde_json::Value::as_u64);
        assert_eq!(Some(phases.sum()), episode["recovery_us"].as_u64(), "{episode:#}");
        assert!(episode["phases_us"]["detect"].is_u64(), "the daemon's own stamp is missing: {episode:#}");
    }
    let ledger = &summary["ledger"];
    assert!(ledger["acknowledged"].as_u64().unwrap() > 1000, "{ledger}");
    assert_eq!(ledger["stable"], ledger["acknowledged"], "{ledger}");
    assert_eq!((&ledger["lost"], &ledger["unexpected"]), (&0.into(), &0.into()), "{ledger}");

    let pids = place.module_pids();
    assert!(pids.len() >= 23, "three modules and twenty restarts, but only {} processes", pids.len());
    eventually("the end of every module", 5, || {
        pids.iter().all(|pid| !is_backend_process(*pid)).then_some(())
    });
    for file in ["index.html", "timeline.png", "recovery.png", "goose.json"] {
        assert!(place.report().join(file).is_file(), "{file} is missing");
    }
}

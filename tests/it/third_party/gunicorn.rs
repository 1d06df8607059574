//! gunicorn: its master brings workers back, and its workers serve without their master.

use super::example::Example;
use crate::command::{told, turn};

#[test]
fn a_killed_worker_and_a_hung_master_are_recovered_from_by_what_traffic_shows() {
    let _turn = turn();
    let example = Example::new("gunicorn", 18101, "/", "/healthz");
    let (ran, probe) =
        example.run_watched(&["--users", "3", "--iterations", "2", "--hold", "1s", "--pause", "500ms"]);
    let episodes = ran.recovered(4);
    let named: Vec<_> =
        episodes.iter().map(|episode| (episode["fault"].as_str(), episode["target"].as_str())).collect();
    let killed = (Some("signal-kill"), Some("worker killed"));
    let hung = (Some("signal-stop"), Some("master hung"));
    assert_eq!(named, [killed, hung, killed, hung]);
    for hung in [episodes[1], episodes[3]] {
        assert!(hung["recovery_us"].as_u64() >= Some(5_000_000), "it hung for five seconds: {hung:#}");
        assert_eq!(hung["failed_requests"], 0, "workers accept by themselves: {hung:#}");
    }
    // Each kill hit another worker, because the oldest one goes first.
    let victims =
        ran.lines.iter().filter(|line| line["type"] == "fault_injected" && line["fault"] == "signal-kill");
    let pids: std::collections::BTreeSet<_> = victims.map(|line| line["pid"].as_u64().unwrap()).collect();
    assert_eq!(pids.len(), 2);
    assert_eq!(ran.output.status.code(), Some(0), "nobody owes an alert: {}", told(&ran.output));
    probe.agrees_with(&ran);
}

//! Process managers that many use: pm2 and supervisord bring back what was killed.

use super::example::Example;
use crate::command::{told, turn};

/// Ten kills, as the plan has them.
#[track_caller]
fn brings_it_back_ten_times(example: &Example) {
    let _turn = turn();
    let (ran, probe) = example.run_watched(&["--users", "3", "--hold", "1s", "--pause", "200ms"]);
    for episode in ran.recovered(10) {
        assert_eq!((&episode["fault"], &episode["automatic"]), (&"signal-kill".into(), &true.into()));
        assert!(
            episode["failed_requests"].as_u64().unwrap() > 0 || episode["recovery_us"].as_u64() > Some(0)
        );
    }
    // Each time a process of its own.
    let victims = ran.lines.iter().filter(|line| line["type"] == "fault_injected");
    let pids: std::collections::BTreeSet<_> = victims.map(|line| line["pid"].as_u64().unwrap()).collect();
    assert_eq!(pids.len(), 10);
    assert_eq!(ran.output.status.code(), Some(0), "{}", told(&ran.output));
    probe.agrees_with(&ran);
}

#[test]
fn pm2_brings_a_node_service_back_after_each_of_ten_kills() {
    brings_it_back_ten_times(&Example::new("pm2", 18301, "/", "/healthz"));
}

#[test]
fn supervisord_brings_a_python_service_back_after_each_of_ten_kills() {
    brings_it_back_ten_times(&Example::new("supervisord", 18401, "/", "/healthz"));
}

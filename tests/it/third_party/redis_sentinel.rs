//! Redis with Sentinels: a failover ends the outage, and what had been acknowledged and not replicated is gone.

use std::collections::BTreeMap;
use std::process::Command;

use super::example::{Example, Ran};
use crate::command::{told, turn};

/// How many entries of each session were acknowledged, by the lines of the users' requests: each is sent until it is.
fn acknowledged(ran: &Ran) -> BTreeMap<String, u64> {
    let run = ran.lines[0]["run"].as_str().unwrap();
    let mut sessions = BTreeMap::new();
    let appended = |line: &&serde_json::Value| line["name"] == "POST entries" && line["ok"] == true;
    for line in ran.lines.iter().filter(appended) {
        *sessions.entry(format!("{run}-u{}", line["user"])).or_insert(0) += 1;
    }
    sessions
}

fn redis(port: u16, words: &[&str]) -> String {
    let output = Command::new("redis-cli").args(["-p", &port.to_string()]).args(words).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[test]
fn a_failover_lets_writes_succeed_again_and_the_ledger_counts_what_it_has_cost() {
    let _turn = turn();
    let example = Example::new("redis-sentinel", 18201, "/api/sessions/probe/analysis", "/api/system/health");
    let _up = example.up();
    let probe = example.probe();
    let ran = example.run_plan(&["--users", "10", "--iterations", "1", "--hold", "1s"]);
    let probe = probe.ended();

    let episodes = ran.recovered(2);
    let [hung, killed] = episodes[..] else { panic!("a hang and a kill") };
    // Sentinel takes a second to miss the primary.
    assert!(killed["recovery_us"].as_u64() > Some(1_000_000), "{killed:#}");
    assert!(killed["failed_requests"].as_u64() > Some(0), "{killed:#}");
    assert!(hung["recovery_us"].as_u64() >= Some(4_000_000), "{hung:#}");

    // Who is asked knows nothing of the ledger: the Redis that is the primary now.
    let answer = redis(example.port(18221), &["SENTINEL", "get-master-addr-by-name", "primary"]);
    let primary = answer.lines().nth(1).unwrap().parse().unwrap();
    let (mut in_all, mut lost) = (0, 0);
    for (session, count) in acknowledged(&ran) {
        let there = redis(primary, &["ZCOUNT", &format!("session:{session}"), "1", &count.to_string()]);
        (in_all, lost) = (in_all + count, lost + count - there.parse::<u64>().unwrap());
    }
    let ledger = &ran.summary["ledger"];
    assert_eq!(
        (&ledger["acknowledged"], &ledger["lost"]),
        (&in_all.into(), &lost.into()),
        "{}",
        told(&ran.output)
    );
    assert_eq!(
        (&ledger["stale"], &ledger["unexpected"], &ledger["never_read"]),
        (&0.into(), &0.into(), &0.into())
    );
    // The primary that hung has acknowledged what users sent it when it woke up, and was then demoted.
    assert!(lost > 0, "{ledger:#}");
    assert_eq!(ledger["stable"].as_u64(), Some(in_all - lost));
    // Not of the hang: when the primary wakes up it answers hundreds at a time, and for some tenths of a second who asks on a
    // new connection is served otherwise than who asks on an old one.
    probe.agrees_on(&ran, |episode| episode["fault"] == "signal-kill");
}

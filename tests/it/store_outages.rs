//! Scenario B: stores are taken away, the ledger is kept, and a state that is not whole is found out.

use std::process::Output;

use serde_json::Value;

use crate::command::{Workplace, told, turn};
use crate::forgetful::{Damage, Forgetful};

const QUICK: [&str; 12] = [
    "--scenario",
    "db-redis-down",
    "--baseline",
    "2500ms",
    "--hold",
    "500ms",
    "--pause",
    "200ms",
    "--quiet",
    "--resync-grace",
    "2s",
    "--seed=11",
];

fn kpi<'a>(summary: &'a Value, id: &str) -> &'a Value {
    summary["kpis"].as_array().unwrap().iter().find(|kpi| kpi["id"] == id).unwrap()
}

/// A run against a target whose cache, a real Redis, is stopped by the user's own commands; `None` where there is no
/// Redis and that is no failure.
fn against_forgetful(damage: Damage, iterations: &str) -> Option<(Workplace, Output)> {
    let stores = local_stores::for_tests()?;
    let pid = stores.cache().pid().unwrap();
    let stub = Forgetful::start(pid, damage);
    let place = Workplace::new();
    let output = place
        .run(QUICK)
        .args(["--base-url", &stub.url(), "--users", "8", "--outage", "1s", "--iterations", iterations])
        // A password belongs in the environment.
        .env("GOOSE_RECOVERY_CACHE_URL", stores.cache().url())
        .args(["--store-stop-cmd", &format!("echo {{store}} && kill -STOP {pid}")])
        .args(["--store-start-cmd", &format!("kill -CONT {pid}")])
        .output()
        .unwrap();
    let password = stores.cache().url().split([':', '@']).nth(2).unwrap().to_owned();
    let journal = std::fs::read_to_string(place.journal()).unwrap();
    assert!(!journal.contains(&password) && !told(&output).contains(&password), "a password was told");
    stores.stop().unwrap();
    Some((place, output))
}

#[test]
fn finds_exactly_the_entries_that_a_target_lost_or_altered() {
    let _turn = turn();
    let damage = Damage { lost: 7, altered: 4, ..Damage::default() };
    let Some((place, output)) = against_forgetful(damage, "2") else { return };
    assert_eq!(output.status.code(), Some(1), "{}", told(&output));
    let summary = place.summary();
    let ledger = &summary["ledger"];
    assert_eq!((&ledger["lost"], &ledger["stale"]), (&7.into(), &4.into()), "{ledger}");
    let read_backs: Vec<_> = place.lines().into_iter().filter(|line| line["type"] == "ledger").collect();
    let newly: Vec<_> = read_backs.iter().map(|line| line["newly_damaged"].as_u64()).collect();
    assert_eq!(
        newly,
        [Some(11), Some(0), Some(0)],
        "the damage is the first episode's alone: {read_backs:#?}"
    );
    let resync = kpi(&summary, "state_resync_rate");
    assert_eq!((&resync["numerator"], &resync["denominator"]), (&1.into(), &2.into()), "{resync}");
    assert_eq!(resync["verdict"], "fail", "{resync}");
}

#[test]
fn a_target_that_keeps_everything_passes_the_same_test() {
    let _turn = turn();
    let Some((place, output)) = against_forgetful(Damage::default(), "1") else { return };
    // Nothing told the run where alerts would come from, so that KPI alone stays open.
    assert_eq!(output.status.code(), Some(3), "{}", told(&output));
    let summary = place.summary();
    assert_eq!(kpi(&summary, "state_resync_rate")["verdict"], "pass", "{}", told(&output));
    assert_eq!(summary["episodes"][0]["fault"], "store-stop");
    assert_eq!(summary["ledger"]["stable"], summary["ledger"]["acknowledged"]);
}

#[test]
fn stores_that_do_not_agree_are_no_restored_state() {
    let _turn = turn();
    let damage = Damage { cache_differs: true, ..Damage::default() };
    let Some((place, output)) = against_forgetful(damage, "1") else { return };
    assert_eq!(output.status.code(), Some(1), "{}", told(&output));
    assert_eq!(kpi(&place.summary(), "state_resync_rate")["verdict"], "fail");
}

#[test]
fn a_forced_resync_does_not_hide_that_there_was_no_automatic_one() {
    let _turn = turn();
    let damage = Damage { lazy: true, ..Damage::default() };
    let Some((place, output)) = against_forgetful(damage, "1") else { return };
    assert_eq!(output.status.code(), Some(1), "{}", told(&output));
    let summary = place.summary();
    assert_eq!(summary["episodes"][0]["outcome"], "recovered", "{:#}", summary["episodes"][0]);
    let resync = kpi(&summary, "state_resync_rate");
    assert_eq!((&resync["numerator"], &resync["verdict"]), (&0.into(), &"fail".into()), "{resync}");
}

#[test]
fn a_target_whose_stores_nobody_may_stop_is_only_asked_to_resync() {
    let _turn = turn();
    let stub = Forgetful::start(std::process::id(), Damage::default());
    let place = Workplace::new();
    let output = place
        .run(QUICK)
        .args(["--base-url", &stub.url(), "--users", "4", "--iterations", "2"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", told(&output));
    let summary = place.summary();
    assert!(summary["episodes"].as_array().unwrap().is_empty());
    let asked = place.lines().into_iter().filter(|line| line["type"] == "action").collect::<Vec<_>>();
    assert_eq!(asked.len(), 2);
    assert!(asked.iter().all(|line| line["resync"]["outcome"] == "succeeded"), "{asked:#?}");
    assert!(told(&output).contains("no store fault was injected"), "{}", told(&output));
}

#[cfg(feature = "backend")]
mod bundled {
    use std::process::Stdio;

    use super::*;
    use crate::command::{Guarded, goose_recovery, json};
    use crate::processes::eventually;

    /// What every run of scenario B against the bundled backend must show.
    #[track_caller]
    fn all_is_well(place: &Workplace, output: &Output, episodes: usize) -> Value {
        assert_eq!(output.status.code(), Some(0), "{}", told(output));
        let summary = place.summary();
        let found = summary["episodes"].as_array().unwrap();
        assert_eq!(found.len(), episodes);
        for episode in found {
            assert_eq!(episode["outcome"], "recovered", "{episode:#}");
            let recovery = episode["recovery_us"].as_u64().unwrap();
            let phases = episode["phases_us"].as_object().unwrap().values().filter_map(Value::as_u64);
            assert_eq!(phases.sum::<u64>(), recovery, "{episode:#}");
            // Nobody recovers from an outage that still lasts.
            assert!(episode["recovery_from_end_us"].as_u64().unwrap() < recovery, "{episode:#}");
        }
        let ledger = &summary["ledger"];
        assert_eq!(ledger["stable"], ledger["acknowledged"], "{ledger}");
        assert_eq!((&ledger["lost"], &ledger["unexpected"]), (&0.into(), &0.into()), "{ledger}");
        assert_eq!(ledger["cache_differs"], 0, "{ledger}");
        assert!(ledger["spooled"].as_u64().unwrap() > 0, "{ledger}");
        assert_eq!(kpi(&summary, "state_resync_rate")["verdict"], "pass");
        assert!(place.report().join("resync.png").is_file());
        summary
    }

    #[test]
    fn embedded_stores_are_locked_and_nothing_is_lost() {
        let _turn = turn();
        let place = Workplace::new();
        let output = place.run(QUICK).args(["--iterations", "3", "--users", "20"]).output().unwrap();
        let summary = all_is_well(&place, &output, 3);
        let targets: Vec<_> = summary["episodes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|episode| episode["target"].as_str())
            .collect();
        for target in ["database", "cache", "database+cache"] {
            assert!(targets.contains(&Some(target)), "{target} was never taken away: {targets:?}");
        }
        assert_eq!(summary["plan"]["stores"], "embedded: SQLite database, SQLite cache");
    }

    #[test]
    fn real_servers_are_killed_and_paused_and_nothing_is_lost() {
        let _turn = turn();
        if local_stores::for_tests().is_none() {
            return;
        }
        let place = Workplace::new();
        // Fifty users at a pace that two cores and an unoptimised backend can keep beside everything else.
        let arguments = ["--stores", "local", "--iterations", "6", "--users", "50", "--think-time", "400ms"];
        let output = place.run(QUICK).args(arguments).output().unwrap();
        let summary = all_is_well(&place, &output, 6);
        let ledger = &summary["ledger"];
        assert!(ledger["replayed"].as_u64() >= ledger["spooled"].as_u64(), "{ledger}");
        assert!(summary["plan"]["stores"].as_str().unwrap().starts_with("local: PostgreSQL "));
    }

    /// Processes whose working folder is a private one of the run's stores, by their pid.
    fn server_processes(folder: &str) -> Vec<u32> {
        let inside = |pid: &u32| {
            std::fs::read_link(format!("/proc/{pid}/cwd"))
                .is_ok_and(|cwd| cwd.to_string_lossy().contains(folder))
        };
        let all = std::fs::read_dir("/proc").unwrap().flatten();
        all.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).filter(inside).collect()
    }

    #[test]
    fn a_harness_that_is_killed_while_servers_stand_still_leaves_none_of_them() {
        let _turn = turn();
        if local_stores::for_tests().is_none() {
            return;
        }
        let place = Workplace::new();
        let temporary = tempfile::Builder::new().prefix("killed-").tempdir().unwrap();
        // The servers' own user must be able to reach its folder.
        let open = <std::fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o755);
        std::fs::set_permissions(temporary.path(), open).unwrap();
        let marker = temporary.path().to_str().unwrap().to_owned();
        let harness = place
            .run(QUICK)
            .args(["--stores", "local", "--fault", "store-pause", "--outage", "60s", "--users", "4"])
            .env("TMPDIR", temporary.path())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let mut harness = Guarded(harness);
        eventually("a proven outage", 90, || {
            place.lines().into_iter().find(|line| line["type"] == "fault_confirmed")
        });
        assert!(server_processes(&marker).len() > 2, "the servers run in the folder that is watched");
        harness.0.kill().unwrap();
        harness.0.wait().unwrap();
        eventually("the end of every server", 20, || server_processes(&marker).is_empty().then_some(()));
        let out = place.path("again");
        let report = goose_recovery().arg("report").arg(place.journal()).arg("--out").arg(&out).output();
        assert_eq!(report.as_ref().unwrap().status.code(), Some(130), "{}", told(&report.unwrap()));
        assert_eq!(json(&out.join("summary.json"))["episodes"][0]["outcome"], "aborted");
    }

    #[test]
    fn an_interrupt_in_the_middle_of_an_outage_gives_the_store_back() {
        let _turn = turn();
        let place = Workplace::new();
        let harness =
            place.run(QUICK).args(["--users", "4", "--outage", "60s"]).stdout(Stdio::null()).spawn();
        let mut harness = Guarded(harness.unwrap());
        eventually("a proven outage", 60, || {
            place.lines().into_iter().find(|line| line["type"] == "fault_confirmed")
        });
        let pid = rustix::process::Pid::from_raw(i32::try_from(harness.0.id()).unwrap()).unwrap();
        rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
        let status = eventually("the end of the run", 30, || harness.0.try_wait().unwrap());
        assert_eq!(status.code(), Some(130));
        let lines = place.lines();
        assert!(lines.iter().any(|line| line["type"] == "fault_ended"), "the outage was not ended");
        assert_eq!(lines.last().unwrap()["reason"], "interrupted");
    }
}

//! The harness dies in mid-run: nothing of it is left but a journal that can be read.

use serde_json::Value;

use crate::command::{Guarded, Workplace, goose_recovery, json, told, turn};
use crate::processes::{eventually, is_backend_process, signal};

/// Stops a module other than `victim`, and gives its pid. The newest pids come first: the dependants of a killed
/// module are restarted as well.
fn stop_another(place: &Workplace, victim: &Value) -> Option<u32> {
    let others = place.lines().into_iter().rev().filter(|line| {
        (line["type"] == "module_state" || line["type"] == "backend_event") && line["module"] != *victim
    });
    let pids = others.filter_map(|line| line["pid"].as_u64().and_then(|pid| u32::try_from(pid).ok()));
    let mut running = pids.filter(|pid| is_backend_process(*pid));
    running.find(|pid| {
        let pid = rustix::process::Pid::from_raw(i32::try_from(*pid).unwrap()).unwrap();
        rustix::process::kill_process(pid, rustix::process::Signal::STOP).is_ok()
    })
}

#[test]
fn a_killed_harness_leaves_no_process_and_a_journal_that_is_still_judged() {
    let _turn = turn();
    let place = Workplace::new();
    let arguments = ["--baseline", "2500ms", "--iterations", "5", "--quiet", "--seed", "3"];
    let mut harness = Guarded(place.run(arguments).spawn().unwrap());
    let victim = eventually("the first fault", 60, || {
        place.lines().into_iter().find(|line| line["type"] == "fault_injected")
    });
    let stopped = eventually("a module that can be stopped", 10, || stop_another(&place, &victim["target"]));
    signal(harness.0.id(), rustix::process::Signal::KILL);
    harness.0.wait().unwrap();

    let pids = place.module_pids();
    assert!(pids.contains(&stopped));
    eventually("the end of every module", 10, || {
        pids.iter().all(|pid| !is_backend_process(*pid)).then_some(())
    });
    // The backend itself: nobody may be left that listens for the run.
    let journalled = place.lines();
    let base_url = journalled[0]["plan"]["base_url"].as_str().unwrap().trim_end_matches('/').to_owned();
    let address: std::net::SocketAddr = base_url.strip_prefix("http://").unwrap().parse().unwrap();
    eventually("the end of the backend", 10, || std::net::TcpStream::connect(address).err());

    let out = place.path("again");
    let output = goose_recovery().arg("report").arg(place.journal()).arg("--out").arg(&out).output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}", told(&output));
    let summary = json(&out.join("summary.json"));
    assert_eq!(summary["state"], "interrupted");
    assert_eq!(summary["episodes"][0]["outcome"], "aborted", "{:#}", summary["episodes"]);
    assert_ne!(summary["verdict"], "pass");
}

#[test]
fn an_interrupted_run_stops_its_children_and_reports_what_it_has() {
    let _turn = turn();
    let place = Workplace::new();
    let arguments = ["--baseline", "2500ms", "--iterations", "5", "--quiet", "--seed", "4"];
    let harness = place.run(arguments).stdout(std::process::Stdio::piped()).spawn().unwrap();
    let mut harness = Guarded(harness);
    eventually("the first fault", 60, || {
        place.lines().into_iter().find(|line| line["type"] == "fault_injected")
    });
    signal(harness.0.id(), rustix::process::Signal::INT);
    let status = eventually("the end of the run", 30, || harness.0.try_wait().unwrap());
    assert_eq!(status.code(), Some(130));
    let last = place.lines().pop().unwrap();
    assert_eq!((&last["type"], &last["reason"]), (&"run_finished".into(), &"interrupted".into()));
    assert_eq!(place.summary()["state"], "interrupted");
    let pids = place.module_pids();
    eventually("the end of every module", 5, || {
        pids.iter().all(|pid| !is_backend_process(*pid)).then_some(())
    });
}

#[test]
fn a_second_interrupt_ends_at_once_and_still_without_orphans() {
    let _turn = turn();
    let place = Workplace::new();
    let mut harness = Guarded(place.run(["--quiet", "--seed", "5"]).spawn().unwrap());
    eventually("the start of the modules", 60, || (!place.module_pids().is_empty()).then_some(()));
    signal(harness.0.id(), rustix::process::Signal::INT);
    signal(harness.0.id(), rustix::process::Signal::TERM);
    let status = eventually("the end of the run", 10, || harness.0.try_wait().unwrap());
    assert_eq!(status.code(), Some(130));
    let pids = place.module_pids();
    eventually("the end of every module", 5, || {
        pids.iter().all(|pid| !is_backend_process(*pid)).then_some(())
    });
}

//! Sweeps: every setting meets the same faults, and what is done is done, whatever ends the sweep.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use goose_recovery::target::Api;
use rustix::process::Signal;
use serde_json::Value;

use crate::command::{Guarded, Workplace, goose_recovery, json, told, turn};
use crate::processes::{eventually, is_backend_process, signal};
use crate::stub::Stub;

/// About five seconds a run.
const QUICK: [&str; 14] = [
    "--scenario",
    "single-module",
    "--users",
    "2",
    "--iterations",
    "1",
    "--baseline",
    "2500ms",
    "--hold",
    "200ms",
    "--pause",
    "100ms",
    "--repeats",
    "1",
];

fn folder(place: &Workplace) -> PathBuf {
    place.path("sweep")
}

/// A sweep of short runs that says what it does.
fn sweep(place: &Workplace, more: &[&str]) -> Command {
    let mut command = goose_recovery();
    command.arg("sweep").arg("--log").arg(place.journal()).arg("--out").arg(folder(place));
    command.args(QUICK).args(more);
    command
}

fn resume(place: &Workplace) -> Command {
    let mut command = goose_recovery();
    command.arg("sweep").arg("--resume").arg(folder(place));
    command
}

fn manifest(place: &Workplace) -> Value {
    json(&folder(place).join("sweep.json"))
}

fn turns(place: &Workplace) -> Vec<Value> {
    manifest(place)["turns"].as_array().unwrap().clone()
}

fn summary(place: &Workplace, turn: &Value) -> Value {
    json(&folder(place).join(turn["folder"].as_str().unwrap()).join("summary.json"))
}

/// The runs of the journal in their order.
fn begun(place: &Workplace) -> Vec<Value> {
    let begun = place.lines().into_iter().filter(|line| line["type"] == "run_started");
    begun.map(|line| line["run"].clone()).collect()
}

fn setting(place: &Workplace, turn: &Value) -> Value {
    manifest(place)["settings"][usize::try_from(turn["setting"].as_u64().unwrap()).unwrap()].clone()
}

/// Waits for the first fault of run number `run`, from 1.
fn fault_of_run(place: &Workplace, run: usize) {
    eventually("the fault of a run", 60, || {
        let lines = place.lines();
        let mut starts = lines.iter().enumerate().filter(|(_, line)| line["type"] == "run_started");
        let (start, _) = starts.nth(run - 1)?;
        lines[start..].iter().any(|line| line["type"] == "fault_injected").then_some(())
    });
}

fn no_module_is_left(place: &Workplace) {
    let pids = place.module_pids();
    assert!(!pids.is_empty());
    eventually("the end of every module", 10, || {
        pids.iter().all(|pid| !is_backend_process(*pid)).then_some(())
    });
}

/// The run that a sweep makes now.
fn run_of(sweep: &Child) -> u32 {
    let children = format!("/proc/{0}/task/{0}/children", sweep.id());
    eventually("the run of the sweep", 20, || fs::read_to_string(&children).ok()?.trim().parse().ok())
}

fn lives(pid: u32) -> bool {
    // That of a zombie is empty.
    !fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default().is_empty()
}

#[test]
fn every_setting_meets_the_same_faults_in_the_recorded_order() {
    let _turn = turn();
    let place = Workplace::new();
    let mut command = sweep(&place, &["--max-retries", "0,1,3", "--alert-after", "2,4", "--seed", "11"]);
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("3 settings x 1 repeats = 3 runs, seed 11"), "{said}");
    assert!(said.contains("left out: alert-after=4 max-retries=0"), "{said}");
    assert!(said.contains("run 1 of 3: ") && said.contains("run 3 of 3: "), "{said}");

    let turns = turns(&place);
    let ids: Vec<_> = turns.iter().map(|turn| turn["outcome"]["run_id"].clone()).collect();
    assert_eq!(ids, begun(&place), "the order of the journal is that of the manifest");
    let schedule = |summary: &Value| {
        let episodes = summary["episodes"].as_array().unwrap().iter();
        episodes.map(|episode| (episode["fault"].clone(), episode["target"].clone())).collect::<Vec<_>>()
    };
    let first = summary(&place, &turns[0]);
    assert_eq!(schedule(&first).len(), 1);
    for turn in &turns {
        let (summary, setting) = (summary(&place, turn), setting(&place, turn));
        assert_eq!(summary["run_id"], turn["outcome"]["run_id"]);
        assert_eq!((&summary["seed"], &turn["seed"]), (&11.into(), &11.into()));
        assert_eq!(schedule(&summary), schedule(&first));
        let policy = &summary["plan"]["policy"];
        assert_eq!(policy["max_retries"].to_string(), setting["max-retries"].as_str().unwrap());
        assert_eq!(policy["alert_after"].to_string(), setting["alert-after"].as_str().unwrap());
        let command = summary["environment"]["command"].as_str().unwrap();
        assert!(command.starts_with("goose-recovery run ") && !command.contains("parent"), "{command}");
    }
    let folders: std::collections::BTreeSet<_> =
        turns.iter().map(|turn| turn["folder"].to_string()).collect();
    assert_eq!(folders.len(), 3);

    let again = sweep(&place, &["--max-retries", "1,3"]).output().unwrap();
    assert_eq!(again.status.code(), Some(2), "{}", told(&again));
    let said = String::from_utf8_lossy(&again.stderr);
    assert!(said.contains("--resume") && said.contains("--out"), "{said}");
}

#[test]
fn an_interrupted_sweep_ends_its_run_and_goes_on_where_it_was() {
    let _turn = turn();
    let place = Workplace::new();
    let child = sweep(&place, &["--max-retries", "1,3", "--quiet"]).stdout(Stdio::null()).spawn().unwrap();
    let mut child = Guarded(child);
    fault_of_run(&place, 2);
    let run = run_of(&child.0);
    signal(child.0.id(), Signal::INT);
    let status = eventually("the end of the sweep", 30, || child.0.try_wait().unwrap());
    assert_eq!(status.code(), Some(130));
    assert!(!lives(run), "the run has outlived its sweep");
    no_module_is_left(&place);

    let before = turns(&place);
    let states: Vec<_> = before.iter().map(|turn| turn["outcome"]["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["finished", "interrupted"]);
    assert_eq!(summary(&place, &before[1])["state"], "interrupted", "what was measured is reported");
    let report = folder(&place).join(before[0]["folder"].as_str().unwrap()).join("summary.json");
    let written = fs::metadata(&report).unwrap().modified().unwrap();

    let refused = resume(&place).args(["--users", "3"]).output().unwrap();
    assert_eq!(refused.status.code(), Some(2), "{}", told(&refused));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("--users"), "{}", told(&refused));
    let output = resume(&place).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    let after = turns(&place);
    assert_eq!(after[0], before[0]);
    assert_eq!(fs::metadata(&report).unwrap().modified().unwrap(), written, "a finished run is made again");
    assert_eq!(after[1]["outcome"]["state"], "finished");
    assert_eq!(summary(&place, &after[1])["run_id"], after[1]["outcome"]["run_id"]);
    assert_eq!(begun(&place).len(), 3);
}

#[test]
fn a_killed_sweep_leaves_no_process_and_can_be_continued() {
    let _turn = turn();
    let place = Workplace::new();
    let child = sweep(&place, &["--max-retries", "1,3", "--quiet"]).stdout(Stdio::null()).spawn().unwrap();
    let mut child = Guarded(child);
    fault_of_run(&place, 1);
    let run = run_of(&child.0);
    assert!(lives(run));
    let busy = resume(&place).output().unwrap();
    assert_eq!(busy.status.code(), Some(2), "{}", told(&busy));
    assert!(String::from_utf8_lossy(&busy.stderr).contains("another process"), "{}", told(&busy));
    signal(child.0.id(), Signal::KILL);
    child.0.wait().unwrap();
    eventually("the end of the run", 10, || (!lives(run)).then_some(()));
    no_module_is_left(&place);
    assert!(turns(&place).iter().all(|turn| turn["outcome"].is_null()));

    let output = resume(&place).arg("--quiet").output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    assert!(turns(&place).iter().all(|turn| turn["outcome"]["state"] == "finished"));
}

/// The bundled backend as somebody else's: where it answers.
fn backend(place: &Workplace) -> (Guarded, String) {
    let mut command = goose_recovery();
    command.args(["backend", "--listen", "127.0.0.1:0", "--max-retries", "7", "--alert-after", "5"]);
    command.arg("--data-dir").arg(place.path("data")).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let ready: Value = serde_json::from_str(&line).unwrap();
    (Guarded(child), ready["url"].as_str().unwrap().to_owned())
}

fn policy(url: &str) -> Value {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let api = Api::new(url.parse().unwrap(), Duration::from_secs(5)).unwrap();
    runtime.block_on(api.get("/api/recovery/policy")).unwrap().json("policy").unwrap()
}

#[test]
fn somebody_elses_target_is_given_each_setting_and_then_its_own_policy() {
    let _turn = turn();
    let place = Workplace::new();
    let (backend, url) = backend(&place);
    let own = policy(&url);
    assert_eq!(own["max_retries"], 7);
    let output = sweep(&place, &["--max-retries", "1,3", "--base-url", &url, "--quiet"]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    assert_eq!(policy(&url), own, "{}", told(&output));
    assert!(manifest(&place)["policy_before"].is_null());
    for turn in turns(&place) {
        let (summary, setting) = (summary(&place, &turn), setting(&place, &turn));
        let policy = &summary["plan"]["policy"];
        assert_eq!(policy["max_retries"].to_string(), setting["max-retries"].as_str().unwrap());
        assert_eq!(policy["heartbeat"], own["heartbeat"], "what is not varied is the target's own");
    }
    signal(backend.0.id(), Signal::TERM);
}

#[test]
fn an_interrupted_sweep_gives_somebody_elses_target_its_policy_back() {
    let _turn = turn();
    let place = Workplace::new();
    let (_backend, url) = backend(&place);
    let own = policy(&url);
    let command = &mut sweep(&place, &["--max-retries", "1,3", "--base-url", &url, "--quiet"]);
    let mut child = Guarded(command.stdout(Stdio::null()).spawn().unwrap());
    fault_of_run(&place, 1);
    assert_ne!(policy(&url), own);
    assert_eq!(manifest(&place)["policy_before"], own);
    signal(child.0.id(), Signal::INT);
    let status = eventually("the end of the sweep", 30, || child.0.try_wait().unwrap());
    assert_eq!(status.code(), Some(130));
    assert_eq!(policy(&url), own);
}

#[test]
fn a_command_brings_settings_into_effect_and_one_that_fails_stops_only_its_own_run() {
    let _turn = turn();
    let stub = Stub::start(std::process::id(), &[]);
    let place = Workplace::new();
    let url = stub.url().replace("http://", "http://me:hunter2@");
    let seen = place.path("seen");
    let script = format!(
        "password=hunter2; echo \"$GOOSE_RECOVERY_SETTING_MAX_RETRIES $GOOSE_RECOVERY_SETTING\" >> '{}'; \
         if [ \"$GOOSE_RECOVERY_SETTING_MAX_RETRIES\" = 5 ]; then echo five are too many >&2; exit 3; fi",
        seen.display()
    );
    let output = sweep(&place, &["--max-retries", "1,5", "--base-url", &url, "--apply-cmd", &script])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(4), "{}", told(&output));
    assert!(
        told(&output).contains("five are too many") && !told(&output).contains("hunter2"),
        "{}",
        told(&output)
    );

    let seen = fs::read_to_string(seen).unwrap();
    let mut lines: Vec<_> = seen.lines().collect();
    lines.sort_unstable();
    let expected = [
        r#"1 {"alert_after":2,"max_retries":1}"#,
        r#"3 {"alert_after":4,"max_retries":3}"#,
        r#"5 {"alert_after":4,"max_retries":5}"#,
    ];
    assert_eq!(lines, expected);
    for turn in turns(&place) {
        let retries = setting(&place, &turn)["max-retries"].clone();
        if retries == "5" {
            let reason = turn["outcome"]["reason"].as_str().unwrap();
            assert!(reason.contains("five are too many"), "{reason}");
        } else {
            assert_eq!(turn["outcome"]["exit_code"], 3, "nobody receives alerts of the stub: {turn}");
            assert_eq!(summary(&place, &turn)["labels"]["max_retries"], retries);
        }
    }
    let text = fs::read_to_string(folder(&place).join("sweep.json")).unwrap();
    assert!(!text.contains("hunter2"), "{text}");

    let refused = resume(&place).output().unwrap();
    assert_eq!(refused.status.code(), Some(2), "{}", told(&refused));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("--base-url"), "{}", told(&refused));
    // What failed is tried again, and it alone.
    let output =
        resume(&place).args(["--base-url", &url, "--apply-cmd", "true", "--quiet"]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    assert_eq!(begun(&place).len(), 3);
}

#[test]
fn what_no_run_would_take_is_refused_before_any_run() {
    let place = Workplace::new();
    for (arguments, code, says) in [
        (&["--max-retries", "3"][..], 2, "needs something to vary"),
        (&["--max-retries", "1,3", "--think-time", "soon"], 2, "--think-time"),
        (&["--max-retries", "1,3", "--label", "a=1", "--label", "a=2"], 2, "label a is given twice"),
        (&["--max-retries", "1,3", "--backoff-max", "soon"], 2, "refuses alert-after=2 backoff-max=soon"),
        (&["--max-retries", "1,3", "--apply-cmd", "true"], 2, "--apply-cmd needs --base-url"),
        (&["--max-retries", "1,3", "--markdown", "x.md"], 2, "--markdown"),
        (&["--max-retries", "1,3", "--", "--iterations", "4"], 2, "--iterations cannot be given to goose"),
        (&["--max-retries", "1,3", "--base-url", "http://127.0.0.1:9"], 4, "no answer"),
    ] {
        let output = sweep(&place, arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{}", told(&output));
        assert!(String::from_utf8_lossy(&output.stderr).contains(says), "{}", told(&output));
        assert!(!folder(&place).join("sweep.json").exists(), "{}", told(&output));
    }
    // Only a run finds out that its journal cannot be written; then all of them fail, and are told.
    let mut command = goose_recovery();
    command.args([
        "sweep",
        "--max-retries",
        "1,3",
        "--repeats",
        "1",
        "--log",
        "/dev/full",
        "--quiet",
        "--out",
    ]);
    let output = command.arg(folder(&place)).output().unwrap();
    assert_eq!(output.status.code(), Some(4), "{}", told(&output));
    assert!(String::from_utf8_lossy(&output.stderr).contains("/dev/full"), "{}", told(&output));
}

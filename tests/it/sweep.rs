//! Sweeps: every setting meets the same faults, and what is done is done, whatever ends the sweep.

mod foreign;

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use rustix::process::Signal;
use serde_json::Value;

use crate::command::{Guarded, Workplace, goose_recovery, json, told, turn};
use crate::processes::{eventually, is_backend_process, signal};

/// About six seconds a run.
const QUICK: [&str; 14] = [
    "--scenario",
    "single-module",
    "--users",
    "2",
    "--iterations",
    "2",
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
    assert!(said.contains("run 1 of 3 (0s elapsed): ") && said.contains(" left): "), "{said}");

    let turns = turns(&place);
    let ids: Vec<_> = turns.iter().map(|turn| turn["outcome"]["run_id"].clone()).collect();
    assert_eq!(ids, begun(&place), "the order of the journal is that of the manifest");
    let schedule = |summary: &Value| {
        let episodes = summary["episodes"].as_array().unwrap().iter();
        episodes.map(|episode| (episode["fault"].clone(), episode["target"].clone())).collect::<Vec<_>>()
    };
    let first = summary(&place, &turns[0]);
    assert_eq!(schedule(&first).len(), 2);
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
    ends_in_a_recommendation(&place, &String::from_utf8_lossy(&output.stdout));

    let again = sweep(&place, &["--max-retries", "1,3"]).output().unwrap();
    assert_eq!(again.status.code(), Some(2), "{}", told(&again));
    let said = String::from_utf8_lossy(&again.stderr);
    assert!(said.contains("--resume") && said.contains("--out"), "{said}");
}

#[test]
fn a_plan_file_says_what_is_varied() {
    let _turn = turn();
    let place = Workplace::new();
    let file = place.path("my.toml");
    let text =
        "seed = 4\n[load]\nusers = 3\n[sweep]\nrepeats = 1\nmax_retries = [2, 3]\n[policy]\njitter = 0.1\n";
    fs::write(&file, text).unwrap();
    let mut command = goose_recovery();
    command.arg("sweep").arg("--log").arg(place.journal()).arg("--out").arg(folder(&place)).args(QUICK);
    let output = command.arg("--quiet").arg("--plan").arg(&file).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    let turns = turns(&place);
    assert_eq!(turns.len(), 2);
    for turn in &turns {
        let (summary, setting) = (summary(&place, turn), setting(&place, turn));
        let policy = &summary["plan"]["policy"];
        assert_eq!(policy["max_retries"].to_string(), setting["max-retries"].as_str().unwrap());
        assert_eq!((&policy["jitter"], &summary["seed"]), (&0.1.into(), &4.into()));
        assert_eq!(summary["plan"]["users"], 2, "a flag wins over the file");
    }
}

/// The files of the result agree with one another and with the manifest, and the backend takes the policy.
fn ends_in_a_recommendation(place: &Workplace, printed: &str) {
    let found = json(&folder(place).join("recommendation.json"));
    let schema = goose_recovery::report::recommendation_schema();
    assert!(jsonschema::draft202012::is_valid(&schema, &found), "{found:#}");
    let comparison = json(&folder(place).join("compare.json"));
    let settings = manifest(place)["settings"].as_array().unwrap().len();
    let standings = found["standings"].as_array().unwrap();
    assert_eq!((standings.len(), comparison["sides"].as_array().unwrap().len()), (settings, settings));
    assert_eq!(
        comparison["sides"][0]["label"], "alert-after=4 max-retries=3",
        "the plan's own is the baseline"
    );
    assert!(comparison["metrics"][0]["changes"][0]["paired"].as_bool().unwrap());
    assert_eq!(comparison["forced"], false);

    // Two kills each are within every setting, and too few to tell them apart.
    assert_eq!((&found["chosen"], &standings[0]["planned"]), (&0.into(), &true.into()), "{printed}");
    assert!(printed.starts_with("Keep alert-after=4 max-retries=3"), "{printed}");
    assert!(printed.contains("What the data do not decide:"), "{printed}");
    assert!(printed.contains("alert-after=4 max-retries=0"), "what no backend takes is named: {printed}");
    for standing in standings {
        assert_eq!(standing["amplification"]["restarts_per_trial"], 1.0);
        // What was under way when the run ended is an entry without a request.
        let per_entry = standing["amplification"]["requests_per_entry"].as_f64().unwrap();
        assert!((0.8..1.5).contains(&per_entry), "{per_entry}");
    }
    for name in ["index.html", "report.md", "forest.png", "heat_map.png", "pareto.png", "strip.png"] {
        assert!(folder(place).join(name).is_file(), "{name}");
    }

    let policy = folder(place).join("policy.json");
    assert_eq!(json(&policy), found["policy"]);
    let mut backend = goose_recovery();
    backend.args(["backend", "--listen", "127.0.0.1:0", "--policy"]).arg(&policy);
    backend.arg("--data-dir").arg(place.path("taken")).stdout(Stdio::piped());
    let mut backend = Guarded(backend.spawn().unwrap());
    let mut ready = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(backend.0.stdout.take().unwrap()), &mut ready)
        .unwrap();
    assert!(ready.contains("http://127.0.0.1:"), "the backend refuses the recommended policy: {ready}");
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

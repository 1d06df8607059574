//! Sweeps of a target that somebody else runs.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::Duration;

use goose_recovery::target::Api;
use rustix::process::Signal;
use serde_json::Value;

use super::{begun, fault_of_run, folder, manifest, resume, setting, summary, sweep, turns};
use crate::command::{Guarded, Workplace, goose_recovery, told, turn};
use crate::processes::{eventually, signal};
use crate::stub::Stub;

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
    // Nobody receives its alerts, and so no setting is shown to meet every KPI.
    assert_eq!(output.status.code(), Some(3), "{}", told(&output));
    assert!(String::from_utf8_lossy(&output.stdout).contains("none is shown to meet"), "{}", told(&output));
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
fn a_plan_file_may_name_the_target_by_a_variable_that_nobody_keeps() {
    let _turn = turn();
    let place = Workplace::new();
    let (backend, url) = backend(&place);
    let own = policy(&url);
    let plan = place.path("my.toml");
    fs::write(&plan, "[target]\nbase_url = \"${SWEEP_TARGET}\"\n[sweep]\nmax_retries = [2, 3]\n").unwrap();
    let secret = url.replace("http://", "http://me:hunter2@");
    let mut command = sweep(&place, &["--quiet", "--plan", &plan.to_string_lossy()]);
    let output = command.env("SWEEP_TARGET", secret).output().unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", told(&output));
    assert_eq!(policy(&url), own, "{}", told(&output));
    for turn in turns(&place) {
        let (summary, setting) = (summary(&place, &turn), setting(&place, &turn));
        let retries = &summary["plan"]["policy"]["max_retries"];
        assert_eq!(retries.to_string(), setting["max-retries"].as_str().unwrap());
        let command = summary["environment"]["command"].as_str().unwrap();
        assert!(command.contains("--plan") && !command.contains("--base-url"), "{command}");
    }
    for text in [fs::read_to_string(folder(&place).join("sweep.json")).unwrap(), told(&output)] {
        assert!(!text.contains("hunter2"), "{text}");
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
    assert_eq!(output.status.code(), Some(3), "{}", told(&output));
    assert_eq!(begun(&place).len(), 3);
}

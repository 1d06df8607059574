//! The examples: a goose load test made a recovery test, a fault and a KPI of one's own, against the shop that they start.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::command::{Guarded, Workplace, told, turn};

/// A few users, and no more of anything than it takes.
const SHORT: [&str; 8] =
    ["--users", "4", "--increase-rate", "20", "--recovery-baseline", "2500ms", "--recovery-hold", "300ms"];
/// The shop's supervisor takes so long to start another worker.
const RESTART_US: u64 = 300_000;
const INTERRUPTED: i32 = 130;

/// An example, as `cargo test` builds them all.
fn example(name: &str) -> Command {
    let program = Path::new(env!("CARGO_BIN_EXE_goose-recovery")).with_file_name("examples").join(name);
    assert!(program.exists(), "{} is missing: cargo build --examples", program.display());
    let mut command = Command::new(program);
    command.stdin(Stdio::null());
    command
}

/// A recovery test among the examples, with a journal and a report in `place`.
fn recovery(place: &Workplace, name: &str, more: &[&str]) -> Command {
    let mut command = example(name);
    command.args(SHORT).args(more);
    command.arg("--recovery-log").arg(place.journal()).arg("--recovery-out").arg(place.report());
    command
}

fn run(place: &Workplace, name: &str, more: &[&str]) -> Output {
    recovery(place, name, more).output().unwrap()
}

fn alignment(place: &Workplace) -> Value {
    place.lines().into_iter().find(|line| line["type"] == "alignment").unwrap()
}

fn source(name: &str) -> Vec<String> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("examples").join(name);
    let text = std::fs::read_to_string(path).unwrap();
    // What it says of itself is no part of what has to be changed.
    text.lines().filter(|line| !line.starts_with("//!")).map(str::to_owned).collect()
}

#[test]
fn a_load_test_becomes_a_recovery_test_by_less_than_ten_lines() {
    let (before, after) = (source("load_test_before.rs"), source("load_test_recovery.rs"));
    let mut left = before.clone();
    let added: Vec<_> = after
        .iter()
        .filter(|line| match left.iter().position(|own| own == *line) {
            Some(at) => {
                left.remove(at);
                false
            }
            None => true,
        })
        .collect();
    assert!((1..10).contains(&added.len()), "{added:?}");
    assert!(left.len() < 10, "{left:?}");
}

#[test]
fn the_load_test_runs_as_it_was() {
    let output =
        example("load_test_before").args(["-u", "2", "-r", "10", "--run-time", "1", "-q"]).output().unwrap();
    assert!(output.status.success(), "{}", told(&output));
    assert!(String::from_utf8_lossy(&output.stdout).contains("GET /basket"), "{}", told(&output));
}

#[test]
fn a_killed_worker_is_seen_to_come_back_and_users_requests_are_aligned() {
    let _turn = turn();
    let place = Workplace::new();
    let output =
        run(&place, "load_test_recovery", &["--recovery-iterations", "2", "--recovery-pause", "500ms"]);
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    let summary = place.summary();
    let episodes = summary["episodes"].as_array().unwrap();
    assert_eq!(episodes.len(), 2);
    for episode in episodes {
        let recovery = episode["recovery_us"].as_u64().unwrap();
        assert_eq!((&episode["outcome"], &episode["target"]), (&"recovered".into(), &"worker".into()));
        assert!((RESTART_US..3_000_000).contains(&recovery), "{recovery} µs");
        assert!(episode["failed_requests"].as_u64().unwrap() > 0, "the users felt it");
        // They felt it when it was there: the first failure is a user's next request, the last one within a pause of the end.
        let [first, last] = ["first_failure_us", "last_failure_us"].map(|key| episode[key].as_u64().unwrap());
        assert!(first < RESTART_US && last <= recovery + 150_000, "{first} to {last} of {recovery} µs");
    }
    let found = alignment(&place);
    assert_eq!((&found["unreadable"], &found["stamped"]), (&0.into(), &0.into()));
    // Two markers a second, for more than four seconds.
    assert!(found["compared"].as_u64().unwrap() >= 6, "{found}");
    // Half a millisecond is what goose cuts off; the median of some is not further from nought than the half of all.
    assert!(found["median_error_us"].as_i64().unwrap().abs() <= 500, "{found}");
    let requests = place.lines().iter().filter(|line| line["type"] == "request").count();
    assert_eq!(found["imported"].as_u64().unwrap(), requests as u64);
    // The shop's own page is what its canary asks for, so nothing is written there.
    assert_eq!(summary["plan"]["canary_request"], "GET /health");
}

#[test]
fn a_kpi_of_ones_own_is_judged_and_stamped_requests_are_exact() {
    let _turn = turn();
    let place = Workplace::new();
    let output = run(&place, "custom_kpi", &["--recovery-iterations", "1", "--throttle-requests", "500"]);
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    let kpis = place.summary()["kpis"].as_array().unwrap().clone();
    let own = kpis.iter().find(|kpi| kpi["id"] == "failed requests per visitor in the worst outage").unwrap();
    assert_eq!((&own["verdict"], &own["unit"]), (&"pass".into(), &"count".into()));
    assert!(own["value"].as_f64().unwrap() > 0.0, "{own}");
    let found = alignment(&place);
    assert!(found["imported"].as_u64().unwrap() > 50, "{found}");
    assert_eq!(found["imported"], found["stamped"], "every request of its users is stamped");
    // Nothing has to be said of how they were placed.
    assert!(place.summary()["caveats"].as_array().unwrap().iter().all(|said| said["id"] != "caveat-aligned"));
}

#[test]
fn ctrl_c_undoes_a_fault_of_ones_own_and_is_reported() {
    let _turn = turn();
    let place = Workplace::new();
    let mut shop = Guarded(example("shop").arg("0").stdout(Stdio::piped()).spawn().unwrap());
    let mut address = String::new();
    BufReader::new(shop.0.stdout.take().unwrap()).read_line(&mut address).unwrap();
    let host = format!("http://{}", address.trim());
    let mut command = recovery(&place, "custom_fault", &["--host", &host, "--recovery-iterations", "9"]);
    let test = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // The shop hangs for two seconds from then on.
    wait_for(&place, "fault_confirmed");
    let pid = rustix::process::Pid::from_child(&test);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    let output = test.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(INTERRUPTED), "{}", told(&output));
    assert!(answers(&host), "the fault was not undone");
    let summary = place.summary();
    assert_eq!(
        (&summary["state"], &summary["episodes"][0]["outcome"]),
        (&"interrupted".into(), &"aborted".into())
    );
}

#[track_caller]
fn wait_for(place: &Workplace, kind: &str) {
    for _ in 0..400 {
        if place.lines().iter().any(|line| line["type"] == kind) {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("no {kind} within 20 s");
}

fn answers(host: &str) -> bool {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(1)).build().unwrap();
        client.get(host).send().await.is_ok_and(|answer| answer.status().is_success())
    })
}

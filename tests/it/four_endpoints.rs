//! The plan's three seed commands against a system that somebody else wrote, in another language, with the plan's four
//! endpoints and no more.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::command::{Guarded, Workplace, told, turn};

/// Nobody tells of its alerts, so their KPI, and with it the verdict, is inconclusive.
const INCONCLUSIVE: i32 = 3;
const INVALID: i32 = 4;

struct Server {
    _process: Guarded,
    url: String,
}

impl Server {
    fn start(arguments: &[&str]) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/four_endpoints.py");
        let mut command = Command::new("python3");
        command.arg(script).args(arguments).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut process = Guarded(command.spawn().expect("scripts/test installs python3"));
        let mut port = String::new();
        BufReader::new(process.0.stdout.take().unwrap()).read_line(&mut port).unwrap();
        Self { _process: process, url: format!("http://127.0.0.1:{}", port.trim()) }
    }

    /// What it says of itself.
    fn metrics(&self) -> Value {
        let url = format!("{}/api/system/metrics", self.url);
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let client = reqwest::Client::builder().no_proxy().build().unwrap();
            serde_json::from_str(&client.get(url).send().await.unwrap().text().await.unwrap()).unwrap()
        })
    }
}

/// One of the plan's commands, with less load and shorter waits.
fn seed(place: &Workplace, server: &Server, arguments: &[&str]) -> Output {
    let mut command = place.run(arguments);
    command.args([
        "--base-url",
        &server.url,
        "--users",
        "3",
        "--baseline",
        "2500ms",
        "--hold",
        "300ms",
        "--quiet",
    ]);
    command.output().unwrap()
}

#[track_caller]
fn episodes(place: &Workplace) -> Vec<Value> {
    place.summary()["episodes"].as_array().unwrap().clone()
}

#[test]
fn a_restart_is_proven_by_what_the_health_page_shows_and_judged_by_reads() {
    let _turn = turn();
    let (place, server) = (Workplace::new(), Server::start(&[]));
    let output = seed(&place, &server, &["--scenario", "single-module", "--iterations", "3", "--pause", "1"]);
    assert_eq!(output.status.code(), Some(INCONCLUSIVE), "{}", told(&output));
    let episodes = episodes(&place);
    assert_eq!(episodes.len(), 3, "{}", told(&output));
    for episode in &episodes {
        assert_eq!((&episode["outcome"], &episode["target"]), (&"recovered".into(), &"system".into()));
        let us = episode["recovery_us"].as_u64().unwrap();
        assert!((250_000..1_000_000).contains(&us), "0.3 s took {us} µs");
        assert!(episode["failed_requests"].as_u64().unwrap() > 0, "the users felt it");
    }
    let metrics = server.metrics();
    assert_eq!(
        metrics["bodies"],
        serde_json::json!(["{}", "{}", "{}"]),
        "it has no module that could be named"
    );
    let verdict = |id: &str| {
        let kpis = place.summary()["kpis"].as_array().unwrap().clone();
        kpis.into_iter().find(|kpi| kpi["id"] == id).unwrap()["verdict"].clone()
    };
    assert_eq!(verdict("auto_recovery_rate"), "pass");
    assert_eq!(verdict("missed_alerts"), "inconclusive");
}

#[test]
fn the_clock_of_a_target_is_measured_and_its_stamps_are_put_right() {
    let _turn = turn();
    let (place, server) = (Workplace::new(), Server::start(&["ahead"]));
    let output = seed(&place, &server, &["--scenario", "single-module", "--iterations", "2", "--pause", "1"]);
    assert_eq!(output.status.code(), Some(INCONCLUSIVE), "{}", told(&output));
    let offset = place.lines().into_iter().rfind(|line| line["type"] == "clock_offset").unwrap();
    let bound = |name: &str| offset[name].as_i64().unwrap();
    assert!((bound("low_us")..=bound("high_us")).contains(&7_000_000), "{offset}");
    for episode in episodes(&place) {
        let uncertainty = episode["clock_uncertainty_us"].as_u64().unwrap();
        assert!(uncertainty < 100_000, "it is bounded by the fastest round trip: {episode}");
        // 0.3 s from the exit to being ready, on its clock as on ours.
        let phases = &episode["phases_us"];
        let until_ready: u64 =
            ["detect", "restart", "ready"].iter().filter_map(|phase| phases[phase].as_u64()).sum();
        assert!(until_ready.abs_diff(300_000) <= uncertainty + 50_000, "{episode}");
    }
    let said = String::from_utf8_lossy(&output.stdout).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("The target's clock is 7 s ahead of ours") && said.contains(" (± "), "{said}");
}

#[test]
fn resyncs_are_forced_and_looked_upon() {
    let _turn = turn();
    for (scenario, more, least) in [
        ("db-redis-down", &["--iterations", "2", "--pause", "1"][..], 2),
        ("cascade", &["--duration", "4", "--interval", "1"][..], 3),
    ] {
        let (place, server) = (Workplace::new(), Server::start(&[]));
        let output = seed(&place, &server, &[&["--scenario", scenario][..], more].concat());
        assert_eq!(output.status.code(), Some(INCONCLUSIVE), "{}", told(&output));
        assert!(episodes(&place).is_empty());
        assert!(server.metrics()["resyncs"].as_u64().unwrap() >= least, "{}", told(&output));
        let asked =
            place.lines().into_iter().filter(|line| line["what"] == "POST /api/recovery/state_resync");
        assert!(asked.clone().count() as u64 >= least && asked.into_iter().all(|line| line["status"] == 200));
    }
}

#[test]
fn a_restart_of_which_nothing_shows_is_void_and_says_so() {
    let _turn = turn();
    let (place, server) = (Workplace::new(), Server::start(&["silent"]));
    let output = seed(&place, &server, &["--scenario", "single-module", "--iterations", "1"]);
    assert_eq!(output.status.code(), Some(INVALID), "{}", told(&output));
    let episodes = episodes(&place);
    assert_eq!((episodes.len(), &episodes[0]["outcome"]), (1, &"void".into()), "{}", told(&output));
    assert!(String::from_utf8_lossy(&output.stdout).contains("shows no trace"), "{}", told(&output));
}

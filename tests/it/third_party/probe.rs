//! The probe: `tests/data/probe.py`, which knows nothing of the harness, and its judge.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::example::Ran;
use crate::command::{Guarded, told};

/// How often the canary and the probe ask.
const INTERVALS_US: i64 = 10_000 + 10_000;

/// A probe that looks on, or has.
pub(super) struct Probe {
    process: Guarded,
    log: PathBuf,
}

impl Probe {
    pub(super) fn start(url: &str, health: &str, log: PathBuf) -> Self {
        let mut command = python("probe.py");
        command.args([url, health]).stdout(File::create(&log).unwrap()).stdin(Stdio::null());
        Self { process: Guarded(command.spawn().expect("scripts/test installs python3")), log }
    }

    /// The same, ended.
    pub(super) fn ended(mut self) -> Self {
        self.process.0.kill().unwrap();
        self.process.0.wait().unwrap();
        self
    }

    /// When each episode of `ran` was over by what the probe saw, in µs since the Unix epoch.
    fn recoveries(&self, ran: &Ran) -> Vec<Option<i64>> {
        let wall = |us: &Value| ran.started_us + us.as_i64().unwrap();
        let asked = |episode: &Value| {
            let baseline = &episode["baseline"];
            // Faults that the harness has to end are no recovery before.
            let ended = episode.get("fault_ended_us").filter(|ended| !ended.is_null());
            json!({
                "t0": wall(&episode["t0_us"]),
                "not_before": ended.map_or(0, wall),
                "baseline": [wall(&baseline["from_us"]), wall(&baseline["to_us"])],
            })
        };
        let episodes: Vec<_> = ran.summary["episodes"].as_array().unwrap().iter().map(asked).collect();
        let hold = &ran.summary["plan"]["hold_us"];
        let mut command = python("judge.py");
        command.arg(&self.log).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut judge = Guarded(command.spawn().unwrap());
        let question = json!({ "hold_us": hold, "episodes": episodes }).to_string();
        judge.0.stdin.take().unwrap().write_all(question.as_bytes()).unwrap();
        serde_json::from_reader(judge.0.stdout.take().unwrap()).unwrap()
    }

    /// Whether the harness and the probe say the same of when each episode was over.
    #[track_caller]
    pub(super) fn agrees_with(&self, ran: &Ran) {
        self.agrees_on(ran, |_| true);
    }

    /// The same of the episodes that are `judged`.
    #[track_caller]
    pub(super) fn agrees_on(&self, ran: &Ran, judged: impl Fn(&Value) -> bool) {
        let lags = ["canary", "health"]
            .map(|thread| ran.summary["harness"]["lag"][thread]["max_us"].as_i64().unwrap());
        let tolerance = INTERVALS_US + lags.into_iter().max().unwrap();
        let recoveries = self.recoveries(ran);
        let episodes = ran.summary["episodes"].as_array().unwrap();
        assert_eq!(recoveries.len(), episodes.len());
        for (episode, theirs) in episodes.iter().zip(recoveries).filter(|(episode, _)| judged(episode)) {
            let ours = ran.started_us
                + episode["t0_us"].as_i64().unwrap()
                + episode["recovery_us"].as_i64().unwrap();
            let theirs = theirs.unwrap_or_else(|| panic!("the probe saw no recovery: {episode:#}"));
            let off = ours - theirs;
            assert!(
                off.abs() <= tolerance,
                "off by {off} µs, allowed {tolerance} µs: {episode:#}\n{}",
                told(&ran.output)
            );
        }
    }
}

fn python(script: &str) -> Command {
    let mut command = Command::new("python3");
    command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(script));
    command
}

//! An example of `plans/examples`, away from the folders and ports of a reader's.

use std::ffi::OsString;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use super::probe::Probe;
use crate::command::{Guarded, Workplace, json, told};

/// A system of `plans/examples`.
pub(super) struct Example {
    system: &'static str,
    /// Where its plan has it listen.
    port: u16,
    /// What its canary asks for, where that is known before the run.
    canary: &'static str,
    /// Its health page.
    health: &'static str,
    place: Workplace,
}

/// What a run of it said and wrote.
pub(super) struct Ran {
    pub(super) output: Output,
    pub(super) summary: Value,
    /// When the run's clock was 0, in µs since the Unix epoch.
    pub(super) started_us: i64,
    pub(super) lines: Vec<Value>,
}

impl Example {
    pub(super) fn new(system: &'static str, port: u16, canary: &'static str, health: &'static str) -> Self {
        Self { system, port, canary, health, place: Workplace::new() }
    }

    /// `scripts/example SYSTEM FLAGS…`, to its end.
    pub(super) fn run(&self, flags: &[&str]) -> Ran {
        let mut command = self.script("scripts/example");
        command
            .arg(self.system)
            .args(self.flags(flags))
            .env("GOOSE_RECOVERY", env!("CARGO_BIN_EXE_goose-recovery"));
        self.ran(&mut command)
    }

    /// The same, and what the probe saw meanwhile.
    pub(super) fn run_watched(&self, flags: &[&str]) -> (Ran, Probe) {
        let probe = self.probe();
        (self.run(flags), probe.ended())
    }

    /// The system alone, until the end of the test.
    pub(super) fn up(&self) -> Guarded {
        let script = format!("plans/examples/{}/up", self.system);
        let mut up =
            Guarded(self.script(&script).stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap());
        let mut said = String::new();
        BufReader::new(up.0.stdout.take().unwrap()).read_line(&mut said).unwrap();
        assert!(said.contains("is ready at"), "{} did not start: {said}", self.system);
        up
    }

    /// `goose-recovery run` with its plan, while it is up.
    pub(super) fn run_plan(&self, flags: &[&str]) -> Ran {
        let plan = self.plan();
        let mut command = crate::command::goose_recovery();
        command.arg("run").arg("--plan").arg(plan).args(self.flags(flags));
        self.ran(&mut command)
    }

    /// Its plan, with the ports and folders of this test.
    pub(super) fn plan(&self) -> PathBuf {
        let plan = self.place.path("plan.toml");
        let rendered = self.script("plans/examples/render").arg(self.file("plan.toml")).output().unwrap();
        std::fs::write(&plan, rendered.stdout).unwrap();
        plan
    }

    /// What a recovery test by the plugin said and wrote.
    pub(super) fn ran_by_plugin(&self, mut test: Command) -> Ran {
        test.arg("--recovery-log").arg(self.place.journal()).arg("--recovery-out").arg(self.place.report());
        self.ran(&mut test)
    }

    /// Begins to look at it; it need not be up yet.
    pub(super) fn probe(&self) -> Probe {
        let url = |path: &str| format!("http://127.0.0.1:{}{path}", self.port(self.port));
        Probe::start(&url(self.canary), &url(self.health), self.place.path("probe.log"))
    }

    /// Where a port of its plan is in this test: not where a reader's is, nor another checkout's whose tests run now.
    pub(super) fn port(&self, port: u16) -> u16 {
        port + shift()
    }

    fn home(&self) -> PathBuf {
        self.place.path("home")
    }

    fn file(&self, name: &str) -> PathBuf {
        root().join("plans/examples").join(self.system).join(name)
    }

    fn flags(&self, flags: &[&str]) -> Vec<OsString> {
        let (log, out) = (self.place.journal(), self.place.report());
        let own = ["--log".into(), log.into(), "--out".into(), out.into(), "--quiet".into()];
        own.into_iter().chain(flags.iter().map(OsString::from)).collect()
    }

    /// A script of the repository. It ends with the test, and what it has started with it.
    fn script(&self, script: &str) -> Command {
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "TERM", "--"]).arg(root().join(script)).current_dir(root());
        command.env("EXAMPLES_HOME", self.home()).env("EXAMPLES_PORT_SHIFT", shift().to_string());
        command
    }

    fn ran(&self, command: &mut Command) -> Ran {
        let output = command.stdin(Stdio::null()).output().unwrap();
        let summary = self.place.report().join("summary.json");
        assert!(summary.exists(), "{}", told(&output));
        let (summary, lines) = (json(&summary), self.place.lines());
        let started_us = lines[0]["started_at_unix_us"].as_i64().unwrap();
        Ran { output, summary, started_us, lines }
    }
}

impl Ran {
    /// Its episodes; each has recovered.
    #[track_caller]
    pub(super) fn recovered(&self, count: usize) -> Vec<&Value> {
        let episodes: Vec<_> = self.summary["episodes"].as_array().unwrap().iter().collect();
        assert_eq!(episodes.len(), count, "{}", told(&self.output));
        for episode in &episodes {
            assert_eq!(episode["outcome"], "recovered", "{episode:#}\n{}", told(&self.output));
        }
        episodes
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Examples take up to 500 ports; all of this stays below those that the kernel gives away by itself.
fn shift() -> u16 {
    600 * (1 + u16::try_from(std::process::id() % 20).unwrap())
}

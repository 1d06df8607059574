//! The command under test, its folders, and what it wrote.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;

/// A temporary folder with a journal and a report folder in it.
pub(crate) struct Workplace {
    folder: tempfile::TempDir,
}

impl Workplace {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn journal(&self) -> PathBuf {
        self.path("journal.jsonl")
    }

    pub(crate) fn report(&self) -> PathBuf {
        self.path("report")
    }

    /// `goose-recovery run` with this workplace's journal and report folder; scenario A unless `arguments` begin with
    /// another one.
    pub(crate) fn run<I: IntoIterator<Item = S>, S: AsRef<OsStr>>(&self, arguments: I) -> Command {
        let mut command = goose_recovery();
        command.arg("run").arg("--log").arg(self.journal()).arg("--out").arg(self.report());
        let mut arguments = arguments.into_iter().peekable();
        if arguments.peek().is_none_or(|first| first.as_ref() != "--scenario") {
            command.args(["--scenario", "single-module"]);
        }
        command.args(arguments);
        command
    }

    pub(crate) fn summary(&self) -> Value {
        json(&self.report().join("summary.json"))
    }

    /// Whole lines of the journal so far.
    pub(crate) fn lines(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(self.journal()).unwrap_or_default();
        let whole = text.rfind('\n').map_or("", |end| &text[..end]);
        whole.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

pub(crate) fn goose_recovery() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_goose-recovery"));
    command.stdin(Stdio::null()).env_remove("RUST_LOG");
    command
}

pub(crate) fn json(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap()
}

/// Tests that measure take turns: two of them at a time would measure each other.
pub(crate) fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    // A test that failed in its turn has not harmed the next one's.
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Exit code, stdout and stderr in one, for messages of assertions.
pub(crate) fn told(output: &Output) -> String {
    format!(
        "exit {:?}\n{}\n{}",
        output.status.code(),
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// A child that is killed at the end of the test, whatever happens.
pub(crate) struct Guarded(pub(crate) Child);

impl Drop for Guarded {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

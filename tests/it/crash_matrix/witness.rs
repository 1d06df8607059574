//! What a failure shows: the seed, what was done, and what the backend said.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::time::Instant;

/// Lines shown of each.
const DONE: usize = 30;
const SAID: usize = 60;

/// What was done, and when.
#[derive(Clone, Debug)]
pub(super) struct Diary {
    began: Instant,
    lines: Arc<Mutex<Vec<String>>>,
}

/// Owns the run's folder, and testifies when the test fails.
pub(super) struct Witness {
    how_to_repeat: String,
    folder: tempfile::TempDir,
    pub(super) diary: Diary,
}

impl Diary {
    pub(super) fn note(&self, what: &str) {
        let line = format!("{:8.3} {what}", self.began.elapsed().as_secs_f64());
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).push(line);
    }
}

impl Witness {
    /// Says at once how this run can be repeated, also should it never end.
    pub(super) fn new(how_to_repeat: String) -> Self {
        say(&how_to_repeat);
        let diary = Diary { began: Instant::now(), lines: Arc::default() };
        Self { how_to_repeat, folder: tempfile::tempdir().unwrap(), diary }
    }

    pub(super) fn folder(&self) -> PathBuf {
        self.folder.path().to_owned()
    }
}

impl Drop for Witness {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let done = self.diary.lines.lock().unwrap_or_else(PoisonError::into_inner).clone();
            let (done, said) = (tail(&done, DONE), last_lines(&self.folder.path().join("said"), SAID));
            let how = &self.how_to_repeat;
            say(&format!("FAILED: {how}\nwhat was done last:\n{done}\nwhat the backend said last:\n{said}"));
        }
    }
}

fn last_lines(file: &Path, count: usize) -> String {
    let text = std::fs::read(file).unwrap_or_default();
    let lines: Vec<String> = String::from_utf8_lossy(&text).lines().map(str::to_owned).collect();
    tail(&lines, count)
}

fn tail(lines: &[String], count: usize) -> String {
    lines[lines.len().saturating_sub(count)..].join("\n")
}

/// Straight to stderr: what goes through the test harness is not seen of a test that passes or hangs.
pub(super) fn say(text: &str) {
    let _ = writeln!(io::stderr(), "crash matrix: {text}");
}

//! The user's shell commands: run in a process group of their own, ended with all of it when they take too long.

mod hide;

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};

/// So much of the end of what a command said is looked at.
const TAIL: i64 = 4 << 10;
/// So many characters of its last line are repeated.
const LINE: usize = 300;

/// Why a command did not do what it should. The command itself is not named: the user knows it by its place in the plan.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ShellError {
    /// It could not be started.
    #[error("cannot be run: {0}")]
    Start(#[from] std::io::Error),
    /// It took too long and was killed.
    #[error("did not end within {limit:?}{said}")]
    Timeout {
        /// How long it was waited for.
        limit: Duration,
        /// Its last line.
        said: Said,
    },
    /// It ended with another code than 0.
    #[error("failed ({status}){said}")]
    Failed {
        /// How it ended.
        status: ExitStatus,
        /// Its last line.
        said: Said,
    },
}

/// The last line that a command printed, to be set behind what is said of it.
#[derive(Debug)]
pub(crate) struct Said(String);

impl std::fmt::Display for Said {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0.is_empty() { Ok(()) } else { write!(f, ": {}", self.0) }
    }
}

/// Runs `command` by `/bin/sh` and waits for its end. A command that goes on in the background is left alone.
///
/// # Errors
/// [`ShellError`] says how it ended. After `limit`, or dropped before its end, it is killed with its whole group.
pub(crate) async fn run(command: &str, limit: Duration) -> Result<(), ShellError> {
    // A file, not a pipe: what goes on in the background must neither keep us waiting for the end of a pipe nor die of
    // one that nobody reads any more.
    let mut output = tempfile::tempfile()?;
    let mut shell = tokio::process::Command::new("/bin/sh");
    // Its own group: a Ctrl-C in our terminal must not cut short the command that undoes something.
    shell.args(["-c", command]).process_group(0).stdin(Stdio::null());
    shell.stdout(output.try_clone()?).stderr(output.try_clone()?);
    let mut child = shell.spawn()?;
    let mut group = Group(child.id().and_then(|pid| Pid::from_raw(pid.cast_signed())));
    match tokio::time::timeout(limit, child.wait()).await {
        Ok(ended) => {
            // From here on its number may mean another process.
            group.0 = None;
            let status = ended?;
            if status.success() {
                return Ok(());
            }
            Err(ShellError::Failed { status, said: last_line(&mut output, command) })
        }
        Err(_) => {
            drop(group);
            let _ = child.wait().await;
            Err(ShellError::Timeout { limit, said: last_line(&mut output, command) })
        }
    }
}

/// A process group whose leader has not been waited for. Dropped, it is killed.
struct Group(Option<Pid>);

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(leader) = self.0 {
            let _ = kill_process_group(leader, Signal::KILL);
        }
    }
}

/// The last line that is not empty, without the values of variables that the command names.
fn last_line(output: &mut File, command: &str) -> Said {
    let mut tail = Vec::new();
    let end = output.seek(SeekFrom::End(0)).unwrap_or(0);
    let from = end.saturating_sub(TAIL.cast_unsigned());
    let read = output.seek(SeekFrom::Start(from)).and_then(|_| output.read_to_end(&mut tail));
    if read.is_err() {
        return Said(String::new());
    }
    let tail = String::from_utf8_lossy(&tail);
    let line = tail.lines().rev().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    let line = hide::values_of(command, line, |name| std::env::var(name).ok());
    Said(line.chars().take(LINE).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;

    const LIMIT: Duration = Duration::from_secs(20);

    #[tokio::test]
    async fn a_command_that_fails_says_why_in_its_last_line() {
        run("true", LIMIT).await.unwrap();
        let error = run("echo first; echo no such unit >&2; echo; exit 5", LIMIT).await.unwrap_err();
        assert_eq!(error.to_string(), "failed (exit status: 5): no such unit");
        let chatty = "i=0; while [ $i -lt 3000 ]; do echo line $i; i=$((i+1)); done; false";
        let error = run(chatty, LIMIT).await.unwrap_err();
        assert_eq!(error.to_string(), "failed (exit status: 1): line 2999");
    }

    #[tokio::test]
    async fn the_value_of_a_variable_that_it_names_is_not_repeated() {
        let error = run("echo cannot enter $HOME >&2; false", LIMIT).await.unwrap_err();
        assert_eq!(error.to_string(), "failed (exit status: 1): cannot enter ${HOME}");
    }

    /// Whether the kernel still knows a process in the group of the shell that wrote its pid to `file`.
    fn lives(file: &std::path::Path) -> bool {
        let pid = std::fs::read_to_string(file).unwrap().trim().parse().unwrap();
        rustix::process::test_kill_process_group(Pid::from_raw(pid).unwrap()).is_ok()
    }

    #[tokio::test]
    async fn one_that_takes_too_long_is_killed_with_all_its_children() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("pid");
        let command = format!("echo $$ > {}; echo began; sleep 600 & sleep 600", file.display());
        let error = run(&command, Duration::from_millis(500)).await.unwrap_err();
        assert_eq!(error.to_string(), "did not end within 500ms: began");
        let clock = Clock::start();
        // Killed children are gone when somebody has waited for them, which init does in its own time.
        while lives(&file) && clock.now() < 10_000_000 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert!(!lives(&file));
    }

    #[tokio::test]
    async fn what_goes_on_in_the_background_neither_keeps_us_waiting_nor_is_killed() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("pid");
        let clock = Clock::start();
        run(&format!("echo $$ > {}; sleep 30 &", file.display()), LIMIT).await.unwrap();
        assert!(clock.now() < 10_000_000);
        assert!(lives(&file));
        let group: i32 = std::fs::read_to_string(&file).unwrap().trim().parse().unwrap();
        kill_process_group(Pid::from_raw(group).unwrap(), Signal::KILL).unwrap();
    }
}

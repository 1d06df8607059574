//! A process that a sweep started: waited for, interrupted once when the sweep is, ended when it takes too long.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitStatus, Stdio};
use std::time::Duration;

use rustix::process::{Pid, PidfdFlags, Signal};

use crate::clock::{Clock, duration_us};
use crate::stop::Stop;
use crate::target::process::wait_gone;

/// How often a wait looks whether the sweep is to end.
const LOOK: Duration = Duration::from_millis(50);
/// How much of the end of what a process says is read.
const SAID: u64 = 8 << 10;

/// A process that has ended.
#[derive(Debug)]
pub(super) struct Ended {
    pub(super) status: ExitStatus,
    /// The end of what it said on stderr.
    pub(super) said: String,
    /// Whether it was ended because it took too long.
    pub(super) timed_out: bool,
}

/// Who gets the sweep's interrupt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Interrupt {
    /// The process alone, which ends its own in an orderly way.
    Process,
    /// Its group, as a terminal would.
    Group,
}

impl Ended {
    /// The last line of stderr that says something.
    pub(super) fn last_words(&self) -> &str {
        let says = |line: &&str| !line.is_empty() && !line.starts_with("For more information");
        let last = self.said.lines().rev().map(str::trim).find(says).unwrap_or("it said nothing");
        last.trim_start_matches("goose-recovery: ")
    }
}

/// Runs a command to its end. It reads nothing, what it prints is dropped, and what it says on stderr is kept.
///
/// Ctrl-C in a terminal does not reach it: it has a process group of its own, and is sent one SIGINT when the sweep is to
/// stop. After `limit` it is killed, with its group.
///
/// # Errors
/// When it cannot be started or waited for.
pub(super) fn run(
    command: &mut Command,
    stop: &Stop,
    interrupt: Interrupt,
    limit: Option<Duration>,
) -> io::Result<Ended> {
    // A file, not a pipe: nobody has to wait for what a process in the background leaves open.
    let mut said = tempfile::tempfile()?;
    let clock = Clock::start();
    command.process_group(0).stdin(Stdio::null()).stdout(Stdio::null()).stderr(said.try_clone()?);
    let mut child = command.spawn()?;
    let pid = Pid::from_child(&child);
    let pidfd = rustix::process::pidfd_open(pid, PidfdFlags::empty())?;
    let (mut told, mut timed_out) = (false, false);
    while !wait_gone(&pidfd, LOOK)? {
        if stop.requested() && !told {
            told = true;
            // It may end in this moment.
            let _ = match interrupt {
                Interrupt::Process => rustix::process::pidfd_send_signal(&pidfd, Signal::INT),
                Interrupt::Group => rustix::process::kill_process_group(pid, Signal::INT),
            };
        }
        if !timed_out && limit.is_some_and(|limit| clock.now() > duration_us(limit)) {
            timed_out = true;
            // The group is still this one's: it has not been waited for.
            let _ = rustix::process::kill_process_group(pid, Signal::KILL);
        }
    }
    let status = child.wait()?;
    Ok(Ended { status, said: end_of(&mut said)?, timed_out })
}

fn end_of(file: &mut File) -> io::Result<String> {
    let length = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(length.saturating_sub(SAID)))?;
    let mut bytes = Vec::new();
    file.take(SAID).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::event::FinishReason;

    fn shell(script: &str, stop: &Stop, limit: Option<Duration>) -> Ended {
        run(Command::new("sh").args(["-c", script]), stop, Interrupt::Group, limit).unwrap()
    }

    #[test]
    fn tells_how_it_ended_and_what_it_said_last() {
        let ended = shell(
            "echo out; echo one >&2; echo 'goose-recovery: two' >&2; echo >&2; exit 4",
            &Stop::default(),
            None,
        );
        assert_eq!((ended.status.code(), ended.last_words(), ended.timed_out), (Some(4), "two", false));
        assert_eq!(shell("true", &Stop::default(), None).last_words(), "it said nothing");
        let long = shell(
            "head -c 100000 /dev/zero | tr '\\0' x >&2; echo >&2; echo end >&2",
            &Stop::default(),
            None,
        );
        assert_eq!(long.last_words(), "end");
    }

    #[test]
    fn what_takes_too_long_is_killed_with_all_that_it_started() {
        // The background process would hold a pipe open for a minute.
        let ended = shell("sleep 60 & sleep 60", &Stop::default(), Some(Duration::from_millis(100)));
        assert!(ended.timed_out && ended.status.code().is_none());
    }

    #[test]
    fn an_interrupted_sweep_interrupts_it_once() {
        let stop = Stop::default();
        stop.request(FinishReason::Interrupted, None);
        let ended = shell("trap 'echo once >&2' INT; sleep 60; exit 7", &stop, None);
        assert_eq!((ended.status.code(), ended.said.as_str()), (Some(7), "once"));
    }
}

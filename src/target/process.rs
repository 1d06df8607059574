//! Processes held by a pidfd: it stands for one process, whatever becomes of its pid.

use std::io;
use std::os::fd::AsFd;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, Signal, getppid, set_parent_process_death_signal};

/// Blocks until the process behind `pidfd` is gone, or `limit`: whether it is gone. A zombie counts as gone: it
/// keeps its pid, but does nothing any more.
///
/// # Errors
/// Whatever the kernel reports.
pub fn wait_gone(pidfd: impl AsFd, limit: Duration) -> io::Result<bool> {
    let limit = Timespec { tv_sec: limit.as_secs().cast_signed(), tv_nsec: limit.subsec_nanos().into() };
    loop {
        match poll(&mut [PollFd::new(&pidfd, PollFlags::IN)], Some(&limit)) {
            Ok(ready) => return Ok(ready > 0),
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// Has the kernel kill this process when the thread that started it ends.
///
/// # Errors
/// When `parent` is not, or not any more, this process's parent, and when the kernel refuses.
pub fn die_with(parent: u32) -> io::Result<()> {
    set_parent_process_death_signal(Some(Signal::KILL))?;
    // It may have ended before the signal was set.
    let expected = i32::try_from(parent).ok().and_then(Pid::from_raw);
    if expected.is_some() && getppid() == expected {
        return Ok(());
    }
    Err(io::Error::other(format!("the parent process {parent} is gone: nothing is left to run for")))
}

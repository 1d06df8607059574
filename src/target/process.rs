//! Processes held by a pidfd: it stands for one process, whatever becomes of its pid.

use std::io;
use std::os::fd::AsFd;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

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

//! Ties this process to the one that started it.

use rustix::process::{Pid, Signal, getppid, set_parent_process_death_signal};

/// This process is not, or not any more, a child of the one that it belongs to.
#[derive(Debug, thiserror::Error)]
pub enum ParentError {
    /// Its parent is another process: the expected one is gone.
    #[error("the parent process {expected} is gone: nothing is left to run for")]
    Gone {
        /// The process id that the parent should have.
        expected: u32,
    },
    /// The kernel refused the parent-death signal.
    #[error("cannot set the parent-death signal")]
    DeathSignal(#[source] rustix::io::Errno),
}

/// Has the kernel kill this process when the thread that started it ends, then checks that `parent` is still there:
/// it may have ended before the signal was set.
pub(crate) fn die_with(parent: u32) -> Result<(), ParentError> {
    set_parent_process_death_signal(Some(Signal::KILL)).map_err(ParentError::DeathSignal)?;
    let expected = i32::try_from(parent).ok().and_then(Pid::from_raw);
    if expected.is_some() && getppid() == expected {
        Ok(())
    } else {
        Err(ParentError::Gone { expected: parent })
    }
}

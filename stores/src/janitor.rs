//! The janitor: a small shell that outlives us and cleans up when we could not.
//!
//! When we are SIGKILLed, the parent-death signal ends the servers themselves, but not PostgreSQL's backends, which
//! end by themselves only while they are not stopped. The janitor notices that we are gone by the end of its
//! stdin. It is let go the same way when we end in good order, so that there is one way to clean up.

use std::io;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::Duration;

use crate::account::Account;
use crate::clock::Deadline;

/// The script that waits, and the one that ends processes.
const JANITOR: &str = include_str!("janitor.sh");
const SWEEP: &str = include_str!("sweep.sh");
const SHELL: &str = "/bin/sh";
/// A folder of some dozens of MB is removed in a fraction of this.
const LIMIT: Duration = Duration::from_secs(20);

/// The janitor of one private folder.
#[derive(Debug)]
pub(crate) struct Janitor {
    child: Child,
    lifeline: Option<ChildStdin>,
}

impl Janitor {
    /// Starts the janitor of `folder`. It ends whatever works in one of `workplaces`, then removes `folder`.
    pub(crate) fn start(
        folder: &Path,
        workplaces: &[&Path],
        setpriv: &Path,
        account: &Account,
    ) -> io::Result<Self> {
        let mut command = Command::new(SHELL);
        command.args(["-c", JANITOR, "janitor"]).arg(folder);
        // Root in a container often may not look into other users' processes, so the servers' user does.
        command.arg(setpriv).args(account.arguments()).args([
            "--pdeathsig",
            "clear",
            SHELL,
            "-c",
            SWEEP,
            "sweep",
        ]);
        command.args(workplaces);
        let mut child = command
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // Ctrl-C in our terminal is ours to handle.
            .process_group(0)
            .spawn()?;
        let lifeline = child.stdin.take();
        Ok(Self { child, lifeline })
    }

    /// Lets the janitor clean up now, and waits until it has; whether it has within the limit.
    pub(crate) fn release(&mut self) -> io::Result<bool> {
        self.lifeline = None;
        let ended = Deadline::after(LIMIT).poll(|| self.child.try_wait().transpose());
        Ok(ended.transpose()?.is_some())
    }
}

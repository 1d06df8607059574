//! The manager as a process of ours, and its modules as its children.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::os::fd::OwnedFd;
use std::path::Path;
use std::process::{Child, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};
use serde_json::Value;

use crate::command::{Guarded, goose_recovery};
use crate::processes::eventually;

/// It says where it is once the stores were asked and its outbox is open.
const ANNOUNCE_LIMIT: Duration = Duration::from_secs(30);
/// SIGKILL takes effect at once, unless the disk holds the process up.
const KILL_LIMIT: Duration = Duration::from_secs(10);
/// A module that is killed again and again is never given up, and its restarts hardly wait.
const POLICY: [&str; 10] = [
    "--max-retries",
    "1000",
    "--alert-after",
    "1000",
    "--backoff-initial",
    "1ms",
    "--backoff-max",
    "50ms",
    "--stable-after",
    "200ms",
];

/// A running manager. Dropped, it is killed, and its modules die with it.
pub(super) struct Manager {
    child: Guarded,
    url: String,
}

impl Manager {
    /// Starts one on `data`, and waits until it says where it is. What it and its modules have to say is appended to
    /// `said`. To be called from a thread that outlives it.
    pub(super) fn start(data: &Path, stores: &local_stores::LocalStores, said: &Path) -> Self {
        let said = File::options().create(true).append(true).open(said).unwrap();
        let mut command = goose_recovery();
        command.args(["backend", "--listen", "127.0.0.1:0"]).args(POLICY).arg("--data-dir").arg(data);
        // Should this process be killed, so is the manager.
        command.args(["--die-with-parent", &std::process::id().to_string()]);
        command.env("FAULT_RECOVERY_DATABASE_URL", stores.database().url());
        command.env("FAULT_RECOVERY_CACHE_URL", stores.cache().url());
        command.env("RUST_LOG", "warn,fault_recovery_manager=info");
        let mut child = Guarded(command.stdout(Stdio::piped()).stderr(said).spawn().unwrap());
        let url = announced(&mut child.0);
        Self { child, url }
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    pub(super) fn pid(&self) -> u32 {
        self.child.0.id()
    }

    /// SIGKILL, as a crash.
    pub(super) fn kill(mut self) {
        self.child.0.kill().unwrap();
        self.child.0.wait().unwrap();
    }

    /// Tells it to stop, and waits until it has.
    pub(super) fn stop(mut self) -> ExitStatus {
        let pid = Pid::from_raw(i32::try_from(self.pid()).unwrap()).unwrap();
        rustix::process::kill_process(pid, Signal::TERM).unwrap();
        eventually("the manager's end", 30, || self.child.0.try_wait().unwrap())
    }

    /// Kills the module that runs as `pid`; false when it is gone, or no child of this manager any more.
    pub(super) fn kill_module(&self, pid: u32) -> bool {
        let handle = i32::try_from(pid).ok().and_then(Pid::from_raw).unwrap();
        let Ok(pidfd) = pidfd_open(handle, PidfdFlags::empty()) else { return false };
        // What the pidfd holds is what is looked at, as long as it is not waited for.
        if parent_of(pid) != Some(self.pid()) || pidfd_send_signal(&pidfd, Signal::KILL).is_err() {
            return false;
        }
        assert!(is_gone(&pidfd), "process {pid} outlives SIGKILL");
        true
    }
}

fn announced(child: &mut Child) -> String {
    let stdout = child.stdout.take().unwrap();
    let (line, read) = mpsc::channel();
    std::thread::spawn(move || {
        let mut text = String::new();
        let _ = BufReader::new(stdout).read_line(&mut text);
        // Who waited may have given up.
        let _ = line.send(text);
    });
    let line = read.recv_timeout(ANNOUNCE_LIMIT).unwrap_or_else(|_| {
        panic!("the manager did not say within {ANNOUNCE_LIMIT:?} where it is");
    });
    let announced: Value = serde_json::from_str(&line).unwrap_or_else(|_| {
        panic!("the manager ended at its start instead of saying where it is");
    });
    announced["url"].as_str().unwrap().to_owned()
}

/// The parent of a process that runs; none of one that is gone or a zombie.
fn parent_of(pid: u32) -> Option<u32> {
    let stat = procfs::process::Process::new(i32::try_from(pid).ok()?).ok()?.stat().ok()?;
    (!matches!(stat.state, 'Z' | 'X')).then_some(stat.ppid)?.try_into().ok()
}

fn is_gone(pidfd: &OwnedFd) -> bool {
    let limit = rustix::event::Timespec::try_from(KILL_LIMIT).unwrap();
    let mut wanted = [rustix::event::PollFd::new(pidfd, rustix::event::PollFlags::IN)];
    loop {
        match rustix::event::poll(&mut wanted, Some(&limit)) {
            Ok(ready) => return ready > 0,
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => panic!("cannot wait for a process: {error}"),
        }
    }
}

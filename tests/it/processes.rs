//! The processes of the bundled backend, as a test sees them.

use std::path::PathBuf;
use std::time::Duration;

use serde_json::Value;

use crate::command::Workplace;

impl Workplace {
    /// Every process that the backend says it started.
    pub(crate) fn module_pids(&self) -> Vec<u32> {
        let named = |line: &Value| line["pid"].as_u64().and_then(|pid| u32::try_from(pid).ok());
        let of_interest = |line: &&Value| line["type"] == "module_state" || line["type"] == "backend_event";
        self.lines().iter().filter(of_interest).filter_map(named).collect()
    }
}

/// Waits until `probe` gives something; panics after `seconds` with what was waited for.
pub(crate) fn eventually<T>(what: &str, seconds: u64, mut probe: impl FnMut() -> Option<T>) -> T {
    for _ in 0..seconds * 20 {
        if let Some(found) = probe() {
            return found;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("{what} did not happen within {seconds} s");
}

/// Whether `pid` is a process of the bundled backend or one of its modules (a zombie does nothing any more).
pub(crate) fn is_backend_process(pid: u32) -> bool {
    let proc = PathBuf::from(format!("/proc/{pid}"));
    let command = std::fs::read(proc.join("cmdline")).unwrap_or_default();
    String::from_utf8_lossy(&command).contains("backend")
}

pub(crate) fn signal(pid: u32, signal: rustix::process::Signal) {
    let pid = rustix::process::Pid::from_raw(i32::try_from(pid).unwrap()).unwrap();
    rustix::process::kill_process(pid, signal).unwrap();
}

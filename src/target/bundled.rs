//! The bundled backend as a child process: started on a free port, ended with the run, whatever happens.

use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use rustix::process::{Pid, PidfdFlags, Signal};
use serde::Deserialize;
use url::Url;

use super::process::wait_gone;

/// How long the backend may take until it answers.
const START_TIMEOUT: Duration = Duration::from_secs(30);
/// How long the backend may take to stop in an orderly way.
const STOP_TIMEOUT: Duration = Duration::from_secs(10);

/// The exit code by which the backend says that a flag is wrong.
const EXIT_USAGE: i32 = 2;

/// How to start the bundled backend: a program and the arguments before the backend's own flags.
#[derive(Debug, Clone)]
pub struct Launcher {
    /// The program, which has the backend inside.
    pub program: PathBuf,
    /// What comes before the flags, such as `backend`.
    pub arguments: Vec<OsString>,
}

/// The running backend. Dropping it kills it; [`Bundled::stop`] ends it in an orderly way.
#[must_use = "dropping it kills the backend"]
#[derive(Debug)]
pub struct Bundled {
    child: Child,
    base_url: Url,
    // Removed when the backend is gone: fields drop in this order.
    data: tempfile::TempDir,
}

/// Why the backend does not run.
#[derive(Debug, thiserror::Error)]
pub enum BundledError {
    /// No folder for its data.
    #[error("cannot make a temporary folder for the bundled backend: free some space or set TMPDIR")]
    Data(#[source] std::io::Error),
    /// It could not be started.
    #[error("cannot start the bundled backend ({program})")]
    Spawn {
        /// The program.
        program: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// It ended or stayed silent instead of answering.
    #[error("the bundled backend did not start: {detail}")]
    NotReady {
        /// What it said.
        detail: String,
    },
    /// It refuses a flag that was handed to it.
    #[error("the bundled backend refuses its flags: {detail}")]
    Flags {
        /// What it said.
        detail: String,
    },
    /// It could not be ended.
    #[error("cannot stop the bundled backend")]
    Stop(#[source] std::io::Error),
}

/// The line that the backend prints once it accepts requests.
#[derive(Deserialize)]
struct Ready {
    url: String,
}

impl Bundled {
    /// Starts the backend with `flags` and waits until it accepts requests. `environment` are variables that it is
    /// given, or (`None`) does not inherit.
    ///
    /// Must be called on a thread that lives as long as the run: the backend's parent-death signal fires when
    /// the *thread* that started it ends.
    ///
    /// # Errors
    /// [`BundledError`] with what the backend printed.
    pub fn start(
        launcher: &Launcher,
        flags: &[String],
        environment: &[(&str, Option<String>)],
    ) -> Result<Self, BundledError> {
        let data =
            tempfile::Builder::new().prefix("goose-recovery-").tempdir().map_err(BundledError::Data)?;
        let mut command = Command::new(&launcher.program);
        for (name, value) in environment {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        let mut child = command
            .args(&launcher.arguments)
            .args(["--listen", "127.0.0.1:0", "--data-dir"])
            .arg(data.path())
            .args(["--die-with-parent", &std::process::id().to_string()])
            .args(flags)
            // Ctrl-C in a terminal goes to a whole process group; the backend is to end when we say so.
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|source| BundledError::Spawn {
                program: launcher.program.display().to_string(),
                source,
            })?;
        let lines = first_line(&mut child);
        let complaint = collect_stderr(&mut child);
        let mut bundled = Self { child, base_url: Url::parse("http://127.0.0.1/").map_err(not_ready)?, data };
        let line = lines.recv_timeout(START_TIMEOUT).unwrap_or_default();
        let Ok(ready) = serde_json::from_str::<Ready>(&line) else {
            let _ = bundled.child.kill();
            let said = complaint.recv_timeout(Duration::from_secs(1)).unwrap_or_default();
            let detail = said.trim().trim_start_matches("goose-recovery: ").to_owned();
            // It may have ended by itself before the kill; its exit code says whether the flags were at fault.
            let code = bundled.child.wait().ok().and_then(|status| status.code());
            return Err(match code {
                Some(EXIT_USAGE) => BundledError::Flags { detail },
                _ => BundledError::NotReady { detail },
            });
        };
        bundled.base_url = Url::parse(&ready.url).map_err(not_ready)?;
        Ok(bundled)
    }

    /// Where it answers.
    #[must_use]
    pub fn base_url(&self) -> &Url {
        &self.base_url
    }

    /// The folder of its data.
    #[must_use]
    pub fn data_dir(&self) -> &Path {
        self.data.path()
    }

    /// Its process.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Ends it in an orderly way (SIGTERM), and by SIGKILL when that takes too long.
    ///
    /// # Errors
    /// [`BundledError::Stop`] when it cannot be waited for.
    pub fn stop(mut self) -> Result<ExitStatus, BundledError> {
        let stop = |error: rustix::io::Errno| BundledError::Stop(error.into());
        let pid = Pid::from_child(&self.child);
        let pidfd = rustix::process::pidfd_open(pid, PidfdFlags::empty()).map_err(stop)?;
        rustix::process::pidfd_send_signal(&pidfd, Signal::TERM).map_err(stop)?;
        if !wait_gone(&pidfd, STOP_TIMEOUT).map_err(BundledError::Stop)? {
            self.child.kill().map_err(BundledError::Stop)?;
        }
        self.child.wait().map_err(BundledError::Stop)
    }
}

impl Drop for Bundled {
    fn drop(&mut self) {
        // The backstop for a panic or an early return: the children of the backend die with it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn not_ready(error: url::ParseError) -> BundledError {
    BundledError::NotReady { detail: format!("it gave an address that is no URL ({error})") }
}

/// Reads the first line of stdout on a thread of its own, then drains the rest so that the pipe never fills.
fn first_line(child: &mut Child) -> mpsc::Receiver<String> {
    let (send, receive) = mpsc::channel();
    if let Some(stdout) = child.stdout.take() {
        std::thread::spawn(move || {
            let mut stdout = BufReader::new(stdout);
            let mut line = String::new();
            let _ = stdout.by_ref().take(4096).read_line(&mut line);
            let _ = send.send(line);
            let _ = std::io::copy(&mut stdout, &mut std::io::sink());
        });
    }
    receive
}

/// Keeps the beginning of stderr for the error message, and drains the rest.
fn collect_stderr(child: &mut Child) -> mpsc::Receiver<String> {
    let (send, receive) = mpsc::channel();
    if let Some(mut stderr) = child.stderr.take() {
        std::thread::spawn(move || {
            let mut head = Vec::new();
            let _ = stderr.by_ref().take(4096).read_to_end(&mut head);
            let _ = send.send(String::from_utf8_lossy(&head).into_owned());
            let _ = std::io::copy(&mut stderr, &mut std::io::sink());
        });
    }
    receive
}

//! The one thread that starts the servers.
//!
//! A process's parent-death signal fires when the *thread* that started it ends, not the process: were servers
//! started by whichever thread asks, they would die with it.

use std::ffi::OsStr;
use std::fs::OpenOptions;
use std::io;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;

use crate::account::Account;

/// Starts processes that die with this process. The thread lives until the last copy of this is gone.
#[derive(Debug, Clone)]
pub(crate) struct Spawner {
    requests: mpsc::Sender<Request>,
    setpriv: PathBuf,
    account: Account,
}

#[derive(Debug)]
struct Request {
    command: Command,
    reply: mpsc::Sender<io::Result<Child>>,
}

impl Spawner {
    /// Starts the thread. What it starts runs as `account`.
    pub(crate) fn start(setpriv: PathBuf, account: Account) -> io::Result<Self> {
        let (requests, incoming) = mpsc::channel::<Request>();
        let serve = move || {
            for Request { mut command, reply } in incoming {
                // Whoever asked waits for the answer.
                let _ = reply.send(command.spawn());
            }
        };
        std::thread::Builder::new().name("local-stores".to_owned()).spawn(serve)?;
        Ok(Self { requests, setpriv, account })
    }

    /// Starts `program` in `folder`, with its output at the end of `log`.
    ///
    /// `setpriv` execs, so the child's pid is the program's.
    pub(crate) fn spawn<A: AsRef<OsStr>>(
        &self,
        program: &Path,
        arguments: &[A],
        folder: &Path,
        log: &Path,
    ) -> io::Result<Child> {
        let log = OpenOptions::new().append(true).create(true).open(log)?;
        let mut command = Command::new(&self.setpriv);
        command.args(self.account.arguments()).args(["--pdeathsig", "KILL"]).arg(program).args(arguments);
        command
            .current_dir(folder)
            // A server needs nothing of our environment, which may hold secrets and settings of other servers.
            .env_clear()
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("LC_ALL", "C")
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            // Ctrl-C in our terminal is ours to handle.
            .process_group(0);
        let ended = || io::Error::other("the thread that starts servers has ended");
        let (reply, answer) = mpsc::channel();
        self.requests.send(Request { command, reply }).map_err(|_| ended())?;
        answer.recv().map_err(|_| ended())?
    }
}

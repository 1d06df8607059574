//! PostgreSQL: a cluster of our own.

use std::path::Path;
use std::time::Duration;

use rustix::process::Signal;

use crate::clock::Deadline;
use crate::error::{LocalStoresError, Trying as _};
use crate::home::{Home, tail};
use crate::programs::{Programs, version};
use crate::server::{Recipe, Server};
use crate::spawner::Spawner;

const USER: &str = "recovery";
/// It takes about a second.
const INITDB_LIMIT: Duration = Duration::from_secs(60);
/// The line of `postmaster.pid` that tells the server's state, and what it says of one that accepts connections.
const STATUS_LINE: usize = 7;
const READY: &str = "ready";

/// What differs from the defaults. fsync is not among it: a commit should cost what it costs elsewhere. Nothing lies
/// outside the private folder: there is no Unix socket, and dynamic shared memory is in files there, where in
/// `/dev/shm` a killed server would leave it behind.
const SETTINGS: &str = "
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 64
shared_buffers = 16MB
dynamic_shared_memory_type = mmap
huge_pages = off
jit = off
wal_level = minimal
max_wal_senders = 0
archive_mode = off
logging_collector = off
log_destination = 'stderr'
";

/// Creates the cluster.
pub(crate) fn initialise(
    programs: &Programs,
    home: &Home,
    spawner: &Spawner,
    password: &str,
) -> Result<(), LocalStoresError> {
    let data = home.postgresql();
    let log = home.log("initdb");
    let password_file = home.redis().join("initdb.password");
    home.write(&password_file, password)?;
    let pwfile = format!("--pwfile={}", password_file.display());
    let arguments = [
        "--pgdata=.",
        "--no-sync",
        "--encoding=UTF8",
        "--locale=C",
        "--auth=scram-sha-256",
        &format!("--username={USER}"),
        &pwfile,
    ];
    let mut initdb =
        spawner.spawn(&programs.initdb, &arguments, &data, &log).trying(|| "start initdb".to_owned())?;
    let ended = Deadline::after(INITDB_LIMIT).poll(|| initdb.try_wait().transpose());
    let failed =
        |what: String| LocalStoresError::Failed { program: "initdb", what, log: tail(&log, password) };
    match ended.transpose().trying(|| "wait for initdb".to_owned())? {
        Some(status) if status.success() => {}
        Some(status) => return Err(failed(format!("failed ({status})"))),
        // What it started is ended by the janitor.
        None => {
            let killed = initdb.kill().and_then(|()| initdb.wait());
            killed.trying(|| "kill initdb".to_owned())?;
            return Err(failed(format!("did not end within {INITDB_LIMIT:?}")));
        }
    }
    std::fs::remove_file(&password_file).trying(|| format!("remove {}", password_file.display()))?;
    let settings = data.join("postgresql.conf");
    let defaults = std::fs::read_to_string(&settings).trying(|| format!("read {}", settings.display()))?;
    home.write(&settings, &format!("{defaults}{SETTINGS}"))
}

/// The server, not started yet.
pub(crate) fn server(
    programs: &Programs,
    home: &Home,
    spawner: &Spawner,
    password: &str,
    port: u16,
) -> Result<Server, LocalStoresError> {
    let folder = home.postgresql();
    let recipe = Recipe {
        product: "PostgreSQL",
        version: version(&programs.postgres, "postgres", "(PostgreSQL) ")?,
        url: format!("postgres://{USER}:{password}@127.0.0.1:{port}/postgres"),
        program: programs.postgres.clone(),
        arguments: ["-D", ".", "-p", &port.to_string()].map(Into::into).into(),
        lock_file: Some(folder.join("postmaster.pid")),
        folder,
        log: home.log("postgres"),
        stop_signal: (Signal::INT, "SIGINT"),
    };
    Ok(Server::new(recipe, spawner.clone()))
}

/// Whether the server of this pid accepts connections, as it says in its lock file.
pub(crate) fn accepts(data: &Path, pid: u32) -> bool {
    std::fs::read_to_string(data.join("postmaster.pid")).is_ok_and(|text| says_ready(&text, pid))
}

fn says_ready(lock_file: &str, pid: u32) -> bool {
    let mut lines = lock_file.lines();
    let same = lines.next().is_some_and(|first| first.trim() == pid.to_string());
    same && lines.nth(STATUS_LINE - 1).is_some_and(|status| status.trim() == READY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_ready_when_its_own_lock_file_says_so() {
        let text = |status| format!("4711\n/data\n1700000000\n10000\n\n127.0.0.1\n  123 456\n{status}\n");
        assert!(says_ready(&text("ready   "), 4711));
        assert!(!says_ready(&text("starting"), 4711));
        // A killed server leaves its file behind.
        assert!(!says_ready(&text("ready   "), 4712));
        assert!(!says_ready("4711\n/data\n", 4711));
    }
}

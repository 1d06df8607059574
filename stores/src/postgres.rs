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
/// The first version that can be told how to sync.
const FIRST_WITH_SYNCFS: u32 = 14;
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
    let version = version(&programs.postgres, "postgres", "(PostgreSQL) ")?;
    let recipe = Recipe {
        product: "PostgreSQL",
        url: format!("postgres://{USER}:{password}@127.0.0.1:{port}/postgres"),
        program: programs.postgres.clone(),
        arguments: arguments(&version, port).into_iter().map(Into::into).collect(),
        version,
        lock_file: Some(folder.join("postmaster.pid")),
        folder,
        log: home.log("postgres"),
        stop_signal: (Signal::INT, "SIGINT"),
    };
    Ok(Server::new(recipe, spawner.clone()))
}

fn arguments(version: &str, port: u16) -> Vec<String> {
    let mut arguments = ["-D", ".", "-p"].map(str::to_owned).to_vec();
    arguments.push(port.to_string());
    // A server that was killed syncs its thousand files when it starts again: one after the other, on a busy disk for
    // half a minute, or all of them with one call. An older server refuses what it does not know.
    let major = version.split(|of: char| !of.is_ascii_digit()).next().and_then(|major| major.parse().ok());
    if major.is_some_and(|major: u32| major >= FIRST_WITH_SYNCFS) {
        arguments.extend(["-c", "recovery_init_sync_method=syncfs"].map(str::to_owned));
    }
    arguments
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
    fn an_old_server_is_not_told_what_it_does_not_know() {
        assert_eq!(arguments("13.20", 5000), ["-D", ".", "-p", "5000"]);
        for version in ["14.0", "15.18", "18beta1"] {
            assert_eq!(arguments(version, 5000).len(), 6, "{version}");
        }
    }

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

//! Both servers, from the search for their programs to the last trace of them.

use std::io::{self, Write as _};
use std::path::Path;
use std::time::Duration;

use rand::distr::{Alphanumeric, SampleString as _};

use crate::account::Account;
use crate::clock::Deadline;
use crate::error::{LocalStoresError, Trying as _};
use crate::home::{Home, tail};
use crate::programs::{Programs, Search};
use crate::server::Server;
use crate::spawner::Spawner;
use crate::{port, postgres, redis};

const PASSWORD_LENGTH: usize = 32;
/// Both accept within a second on an idle machine.
const READY_LIMIT: Duration = Duration::from_secs(30);
/// Somebody else may take a free port before the server does, but hardly so often.
const PORT_ATTEMPTS: usize = 5;
/// What both servers log, in the C locale, when their port is taken.
const PORT_TAKEN: &str = "Address already in use";

/// A running PostgreSQL and a running Redis in one private temporary folder.
///
/// [`LocalStores::stop`] ends both in good order; dropping kills them. When this process is itself killed, they
/// and the folder are gone a moment later.
#[derive(Debug)]
pub struct LocalStores {
    // In this order they are dropped: the servers before the folder that they work in.
    database: Server,
    cache: Server,
    home: Home,
}

/// How a server turned out that was started on some port.
enum Outcome {
    Accepts,
    PortTaken,
    Failed(String),
}

impl LocalStores {
    /// Finds, initialises and starts both; they accept connections when this returns.
    ///
    /// # Errors
    /// [`LocalStoresError::Missing`] when a program is not installed; otherwise the message names the program and
    /// shows the end of its log.
    pub fn start() -> Result<Self, LocalStoresError> {
        let programs = Search::system().find()?;
        let account = Account::choose()?;
        let home = Home::create(&programs.setpriv, account.clone())?;
        let spawner = Spawner::start(programs.setpriv.clone(), account)
            .trying(|| "start the thread that starts servers".to_owned())?;
        let cache = start_redis(&programs, &home, &spawner)?;
        let database = start_postgres(&programs, &home, &spawner)?;
        Ok(Self { database, cache, home })
    }

    /// PostgreSQL.
    #[must_use]
    pub fn database(&self) -> &Server {
        &self.database
    }

    /// Redis.
    #[must_use]
    pub fn cache(&self) -> &Server {
        &self.cache
    }

    /// Stops both in good order and removes their folder. What does not stop is killed.
    ///
    /// # Errors
    /// When a server did not stop in good order, or something is left behind.
    pub fn stop(self) -> Result<(), LocalStoresError> {
        let Self { database, cache, home } = self;
        let stopped = [cache.stop(), database.stop()];
        drop((cache, database));
        home.close()?;
        stopped.into_iter().collect::<Result<(), _>>().map_err(Into::into)
    }
}

/// For tests: the stores, or `None` on a machine without the servers, which is said on stderr.
///
/// # Panics
/// When they cannot be started though the servers are there, and when they are absent and `CI` is `true`: there a
/// test that needs them must fail.
#[doc(hidden)]
#[must_use]
pub fn for_tests() -> Option<LocalStores> {
    unless_missing(LocalStores::start())
}

fn unless_missing<T>(found: Result<T, LocalStoresError>) -> Option<T> {
    match found {
        Ok(found) => Some(found),
        Err(error) if error.is_missing() && std::env::var_os("CI").is_none_or(|ci| ci != "true") => {
            // Straight to stderr, so that a test that passes without having tested anything says so.
            let _ = writeln!(io::stderr(), "not tested: {error}");
            None
        }
        Err(error) => panic!("no local stores: {error}"),
    }
}

fn start_postgres(programs: &Programs, home: &Home, spawner: &Spawner) -> Result<Server, LocalStoresError> {
    let password = new_password();
    postgres::initialise(programs, home, spawner, &password)?;
    let data = home.postgresql();
    let make = |port| postgres::server(programs, home, spawner, &password, port);
    let accepts = |pid, _| postgres::accepts(&data, pid);
    launch("postgres", &home.log("postgres"), &password, port::free, make, accepts)
}

fn start_redis(programs: &Programs, home: &Home, spawner: &Spawner) -> Result<Server, LocalStoresError> {
    let password = new_password();
    let make = |port| redis::server(programs, home, spawner, &password, port);
    let accepts = |_, port| redis::accepts(&password, port);
    launch("redis-server", &home.log("redis-server"), &password, port::free, make, accepts)
}

/// Starts a server on a free port, on another one when somebody else was faster, and waits until it accepts.
fn launch(
    program: &'static str,
    log: &Path,
    password: &str,
    mut free_port: impl FnMut() -> io::Result<u16>,
    make: impl Fn(u16) -> Result<Server, LocalStoresError>,
    accepts: impl Fn(u32, u16) -> bool,
) -> Result<Server, LocalStoresError> {
    let failed = |what| LocalStoresError::Failed { program, what, log: tail(log, password) };
    for _ in 0..PORT_ATTEMPTS {
        let port = free_port().trying(|| "find a free port".to_owned())?;
        // Whether the port was taken is read off the log, so each attempt has its own.
        std::fs::write(log, "").trying(|| format!("write {}", log.display()))?;
        let server = make(port)?;
        server.start()?;
        match wait_ready(&server, log, |pid| accepts(pid, port)) {
            Outcome::Accepts => return Ok(server),
            Outcome::PortTaken => {}
            Outcome::Failed(what) => return Err(failed(what)),
        }
    }
    Err(failed(format!("lost the race for its port {PORT_ATTEMPTS} times")))
}

fn wait_ready(server: &Server, log: &Path, accepts: impl Fn(u32) -> bool) -> Outcome {
    let look = || match server.pid() {
        Some(pid) => accepts(pid).then_some(Outcome::Accepts),
        None if std::fs::read_to_string(log).is_ok_and(|log| log.contains(PORT_TAKEN)) => {
            Some(Outcome::PortTaken)
        }
        None => Some(Outcome::Failed("ended instead of accepting connections".to_owned())),
    };
    let late = || Outcome::Failed(format!("did not accept connections within {READY_LIMIT:?}"));
    Deadline::after(READY_LIMIT).poll(look).unwrap_or_else(late)
}

/// Not drawn from a run's seed: it is a secret.
fn new_password() -> String {
    Alphanumeric.sample_string(&mut rand::rng(), PASSWORD_LENGTH)
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, TcpListener};

    use super::*;

    const SECRET: &str = "not-for-everybody";

    fn ready() -> Option<(Programs, Home, Spawner)> {
        let programs = unless_missing(Search::system().find())?;
        let account = Account::choose().unwrap();
        let home = Home::create(&programs.setpriv, account.clone()).unwrap();
        let spawner = Spawner::start(programs.setpriv.clone(), account).unwrap();
        Some((programs, home, spawner))
    }

    #[test]
    fn takes_another_port_when_somebody_else_was_faster() {
        let Some((programs, home, spawner)) = ready() else { return };
        let other = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let taken = other.local_addr().unwrap().port();
        let mut ports = vec![port::free().unwrap(), taken, taken];
        let make = |port| redis::server(&programs, &home, &spawner, SECRET, port);
        let accepts = |_, port| port != taken && redis::accepts(SECRET, port);
        let next = || ports.pop().ok_or_else(|| io::Error::other("no more ports"));
        let server = launch("redis-server", &home.log("redis-server"), SECRET, next, make, accepts).unwrap();
        assert!(server.pid().is_some());
        assert!(!server.url().contains(&format!(":{taken}/")));
        assert_eq!(ports, Vec::<u16>::new());
    }

    #[test]
    fn shows_the_end_of_the_log_without_the_password_when_a_server_does_not_start() {
        let Some((programs, home, spawner)) = ready() else { return };
        let settings = home.redis().join("redis.conf");
        let make = |port| {
            let server = redis::server(&programs, &home, &spawner, SECRET, port)?;
            home.write(&settings, &format!("no-such-setting {SECRET}\n"))?;
            Ok(server)
        };
        let log = home.log("redis-server");
        let error =
            launch("redis-server", &log, SECRET, port::free, make, |_, _| false).unwrap_err().to_string();
        assert!(
            error.starts_with("redis-server ended instead of accepting connections; its log ends with:\n"),
            "{error}"
        );
        assert!(error.contains("no-such-setting"), "{error}");
        assert!(std::fs::read_to_string(&log).unwrap().contains(SECRET), "the log itself shows it");
        assert!(!error.contains(SECRET), "{error}");
    }
}

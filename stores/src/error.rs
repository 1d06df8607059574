//! What can go wrong. No message holds a password.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

/// Why there are no local stores.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LocalStoresError {
    /// A program is not installed.
    #[error(
        "{program} is neither on PATH nor in {debian}: install the Debian packages {packages} (apt-get install {packages})"
    )]
    Missing {
        /// The program.
        program: &'static str,
        /// Where Debian would have put it.
        debian: &'static str,
        /// The Debian packages that bring all that is needed.
        packages: &'static str,
    },
    /// The servers' user cannot enter the folder.
    #[error(
        "user {user}, whom the servers run as because PostgreSQL refuses to run as root, cannot enter {}: \
         set TMPDIR to a folder that every user can enter",
        .folder.display()
    )]
    Unreachable {
        /// The servers' user.
        user: String,
        /// The folder on the way to the private one that is closed to it.
        folder: PathBuf,
    },
    /// There is nobody but root.
    #[error(
        "PostgreSQL refuses to run as root, and there is no user postgres or nobody: run as an ordinary user"
    )]
    NoAccount,
    /// A program did not do what it was started for.
    #[error("{program} {what}; its log ends with:\n{log}")]
    Failed {
        /// The program.
        program: &'static str,
        /// What it did not do.
        what: String,
        /// The end of its log.
        log: String,
    },
    /// The operating system refused something.
    #[error("cannot {what}: {source}")]
    Io {
        /// What was tried.
        what: String,
        /// Why not.
        source: io::Error,
    },
    /// A server could not be handled.
    #[error(transparent)]
    Server(#[from] ServerError),
}

/// Why a server could not be killed, paused, resumed, stopped or started.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServerError {
    /// It does not run.
    #[error("{product} is not running, so it cannot be paused: start it first")]
    NotRunning {
        /// Which server.
        product: &'static str,
    },
    /// Some of its processes did not stop running.
    #[error("{product} was not paused: a process of it ran on for {limit:?} after SIGSTOP")]
    NotPaused {
        /// Which server.
        product: &'static str,
        /// How long it was waited for.
        limit: Duration,
    },
    /// Some of its processes did not end.
    #[error("{product} is still there {limit:?} after {signal}: kill it, or wait and try again")]
    StillThere {
        /// Which server.
        product: &'static str,
        /// What it was told.
        signal: &'static str,
        /// How long it was waited for.
        limit: Duration,
    },
    /// The operating system refused something.
    #[error("cannot {action} {product}: {source}")]
    Io {
        /// What was tried.
        action: &'static str,
        /// Which server.
        product: &'static str,
        /// Why not.
        source: io::Error,
    },
}

impl LocalStoresError {
    /// Whether a program is not installed, so that a test may do without.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Missing { .. })
    }
}

/// Says what was tried when the operating system refuses it.
pub(crate) trait Trying<T> {
    /// Adds what was tried.
    fn trying(self, what: impl FnOnce() -> String) -> Result<T, LocalStoresError>;
}

impl<T> Trying<T> for io::Result<T> {
    fn trying(self, what: impl FnOnce() -> String) -> Result<T, LocalStoresError> {
        self.map_err(|source| LocalStoresError::Io { what: what(), source })
    }
}

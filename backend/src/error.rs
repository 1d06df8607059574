//! Why the backend cannot run, in words that say what to do.

use std::net::SocketAddr;
use std::path::PathBuf;

use crate::parent::ParentError;
use crate::self_healing_daemon::PolicyError;
use crate::store::StoreArgsError;
use crate::token::TokenError;

/// Why the backend cannot run.
#[derive(Debug, thiserror::Error)]
pub enum BackendError {
    /// A setting of the policy makes no sense.
    #[error(transparent)]
    Policy(#[from] PolicyError),
    /// The policy file cannot be used.
    #[error("the policy file {path}: {reason}; correct it, or begin with what GET /api/recovery/policy shows", path = .path.display())]
    PolicyFile {
        /// Its path.
        path: PathBuf,
        /// What is wrong, with the field's name.
        reason: String,
    },
    /// The stores cannot be where they are wanted.
    #[error(transparent)]
    Stores(#[from] StoreArgsError),
    /// The address would be open to other machines.
    #[error(
        "{0} is no loopback address, and there is no token: set FAULT_RECOVERY_TOKEN in the environment, or pass --listen \
         127.0.0.1:{port}",
        port = .0.port()
    )]
    NoToken(SocketAddr),
    /// The token cannot be used.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// No folder was given and none can be guessed.
    #[error("neither XDG_STATE_HOME nor HOME says where state belongs: pass --data-dir DIR")]
    NoDataDir,
    /// Another server has the address.
    #[error("address {0} is already in use: stop the other server or pass --listen {ip}:0", ip = .0.ip())]
    AddressInUse(SocketAddr),
    /// The address cannot be bound.
    #[error("cannot listen on {address}: {source}; pass another address with --listen")]
    CannotBind {
        /// The address that was asked for.
        address: SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
    /// The data folder cannot be made or written.
    #[error("cannot write the data folder {path}: {source}; pass a writable one with --data-dir", path = .path.display())]
    DataDir {
        /// The folder or the file within it.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Another backend runs on the data folder.
    #[error("the data folder {path} is in use by another backend: stop it or pass another --data-dir", path = .0.display())]
    DataDirInUse(PathBuf),
    /// A database in the data folder cannot be used.
    #[error("cannot use the database {path}: {reason}; move it away or pass another --data-dir", path = .path.display())]
    Database {
        /// Its file.
        path: PathBuf,
        /// What the database said.
        reason: String,
    },
    /// The database server can be reached, and refuses what is needed.
    #[error(
        "cannot use the database that --database-url names: {0}; correct the URL or the server's settings"
    )]
    DatabaseServer(String),
    /// The process that we belong to is gone.
    #[error(transparent)]
    Parent(#[from] ParentError),
    /// The system refused something that it usually grants.
    #[error("cannot {what}: {source}")]
    System {
        /// What was tried.
        what: &'static str,
        /// What the system said.
        source: std::io::Error,
    },
    /// The SelfHealingDaemon's thread ended, and with it every module.
    #[error("the SelfHealingDaemon ended unexpectedly, and the modules with it; its panic is above")]
    DaemonEnded,
}

/// Kinds of [`BackendError`], for exit codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The command line asks for something that is not possible.
    Usage,
    /// The address cannot be listened on.
    CannotBind,
    /// The data folder cannot be written or used.
    CannotWrite,
    /// Anything else: not the caller's fault.
    Internal,
}

impl BackendError {
    /// What kind of error this is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Policy(_)
            | Self::PolicyFile { .. }
            | Self::Stores(_)
            | Self::NoToken(_)
            | Self::Token(_)
            | Self::NoDataDir => ErrorKind::Usage,
            Self::AddressInUse(_) | Self::CannotBind { .. } => ErrorKind::CannotBind,
            Self::DataDir { .. }
            | Self::DataDirInUse(_)
            | Self::Database { .. }
            | Self::DatabaseServer(_) => ErrorKind::CannotWrite,
            Self::Parent(_) | Self::System { .. } | Self::DaemonEnded => ErrorKind::Internal,
        }
    }

    pub(crate) fn system(what: &'static str) -> impl FnOnce(std::io::Error) -> Self {
        move |source| Self::System { what, source }
    }
}

//! Why nothing was measured.

use std::net::SocketAddr;

use crate::journal::JournalError;
use crate::load::AttackError;
use crate::load::files::TooManyUsers;
use crate::preflight::PreflightError;
use crate::proxy::ProxyError;
use crate::stores::StoresError;
use crate::target::{ApiError, BundledError};
use crate::watch::alert_poll::AlertListError;

/// Why nothing was measured.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The journal cannot be written.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The limit on open files.
    #[error(transparent)]
    Files(#[from] TooManyUsers),
    /// No bundled backend in this build.
    #[error("this build has no bundled backend: pass --base-url, or build with --features full")]
    NoBackend,
    /// The stores do not start, or cannot be reached.
    #[error(transparent)]
    Stores(#[from] StoresError),
    /// The bundled backend does not start.
    #[error(transparent)]
    Backend(#[from] BundledError),
    /// The alert sink cannot listen.
    #[error("cannot receive alerts on {address}: stop what listens there or pass another --alert-listen")]
    Sink {
        /// The address asked for.
        address: SocketAddr,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// No HTTP client.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// The target is not fit for a run.
    #[error(transparent)]
    Preflight(#[from] PreflightError),
    /// A proxy of the plan cannot be opened.
    #[error(transparent)]
    Proxy(#[from] ProxyError),
    /// The list of alerts cannot be asked for.
    #[error(transparent)]
    Alerts(#[from] AlertListError),
    /// A thread or runtime of the harness cannot be made.
    #[error("cannot start a thread of the harness: free some memory or processes")]
    Thread(#[source] std::io::Error),
    /// goose refuses.
    #[error(transparent)]
    Attack(#[from] AttackError),
}

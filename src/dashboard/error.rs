//! Why there is no dashboard.

use std::io;
use std::net::SocketAddr;

use super::TOKEN_VARIABLE;

/// Why there is no dashboard.
#[derive(Debug, thiserror::Error)]
pub enum DashboardError {
    /// Others could reach it, and it would ask them nothing.
    #[error(
        "{0} can be reached from other machines, so the dashboard needs a token there: put one into {TOKEN_VARIABLE}, for example \
         the output of openssl rand -hex 32, or listen on 127.0.0.1"
    )]
    NoToken(SocketAddr),
    /// Somebody else listens there.
    #[error(
        "the dashboard cannot listen on {0}, because something does already, perhaps another dashboard: end that one, or take \
         port 0 for any that is free (--listen 127.0.0.1:0, of a run --dashboard 127.0.0.1:0)"
    )]
    Taken(SocketAddr),
    /// It is no address of this machine, or not for everybody.
    #[error(
        "the dashboard cannot listen on {address}: name an address of this machine and a port from 1024 on, or 0"
    )]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The system gives no thread, or nothing to wait with.
    #[error("the dashboard's thread cannot be started")]
    Thread(#[source] io::Error),
    /// The page cannot be made.
    #[error("the dashboard's page cannot be made")]
    Page(#[source] askama::Error),
}

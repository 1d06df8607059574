//! The modules: `ingest → session → analysis`, each a process of its own that calls the one before it.
//!
//! - [`ingest`] validates an entry, makes it canonical, and computes checksums.
//! - [`session`] owns the storage of entries; it asks ingest to validate what comes and to verify what it reads.
//! - [`analysis`] computes figures over a session, from session's verified entries.
//!
//! **How a module starts.** The manager binds one loopback listener per module, keeps it for its own lifetime, and gives
//! it to each incarnation as its standard input. So an address never changes, no port can be lost to another program
//! between two incarnations, and what was sent to a module that is being restarted waits in the backlog for its
//! successor. Standard output is a pipe to the manager on which the module writes one byte, [`READY`], once it serves,
//! and then a [`BEAT`] every 50 ms, from the same single-threaded runtime that answers requests: a runtime that is
//! stuck does not beat. Beats need no connection, so that a full backlog under load cannot pass for a hang.
//!
//! **How a crash travels.** A module asks the one before it for a sign of life; when there is none for longer than the
//! policy's `dependency_patience`, it ends itself with exit code [`DEPENDENCY_LOST`]; see [`patience`].
//!
//! **How it never outlives its manager.** First thing, it sets its parent-death signal to SIGKILL and then checks that
//! its parent is still the one that it was told.

mod analysis;
mod entry;
mod ingest;
mod patience;
mod process;
mod session;
mod state;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

pub(crate) use analysis::Analysis;
#[cfg(test)]
pub(crate) use entry::checksum;
pub(crate) use entry::{SessionId, SetChecksum, hex};
pub(crate) use ingest::Submitted;
pub(crate) use patience::{Patience, keep_telling};
pub use process::{ModuleError, run_module};
pub(crate) use session::{Acknowledged, Page};
pub(crate) use state::{GoesOn, State};

use crate::self_healing_daemon::ModuleSpec;
use crate::store::StoreArgs;

/// The byte that says "I serve".
pub(crate) const READY: u8 = b'R';
/// The byte that says "I am alive".
pub(crate) const BEAT: u8 = b'.';

/// The exit code of a module that ends itself because the module that it depends on gave no answer for too long. It is
/// what `sysexits.h` calls a temporary failure.
pub const DEPENDENCY_LOST: u8 = 75;

/// The name of the sessions' database within the data folder.
pub(crate) const SESSIONS_FILE: &str = "sessions.db";
/// The embedded cache within the data folder.
const CACHE_FILE: &str = "cache.db";
/// Its presence in the data folder says that the cache may have missed a write.
const STALE_FILE: &str = "cache.stale";
/// The spool within the data folder.
const SPOOL_FILE: &str = "sessions.spool";
/// Acknowledged entries that lost their place to an earlier one, within the data folder.
const CONFLICTS_FILE: &str = "sessions.conflicts.jsonl";

/// What a module does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Role {
    /// Validates entries and computes checksums.
    Ingest,
    /// Stores entries.
    Session,
    /// Computes figures over sessions.
    Analysis,
}

impl Role {
    /// Every role, in dependency order.
    pub(crate) const ALL: [Self; 3] = [Self::Ingest, Self::Session, Self::Analysis];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ingest => "ingest",
            Self::Session => "session",
            Self::Analysis => "analysis",
        }
    }

    /// Its place in [`Role::ALL`].
    pub(crate) fn index(self) -> usize {
        match self {
            Self::Ingest => 0,
            Self::Session => 1,
            Self::Analysis => 2,
        }
    }

    /// What the daemon needs to know of each role.
    pub(crate) fn specs() -> Vec<ModuleSpec> {
        let spec = |role: Self| ModuleSpec { name: role.name(), depends_on: role.index().checked_sub(1) };
        Self::ALL.into_iter().map(spec).collect()
    }
}

/// Arguments of the hidden subcommand that runs one module. The manager makes them; nobody types them.
#[derive(Clone, Debug, clap::Args)]
pub struct ModuleArgs {
    /// What this module does
    #[arg(long, value_enum)]
    pub role: Role,
    /// Process id of the manager: the module ends when that is not its parent
    #[arg(long, value_name = "PID")]
    pub parent_pid: u32,
    /// Address of the module that this one depends on
    #[arg(long, value_name = "ADDR")]
    pub upstream: Option<SocketAddr>,
    /// End with exit code 75 when that module gives no answer for longer than this
    #[arg(long, value_name = "DURATION", value_parser = humantime::parse_duration)]
    pub dependency_patience: Duration,
    /// Number of the policy that the patience is from
    #[arg(long, value_name = "N")]
    pub policy_number: u64,
    /// Folder of the databases
    #[arg(long, value_name = "DIR")]
    pub data_dir: PathBuf,
    /// Where sessions are kept; the URLs come through the environment
    #[command(flatten)]
    pub stores: StoreArgs,
}

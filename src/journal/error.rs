//! What can go wrong with a journal, and what to do about it.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

/// A journal could not be written or read.
///
/// Cloneable, because the first error of a writer is told to the failure hook, to every handle that asks and
/// to whoever closes the journal.
#[derive(Debug, Clone, thiserror::Error)]
pub enum JournalError {
    /// The file could not be opened, made or examined.
    #[error("cannot open journal {path}; pass --log with a file that you may write", path = path.display())]
    Open {
        /// The journal.
        path: PathBuf,
        /// What the operating system said.
        source: Arc<io::Error>,
    },
    /// Another run holds the lock of the file.
    #[error(
        "journal {path} is locked by another run: wait for it or pass --log with another file",
        path = path.display()
    )]
    Locked {
        /// The journal.
        path: PathBuf,
    },
    /// A write failed; everything up to the last whole line before it is kept.
    #[error("cannot write journal {path}; {remedy}", path = path.display(), remedy = write_remedy(source))]
    Write {
        /// The journal.
        path: PathBuf,
        /// What the operating system said.
        source: Arc<io::Error>,
    },
    /// The reserved queue of control events was full: the disk has not kept up for a long time.
    #[error(
        "journal {path} fell {capacity} control events behind; pass --log with a file on a faster disk",
        path = path.display()
    )]
    Overflow {
        /// The journal.
        path: PathBuf,
        /// Capacity of the reserved queue.
        capacity: usize,
    },
    /// The writer thread panicked: a bug of ours.
    #[error("the writer of journal {path} panicked; please report this", path = path.display())]
    Panicked {
        /// The journal.
        path: PathBuf,
    },
    /// The file could not be read.
    #[error("cannot read journal {path}; check that it exists and that you may read it", path = path.display())]
    Read {
        /// The journal.
        path: PathBuf,
        /// What the operating system said.
        source: Arc<io::Error>,
    },
    /// The file has lines, but none of them begins a run.
    #[error(
        "journal {path} holds no run, its line 1 is {reason}; pass a journal that `goose-recovery run` wrote",
        path = path.display()
    )]
    NoRun {
        /// The journal.
        path: PathBuf,
        /// What its first line is.
        reason: String,
    },
    /// A run was written by a later version of this program.
    #[error(
        "journal {path} line {line}: run {run} has schema version {found}, this program reads up to {supported}; \
         use a later goose-recovery",
        path = path.display()
    )]
    NewerSchema {
        /// The journal.
        path: PathBuf,
        /// Where the run begins.
        line: u64,
        /// The run.
        run: String,
        /// Its version.
        found: u32,
        /// The latest version that this program knows.
        supported: u32,
    },
}

impl JournalError {
    /// Whether the disk (or the user's quota) is full.
    #[must_use]
    pub fn is_disk_full(&self) -> bool {
        matches!(self, Self::Open { source, .. } | Self::Write { source, .. } if full(source))
    }

    /// Whether another run holds the journal.
    #[must_use]
    pub fn is_locked(&self) -> bool {
        matches!(self, Self::Locked { .. })
    }

    /// Whether it is a failure to write, which has an exit code of its own.
    #[must_use]
    pub fn is_write(&self) -> bool {
        matches!(self, Self::Open { .. } | Self::Write { .. } | Self::Overflow { .. })
    }
}

fn full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

fn write_remedy(error: &io::Error) -> &'static str {
    if full(error) {
        "free some space or pass --log with a file on another disk"
    } else {
        "check the disk or pass --log with a file on another one"
    }
}

//! The data folder: made, locked against a second backend, its databases brought up to date.

use std::fs::{DirBuilder, File};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};

use crate::alert_dispatcher::Outbox;
use crate::error::BackendError;
use crate::module::SESSIONS_FILE;
use crate::store::{DatabasePlace, Places, PostgresStore, SqliteStore};

const LOCK_FILE: &str = "lock";
const ALERTS_FILE: &str = "alerts.db";

/// A data folder that belongs to this process as long as this value lives.
#[derive(Debug)]
pub(crate) struct DataDir {
    path: PathBuf,
    _lock: File,
}

impl DataDir {
    /// Makes `path` when it is missing, readable by nobody else, and locks it.
    pub(crate) fn open(path: &Path) -> Result<Self, BackendError> {
        let cannot = |source| BackendError::DataDir { path: path.to_owned(), source };
        DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(cannot)?;
        // Modules get it as an argument; their working folder is their own business.
        let path = path.canonicalize().map_err(cannot)?;
        let lock = path.join(LOCK_FILE);
        let cannot = |source| BackendError::DataDir { path: lock.clone(), source };
        let file = File::options().create(true).truncate(false).write(true).open(&lock).map_err(cannot)?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Self { path, _lock: file }),
            Err(rustix::io::Errno::WOULDBLOCK) => Err(BackendError::DataDirInUse(path)),
            Err(errno) => Err(BackendError::DataDir { path: lock, source: errno.into() }),
        }
    }

    /// Where it is, absolute.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Brings the sessions' database up to date, wherever it is, and opens the outbox.
    pub(crate) async fn prepare(&self, places: &Places) -> Result<Outbox, BackendError> {
        let failed = |file: PathBuf| {
            move |error: sqlx::Error| BackendError::Database { path: file, reason: error.to_string() }
        };
        match &places.database {
            DatabasePlace::Embedded => {
                let sessions = self.path.join(SESSIONS_FILE);
                let migrated = SqliteStore::migrate_at_start(&sessions, places.timeout).await;
                migrated.map_err(failed(sessions))?;
            }
            DatabasePlace::Postgres(place) => {
                let migrated = PostgresStore::migrate_at_start(place, places.timeout).await;
                migrated.map_err(BackendError::DatabaseServer)?;
            }
        }
        let alerts = self.path.join(ALERTS_FILE);
        Outbox::open(&alerts).await.map_err(failed(alerts))
    }
}

//! The private folder of both servers.

use std::fs::{File, OpenOptions, Permissions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::account::Account;
use crate::error::{LocalStoresError, Trying as _};
use crate::janitor::Janitor;

/// As much of the end of a log as an error shows.
const TAIL_BYTES: u64 = 2_000;

/// The private folder, which is gone when this is.
#[derive(Debug)]
pub(crate) struct Home {
    janitor: Janitor,
    /// Removes what the janitor left of the folder.
    _folder: TempDir,
    path: PathBuf,
    account: Account,
}

impl Home {
    /// Creates the folder, the servers' user's alone, and starts its janitor.
    pub(crate) fn create(setpriv: &Path, account: Account) -> Result<Self, LocalStoresError> {
        let parent = std::env::temp_dir();
        let folder = tempfile::Builder::new()
            .prefix("local-stores-")
            .permissions(Permissions::from_mode(0o700))
            .tempdir()
            .trying(|| format!("create a folder in {}", parent.display()))?;
        let path = folder.path().canonicalize().trying(|| format!("enter {}", folder.path().display()))?;
        account.reaches(&path)?;
        for inside in [&path, &path.join("postgresql"), &path.join("redis")] {
            if inside != &path {
                std::fs::create_dir(inside).trying(|| format!("create {}", inside.display()))?;
            }
            account.give(inside).trying(|| format!("give {} to the servers' user", inside.display()))?;
        }
        let workplaces = [&*path.join("postgresql"), &*path.join("redis"), &*path];
        let janitor = Janitor::start(&path, &workplaces, setpriv, &account)
            .trying(|| "start the shell that cleans up after the servers".to_owned())?;
        Ok(Self { janitor, _folder: folder, path, account })
    }

    /// PostgreSQL's data and working folder.
    pub(crate) fn postgresql(&self) -> PathBuf {
        self.path.join("postgresql")
    }

    /// Redis's data and working folder.
    pub(crate) fn redis(&self) -> PathBuf {
        self.path.join("redis")
    }

    /// The log of `program`.
    pub(crate) fn log(&self, program: &str) -> PathBuf {
        self.path.join(format!("{program}.log"))
    }

    /// Writes a file of the servers' user that nobody else may read.
    pub(crate) fn write(&self, path: &Path, text: &str) -> Result<(), LocalStoresError> {
        self.try_write(path, text).trying(|| format!("write {}", path.display()))
    }

    fn try_write(&self, path: &Path, text: &str) -> io::Result<()> {
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
        self.account.give(path)?;
        file.write_all(text.as_bytes())
    }

    /// Ends what still runs in the folder, and removes it.
    pub(crate) fn close(mut self) -> Result<(), LocalStoresError> {
        let released = self.janitor.release().trying(|| "wait for the shell that cleans up".to_owned())?;
        if released && !self.path.exists() {
            return Ok(());
        }
        std::fs::remove_dir_all(&self.path).trying(|| format!("remove {}", self.path.display()))
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        // The backstop. What the janitor leaves of the folder, if anything, is removed with the field `_folder`.
        let _ = self.janitor.release();
    }
}

/// The end of a log, without the secret.
pub(crate) fn tail(log: &Path, secret: &str) -> String {
    let read = || -> io::Result<Vec<u8>> {
        let mut file = File::open(log)?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(TAIL_BYTES)))?;
        let mut end = Vec::new();
        file.take(TAIL_BYTES).read_to_end(&mut end)?;
        Ok(end)
    };
    match read() {
        Ok(end) if end.is_empty() => "(nothing)".to_owned(),
        Ok(end) => String::from_utf8_lossy(&end).trim_end().replace(secret, "***"),
        Err(error) => format!("(unreadable: {error})"),
    }
}

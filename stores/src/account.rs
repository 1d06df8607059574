//! As whom the servers run: PostgreSQL refuses to run as root.

use std::io;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::Path;

use crate::error::{LocalStoresError, Trying as _};

/// Who the servers run as.
#[derive(Debug, Clone)]
pub(crate) enum Account {
    /// We are an ordinary user, and so are they.
    Ours,
    /// We are root; they are this user.
    Other { name: String, uid: u32, gid: u32 },
}

impl Account {
    /// Ourselves, unless we are root: then `postgres` if that exists, else `nobody`.
    pub(crate) fn choose() -> Result<Self, LocalStoresError> {
        if !rustix::process::geteuid().is_root() {
            return Ok(Self::Ours);
        }
        let users = std::fs::read_to_string("/etc/passwd").trying(|| "read /etc/passwd".to_owned())?;
        other(&users).ok_or(LocalStoresError::NoAccount)
    }

    /// What `setpriv` is told, so that what it starts runs as this user.
    pub(crate) fn arguments(&self) -> Vec<String> {
        match self {
            Self::Ours => Vec::new(),
            Self::Other { uid, gid, .. } => {
                vec![format!("--reuid={uid}"), format!("--regid={gid}"), "--clear-groups".to_owned()]
            }
        }
    }

    /// Makes a file or folder this user's.
    pub(crate) fn give(&self, path: &Path) -> io::Result<()> {
        match self {
            Self::Ours => Ok(()),
            Self::Other { uid, gid, .. } => chown(path, Some(*uid), Some(*gid)),
        }
    }

    /// Checks that this user can enter every folder on the way to `path`, which is absolute and has no links in it.
    pub(crate) fn reaches(&self, path: &Path) -> Result<(), LocalStoresError> {
        let Self::Other { name, .. } = self else { return Ok(()) };
        for folder in path.ancestors().skip(1) {
            let mode =
                folder.metadata().trying(|| format!("look at {}", folder.display()))?.permissions().mode();
            if mode & 0o001 == 0 {
                return Err(LocalStoresError::Unreachable {
                    user: name.clone(),
                    folder: folder.to_path_buf(),
                });
            }
        }
        Ok(())
    }
}

/// The user to be in the place of root, out of the lines of `/etc/passwd`.
fn other(users: &str) -> Option<Account> {
    let find = |name: &str| {
        users.lines().find_map(|line| {
            let mut fields = line.split(':');
            if fields.next()? != name {
                return None;
            }
            let uid = fields.nth(1)?.parse().ok()?;
            let gid = fields.next()?.parse().ok()?;
            // Another name for root would be refused as well.
            (uid != 0).then(|| Account::Other { name: name.to_owned(), uid, gid })
        })
    };
    find("postgres").or_else(|| find("nobody"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefers_postgres_and_falls_back_to_nobody() {
        let check = |users: &str, expected: Option<&str>| {
            let name = other(users).map(|account| match account {
                Account::Other { name, uid, gid } => format!("{name} {uid} {gid}"),
                Account::Ours => "ours".to_owned(),
            });
            assert_eq!(name.as_deref(), expected);
        };
        let nobody = "root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65533:nobody:/:/bin/false\n";
        check(nobody, Some("nobody 65534 65533"));
        check(&format!("{nobody}postgres:x:101:104:PostgreSQL:/:/bin/bash\n"), Some("postgres 101 104"));
        check("root:x:0:0:root:/root:/bin/bash\npostgres:x:0:0::/:/bin/sh\n", None);
    }

    #[test]
    fn names_the_folder_that_bars_the_way() {
        let root = tempfile::tempdir().unwrap();
        let closed = root.path().canonicalize().unwrap();
        let inside = closed.join("inside");
        let other = Account::Other { name: "postgres".to_owned(), uid: 101, gid: 104 };
        std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o700)).unwrap();
        let error = other.reaches(&inside).unwrap_err().to_string();
        assert!(error.contains(&format!("cannot enter {}", closed.display())), "{error}");
        assert!(Account::Ours.reaches(&inside).is_ok());
    }
}

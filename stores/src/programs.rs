//! Finds the programs: on PATH first, then where Debian puts those that it keeps off PATH.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::error::{LocalStoresError, Trying as _};

/// Debian keeps one folder of PostgreSQL programs for each major version, off PATH.
const DEBIAN_POSTGRESQL: &str = "/usr/lib/postgresql";
const PACKAGES: &str = "postgresql redis-server";

/// All programs that are needed.
#[derive(Debug, Clone)]
pub(crate) struct Programs {
    pub(crate) initdb: PathBuf,
    pub(crate) postgres: PathBuf,
    pub(crate) redis: PathBuf,
    pub(crate) setpriv: PathBuf,
}

/// Where to look. A test can look elsewhere.
#[derive(Debug)]
pub(crate) struct Search {
    path: Vec<PathBuf>,
    postgresql: PathBuf,
}

impl Search {
    /// This process's PATH and Debian's folders.
    pub(crate) fn system() -> Self {
        let path = std::env::var_os("PATH").unwrap_or_default();
        Self { path: std::env::split_paths(&path).collect(), postgresql: DEBIAN_POSTGRESQL.into() }
    }

    /// Finds everything.
    ///
    /// # Errors
    /// [`LocalStoresError::Missing`] names the first program that is absent.
    pub(crate) fn find(&self) -> Result<Programs, LocalStoresError> {
        let missing = |program, debian| LocalStoresError::Missing { program, debian, packages: PACKAGES };
        let bin = self.postgresql_bin().ok_or_else(|| missing("postgres", "/usr/lib/postgresql/*/bin"))?;
        let redis = self.on_path("redis-server").ok_or_else(|| missing("redis-server", "/usr/bin"))?;
        let setpriv = self.on_path("setpriv").ok_or(LocalStoresError::Missing {
            program: "setpriv",
            debian: "/usr/bin",
            packages: "util-linux",
        })?;
        Ok(Programs { initdb: bin.join("initdb"), postgres: bin.join("postgres"), redis, setpriv })
    }

    fn on_path(&self, program: &str) -> Option<PathBuf> {
        self.path.iter().map(|folder| folder.join(program)).find(|file| file.is_file())
    }

    /// The folder with both `postgres` and `initdb`; a link on PATH leads to it.
    fn postgresql_bin(&self) -> Option<PathBuf> {
        let complete = |bin: &PathBuf| bin.join("postgres").is_file() && bin.join("initdb").is_file();
        let on_path = self.path.iter().filter_map(|folder| folder.join("postgres").canonicalize().ok());
        on_path.filter_map(|file| Some(file.parent()?.to_path_buf())).find(complete).or_else(|| {
            let versions = std::fs::read_dir(&self.postgresql).ok()?;
            let bins = versions.flatten().map(|version| version.path().join("bin")).filter(complete);
            bins.max_by_key(|bin| major_version(bin))
        })
    }
}

/// `15` of `/usr/lib/postgresql/15/bin`.
fn major_version(bin: &Path) -> Option<u32> {
    bin.parent()?.file_name()?.to_str()?.split('.').next()?.parse().ok()
}

/// What a program says about its version, without what is around it: the word after `before`.
///
/// # Errors
/// When the program cannot be run, or says nothing of the kind.
pub(crate) fn version(program: &Path, name: &'static str, before: &str) -> Result<String, LocalStoresError> {
    let output = Command::new(program)
        .arg(OsStr::new("--version"))
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .output()
        .trying(|| format!("run {}", program.display()))?;
    let said = String::from_utf8_lossy(&output.stdout);
    word_after(&said, before).ok_or_else(|| LocalStoresError::Failed {
        program: name,
        what: "does not tell its version".to_owned(),
        log: said.trim().to_owned(),
    })
}

fn word_after(said: &str, before: &str) -> Option<String> {
    let (_, rest) = said.split_once(before)?;
    rest.split_whitespace().next().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program(folder: &Path, name: &str) {
        std::fs::create_dir_all(folder).unwrap();
        std::fs::write(folder.join(name), "").unwrap();
    }

    fn postgresql(root: &Path, version: &str) -> PathBuf {
        let bin = root.join("debian").join(version).join("bin");
        program(&bin, "postgres");
        program(&bin, "initdb");
        bin
    }

    fn search(root: &Path, path: &[&str]) -> Search {
        Search {
            path: path.iter().map(|folder| root.join(folder)).collect(),
            postgresql: root.join("debian"),
        }
    }

    #[test]
    fn names_the_missing_program_and_its_packages_when_path_is_empty() {
        let root = tempfile::tempdir().unwrap();
        let error = search(root.path(), &[]).find().unwrap_err();
        assert!(error.is_missing());
        let message = error.to_string();
        assert!(
            message.starts_with("postgres is neither on PATH nor in /usr/lib/postgresql/*/bin"),
            "{message}"
        );
        assert!(message.contains("postgresql redis-server"), "{message}");
    }

    #[test]
    fn names_redis_when_only_that_is_missing() {
        let root = tempfile::tempdir().unwrap();
        postgresql(root.path(), "15");
        let error = search(root.path(), &["bin"]).find().unwrap_err();
        assert!(error.is_missing());
        assert!(error.to_string().starts_with("redis-server is neither"), "{error}");
    }

    #[test]
    fn takes_debians_newest_version_by_number() {
        let root = tempfile::tempdir().unwrap();
        postgresql(root.path(), "9.6");
        let newest = postgresql(root.path(), "15");
        for name in ["redis-server", "setpriv"] {
            program(&root.path().join("bin"), name);
        }
        // A folder that lost its initdb is of no use, however new.
        program(&root.path().join("debian/99/bin"), "postgres");
        let programs = search(root.path(), &["bin"]).find().unwrap();
        assert_eq!(programs.postgres, newest.join("postgres"));
        assert_eq!(programs.initdb, newest.join("initdb"));
    }

    #[test]
    fn follows_a_link_on_path_to_the_folder_that_has_initdb() {
        let root = tempfile::tempdir().unwrap();
        let linked = postgresql(root.path(), "14").canonicalize().unwrap();
        postgresql(root.path(), "15");
        let bin = root.path().join("bin");
        program(&bin, "redis-server");
        std::os::unix::fs::symlink(linked.join("postgres"), bin.join("postgres")).unwrap();
        assert_eq!(search(root.path(), &["bin"]).postgresql_bin(), Some(linked));
    }

    #[test]
    fn reads_both_programs_versions() {
        let check = |said, before, expected: &str| assert_eq!(word_after(said, before).unwrap(), expected);
        check("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n", "(PostgreSQL) ", "15.18");
        check("Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64", " v=", "7.0.15");
        assert_eq!(word_after("something else", " v="), None);
    }
}

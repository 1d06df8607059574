//! Which folders below one hold a run.

use std::collections::VecDeque;
use std::fs::{self, DirEntry, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

/// So deep a walk goes. A run of a sweep lies four deep, `sweep/cells/setting/run`, and the sweep itself in folders of a team's own.
const DEEPEST: usize = 8;
/// A walk looks into so many folders at most.
pub(super) const MOST_FOLDERS: usize = 10_000;
/// A walk looks at so many names at most.
const MOST_NAMES: usize = 500_000;

/// Where a run's judgement stands.
pub(super) const SUMMARY: &str = "summary.json";
/// The page of a run.
pub(super) const PAGE: &str = "index.html";

/// What there is below a folder.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) runs: Vec<RunFolder>,
    /// Folders that cannot be looked into.
    pub(super) closed: Vec<(PathBuf, io::Error)>,
    /// Whether the folder that was looked through holds a report itself.
    pub(super) is_report: bool,
    /// Whether there was more than a walk looks at.
    pub(super) is_cut: bool,
}

/// A folder with a `summary.json` in it.
#[derive(Debug)]
pub(super) struct RunFolder {
    /// From the folder that was looked through.
    pub(super) path: PathBuf,
    pub(super) stamp: Stamp,
    pub(super) has_page: bool,
}

/// As long as it is the same, a file holds the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp {
    /// Seconds and nanoseconds.
    pub(super) modified: (i64, i64),
    /// This one changes with the permissions too.
    changed: (i64, i64),
    length: u64,
    place: (u64, u64),
}

impl Stamp {
    fn of(metadata: &Metadata) -> Self {
        Self {
            modified: (metadata.mtime(), metadata.mtime_nsec()),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
            length: metadata.len(),
            place: (metadata.dev(), metadata.ino()),
        }
    }
}

/// Looks through the folders below `root`, the near ones first. A symbolic link is not followed, and a folder that is not there is empty.
pub(super) fn walk(root: &Path) -> Found {
    let mut found = Found::default();
    let mut folders = VecDeque::from([(PathBuf::new(), 0)]);
    let (mut seen, mut names) = (1, 0);
    while let Some((path, depth)) = folders.pop_front() {
        let mut folder = Folder::default();
        if let Err(error) = folder.look(&root.join(&path), MOST_NAMES - names) {
            // Nobody has made a report yet, or this one has just gone.
            if error.kind() != io::ErrorKind::NotFound {
                found.closed.push((path, error));
            }
            continue;
        }
        names += folder.names;
        found.is_cut |= folder.is_cut;
        match folder.summary {
            Some(_) if depth == 0 => found.is_report = true,
            Some(stamp) => {
                found.runs.push(RunFolder { path: path.clone(), stamp, has_page: folder.has_page });
            }
            None => {}
        }
        if depth < DEEPEST {
            folder.folders.sort();
            let room = MOST_FOLDERS - seen;
            found.is_cut |= folder.folders.len() > room;
            seen += folder.folders.len().min(room);
            folders.extend(folder.folders.into_iter().take(room).map(|name| (path.join(name), depth + 1)));
        }
    }
    found
}

/// What stands in one folder.
#[derive(Debug, Default)]
struct Folder {
    folders: Vec<PathBuf>,
    summary: Option<Stamp>,
    has_page: bool,
    names: usize,
    is_cut: bool,
}

impl Folder {
    /// Looks at `most` names at most.
    fn look(&mut self, path: &Path, most: usize) -> io::Result<()> {
        for entry in fs::read_dir(path)? {
            if self.names == most {
                self.is_cut = true;
                break;
            }
            self.names += 1;
            self.take(&entry?)?;
        }
        Ok(())
    }

    /// Neither the type nor the stamp of an entry follows a link.
    fn take(&mut self, entry: &DirEntry) -> io::Result<()> {
        let (name, kind) = (entry.file_name(), entry.file_type()?);
        if kind.is_dir() {
            self.folders.push(name.into());
        } else if kind.is_file() && name == PAGE {
            self.has_page = true;
        } else if kind.is_file() && name == SUMMARY {
            self.summary = Some(Stamp::of(&entry.metadata()?));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn run(root: &Path, path: &str) {
        fs::create_dir_all(root.join(path)).unwrap();
        fs::write(root.join(path).join(SUMMARY), "{}").unwrap();
    }

    fn paths(found: &Found) -> Vec<String> {
        found.runs.iter().map(|run| run.path.to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn the_runs_of_a_sweep_are_found_the_near_ones_first_and_nothing_deeper_than_a_walk_goes() {
        let root = tempfile::tempdir().unwrap();
        let of_sweep = "ci/2026/sweep/cells/01-max-retries=3/run-1";
        for path in ["b", "a", "b/inner", of_sweep, "1/2/3/4/5/6/7/8", "1/2/3/4/5/6/7/8/9"] {
            run(root.path(), path);
        }
        fs::create_dir(root.path().join("empty")).unwrap();
        let found = walk(root.path());
        assert_eq!(paths(&found), ["a", "b", "b/inner", of_sweep, "1/2/3/4/5/6/7/8"]);
        assert!(!found.is_report && !found.is_cut && found.closed.is_empty());
    }

    #[test]
    fn links_are_not_followed_and_a_folder_of_that_name_is_no_summary() {
        let root = tempfile::tempdir().unwrap();
        let outside = tempfile::tempdir().unwrap();
        run(outside.path(), "elsewhere");
        symlink(outside.path().join("elsewhere"), root.path().join("linked")).unwrap();
        symlink(outside.path(), root.path().join("deep")).unwrap();
        fs::create_dir_all(root.path().join("file")).unwrap();
        symlink(outside.path().join("elsewhere/summary.json"), root.path().join("file/summary.json"))
            .unwrap();
        fs::create_dir_all(root.path().join("folder/summary.json")).unwrap();
        symlink(root.path(), root.path().join("around")).unwrap();
        assert_eq!(paths(&walk(root.path())), Vec::<String>::new());
    }

    #[test]
    fn a_stamp_tells_that_a_file_has_changed() {
        let root = tempfile::tempdir().unwrap();
        run(root.path(), "a");
        let stamp = || walk(root.path()).runs[0].stamp;
        let first = stamp();
        assert_eq!(first, stamp());
        // Another file of the same length in its place.
        fs::write(root.path().join("a/new"), "{}").unwrap();
        fs::rename(root.path().join("a/new"), root.path().join("a/summary.json")).unwrap();
        assert_ne!(first, stamp());
    }

    #[test]
    fn a_folder_that_is_not_there_is_empty_and_one_that_is_a_report_says_so() {
        let root = tempfile::tempdir().unwrap();
        let found = walk(&root.path().join("gone"));
        assert!(found.runs.is_empty() && found.closed.is_empty() && !found.is_report);
        run(root.path(), "");
        fs::write(root.path().join("file"), "").unwrap();
        let found = walk(root.path());
        assert!(found.is_report && found.runs.is_empty());
        assert_eq!(walk(&root.path().join("file")).closed.len(), 1);
    }

    #[test]
    fn a_walk_ends_and_says_that_there_was_more() {
        let root = tempfile::tempdir().unwrap();
        run(root.path(), "z");
        for n in 0..=MOST_FOLDERS {
            fs::create_dir(root.path().join(format!("{n:05}"))).unwrap();
        }
        let found = walk(root.path());
        assert!(found.is_cut && found.runs.is_empty());
    }
}

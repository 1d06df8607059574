//! Follows a journal while a run writes it: its last run from the begin on, then whatever is appended.

use std::fs::{File, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use procfs::{Lock, LockKind, LockType};

use super::blocks::{Layout, Piece};
use super::decode::{Filter, Outcome, decode};
use super::error::JournalError;
use super::event::Line;
use super::runs::scan;

/// What there is to tell of a journal that is followed.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "handed on as it is decoded, never kept")]
pub enum News<'a> {
    /// It is another file than before, or became shorter: nothing of what was told holds any more.
    Anew,
    /// A line. That of another run begins with its `run_started`.
    Line(Line<'a>),
    /// A line that cannot be read, and why.
    Unreadable(String),
}

/// Reads what others append to a journal. A line counts once its newline is there, so a torn last one is not told.
#[derive(Debug)]
pub struct Tail {
    path: PathBuf,
    open: Option<Open>,
}

#[derive(Debug)]
struct Open {
    file: File,
    /// Device and inode: by them it is known whether the path still leads to this file.
    identity: (u64, u64),
    /// Where the first line that was not told begins.
    at: u64,
}

impl Tail {
    /// Nothing is read yet, and nothing need be there yet.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), open: None }
    }

    /// Where the journal is, or is to be.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Tells what is new since the last call: of a journal that is there for the first time its last run. One that is not there tells
    /// nothing. Gives whether anything was told.
    ///
    /// # Errors
    /// [`JournalError::Read`] when it is there and cannot be read; what follows is told by the next call that can.
    pub fn poll(&mut self, mut tell: impl FnMut(News<'_>)) -> Result<bool, JournalError> {
        let told = self.read(&mut tell);
        told.map_err(|source| JournalError::Read { path: self.path.clone(), source: Arc::new(source) })
    }

    fn read(&mut self, tell: &mut impl FnMut(News<'_>)) -> io::Result<bool> {
        let metadata = match std::fs::metadata(&self.path) {
            Ok(metadata) if metadata.is_file() => metadata,
            Ok(_) => {
                return Err(io::Error::other(
                    "it is no regular file, so nobody can read it beside its writer",
                ));
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let was_there = self.open.take().is_some();
                if was_there {
                    tell(News::Anew);
                }
                return Ok(was_there);
            }
            Err(error) => return Err(error),
        };
        let same = |open: &Open| open.identity == identity(&metadata) && open.at <= metadata.len();
        let known = self.open.as_ref().is_some_and(same);
        if !known {
            self.open = Some(Open::last_run(&self.path)?);
            tell(News::Anew);
        }
        let Some(open) = &mut self.open else { return Ok(false) };
        Ok(open.read(tell)? || !known)
    }

    /// Whether a run is writing: whether anybody holds the lock that a writer holds as long as it lives. `None` where the system does
    /// not tell.
    #[must_use]
    pub fn is_written(&self) -> Option<bool> {
        let locks = procfs::locks().ok()?;
        let Some(open) = &self.open else { return Some(false) };
        // By the inode alone: the device of a file and that of its lock differ on some file systems.
        let of_writer = |lock: &Lock| {
            lock.lock_type == LockType::FLock
                && matches!(lock.kind, LockKind::Write)
                && lock.inode == open.identity.1
        };
        Some(locks.iter().any(of_writer))
    }
}

impl Open {
    /// A journal from the begin of its last run on.
    fn last_run(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        let last = scan(&file, Layout::DEFAULT, metadata.len())?.pop();
        Ok(Self { file, identity: identity(&metadata), at: last.map_or(0, |last| last.offset) })
    }

    fn read(&mut self, tell: &mut impl FnMut(News<'_>)) -> io::Result<bool> {
        let (from, to) = (self.at, self.file.metadata()?.len());
        let mut at = to;
        Layout::DEFAULT.for_each(&self.file, from..to, |offset, piece| match piece {
            Piece::Lines(lines) => each(lines, tell),
            Piece::Overlong => tell(News::Unreadable("it is too long".to_owned())),
            Piece::Tail(_) => at = offset,
        })?;
        self.at = at;
        Ok(at > from)
    }
}

fn each(lines: &[u8], tell: &mut impl FnMut(News<'_>)) {
    let mut rest = lines;
    while let Some(end) = memchr::memchr(b'\n', rest) {
        let line = &rest[..end];
        rest = &rest[end + 1..];
        match decode(line, Filter::ALL, |line| tell(News::Line(line))) {
            Outcome::Unreadable(reason) if !line.trim_ascii().is_empty() => tell(News::Unreadable(reason)),
            // Of a type that a later version writes: it says nothing to this one.
            Outcome::Unreadable(_) | Outcome::UnknownType | Outcome::Visited | Outcome::Unwanted => {}
        }
    }
}

fn identity(metadata: &Metadata) -> (u64, u64) {
    (metadata.dev(), metadata.ino())
}

#[cfg(test)]
mod tests {
    use std::fs::OpenOptions;
    use std::io::Write as _;

    use super::*;
    use crate::journal::encode::write_line;
    use crate::journal::event::{Event, UsersStarted};
    use crate::journal::examples::run_started;

    struct Place {
        _folder: tempfile::TempDir,
        path: PathBuf,
    }

    impl Place {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("journal.jsonl");
            Self { _folder: folder, path }
        }

        fn append(&self, text: &[u8]) {
            let mut file = OpenOptions::new().append(true).create(true).open(&self.path).unwrap();
            file.write_all(text).unwrap();
        }

        fn tail(&self) -> Tail {
            Tail::new(&self.path)
        }
    }

    fn line(t: u64, event: &Event<'_>) -> Vec<u8> {
        let mut text = Vec::new();
        write_line(&mut text, t, event).unwrap();
        text
    }

    fn begin(run: &str) -> Vec<u8> {
        line(0, &run_started(run).into())
    }

    fn users(t: u64) -> Vec<u8> {
        line(t, &UsersStarted { users: 5 }.into())
    }

    /// What a look tells, in short.
    #[track_caller]
    fn check(tail: &mut Tail, expected: &[&str]) {
        let mut told = Vec::new();
        let any = tail
            .poll(|news| {
                told.push(match news {
                    News::Anew => "anew".to_owned(),
                    News::Line(Line { event: Event::RunStarted(run), .. }) => run.run,
                    News::Line(line) => format!("{} {}", line.event.kind(), line.t),
                    News::Unreadable(reason) => reason.split(':').next().unwrap().to_owned(),
                });
            })
            .unwrap();
        assert_eq!(told, expected);
        assert_eq!(any, !expected.is_empty());
    }

    #[test]
    fn what_is_not_there_yet_tells_nothing_and_is_told_once_it_is() {
        let place = Place::new();
        let mut tail = place.tail();
        check(&mut tail, &[]);
        place.append(&begin("a"));
        check(&mut tail, &["anew", "a"]);
        check(&mut tail, &[]);
        place.append(&users(7));
        check(&mut tail, &["users_started 7"]);
    }

    #[test]
    fn it_begins_with_the_last_run_and_goes_on_with_the_next() {
        let place = Place::new();
        for text in [begin("a"), users(1), begin("b"), users(2)] {
            place.append(&text);
        }
        let mut tail = place.tail();
        check(&mut tail, &["anew", "b", "users_started 2"]);
        place.append(&begin("c"));
        check(&mut tail, &["c"]);
    }

    #[test]
    fn a_line_counts_once_it_is_whole() {
        let place = Place::new();
        place.append(&begin("a"));
        let mut tail = place.tail();
        check(&mut tail, &["anew", "a"]);
        let text = users(9);
        place.append(&text[..20]);
        check(&mut tail, &[]);
        place.append(&text[20..]);
        check(&mut tail, &["users_started 9"]);
    }

    #[test]
    fn a_torn_line_is_told_only_when_something_follows_it() {
        let place = Place::new();
        place.append(&begin("a"));
        place.append(b"{\"t\":5,\"type\":\"can");
        let mut tail = place.tail();
        check(&mut tail, &["anew", "a"]);
        // As the writer of the next run mends it.
        place.append(b"\n");
        place.append(&begin("b"));
        check(&mut tail, &["not JSON", "b"]);
    }

    #[test]
    fn another_file_in_its_place_and_one_that_was_emptied_begin_anew() {
        let place = Place::new();
        place.append(&begin("a"));
        let mut tail = place.tail();
        check(&mut tail, &["anew", "a"]);
        std::fs::rename(&place.path, place.path.with_extension("old")).unwrap();
        check(&mut tail, &["anew"]);
        check(&mut tail, &[]);
        place.append(&begin("b"));
        check(&mut tail, &["anew", "b"]);
        std::fs::write(&place.path, "").unwrap();
        check(&mut tail, &["anew"]);
        place.append(&begin("c"));
        check(&mut tail, &["c"]);
    }

    #[test]
    fn what_cannot_be_read_is_an_error_that_names_the_place() {
        let folder = tempfile::tempdir().unwrap();
        let error = Tail::new(folder.path()).poll(|_| {}).unwrap_err().to_string();
        assert!(error.contains(&folder.path().display().to_string()), "{error}");
    }

    #[test]
    fn a_writer_is_known_by_its_lock() {
        let place = Place::new();
        place.append(&begin("a"));
        let mut tail = place.tail();
        tail.poll(|_| {}).unwrap();
        assert_eq!(tail.is_written(), Some(false));
        let writer = OpenOptions::new().append(true).open(&place.path).unwrap();
        writer.lock().unwrap();
        assert_eq!(tail.is_written(), Some(true));
        drop(writer);
        assert_eq!(tail.is_written(), Some(false));
    }
}

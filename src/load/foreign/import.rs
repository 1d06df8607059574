//! Requests of goose's log become lines of the journal, on a thread of its own, while the load goes on.

use std::borrow::Cow;
use std::collections::{HashMap, VecDeque};
use std::io::{self, BufRead};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc;
use std::time::Duration;

use super::alignment::Aligner;
use super::hook::{Correction, Key};
use super::line::Logged;
use super::tail::{self, Ended};
use crate::clock::{Clock, duration_us};
use crate::journal::event::Request;
use crate::journal::{JournalHandle, Micros};
use crate::progress::Progress;

/// A request waits so long for its transaction to call it failed after all.
const PATIENCE: Duration = Duration::from_secs(1);

/// What the import needs.
pub(super) struct Import {
    pub(super) clock: Clock,
    pub(super) journal: JournalHandle,
    pub(super) progress: Arc<Progress>,
    /// The log.
    pub(super) path: PathBuf,
    /// When goose's load began.
    pub(super) origin: Micros,
    pub(super) corrections: mpsc::Receiver<Correction>,
    /// goose writes no more.
    pub(super) ended: Ended,
}

impl Import {
    /// Imports until the log has ended, and journals how well it was aligned.
    ///
    /// # Errors
    /// When the log cannot be read; what was read is journalled nevertheless.
    pub(super) fn run(self) -> io::Result<()> {
        let mut importing = Importing {
            aligner: Aligner::new(self.origin),
            waiting: VecDeque::new(),
            causes: HashMap::new(),
            imported: 0,
            stamped: 0,
            corrected: 0,
            unreadable: 0,
            import: &self,
        };
        let read = importing.read();
        importing.release(Micros::MAX);
        importing.conclude();
        read
    }
}

/// The import under way.
struct Importing<'a> {
    import: &'a Import,
    aligner: Aligner,
    /// Requests in the order of the log, with when they are released.
    waiting: VecDeque<(Micros, Logged)>,
    /// Causes of requests that are to be called failed.
    causes: HashMap<Key, String>,
    imported: u64,
    stamped: u64,
    corrected: u64,
    unreadable: u64,
}

impl Importing<'_> {
    fn read(&mut self) -> io::Result<()> {
        let mut log = tail::open(&self.import.path, self.import.ended.clone())?;
        let mut line = Vec::new();
        loop {
            line.clear();
            if log.read_until(b'\n', &mut line)? == 0 {
                return Ok(());
            }
            let now = self.import.clock.now();
            match Logged::read(&line) {
                Ok(Some(logged)) => self.take(now, logged),
                Ok(None) => {}
                Err(_) => self.unreadable += 1,
            }
            self.release(now);
        }
    }

    fn take(&mut self, now: Micros, logged: Logged) {
        if let Some(exact) = logged.stamped_us {
            self.aligner.compare(logged.elapsed_ms, exact);
        }
        if !logged.is_marker {
            self.waiting.push_back((now + duration_us(PATIENCE), logged));
        }
    }

    /// Journals what has waited long enough by `now`.
    fn release(&mut self, now: Micros) {
        while self.waiting.front().is_some_and(|(until, _)| *until <= now) {
            self.causes.extend(self.import.corrections.try_iter().map(|found| (found.key, found.cause)));
            let Some((_, logged)) = self.waiting.pop_front() else { return };
            self.journal(logged);
        }
    }

    fn journal(&mut self, logged: Logged) {
        let t = logged.stamped_us.unwrap_or_else(|| self.aligner.place(logged.elapsed_ms));
        let Logged { user, name, status, mut ok, mut error, .. } = logged;
        if !self.causes.is_empty() {
            let key = Key { user, elapsed_ms: logged.elapsed_ms, name: name.clone() };
            if let Some(cause) = self.causes.remove(&key) {
                (ok, error) = (false, Some(cause));
                self.corrected += 1;
            }
        }
        self.imported += 1;
        self.stamped += u64::from(logged.stamped_us.is_some());
        self.import.progress.count_request(ok);
        let (name, error) = (Cow::Owned(name), error.map(Cow::Owned));
        let request = Request { duration_us: logged.duration_us, user, name, status, ok, error };
        self.import.journal.request_blocking(t, request);
    }

    fn conclude(&self) {
        let found = self.aligner.finish(self.imported, self.stamped, self.corrected, self.unreadable);
        self.import.journal.control(self.import.clock.now(), found);
    }
}

//! The spool: where entries wait while the database is away.
//!
//! An append-only file of [`record`](super::record)s. An entry is safe once its record is fsynced; appends that wait
//! together share one fsync. When the file is opened, every whole record up to the first one that is torn or damaged
//! counts; what follows is moved into a file of its own beside it, so that nothing is ever destroyed, and is cut off.
//! A cut exactly between two records leaves a valid, shorter spool: nothing within a file can tell that.
//!
//! The file is made by the first append and emptied, never deleted, once everything in it is durable in the database.

use std::collections::HashMap;
use std::fs::File;
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::record::{self, Scan};
use super::{Appended, NewEntry, StoreError};
use crate::module::SessionId;

/// A spool that is longer takes nothing more: what waits must fit into memory as an index.
const LARGEST: u64 = 256 * 1024 * 1024;
/// Bytes read at once; several of the longest records.
const WINDOW: u64 = 1024 * 1024;

/// What is in the spool, for readers that must not wait for a writer's fsync.
#[derive(Clone, Debug, Default)]
pub(crate) struct SpoolIndex {
    /// The checksum of every entry, by session and `seq`.
    sessions: Arc<Mutex<HashMap<SessionId, HashMap<u64, String>>>>,
}

impl SpoolIndex {
    fn checksum(&self, entry: &NewEntry) -> Option<String> {
        let sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.get(&entry.session)?.get(&entry.seq).cloned()
    }

    /// Replaces everything: what is not in the file does not wait.
    fn replace(&self, entries: &[NewEntry]) {
        self.clear();
        self.add(entries);
    }

    fn add<'a>(&self, entries: impl IntoIterator<Item = &'a NewEntry>) {
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        for NewEntry { session, seq, checksum, .. } in entries {
            sessions.entry(session.clone()).or_default().insert(*seq, checksum.clone());
        }
    }

    fn clear(&self) {
        // What a long outage needed is given back.
        *self.sessions.lock().unwrap_or_else(PoisonError::into_inner) = HashMap::new();
    }

    /// How many entries of `session` wait for the database.
    pub(crate) fn waiting(&self, session: &SessionId) -> usize {
        let sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.get(session).map_or(0, HashMap::len)
    }

    /// How many entries wait for the database.
    pub(crate) fn total(&self) -> usize {
        let sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.values().map(HashMap::len).sum()
    }
}

/// The spool's file. One value owns it; who holds it decides who writes.
#[derive(Debug)]
pub(crate) struct Spool {
    path: PathBuf,
    /// None until it was opened, and while there is no file.
    file: Option<Arc<File>>,
    opened: bool,
    /// Where the next record goes.
    len: u64,
    /// Something may stand behind `len`: a write that failed half-way.
    dirty: bool,
    index: SpoolIndex,
    /// Tails that were damaged when the file was opened.
    damaged: u64,
}

/// The readable part of a spool at one moment.
#[derive(Clone, Debug)]
pub(crate) struct SpoolView {
    file: Option<Arc<File>>,
    pub(crate) len: u64,
}

impl Spool {
    /// A spool on `path`; nothing is opened yet.
    pub(crate) fn new(path: PathBuf) -> Self {
        let index = SpoolIndex::default();
        Self { path, file: None, opened: false, len: 0, dirty: false, index, damaged: 0 }
    }

    /// What is in it.
    pub(crate) fn index(&self) -> SpoolIndex {
        self.index.clone()
    }

    /// Reads what an earlier process left, once; after a failure it is tried again.
    pub(crate) async fn open(&mut self) -> Result<(), StoreError> {
        if self.opened {
            return Ok(());
        }
        let (path, index) = (self.path.clone(), self.index.clone());
        let found = blocking(move || open_file(&path, &index)).await.map_err(|error| self.failed(&error))?;
        if let Some((file, len, damaged)) = found {
            (self.file, self.len) = (Some(Arc::new(file)), len);
            self.damaged += u64::from(damaged);
        }
        self.opened = true;
        Ok(())
    }

    /// Has the file read again by the next [`Spool::open`]: its contents are not what was written.
    pub(crate) fn distrust(&mut self) {
        (self.file, self.opened, self.len) = (None, false, 0);
    }

    /// Whether nothing waits. Only for an open spool.
    pub(crate) fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Tails that were found damaged, and forgets them.
    pub(crate) fn take_damaged(&mut self) -> u64 {
        std::mem::take(&mut self.damaged)
    }

    /// What can be read now.
    pub(crate) fn view(&self) -> SpoolView {
        SpoolView { file: self.file.clone(), len: self.len }
    }

    /// Appends `batch` with one fsync; the answers are in its order. An entry that the spool holds already is not
    /// written again.
    pub(crate) async fn append(&mut self, batch: &[NewEntry]) -> Vec<Result<Appended, StoreError>> {
        let mut new: HashMap<(&SessionId, u64), &NewEntry> = HashMap::new();
        let mut bytes = Vec::new();
        let mut answers = Vec::with_capacity(batch.len());
        for entry in batch {
            let known = self.index.checksum(entry);
            let mate = new.get(&(&entry.session, entry.seq)).map(|mate| &mate.checksum);
            answers.push(match known.as_ref().or(mate) {
                Some(checksum) if *checksum == entry.checksum => Appended::Same,
                Some(_) => Appended::Conflict,
                None => {
                    record::encode(entry, &mut bytes);
                    new.insert((&entry.session, entry.seq), entry);
                    Appended::Created
                }
            });
        }
        match self.write(bytes).await {
            Ok(()) => {
                self.index.add(new.into_values());
                answers.into_iter().map(Ok).collect()
            }
            // An entry of this batch may be the other half of a pair, so nothing that depends on it is answered.
            Err(error) => {
                let depends = |entry: &NewEntry| new.contains_key(&(&entry.session, entry.seq));
                let answer = |(entry, answer)| if depends(entry) { Err(error.clone()) } else { Ok(answer) };
                batch.iter().zip(answers).map(answer).collect()
            }
        }
    }

    async fn write(&mut self, bytes: Vec<u8>) -> Result<(), StoreError> {
        if bytes.is_empty() {
            return Ok(());
        }
        let added = bytes.len() as u64;
        if self.len + added > LARGEST {
            return Err(StoreError::Spool(format!("it is full with {} bytes", self.len)));
        }
        let (path, file, len, dirty) = (self.path.clone(), self.file.clone(), self.len, self.dirty);
        self.dirty = true;
        let written = blocking(move || {
            let file = match file {
                Some(file) => file,
                None => Arc::new(make_file(&path)?),
            };
            if dirty {
                file.set_len(len)?;
            }
            file.write_all_at(&bytes, len)?;
            file.sync_data()?;
            Ok(file)
        });
        self.file = Some(written.await.map_err(|error| self.failed(&error))?);
        (self.len, self.dirty) = (len + added, false);
        Ok(())
    }

    /// Empties the spool. Only when everything in it is durable elsewhere.
    pub(crate) async fn clear(&mut self) -> Result<(), StoreError> {
        if let Some(file) = self.file.clone() {
            let emptied = blocking(move || {
                file.set_len(0)?;
                file.sync_data()
            });
            emptied.await.map_err(|error| self.failed(&error))?;
        }
        (self.len, self.dirty) = (0, false);
        self.index.clear();
        Ok(())
    }

    fn failed(&self, error: &std::io::Error) -> StoreError {
        StoreError::Spool(format!("{error} ({})", self.path.display()))
    }
}

impl SpoolView {
    /// The records from `offset` on, as many as fit into a window, and where the next one starts.
    pub(crate) async fn read(&self, offset: u64) -> Result<(Vec<NewEntry>, u64), StoreError> {
        let Some(file) = self.file.clone() else { return Ok((Vec::new(), offset)) };
        let length = usize::try_from(WINDOW.min(self.len.saturating_sub(offset))).unwrap_or(0);
        let read = blocking(move || {
            let mut bytes = vec![0; length];
            file.read_exact_at(&mut bytes, offset)?;
            let mut entries = Vec::new();
            let good = scan(&bytes, |entry| entries.push(entry)).0;
            Ok((entries, offset + good as u64))
        });
        let (entries, next) = read.await.map_err(|error| StoreError::Spool(error.to_string()))?;
        if entries.is_empty() && length > 0 {
            return Err(StoreError::Spool(format!("its record at byte {offset} is damaged")));
        }
        Ok((entries, next))
    }
}

/// Gives every whole record of `bytes` to `each`. Answers where the first thing that is none begins, and what that is.
fn scan(bytes: &[u8], mut each: impl FnMut(NewEntry)) -> (usize, Scan) {
    let mut at = 0;
    loop {
        match record::decode(&bytes[at..]) {
            Scan::Record(entry, length) => {
                each(*entry);
                at += length;
            }
            end @ (Scan::End | Scan::Torn | Scan::Damaged) => return (at, end),
        }
    }
}

/// Opens what is there. Answers the file, the length of its whole records, and whether something else was damaged.
fn open_file(path: &Path, index: &SpoolIndex) -> std::io::Result<Option<(File, u64, bool)>> {
    let file = match File::options().read(true).write(true).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let bytes = std::fs::read(path)?;
    let mut entries = Vec::new();
    let (good, end) = scan(&bytes, |entry| entries.push(NewEntry { payload: String::new(), ..entry }));
    if good < bytes.len() {
        let aside = set_aside(path, &bytes[good..])?;
        tracing::error!(
            kept = entries.len(),
            bytes = bytes.len() - good,
            aside = %aside.display(),
            "the spool's tail is {end:?}: moved aside"
        );
        file.set_len(good as u64)?;
        file.sync_data()?;
    }
    index.replace(&entries);
    Ok(Some((file, good as u64, end == Scan::Damaged)))
}

/// Keeps `tail` in a new file beside `path`.
fn set_aside(path: &Path, tail: &[u8]) -> std::io::Result<PathBuf> {
    let aside = path.with_extension(format!("damaged-{:016x}", rand::random::<u64>()));
    let file = make_file(&aside)?;
    file.write_all_at(tail, 0)?;
    file.sync_data()?;
    Ok(aside)
}

/// Makes `path`, durably, readable by nobody else.
pub(super) fn make_file(path: &Path) -> std::io::Result<File> {
    let mut options = File::options();
    let file = options.read(true).write(true).create(true).truncate(false).mode(0o600).open(path)?;
    if let Some(folder) = path.parent() {
        File::open(folder)?.sync_all()?;
    }
    Ok(file)
}

/// A disk may take its time, so it is never asked on the thread that answers requests and beats.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> std::io::Result<T> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| Err(std::io::Error::other(error)))
}

#[cfg(test)]
#[path = "spool_tests.rs"]
mod tests;

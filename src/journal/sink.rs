//! The file behind the writer: opened, locked, mended, appended to, and cut back when a write fails.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::Arc;

use super::error::JournalError;

/// Where the writer thread puts whole lines.
pub(super) trait Sink: Send {
    /// Appends all of `lines`, which ends in a newline; on an error nothing but whole lines stays behind.
    fn append(&mut self, lines: &[u8]) -> io::Result<()>;

    /// Makes what was appended survive a power failure.
    fn sync(&mut self) -> io::Result<()>;
}

/// A journal on disk. The lock lives as long as the file is open.
#[derive(Debug)]
pub(super) struct FileSink {
    file: File,
    regular: bool,
    /// The last line has no newline, because its writer was killed. It gets one together with our first lines,
    /// so that the torn line always stands directly before a `run_started`.
    torn: bool,
}

impl FileSink {
    pub(super) fn open(path: &Path) -> Result<Self, JournalError> {
        let failed = |source| JournalError::Open { path: path.to_owned(), source: Arc::new(source) };
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(failed)?;
        }
        let mut file = OpenOptions::new().read(true).append(true).create(true).open(path).map_err(failed)?;
        let regular = file.metadata().map_err(failed)?.is_file();
        if regular {
            // Devices and pipes have neither a tail nor a use for a lock.
            lock(&file, path)?;
        }
        let torn = regular && is_torn(&mut file).map_err(failed)?;
        Ok(Self { file, regular, torn })
    }

    fn append_all(&mut self, lines: &[u8]) -> io::Result<()> {
        let mut done = 0;
        while done < lines.len() {
            let error = match self.file.write(&lines[done..]) {
                Ok(0) => io::ErrorKind::WriteZero.into(),
                Ok(n) => {
                    done += n;
                    continue;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => error,
            };
            self.cut_back(&lines[..done]);
            return Err(error);
        }
        Ok(())
    }

    /// Takes back the part of a line at the end of what was just written; its other part did not fit.
    fn cut_back(&self, written: &[u8]) {
        let part = written.len() - memchr::memrchr(b'\n', written).map_or(0, |at| at + 1);
        if self.regular && part > 0 {
            // Best effort: the reader tolerates a torn last line anyway. The length is asked for anew, lest a
            // file that somebody emptied meanwhile be filled up with zeros.
            let _ = self.file.metadata().and_then(|metadata| match metadata.len().checked_sub(part as u64) {
                Some(whole) => self.file.set_len(whole),
                None => Ok(()),
            });
        }
    }
}

impl Sink for FileSink {
    fn append(&mut self, lines: &[u8]) -> io::Result<()> {
        if !std::mem::take(&mut self.torn) {
            return self.append_all(lines);
        }
        self.append_all(&[b"\n", lines].concat())
    }

    fn sync(&mut self) -> io::Result<()> {
        if self.regular { self.file.sync_data() } else { Ok(()) }
    }
}

fn lock(file: &File, path: &Path) -> Result<(), JournalError> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(JournalError::Locked { path: path.to_owned() }),
        // A file system without locks cannot keep two runs apart, but one run on it is fine.
        Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => Ok(()),
        Err(TryLockError::Error(error)) => {
            Err(JournalError::Open { path: path.to_owned(), source: Arc::new(error) })
        }
    }
}

fn is_torn(file: &mut File) -> io::Result<bool> {
    if file.metadata()?.len() == 0 {
        return Ok(false);
    }
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last != *b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(path: &Path) -> String {
        std::fs::read_to_string(path).unwrap()
    }

    #[test]
    fn makes_missing_folders() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b/journal.jsonl");
        FileSink::open(&path).unwrap().append(b"{}\n").unwrap();
        assert_eq!(content(&path), "{}\n");
    }

    #[test]
    fn refuses_a_journal_that_another_run_holds() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.jsonl");
        let first = FileSink::open(&path).unwrap();
        let error = FileSink::open(&path).unwrap_err();
        assert!(error.is_locked(), "{error}");
        assert!(error.to_string().contains("is locked by another run: wait for it or pass --log"), "{error}");
        drop(first);
        FileSink::open(&path).unwrap();
    }

    #[test]
    fn ends_a_torn_line_together_with_the_first_lines_after_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.jsonl");
        std::fs::write(&path, "{\"t\":1}\n{\"t\":2,").unwrap();
        let mut sink = FileSink::open(&path).unwrap();
        assert_eq!(content(&path), "{\"t\":1}\n{\"t\":2,", "opening alone changes nothing");
        sink.append(b"{\"t\":0}\n").unwrap();
        sink.append(b"{\"t\":1}\n").unwrap();
        assert_eq!(content(&path), "{\"t\":1}\n{\"t\":2,\n{\"t\":0}\n{\"t\":1}\n");
    }

    #[test]
    fn cuts_back_to_the_last_whole_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.jsonl");
        let check = |before: &str, written: &str, expected: &str| {
            std::fs::write(&path, before).unwrap();
            let mut sink = FileSink::open(&path).unwrap();
            // What a write cut short by a full disk leaves behind.
            sink.file.write_all(written.as_bytes()).unwrap();
            sink.cut_back(written.as_bytes());
            assert_eq!(content(&path), expected);
        };
        check("{\"t\":1}\n", "{\"t\":2}\n{\"t", "{\"t\":1}\n{\"t\":2}\n");
        check("{\"t\":1}\n", "{\"t", "{\"t\":1}\n");
        check("{\"t\":1}\n", "{\"t\":2}\n", "{\"t\":1}\n{\"t\":2}\n");
        check("{\"t\":1}\n", "", "{\"t\":1}\n");
    }

    #[test]
    fn names_the_remedy_when_it_cannot_open() {
        let folder = tempfile::tempdir().unwrap();
        let error = FileSink::open(folder.path()).unwrap_err();
        assert!(matches!(error, JournalError::Open { .. }));
        assert!(error.to_string().contains("pass --log"), "{error}");
    }
}

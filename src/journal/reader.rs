//! The only way out of a journal: which runs it holds, and the lines of one of them.
//!
//! Memory does not depend on the length of the journal. A torn last line, as a killed run leaves it, is no
//! error; any other line that cannot be read is reported by its number in the file.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::blocks::{Layout, Piece};
pub use super::decode::Filter;
use super::decode::head;
use super::error::JournalError;
use super::event::{Line, SCHEMA_VERSION};
pub use super::runs::RunSpan;
use super::walk::Walk;
pub use super::walk::{BadLine, ReadStats};

/// A journal that is open for reading. A run may be writing to it: what it adds later is not seen.
#[derive(Debug)]
pub struct JournalFile {
    path: PathBuf,
    file: File,
    layout: Layout,
}

impl JournalFile {
    /// Opens a journal.
    ///
    /// # Errors
    /// [`JournalError::Read`] when it does not exist or may not be read.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, JournalError> {
        let path = path.as_ref().to_owned();
        match File::open(&path) {
            Ok(file) => Ok(Self { path, file, layout: Layout::DEFAULT }),
            Err(source) => Err(JournalError::Read { path, source: Arc::new(source) }),
        }
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The runs in the order of the file; none for an empty file.
    ///
    /// # Errors
    /// [`JournalError::NoRun`] when there are lines, but no run; [`JournalError::Read`].
    pub fn runs(&self) -> Result<Vec<RunSpan>, JournalError> {
        let len = self.file.metadata().map_err(|source| self.failed(source))?.len();
        let runs = super::runs::scan(&self.file, self.layout, len).map_err(|source| self.failed(source))?;
        if runs.is_empty() && len > 0 {
            return Err(self.no_run(len));
        }
        Ok(runs)
    }

    /// Hands the lines of a run that `filter` wants to `visit`, in the order of the file.
    ///
    /// # Errors
    /// [`JournalError::NewerSchema`] when the run was written by a later version; [`JournalError::Read`].
    pub fn read(
        &self,
        span: &RunSpan,
        filter: Filter,
        visit: impl FnMut(Line<'_>),
    ) -> Result<ReadStats, JournalError> {
        self.check_schema(span)?;
        let walk = Walk::through(&self.file, self.layout, span.offset..span.offset + span.len, filter, visit)
            .map_err(|source| self.failed(source))?;
        Ok(Walk::join(vec![walk], span.first_line, span.followed))
    }

    /// As [`JournalFile::read`], on at most `threads` threads. The run is cut into as many chunks; each begins
    /// with `init()`, sees its lines in the order of the file, and the states are merged in that order, so that
    /// the result does not depend on timing.
    ///
    /// # Errors
    /// As [`JournalFile::read`].
    ///
    /// # Panics
    /// When `init` or `visit` does.
    pub fn fold<S: Send>(
        &self,
        span: &RunSpan,
        filter: Filter,
        threads: usize,
        init: impl Fn() -> S + Sync,
        visit: impl Fn(&mut S, Line<'_>) + Sync,
        merge: impl FnMut(S, S) -> S,
    ) -> Result<(S, ReadStats), JournalError> {
        self.check_schema(span)?;
        let range = span.offset..span.offset + span.len;
        let chunks = self.layout.split(&self.file, range, threads).map_err(|source| self.failed(source))?;
        let through = |chunk| {
            let mut state = init();
            let walk = Walk::through(&self.file, self.layout, chunk, filter, |line| visit(&mut state, line))?;
            Ok((state, walk))
        };
        let results: io::Result<Vec<(S, Walk)>> = std::thread::scope(|scope| {
            let mut chunks = chunks.into_iter();
            // The last chunk is this thread's own.
            let own = chunks.next_back();
            let others: Vec<_> = chunks.map(|chunk| scope.spawn(|| through(chunk))).collect();
            let own = own.map(through);
            let joined = others.into_iter().map(|thread| match thread.join() {
                Ok(result) => result,
                Err(panic) => std::panic::resume_unwind(panic),
            });
            joined.chain(own).collect()
        });
        let (states, walks): (Vec<S>, Vec<Walk>) =
            results.map_err(|source| self.failed(source))?.into_iter().unzip();
        let state = states.into_iter().reduce(merge).unwrap_or_else(init);
        Ok((state, Walk::join(walks, span.first_line, span.followed)))
    }

    fn check_schema(&self, span: &RunSpan) -> Result<(), JournalError> {
        if span.schema <= SCHEMA_VERSION {
            return Ok(());
        }
        Err(JournalError::NewerSchema {
            path: self.path.clone(),
            line: span.first_line,
            run: span.run_id.clone(),
            found: span.schema,
            supported: SCHEMA_VERSION,
        })
    }

    fn failed(&self, source: io::Error) -> JournalError {
        JournalError::Read { path: self.path.clone(), source: Arc::new(source) }
    }

    /// Says what the first line is, since it is no `run_started`.
    fn no_run(&self, len: u64) -> JournalError {
        let mut reason = None;
        // One block tells enough; the kind of a longer line does not matter.
        let result = self.layout.for_each(&self.file, 0..len.min(self.layout.block as u64), |_, piece| {
            let (Piece::Lines(bytes) | Piece::Tail(bytes)) = piece else {
                return;
            };
            let line = bytes.split(|&byte| byte == b'\n').next().unwrap_or_default();
            reason.get_or_insert_with(|| match head(line) {
                Ok(head) => format!("of type `{}`", head.kind),
                Err(error) => error,
            });
        });
        match result {
            Ok(()) => JournalError::NoRun {
                path: self.path.clone(),
                reason: reason.unwrap_or_else(|| "too long".to_owned()),
            },
            Err(source) => self.failed(source),
        }
    }
}

#[cfg(test)]
mod tests;

//! The only way into a journal: one thread that empties two bounded queues into one file.
//!
//! *Requests* come in great number; when their queue is full, users wait, and the waiting is counted.
//! *Control* events, canaries and health polls have a queue of their own, whose senders never wait, so that a
//! slow disk cannot delay the undoing of a fault. Nothing is dropped: lines stand in the file in the order in
//! which the queues were emptied, control events first.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread::JoinHandle;

use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, oneshot};

use super::drain::{Drain, Totals};
use super::error::JournalError;
use super::event::{Event, FinishReason, Micros, Request, RunFinished};
use super::sink::{FileSink, Sink};

/// Told of the first failure, once, on the thread that met it.
type FailureHook = Box<dyn FnOnce(&JournalError) + Send>;

/// Reads the run's clock, in µs since the run began.
type Clock = Box<dyn Fn() -> Micros + Send + Sync>;

/// Lines that each queue holds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Capacity {
    pub(super) requests: usize,
    pub(super) control: usize,
}

impl Capacity {
    /// A second of 65,000 requests, about 6 MB; ten minutes of canaries and polls.
    const DEFAULT: Self = Self { requests: 65_536, control: 65_536 };
}

/// A journal that is open for writing. [`Journal::finish`] or [`Journal::close`] it when the run has ended;
/// dropping it writes what is queued, too, but tells nobody of an error.
#[derive(Debug)]
pub struct Journal {
    handle: JournalHandle,
    stop: Option<oneshot::Sender<Option<RunEnd>>>,
    thread: Option<JoinHandle<Totals>>,
}

/// How the run ended, for its last line.
#[derive(Debug)]
pub(super) struct RunEnd {
    pub(super) t: Micros,
    pub(super) reason: FinishReason,
    pub(super) detail: Option<String>,
}

/// What was written, and how long users waited for it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct JournalStats {
    /// Lines written.
    pub lines: u64,
    /// Bytes written.
    pub bytes: u64,
    /// How often a user had to wait for room in the queue.
    pub stalls: u64,
    /// How long users waited in sum.
    pub stalled_us: u64,
    /// Lines that came after the journal was closed and are lost; 0 when the load had ended before.
    pub refused: u64,
}

impl Journal {
    /// Opens the journal at `path` for one run, making missing folders, and starts its writer. A torn last line
    /// of a killed run is ended first; nothing else in an existing file is touched.
    ///
    /// `now_us` reads the run's clock (only ever to time a stall). `on_failure` is told of the first failure
    /// at once, so that the run can be stopped; it may be called on any thread and must not block.
    ///
    /// # Errors
    /// [`JournalError::Locked`] while another run holds the file, [`JournalError::Open`] when it cannot be made.
    pub fn open(
        path: impl AsRef<Path>,
        now_us: impl Fn() -> Micros + Send + Sync + 'static,
        on_failure: impl FnOnce(&JournalError) + Send + 'static,
    ) -> Result<Self, JournalError> {
        let path = path.as_ref();
        let sink = FileSink::open(path)?;
        Self::start(path, Box::new(sink), Capacity::DEFAULT, Box::new(now_us), Box::new(on_failure))
    }

    /// Starts the writer of an open sink.
    pub(super) fn start(
        path: &Path,
        sink: Box<dyn Sink>,
        capacity: Capacity,
        now_us: Clock,
        on_failure: FailureHook,
    ) -> Result<Self, JournalError> {
        let (request_sender, requests) = mpsc::channel(capacity.requests);
        let (control_sender, control) = mpsc::channel(capacity.control);
        let (stop, stopped) = oneshot::channel();
        let shared = Arc::new(Shared {
            path: path.to_owned(),
            requests: request_sender,
            control: control_sender,
            now_us,
            stalls: AtomicU64::new(0),
            stalled_us: AtomicU64::new(0),
            refused: AtomicU64::new(0),
            error: OnceLock::new(),
            on_failure: Mutex::new(Some(on_failure)),
        });
        let drain = Drain::new(Arc::clone(&shared), sink, requests, control, stopped);
        let thread = std::thread::Builder::new()
            .name("journal".to_owned())
            .spawn(move || drain.run())
            .map_err(|source| JournalError::Open { path: path.to_owned(), source: Arc::new(source) })?;
        Ok(Self { handle: JournalHandle { shared }, stop: Some(stop), thread: Some(thread) })
    }

    /// A way to write; clone it as often as needed.
    #[must_use]
    pub fn handle(&self) -> JournalHandle {
        self.handle.clone()
    }

    /// Writes what is queued, then a `run_finished` with the final count of stalls as the last line, and
    /// closes as [`Journal::close`] does.
    ///
    /// # Errors
    /// The first error of the whole run.
    pub fn finish(
        mut self,
        t: Micros,
        reason: FinishReason,
        detail: Option<String>,
    ) -> Result<JournalStats, JournalError> {
        self.end(Some(RunEnd { t, reason, detail }))
    }

    /// Writes what is queued, flushes it to the disk and waits for the writer. Blocks: call it from a thread
    /// that may, after the load has ended; lines that come later are counted as refused.
    ///
    /// # Errors
    /// The first error of the whole run.
    pub fn close(mut self) -> Result<JournalStats, JournalError> {
        self.end(None)
    }

    fn end(&mut self, last: Option<RunEnd>) -> Result<JournalStats, JournalError> {
        if let Some(stop) = self.stop.take() {
            // A writer that panicked does not listen any more; its error is recorded.
            let _ = stop.send(last);
        }
        let totals = self.thread.take().and_then(|thread| thread.join().ok()).unwrap_or_default();
        match self.handle.failure() {
            Some(error) => Err(error.clone()),
            None => Ok(self.handle.shared.stats(totals)),
        }
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        let _ = self.end(None);
    }
}

/// A way to write into an open journal, for any thread or task.
#[derive(Debug, Clone)]
pub struct JournalHandle {
    shared: Arc<Shared>,
}

impl JournalHandle {
    /// Writes one request of a goose user; waits while the queue is full. After a failure it returns at once.
    pub async fn request(&self, t: Micros, request: Request<'static>) {
        match self.shared.requests.try_send((t, request)) {
            Ok(()) => {}
            Err(TrySendError::Full(line)) => {
                let began = self.shared.stall_begins();
                let sent = self.shared.requests.send(line).await.is_ok();
                self.shared.stall_ends(began, sent);
            }
            Err(TrySendError::Closed(_)) => self.shared.refuse(),
        }
    }

    /// As [`JournalHandle::request`], for plain threads.
    ///
    /// # Panics
    /// When it has to wait inside an asynchronous task.
    pub fn request_blocking(&self, t: Micros, request: Request<'static>) {
        match self.shared.requests.try_send((t, request)) {
            Ok(()) => {}
            Err(TrySendError::Full(line)) => {
                let began = self.shared.stall_begins();
                let sent = self.shared.requests.blocking_send(line).is_ok();
                self.shared.stall_ends(began, sent);
            }
            Err(TrySendError::Closed(_)) => self.shared.refuse(),
        }
    }

    /// Writes a control event, a canary or a health poll. Never waits: when even the reserved queue is full,
    /// the journal as a whole has failed.
    pub fn control(&self, t: Micros, event: impl Into<Event<'static>>) {
        match self.shared.control.try_send((t, event.into())) {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => self.shared.fail(JournalError::Overflow {
                path: self.shared.path.clone(),
                capacity: self.shared.control.max_capacity(),
            }),
            Err(TrySendError::Closed(_)) => self.shared.refuse(),
        }
    }

    /// The first failure of the journal, if it has failed.
    #[must_use]
    pub fn failure(&self) -> Option<&JournalError> {
        self.shared.error.get()
    }

    /// How often users had to wait so far, and for how many µs in sum.
    #[must_use]
    pub fn stalls(&self) -> (u64, u64) {
        (self.shared.stalls.load(Ordering::Relaxed), self.shared.stalled_us.load(Ordering::Relaxed))
    }
}

/// What the handles and the writer thread share.
pub(super) struct Shared {
    path: PathBuf,
    requests: mpsc::Sender<(Micros, Request<'static>)>,
    control: mpsc::Sender<(Micros, Event<'static>)>,
    now_us: Clock,
    stalls: AtomicU64,
    stalled_us: AtomicU64,
    refused: AtomicU64,
    error: OnceLock<JournalError>,
    on_failure: Mutex<Option<FailureHook>>,
}

impl Shared {
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn has_failed(&self) -> bool {
        self.error.get().is_some()
    }

    /// Records `error` and tells the hook, unless there was one before.
    pub(super) fn fail(&self, error: JournalError) {
        if self.error.set(error).is_err() {
            return;
        }
        let hook = self.on_failure.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let (Some(hook), Some(error)) = (hook, self.error.get()) {
            hook(error);
        }
    }

    /// The last line of a run.
    pub(super) fn run_finished(&self, end: RunEnd) -> (Micros, Event<'static>) {
        let finished = RunFinished {
            reason: end.reason,
            detail: end.detail,
            journal_stalls: self.stalls.load(Ordering::Relaxed),
            journal_stalled_us: self.stalled_us.load(Ordering::Relaxed),
        };
        (end.t, finished.into())
    }

    fn stall_begins(&self) -> Micros {
        let began = (self.now_us)();
        self.stalls.fetch_add(1, Ordering::Release);
        began
    }

    fn stall_ends(&self, began: Micros, sent: bool) {
        self.stalled_us.fetch_add((self.now_us)().saturating_sub(began), Ordering::Relaxed);
        if !sent {
            self.refuse();
        }
    }

    fn refuse(&self) {
        self.refused.fetch_add(1, Ordering::Relaxed);
    }

    fn stats(&self, totals: Totals) -> JournalStats {
        JournalStats {
            lines: totals.lines,
            bytes: totals.bytes,
            stalls: self.stalls.load(Ordering::Relaxed),
            stalled_us: self.stalled_us.load(Ordering::Relaxed),
            refused: self.refused.load(Ordering::Relaxed),
        }
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("path", &self.path).field("error", &self.error).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;

//! The writer's thread: empties the queues in batches, one `write` a batch.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

use super::encode::{write_line, write_request};
use super::error::JournalError;
use super::event::{Event, Micros, Request};
use super::sink::Sink;
use super::writer::{RunEnd, Shared};

/// Lines taken from a queue at a time: at about 100 bytes each they and their text stay in the L2 cache.
const BATCH: usize = 2_048;

/// After a small batch the thread sleeps this long, so that a steady trickle of lines costs 200 wake-ups a
/// second and not one per line. A reader that follows the journal sees a line this much later.
const PAUSE: Duration = Duration::from_millis(5);

/// What was written.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Totals {
    pub(super) lines: u64,
    pub(super) bytes: u64,
}

/// The state of the writer's thread.
pub(super) struct Drain {
    shared: Arc<Shared>,
    sink: Box<dyn Sink>,
    requests: mpsc::Receiver<(Micros, Request<'static>)>,
    control: mpsc::Receiver<(Micros, Event<'static>)>,
    stop: oneshot::Receiver<Option<RunEnd>>,
    /// A batch smaller than this shows that the queues are far from full.
    small: usize,
    request_batch: Vec<(Micros, Request<'static>)>,
    control_batch: Vec<(Micros, Event<'static>)>,
    text: Vec<u8>,
    totals: Totals,
}

impl Drain {
    pub(super) fn new(
        shared: Arc<Shared>,
        sink: Box<dyn Sink>,
        requests: mpsc::Receiver<(Micros, Request<'static>)>,
        control: mpsc::Receiver<(Micros, Event<'static>)>,
        stop: oneshot::Receiver<Option<RunEnd>>,
    ) -> Self {
        let small = (requests.max_capacity().min(control.max_capacity()) / 64).min(BATCH);
        Self {
            shared,
            sink,
            requests,
            control,
            stop,
            small,
            request_batch: Vec::with_capacity(BATCH),
            control_batch: Vec::with_capacity(BATCH),
            text: Vec::with_capacity(BATCH * 128),
            totals: Totals::default(),
        }
    }

    /// Runs until it is told to stop, then empties the queues, writes the last line and syncs.
    pub(super) fn run(mut self) -> Totals {
        let _guard = FailOnPanic(Arc::clone(&self.shared));
        let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
        let mut context = Context::from_waker(&waker);
        let end = loop {
            if let Poll::Ready(end) = Pin::new(&mut self.stop).poll(&mut context) {
                // A journal that was dropped instead of closed has no last line.
                break end.ok().flatten();
            }
            self.fill(&mut context);
            match self.control_batch.len() + self.request_batch.len() {
                0 => std::thread::park(),
                lines => {
                    self.write_batch();
                    if lines < self.small {
                        std::thread::sleep(PAUSE);
                    }
                }
            }
        };
        self.finish(end, &mut context);
        self.totals
    }

    /// Takes what is queued, at most one batch of each, or leaves a waker behind. True when nothing is left and
    /// nothing can come.
    fn fill(&mut self, context: &mut Context<'_>) -> bool {
        let control = self.control.poll_recv_many(context, &mut self.control_batch, BATCH);
        let requests = self.requests.poll_recv_many(context, &mut self.request_batch, BATCH);
        matches!((control, requests), (Poll::Ready(0), Poll::Ready(0)))
    }

    fn write_batch(&mut self) {
        if self.shared.has_failed() {
            // Nobody may block on a journal that failed, so the queues are emptied all the same.
            self.control_batch.clear();
            self.request_batch.clear();
            return;
        }
        let lines = self.control_batch.len() + self.request_batch.len();
        if let Err(error) = self.try_write_batch() {
            self.fail(error);
        } else {
            self.totals.lines += lines as u64;
            self.totals.bytes += self.text.len() as u64;
        }
    }

    fn try_write_batch(&mut self) -> io::Result<()> {
        self.text.clear();
        for (t, event) in self.control_batch.drain(..) {
            write_line(&mut self.text, t, &event)?;
        }
        for (t, request) in self.request_batch.drain(..) {
            write_request(&mut self.text, t, &request);
        }
        self.sink.append(&self.text)
    }

    fn finish(&mut self, end: Option<RunEnd>, context: &mut Context<'_>) {
        self.control.close();
        self.requests.close();
        while !self.fill(context) {
            if self.control_batch.is_empty() && self.request_batch.is_empty() {
                // A sender has its place in the queue, but its line is not there yet.
                std::thread::park();
            } else {
                self.write_batch();
            }
        }
        if let Some(end) = end {
            self.control_batch.push(self.shared.run_finished(end));
            self.write_batch();
        }
        if !self.shared.has_failed()
            && let Err(error) = self.sink.sync()
        {
            self.fail(error);
        }
    }

    fn fail(&self, error: io::Error) {
        self.shared
            .fail(JournalError::Write { path: self.shared.path().to_owned(), source: Arc::new(error) });
    }
}

/// Wakes the writer's thread.
struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Turns a panic of the writer into a failure of the journal, so that the run stops.
struct FailOnPanic(Arc<Shared>);

impl Drop for FailOnPanic {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.fail(JournalError::Panicked { path: self.0.path().to_owned() });
        }
    }
}

use std::io;
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::sync::{Condvar, mpsc as std_mpsc};
use std::time::Duration;

use super::super::examples::{canary, ledger, request, run_started};
use super::super::reader::{Filter, JournalFile};
use super::*;

/// Long enough for anything that is not stuck, on the slowest machine.
const STUCK: Duration = Duration::from_secs(30);

/// A disk that takes nothing until it is told to.
#[derive(Clone, Default)]
struct Gate {
    inner: Arc<(Mutex<GateState>, Condvar)>,
}

#[derive(Default)]
struct GateState {
    open: bool,
    waiting: bool,
    text: Vec<u8>,
}

impl Gate {
    fn open(&self) {
        self.inner.0.lock().unwrap().open = true;
        self.inner.1.notify_all();
    }

    fn wait_until_the_writer_is_stuck(&self) {
        let guard = self.inner.0.lock().unwrap();
        drop(self.inner.1.wait_while(guard, |state| !state.waiting).unwrap());
    }

    fn text(&self) -> String {
        String::from_utf8(self.inner.0.lock().unwrap().text.clone()).unwrap()
    }
}

impl Sink for Gate {
    fn append(&mut self, lines: &[u8]) -> io::Result<()> {
        let mut guard = self.inner.0.lock().unwrap();
        guard.waiting = true;
        self.inner.1.notify_all();
        guard = self.inner.1.wait_while(guard, |state| !state.open).unwrap();
        guard.text.extend_from_slice(lines);
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A disk that fails or panics.
struct Broken {
    panics: bool,
}

impl Sink for Broken {
    fn append(&mut self, _: &[u8]) -> io::Result<()> {
        assert!(!self.panics, "asked for by the test");
        Err(io::ErrorKind::StorageFull.into())
    }

    fn sync(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn tiny(
    sink: impl Sink + 'static,
    hook: impl FnOnce(&JournalError) + Send + 'static,
) -> (Journal, Arc<AtomicU64>) {
    let time = Arc::new(AtomicU64::new(1_000));
    let clock = Arc::clone(&time);
    let capacity = Capacity { requests: 2, control: 2 };
    let now_us = Box::new(move || clock.load(Ordering::SeqCst));
    (Journal::start(Path::new("tiny"), Box::new(sink), capacity, now_us, Box::new(hook)).unwrap(), time)
}

fn quiet(path: &Path) -> Result<Journal, JournalError> {
    Journal::open(path, || 0, |error| panic!("{error}"))
}

/// Runs `f` on a thread of its own and fails when it hangs.
fn must_not_hang<T: Send + 'static>(f: impl FnOnce() -> T + Send + 'static) -> T {
    let (sender, receiver) = std_mpsc::channel();
    std::thread::spawn(move || sender.send(f()));
    receiver.recv_timeout(STUCK).expect("it hangs or has panicked")
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(4).build().unwrap()
}

#[test]
fn a_second_run_is_refused_while_the_first_one_writes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.jsonl");
    let first = quiet(&path).unwrap();
    assert!(quiet(&path).unwrap_err().is_locked());
    first.close().unwrap();
    quiet(&path).unwrap().close().unwrap();
}

#[test]
fn a_run_after_a_killed_one_can_be_read_apart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.jsonl");
    let journal = quiet(&path).unwrap();
    journal.handle().control(0, run_started("first"));
    journal.close().unwrap();
    let mut text = std::fs::read_to_string(&path).unwrap();
    text.push_str("{\"t\":5,\"type\":\"req");
    std::fs::write(&path, text).unwrap();

    let journal = quiet(&path).unwrap();
    journal.handle().control(0, run_started("second"));
    journal.finish(1, FinishReason::Completed, None).unwrap();

    let file = JournalFile::open(&path).unwrap();
    let runs = file.runs().unwrap();
    assert_eq!(
        runs.iter().map(|run| (&*run.run_id, run.finished)).collect::<Vec<_>>(),
        [("first", false), ("second", true)]
    );
    let stats = file.read(&runs[0], Filter::ALL, |_| {}).unwrap();
    assert_eq!((stats.torn, stats.unreadable_total, stats.visited), (true, 0, 1));
}

#[test]
fn lines_stand_in_the_file_soon_and_without_closing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.jsonl");
    let journal = quiet(&path).unwrap();
    journal.handle().control(0, run_started("r"));
    must_not_hang(move || {
        while JournalFile::open(&path).unwrap().runs().unwrap().is_empty() {
            std::thread::sleep(Duration::from_millis(1));
        }
    });
    journal.close().unwrap();
}

#[test]
fn a_full_disk_is_told_once_and_nobody_hangs() {
    // One test for the real device, one for a sink that fails in the same way.
    let full = Path::new("/dev/full");
    if full.exists() {
        check_full_disk(|hook| Journal::open(full, || 0, hook).unwrap());
    }
    check_full_disk(|hook| tiny(Broken { panics: false }, hook).0);
}

fn check_full_disk(open: impl FnOnce(Box<dyn FnOnce(&JournalError) + Send>) -> Journal) {
    let calls = Arc::new(AtomicUsize::new(0));
    let told = Arc::clone(&calls);
    let journal = open(Box::new(move |error| {
        assert!(error.is_disk_full());
        told.fetch_add(1, Ordering::SeqCst);
    }));
    let handle = journal.handle();
    let handles = handle.clone();
    must_not_hang(move || {
        runtime().block_on(async {
            let users: Vec<_> = (0..16)
                .map(|user| {
                    let handle = handles.clone();
                    tokio::spawn(async move {
                        for t in 0..500 {
                            handle.request(t, request(user)).await;
                        }
                    })
                })
                .collect();
            for user in users {
                user.await.unwrap();
            }
        });
    });
    let error = must_not_hang(|| journal.close().unwrap_err());
    assert!(error.is_disk_full() && error.is_write() && !error.is_locked());
    assert!(error.to_string().contains("free some space"), "{error}");
    assert!(handle.failure().unwrap().is_disk_full());
    assert_eq!(calls.load(Ordering::SeqCst), 1);
}

#[test]
fn users_wait_for_a_slow_disk_and_the_waiting_is_counted() {
    let gate = Gate::default();
    let (journal, time) = tiny(gate.clone(), |error| panic!("{error}"));
    let handle = journal.handle();
    // One line is with the disk, two fill the queue, so the fourth has to wait.
    handle.request_blocking(1, request(1));
    gate.wait_until_the_writer_is_stuck();
    handle.request_blocking(2, request(1));
    handle.request_blocking(3, request(1));
    assert_eq!(handle.stalls(), (0, 0));
    let waiting = handle.clone();
    let user = std::thread::spawn(move || runtime().block_on(waiting.request(4, request(1))));
    let stalled = handle.clone();
    must_not_hang(move || {
        while stalled.stalls().0 == 0 {
            std::thread::yield_now();
        }
    });
    // A control event does not wait meanwhile.
    handle.control(5, ledger(1));
    // The user read the clock before it counted the stall.
    time.store(1_500, Ordering::SeqCst);
    gate.open();
    user.join().unwrap();
    let stats = journal.finish(9, FinishReason::Completed, None).unwrap();
    assert_eq!((stats.lines, stats.stalls, stats.stalled_us, stats.refused), (6, 1, 500, 0));
    let text = gate.text();
    let last = text.lines().last().unwrap();
    assert_eq!(
        last,
        r#"{"t":9,"type":"run_finished","reason":"completed","journal_stalls":1,"journal_stalled_us":500}"#
    );
    assert!(text.lines().nth(1).unwrap().contains("ledger"), "control events go first: {text}");
    assert_eq!(stats.bytes, text.len() as u64);
}

#[test]
fn control_events_that_cannot_be_kept_fail_the_journal() {
    let gate = Gate::default();
    let told = Arc::new(AtomicBool::new(false));
    let hook = Arc::clone(&told);
    let (journal, _) = tiny(gate.clone(), move |_| hook.store(true, Ordering::SeqCst));
    let handle = journal.handle();
    handle.control(1, ledger(1));
    gate.wait_until_the_writer_is_stuck();
    handle.control(2, ledger(2));
    handle.control(3, ledger(3));
    assert!(handle.failure().is_none() && !told.load(Ordering::SeqCst));
    handle.control(4, ledger(4));
    assert!(matches!(handle.failure(), Some(JournalError::Overflow { capacity: 2, .. })));
    assert!(told.load(Ordering::SeqCst));
    gate.open();
    let error = must_not_hang(|| journal.close().unwrap_err());
    assert!(matches!(error, JournalError::Overflow { .. }));
}

#[test]
fn a_panic_of_the_writer_is_an_error_and_nobody_hangs() {
    let (journal, _) = tiny(Broken { panics: true }, |error| {
        assert!(matches!(error, JournalError::Panicked { .. }));
    });
    let handle = journal.handle();
    let error = must_not_hang(move || {
        for t in 0..100 {
            handle.request_blocking(t, request(1));
        }
        journal.close().unwrap_err()
    });
    assert!(matches!(error, JournalError::Panicked { .. }));
}

#[test]
fn nothing_is_dropped_whoever_writes() {
    const SENDERS: u64 = 16;
    const EACH: u64 = 5_000;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.jsonl");
    let journal = quiet(&path).unwrap();
    journal.handle().control(0, run_started("r"));
    let stats = {
        let handle = journal.handle();
        must_not_hang(move || {
            let probes = handle.clone();
            let thread = std::thread::spawn(move || (0..EACH).for_each(|t| probes.control(t, canary())));
            runtime().block_on(async {
                let mut users = tokio::task::JoinSet::new();
                for user in 0..SENDERS {
                    let handle = handle.clone();
                    users.spawn(async move {
                        for t in 0..EACH {
                            handle.request(t, request(user as u32)).await;
                        }
                    });
                }
                users.join_all().await;
            });
            thread.join().unwrap();
            journal.finish(EACH, FinishReason::Completed, None).unwrap()
        })
    };
    assert_eq!(stats.lines, 1 + EACH * (SENDERS + 1) + 1);
    assert_eq!(stats.bytes, std::fs::metadata(&path).unwrap().len());
    let file = JournalFile::open(&path).unwrap();
    let run = &file.runs().unwrap()[0];
    let mut next = [0; SENDERS as usize];
    let read = file
        .read(run, Filter::REQUESTS, |line| {
            let super::super::event::Event::Request(request) = line.event else { panic!("{line:?}") };
            // The lines of one sender keep their order.
            assert_eq!(line.t, next[request.user as usize]);
            next[request.user as usize] += 1;
        })
        .unwrap();
    assert_eq!((read.visited, read.lines, read.unreadable_total), (EACH * SENDERS, stats.lines, 0));
}

#[test]
fn lines_after_closing_are_refused_and_counted() {
    let gate = Gate::default();
    gate.open();
    let (journal, _) = tiny(gate.clone(), |error| panic!("{error}"));
    let handle = journal.handle();
    handle.control(1, ledger(1));
    assert_eq!(journal.close().unwrap().refused, 0);
    handle.control(2, ledger(2));
    handle.request_blocking(3, request(1));
    runtime().block_on(handle.request(4, request(1)));
    assert_eq!(handle.shared.refused.load(Ordering::SeqCst), 3);
    assert_eq!(gate.text().lines().count(), 1);
}

#[test]
fn dropping_a_journal_writes_what_is_queued() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.jsonl");
    let journal = quiet(&path).unwrap();
    let handle = journal.handle();
    handle.control(0, run_started("r"));
    (0..100).for_each(|t| handle.request_blocking(t, request(1)));
    drop(journal);
    let runs = JournalFile::open(&path).unwrap().runs().unwrap();
    assert_eq!((runs[0].lines, runs[0].finished), (101, false));
}

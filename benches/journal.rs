//! How fast the journal is written and read. The design figure: journal to verdict at several GB/s on two
//! cores, and at most 3 % of goose's throughput for writing.

use std::borrow::Cow;
use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput};
use goose_recovery::journal::encode::write_line;
use goose_recovery::journal::event::{Event, Request};
use goose_recovery::journal::{Filter, Journal, JournalFile, Line};

mod common;

/// Requests written per iteration.
const WRITTEN: u64 = 200_000;
/// Requests in the journal that is read: about 110 MB.
const READ: u64 = 1_000_000;
const FAULTS: u32 = 20;

fn main() {
    let mut criterion = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(3))
        // Plots need a system font, which not every machine has.
        .without_plots()
        .configure_from_args();
    write(&mut criterion);
    read(&mut criterion);
    criterion.final_summary();
}

fn request(t: u64) -> Request<'static> {
    Request {
        duration_us: 700 + t % 3_000,
        user: (t % 200) as u32,
        name: Cow::Borrowed("POST entries"),
        status: Some(201),
        ok: true,
        error: None,
    }
}

fn write(criterion: &mut Criterion) {
    let mut text = Vec::new();
    let serialise = |text: &mut Vec<u8>| {
        text.clear();
        for t in 0..WRITTEN {
            write_line(text, t * 50, &Event::Request(request(t))).expect("a request has a line");
        }
    };
    serialise(&mut text);
    let mut group = criterion.benchmark_group("write");
    group.throughput(Throughput::ElementsAndBytes { elements: WRITTEN, bytes: text.len() as u64 });
    group.bench_function("serialise", |bencher| bencher.iter(|| serialise(black_box(&mut text))));

    let folder = tempfile::tempdir().expect("a folder for the journal");
    let path = folder.path().join("journal.jsonl");
    // The file is synced when the journal is closed, so this is bound by the disk.
    group.bench_function("queue, thread, file and sync", |bencher| {
        bencher.iter_batched(|| open(&path), |journal| send(journal, 1), BatchSize::PerIteration);
    });
    // Without a disk: what the queue, the thread and the system call cost.
    let nowhere = Path::new("/dev/null");
    for tasks in [1, 100] {
        group.bench_function(BenchmarkId::new("queue and thread, tasks", tasks), |bencher| {
            bencher.iter_batched(|| open(nowhere), |journal| send(journal, tasks), BatchSize::PerIteration);
        });
    }
    group.finish();
}

fn open(path: &Path) -> Journal {
    // A device stays where it is.
    if path.is_file() {
        std::fs::remove_file(path).expect("the journal of the last round goes");
    }
    Journal::open(path, || 0, |error| panic!("{error}")).expect("the journal opens")
}

/// Sends from so many goose users, as a run does.
fn send(journal: Journal, tasks: u64) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().expect("a runtime");
    runtime.block_on(async {
        let mut users = tokio::task::JoinSet::new();
        for _ in 0..tasks {
            let handle = journal.handle();
            users.spawn(async move {
                for t in 0..WRITTEN / tasks {
                    handle.request(t * 50, request(t)).await;
                    // A real user awaits its answer between two requests.
                    tokio::task::yield_now().await;
                }
            });
        }
        users.join_all().await;
    });
    let stats = journal.close().expect("the journal is written");
    assert_eq!(stats.lines, WRITTEN);
}

fn read(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder for the journal");
    let path = folder.path().join("journal.jsonl");
    let lines = common::Shape::new(READ, FAULTS).write(&path).expect("the journal is generated");
    let file = JournalFile::open(&path).expect("the journal opens");
    let run = file.runs().expect("the journal is read").remove(0);
    assert_eq!(run.lines, lines);

    let mut group = criterion.benchmark_group("read");
    group.throughput(Throughput::ElementsAndBytes { elements: lines, bytes: run.len });
    group.bench_function("find runs", |bencher| bencher.iter(|| file.runs()));
    for (name, filter) in [
        ("control", Filter::CONTROL),
        ("control and probes", Filter::CONTROL | Filter::PROBES),
        ("requests", Filter::REQUESTS),
    ] {
        for threads in [1, 2] {
            group.bench_function(BenchmarkId::new(format!("{name}, threads"), threads), |bencher| {
                bencher.iter(|| {
                    file.fold(&run, filter, threads, || 0, sum, |left, right| left + right)
                        .expect("the journal is read")
                });
            });
        }
    }
    group.finish();
}

/// Looks at every field that an analysis needs.
fn sum(total: &mut u64, line: Line<'_>) {
    *total += line.t;
    if let Event::Request(request) = line.event {
        *total += request.duration_us + u64::from(request.ok) + request.name.len() as u64;
    }
}

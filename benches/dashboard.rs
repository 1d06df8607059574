//! What it costs to watch a run: to follow its journal line by line, and to say how it stands.

mod common;

use std::hint::black_box;
use std::path::Path;

use criterion::{BenchmarkId, Criterion, Throughput};
use goose_recovery::analysis::SoFar;
use goose_recovery::journal::tail::{News, Tail};

/// Requests of the journal that is followed; its probes and control events come on top.
const REQUESTS: u64 = 1_000_000;

fn main() {
    // Plots need a system font, which not every machine has.
    let mut criterion = Criterion::default().sample_size(10).without_plots().configure_from_args();
    follow(&mut criterion);
    standing(&mut criterion);
    criterion.final_summary();
}

/// The last run of a journal as far as it goes.
fn followed(path: &Path) -> SoFar {
    let mut so_far = SoFar::default();
    let take = |news: News<'_>| {
        if let News::Line(line) = news {
            so_far.line(&line);
        }
    };
    Tail::new(path).poll(take).expect("a journal that can be read");
    so_far
}

fn follow(c: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder for the journal");
    let path = folder.path().join("journal.jsonl");
    let lines = common::Shape::new(REQUESTS, 20).write(&path).expect("a journal to follow");
    let mut group = c.benchmark_group("follow a journal");
    group.throughput(Throughput::Elements(lines));
    group
        .bench_function(BenchmarkId::new("lines", lines), |b| b.iter(|| black_box(followed(&path)).now_us()));
    group.finish();
}

fn standing(c: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder for the journals");
    let mut group = c.benchmark_group("how a run stands");
    for episodes in [35, 350, 1_400] {
        let path = folder.path().join(format!("{episodes}.jsonl"));
        common::Shape::new(1_000, episodes).write(&path).expect("a journal to follow");
        let so_far = followed(&path);
        group.bench_function(BenchmarkId::new("episodes", episodes), |b| {
            b.iter(|| black_box(so_far.standing()))
        });
    }
    group.finish();
}

//! From a journal's lines to a verdict: how many events a second does the analysis take?

mod common;

use std::hint::black_box;
use std::path::Path;

use criterion::{BenchmarkId, Criterion, Throughput};
use goose_recovery::evaluate::{BadLines, evaluate, last_run};

/// Requests of the larger journal; its probes and control events come on top.
const EVENTS: u64 = 1_000_000;

fn main() {
    // Plots need a system font, which not every machine has.
    let mut criterion = Criterion::default().sample_size(10).without_plots().configure_from_args();
    journal_to_verdict(&mut criterion);
    criterion.final_summary();
}

fn journal_to_verdict(c: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder for the journal");
    let mut group = c.benchmark_group("journal to verdict");
    for events in [EVENTS / 10, EVENTS] {
        let path = folder.path().join(format!("{events}.jsonl"));
        let lines = common::Shape::new(events, 20).write(&path).expect("a journal to analyse");
        let run = last_run(&path).expect("a run in it");
        group.throughput(Throughput::Elements(lines));
        group.bench_with_input(BenchmarkId::new("events", lines), path.as_path(), |b, path: &Path| {
            b.iter(|| black_box(evaluate(path, &run, BadLines::Refuse).expect("an analysis")));
        });
    }
    group.finish();
}

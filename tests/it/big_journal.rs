//! Journals that were made up, small and big: they are judged as a run's own, in memory that does not grow with them.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;

use crate::command::{Guarded, Workplace, goose_recovery, told, turn};
use crate::made_up::Shape;

/// Bins that a run is cut into for its timeline: `MOST_BINS` in `src/analysis/load.rs`, and as each length of a bin is at
/// most 2.5 times the one before, not fewer than this when it is longer than half a minute.
const MOST_BINS: u64 = 300;
const FEWEST_BINS: u64 = 120;
/// The distribution in each: two digits up to 120 s are 20 halves of 128 counters of 4 bytes.
const BIN_KIB: u64 = 21 * 128 * 4 / 1024 + 1;
/// The threads that read requests at most, `MAX_THREADS` in `src/evaluate.rs`.
const MOST_THREADS: usize = 4;
/// What the allocator rounds up and keeps.
const SLACK_KIB: u64 = 1024;
/// So big may a page be that is sent by mail.
const BIGGEST_PAGE: u64 = 3_000_000;

fn journal(place: &Workplace, name: &str, shape: Shape) -> PathBuf {
    let path = place.path(&format!("{name}.jsonl"));
    let lines = shape.write(&path).unwrap();
    assert!(lines > shape.requests, "{lines}");
    path
}

fn report(place: &Workplace, journal: &Path) -> std::process::Output {
    let out = place.report();
    goose_recovery().arg("report").arg(journal).arg("--out").arg(out).arg("--force").output().unwrap()
}

#[test]
fn a_journal_that_was_made_up_is_reported_on_without_a_complaint() {
    let place = Workplace::new();
    // Three kills, three outages, and a chain of three.
    let output = report(&place, &journal(&place, "small", Shape::new(20_000, 9)));
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    let summary = place.summary();
    assert_eq!(summary["load"]["requests"], 20_000);
    let episodes = summary["episodes"].as_array().unwrap();
    assert_eq!(episodes.len(), 9);
    assert!(episodes.iter().all(|episode| episode["outcome"] == "recovered"), "{episodes:#?}");
    assert!(episodes.iter().all(|episode| episode["failed_requests"].as_u64() > Some(0)), "{episodes:#?}");
    let chains = summary["chains"].as_array().unwrap();
    assert_eq!(chains.len(), 1, "{chains:#?}");
    assert_eq!((&chains[0]["outcome"], &chains[0]["overlapped"]), (&"recovered".into(), &true.into()));
    let (alerts, ledger) = (&summary["alerts"], &summary["ledger"]);
    assert_eq!(
        (&alerts["missed"], &alerts["false"], &alerts["duplicates"]),
        (&0.into(), &0.into(), &0.into())
    );
    assert_eq!(ledger["stable"], ledger["acknowledged"], "{ledger}");
    assert!(ledger["replayed"].as_u64() > Some(0) && ledger["replayed"] == ledger["spooled"], "{ledger}");
    // Nothing weakens it but that nine faults are few.
    let caveats = summary["caveats"].as_array().unwrap();
    let few = |caveat: &&Value| !caveat.to_string().contains("says little about a rate");
    assert_eq!(caveats.iter().find(few), None);
}

#[test]
fn a_journal_in_which_no_fault_took_effect_makes_no_valid_run() {
    let place = Workplace::new();
    let shape = Shape { void: true, ..Shape::new(5_000, 1) };
    let output = report(&place, &journal(&place, "void", shape));
    assert_eq!(output.status.code(), Some(4), "{}", told(&output));
    assert_eq!(place.summary()["episodes"][0]["outcome"], "void");
}

#[test]
fn the_same_shape_gives_the_same_journal_and_another_seed_another_one() {
    let place = Workplace::new();
    let shape = Shape::new(2_000, 3);
    let text = |name, shape| std::fs::read(journal(&place, name, shape)).unwrap();
    assert_eq!(text("one", shape), text("two", shape));
    assert_ne!(text("one", shape), text("three", Shape { seed: 2, ..shape }));
}

/// The most memory that `goose-recovery report` has held at a time, in KiB.
fn peak_of_report(place: &Workplace, journal: &Path) -> u64 {
    let mut command = goose_recovery();
    command.arg("report").arg(journal).arg("--out").arg(place.report()).arg("--force");
    let mut child = Guarded(command.stdout(Stdio::null()).spawn().unwrap());
    let status = format!("/proc/{}/status", child.0.id());
    let mut peak = 0;
    loop {
        // The kernel keeps the peak, so that only what comes in the last moments can be missed.
        let told = std::fs::read_to_string(&status).unwrap_or_default();
        let line = told.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
        peak = line.split_whitespace().next().and_then(|kib| kib.parse().ok()).unwrap_or(peak);
        if let Some(status) = child.0.try_wait().unwrap() {
            assert_eq!(status.code(), Some(0));
            return peak;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn a_journal_that_is_five_times_as_long_takes_no_more_memory_and_no_bigger_page() {
    let _turn = turn();
    let place = Workplace::new();
    let mut peaks = Vec::new();
    for requests in [200_000, 1_000_000] {
        let journal = journal(&place, "big", Shape::new(requests, 200));
        let peak_kib = peak_of_report(&place, &journal);
        let (long, page) = (size(&journal), size(&place.report().join("index.html")));
        println!(
            "{requests} requests, a journal of {long} bytes: at most {peak_kib} KiB, a page of {page} bytes"
        );
        assert!(page < BIGGEST_PAGE, "the page has {page} bytes");
        peaks.push((peak_kib, long / 1024));
    }
    let [(small, short), (big, long)] = peaks[..] else { panic!("two journals") };
    // Blocks that are read, queues of probes, and distributions have bounds of their own. What a longer run may have more of
    // are bins: each thread has its own, and all are added up.
    let threads = std::thread::available_parallelism().unwrap().get().min(MOST_THREADS) as u64;
    let margin = (MOST_BINS - FEWEST_BINS) * BIN_KIB * (threads + 1) + SLACK_KIB;
    assert!(long - short > 10 * margin, "the journals are too much alike to show anything");
    assert!(big <= small + margin, "{big} KiB for {long} KiB of journal, {small} KiB for {short} KiB");
}

fn size(path: &Path) -> u64 {
    std::fs::metadata(path).unwrap().len()
}

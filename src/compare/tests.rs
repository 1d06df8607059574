//! Comparisons of runs as their summaries tell them.

mod changes;
mod comparability;
mod values;

use super::*;
use crate::analysis::Summary;
use crate::analysis::model::{Episode, Outcome};
use crate::report::fixture;

/// Quick, and more than the questions of these tests need.
const OPTIONS: Options = Options { noise: 0.05, force: false, by: Vec::new(), seed: 7, resamples: 2_000 };

/// A run of kills that took so many milliseconds each to recover from.
fn run(id: &str, seed: u64, recovery_ms: &[u64]) -> Summary {
    let mut run = fixture::many(u32::try_from(recovery_ms.len()).unwrap()).summary;
    (run.run_id, run.seed) = (id.to_owned(), seed);
    for (episode, ms) in run.episodes.iter_mut().zip(recovery_ms) {
        episode.recovery_us = Some(ms * 1_000);
        episode.end_us = episode.t0_us + ms * 1_000;
    }
    run
}

/// `runs` runs of ten kills each that took about `ms` milliseconds, differently so with each `first_seed`.
fn runs(first_seed: u64, runs: u64, ms: u64) -> Vec<Summary> {
    let times =
        |seed: u64| (0..10).map(|i| ms * (90 + (seed * 7_919 + i * 104_729) % 21) / 100).collect::<Vec<_>>();
    (first_seed..first_seed + runs).map(|seed| run(&format!("run-{seed}"), seed, &times(seed))).collect()
}

fn side<'a>(label: &str, runs: &'a [Summary]) -> Side<'a> {
    Side { label: label.to_owned(), runs: runs.iter().collect() }
}

fn give_up(episode: &mut Episode, after_us: u64) {
    (episode.outcome, episode.automatic, episode.recovery_us) = (Outcome::Censored, false, None);
    episode.end_us = episode.t0_us + after_us;
}

#[track_caller]
fn of(comparison: &Comparison, metric: Metric) -> &MetricComparison {
    comparison.metrics.iter().find(|found| found.metric == metric).unwrap()
}

#[track_caller]
fn close(actual: f64, expected: f64) {
    assert!((actual - expected).abs() < 1e-9, "{actual} is not {expected}");
}

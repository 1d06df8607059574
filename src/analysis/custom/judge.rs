//! What was measured, against its line.
//!
//! These are figures of this run, no estimates, and have no interval: requests of one outage fail or wait together, so that
//! thousands of them say hardly more than the few faults that they tell of. `--strict` asks nothing more of them.

use super::{Asked, CustomTally, Tally, figure};
use crate::analysis::histogram::percentile;
use crate::analysis::kpi::{decide, float, left_out, mean};
use crate::analysis::model::{Episode, Kpi, Outcome, Verdict};
use crate::lang::{Arg, Sentence};
use crate::plan::{KpiMetric, KpiPhase};

/// Fills in a KPI that the user defines.
pub(in crate::analysis) fn judge(asked: &Asked, tally: &CustomTally, episodes: &[Episode], kpi: &mut Kpi) {
    let Some((metric, index)) = asked.cell(kpi) else {
        return kpi.notes.push(Sentence::new("kpi-note-unknown"));
    };
    let (cell, tally) = (&asked.cells[index], &tally.cells[index]);
    measured_in(kpi, metric);
    let length_us = cell.stretches.iter().map(|(from, to)| to - from).sum();
    match metric {
        KpiMetric::ErrorRate => rate(kpi, tally.failed, tally.durations.len() + tally.failed),
        KpiMetric::Availability => rate(kpi, tally.canaries_ok, tally.canaries_ok + tally.canaries_failed),
        KpiMetric::Throughput => throughput(kpi, tally, length_us, asked.least_us),
        KpiMetric::P50
        | KpiMetric::P90
        | KpiMetric::P95
        | KpiMetric::P99
        | KpiMetric::Max
        | KpiMetric::Mean => {
            durations(kpi, tally, metric);
        }
    }
    if length_us > 0 {
        let over = [("length", Arg::LengthUs(length_us)), ("stretches", cell.stretches.len().into())];
        kpi.notes.push(Sentence::with("kpi-note-over", over));
    }
    if matches!(cell.phase, KpiPhase::During | KpiPhase::Recovering | KpiPhase::After) {
        let own = episodes.iter().filter(|episode| episode.scenario == kpi.scenario);
        let count = |outcome| own.clone().filter(|episode| episode.outcome == outcome).count() as u64;
        left_out(kpi, count(Outcome::Void), count(Outcome::Aborted));
    }
}

/// As long as nothing has been counted only the unit is known.
pub(in crate::analysis) fn unjudged(kpi: &mut Kpi) {
    if let Some((metric, _)) = figure(kpi.metric.as_deref(), kpi.phase.as_deref()) {
        measured_in(kpi, metric);
    }
}

fn measured_in(kpi: &mut Kpi, metric: KpiMetric) {
    let unit = match metric {
        KpiMetric::ErrorRate | KpiMetric::Availability => "ratio",
        KpiMetric::Throughput => "per_s",
        KpiMetric::P50
        | KpiMetric::P90
        | KpiMetric::P95
        | KpiMetric::P99
        | KpiMetric::Max
        | KpiMetric::Mean => "us",
    };
    unit.clone_into(&mut kpi.unit);
}

/// So few samples have no such percentile: below 1 ÷ (1 − p) its rank is that of the longest.
fn least(metric: KpiMetric) -> u64 {
    metric.percentile().map_or(1, |percent| 100u64.div_ceil(100 - u64::from(percent)))
}

fn durations(kpi: &mut Kpi, tally: &Tally, metric: KpiMetric) {
    let answered = tally.durations.len();
    (kpi.numerator, kpi.denominator, kpi.excluded) = (answered, answered, tally.failed);
    if metric == KpiMetric::Mean {
        kpi.numerator = tally.sum_us;
    }
    if answered == 0 {
        return nothing(kpi);
    }
    let at = |percent: u8| percentile(&tally.durations, f64::from(percent) / 100.0);
    kpi.value = match (metric, metric.percentile()) {
        (KpiMetric::Mean, _) => mean(tally.sum_us, answered),
        // The distribution has three digits, the longest all of them.
        (_, Some(percent)) => at(percent).map(|us| float(us.min(tally.max_us))),
        _ => Some(float(tally.max_us)),
    };
    let least = least(metric);
    if answered < least {
        too_few(kpi, answered, least);
    } else {
        decide(kpi, false);
    }
}

/// What misses its line has missed it, however few there were. What meets it shows that only when one that fails would have
/// been one too many.
fn rate(kpi: &mut Kpi, n: u64, of: u64) {
    (kpi.numerator, kpi.denominator) = (n, of);
    kpi.value = mean(n, of);
    if of == 0 {
        return nothing(kpi);
    }
    decide(kpi, false);
    let limit = kpi.threshold.limit;
    let finest = limit.min(1.0 - limit);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "positive, and `as` saturates"
    )]
    let least = if finest > 0.0 { (1.0 / finest - 1e-6).ceil() as u64 } else { 1 };
    if kpi.verdict == Verdict::Pass && of < least {
        too_few(kpi, of, least);
    }
}

fn throughput(kpi: &mut Kpi, tally: &Tally, length_us: u64, least_us: u64) {
    (kpi.numerator, kpi.denominator) = (tally.durations.len(), length_us);
    if length_us == 0 {
        return nothing(kpi);
    }
    kpi.value = mean(kpi.numerator, length_us).map(|per_us| per_us * 1e6);
    if length_us < least_us {
        let lengths = [("length", Arg::LengthUs(length_us)), ("least", Arg::LengthUs(least_us))];
        kpi.notes.push(Sentence::with("kpi-note-too-short", lengths));
    } else {
        decide(kpi, false);
    }
}

fn nothing(kpi: &mut Kpi) {
    kpi.notes.push(Sentence::new("kpi-note-no-sample"));
}

fn too_few(kpi: &mut Kpi, samples: u64, least: u64) {
    kpi.verdict = Verdict::Inconclusive;
    kpi.notes
        .push(Sentence::with("kpi-note-too-few", [("samples", samples.into()), ("least", least.into())]));
}

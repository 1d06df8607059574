//! What weakens a result, in sentences.

mod clock;
mod load;

pub(crate) use clock::remote_host;

use std::collections::BTreeMap;

use super::model::{Baseline, Episode, Harness, NO_FAULT, Outcome, ReadBack, RunState, Summary, Verdict};
use super::offset::Offset;
use super::thresholds::FailedThreshold;
use crate::journal::event::{Alignment, OptionNotice};
use crate::lang::{Arg, Sentence};

/// Fewer trials than this say little about a rate.
pub(crate) const FEW_TRIALS: u32 = 20;

/// A thread that wakes later than this at the 99th percentile blurs what it measures.
pub(crate) const MUCH_LAG_US: u64 = 10_000;

/// Fewer canaries than this share of them succeed without a fault: the target was not well to begin with.
pub(crate) const WELL_RATIO: f64 = 0.99;

/// What only the analysis knows besides the summary.
#[derive(Debug, Default)]
pub(super) struct Hidden {
    /// Why the run ended as it did.
    pub(super) detail: Option<Arg>,
    /// Expected alerts whose deadline the run did not live to see.
    pub(super) undecided_alerts: u64,
    /// Probes whose lines came too late to be put in order.
    pub(super) late_probes: u64,
    /// Remarks on single episodes.
    pub(super) remarks: BTreeMap<u32, Arg>,
    /// How far the target's clock is from ours.
    pub(super) offset: Offset,
    /// How requests of goose's own log were placed.
    pub(super) alignment: Option<Alignment>,
    /// What was asked of goose and is not done, or endangers the run.
    pub(super) option_notices: Vec<OptionNotice>,
    /// Thresholds of goose's that failed.
    pub(super) failed_thresholds: Vec<FailedThreshold>,
}

/// Everything that a reader must know before trusting the verdict; the gravest first.
pub(super) fn caveats(summary: &Summary, hidden: &Hidden) -> Vec<Sentence> {
    let mut all = Vec::new();
    ending(summary, hidden, &mut all);
    trials(summary, hidden, &mut all);
    baseline(summary, &mut all);
    state(summary, &mut all);
    clock::caveats(&summary.plan.base_url, &hidden.offset, &mut all);
    load::caveats(hidden, &mut all);
    measurement(summary, hidden, &mut all);
    all
}

/// Why, or that nobody said so.
fn reason(known: Option<&Arg>) -> Arg {
    known.cloned().unwrap_or_else(|| Sentence::new("no-reason").into())
}

/// A number that names something, and is no count.
fn number(id: u32) -> Arg {
    Arg::Text(id.to_string())
}

fn ending(summary: &Summary, hidden: &Hidden, all: &mut Vec<Sentence>) {
    let how = match summary.state {
        RunState::Completed => return,
        RunState::Interrupted => "interrupted",
        RunState::Aborted => "aborted",
        RunState::Failed => "failed",
    };
    let verdict = match summary.verdict {
        Verdict::Pass => "pass",
        Verdict::Inconclusive => "inconclusive",
        Verdict::Fail => "fail",
    };
    let detail = reason(hidden.detail.as_ref());
    all.push(Sentence::with(
        "caveat-ended",
        [("how", how.into()), ("detail", detail), ("verdict", verdict.into())],
    ));
}

fn trials(summary: &Summary, hidden: &Hidden, all: &mut Vec<Sentence>) {
    for scenario in &summary.scenarios {
        let name = || ("scenario", Arg::from(&scenario.name));
        if scenario.trials < FEW_TRIALS {
            all.push(Sentence::with("caveat-few-trials", [name(), ("trials", scenario.trials.into())]));
        }
        if summary.kpis.iter().all(|kpi| kpi.scenario != scenario.name) {
            all.push(Sentence::with("caveat-no-kpi", [name()]));
        }
    }
    if summary.kpis.iter().any(|kpi| kpi.metric.is_some() && kpi.value.is_some()) {
        all.push(Sentence::new("caveat-custom-kpis"));
    }
    let with = |outcome| {
        let those = summary.episodes.iter().filter(move |episode| episode.outcome == outcome);
        those.map(|episode| (("episode", number(episode.id)), hidden.remarks.get(&episode.id)))
    };
    for (episode, remark) in with(Outcome::Void) {
        all.push(Sentence::with("caveat-void", [episode, ("reason", reason(remark))]));
    }
    for (episode, remark) in with(Outcome::Aborted) {
        all.push(Sentence::with("caveat-aborted", [episode, ("reason", reason(remark))]));
    }
    let deadline = || ("deadline", Arg::LengthUs(summary.plan.recovery_deadline_us));
    for (episode, remark) in with(Outcome::Censored) {
        all.push(match remark {
            Some(remark) => {
                Sentence::with("caveat-censored-because", [episode, deadline(), ("reason", remark.clone())])
            }
            None => Sentence::with("caveat-censored", [episode, deadline()]),
        });
    }
}

fn baseline(summary: &Summary, all: &mut Vec<Sentence>) {
    let none = summary.episodes.iter().filter(|e| e.baseline.is_none() && e.outcome != Outcome::Void).count();
    if none > 0 {
        all.push(Sentence::with("caveat-no-baseline", [("episodes", none.into())]));
    }
    let baselines = || summary.episodes.iter().filter_map(|episode| episode.baseline.as_ref());
    let worst = baselines().map(|baseline| baseline.success_ratio).min_by(f64::total_cmp);
    if let Some(worst) = worst.filter(|ratio| *ratio < WELL_RATIO) {
        all.push(Sentence::with("caveat-failing-baseline", [("share", Arg::Share(worst))]));
    }
    // Recovered is who does as well for the whole hold as the baseline did: over less time than that, it knows too little.
    let least_us = summary.plan.hold_us;
    let length = |baseline: &Baseline| baseline.to_us.saturating_sub(baseline.from_us);
    let short = || baselines().map(length).filter(|length| *length < least_us);
    if let Some(shortest) = short().min() {
        all.push(Sentence::with(
            "caveat-short-baseline",
            [
                ("episodes", short().count().into()),
                ("length", Arg::LengthUs(shortest)),
                ("hold", Arg::LengthUs(least_us)),
            ],
        ));
    }
}

fn state(summary: &Summary, all: &mut Vec<Sentence>) {
    stores(summary, all);
    let Some(ledger) = &summary.ledger else { return };
    let faults = [
        (ledger.lost, "caveat-lost"),
        (ledger.stale, "caveat-changed"),
        (ledger.never_read, "caveat-never-read"),
        (ledger.unexpected, "caveat-unexpected"),
    ];
    for (entries, id) in faults.into_iter().filter(|(entries, _)| *entries > 0) {
        let acknowledged = ("acknowledged", ledger.acknowledged.into());
        all.push(Sentence::with(id, [("entries", entries.into()), acknowledged]));
    }
}

/// What is not known of the state after the outages, and what is wrong with it.
fn stores(summary: &Summary, all: &mut Vec<Sentence>) {
    for scenario in summary.plan.scenarios.iter().filter(|scenario| scenario.fault == NO_FAULT) {
        all.push(Sentence::with("caveat-no-store-fault", [("scenario", Arg::from(&scenario.name))]));
    }
    let trials = || summary.episodes.iter().filter(|episode| episode.hits_stores() && episode.is_trial());
    let read = |episode: &Episode| episode.state.as_ref().and_then(|state| state.read_back);
    let mut after = |id: &str, is: &dyn Fn(Option<ReadBack>) -> bool| {
        let those: Vec<_> =
            trials().filter(|episode| is(read(episode))).map(|episode| number(episode.id)).collect();
        if !those.is_empty() {
            let count = ("count", those.len().into());
            all.push(Sentence::with(id, [count, ("episodes", Arg::List(those))]));
        }
    };
    after("caveat-no-read-back", &|read| read.is_none());
    after("caveat-not-compared", &|read| read.is_some_and(|read| read.compared.is_none()));
    for episode in trials() {
        let Some(ReadBack { cache_differs: Some(differ @ 1..), compared, .. }) = read(episode) else {
            continue;
        };
        let (episode, sessions) = (("episode", number(episode.id)), ("sessions", differ.into()));
        all.push(match compared {
            Some(compared) => {
                Sentence::with("caveat-cache-differs-of", [episode, sessions, ("compared", compared.into())])
            }
            None => Sentence::with("caveat-cache-differs", [episode, sessions]),
        });
    }
    let at_the_end = summary.ledger.filter(|ledger| ledger.episode.is_none());
    if let Some(differ @ 1..) = at_the_end.and_then(|ledger| ledger.cache_differs) {
        all.push(Sentence::with("caveat-cache-differs-at-end", [("sessions", differ.into())]));
    }
}

fn measurement(summary: &Summary, hidden: &Hidden, all: &mut Vec<Sentence>) {
    let Harness { lag, journal_stalls, journal_stalled_us, unreadable_lines, canaries, health_polls } =
        &summary.harness;
    for (thread, lag) in lag.iter().filter(|(_, lag)| lag.p99_us > MUCH_LAG_US) {
        let (p99, max) = (("p99", Arg::LengthUs(lag.p99_us)), ("max", Arg::LengthUs(lag.max_us)));
        all.push(Sentence::with("caveat-lag", [("thread", thread.into()), p99, max]));
    }
    if *journal_stalls > 0 {
        let (times, sum) = (("times", (*journal_stalls).into()), ("sum", Arg::LengthUs(*journal_stalled_us)));
        all.push(Sentence::with("caveat-journal-stalls", [times, sum]));
    }
    for (count, id, of) in [
        (*unreadable_lines, "caveat-unreadable-lines", "lines"),
        (hidden.late_probes, "caveat-late-probes", "probes"),
        (hidden.undecided_alerts, "caveat-undecided-alerts", "alerts"),
    ] {
        if count > 0 {
            all.push(Sentence::with(id, [(of, count.into())]));
        }
    }
    if *canaries == 0 || *health_polls == 0 {
        all.push(Sentence::new("caveat-no-probes"));
    }
    if !summary.environment.release_build {
        all.push(Sentence::new("caveat-debug-build"));
    }
}

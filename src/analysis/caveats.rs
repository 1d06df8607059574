//! What weakens a result, in sentences.

use super::model::{Episode, Harness, NO_FAULT, Outcome, ReadBack, RunState, Summary, Verdict};
use super::words::{length, percent, plural};

/// Fewer trials than this say little about a rate.
const FEW_TRIALS: u32 = 20;

/// A thread that wakes later than this at the 99th percentile blurs what it measures.
const MUCH_LAG_US: u64 = 10_000;

/// What only the analysis knows besides the summary.
pub(super) struct Hidden {
    /// Expected alerts whose deadline the run did not live to see.
    pub(super) undecided_alerts: u64,
    /// Probes whose lines came too late to be put in order.
    pub(super) late_probes: u64,
    /// Remarks on single episodes.
    pub(super) remarks: Vec<(u32, String)>,
}

/// Everything that a reader must know before trusting the verdict; the gravest first.
pub(super) fn caveats(summary: &Summary, hidden: &Hidden) -> Vec<String> {
    let mut all = Vec::new();
    ending(summary, &mut all);
    trials(summary, hidden, &mut all);
    baseline(summary, &mut all);
    state(summary, &mut all);
    measurement(summary, hidden, &mut all);
    all
}

fn ending(summary: &Summary, all: &mut Vec<String>) {
    let how = match summary.state {
        RunState::Completed => return,
        RunState::Interrupted => "was interrupted",
        RunState::Aborted => "was ended by a guardrail",
        RunState::Failed => "could not go on",
    };
    let detail = summary.state_detail.as_ref().map(|detail| format!(" ({detail})")).unwrap_or_default();
    let at_best = if summary.verdict == Verdict::Inconclusive {
        ", so that the verdict is inconclusive at best"
    } else {
        ""
    };
    all.push(format!("The run {how}{detail}{at_best}."));
}

fn trials(summary: &Summary, hidden: &Hidden, all: &mut Vec<String>) {
    for scenario in &summary.scenarios {
        if scenario.trials < FEW_TRIALS {
            let trials = plural(u64::from(scenario.trials), "trial");
            all.push(format!("Scenario {} has {trials}, which says little about a rate.", scenario.name));
        }
        if summary.kpis.iter().all(|kpi| kpi.scenario != scenario.name) {
            all.push(format!("Scenario {} declares no KPI, so nothing is judged.", scenario.name));
        }
    }
    let with = |outcome| summary.episodes.iter().filter(move |episode| episode.outcome == outcome);
    for episode in with(Outcome::Void) {
        let why = episode.evidence.as_deref().unwrap_or("no effect was proven");
        all.push(format!("Episode {} is void and counts for nothing: {why}.", episode.id));
    }
    let remark = |id: u32| hidden.remarks.iter().find(|(of, _)| *of == id).map(|(_, remark)| remark.as_str());
    for episode in with(Outcome::Aborted) {
        let why = remark(episode.id).unwrap_or("it was never decided");
        all.push(format!("Episode {} is aborted and outside every rate: {why}.", episode.id));
    }
    for episode in with(Outcome::Censored) {
        let deadline = length(summary.plan.recovery_deadline_us);
        let late = remark(episode.id).map(|remark| format!(" ({remark})")).unwrap_or_default();
        all.push(format!(
            "Episode {} had not recovered {deadline} after t0{late}: a failure, and the mean recovery time does not hold it.",
            episode.id
        ));
    }
}

fn baseline(summary: &Summary, all: &mut Vec<String>) {
    let none = summary.episodes.iter().filter(|e| e.baseline.is_none() && e.outcome != Outcome::Void).count();
    if none > 0 {
        all.push(format!("{} had no baseline to be judged against.", plural(none as u64, "episode")));
    }
    let worst =
        summary.episodes.iter().filter_map(|episode| episode.baseline.as_ref()).map(|b| b.success_ratio);
    if let Some(worst) = worst.min_by(f64::total_cmp).filter(|ratio| *ratio < 0.99) {
        all.push(format!("Without any fault only {} of the canaries succeeded.", percent(worst)));
    }
}

fn state(summary: &Summary, all: &mut Vec<String>) {
    stores(summary, all);
    let Some(ledger) = &summary.ledger else { return };
    let faults = [
        (ledger.lost, "lost"),
        (ledger.stale, "changed"),
        (ledger.never_read, "never read back"),
        (ledger.unexpected, "read though never sent"),
    ];
    for (count, what) in faults.into_iter().filter(|(count, _)| *count > 0) {
        let entries = if count == 1 { "1 entry was".to_owned() } else { format!("{count} entries were") };
        all.push(format!("{entries} {what}; {} had been acknowledged.", ledger.acknowledged));
    }
}

/// What is not known of the state after the outages, and what is wrong with it.
fn stores(summary: &Summary, all: &mut Vec<String>) {
    for scenario in summary.plan.scenarios.iter().filter(|scenario| scenario.fault == NO_FAULT) {
        all.push(format!(
            "Scenario {}: no store fault was injected: the harness has no way to stop this target's stores, so \
             resyncs were only forced.",
            scenario.name
        ));
    }
    let trials = || summary.episodes.iter().filter(|episode| episode.hits_stores() && episode.is_trial());
    let read = |episode: &Episode| episode.state.as_ref().and_then(|state| state.read_back);
    let with = |is: &dyn Fn(Option<ReadBack>) -> bool| -> Vec<String> {
        trials().filter(|episode| is(read(episode))).map(|episode| episode.id.to_string()).collect()
    };
    let unread = with(&|read| read.is_none());
    if !unread.is_empty() {
        let episodes = listed(&unread);
        all.push(format!(
            "After {episodes} no read-back was made, so nobody saw whether entries were lost there."
        ));
    }
    let apart = with(&|read| read.is_some_and(|read| read.compared.is_none()));
    if !apart.is_empty() {
        let episodes = listed(&apart);
        all.push(format!(
            "After {episodes} cache and database were not compared: the target cannot be asked so."
        ));
    }
    for episode in trials() {
        let Some(ReadBack { cache_differs: Some(differ @ 1..), compared, .. }) = read(episode) else {
            continue;
        };
        let of = compared.map(|compared| format!(" of {compared}")).unwrap_or_default();
        let sessions = if of.is_empty() && differ == 1 { "session" } else { "sessions" };
        all.push(format!(
            "After episode {} cache and database differed in {differ}{of} {sessions}.",
            episode.id
        ));
    }
    let at_the_end = summary.ledger.filter(|ledger| ledger.episode.is_none());
    if let Some(differ @ 1..) = at_the_end.and_then(|ledger| ledger.cache_differs) {
        all.push(format!("At the end cache and database differed in {}.", plural(differ, "session")));
    }
}

/// `episode 2`, `episodes 2, 3 and 5`.
fn listed(ids: &[String]) -> String {
    match ids {
        [only] => format!("episode {only}"),
        [first @ .., last] => format!("episodes {} and {last}", first.join(", ")),
        [] => "no episode".to_owned(),
    }
}

fn measurement(summary: &Summary, hidden: &Hidden, all: &mut Vec<String>) {
    let Harness { lag, journal_stalls, journal_stalled_us, unreadable_lines, canaries, health_polls } =
        &summary.harness;
    for (thread, lag) in lag.iter().filter(|(_, lag)| lag.p99_us > MUCH_LAG_US) {
        let (p99, max) = (length(lag.p99_us), length(lag.max_us));
        all.push(format!("The {thread} thread woke late: {p99} at the 99th percentile, {max} at most."));
    }
    if *journal_stalls > 0 {
        let (times, sum) = (plural(*journal_stalls, "time"), length(*journal_stalled_us));
        all.push(format!(
            "Users waited for the journal {times}, {sum} in sum: the load was less than planned."
        ));
    }
    if *unreadable_lines > 0 {
        all.push(format!("{} of the journal could not be read.", plural(*unreadable_lines, "line")));
    }
    if hidden.late_probes > 0 {
        all.push(format!("{} came too late to be judged in order.", plural(hidden.late_probes, "probe")));
    }
    if hidden.undecided_alerts > 0 {
        let alerts = plural(hidden.undecided_alerts, "expected alert");
        all.push(format!("The run ended before the deadline of {alerts}, which count for nothing."));
    }
    if *canaries == 0 || *health_polls == 0 {
        all.push(
            "There are no canaries or no health polls, without which no recovery can be shown.".to_owned(),
        );
    }
    if !summary.environment.release_build {
        all.push("The harness is a debug build: it loads the machine more and the target less.".to_owned());
    }
}

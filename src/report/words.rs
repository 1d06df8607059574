//! Every word that more than one output uses, and the headings: one place per language.
//!
//! Sentences that depend on figures are built in `view` and in the outputs from these.

use crate::analysis::Verdict;
use crate::analysis::model::{AlertRole, Outcome, RunState};

/// Symbol and word of a verdict: never colour alone.
pub(crate) fn verdict(verdict: Verdict) -> (&'static str, &'static str) {
    match verdict {
        Verdict::Pass => ("✔", "pass"),
        Verdict::Fail => ("✘", "fail"),
        Verdict::Inconclusive => ("?", "inconclusive"),
    }
}

/// The answer to the run's question.
pub(crate) fn headline(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "the system healed itself within every pass line",
        Verdict::Fail => "a pass line was missed",
        Verdict::Inconclusive => "the data do not decide",
    }
}

/// What a KPI is called.
pub(crate) fn kpi(id: &str) -> &str {
    match id {
        "auto_recovery_rate" => "Automatic recovery rate",
        "state_resync_rate" => "State resync rate",
        "mean_recovery_time" => "Mean recovery time",
        "missed_alerts" => "Missed alerts",
        other => other,
    }
}

/// What a KPI is, for a reader who was not there.
pub(crate) fn kpi_definition(id: &str) -> &'static str {
    match id {
        "auto_recovery_rate" => {
            "episodes that recovered with nothing but the system itself acting ÷ decided episodes; a chain of faults counts as one"
        }
        "state_resync_rate" => {
            "store episodes after which the state was whole again by itself and in time, with no acknowledged entry lost or changed ÷ store episodes"
        }
        "mean_recovery_time" => {
            "mean time from the start of the fault's effect until users were served as before"
        }
        "missed_alerts" => "expected alerts that did not come by their deadline",
        _ => "",
    }
}

/// One word for an outcome.
pub(crate) fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Recovered => "recovered",
        Outcome::Censored => "censored",
        Outcome::Void => "void",
        Outcome::Aborted => "aborted",
    }
}

/// What the word for an outcome means.
pub(crate) fn outcome_meaning(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Recovered => "reached the state before the fault, and held it",
        Outcome::Censored => "not recovered by the deadline: counts as a failure",
        Outcome::Void => "the fault had no confirmed effect: reported, never a success",
        Outcome::Aborted => "interrupted before it was decided: outside every rate",
    }
}

/// How a run ended.
pub(crate) fn state(state: RunState) -> &'static str {
    match state {
        RunState::Completed => "completed",
        RunState::Interrupted => "interrupted",
        RunState::Aborted => "aborted by a guardrail",
        RunState::Failed => "ended by an error of the harness",
    }
}

/// What the matcher made of an alert.
pub(crate) fn role(role: AlertRole) -> &'static str {
    match role {
        AlertRole::Matched => "expected, in time",
        AlertRole::Late => "expected, late",
        AlertRole::Duplicate => "duplicate",
        AlertRole::Collateral => "collateral",
        AlertRole::False => "false alarm",
    }
}

/// The phases in order: name and what ends it.
pub(crate) const PHASES: [(&str, &str); 5] = [
    ("detect", "fault took effect → detected"),
    ("restart", "detected → restarted"),
    ("ready", "restarted → ready"),
    ("restore", "ready → state restored"),
    ("recover", "last of these → users served as before"),
];

/// The phases of a store episode, in which nobody restarts a module: the outage is our own.
pub(crate) const STORE_PHASES: [&str; 5] = [
    "fault took effect → the backend noticed",
    "noticed → the store accepts again: the outage that the harness makes and ends",
    "accepts again → the backend sees it answer",
    "answers → state restored",
    "last of these → users served as before",
];

/// What a phase is.
pub(crate) fn phase(index: usize, of_stores: bool) -> &'static str {
    if of_stores { STORE_PHASES[index] } else { PHASES[index].1 }
}

/// The place of `restart` in [`PHASES`].
pub(crate) const RESTART: usize = 1;

/// What `restart` is for a store.
pub(crate) const RESTART_IS_OUR_OUTAGE: &str = "restart of a store is our own outage: the harness makes it and ends it; in brackets the recovery from its end";

/// The phase `restart` where stores are among the targets.
pub(crate) const RESTART_OF_STORES: &str = "restart (of stores: our own outage)";

/// What the bars of the resync chart are.
pub(crate) const RESYNC_PARTS: [&str; 4] =
    ["outage (our own)", "time to resync", "does not count as resynced", "not over at the episode's end"];

/// How a module is, in the order of the legend of the chart of chains.
pub(crate) const LANE_STATES: [&str; 3] = ["down", "restarting", "healthy"];

/// What is shaded in that chart.
pub(crate) const CHAIN_SPAN: &str = "chain, until the last recovered";

/// The other shade of it.
pub(crate) const SINK_OUTAGE: &str = "our own alert sink closed";

/// What the mark of an alert means in that chart.
pub(crate) fn alert_mark(role: AlertRole) -> &'static str {
    match role {
        AlertRole::Matched => "alert in time",
        AlertRole::Late => "alert late",
        AlertRole::Duplicate => "duplicate alert",
        AlertRole::Collateral => "collateral alert",
        AlertRole::False => "false alarm",
    }
}

/// Why there is nothing to show of store episodes: `own` of them had no effect.
pub(crate) fn no_store_episode(own: usize) -> String {
    if own == 0 {
        "no data: no store fault was injected".to_owned()
    } else {
        "no data: no store fault took effect".to_owned()
    }
}

/// Headings of the sections, in their order.
#[derive(Debug)]
pub(crate) struct Headings {
    pub(crate) caveats: &'static str,
    pub(crate) timeline: &'static str,
    pub(crate) recovery: &'static str,
    pub(crate) chains: &'static str,
    pub(crate) users: &'static str,
    pub(crate) state: &'static str,
    pub(crate) resync: &'static str,
    pub(crate) alerts: &'static str,
    pub(crate) load: &'static str,
    pub(crate) run: &'static str,
}

/// In English.
pub(crate) static HEADINGS: Headings = Headings {
    caveats: "What weakens this result",
    timeline: "Timeline",
    recovery: "Recovery per episode",
    chains: "Chains of faults",
    users: "What users felt",
    state: "State",
    resync: "Outage and time to resync",
    alerts: "Alerts",
    load: "Load",
    run: "How the run was made",
};

//! What the figures still read in English from here.

use crate::analysis::Summary;
use crate::analysis::model::{AlertRole, ChainSummary, Episode, Outcome, StateRecovery};
use crate::lang::Lang;
use crate::report::view;

/// One word for an outcome.
pub(crate) fn outcome(outcome: Outcome) -> &'static str {
    view::outcome_code(outcome)
}

/// How many episodes had which outcome: `3 episodes: 2 recovered, 1 void`.
pub(crate) fn outcomes(episodes: &[Episode]) -> String {
    view::tally_episodes(episodes, Lang::En)
}

/// How many chains had which outcome: `3 chains: 2 recovered, 1 void`.
pub(crate) fn chain_outcomes(chains: &[ChainSummary]) -> String {
    let all: Vec<_> = chains.iter().map(|chain| chain.outcome).collect();
    view::tally(&all, "count-chains", Lang::En)
}

/// Which stores ran.
pub(crate) fn stores(summary: &Summary) -> &str {
    summary.plan.stores.as_deref().unwrap_or("unknown")
}

/// Whether the state came back whole by itself, in two words.
pub(crate) fn resynced(state: &StateRecovery) -> &'static str {
    match state.resynced {
        Some(true) => "resynced",
        Some(false) => "not resynced",
        None => "not known",
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

/// The place of `restart` in [`PHASES`].
pub(crate) const RESTART: usize = 1;

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

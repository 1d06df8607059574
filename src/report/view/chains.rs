//! What chains of faults read like. Pure.

use serde::Serialize;

use crate::analysis::Summary;
use crate::analysis::model::{ChainSummary, Episode, Outcome, ScenarioSummary};
use crate::lang::format::{self, NOT_OBSERVED, length, length_or};
use crate::report::words;

/// One chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct ChainView {
    pub(crate) chain: u32,
    pub(crate) scenario: String,
    pub(crate) members: Vec<MemberView>,
    pub(crate) outcome: &'static str,
    /// Of the whole: from the first effect to the recovery of the last member, or the outcome.
    pub(crate) recovery: String,
    pub(crate) overlapped: &'static str,
    pub(crate) collateral: String,
    pub(crate) dependency_exits: String,
    pub(crate) strategy: String,
}

/// One member that was injected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct MemberView {
    pub(crate) id: u32,
    pub(crate) fault: String,
    pub(crate) target: String,
    /// After the first effect of the chain.
    pub(crate) offset: String,
    /// From its own t0 until it was ready itself.
    pub(crate) ready: String,
    /// From its own t0 until the system was as before.
    pub(crate) recovery: String,
}

/// All chains in order.
pub(crate) fn chains(summary: &Summary) -> Vec<ChainView> {
    summary.chains.iter().map(|chain| view(chain, &summary.episodes)).collect()
}

fn view(chain: &ChainSummary, episodes: &[Episode]) -> ChainView {
    let members = episodes.iter().filter(|episode| chain.episodes.contains(&episode.id));
    let skipped = chain.collateral.iter().map(|skipped| format!("{} ({})", skipped.target, skipped.reason));
    let exits = chain
        .dependency_exits
        .iter()
        .map(|exit| format!("{} (+{})", exit.module, length(exit.at_us.saturating_sub(chain.t0_us))));
    ChainView {
        chain: chain.chain,
        scenario: chain.scenario.clone(),
        members: members.map(|episode| member(chain, episode)).collect(),
        outcome: words::outcome(chain.outcome),
        recovery: recovery(chain),
        overlapped: match chain.overlapped {
            Some(true) => "yes",
            Some(false) => "no",
            None => NOT_OBSERVED,
        },
        collateral: none_or(&skipped.collect::<Vec<_>>()),
        dependency_exits: none_or(&exits.collect::<Vec<_>>()),
        strategy: chain.strategy.clone().unwrap_or_else(|| "unchanged".to_owned()),
    }
}

fn member(chain: &ChainSummary, episode: &Episode) -> MemberView {
    MemberView {
        id: episode.id,
        fault: episode.fault.clone(),
        target: episode.target.clone(),
        offset: format!("+{}", length(episode.t0_us.saturating_sub(chain.t0_us))),
        ready: length_or(ready_us(episode)),
        recovery: match (episode.outcome, episode.recovery_us) {
            (Outcome::Recovered, Some(us)) => length(us),
            (outcome, _) => words::outcome(outcome).to_owned(),
        },
    }
}

/// From t0 until the target was ready itself: the phases up to that mark.
pub(crate) fn ready_us(episode: &Episode) -> Option<u64> {
    let phases = &episode.phases_us;
    phases.ready.map(|ready| ready + phases.detect.unwrap_or(0) + phases.restart.unwrap_or(0))
}

/// The time or, without one, the outcome.
fn recovery(chain: &ChainSummary) -> String {
    match (chain.outcome, chain.recovery_us) {
        (Outcome::Recovered, Some(us)) => {
            format!("{}{}", length(us), if chain.automatic { "" } else { " (helped)" })
        }
        (outcome, _) => words::outcome(outcome).to_owned(),
    }
}

fn none_or(all: &[String]) -> String {
    if all.is_empty() { "none".to_owned() } else { all.join(", ") }
}

/// How many chains had which outcome: `3 chains: 2 recovered, 1 void`.
pub(crate) fn outcomes(chains: &[ChainSummary]) -> String {
    use Outcome::{Aborted, Censored, Recovered, Void};
    let with = |outcome| chains.iter().filter(|chain| chain.outcome == outcome).count();
    let parts: Vec<_> = [Recovered, Censored, Void, Aborted]
        .into_iter()
        .map(|outcome| (outcome, with(outcome)))
        .filter(|(_, n)| *n > 0)
        .map(|(outcome, n)| format!("{n} {}", words::outcome(outcome)))
        .collect();
    let all = format::counted(chains.len() as u64, "chain", "chains");
    if parts.is_empty() { all } else { format!("{all}: {}", parts.join(", ")) }
}

/// How many trials of a scenario were decided; where chains are among them, a chain counts as one.
pub(crate) fn trials(summary: &Summary, scenario: &ScenarioSummary) -> String {
    let chained = summary.chains.iter().any(|chain| chain.scenario == scenario.name);
    let (one, many) =
        if chained { ("decided trial", "decided trials") } else { ("decided episode", "decided episodes") };
    format::counted(u64::from(scenario.trials), one, many)
}

/// All chains in one line: how many really overlapped, and how often a crash travelled by itself.
pub(crate) fn sum(summary: &Summary) -> Option<String> {
    let chains = &summary.chains;
    if chains.is_empty() {
        return None;
    }
    let overlapped = chains.iter().filter(|chain| chain.overlapped == Some(true)).count();
    let exits: usize = chains.iter().map(|chain| chain.dependency_exits.len()).sum();
    let skipped: usize = chains.iter().map(|chain| chain.collateral.len()).sum();
    Some(format!(
        "{}; members away at the same time in {overlapped}; {} down already; {} by itself as its dependency stayed away",
        outcomes(chains),
        format::counted(skipped as u64, "target", "targets"),
        format::counted(exits as u64, "module ended", "modules ended"),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn the_whole_stands_beside_each_members_own_way_to_ready() {
        let summary = fixture::chains(4).summary;
        let views = chains(&summary);
        assert_eq!(views.len(), 4);
        let first = &views[0];
        assert_eq!((first.recovery.as_str(), first.overlapped), ("1.1 s", "yes"));
        let members: Vec<_> =
            first.members.iter().map(|m| (m.target.as_str(), m.offset.as_str(), m.ready.as_str())).collect();
        assert_eq!(members, [("ingest", "+0 ms", "400 ms"), ("analysis", "+300 ms", "600 ms")]);
        assert_eq!((views[3].recovery.as_str(), views[3].overlapped), ("censored", "no"));
        assert_eq!(sum(&fixture::passing().summary), None);
    }
}

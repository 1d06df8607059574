//! What chains of faults read like. Pure.

use serde::Serialize;

use super::{commas, outcome, outcome_code, tally, with_detail};
use crate::analysis::Summary;
use crate::analysis::model::{ChainSummary, Episode, Outcome, ScenarioSummary};
use crate::lang::Lang;
use crate::lang::format::length;

/// One chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct ChainView {
    pub(crate) chain: u32,
    pub(crate) scenario: String,
    pub(crate) members: Vec<MemberView>,
    pub(crate) outcome: String,
    /// The outcome as style sheets know it.
    pub(crate) class: &'static str,
    /// Of the whole: from the first effect to the recovery of the last member, or the outcome.
    pub(crate) recovery: String,
    pub(crate) overlapped: String,
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
pub(crate) fn chains(summary: &Summary, lang: Lang) -> Vec<ChainView> {
    summary.chains.iter().map(|chain| view(chain, &summary.episodes, lang)).collect()
}

fn view(chain: &ChainSummary, episodes: &[Episode], lang: Lang) -> ChainView {
    let members = episodes.iter().filter(|episode| chain.episodes.contains(&episode.id));
    let skipped = chain.collateral.iter().map(|skipped| with_detail(&skipped.target, &skipped.reason, lang));
    let exits = chain.dependency_exits.iter().map(|exit| {
        with_detail(&exit.module, &format!("+{}", length(exit.at_us.saturating_sub(chain.t0_us))), lang)
    });
    ChainView {
        chain: chain.chain,
        scenario: chain.scenario.clone(),
        members: members.map(|episode| member(chain, episode, lang)).collect(),
        outcome: outcome(chain.outcome, lang),
        class: outcome_code(chain.outcome),
        recovery: recovery(chain, lang),
        overlapped: lang.text(match chain.overlapped {
            Some(true) => "yes",
            Some(false) => "no",
            None => "not-observed",
        }),
        collateral: none_or(&skipped.collect::<Vec<_>>(), lang),
        dependency_exits: none_or(&exits.collect::<Vec<_>>(), lang),
        strategy: chain.strategy.clone().unwrap_or_else(|| lang.text("chain-strategy-unchanged")),
    }
}

fn member(chain: &ChainSummary, episode: &Episode, lang: Lang) -> MemberView {
    MemberView {
        id: episode.id,
        fault: episode.fault.clone(),
        target: episode.target.clone(),
        offset: format!("+{}", length(episode.t0_us.saturating_sub(chain.t0_us))),
        ready: lang.length_or(ready_us(episode)),
        recovery: match (episode.outcome, episode.recovery_us) {
            (Outcome::Recovered, Some(us)) => length(us),
            (other, _) => outcome(other, lang),
        },
    }
}

/// From t0 until the target was ready itself: the phases up to that mark.
pub(crate) fn ready_us(episode: &Episode) -> Option<u64> {
    let phases = &episode.phases_us;
    phases.ready.map(|ready| ready + phases.detect.unwrap_or(0) + phases.restart.unwrap_or(0))
}

/// The time or, without one, the outcome.
fn recovery(chain: &ChainSummary, lang: Lang) -> String {
    match (chain.outcome, chain.recovery_us) {
        (Outcome::Recovered, Some(us)) if chain.automatic => length(us),
        (Outcome::Recovered, Some(us)) => with_detail(&length(us), &lang.text("helped"), lang),
        (other, _) => outcome(other, lang),
    }
}

fn none_or(all: &[String], lang: Lang) -> String {
    if all.is_empty() { lang.text("none") } else { commas(all, lang) }
}

/// How many trials of a scenario were decided; where chains are among them, a chain counts as one.
pub(crate) fn trials(summary: &Summary, scenario: &ScenarioSummary, lang: Lang) -> String {
    let chained = summary.chains.iter().any(|chain| chain.scenario == scenario.name);
    let noun = if chained { "count-decided-trials" } else { "count-decided-episodes" };
    lang.say(noun, [("n", scenario.trials.into())])
}

/// All chains in one line: how many really overlapped, and how often a crash travelled by itself.
pub(crate) fn sum(summary: &Summary, lang: Lang) -> Option<String> {
    let chains = &summary.chains;
    if chains.is_empty() {
        return None;
    }
    let all: Vec<_> = chains.iter().map(|chain| chain.outcome).collect();
    let overlapped = chains.iter().filter(|chain| chain.overlapped == Some(true)).count();
    let exits: usize = chains.iter().map(|chain| chain.dependency_exits.len()).sum();
    let skipped: usize = chains.iter().map(|chain| chain.collateral.len()).sum();
    let args = [
        ("chains", tally(&all, "count-chains", lang).into()),
        ("overlapped", overlapped.into()),
        ("skipped", skipped.into()),
        ("exits", exits.into()),
    ];
    Some(lang.say("chains-sum", args))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn the_whole_stands_beside_each_members_own_way_to_ready() {
        let summary = fixture::chains(4).summary;
        let views = chains(&summary, Lang::En);
        assert_eq!(views.len(), 4);
        let first = &views[0];
        assert_eq!((first.recovery.as_str(), first.overlapped.as_str()), ("1.1 s", "yes"));
        let members: Vec<_> =
            first.members.iter().map(|m| (m.target.as_str(), m.offset.as_str(), m.ready.as_str())).collect();
        assert_eq!(members, [("ingest", "+0 ms", "400 ms"), ("analysis", "+300 ms", "600 ms")]);
        assert_eq!((views[3].recovery.as_str(), views[3].overlapped.as_str()), ("censored", "no"));
        assert_eq!(sum(&fixture::passing().summary, Lang::En), None);
    }
}

//! What counts as one in rates and means: a fault by itself, or a whole chain of them.

use super::model::{ChainSummary, Episode, Outcome, Summary};

/// A fault by itself, or a chain.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Trial<'a> {
    pub(crate) scenario: &'a str,
    /// The numbers of its episodes: one, or the members of the chain.
    pub(crate) episodes: &'a [u32],
    /// Whether it is a chain, even one of a single member.
    pub(crate) chained: bool,
    pub(crate) outcome: Outcome,
    pub(crate) automatic: bool,
    pub(crate) recovery_us: Option<u64>,
    /// From t0 until it was decided or given up.
    pub(crate) watched_us: u64,
}

impl Trial<'_> {
    /// Whether it was decided, and so counts.
    pub(crate) fn counts(&self) -> bool {
        matches!(self.outcome, Outcome::Recovered | Outcome::Censored)
    }
}

/// How many trials of the run were decided, and how many of them were given up.
pub(crate) fn decided(run: &Summary) -> (u64, u64) {
    let trials = trials(&run.episodes, &run.chains);
    let count = |of: fn(&&Trial<'_>) -> bool| trials.iter().filter(of).count() as u64;
    (count(|trial| trial.counts()), count(|trial| trial.outcome == Outcome::Censored))
}

/// Every trial of the run. Members of a chain are none: they hang together.
pub(crate) fn trials<'a>(episodes: &'a [Episode], chains: &'a [ChainSummary]) -> Vec<Trial<'a>> {
    let alone = episodes.iter().filter(|episode| episode.chain.is_none()).map(|episode| Trial {
        scenario: &episode.scenario,
        episodes: std::slice::from_ref(&episode.id),
        chained: false,
        outcome: episode.outcome,
        automatic: episode.automatic,
        recovery_us: episode.recovery_us,
        watched_us: episode.end_us.saturating_sub(episode.t0_us),
    });
    let chained = chains.iter().map(|chain| Trial {
        scenario: &chain.scenario,
        episodes: &chain.episodes,
        chained: true,
        outcome: chain.outcome,
        automatic: chain.automatic,
        recovery_us: chain.recovery_us,
        watched_us: chain.end_us.saturating_sub(chain.t0_us),
    });
    alone.chain(chained).collect()
}

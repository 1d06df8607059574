//! A run's trials with all that happened in them.

use std::collections::BTreeMap;

use crate::analysis::Summary;
use crate::analysis::model::{Episode, Outcome};
use crate::analysis::survival::Observation;
use crate::analysis::trial;

/// A fault by itself, or a whole chain: what is independent of others as far as one run goes.
#[derive(Debug, Clone)]
pub(super) struct Trial<'a> {
    pub(super) outcome: Outcome,
    pub(super) automatic: bool,
    pub(super) episodes: Vec<&'a Episode>,
    chained: bool,
    recovery_us: Option<u64>,
    watched_us: u64,
}

impl<'a> Trial<'a> {
    /// The episode of a fault by itself.
    pub(super) fn single(&self) -> Option<&'a Episode> {
        self.episodes.first().copied().filter(|_| !self.chained)
    }

    /// What was seen of its recovery; nothing of one that is not decided.
    pub(super) fn observed(&self) -> Option<Observation> {
        match self.outcome {
            Outcome::Recovered => self.recovery_us.map(Observation::Event),
            Outcome::Censored => Some(Observation::Censored(self.watched_us)),
            Outcome::Void | Outcome::Aborted => None,
        }
    }

    /// What was done to what: the same in trials of the same schedule.
    pub(super) fn faults(&self) -> (bool, Vec<(&'a str, &'a str)>) {
        // Which members of a chain are down already is what the policy does, not what was planned.
        let faults = self.episodes.iter().filter(|_| !self.chained);
        (self.chained, faults.map(|episode| (episode.fault.as_str(), episode.target.as_str())).collect())
    }
}

/// The run's trials of one scenario, void and aborted ones included.
pub(super) fn trials<'a>(run: &'a Summary, scenario: &str) -> Vec<Trial<'a>> {
    let by_id: BTreeMap<u32, &Episode> = run.episodes.iter().map(|episode| (episode.id, episode)).collect();
    let episode = |id: &u32| by_id.get(id).copied();
    let of = |found: trial::Trial<'a>| Trial {
        outcome: found.outcome,
        automatic: found.automatic,
        episodes: found.episodes.iter().filter_map(episode).collect(),
        chained: found.chained,
        recovery_us: found.recovery_us,
        watched_us: found.watched_us,
    };
    let found = trial::trials(&run.episodes, &run.chains);
    found.into_iter().filter(|found| found.scenario == scenario).map(of).collect()
}

/// What a trial cost in sum. Members of a chain that overlap have seen the same requests: one that lies in another adds
/// nothing, and of two that overlap in part nobody knows the sum.
pub(super) fn whole(trial: &Trial<'_>, of: fn(&Episode) -> Option<f64>) -> Option<f64> {
    let mut hit: Vec<_> = trial.episodes.iter().filter(|episode| episode.outcome != Outcome::Void).collect();
    // Of two that begin at once the longer one comes first.
    hit.sort_by_key(|episode| (episode.t0_us, std::cmp::Reverse(episode.end_us)));
    let (mut sum, mut end) = (None, 0);
    for episode in hit {
        if sum.is_some() && episode.end_us <= end {
            continue;
        }
        if sum.is_some() && episode.t0_us < end {
            return None;
        }
        sum = Some(sum.unwrap_or(0.0) + of(episode)?);
        end = episode.end_us;
    }
    sum
}

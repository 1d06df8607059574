//! Whether the state came back whole, by itself and in time.

use std::collections::BTreeMap;

use super::{Evidence, mean, rate, say};
use crate::analysis::model::{Episode, Kpi, StateRecovery, Verdict};
use crate::analysis::words::plural;

impl Evidence<'_> {
    /// Only store episodes count. One of which nobody can say whether the state is whole keeps the rate from being a
    /// pass; it can still fail, when it would even if all such were good.
    pub(super) fn state_resync_rate(&self, kpi: &mut Kpi) {
        let own: Vec<_> = self.episodes.iter().copied().filter(|episode| episode.hits_stores()).collect();
        let trials: Vec<_> = own.iter().copied().filter(|episode| episode.is_trial()).collect();
        kpi.excluded = (own.len() - trials.len()) as u64;
        if trials.is_empty() {
            let none = if own.is_empty() { "no store was hit" } else { "no store episode was decided" };
            say(kpi, &format!("{none}, so nothing is shown"));
            say(kpi, &self.left_out());
            return;
        }
        let with = |known| trials.iter().filter(move |trial| resynced(trial) == known).count() as u64;
        let (whole, broken, unknown) = (with(Some(true)), with(Some(false)), with(None));
        (kpi.numerator, kpi.denominator) = (whole, whole + broken);
        kpi.excluded += unknown;
        if kpi.denominator > 0 {
            rate(kpi, self.plan.strict);
        }
        if unknown > 0 {
            let at_best = mean(whole + unknown, trials.len() as u64).unwrap_or(0.0);
            let fails = kpi.threshold.op == ">=" && at_best < kpi.threshold.limit;
            kpi.verdict = if fails { Verdict::Fail } else { Verdict::Inconclusive };
        }
        for (reason, episodes) in reasons(&trials) {
            say(kpi, &format!("{}: {reason}", plural(episodes, "episode")));
        }
        let only_forced = trials.iter().filter(|trial| resynced(trial) == Some(false) && was_forced(trial));
        let only_forced = only_forced.count() as u64;
        if only_forced > 0 {
            let resyncs = plural(only_forced, "forced resync");
            say(kpi, &format!("{resyncs} that succeeded afterwards cannot make up for it"));
        }
        say(kpi, &self.left_out());
    }
}

fn resynced(episode: &Episode) -> Option<bool> {
    episode.state.as_ref().and_then(|state| state.resynced)
}

fn was_forced(episode: &Episode) -> bool {
    let succeeded =
        |state: &StateRecovery| state.requested.iter().any(|requested| requested.outcome == "succeeded");
    let automatic =
        |state: &StateRecovery| state.automatic.as_ref().is_some_and(|resync| resync.outcome == "succeeded");
    episode.state.as_ref().is_some_and(|state| succeeded(state) && !automatic(state))
}

/// Why episodes do not count, and how many for each reason.
fn reasons<'a>(trials: &[&'a Episode]) -> BTreeMap<&'a str, u64> {
    let mut reasons = BTreeMap::new();
    for reason in trials.iter().filter_map(|trial| trial.state.as_ref()?.reason.as_ref()) {
        *reasons.entry(reason.text.as_str()).or_default() += 1;
    }
    reasons
}

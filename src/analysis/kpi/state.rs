//! Whether the state came back whole, by itself and in time.

use std::collections::BTreeMap;

use super::{Evidence, mean, rate};
use crate::analysis::model::{Episode, Kpi, StateRecovery, Verdict};
use crate::lang::Sentence;

impl Evidence<'_> {
    /// Only store episodes count. One of which nobody can say whether the state is whole keeps the rate from being a
    /// pass; it can still fail, when it would even if all such were good.
    pub(super) fn state_resync_rate(&self, kpi: &mut Kpi) {
        let own: Vec<_> = self.episodes.iter().copied().filter(|episode| episode.hits_stores()).collect();
        let trials: Vec<_> = own.iter().copied().filter(|episode| episode.is_trial()).collect();
        kpi.excluded = (own.len() - trials.len()) as u64;
        if trials.is_empty() {
            let none = if own.is_empty() { "kpi-note-no-store-hit" } else { "kpi-note-no-store-decided" };
            kpi.notes.push(Sentence::new(none));
            self.left_out(kpi);
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
        for (reason, episodes) in reasons(&trials).into_values() {
            let said = [("episodes", episodes.into()), ("reason", reason.clone().into())];
            kpi.notes.push(Sentence::with("kpi-note-state", said));
        }
        let only_forced = trials.iter().filter(|trial| resynced(trial) == Some(false) && was_forced(trial));
        let only_forced = only_forced.count() as u64;
        if only_forced > 0 {
            kpi.notes.push(Sentence::with("kpi-note-only-forced", [("resyncs", only_forced.into())]));
        }
        self.left_out(kpi);
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
fn reasons<'a>(trials: &[&'a Episode]) -> BTreeMap<&'a str, (&'a Sentence, u64)> {
    let mut reasons = BTreeMap::new();
    for reason in trials.iter().filter_map(|trial| trial.state.as_ref()?.reason.as_ref()) {
        reasons.entry(reason.text.as_str()).or_insert((reason, 0)).1 += 1;
    }
    reasons
}

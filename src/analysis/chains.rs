//! Several faults that are meant to overlap: one trial, decided by its members.

use std::collections::BTreeSet;

use super::downtime::{Downtime, What};
use super::episode::Decided;
use super::model::{ChainSummary, CollateralTarget, DependencyExit, Episode, Outcome};
use super::stores::stores_of;
use super::timeline::ControlTimeline;
use super::watch::STOPPING_ALREADY;
use crate::journal::Micros;
use crate::lang::Arg;

/// Why a module ended that was not hit itself, in the backend's word.
const DEPENDENCY_LOST: &str = "dependency_lost";

/// Every chain in order of its number, be it announced or only named by its members.
pub(super) fn chains(
    control: &ControlTimeline,
    decided: &[Decided],
    downtimes: &[Downtime],
) -> Vec<ChainSummary> {
    let announced = control.chains.iter().map(|chain| chain.what.chain);
    let named = decided.iter().filter_map(|decided| decided.episode.chain);
    let numbers: BTreeSet<u32> = announced.chain(named).collect();
    let chain = |number: u32| {
        let members: Vec<_> =
            decided.iter().filter(|decided| decided.episode.chain == Some(number)).collect();
        chain(number, &members, control, downtimes)
    };
    numbers.into_iter().map(chain).collect()
}

fn chain(
    number: u32,
    members: &[&Decided],
    control: &ControlTimeline,
    downtimes: &[Downtime],
) -> ChainSummary {
    let announced = control.chains.iter().find(|chain| chain.what.chain == number);
    let skipped = control.skipped.iter().filter(|skipped| skipped.what.chain == number);
    let skipped = skipped.map(|skipped| CollateralTarget {
        target: skipped.what.target.clone(),
        reason: skipped.what.reason.clone(),
    });
    let collateral: Vec<_> =
        skipped.chain(members.iter().filter_map(|member| down_already(member))).collect();
    let begun = announced.map(|chain| chain.t).or_else(|| members.iter().map(|member| member.action).min());
    let begun = begun.unwrap_or_default();
    let hit: Vec<_> =
        members.iter().copied().filter(|member| member.episode.outcome != Outcome::Void).collect();
    let episodes = || hit.iter().map(|member| &member.episode);
    let outcome = if members.is_empty() && collateral.is_empty() {
        // It broke off before its first member: nobody can say what would have become of it.
        Outcome::Aborted
    } else {
        worst(episodes().map(|episode| episode.outcome))
    };
    let t0 = episodes().map(|episode| episode.t0_us).min().unwrap_or(begun);
    let end = members.iter().map(|member| member.episode.end_us).fold(t0, Micros::max);
    let recovered =
        (outcome == Outcome::Recovered).then(|| episodes().map(|e| e.end_us).fold(t0, Micros::max));
    let first = members.first().map(|member| member.episode.scenario.clone());
    ChainSummary {
        chain: number,
        scenario: announced.map(|chain| chain.what.scenario.clone()).or(first).unwrap_or_default(),
        episodes: members.iter().map(|member| member.episode.id).collect(),
        collateral,
        strategy: announced.and_then(|chain| chain.what.strategy.clone()),
        t0_us: t0,
        end_us: end,
        outcome,
        automatic: recovered.is_some() && episodes().all(|episode| episode.automatic),
        recovery_us: recovered.map(|recovered| recovered - t0),
        overlapped: (!control.backend.is_empty()).then(|| overlapped(&hit, downtimes)),
        dependency_exits: dependency_exits(control, begun.min(t0), end),
    }
}

/// A member that was going down when its turn came, though that was not known then.
fn down_already(member: &Decided) -> Option<CollateralTarget> {
    let reason = match &member.remark {
        Some(Arg::Sentence(remark)) if remark.id == STOPPING_ALREADY => remark.text.clone(),
        _ => return None,
    };
    Some(CollateralTarget { target: member.episode.target.clone(), reason })
}

/// The worst of the members, of which none is void; without any the chain is void itself.
fn worst(outcomes: impl Iterator<Item = Outcome>) -> Outcome {
    let badness = |outcome: &Outcome| match outcome {
        Outcome::Void => 0,
        Outcome::Recovered => 1,
        Outcome::Aborted => 2,
        Outcome::Censored => 3,
    };
    outcomes.max_by_key(badness).unwrap_or(Outcome::Void)
}

/// Whether two of the members were away at one time: not what was planned, but what the backend tells.
fn overlapped(members: &[&Decided], downtimes: &[Downtime]) -> bool {
    let away: Vec<Vec<_>> = members.iter().map(|member| own(member, downtimes).collect()).collect();
    let at_once = |a: &Downtime, b: &Downtime| {
        let (a_until, b_until) = (a.until.unwrap_or(Micros::MAX), b.until.unwrap_or(Micros::MAX));
        a.from < b_until && b.from < a_until
    };
    away.iter().enumerate().any(|(index, first)| {
        let others = || away[index + 1..].iter().flatten();
        first.iter().any(|a| others().any(|b| at_once(a, b)))
    })
}

/// When the target of a member was away because of it.
fn own<'a>(member: &'a Decided, downtimes: &'a [Downtime]) -> impl Iterator<Item = &'a Downtime> {
    let Episode { target, t0_us, end_us, .. } = &member.episode;
    let of_stores = member.episode.hits_stores();
    let from = member.action.min(*t0_us);
    downtimes.iter().filter(move |down| {
        let same = if of_stores {
            down.what == What::State && stores_of(target).any(|store| store == down.name)
        } else {
            down.what == What::Module && down.name == *target
        };
        // A store's downtime may be stamped with the start of a call that the fault cut off.
        let begins = (from..=*end_us).contains(&down.from)
            || (of_stores && down.from < from && down.until.is_none_or(|until| until > from));
        same && begins
    })
}

fn dependency_exits(control: &ControlTimeline, from: Micros, end: Micros) -> Vec<DependencyExit> {
    let first = control.backend.partition_point(|event| event.t < from);
    let inside = control.backend[first..].iter().take_while(|event| event.t <= end);
    let lost = inside
        .filter(|event| event.what.kind == "exited" && event.what.cause.as_deref() == Some(DEPENDENCY_LOST));
    lost.map(|event| DependencyExit { module: event.what.module.clone(), at_us: event.t }).collect()
}

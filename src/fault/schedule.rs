//! What is hit next: every module, and every way to take a store away, in turn, in an order drawn from the run's seed.

use std::time::Duration;

use rand::seq::{IndexedRandom, SliceRandom};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::plan::FaultKind;
use crate::target::ModuleHealth;

/// Keeps the draws of stores apart from those of modules, so that neither depends on how many of the other there were.
const STORES_STREAM: u64 = 1;
/// Likewise for chains.
const CHAINS_STREAM: u64 = 2;
/// Members of a chain begin within this time of the one before.
const LONGEST_OFFSET_MS: u64 = 1_000;
/// One chain in so many has a store among its members.
const STORE_EVERY: u32 = 3;

/// Draws targets. A round holds every module once; each round has an order of its own.
#[derive(Debug)]
pub(super) struct Schedule {
    rng: ChaCha8Rng,
    round: Vec<String>,
}

impl Schedule {
    /// The schedule of `seed`.
    pub(super) fn new(seed: u64) -> Self {
        Self { rng: ChaCha8Rng::seed_from_u64(seed), round: Vec::new() }
    }

    /// The next module of the round that may be hit now: it is ready and its last failures are forgiven, so
    /// that one episode is not counted on top of another. `None` when there is none.
    pub(super) fn next<'a>(&mut self, modules: &'a [ModuleHealth]) -> Option<&'a ModuleHealth> {
        self.round.retain(|name| modules.iter().any(|module| &module.name == name));
        if self.round.is_empty() {
            self.round = modules.iter().map(|module| module.name.clone()).collect();
            self.round.sort();
            self.round.shuffle(&mut self.rng);
        }
        let eligible =
            |name: &String| modules.iter().find(|module| &module.name == name && may_be_hit(module));
        let (at, module) =
            self.round.iter().enumerate().find_map(|(at, name)| Some((at, eligible(name)?)))?;
        self.round.remove(at);
        Some(module)
    }
}

/// Draws outages of stores. A round holds every kind of fault on every target once.
#[derive(Debug)]
pub(super) struct StoreSchedule {
    rng: ChaCha8Rng,
    round: Vec<(FaultKind, String)>,
}

impl StoreSchedule {
    /// The schedule of `seed`.
    pub(super) fn new(seed: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(STORES_STREAM);
        Self { rng, round: Vec::new() }
    }

    /// The next outage of the round, until it is [done](Self::advance); `None` when there is nothing to hit.
    pub(super) fn next(&mut self, kinds: &[FaultKind], targets: &[String]) -> Option<(FaultKind, String)> {
        if self.round.is_empty() {
            let on_every_target =
                |kind: &FaultKind| targets.iter().map(|target| (*kind, target.clone())).collect::<Vec<_>>();
            self.round = kinds.iter().flat_map(on_every_target).collect();
            self.round.shuffle(&mut self.rng);
        }
        self.round.last().cloned()
    }

    /// The next outage was injected; one that could not be is tried again.
    pub(super) fn advance(&mut self) {
        self.round.pop();
    }
}

/// What a member of a chain hits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Member {
    pub(super) fault: FaultKind,
    pub(super) target: String,
    /// After the first member.
    pub(super) offset: Duration,
}

/// Draws chains of two or three overlapping faults.
#[derive(Debug)]
pub(super) struct ChainSchedule {
    rng: ChaCha8Rng,
}

impl ChainSchedule {
    /// The schedule of `seed`.
    pub(super) fn new(seed: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(CHAINS_STREAM);
        Self { rng }
    }

    /// The next chain over `modules`, which are two at least. Now and then a store of `stores` is its last member, taken
    /// away by one of `store_faults`.
    pub(super) fn next(
        &mut self,
        modules: &[String],
        stores: &[String],
        store_faults: &[FaultKind],
    ) -> Vec<Member> {
        let mut targets = modules.to_vec();
        targets.sort();
        targets.shuffle(&mut self.rng);
        targets.truncate(self.rng.random_range(2..=3));
        let mut members: Vec<_> = targets.into_iter().map(|target| (FaultKind::Kill, target)).collect();
        // Drawn whether or not there are stores, so that the modules' draws are the same.
        let with_store = self.rng.random_ratio(1, STORE_EVERY);
        let store = stores.choose(&mut self.rng).cloned().zip(store_faults.choose(&mut self.rng).copied());
        if let (true, Some((target, fault))) = (with_store, store) {
            members.pop();
            members.push((fault, target));
        }
        let mut offset = Duration::ZERO;
        let mut drawn = Vec::with_capacity(members.len());
        for (fault, target) in members {
            drawn.push(Member { fault, target, offset });
            offset += Duration::from_millis(self.rng.random_range(0..=LONGEST_OFFSET_MS));
        }
        drawn
    }
}

pub(super) fn may_be_hit(module: &ModuleHealth) -> bool {
    matches!(module.status.as_str(), "ready" | "healthy" | "running" | "up")
        && module.consecutive_failures.unwrap_or(0) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn module(name: &str, consecutive_failures: u32) -> ModuleHealth {
        ModuleHealth {
            name: name.to_owned(),
            status: "ready".to_owned(),
            pid: Some(10),
            depends_on: None,
            restarts: Some(0),
            consecutive_failures: Some(consecutive_failures),
            started: None,
        }
    }

    #[test]
    fn hits_every_module_once_a_round_and_repeats_with_the_seed() {
        let modules = [module("ingest", 0), module("session", 0), module("analysis", 0)];
        let draw = |seed| {
            let mut schedule = Schedule::new(seed);
            (0..9).map(|_| schedule.next(&modules).unwrap().name.clone()).collect::<Vec<_>>()
        };
        let drawn = draw(7);
        for round in drawn.chunks(3) {
            let mut names = round.to_vec();
            names.sort();
            assert_eq!(names, ["analysis", "ingest", "session"]);
        }
        assert_eq!(drawn, draw(7));
        assert!((0..20).any(|seed| draw(seed) != drawn), "the order must depend on the seed");
    }

    #[test]
    fn a_round_of_outages_holds_every_kind_on_every_target_once() {
        let kinds = [FaultKind::StoreKill, FaultKind::StorePause];
        let targets = ["database", "cache", "database+cache"].map(str::to_owned);
        let draw = |seed| {
            let mut schedule = StoreSchedule::new(seed);
            let draw = |_| {
                let next = schedule.next(&kinds, &targets).unwrap();
                assert_eq!(schedule.next(&kinds, &targets).as_ref(), Some(&next), "it is not done yet");
                schedule.advance();
                next
            };
            (0..12).map(draw).collect::<Vec<_>>()
        };
        let drawn = draw(7);
        for round in drawn.chunks(6) {
            for kind in kinds {
                for target in &targets {
                    assert!(round.contains(&(kind, target.clone())), "{kind:?} of {target} is missing");
                }
            }
        }
        assert_eq!(drawn, draw(7));
        assert!((0..20).any(|seed| draw(seed) != drawn), "the order must depend on the seed");
        assert_eq!(StoreSchedule::new(1).next(&[], &targets), None);
    }

    #[test]
    fn a_chain_hits_two_or_three_different_targets_within_a_second_of_each_other() {
        let modules = ["ingest", "session", "analysis"].map(str::to_owned);
        let stores = ["database", "cache"].map(str::to_owned);
        let mut schedule = ChainSchedule::new(3);
        let chains: Vec<_> =
            (0..200).map(|_| schedule.next(&modules, &stores, &[FaultKind::StoreLock])).collect();
        for chain in &chains {
            assert!((2..=3).contains(&chain.len()));
            let mut targets: Vec<_> = chain.iter().map(|member| &member.target).collect();
            targets.sort();
            targets.dedup();
            assert_eq!(targets.len(), chain.len());
            assert_eq!(chain[0].offset, Duration::ZERO);
            let apart = |pair: &[Member]| pair[1].offset - pair[0].offset;
            assert!(chain.windows(2).all(|pair| apart(pair) <= Duration::from_secs(1)));
        }
        let of_stores = |chain: &&Vec<Member>| chain.iter().any(|member| member.fault.is_of_stores());
        // A third of 200 is 67; a fair draw is outside 40 to 95 less often than once in ten thousand.
        assert!((40..=95).contains(&chains.iter().filter(of_stores).count()));
        let without = ChainSchedule::new(3).next(&modules, &[], &[]);
        assert!(without.iter().all(|member| member.fault == FaultKind::Kill));
    }

    #[test]
    fn passes_over_a_module_whose_failures_are_not_forgiven() {
        let mut schedule = Schedule::new(1);
        let modules = [module("ingest", 1), module("session", 0)];
        assert_eq!(schedule.next(&modules).unwrap().name, "session");
        assert!(schedule.next(&modules).is_none(), "only ingest is left of the round, and it must wait");
        let modules = [module("ingest", 0), module("session", 0)];
        assert_eq!(schedule.next(&modules).unwrap().name, "ingest");
    }
}

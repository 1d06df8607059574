//! Who is killed when: drawn from the seed alone, so that the same seed kills in the same order and at the same distances.

use std::fmt;
use std::time::Duration;

use rand::seq::SliceRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

/// Of the delays before a kill.
const LONGEST_DELAY_MS: u64 = 500;
/// Between the two kills of a pair.
const LONGEST_GAP_MS: u64 = 300;
/// How long a store stays away. The backend looks at its stores every 200 ms: both outages that it hardly notices and
/// outages that fill the spool are wanted.
const OUTAGE_MS: std::ops::RangeInclusive<u64> = 100..=1_200;
/// How long nobody restarts the manager.
const LONGEST_MANAGER_OUTAGE_MS: u64 = 400;
/// From a store's return to the next kill: a replay and the rebuilding of the cache take a few of these.
const LONGEST_AFTERSHOCK_MS: u64 = 400;

/// What is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Target {
    Session,
    Manager,
    Database,
    Cache,
}

pub(super) const TARGETS: [Target; 4] = [Target::Session, Target::Manager, Target::Database, Target::Cache];

/// One target, or two at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Combination {
    first: Target,
    second: Option<Target>,
}

/// When the first kill of a step strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Start {
    /// This long after every module is ready, whatever is still to be put right.
    Ready(Duration),
    /// This long after all is well.
    Healthy(Duration),
    /// This long after the step before has given everything back, whoever is ready.
    Returned(Duration),
    /// This long after the backend has noticed that both stores are back.
    Noticed(Duration),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    Kill(Target),
    Return(Target),
}

/// One or two kills, and everything up again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) combination: Combination,
    pub(super) start: Start,
    /// What to do, and how long after the start, in order.
    pub(super) actions: Vec<(Duration, Action)>,
}

/// All steps: an endless series of rounds.
#[derive(Debug)]
pub(super) struct Plan {
    rng: ChaCha8Rng,
}

impl Target {
    pub(super) fn is_store(self) -> bool {
        matches!(self, Self::Database | Self::Cache)
    }
}

impl fmt::Display for Target {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Session => "session",
            Self::Manager => "manager",
            Self::Database => "database",
            Self::Cache => "cache",
        })
    }
}

impl Combination {
    /// Every target alone, and every pair.
    pub(super) fn all() -> Vec<Self> {
        let mut all = Vec::new();
        for (place, first) in TARGETS.into_iter().enumerate() {
            all.push(Self { first, second: None });
            all.extend(TARGETS[place + 1..].iter().map(|second| Self { first, second: Some(*second) }));
        }
        all
    }

    fn hits_a_store(self) -> bool {
        self.first.is_store() || self.second.is_some_and(Target::is_store)
    }
}

/// The same name in whatever order the two are killed.
impl fmt::Display for Combination {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.second {
            None => write!(out, "{}", self.first),
            Some(second) => write!(out, "{}+{second}", self.first),
        }
    }
}

impl Plan {
    pub(super) fn new(seed: u64) -> Self {
        Self { rng: ChaCha8Rng::seed_from_u64(seed) }
    }

    /// Every combination once, in a new order, and a kill into the recovery from each outage of a store.
    pub(super) fn round(&mut self) -> Vec<Step> {
        let mut combinations = Combination::all();
        combinations.shuffle(&mut self.rng);
        let mut steps = Vec::new();
        for combination in combinations {
            let delay = self.up_to(LONGEST_DELAY_MS);
            let start = if self.rng.random() { Start::Ready(delay) } else { Start::Healthy(delay) };
            steps.push(self.step(combination, start));
            if combination.hits_a_store() {
                let first = TARGETS[self.rng.random_range(0..TARGETS.len())];
                let delay = self.up_to(LONGEST_AFTERSHOCK_MS);
                let noticed = self.rng.random();
                let start = if noticed { Start::Noticed(delay) } else { Start::Returned(delay) };
                steps.push(self.step(Combination { first, second: None }, start));
            }
        }
        steps
    }

    /// The last kill: nobody writes after it, so that what it took from the cache is not written there again by chance.
    pub(super) fn last(&mut self) -> Step {
        let start = Start::Healthy(self.up_to(LONGEST_DELAY_MS));
        self.step(Combination { first: Target::Session, second: None }, start)
    }

    fn step(&mut self, combination: Combination, start: Start) -> Step {
        let Combination { first, second } = combination;
        let mut actions = Vec::new();
        let Some(second) = second else {
            self.outage(first, Duration::ZERO, &mut actions);
            return Step { combination, start, actions };
        };
        let swap: bool = self.rng.random();
        let (first, second) = if swap { (second, first) } else { (first, second) };
        let returns = self.outage(first, Duration::ZERO, &mut actions);
        let gap = match (first, returns) {
            // The session module dies with its manager: the one that is killed is the next one.
            (Target::Manager, Some(returns)) if second == Target::Session => {
                returns + self.up_to(LONGEST_GAP_MS)
            }
            // Both are away at some time.
            (_, Some(returns)) => self.up_to(LONGEST_GAP_MS).min(returns),
            (_, None) => self.up_to(LONGEST_GAP_MS),
        };
        self.outage(second, gap, &mut actions);
        actions.sort_by_key(|(at, _)| *at);
        Step { combination, start, actions }
    }

    /// Plans the kill of `target` at `at` and, unless the manager sees to that, its return; when that is.
    fn outage(
        &mut self,
        target: Target,
        at: Duration,
        actions: &mut Vec<(Duration, Action)>,
    ) -> Option<Duration> {
        actions.push((at, Action::Kill(target)));
        let away = match target {
            Target::Session => return None,
            Target::Manager => self.up_to(LONGEST_MANAGER_OUTAGE_MS),
            Target::Database | Target::Cache => Duration::from_millis(self.rng.random_range(OUTAGE_MS)),
        };
        actions.push((at + away, Action::Return(target)));
        Some(at + away)
    }

    /// A length up to `most`; in one case out of four there is none, so that things happen at once.
    fn up_to(&mut self, most: u64) -> Duration {
        let none = self.rng.random_ratio(1, 4);
        let drawn = Duration::from_millis(self.rng.random_range(0..=most));
        if none { Duration::ZERO } else { drawn }
    }
}

#[test]
fn a_seed_is_a_plan() {
    let rounds = |seed| {
        let mut plan = Plan::new(seed);
        (plan.round(), plan.round())
    };
    assert_eq!(rounds(1), rounds(1));
    assert_ne!(rounds(1).0, rounds(2).0);
    assert_ne!(rounds(1).0, rounds(1).1);
}

#[test]
fn a_round_kills_every_target_and_pair_and_gives_everything_back() {
    for seed in 0..200 {
        let steps = Plan::new(seed).round();
        for combination in Combination::all() {
            let planned = |step: &&Step| {
                let main = matches!(step.start, Start::Ready(_) | Start::Healthy(_));
                main && step.combination == combination
            };
            assert_eq!(steps.iter().filter(planned).count(), 1, "{combination}");
        }
        for step in steps {
            let mut away = Vec::new();
            for (_, action) in &step.actions {
                match action {
                    // A module without its manager is dead already.
                    Action::Kill(Target::Session) => assert!(!away.contains(&Target::Manager), "{step:?}"),
                    Action::Kill(target) => away.push(*target),
                    Action::Return(target) => away.retain(|other| other != target),
                }
            }
            assert_eq!(away, [], "{step:?}");
        }
    }
}

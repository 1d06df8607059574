//! What is hit, when, and for how long.

use goose_recovery::journal::event::{ChainMember, ChainStarted, Micros};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::{BASELINE_US, LEAST_CYCLE_US, MOST_REQUESTS_PER_S, Shape, TICK_US};

/// Each needs those before it.
pub(super) const MODULES: [&str; 3] = ["ingest", "session", "analysis"];
pub(super) const SCENARIOS: [&str; 3] = ["single-module", "db-redis-down", "cascade"];
const STORES: [&str; 3] = ["cache", "database+cache", "database"];
/// What a chain hits, in this order.
const CHAIN: [Target; 3] = [Target::Module(0), Target::Module(2), Target::Stores("cache")];
/// How long a store is kept away.
pub(super) const OUTAGE_US: u64 = 3_000_000;
/// How long the system must stay well before an episode is closed.
pub(super) const HOLD_US: u64 = 2_000_000;
/// How long a read-back holds the users still.
const READ_BACK_US: u64 = 20 * TICK_US;

/// What a fault hits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    /// The module at this place in [`MODULES`].
    Module(usize),
    /// One store or both, as the journal names them.
    Stores(&'static str),
}

impl Target {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Module(module) => MODULES[module],
            Self::Stores(stores) => stores,
        }
    }

    pub(super) fn fault(self) -> &'static str {
        match self {
            Self::Module(_) => "kill",
            Self::Stores(_) => "store-lock",
        }
    }
}

/// One fault. It has an effect from `from` to `until`; without one both are the same.
#[derive(Debug, Clone)]
pub(super) struct Hit {
    pub(super) episode: u32,
    pub(super) target: Target,
    /// The action.
    pub(super) at: Micros,
    pub(super) from: Micros,
    /// A module is ready again, a store answers again.
    pub(super) until: Micros,
    /// All is well again: a store's state is whole only some time after it answers.
    pub(super) well: Micros,
}

/// Faults that count as one.
#[derive(Debug, Clone)]
pub(super) struct Trial {
    pub(super) scenario: &'static str,
    pub(super) chain: Option<u32>,
    pub(super) at: Micros,
    pub(super) hits: Vec<Hit>,
    /// When its episodes are closed.
    pub(super) closed: Micros,
    /// When everything is read back, with all users held still; only where a store was hit.
    pub(super) held: Option<(Micros, Micros)>,
}

/// The whole run.
#[derive(Debug)]
pub(super) struct Script {
    pub(super) trials: Vec<Trial>,
    pub(super) end: Micros,
}

impl Script {
    pub(super) fn new(shape: &Shape, random: &mut ChaCha8Rng) -> Self {
        let planned = planned(shape.episodes);
        let trials = planned.len() as u64;
        let least = BASELINE_US + trials * LEAST_CYCLE_US;
        let wanted = least.max(shape.requests * 1_000_000 / MOST_REQUESTS_PER_S);
        let cycle = ((wanted - BASELINE_US) / trials.max(1)).next_multiple_of(TICK_US);
        let mut dice = Dice { random, void: shape.void, episodes: 0, chains: 0 };
        let starts = (0..).map(|index| BASELINE_US + index * cycle);
        let trials = starts.zip(planned).map(|(at, (scenario, targets))| dice.trial(at, scenario, &targets));
        let trials: Vec<_> = trials.collect();
        let end = if trials.is_empty() { wanted } else { BASELINE_US + trials.len() as u64 * cycle };
        Self { trials, end: end.next_multiple_of(TICK_US) }
    }

    /// Steps in which users are not held still.
    pub(super) fn busy_ticks(&self) -> u64 {
        let held: u64 = self.trials.iter().filter_map(|trial| trial.held).map(|(from, to)| to - from).sum();
        (self.end - held) / TICK_US
    }

    /// Trials of a scenario.
    pub(super) fn iterations(&self, scenario: &str) -> u32 {
        self.trials.iter().filter(|trial| trial.scenario == scenario).count() as u32
    }
}

/// Which trials there are: a third of the episodes for each scenario, what is left over for the first ones.
fn planned(episodes: u32) -> Vec<(&'static str, Vec<Target>)> {
    let [modules, stores, chains] = [2, 1, 0].map(|more| (episodes + more) / 3);
    let [single, outages, cascade] = SCENARIOS;
    let modules = (0..modules as usize).map(|nth| (single, vec![Target::Module(nth % MODULES.len())]));
    let stores = (0..stores as usize).map(|nth| (outages, vec![Target::Stores(STORES[nth % STORES.len()])]));
    let chains = (0..chains as usize).step_by(CHAIN.len()).map(|begun| {
        let members = (chains as usize - begun).min(CHAIN.len());
        (cascade, CHAIN[..members].to_vec())
    });
    modules.chain(stores).chain(chains).collect()
}

/// Draws how long everything takes.
struct Dice<'a> {
    random: &'a mut ChaCha8Rng,
    void: bool,
    episodes: u32,
    chains: u32,
}

impl Dice<'_> {
    fn trial(&mut self, at: Micros, scenario: &'static str, targets: &[Target]) -> Trial {
        let mut next = at;
        let mut hits = Vec::new();
        for target in targets {
            let hit = self.hit(next, *target);
            // The next one comes in the middle of this one, so that members of a chain overlap.
            next += (hit.well - hit.at) / 2;
            hits.push(hit);
        }
        let is_chain = scenario == SCENARIOS[2];
        self.chains += u32::from(is_chain);
        let well = hits.iter().map(|hit| hit.well).max().unwrap_or(at);
        let closed = well + if self.void { 0 } else { HOLD_US + self.random.random_range(5_000..60_000) };
        let stores = hits.iter().any(|hit| matches!(hit.target, Target::Stores(_)));
        let from = closed.next_multiple_of(TICK_US);
        let held = (stores && !self.void).then_some((from, from + READ_BACK_US));
        Trial { scenario, chain: is_chain.then_some(self.chains), at, hits, closed, held }
    }

    fn hit(&mut self, at: Micros, target: Target) -> Hit {
        self.episodes += 1;
        let (from, until, well) = match target {
            _ if self.void => (at, at, at + 50_000),
            Target::Module(_) => {
                let from = at + self.random.random_range(500..1_500);
                let until = from + self.random.random_range(20_000..400_000);
                (from, until, until)
            }
            Target::Stores(_) => {
                let until = at + OUTAGE_US + self.random.random_range(1_000..6_000);
                let resynced = self.random.random_range(90_000..400_000);
                (at + self.random.random_range(4_000..9_000), until, until + resynced)
            }
        };
        Hit { episode: self.episodes, target, at, from, until, well }
    }
}

pub(super) fn chain_started(trial: &Trial, chain: u32) -> ChainStarted {
    let member = |hit: &Hit| ChainMember {
        fault: hit.target.fault().to_owned(),
        target: hit.target.name().to_owned(),
        offset_us: hit.at - trial.at,
    };
    let members = trial.hits.iter().map(member).collect();
    ChainStarted { chain, scenario: trial.scenario.to_owned(), members, strategy: None }
}

//! Journals of any size for benches and tests, made in seconds and in memory that does not grow: they look like a run of the
//! three scenarios in which everything is found, told and healed, or in which no fault took effect.
//!
//! `script` decides what is hit and when, `modules` and `stores` say what is told of it, `traffic` is what users and probes
//! see of it meanwhile, and `sheet` brings all of it into the order in which a run writes.

mod modules;
mod plan;
mod script;
mod sheet;
mod stores;
mod traffic;

use std::fs::File;
use std::io;
use std::path::Path;

use goose_recovery::journal::event::*;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use script::{Script, Target, Trial};
use sheet::Sheet;
use traffic::Traffic;

/// One step of the made-up run: a canary each, a health poll every fifth.
const TICK_US: Micros = 10_000;
const POLL_US: Micros = 5 * TICK_US;
/// Traffic users.
const USERS: u32 = 200;
/// When all of them are there.
const USERS_STARTED_US: Micros = 3_000_000;
/// How much all of them ask for at most, as they think at least a tenth of a second between two requests: a run with more
/// requests lasts longer.
const MOST_REQUESTS_PER_S: u64 = 2_000;
/// Before the first fault.
const BASELINE_US: Micros = 10_000_000;
/// From one trial to the next at least: an outage of three seconds, what follows, and a pause.
const LEAST_CYCLE_US: Micros = 10_000_000;

/// What a journal is to hold.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape {
    /// Requests of users, exactly.
    pub(crate) requests: u64,
    /// Faults: a third kills of modules, a third outages of stores, a third in chains of up to three.
    pub(crate) episodes: u32,
    /// Of every random draw.
    pub(crate) seed: u64,
    /// No fault takes effect.
    pub(crate) void: bool,
}

impl Shape {
    /// A journal of a run in which all goes well.
    pub(crate) fn new(requests: u64, episodes: u32) -> Self {
        Self { requests, episodes, seed: 1, void: false }
    }

    /// Writes the journal of one finished run to a new file at `path`; the same shape gives the same bytes. It lasts 10 s
    /// and at least 10 s per trial, and longer when there are more than 2,000 requests a second. Returns the number of lines.
    pub(crate) fn write(&self, path: impl AsRef<Path>) -> io::Result<u64> {
        let mut random = ChaCha8Rng::seed_from_u64(self.seed);
        let script = Script::new(self, &mut random);
        let mut sheet = Sheet::new(File::create(path)?);
        sheet.line(0, plan::run_started(self, &script))?;
        sheet.later(USERS_STARTED_US, USERS_STARTED_US, UsersStarted { users: USERS });
        let mut traffic = Traffic::new(random, self.requests, script.busy_ticks());
        let mut trials = script.trials.iter().peekable();
        let mut present: Option<&Trial> = None;
        for now in (0..script.end).step_by(TICK_US as usize) {
            if let Some(next) = trials.next_if(|next| next.at <= now) {
                tell(next, present, &mut sheet);
                present = Some(next);
            }
            traffic.tick(now, present, &mut sheet)?;
        }
        sheet.until(script.end)?;
        finish(&script, present, &mut sheet)?;
        sheet.close()
    }
}

/// All that is told of a trial, and of the scenario that begins with it.
fn tell(trial: &Trial, before: Option<&Trial>, sheet: &mut Sheet) {
    if before.is_none_or(|before| before.scenario != trial.scenario) {
        if let Some(before) = before {
            finish_scenario(before, trial.at, sheet);
        }
        sheet.later(trial.at, trial.at, ScenarioStarted { scenario: trial.scenario.to_owned() });
    }
    if let Some(chain) = trial.chain {
        sheet.later(trial.at, trial.at, script::chain_started(trial, chain));
    }
    for hit in &trial.hits {
        match hit.target {
            Target::Module(module) => modules::tell(trial, hit, module, sheet),
            Target::Stores(stores) => stores::tell(trial, hit, stores, sheet),
        }
    }
}

fn finish_scenario(trial: &Trial, t: Micros, sheet: &mut Sheet) {
    sheet.later(t, t, ScenarioFinished { scenario: trial.scenario.to_owned() });
}

fn finish(script: &Script, last: Option<&Trial>, sheet: &mut Sheet) -> io::Result<()> {
    let end = script.end;
    if let Some(last) = last {
        finish_scenario(last, end, sheet);
    }
    let stores = script.trials.iter().any(|trial| trial.held.is_some());
    let compared = stores.then_some(u64::from(USERS));
    let newly_damaged = stores.then_some(0);
    let cache_differs = compared.map(|_| 0);
    sheet.later(end, end, Ledger { newly_damaged, compared, cache_differs, ..Ledger::default() });
    let finished = RunFinished {
        reason: FinishReason::Completed,
        detail: None,
        journal_stalls: 0,
        journal_stalled_us: 0,
    };
    sheet.later(end, end, finished);
    sheet.until(Micros::MAX)
}

//! What users, canaries and health polls see.

use std::borrow::Cow;
use std::io;

use goose_recovery::journal::event::*;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::script::{Target, Trial};
use super::sheet::Sheet;
use super::{POLL_US, TICK_US, USERS};

/// A kind of request: its name, how many of ten are of it, its status when all is well, and the module that answers it.
struct Kind {
    name: &'static str,
    of_ten: u32,
    status: u16,
    module: usize,
}

const KINDS: [Kind; 3] = [
    Kind { name: "POST entries", of_ten: 6, status: 201, module: 0 },
    Kind { name: "GET entries", of_ten: 3, status: 200, module: 1 },
    Kind { name: "GET analysis", of_ten: 1, status: 200, module: 2 },
];
/// A canary asks for an analysis.
const CANARY: &Kind = &KINDS[2];
/// While stores are away, writes are taken into the spool.
const WRITES: &str = KINDS[0].name;

pub(super) struct Traffic {
    random: ChaCha8Rng,
    requests: u64,
    busy_ticks: u64,
    /// Steps so far in which users were not held still.
    tick: u64,
    sent: u64,
}

impl Traffic {
    /// `requests`, spread evenly over so many ticks.
    pub(super) fn new(random: ChaCha8Rng, requests: u64, busy_ticks: u64) -> Self {
        Self { random, requests, busy_ticks, tick: 0, sent: 0 }
    }

    /// Everything that begins, and every request that ends, within a tick.
    pub(super) fn tick(&mut self, now: Micros, trial: Option<&Trial>, sheet: &mut Sheet) -> io::Result<()> {
        self.probes(now, trial, sheet);
        let held = trial.and_then(|trial| trial.held).is_some_and(|(from, to)| from <= now && now < to);
        if !held {
            self.tick += 1;
            let due = self.requests * self.tick / self.busy_ticks - self.sent;
            self.requests(now, due, trial, sheet)?;
        }
        sheet.until(now + TICK_US)
    }

    fn probes(&mut self, now: Micros, trial: Option<&Trial>, sheet: &mut Sheet) {
        let lag_us = self.random.random_range(5..200);
        let status = answer(CANARY, now, trial);
        let ok = status == CANARY.status;
        let duration_us = lag_us + self.duration(ok);
        let canary = Canary { duration_us, lag_us, status: Some(status), ok, error: error(status) };
        sheet.later(now + duration_us, now, canary);
        if !now.is_multiple_of(POLL_US) {
            return;
        }
        let (status, overall) = health(now, trial);
        let ok = overall == "healthy";
        let duration_us = lag_us + self.duration(true);
        let overall = Some(Cow::Borrowed(overall));
        sheet.later(
            now + duration_us,
            now,
            Health { duration_us, lag_us, status: Some(status), ok, overall },
        );
        let lag_us = self.random.random_range(20..300);
        sheet.later(now + lag_us, now, Lag { thread: "fault".to_owned(), lag_us });
    }

    /// `count` requests that end within the tick.
    fn requests(
        &mut self,
        now: Micros,
        count: u64,
        trial: Option<&Trial>,
        sheet: &mut Sheet,
    ) -> io::Result<()> {
        for nth in 0..count {
            let ended = now + TICK_US * nth / count;
            sheet.until(ended)?;
            let kind = self.kind();
            let status = answer(kind, ended, trial);
            let ok = status == kind.status;
            let duration_us = self.duration(ok).min(ended);
            // One after the other, so that nobody asks twice at a time.
            let user = (self.sent % u64::from(USERS)) as u32;
            self.sent += 1;
            if ok && kind.name == WRITES {
                sheet.acknowledged(trial.is_some_and(|trial| away(trial, ended)));
            }
            let name = Cow::Borrowed(kind.name);
            let request = Request { duration_us, user, name, status: Some(status), ok, error: error(status) };
            sheet.line(ended - duration_us, request)?;
        }
        Ok(())
    }

    fn kind(&mut self) -> &'static Kind {
        let mut die = self.random.random_range(0..10);
        for kind in &KINDS {
            if die < kind.of_ten {
                return kind;
            }
            die -= kind.of_ten;
        }
        CANARY
    }

    /// Mostly about a millisecond, now and then a hundred; a refusal comes at once.
    fn duration(&mut self, ok: bool) -> u64 {
        if !ok {
            return self.random.random_range(150..600);
        }
        let uniform: f64 = self.random.random_range(0.000_01..1.0);
        (400.0 + 300.0 / uniform.sqrt() + 400.0 * -uniform.ln()) as u64
    }
}

/// The status that is answered at `t`: a module that is down fails what it or one behind it answers, a store what is read.
fn answer(kind: &Kind, t: Micros, trial: Option<&Trial>) -> u16 {
    let down = |target| match target {
        Target::Module(module) => module <= kind.module,
        Target::Stores(_) => kind.name != WRITES,
    };
    let hits = trial.into_iter().flat_map(|trial| &trial.hits);
    let mut in_effect = hits.filter(|hit| hit.from <= t && t < hit.until);
    if in_effect.any(|hit| down(hit.target)) { 503 } else { kind.status }
}

/// Whether a store is away.
fn away(trial: &Trial, t: Micros) -> bool {
    trial.hits.iter().any(|hit| matches!(hit.target, Target::Stores(_)) && hit.from <= t && t < hit.until)
}

/// What the health page says: without a module it is not well, and without a store, or with one whose state is not whole
/// again, it is degraded.
fn health(t: Micros, trial: Option<&Trial>) -> (u16, &'static str) {
    let hits = || trial.into_iter().flat_map(|trial| &trial.hits).filter(|hit| hit.from != hit.until);
    let is = |stores: bool| {
        hits().any(|hit| matches!(hit.target, Target::Stores(_)) == stores && hit.from <= t && t < hit.well)
    };
    match (is(false), is(true)) {
        (true, _) => (503, "unhealthy"),
        (false, true) => (200, "degraded"),
        (false, false) => (200, "healthy"),
    }
}

fn error(status: u16) -> Option<Cow<'static, str>> {
    (status >= 400).then_some(Cow::Borrowed("HTTP 503"))
}

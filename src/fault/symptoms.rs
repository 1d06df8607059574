//! What canaries and polls show: the proof of a fault that brings none of its own.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use super::episode::{Effect, FaultError};
use super::live::Observation;
use crate::clock::Clock;
use crate::journal::Micros;

/// Failures that are remembered: what happened longer ago proves nothing about a fault that acts now.
const REMEMBERED: usize = 4_096;
/// How often a failure is looked for.
const LOOK_US: u64 = 2_000;

/// A probe that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Failure {
    /// When it began.
    t: Micros,
    what: &'static str,
}

/// The latest failures of canaries and polls. Cheap to clone; all clones are one.
#[derive(Debug, Clone, Default)]
pub struct Symptoms(Arc<Mutex<VecDeque<Failure>>>);

impl Symptoms {
    /// Takes in what was seen; only a failure matters.
    pub fn note(&self, seen: &Observation) {
        let (t, what) = match seen {
            Observation::Canary(sample) if !sample.ok => (sample.t, "a canary that began then failed"),
            Observation::Health(sample) if !sample.ok => (sample.t, "a look at its health failed then"),
            _ => return,
        };
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if failures.len() == REMEMBERED {
            failures.pop_front();
        }
        failures.push_back(Failure { t, what });
    }

    /// Waits until a canary or poll that began at `action` or later has failed: what was under way before may have felt
    /// something else.
    ///
    /// # Errors
    /// [`FaultError::NoEffect`] when none has within `limit_us`.
    pub async fn since(&self, action: Micros, clock: Clock, limit_us: u64) -> Result<Effect, FaultError> {
        let deadline = action + limit_us;
        loop {
            if let Some(Failure { t, what }) = self.first(action) {
                return Ok(Effect { confirmed_us: t, evidence: what.to_owned() });
            }
            let now = clock.now();
            if now >= deadline {
                let waited = limit_us / 1_000_000;
                return Err(FaultError::NoEffect(format!(
                    "nothing could be seen: every canary and every look at the target's health went well for {waited} s"
                )));
            }
            clock.sleep_until(now + LOOK_US).await;
        }
    }

    /// The first failure that began at `from` or later, as far as they have ended.
    fn first(&self, from: Micros) -> Option<Failure> {
        let failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        failures.iter().filter(|failure| failure.t >= from).min_by_key(|failure| failure.t).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::sample::{CanarySample, HealthSample};

    fn canary(t: Micros, ok: bool) -> Observation {
        Observation::Canary(CanarySample { t, duration_us: 1, ok })
    }

    #[tokio::test]
    async fn the_first_failure_after_the_action_is_the_proof() {
        let (symptoms, clock) = (Symptoms::default(), Clock::start());
        for seen in [canary(90, false), canary(110, true), canary(130, false)] {
            symptoms.note(&seen);
        }
        // One that began earlier may end later.
        symptoms.note(&Observation::Health(HealthSample { t: 120, ok: false }));
        let effect = symptoms.since(100, clock, 1_000).await.unwrap();
        assert_eq!(effect.confirmed_us, 120);
        assert!(effect.evidence.contains("health"), "{}", effect.evidence);
    }

    #[tokio::test]
    async fn where_nothing_failed_there_was_no_effect() {
        let (symptoms, clock) = (Symptoms::default(), Clock::start());
        symptoms.note(&canary(50, false));
        symptoms.note(&canary(150, true));
        let error = symptoms.since(100, clock, 1_000).await.unwrap_err();
        assert!(matches!(error, FaultError::NoEffect(_)), "{error}");
    }
}

//! Guardrails: rules of the user (`--abort-when`) that end a run early when it does more harm than it is worth.
//!
//! [`rule`] reads them, `watch` decides, purely; here is the thread that feeds it once a second. Nobody waits for it: it
//! reads the counters beside [`Progress`] and hears of canaries as the fault thread does.

pub mod rule;
mod watch;

use std::sync::Arc;

use tokio::sync::mpsc;

pub use self::rule::{Rule, RuleError};
use self::watch::{Guardrails, Seen};
use crate::clock::Clock;
use crate::fault::Observation;
use crate::journal::Micros;
use crate::journal::event::FinishReason;
use crate::progress::Progress;
use crate::stop::Stop;

/// How often the rules are looked at.
const INTERVAL_US: u64 = 1_000_000;

/// What the guardrails need.
#[derive(Debug)]
pub struct GuardrailTask {
    /// The run's clock.
    pub clock: Clock,
    /// The rules.
    pub rules: Vec<Rule>,
    /// Counts of requests, and episodes that were not well by their deadline.
    pub progress: Arc<Progress>,
    /// What the pollers see.
    pub observations: mpsc::Receiver<Observation>,
    /// Ends the run, and this.
    pub stop: Stop,
}

impl GuardrailTask {
    /// Looks once a second until `stop`, and asks for that itself when a rule holds.
    pub async fn run(mut self) {
        let mut rails = Guardrails::new(std::mem::take(&mut self.rules), self.clock.now());
        let (mut seen, mut counted) = (Seen::default(), (0, 0));
        let mut next = self.clock.now() + INTERVAL_US;
        loop {
            tokio::select! {
                biased;
                () = self.stop.wait() => return,
                () = self.clock.sleep_until(next) => {
                    let now = self.clock.now();
                    if self.look(&mut rails, now, std::mem::take(&mut seen), &mut counted) {
                        return;
                    }
                    next = now + INTERVAL_US;
                }
                Some(observation) = self.observations.recv() => seen.observe(&observation),
            }
        }
    }

    /// Whether a rule holds; then the run was asked to end.
    fn look(&self, rails: &mut Guardrails, now: Micros, mut seen: Seen, counted: &mut (u64, u64)) -> bool {
        let snapshot = self.progress.snapshot();
        let before = std::mem::replace(counted, (snapshot.requests, snapshot.failures));
        (seen.requests, seen.failures) = (counted.0 - before.0, counted.1 - before.1);
        let breach = rails.look(now, seen, snapshot.censored);
        if let Some(breach) = &breach {
            self.stop.request(FinishReason::Aborted, Some(breach.to_string()));
        }
        breach.is_some()
    }
}

impl Seen {
    fn observe(&mut self, observation: &Observation) {
        if let Observation::Canary(canary) = observation {
            self.canaries += 1;
            if canary.ok {
                self.durations.push(canary.duration_us);
            } else {
                self.canary_failures += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::analysis::sample::CanarySample;

    fn task(rule: &str) -> (GuardrailTask, mpsc::Sender<Observation>) {
        let (send, observations) = mpsc::channel(1000);
        let (clock, progress, stop) = (Clock::start(), Arc::new(Progress::default()), Stop::default());
        let task = GuardrailTask { clock, rules: vec![rule.parse().unwrap()], progress, observations, stop };
        (task, send)
    }

    #[tokio::test]
    async fn ends_the_run_as_aborted_and_names_rule_and_figure() {
        let (task, send) = task("canary_error_rate>0.5 for 1s");
        let stop = task.stop.clone();
        for ok in [true, false, false] {
            send.try_send(Observation::Canary(CanarySample { t: 0, duration_us: 1000, ok })).unwrap();
        }
        tokio::time::timeout(Duration::from_secs(10), task.run()).await.unwrap();
        let detail = "canary_error_rate>0.5 for 1s: 0.667 (2 of 3 failed)".to_owned();
        assert_eq!(stop.reason(), Some((FinishReason::Aborted, Some(detail))));
    }

    #[tokio::test]
    async fn counts_users_requests_since_the_last_look() {
        let (task, _send) = task("error_rate>0.5 for 1s");
        let mut rails = Guardrails::new(task.rules.clone(), 0);
        let mut counted = (0, 0);
        let mut look =
            |second: u64| task.look(&mut rails, second * INTERVAL_US, Seen::default(), &mut counted);
        (0..9).for_each(|_| task.progress.count_request(true));
        task.progress.count_request(false);
        assert!(!look(1));
        task.progress.count_request(false);
        assert!(look(2), "one of one failed since");
        assert_eq!(task.stop.reason().unwrap().0, FinishReason::Aborted);
    }

    #[tokio::test]
    async fn ends_with_the_run() {
        let (task, _send) = task("unrecovered");
        task.stop.request(FinishReason::Completed, None);
        tokio::time::timeout(Duration::from_secs(10), task.run()).await.unwrap();
    }
}

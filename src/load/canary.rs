//! The canary: one request at a fixed rate, timed from its *intended* start, so that an outage is sampled
//! evenly however slow the answers become (no coordinated omission). It runs on a thread of its own.

use std::borrow::Cow;
use std::sync::Arc;

use crate::analysis::sample::CanarySample;
use crate::clock::{Clock, duration_us};
use crate::fault::Observation;
use crate::journal::event::Canary;
use crate::journal::{JournalHandle, Micros};
use crate::plan::Plan;
use crate::stop::Stop;
use crate::target::Api;
use crate::watch::thread::Observer;

/// What the canary needs.
#[derive(Debug, Clone)]
pub struct CanaryTask {
    /// The run's clock.
    pub clock: Clock,
    /// What is planned.
    pub plan: Arc<Plan>,
    /// The target.
    pub api: Api,
    /// What it asks for.
    pub path: String,
    /// Where it writes.
    pub journal: JournalHandle,
    /// Who watches live.
    pub observer: Observer,
    /// Ends it.
    pub stop: Stop,
    /// When the first canary starts.
    pub first: Micros,
}

impl CanaryTask {
    /// Sends canaries until `stop`, then waits for the answers that are still due.
    pub async fn run(self) {
        let interval = duration_us(self.plan.canary_interval);
        let mut intended = self.first;
        let mut pending = tokio::task::JoinSet::new();
        loop {
            if self.stop.or_stopped(self.clock.sleep_until(intended)).await.is_err() {
                break;
            }
            // Late canaries are all sent, at once: none is skipped, and their lag counts into their duration.
            pending.spawn(self.clone().send(intended));
            while pending.try_join_next().is_some() {}
            intended += interval;
        }
        // Bounded by the request timeout of each.
        while pending.join_next().await.is_some() {}
    }

    async fn send(self, intended: Micros) {
        let lag_us = self.clock.now().saturating_sub(intended);
        let answer = self.api.get(&self.path).await;
        let duration_us = self.clock.now().saturating_sub(intended);
        let (status, error) = match answer {
            Ok(answer) if (200..300).contains(&answer.status) => (Some(answer.status), None),
            Ok(answer) => (Some(answer.status), Some(format!("HTTP {}", answer.status))),
            Err(error) => (None, Some(error.cause())),
        };
        let ok = error.is_none();
        let line = Canary { duration_us, lag_us, status, ok, error: error.map(Cow::Owned) };
        self.journal.control(intended, line);
        self.observer.tell(Observation::Canary(CanarySample { t: intended, duration_us, ok }));
    }
}

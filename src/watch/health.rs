//! The health poller: the health page at a fixed rate, and the backend's own events beside it.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use super::offset::{OffsetWatch, round_trip};
use super::thread::Observer;
use crate::analysis::remote_host;
use crate::analysis::sample::HealthSample;
use crate::clock::{Clock, duration_us};
use crate::fault::Observation;
use crate::journal::event::{BackendEvent, Health, ModuleState};
use crate::journal::{JournalHandle, Micros};
use crate::plan::Plan;
use crate::progress::Progress;
use crate::stop::Stop;
use crate::target::api::{ApiError, EventRecord};
use crate::target::{Api, Looked, ModuleHealth};

/// The backend's events are asked for with every so many polls.
const POLLS_PER_EVENTS: u64 = 5;
/// Polls under way at a time; a hung page holds each until its timeout.
const MAX_PENDING: usize = 256;

/// What the poller needs.
#[derive(Debug, Clone)]
pub struct HealthTask {
    /// The run's clock.
    pub clock: Clock,
    /// What is planned.
    pub plan: Arc<Plan>,
    /// The target.
    pub api: Api,
    /// Where it writes.
    pub journal: JournalHandle,
    /// Who watches live.
    pub observer: Observer,
    /// What is shown.
    pub progress: Arc<Progress>,
    /// Ends it.
    pub stop: Stop,
    /// When the first poll starts.
    pub first: Micros,
}

/// A poll that has ended.
struct Polled {
    at: Micros,
    lag_us: u64,
    duration_us: u64,
    looked: Result<Looked, ApiError>,
}

impl HealthTask {
    /// Polls until `stop`, then reads the backend's last events.
    pub async fn run(self) {
        let interval = duration_us(self.plan.health_interval);
        let mut intended = self.first;
        let mut pending = tokio::task::JoinSet::new();
        let mut modules = HashMap::new();
        let mut events = EventReader::default();
        let mut offset = OffsetWatch::new(remote_host(self.api.base_url()).is_some());
        loop {
            tokio::select! {
                biased;
                () = self.stop.wait() => break,
                Some(Ok(polled)) = pending.join_next(), if !pending.is_empty() => {
                    self.measure(&polled, &mut offset);
                    self.record(polled, &mut modules);
                }
                () = self.clock.sleep_until(intended) => {
                    if pending.len() < MAX_PENDING {
                        pending.spawn(poll(self.clock, self.api.clone(), intended));
                    }
                    if (intended / interval).is_multiple_of(POLLS_PER_EVENTS) {
                        events.read(&self, offset.bounds.correction_us()).await;
                    }
                    intended += interval;
                }
            }
        }
        events.read(&self, offset.bounds.correction_us()).await;
    }

    /// What the answer shows of the target's clock.
    fn measure(&self, polled: &Polled, offset: &mut OffsetWatch) {
        let stamp = polled.looked.as_ref().ok().and_then(|looked| looked.stamp);
        if let Some(stamp) = stamp {
            let (sent, took) = (polled.at + polled.lag_us, polled.duration_us.saturating_sub(polled.lag_us));
            let line = offset.take(round_trip(self.clock, sent, took, stamp));
            line.into_iter().for_each(|line| self.journal.control(self.clock.now(), line));
        }
    }

    fn record(&self, polled: Polled, modules: &mut HashMap<String, ModuleHealth>) {
        let Polled { at, lag_us, duration_us, looked } = polled;
        let looked = looked.ok();
        let status = looked.as_ref().and_then(|looked| looked.status);
        let ok = looked.as_ref().is_some_and(|looked| looked.well);
        let overall = looked.as_ref().and_then(|looked| looked.page.status.clone());
        self.progress.set_health(overall.as_deref().unwrap_or(if ok { "ok" } else { "no answer" }));
        self.journal
            .control(at, Health { duration_us, lag_us, status, ok, overall: overall.map(Cow::Owned) });
        self.observer.tell(Observation::Health(HealthSample { t: at, ok }));
        for module in looked.map(|looked| looked.page.modules).unwrap_or_default() {
            // Only who is well can tell that it has no modules: a page that does not come through names none either.
            if module.is_whole() && !ok && !modules.contains_key(&module.name) {
                continue;
            }
            if modules.get(&module.name) != Some(&module) {
                let state = ModuleState {
                    module: module.name.clone(),
                    status: module.status.clone(),
                    pid: module.pid,
                    restarts: module.restarts,
                };
                self.journal.control(at, state);
                modules.insert(module.name.clone(), module);
            }
        }
    }
}

async fn poll(clock: Clock, api: Api, intended: Micros) -> Polled {
    let lag_us = clock.now().saturating_sub(intended);
    let looked = api.health().await;
    Polled { at: intended, lag_us, duration_us: clock.now().saturating_sub(intended), looked }
}

/// Follows the backend's events by their sequence numbers.
#[derive(Debug, Default)]
struct EventReader {
    next: u64,
    /// The target has no such endpoint.
    absent: bool,
}

impl EventReader {
    /// `correction_us` is taken off the target's stamps.
    async fn read(&mut self, task: &HealthTask, correction_us: i64) {
        if self.absent {
            return;
        }
        match task.api.events(self.next).await {
            Ok(Some(page)) => {
                self.next = page.next;
                // What a backend did before the run is none of the run's business.
                let of_this_run = |event: &EventRecord| {
                    event.at_us.saturating_sub(correction_us) >= task.clock.origin_unix_us()
                };
                for event in page.events.into_iter().filter(of_this_run) {
                    let at = task.clock.from_unix_us(event.at_us.saturating_sub(correction_us));
                    let event = record(event);
                    task.observer.tell(Observation::Backend(at, event.clone()));
                    task.journal.control(at, event);
                }
            }
            Ok(None) => self.absent = true,
            // The backend is away: what it has to say is asked for again.
            Err(_) => {}
        }
    }
}

fn record(event: EventRecord) -> BackendEvent {
    BackendEvent {
        seq: event.seq,
        kind: event.kind,
        module: event.module.unwrap_or_default(),
        pid: event.pid,
        attempt: event.attempt,
        cause: event.cause,
        resync: event.resync,
    }
}

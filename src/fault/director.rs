//! The fault thread: takes the injector's steps one at a time, injects, watches for recovery, and undoes.
//!
//! It runs on a thread and a runtime of its own. The injector awaits each step's result here; when the
//! injector disappears or the run is stopped, what is in effect is undone without waiting on the load.
//!
//! Here are the thread, its waiting and the baseline; `episodes` is what it does to the target, `chains` several of it.

mod chains;
mod dependency;
mod episodes;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;

use self::episodes::InFlight;
use super::episode::{Context, StoreFaults};
use super::live::{Live, Observation};
use super::schedule::{ChainSchedule, Schedule, StoreSchedule};
use super::step::{DirectorHandle, Order, Step, StepResult};
use crate::clock::{Clock, duration_us};
use crate::journal::event::{FinishReason, Lag, PlanRecord};
use crate::journal::{JournalHandle, Micros};
use crate::plan::Plan;
use crate::progress::Progress;
use crate::stop::{Stop, Stopped};

/// How often the fault thread measures how late it wakes.
const LAG_INTERVAL: Duration = Duration::from_millis(50);
/// How much longer than planned the users' start and the baseline may take.
const BASELINE_PATIENCE: Duration = Duration::from_mins(1);
/// A target whose canaries fail more often than this at rest has no good state to recover to.
const STEADY_SUCCESS: f64 = 0.9;
/// How often a module that may be hit is looked for.
const RETRY: Duration = Duration::from_millis(200);

/// The fault thread's state.
pub struct Director {
    context: Context,
    plan: Arc<Plan>,
    journal: JournalHandle,
    progress: Arc<Progress>,
    stop: Stop,
    /// Where the target listens, when it is on this machine.
    address: Option<SocketAddr>,
    /// The target's stores, when the run may take them away.
    stores: Option<Box<dyn StoreFaults>>,
    alert_source: bool,
    /// The failure in a row at which the target's policy owes a critical alert, where it is known.
    critical_at: Option<u32>,
    /// The target's restart policy before the run, where it gives one.
    policy: Option<serde_json::Value>,
    /// It was changed, and is to be given back.
    policy_changed: bool,
    orders: mpsc::Receiver<Order>,
    observations: mpsc::Receiver<Observation>,
    live: Live,
    schedule: Schedule,
    store_schedule: StoreSchedule,
    chain_schedule: ChainSchedule,
    /// Declared faults that have had their turn in this scenario.
    turn: Turn,
    episodes: u32,
    chains: u32,
    /// Episodes that are open.
    in_flight: Vec<InFlight>,
}

impl std::fmt::Debug for Director {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Director").field("episodes", &self.episodes).finish_non_exhaustive()
    }
}

/// Whose turn it is among the declared faults of a scenario.
#[derive(Debug, Default)]
struct Turn {
    /// Index of the scenario.
    scenario: usize,
    /// Faults that were injected in it.
    taken: usize,
}

impl Turn {
    /// Which of `count` faults is next in `scenario`.
    fn next(&mut self, scenario: usize, count: usize) -> usize {
        if self.scenario != scenario {
            *self = Self { scenario, taken: 0 };
        }
        self.taken % count.max(1)
    }
}

/// What a director is made of.
pub struct Setup {
    /// What faults act with.
    pub context: Context,
    /// What is planned.
    pub plan: Arc<Plan>,
    /// The plan as it is journalled.
    pub record: PlanRecord,
    /// Where everything is written.
    pub journal: JournalHandle,
    /// What is shown.
    pub progress: Arc<Progress>,
    /// Ends the run.
    pub stop: Stop,
    /// Where the target listens, when it is on this machine.
    pub address: Option<SocketAddr>,
    /// The target's stores, when the run may take them away.
    pub stores: Option<Box<dyn StoreFaults>>,
    /// What the pollers see.
    pub observations: mpsc::Receiver<Observation>,
    /// When the first canary and the first poll start.
    pub first_probe: Micros,
}

impl std::fmt::Debug for Setup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Setup").field("plan", &self.plan).finish_non_exhaustive()
    }
}

impl Director {
    /// A director and the injector's end of it.
    #[must_use]
    pub fn new(setup: Setup) -> (Self, DirectorHandle) {
        let (send, orders) = mpsc::channel(16);
        let Setup {
            context,
            plan,
            record,
            journal,
            progress,
            stop,
            address,
            stores,
            observations,
            first_probe,
        } = setup;
        let director = Self {
            alert_source: record.alert_source,
            critical_at: record.policy.as_ref().and_then(critical_at),
            policy: record.policy.clone(),
            policy_changed: false,
            live: Live::new(&record, first_probe),
            schedule: Schedule::new(plan.seed),
            store_schedule: StoreSchedule::new(plan.seed),
            chain_schedule: ChainSchedule::new(plan.seed),
            turn: Turn::default(),
            episodes: 0,
            chains: 0,
            in_flight: Vec::new(),
            context,
            plan,
            journal,
            progress,
            stop,
            address,
            stores,
            orders,
            observations,
        };
        (director, DirectorHandle::new(send))
    }

    /// Serves the injector until it is done or the run is stopped, and undoes what is in effect.
    pub async fn run(mut self) {
        let ticker = tokio::spawn(measure_lag(self.context.clock, self.journal.clone(), self.stop.clone()));
        self.serve().await;
        self.close_all("aborted").await;
        self.give_policy_back().await;
        // Also when nobody asked for it: an injector that disappears (a panic) must not leave the load running.
        self.stop
            .request(FinishReason::Failed, Some("the injector ended before its scenario did".to_owned()));
        let _ = ticker.await;
    }

    async fn serve(&mut self) {
        loop {
            let undo = self.undo_at();
            tokio::select! {
                biased;
                () = self.stop.wait() => return,
                order = self.orders.recv() => match order {
                    Some(Order::UsersStarted(at)) => self.live.users_started(at),
                    Some(Order::Step(step, reply)) => {
                        let Ok(result) = self.take(step).await else { return };
                        let _ = reply.send(result);
                    }
                    Some(Order::Done) => return self.stop.wait().await,
                    None => return,
                },
                Some(seen) = self.observations.recv() => self.live.see(seen),
                () = self.context.clock.sleep_until(undo.unwrap_or(Micros::MAX)), if undo.is_some() => {
                    self.end_faults().await;
                }
            }
        }
    }

    async fn take(&mut self, step: Step) -> Result<StepResult, Stopped> {
        match step {
            Step::Baseline => self.wait_for_baseline().await,
            Step::Inject(index) => self.inject(index).await,
            Step::Chain(index) => self.chain(index).await,
            Step::DependencyChain(index) => self.dependency_chain(index).await,
            Step::AwaitFaultEnd(patience) => self.await_fault_end(patience).await,
            Step::AwaitResync(grace) => self.await_resync(grace).await,
            Step::AwaitRecovery => {
                let recovered = self.await_recovery().await?;
                self.give_policy_back().await;
                Ok(recovered)
            }
            Step::Hold => {
                self.progress.set_phase("reading every session back");
                self.live.held(self.context.clock.now());
                Ok(StepResult::Done)
            }
            Step::Release => {
                self.live.released(self.context.clock.now());
                Ok(StepResult::Done)
            }
            Step::Pause(pause) => {
                self.progress.set_phase("pause");
                self.watch_until(self.context.clock.now() + duration_us(pause)).await?;
                Ok(StepResult::Done)
            }
            Step::Settle => {
                self.progress.set_phase("waiting for the last alerts");
                while let Some(due) = self.live.next_due(self.context.clock.now()) {
                    self.watch_once(due).await?;
                }
                Ok(StepResult::Done)
            }
        }
    }

    async fn wait_for_baseline(&mut self) -> Result<StepResult, Stopped> {
        self.progress.set_phase("measuring the baseline");
        let deadline = self.context.clock.now() + duration_us(self.plan.baseline + BASELINE_PATIENCE);
        loop {
            if let Some(baseline) = self.live.baseline() {
                if baseline.success_ratio >= STEADY_SUCCESS {
                    return Ok(StepResult::Done);
                }
                let percent = baseline.success_ratio * 100.0;
                return Err(self.unsteady(&format!("only {percent:.0} % of the canaries succeed")));
            }
            if self.context.clock.now() > deadline {
                return Err(self.unsteady("no baseline could be measured"));
            }
            let soon = self.context.clock.now() + duration_us(RETRY);
            self.watch_once(soon).await?;
            // Users start while this step waits, so the message that they have is taken here as well.
            while let Ok(order) = self.orders.try_recv() {
                if let Order::UsersStarted(at) = order {
                    self.live.users_started(at);
                }
            }
        }
    }

    /// Ends the run: a recovery to a state that was never good cannot be measured.
    fn unsteady(&self, why: &str) -> Stopped {
        let detail = format!("the target is not in a steady state before the first fault: {why}");
        self.stop.request(FinishReason::Failed, Some(detail));
        Stopped
    }

    /// Looks on until one observation has come or `until` has passed. A fault whose time is over is undone meanwhile.
    async fn watch_once(&mut self, until: Micros) -> Result<(), Stopped> {
        let wake = self.undo_at().map_or(until, |undo| undo.min(until));
        tokio::select! {
            biased;
            () = self.stop.wait() => return Err(Stopped),
            Some(seen) = self.observations.recv() => self.live.see(seen),
            () = self.context.clock.sleep_until(wake) => {}
        }
        if self.undo_at().is_some_and(|undo| undo <= self.context.clock.now()) {
            self.end_faults().await;
        }
        Ok(())
    }

    /// When the next fault in flight is to be undone, of those that are to be and have not been.
    fn undo_at(&self) -> Option<Micros> {
        self.in_flight.iter().filter_map(|open| open.undo_at).min()
    }

    async fn watch_until(&mut self, until: Micros) -> Result<(), Stopped> {
        while self.context.clock.now() < until {
            self.watch_once(until).await?;
        }
        Ok(())
    }
}

/// The earlier of the failure at which the policy says so and the one at which a module is given up.
fn critical_at(policy: &serde_json::Value) -> Option<u32> {
    let number =
        |name| policy.get(name).and_then(serde_json::Value::as_u64).and_then(|n| u32::try_from(n).ok());
    let exhausted = number("max_retries").map(|retries| retries.saturating_add(1));
    number("alert_after").into_iter().chain(exhausted).min()
}

/// Journals how late this thread wakes, until the run stops.
async fn measure_lag(clock: Clock, journal: JournalHandle, stop: Stop) {
    let interval = duration_us(LAG_INTERVAL);
    let mut intended = clock.now().next_multiple_of(interval) + interval;
    while stop.or_stopped(clock.sleep_until(intended)).await.is_ok() {
        let now = clock.now();
        let lag_us = now.saturating_sub(intended);
        journal.control(now, Lag { thread: "fault".to_owned(), lag_us });
        intended = now.next_multiple_of(interval).max(intended + interval);
    }
}

#[cfg(test)]
mod tests;

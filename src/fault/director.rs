//! The fault thread: takes the injector's steps one at a time, injects, watches for recovery, and undoes.
//!
//! It runs on a thread and a runtime of its own. The injector awaits each step's result here; when the
//! injector disappears or the run is stopped, what is in effect is undone without waiting on the load.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;

use super::episode::{Context, Fault, FaultError, StoreFaults};
use super::identity::Identity;
use super::kill::Kill;
use super::live::{Live, Observation};
use super::restart::Restart;
use super::schedule::{Schedule, StoreSchedule};
use super::step::{DirectorHandle, Order, Step, StepResult};
use crate::clock::{Clock, duration_us};
use crate::journal::event::{
    Action, EpisodeClosed, FaultConfirmed, FaultEnded, FaultInjected, FaultVoid, FinishReason, Lag,
    PlanRecord,
};
use crate::journal::{JournalHandle, Micros};
use crate::plan::{FaultKind, Plan, ScenarioPlan};
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
    orders: mpsc::Receiver<Order>,
    observations: mpsc::Receiver<Observation>,
    live: Live,
    schedule: Schedule,
    store_schedule: StoreSchedule,
    episodes: u32,
    in_flight: Option<InFlight>,
}

/// The episode that is open.
struct InFlight {
    episode: u32,
    t0: Micros,
    fault: Box<dyn Fault>,
    /// When it is to be undone while the episode goes on.
    undo_at: Option<Micros>,
    /// When its effect ended, once we have ended it; with when the undoing began.
    ended: Option<Ended>,
}

/// The end of a fault that the run ended.
#[derive(Debug, Clone, Copy)]
struct Ended {
    undo_us: Micros,
    at: Micros,
}

impl std::fmt::Debug for Director {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Director").field("episodes", &self.episodes).finish_non_exhaustive()
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
            live: Live::new(&record, first_probe),
            schedule: Schedule::new(plan.seed),
            store_schedule: StoreSchedule::new(plan.seed),
            episodes: 0,
            in_flight: None,
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
        self.close("aborted").await;
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
                    self.end_fault().await;
                }
            }
        }
    }

    async fn take(&mut self, step: Step) -> Result<StepResult, Stopped> {
        match step {
            Step::Baseline => self.wait_for_baseline().await,
            Step::Inject(index) => self.inject(index).await,
            Step::AwaitFaultEnd(patience) => self.await_fault_end(patience).await,
            Step::AwaitResync(grace) => self.await_resync(grace).await,
            Step::AwaitRecovery => self.await_recovery().await,
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
            self.end_fault().await;
        }
        Ok(())
    }

    /// When the fault in flight is to be undone, if it is to be and has not been.
    fn undo_at(&self) -> Option<Micros> {
        self.in_flight.as_ref().and_then(|in_flight| in_flight.undo_at)
    }

    async fn watch_until(&mut self, until: Micros) -> Result<(), Stopped> {
        while self.context.clock.now() < until {
            self.watch_once(until).await?;
        }
        Ok(())
    }

    async fn inject(&mut self, index: usize) -> Result<StepResult, Stopped> {
        let plan = Arc::clone(&self.plan);
        let Some(scenario) = plan.scenarios.get(index) else { return Ok(StepResult::NoTarget) };
        self.progress.set_phase("injecting");
        let deadline = self.context.clock.now() + duration_us(self.plan.recovery_deadline);
        loop {
            let tried = match self.choose(scenario).await {
                Ok(fault) => self.try_inject(scenario.kind.as_str(), fault).await,
                Err(reason) => Err(reason),
            };
            if self.stop.requested() {
                return Err(Stopped);
            }
            match tried {
                Ok(result) => return Ok(result),
                Err(reason) if self.context.clock.now() >= deadline => {
                    self.progress.set_phase(format!("nothing left to hit: {reason}"));
                    return Ok(StepResult::NoTarget);
                }
                Err(_) => self.watch_until(self.context.clock.now() + duration_us(RETRY)).await?,
            }
        }
    }

    /// The next fault of the schedule, or why there is none just now.
    async fn choose(&mut self, scenario: &ScenarioPlan) -> Result<Box<dyn Fault>, String> {
        if let Some(outage) = scenario.outage {
            let stores = self.stores.as_ref().ok_or("the run may not take the target's stores away")?;
            let next = self.store_schedule.next(&scenario.faults, &stores.targets());
            let (kind, target) = next.ok_or("the target has no store that can be taken away")?;
            return stores.fault(kind, &target, outage.length).ok_or(format!("there is no store {target}"));
        }
        self.choose_module(scenario.faults.first().copied()).await
    }

    async fn choose_module(&mut self, kind: Option<FaultKind>) -> Result<Box<dyn Fault>, String> {
        let (_, page) = self.context.api.health().await.map_err(|error| error.to_string())?;
        let module = self.schedule.next(&page.modules).ok_or("no module is ready to be hit")?;
        match kind {
            Some(FaultKind::Kill) => {
                let pid = module.pid.ok_or("the health page gives no pid")?;
                // Who the pid is now, right after the page named it: that one and no later one is hit.
                let identity = Identity::of(pid).map_err(|error| error.to_string())?;
                let address = self.address.ok_or("the target is not on this machine")?;
                Ok(Box::new(Kill::new(module.name.clone(), identity, address)))
            }
            Some(FaultKind::Restart) => Ok(Box::new(Restart::new(module.clone()))),
            _ => Err("the scenario has no fault of modules".to_owned()),
        }
    }

    /// Injects `fault` as a new episode; `Err` when nothing was done, so that it may be tried again.
    async fn try_inject(&mut self, scenario: &str, mut fault: Box<dyn Fault>) -> Result<StepResult, String> {
        let injection = match fault.inject(&self.context).await {
            Ok(injection) => injection,
            Err(error) => {
                if matches!(error, FaultError::NotUndone(_)) {
                    self.stuck(&error);
                }
                return Err(error.to_string());
            }
        };
        self.episodes += 1;
        let episode = self.episodes;
        let (kind, target) = (fault.kind().to_owned(), fault.target().to_owned());
        self.progress.set_episode(episode);
        self.progress.set_phase(format!("{kind} {target}"));
        self.live.fault_started(injection.action_us);
        if let Some(status) = injection.status {
            let what = format!("{kind} {target}");
            let action =
                Action { episode: Some(episode), what, scripted: true, status: Some(status), resync: None };
            self.journal.control(injection.action_us, action);
        }
        let injected =
            FaultInjected { episode, scenario: scenario.to_owned(), fault: kind, target, pid: injection.pid };
        self.journal.control(injection.action_us, injected);
        // Without a way to receive alerts nothing is owed: the KPI is inconclusive, and nobody waits.
        let owed = if self.alert_source { fault.expected_alerts(episode, &self.context) } else { Vec::new() };
        for expected in owed {
            self.live.expect(injection.action_us, expected.clone());
            self.journal.control(injection.action_us, expected);
        }
        let confirmed = fault.confirm(&self.context).await;
        // An effect is never before its cause, however early the question was asked that it left unanswered.
        let t0 = confirmed.as_ref().map_or(0, |effect| effect.confirmed_us).max(injection.action_us);
        let undo_at = fault.lasts().map(|lasts| injection.action_us + duration_us(lasts));
        self.in_flight = Some(InFlight { episode, t0, fault, undo_at, ended: None });
        Ok(match confirmed {
            Ok(effect) => {
                let evidence = effect.evidence;
                self.journal.control(t0, FaultConfirmed { episode, evidence });
                self.live.watch_recovery(t0, undo_at.is_some());
                StepResult::Injected(episode)
            }
            Err(
                FaultError::NoEffect(reason)
                | FaultError::NotInjected(reason)
                | FaultError::NotUndone(reason),
            ) => {
                self.journal.control(self.context.clock.now(), FaultVoid { episode, reason });
                self.close("void").await;
                StepResult::Void
            }
        })
    }

    async fn await_fault_end(&mut self, patience: Duration) -> Result<StepResult, Stopped> {
        let until = self.context.clock.now() + duration_us(patience);
        if let Some(InFlight { fault, undo_at: Some(_), .. }) = &self.in_flight {
            self.progress.set_phase(format!("{} {} is in effect", fault.kind(), fault.target()));
        }
        while self.undo_at().is_some() {
            if self.context.clock.now() >= until {
                return Ok(StepResult::InEffect);
            }
            self.watch_once(until).await?;
        }
        Ok(StepResult::Done)
    }

    /// Undoes the fault in flight while its episode goes on.
    async fn end_fault(&mut self) {
        let Some(in_flight) = &mut self.in_flight else { return };
        in_flight.undo_at = None;
        let episode = in_flight.episode;
        let undo_us = self.context.clock.now();
        let owed = in_flight.fault.expected_after(episode, &self.context);
        self.progress.set_phase(format!("giving back {}", in_flight.fault.target()));
        let reverted = in_flight.fault.revert(&self.context).await;
        match reverted {
            Ok(ended) => {
                let at = ended.unwrap_or(undo_us).max(undo_us);
                in_flight.ended = Some(Ended { undo_us, at });
                // They may have come already: what they are owed for is the undoing, not its end.
                for expected in owed.into_iter().filter(|_| self.alert_source) {
                    self.live.expect(undo_us, expected.clone());
                    self.journal.control(undo_us, expected);
                }
                self.journal.control(at, FaultEnded { episode, undo_us: Some(undo_us) });
                self.live.fault_ended(at);
            }
            Err(error) => self.stuck(&error),
        }
    }

    /// Ends the run: with a fault in effect that cannot be undone nothing more can be measured.
    fn stuck(&self, error: &FaultError) {
        self.stop.request(FinishReason::Failed, Some(error.to_string()));
    }

    async fn await_resync(&mut self, grace: Duration) -> Result<StepResult, Stopped> {
        let Some(Ended { undo_us, at }) = self.in_flight.as_ref().and_then(|in_flight| in_flight.ended)
        else {
            return Ok(StepResult::Void);
        };
        self.progress.set_phase("waiting for the automatic resync");
        let until = at + duration_us(grace);
        while !self.live.restored_since(undo_us) && self.context.clock.now() < until {
            self.watch_once(until).await?;
        }
        Ok(StepResult::Done)
    }

    async fn await_recovery(&mut self) -> Result<StepResult, Stopped> {
        let Some(InFlight { t0, fault, .. }) = &self.in_flight else { return Ok(StepResult::Void) };
        self.progress.set_phase(format!("recovering from {} {}", fault.kind(), fault.target()));
        let deadline = t0 + duration_us(self.plan.recovery_deadline);
        // A window that begins just before the deadline needs its hold, and its slowest canary's answer.
        let decided_by = deadline + duration_us(self.plan.hold + self.plan.request_timeout);
        loop {
            match self.live.recovered() {
                Some(recovered) if recovered <= deadline => {
                    self.close("recovered").await;
                    return Ok(StepResult::Done);
                }
                Some(_) => break,
                None if self.context.clock.now() >= decided_by => break,
                None => self.watch_once(decided_by).await?,
            }
        }
        self.close("censored").await;
        Ok(StepResult::Done)
    }

    /// Undoes and closes the open episode, if there is one.
    async fn close(&mut self, outcome: &str) {
        let Some(InFlight { episode, mut fault, .. }) = self.in_flight.take() else { return };
        let healed = matches!(outcome, "recovered" | "void");
        let undo_us = self.context.clock.now();
        let reverted = fault.revert(&self.context).await;
        let now = self.context.clock.now();
        let outcome = match reverted {
            Ok(ended) => {
                if let Some(at) = ended {
                    self.journal.control(at, FaultEnded { episode, undo_us: Some(undo_us) });
                }
                outcome.to_owned()
            }
            // The reason is journalled with the episode; nothing more can be done about it here.
            Err(error) => format!("{outcome}, but the fault could not be undone: {error}"),
        };
        self.journal.control(now, EpisodeClosed { episode, outcome });
        self.live.episode_closed(now, healed);
    }
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

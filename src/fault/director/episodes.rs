//! One episode after the other: chosen, injected, proven, ended, watched, closed.

use std::sync::Arc;
use std::time::Duration;

use super::{Director, RETRY};
use crate::clock::duration_us;
use crate::fault::aim::Aim;
use crate::fault::crash_loop::CrashLoop;
use crate::fault::episode::{Fault, FaultError, Injection};
use crate::fault::identity::Identity;
use crate::fault::kill::Kill;
use crate::fault::pause::Pause;
use crate::fault::restart::Restart;
use crate::fault::source::Declared;
use crate::fault::step::StepResult;
use crate::journal::Micros;
use crate::journal::event::{
    Action, AlertExpected, EpisodeClosed, FaultConfirmed, FaultEnded, FaultInjected, FaultVoid, FinishReason,
};
use crate::plan::{FaultKind, ScenarioKind, ScenarioPlan};
use crate::stop::Stopped;
use crate::target::ModuleHealth;

/// The episode that is open.
pub(super) struct InFlight {
    episode: u32,
    t0: Micros,
    fault: Box<dyn Fault>,
    /// When it is to be undone while the episode goes on.
    pub(super) undo_at: Option<Micros>,
    /// When its effect ended, once we have ended it; with when the undoing began.
    ended: Option<Ended>,
}

/// The end of a fault that the run ended.
#[derive(Debug, Clone, Copy)]
struct Ended {
    undo_us: Micros,
    at: Micros,
}

impl Director {
    pub(super) async fn inject(&mut self, index: usize) -> Result<StepResult, Stopped> {
        let plan = Arc::clone(&self.plan);
        let Some(scenario) = plan.scenarios.get(index) else { return Ok(StepResult::NoTarget) };
        self.progress.set_phase("injecting");
        let deadline = self.context.clock.now() + duration_us(self.plan.recovery_deadline);
        loop {
            let tried = match self.choose(index, scenario).await {
                Ok(fault) => self.try_inject(&scenario.name, None, fault).await,
                Err(reason) => Err(reason),
            };
            if self.stop.requested() {
                return Err(Stopped);
            }
            match tried {
                Ok(result) => {
                    if scenario.outage.is_some() {
                        self.store_schedule.advance();
                    }
                    self.turn.taken += 1;
                    return Ok(result);
                }
                Err(reason) if self.context.clock.now() >= deadline => {
                    self.progress.set_phase(format!("nothing left to hit: {reason}"));
                    return Ok(StepResult::NoTarget);
                }
                Err(_) => self.watch_until(self.context.clock.now() + duration_us(RETRY)).await?,
            }
        }
    }

    /// The next fault of the schedule, or why there is none just now.
    async fn choose(&mut self, index: usize, scenario: &ScenarioPlan) -> Result<Box<dyn Fault>, String> {
        if scenario.kind == ScenarioKind::Faults {
            return self.declared(index, scenario);
        }
        if scenario.kind == ScenarioKind::DbRedisDown
            && let Some(outage) = scenario.outage
        {
            let stores = self.stores.as_ref().ok_or("the run may not take the target's stores away")?;
            let next = self.store_schedule.next(&scenario.faults, &stores.targets());
            let (kind, target) = next.ok_or("the target has no store that can be taken away")?;
            return stores.fault(kind, &target, outage.length).ok_or(format!("there is no store {target}"));
        }
        self.choose_module(scenario).await
    }

    /// The declared fault whose turn it is.
    fn declared(&mut self, index: usize, scenario: &ScenarioPlan) -> Result<Box<dyn Fault>, String> {
        let next = scenario.declared.get(self.turn.next(index, scenario.declared.len()));
        let name = next.ok_or("the scenario declares no fault")?;
        let source = self.plan.system.faults.iter().find(|source| source.name() == name);
        let source = source.ok_or_else(|| format!("there is no fault {name}"))?;
        Ok(Box::new(Declared::of(source.as_ref())?))
    }

    async fn choose_module(&mut self, scenario: &ScenarioPlan) -> Result<Box<dyn Fault>, String> {
        let page = self.context.api.health().await.map_err(|error| error.to_string())?.page;
        let module = self.schedule.next(&page.modules).ok_or("no module is ready to be hit")?;
        let module = module.clone();
        match scenario.faults.first() {
            Some(FaultKind::Kill) => self.kill(&module),
            Some(FaultKind::Pause) => Ok(Box::new(Pause::new(self.aim(&module)?))),
            Some(FaultKind::CrashLoop) => {
                let (kills, critical_at) = (scenario.crash_loop, self.critical_at);
                Ok(Box::new(CrashLoop::new(self.aim(&module)?, kills, critical_at)))
            }
            Some(FaultKind::Restart) => Ok(Box::new(Restart::new(module))),
            _ => Err("the scenario has no fault of modules".to_owned()),
        }
    }

    /// A kill of the process that the health page has just named for `module`.
    pub(super) fn kill(&self, module: &ModuleHealth) -> Result<Box<dyn Fault>, String> {
        Ok(Box::new(Kill::new(self.aim(module)?)))
    }

    /// Who the pid is now, right after the page named it: that one and no later one is hit.
    pub(super) fn aim(&self, module: &ModuleHealth) -> Result<Aim, String> {
        let pid = module.pid.ok_or("the health page gives no pid")?;
        let identity = Identity::of(pid).map_err(|error| error.to_string())?;
        let address = self.address.ok_or("the target is not on this machine")?;
        Ok(Aim { module: module.name.clone(), identity, address })
    }

    /// Injects `fault` as a new episode; `Err` when nothing was done, so that it may be tried again.
    pub(super) async fn try_inject(
        &mut self,
        scenario: &str,
        chain: Option<u32>,
        mut fault: Box<dyn Fault>,
    ) -> Result<StepResult, String> {
        if self.in_flight.iter().any(|open| open.fault.target() == fault.target()) {
            return Err(format!("an episode of {} is still open", fault.target()));
        }
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
        self.injected(episode, scenario, chain, fault.as_ref(), &injection);
        // A proof may take as long as the fault itself: an end of the run does not wait for it.
        let confirmed = tokio::select! {
            biased;
            confirmed = fault.confirm(&self.context) => Some(confirmed),
            () = self.stop.wait() => None,
        };
        let undo_at = fault.lasts().map(|lasts| injection.action_us + duration_us(lasts));
        let mut open = InFlight { episode, t0: injection.action_us, fault, undo_at, ended: None };
        let Some(confirmed) = confirmed else {
            open.undo_at = None;
            self.in_flight.push(open);
            return Ok(StepResult::Void);
        };
        match confirmed {
            Ok(effect) => {
                // An effect is never before its cause, however early the question was asked that it left unanswered.
                open.t0 = effect.confirmed_us.max(injection.action_us);
                self.journal.control(open.t0, FaultConfirmed { episode, evidence: effect.evidence });
                self.live.watch_recovery(episode, open.t0, undo_at.is_some());
                for (from, expected) in open.fault.expected_meanwhile(episode, &self.context) {
                    self.expect(from, expected);
                }
                if let Some(at) = open.fault.over_at() {
                    self.journal.control(at, FaultEnded { episode, undo_us: None });
                    self.live.fault_ended(episode, at);
                }
                self.in_flight.push(open);
                Ok(StepResult::Injected(episode))
            }
            Err(
                FaultError::NoEffect(reason)
                | FaultError::NotInjected(reason)
                | FaultError::NotUndone(reason),
            ) => {
                self.journal.control(self.context.clock.now(), FaultVoid { episode, reason });
                self.in_flight.push(open);
                self.close(episode, "void").await;
                Ok(StepResult::Void)
            }
        }
    }

    /// Journals what was done, and what is owed for it.
    fn injected(
        &mut self,
        episode: u32,
        scenario: &str,
        chain: Option<u32>,
        fault: &dyn Fault,
        injection: &Injection,
    ) {
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
        let (scenario, pid) = (scenario.to_owned(), injection.pid);
        let lasts_us = fault.lasts().map(duration_us);
        let injected = FaultInjected { episode, scenario, fault: kind, target, pid, chain, lasts_us };
        self.journal.control(injection.action_us, injected);
        for expected in fault.expected_alerts(episode, &self.context) {
            self.expect(injection.action_us, expected);
        }
    }

    /// Without a way to receive alerts nothing is owed: the KPI is inconclusive, and nobody waits.
    fn expect(&mut self, from: Micros, expected: AlertExpected) {
        if self.alert_source {
            self.live.expect(from, expected.clone());
            self.journal.control(from, expected);
        }
    }

    pub(super) async fn await_fault_end(&mut self, patience: Duration) -> Result<StepResult, Stopped> {
        let until = self.context.clock.now() + duration_us(patience);
        if let Some(open) = self.in_flight.iter().find(|open| open.undo_at.is_some()) {
            self.progress.set_phase(format!("{} {} is in effect", open.fault.kind(), open.fault.target()));
        }
        while self.undo_at().is_some() {
            if self.context.clock.now() >= until {
                return Ok(StepResult::InEffect);
            }
            self.watch_once(until).await?;
        }
        Ok(StepResult::Done)
    }

    /// Undoes the faults in flight whose time is over, while their episodes go on.
    pub(super) async fn end_faults(&mut self) {
        let now = self.context.clock.now();
        let due = |open: &InFlight| open.undo_at.is_some_and(|at| at <= now);
        while let Some(index) = self.in_flight.iter().position(due) {
            self.end_fault(index).await;
        }
    }

    async fn end_fault(&mut self, index: usize) {
        let open = &mut self.in_flight[index];
        open.undo_at = None;
        let episode = open.episode;
        let undo_us = self.context.clock.now();
        let owed = open.fault.expected_after(episode, &self.context);
        self.progress.set_phase(format!("giving back {}", open.fault.target()));
        match open.fault.revert(&self.context).await {
            Ok(ended) => {
                let at = ended.unwrap_or(undo_us).max(undo_us);
                open.ended = Some(Ended { undo_us, at });
                // They may have come already: what they are owed for is the undoing, not its end.
                for expected in owed {
                    self.expect(undo_us, expected);
                }
                self.journal.control(at, FaultEnded { episode, undo_us: Some(undo_us) });
                self.live.fault_ended(episode, at);
            }
            Err(error) => self.stuck(&error),
        }
    }

    /// Ends the run: with a fault in effect that cannot be undone nothing more can be measured.
    fn stuck(&self, error: &FaultError) {
        self.stop.request(FinishReason::Failed, Some(error.to_string()));
    }

    pub(super) async fn await_resync(&mut self, grace: Duration) -> Result<StepResult, Stopped> {
        let Some(Ended { undo_us, at }) = self.in_flight.iter().filter_map(|open| open.ended).next_back()
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

    /// Waits until every open episode is decided, and closes each when it is.
    pub(super) async fn await_recovery(&mut self) -> Result<StepResult, Stopped> {
        let names: Vec<_> = self
            .in_flight
            .iter()
            .map(|open| format!("{} {}", open.fault.kind(), open.fault.target()))
            .collect();
        self.progress.set_phase(format!("recovering from {}", names.join(", ")));
        let deadline = duration_us(self.plan.recovery_deadline);
        // A window that begins just before the deadline needs its hold, and its slowest canary's answer.
        let decided = deadline + duration_us(self.plan.hold + self.plan.request_timeout);
        while let Some(next) = self.in_flight.iter().map(|open| open.t0 + decided).min() {
            let now = self.context.clock.now();
            let outcome = |open: &InFlight| match self.live.recovered(open.episode) {
                Some(recovered) if recovered <= open.t0 + deadline => Some("recovered"),
                Some(_) => Some("censored"),
                None => (now >= open.t0 + decided).then_some("censored"),
            };
            let over = self.in_flight.iter().find_map(|open| Some((open.episode, outcome(open)?)));
            match over {
                Some((episode, outcome)) => self.close(episode, outcome).await,
                None => self.watch_once(next).await?,
            }
        }
        Ok(StepResult::Done)
    }

    /// Undoes and closes every open episode.
    pub(super) async fn close_all(&mut self, outcome: &str) {
        while let Some(episode) = self.in_flight.first().map(|open| open.episode) {
            self.close(episode, outcome).await;
        }
    }

    /// Undoes and closes an open episode.
    async fn close(&mut self, episode: u32, outcome: &str) {
        let Some(index) = self.in_flight.iter().position(|open| open.episode == episode) else { return };
        let InFlight { mut fault, .. } = self.in_flight.remove(index);
        let healed = matches!(outcome, "recovered" | "void");
        let recovered_us = self.live.recovered(episode).filter(|_| outcome == "recovered");
        if outcome == "censored" {
            self.progress.episode_censored(episode);
        }
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
        self.journal.control(now, EpisodeClosed { episode, outcome, recovered_us });
        self.live.episode_closed(episode, now, healed);
    }
}

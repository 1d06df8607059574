//! One episode after the other: chosen, injected, proven, ended, watched, closed.

use std::sync::Arc;
use std::time::Duration;

use super::{Director, RETRY};
use crate::clock::duration_us;
use crate::fault::episode::{Fault, FaultError};
use crate::fault::identity::Identity;
use crate::fault::kill::Kill;
use crate::fault::restart::Restart;
use crate::fault::step::StepResult;
use crate::journal::Micros;
use crate::journal::event::{
    Action, EpisodeClosed, FaultConfirmed, FaultEnded, FaultInjected, FaultVoid, FinishReason,
};
use crate::plan::{FaultKind, ScenarioPlan};
use crate::stop::Stopped;

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
            let tried = match self.choose(scenario).await {
                Ok(fault) => self.try_inject(scenario.kind.as_str(), fault).await,
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
        let injected = FaultInjected {
            episode,
            scenario: scenario.to_owned(),
            fault: kind,
            target,
            pid: injection.pid,
            chain: None,
        };
        self.journal.control(injection.action_us, injected);
        // Without a way to receive alerts nothing is owed: the KPI is inconclusive, and nobody waits.
        let owed = if self.alert_source { fault.expected_alerts(episode, &self.context) } else { Vec::new() };
        for expected in owed {
            self.live.expect(injection.action_us, expected.clone());
            self.journal.control(injection.action_us, expected);
        }
        // A proof may take as long as the fault itself: an end of the run does not wait for it.
        let confirmed = tokio::select! {
            biased;
            confirmed = fault.confirm(&self.context) => confirmed,
            () = self.stop.wait() => {
                self.in_flight =
                    Some(InFlight { episode, t0: injection.action_us, fault, undo_at: None, ended: None });
                return Ok(StepResult::Void);
            }
        };
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

    pub(super) async fn await_fault_end(&mut self, patience: Duration) -> Result<StepResult, Stopped> {
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
    pub(super) async fn end_fault(&mut self) {
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

    pub(super) async fn await_resync(&mut self, grace: Duration) -> Result<StepResult, Stopped> {
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

    pub(super) async fn await_recovery(&mut self) -> Result<StepResult, Stopped> {
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
    pub(super) async fn close(&mut self, outcome: &str) {
        let Some(InFlight { episode, mut fault, .. }) = self.in_flight.take() else { return };
        let healed = matches!(outcome, "recovered" | "void");
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
        self.journal.control(now, EpisodeClosed { episode, outcome });
        self.live.episode_closed(now, healed);
    }
}

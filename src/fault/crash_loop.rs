//! `crash-loop`: a module is killed, and killed again as soon as the health page shows a new process of it, so many times in
//! all. It shows what a restart policy is worth: one kill more than it allows, and the module stays down.

use std::time::Duration;

use rustix::process::Signal;

use super::aim::{self, Aim, Hit};
use super::episode::{Act, Context, Effect, Fault, FaultError, Injection};
use super::identity::Identity;
use crate::clock::duration_us;
use crate::journal::Micros;
use crate::journal::event::AlertExpected;

/// How often the health page is asked for a new process.
const LOOK: Duration = Duration::from_millis(5);
/// A successor that has not come by then does not come: longer than any usual backoff.
const SUCCESSOR_TIMEOUT: Duration = Duration::from_secs(15);
/// What the health page says of a module that is not started again.
const GIVEN_UP: &str = "failed";

/// Kills of one module.
#[derive(Debug)]
pub(super) struct CrashLoop {
    /// The process that is next.
    aim: Aim,
    kills: u32,
    /// The failure in a row at which the target's policy owes a critical alert, where it is known.
    critical_at: Option<u32>,
    /// The last kill.
    hit: Option<Hit>,
    /// Each kill's action and proof.
    done: Vec<(Micros, Micros)>,
}

impl CrashLoop {
    /// Will kill the module `kills` times, the process that is aimed at first.
    pub(super) fn new(aim: Aim, kills: u32, critical_at: Option<u32>) -> Self {
        Self { aim, kills, critical_at, hit: None, done: Vec::new() }
    }

    /// Waits for the proof of the last kill.
    async fn gone(&mut self, context: &Context) -> Result<(), FaultError> {
        let Hit { action_us, process } = self.hit.take().ok_or_else(aim::nothing_sent)?;
        self.done.push((action_us, aim::gone(&process, context.clock).await?));
        Ok(())
    }

    /// Waits for a new process; `false` when the module was given up or none came.
    async fn successor(&mut self, context: &Context) -> bool {
        let deadline = context.clock.now() + duration_us(SUCCESSOR_TIMEOUT);
        while context.clock.now() < deadline {
            if let Ok(looked) = context.api.health().await
                && let Some(module) =
                    looked.page.modules.into_iter().find(|module| module.name == self.aim.module)
            {
                if module.status == GIVEN_UP {
                    return false;
                }
                let fresh = module.pid.filter(|pid| *pid != self.aim.identity.pid);
                if let Some(identity) = fresh.and_then(|pid| Identity::of(pid).ok()) {
                    self.aim.identity = identity;
                    return true;
                }
            }
            context.clock.sleep_until(context.clock.now() + duration_us(LOOK)).await;
        }
        false
    }

    async fn go_on(&mut self, context: &Context) -> Result<(), FaultError> {
        while u32::try_from(self.done.len()).is_ok_and(|done| done < self.kills) {
            if !self.successor(context).await {
                return Ok(());
            }
            // A process that ended by itself meanwhile was no kill of ours; its successor is.
            if let Ok(hit) = self.aim.strike(Signal::KILL, context) {
                self.hit = Some(hit);
                self.gone(context).await?;
            }
        }
        Ok(())
    }

    fn crashed(&self, episode: u32, context: &Context) -> AlertExpected {
        self.aim.owes(&["module_crashed"], episode, context)
    }
}

impl Fault for CrashLoop {
    fn kind(&self) -> &'static str {
        "crash-loop"
    }

    fn target(&self) -> &str {
        &self.aim.module
    }

    fn inject<'a>(&'a mut self, context: &'a Context) -> Act<'a, Injection> {
        Box::pin(async move {
            let Hit { action_us, process } = self.hit.insert(self.aim.strike(Signal::KILL, context)?);
            Ok(Injection { action_us: *action_us, pid: Some(process.pid()), status: None })
        })
    }

    fn confirm<'a>(&'a mut self, context: &'a Context) -> Act<'a, Effect> {
        Box::pin(async move {
            self.gone(context).await?;
            self.go_on(context).await?;
            let first = self.done.first().map(|(_, gone)| *gone);
            let confirmed_us = first.ok_or_else(|| FaultError::NoEffect("nothing was killed".to_owned()))?;
            let evidence = format!("pidfds show {} of {} processes killed", self.done.len(), self.kills);
            Ok(Effect { confirmed_us, evidence })
        })
    }

    fn expected_alerts(&self, episode: u32, context: &Context) -> Vec<AlertExpected> {
        vec![self.crashed(episode, context)]
    }

    fn expected_meanwhile(&self, episode: u32, context: &Context) -> Vec<(Micros, AlertExpected)> {
        let crashes = self.done.iter().skip(1).map(|(action, _)| (*action, self.crashed(episode, context)));
        let mut owed: Vec<_> = crashes.collect();
        let at = self.critical_at.and_then(|at| usize::try_from(at).ok()?.checked_sub(1));
        if let Some((action, _)) = at.and_then(|at| self.done.get(at)) {
            let owes = self.aim.owes(&["repeated_failures", "recovery_exhausted"], episode, context);
            owed.push((*action, AlertExpected { min_severity: "critical".to_owned(), ..owes }));
        }
        owed
    }

    fn over_at(&self) -> Option<Micros> {
        self.done.last().map(|(_, gone)| *gone)
    }

    fn revert<'a>(&'a mut self, _context: &'a Context) -> Act<'a, Option<Micros>> {
        // A killed process cannot be brought back: bringing it back is what the system is tested for.
        Box::pin(async { Ok(None) })
    }
}

//! `crash-loop`: a module is killed, and killed again as soon as the health page shows a new process of it, so many times in
//! all. It shows what a restart policy is worth: one kill more than it allows, and the module stays down.

use std::net::SocketAddr;
use std::time::Duration;

use rustix::process::Signal;

use super::episode::{Act, Context, Effect, Fault, FaultError, Injection};
use super::identity::{Identity, Proven};
use crate::clock::duration_us;
use crate::journal::Micros;
use crate::journal::event::AlertExpected;

/// SIGKILL cannot be blocked; a process that outlives this is stuck in the kernel.
const GONE_TIMEOUT: Duration = Duration::from_secs(5);
/// How often the health page is asked for a new process.
const LOOK: Duration = Duration::from_millis(5);
/// A successor that has not come by then does not come: longer than any usual backoff.
const SUCCESSOR_TIMEOUT: Duration = Duration::from_secs(15);
/// What the health page says of a module that is not started again.
const GIVEN_UP: &str = "failed";

/// Kills of one module.
#[derive(Debug)]
pub(super) struct CrashLoop {
    module: String,
    identity: Identity,
    address: SocketAddr,
    kills: u32,
    /// The failure in a row at which the target's policy owes a critical alert, where it is known.
    critical_at: Option<u32>,
    /// The process that was killed last, and when.
    victim: Option<(Micros, Proven)>,
    /// Each kill's action and proof.
    done: Vec<(Micros, Micros)>,
}

impl CrashLoop {
    /// Will kill `module` `kills` times, its process `identity` first, if that proves to belong to the listener on `address`.
    pub(super) fn new(
        module: String,
        identity: Identity,
        address: SocketAddr,
        kills: u32,
        critical_at: Option<u32>,
    ) -> Self {
        Self { module, identity, address, kills, critical_at, victim: None, done: Vec::new() }
    }

    /// Kills the process, and stamps that.
    fn strike(&mut self, context: &Context) -> Result<Micros, String> {
        let victim = self.identity.prove(self.address).map_err(|refusal| refusal.to_string())?;
        let action_us = context.clock.now();
        victim.signal(Signal::KILL).map_err(|error| error.to_string())?;
        self.victim = Some((action_us, victim));
        Ok(action_us)
    }

    /// Waits for the proof of the last kill.
    async fn gone(&mut self, context: &Context) -> Result<(), String> {
        let (action_us, victim) = self.victim.take().ok_or("no signal was sent")?;
        let pid = victim.pid();
        match victim.gone(context.clock, GONE_TIMEOUT).await {
            Ok(Some(gone)) => {
                self.done.push((action_us, gone));
                Ok(())
            }
            Ok(None) => Err(format!("process {pid} outlived SIGKILL by {GONE_TIMEOUT:?}")),
            Err(error) => Err(format!("process {pid} cannot be watched: {error}")),
        }
    }

    /// Waits for a new process; `false` when the module was given up or none came.
    async fn successor(&mut self, context: &Context) -> bool {
        let deadline = context.clock.now() + duration_us(SUCCESSOR_TIMEOUT);
        while context.clock.now() < deadline {
            if let Ok((_, page)) = context.api.health().await
                && let Some(module) = page.modules.into_iter().find(|module| module.name == self.module)
            {
                if module.status == GIVEN_UP {
                    return false;
                }
                let fresh = module.pid.filter(|pid| *pid != self.identity.pid);
                if let Some(identity) = fresh.and_then(|pid| Identity::of(pid).ok()) {
                    self.identity = identity;
                    return true;
                }
            }
            context.clock.sleep_until(context.clock.now() + duration_us(LOOK)).await;
        }
        false
    }

    async fn go_on(&mut self, context: &Context) -> Result<(), String> {
        while u32::try_from(self.done.len()).is_ok_and(|done| done < self.kills) {
            if !self.successor(context).await {
                return Ok(());
            }
            // A process that ended by itself meanwhile was no kill of ours; its successor is.
            if self.strike(context).is_ok() {
                self.gone(context).await?;
            }
        }
        Ok(())
    }

    fn crashed(&self, episode: u32, context: &Context) -> AlertExpected {
        AlertExpected {
            episode,
            module: self.module.clone(),
            kinds: vec!["module_crashed".to_owned()],
            min_severity: "warning".to_owned(),
            deadline_us: context.alert_deadline_us,
        }
    }
}

impl Fault for CrashLoop {
    fn kind(&self) -> &'static str {
        "crash-loop"
    }

    fn target(&self) -> &str {
        &self.module
    }

    fn inject<'a>(&'a mut self, context: &'a Context) -> Act<'a, Injection> {
        Box::pin(async move {
            let action_us = self.strike(context).map_err(FaultError::NotInjected)?;
            Ok(Injection { action_us, pid: Some(self.identity.pid), status: None })
        })
    }

    fn confirm<'a>(&'a mut self, context: &'a Context) -> Act<'a, Effect> {
        Box::pin(async move {
            self.gone(context).await.map_err(FaultError::NoEffect)?;
            self.go_on(context).await.map_err(FaultError::NoEffect)?;
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
            let kinds = vec!["repeated_failures".to_owned(), "recovery_exhausted".to_owned()];
            let min_severity = "critical".to_owned();
            owed.push((*action, AlertExpected { kinds, min_severity, ..self.crashed(episode, context) }));
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

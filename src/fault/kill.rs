//! `kill`: SIGKILL of a module's process.

use rustix::process::Signal;

use super::aim::{self, Aim};
use super::episode::{Act, Context, Effect, Fault, Injection};
use super::identity::Proven;
use crate::journal::Micros;
use crate::journal::event::AlertExpected;

/// SIGKILL of one process.
#[derive(Debug)]
pub(super) struct Kill {
    aim: Aim,
    victim: Option<Proven>,
}

impl Kill {
    pub(super) fn new(aim: Aim) -> Self {
        Self { aim, victim: None }
    }
}

impl Fault for Kill {
    fn kind(&self) -> &'static str {
        "kill"
    }

    fn target(&self) -> &str {
        &self.aim.module
    }

    fn inject<'a>(&'a mut self, context: &'a Context) -> Act<'a, Injection> {
        Box::pin(async move {
            let hit = self.aim.strike(Signal::KILL, context)?;
            let pid = self.victim.insert(hit.process).pid();
            Ok(Injection { action_us: hit.action_us, pid: Some(pid), status: None })
        })
    }

    fn confirm<'a>(&'a mut self, context: &'a Context) -> Act<'a, Effect> {
        Box::pin(async move {
            let victim = self.victim.as_ref().ok_or_else(aim::nothing_sent)?;
            let confirmed_us = aim::gone(victim, context.clock).await?;
            Ok(Effect { confirmed_us, evidence: aim::gone_by_pidfd(victim) })
        })
    }

    fn expected_alerts(&self, episode: u32, context: &Context) -> Vec<AlertExpected> {
        vec![self.aim.owes(&["module_crashed"], episode, context)]
    }

    fn revert<'a>(&'a mut self, _context: &'a Context) -> Act<'a, Option<Micros>> {
        // A killed process cannot be brought back: bringing it back is what the system is tested for.
        Box::pin(async { Ok(None) })
    }
}

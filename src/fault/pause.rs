//! `pause`: SIGSTOP of a module's process. A system that notices hangs kills and replaces it; one that does not gets its
//! process back at the end of the episode.

use std::time::Duration;

use rustix::process::Signal;

use super::aim::{self, Aim};
use super::episode::{Act, Context, Effect, Fault, Injection};
use super::identity::Proven;
use crate::journal::Micros;
use crate::journal::event::AlertExpected;

/// SIGSTOP of one process.
#[derive(Debug)]
pub(super) struct Pause {
    aim: Aim,
    victim: Option<Proven>,
    held: Option<Held>,
}

/// A pause that the run ends, under a policy that does not notice it.
#[derive(Debug)]
struct Held {
    lasts: Duration,
    /// Who notices: the module that cannot do without this one.
    dependant: String,
}

impl Pause {
    pub(super) fn new(aim: Aim) -> Self {
        Self { aim, victim: None, held: None }
    }

    /// Has it last for so long, while `dependant` is the one that fails for it.
    pub(super) fn hold(&mut self, lasts: Duration, dependant: String) {
        self.held = Some(Held { lasts, dependant });
    }
}

impl Fault for Pause {
    fn kind(&self) -> &'static str {
        "pause"
    }

    fn target(&self) -> &str {
        &self.aim.module
    }

    fn inject<'a>(&'a mut self, context: &'a Context) -> Act<'a, Injection> {
        Box::pin(async move {
            let hit = self.aim.strike(Signal::STOP, context)?;
            let pid = self.victim.insert(hit.process).pid();
            Ok(Injection { action_us: hit.action_us, pid: Some(pid), status: None })
        })
    }

    fn confirm<'a>(&'a mut self, context: &'a Context) -> Act<'a, Effect> {
        Box::pin(async move {
            let victim = self.victim.as_ref().ok_or_else(aim::nothing_sent)?;
            aim::stands_still(victim, context.clock).await
        })
    }

    fn expected_alerts(&self, episode: u32, context: &Context) -> Vec<AlertExpected> {
        vec![match &self.held {
            Some(Held { dependant, .. }) => {
                let module = dependant.clone();
                AlertExpected { module, ..self.aim.owes(&["module_crashed"], episode, context) }
            }
            None => self.aim.owes(&["module_hung", "module_crashed"], episode, context),
        }]
    }

    fn lasts(&self) -> Option<Duration> {
        self.held.as_ref().map(|held| held.lasts)
    }

    fn revert<'a>(&'a mut self, context: &'a Context) -> Act<'a, Option<Micros>> {
        Box::pin(async move {
            let Some(victim) = self.victim.take() else { return Ok(None) };
            aim::let_go_on(&victim, context.clock)
        })
    }
}

impl Drop for Pause {
    fn drop(&mut self) {
        // The backstop: whoever stopped a process that is not ours lets it go on.
        if let Some(victim) = &self.victim {
            let _ = victim.signal(Signal::CONT);
        }
    }
}

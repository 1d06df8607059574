//! `kill`: SIGKILL of a module's process.

use std::net::SocketAddr;
use std::time::Duration;

use rustix::process::Signal;

use super::episode::{Act, Context, Effect, Fault, FaultError, Injection};
use super::identity::{Identity, Proven};
use crate::journal::Micros;
use crate::journal::event::AlertExpected;

/// SIGKILL cannot be blocked; a process that outlives this is stuck in the kernel.
const GONE_TIMEOUT: Duration = Duration::from_secs(5);

/// SIGKILL of one process.
#[derive(Debug)]
pub(super) struct Kill {
    module: String,
    identity: Identity,
    address: SocketAddr,
    victim: Option<Proven>,
}

impl Kill {
    /// Will kill `module`, whose process is `identity`, if it proves to belong to the listener on `address`.
    pub(super) fn new(module: String, identity: Identity, address: SocketAddr) -> Self {
        Self { module, identity, address, victim: None }
    }
}

impl Fault for Kill {
    fn kind(&self) -> &'static str {
        "kill"
    }

    fn target(&self) -> &str {
        &self.module
    }

    fn inject<'a>(&'a mut self, context: &'a Context) -> Act<'a, Injection> {
        Box::pin(async move {
            let not_injected = |error: &dyn std::fmt::Display| FaultError::NotInjected(error.to_string());
            let victim = self.identity.prove(self.address).map_err(|refusal| not_injected(&refusal))?;
            let action_us = context.clock.now();
            victim.signal(Signal::KILL).map_err(|error| not_injected(&error))?;
            let pid = victim.pid();
            self.victim = Some(victim);
            Ok(Injection { action_us, pid: Some(pid), status: None })
        })
    }

    fn confirm<'a>(&'a mut self, context: &'a Context) -> Act<'a, Effect> {
        Box::pin(async move {
            let Some(victim) = &self.victim else {
                return Err(FaultError::NoEffect("no signal was sent".to_owned()));
            };
            let pid = victim.pid();
            match victim.gone(context.clock, GONE_TIMEOUT).await {
                Ok(Some(confirmed_us)) => {
                    let evidence = format!("its pidfd shows that process {pid} is gone");
                    Ok(Effect { confirmed_us, evidence })
                }
                Ok(None) => {
                    Err(FaultError::NoEffect(format!("process {pid} outlived SIGKILL by {GONE_TIMEOUT:?}")))
                }
                Err(error) => Err(FaultError::NoEffect(format!("process {pid} cannot be watched: {error}"))),
            }
        })
    }

    fn expected_alerts(&self, episode: u32, context: &Context) -> Vec<AlertExpected> {
        vec![AlertExpected {
            episode,
            module: self.module.clone(),
            kinds: vec!["module_crashed".to_owned()],
            min_severity: "warning".to_owned(),
            deadline_us: context.alert_deadline_us,
        }]
    }

    fn revert<'a>(&'a mut self, _context: &'a Context) -> Act<'a, Option<Micros>> {
        // A killed process cannot be brought back: bringing it back is what the system is tested for.
        Box::pin(async { Ok(None) })
    }
}

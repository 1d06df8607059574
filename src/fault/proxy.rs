//! `proxy`: something is done to the connections that pass a proxy of the plan.
//!
//! Proof: the first thing that the toxic has done after the action, by the proxy's own count. Undo: the toxic is cleared,
//! by the destructor as well.

use std::time::Duration;

use super::episode::{Act, Context, Effect, Fault, FaultError, Injection};
use crate::clock::duration_us;
use crate::journal::Micros;
use crate::journal::event::AlertExpected;
use crate::proxy::{Poisoning, ProxyError, ProxyHandle, Toxic};

/// A toxic that has done nothing after this has nothing to do.
const EFFECT_TIMEOUT: Duration = Duration::from_secs(10);

/// What a plan says of the fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProxyFaultSpec {
    /// What reports call its target.
    pub name: String,
    /// What is done.
    pub toxic: Toxic,
    /// How long after the action it is undone; `None` for at the end of the episode.
    pub lasts: Option<Duration>,
}

/// A toxic on a proxy.
#[derive(Debug)]
pub struct ProxyFault {
    spec: ProxyFaultSpec,
    proxy: ProxyHandle,
    poisoning: Option<Poisoning>,
}

impl ProxyFault {
    /// Will do it to connections of `proxy`.
    #[must_use]
    pub fn new(spec: ProxyFaultSpec, proxy: ProxyHandle) -> Self {
        Self { spec, proxy, poisoning: None }
    }
}

impl Fault for ProxyFault {
    fn kind(&self) -> &'static str {
        match self.spec.toxic {
            Toxic::Cut => "proxy-cut",
            Toxic::Refuse => "proxy-refuse",
            Toxic::Blackhole => "proxy-blackhole",
            Toxic::Latency { .. } => "proxy-latency",
            Toxic::Bandwidth { .. } => "proxy-bandwidth",
            Toxic::Reset { .. } => "proxy-reset",
        }
    }

    fn target(&self) -> &str {
        &self.spec.name
    }

    fn inject<'a>(&'a mut self, context: &'a Context) -> Act<'a, Injection> {
        Box::pin(async move {
            let action_us = context.clock.now();
            let set = self.proxy.set(self.spec.toxic).await;
            self.poisoning = Some(set.map_err(|error| FaultError::NotInjected(error.to_string()))?);
            Ok(Injection { action_us, pid: None, status: None })
        })
    }

    fn confirm<'a>(&'a mut self, context: &'a Context) -> Act<'a, Effect> {
        Box::pin(async move {
            let Some(poisoning) = self.poisoning else {
                return Err(FaultError::NoEffect("nothing was done to the proxy".to_owned()));
            };
            let name = self.proxy.name();
            // Nobody clears it meanwhile, so an effect is not waited for longer than it is to last.
            let limit = self.spec.lasts.map_or(EFFECT_TIMEOUT, |lasts| lasts.min(EFFECT_TIMEOUT));
            let deadline = context.clock.now() + duration_us(limit);
            tokio::select! {
                biased;
                effects = self.proxy.first_effect(poisoning) => Ok(Effect {
                    confirmed_us: effects.first_us.unwrap_or_else(|| context.clock.now()),
                    evidence: format!("the proxy {name} {}", self.spec.toxic.proof(&effects)),
                }),
                () = context.clock.sleep_until(deadline) => Err(FaultError::NoEffect(format!(
                    "nothing passed the proxy {name} at {} for {limit:?}: does the target connect by it?",
                    self.proxy.address()
                ))),
            }
        })
    }

    fn expected_alerts(&self, _episode: u32, _context: &Context) -> Vec<AlertExpected> {
        Vec::new()
    }

    fn lasts(&self) -> Option<Duration> {
        self.spec.lasts
    }

    fn revert<'a>(&'a mut self, context: &'a Context) -> Act<'a, Option<Micros>> {
        Box::pin(async move {
            let Some(poisoning) = self.poisoning else { return Ok(None) };
            match self.proxy.clear(poisoning).await {
                Ok(cleared) => {
                    self.poisoning = None;
                    Ok(cleared.then(|| context.clock.now()))
                }
                // What has ended does nothing to connections any more.
                Err(ProxyError::Ended { .. }) => Ok(None),
                Err(error) => Err(FaultError::NotUndone(error.to_string())),
            }
        })
    }
}

impl Drop for ProxyFault {
    fn drop(&mut self) {
        if let Some(poisoning) = self.poisoning {
            self.proxy.clear_now(poisoning);
        }
    }
}

#[cfg(test)]
mod tests;

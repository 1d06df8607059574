//! `signal`: a signal to the process of a module that the plan says how to find. KILL and TERM end it, STOP hangs it until the
//! fault is over, and whatever else is sent shows in what canaries see.

use std::sync::Arc;

use rustix::process::Signal as Number;

use super::aim;
use super::episode::{Act, Context, Effect, Fault, FaultError, Injection};
use super::identity::Proven;
use super::process::ModuleSpec;
use crate::journal::Micros;
use crate::journal::event::AlertExpected;

/// What is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum SignalName {
    /// Ends the process at once.
    Kill,
    /// Asks it to end.
    Term,
    /// As Ctrl-C.
    Int,
    /// As Ctrl-\.
    Quit,
    /// The end of its terminal; many servers read their configuration again.
    Hup,
    /// Hangs it.
    Stop,
}

/// A signal to a module.
#[derive(Debug, Clone)]
pub struct SignalSpec {
    /// Who gets it.
    pub module: Arc<ModuleSpec>,
    /// What is sent.
    pub signal: SignalName,
}

/// A signal to one process.
#[derive(Debug)]
pub(super) struct Signalled {
    spec: SignalSpec,
    action_us: Micros,
    victim: Option<Proven>,
}

impl SignalName {
    fn number(self) -> Number {
        match self {
            Self::Kill => Number::KILL,
            Self::Term => Number::TERM,
            Self::Int => Number::INT,
            Self::Quit => Number::QUIT,
            Self::Hup => Number::HUP,
            Self::Stop => Number::STOP,
        }
    }

    fn kind(self) -> &'static str {
        match self {
            Self::Kill => "signal-kill",
            Self::Term => "signal-term",
            Self::Int => "signal-int",
            Self::Quit => "signal-quit",
            Self::Hup => "signal-hup",
            Self::Stop => "signal-stop",
        }
    }
}

impl Signalled {
    pub(super) fn new(spec: SignalSpec) -> Self {
        Self { spec, action_us: 0, victim: None }
    }

    /// That it is gone, or that others feel something: a process may take a signal and live.
    async fn gone_or_felt(&self, victim: &Proven, context: &Context) -> Result<Effect, FaultError> {
        let symptoms = context.symptoms.since(self.action_us, context.clock, context.effect_within_us);
        tokio::select! {
            gone = aim::gone(victim, context.clock) => match gone {
                Ok(confirmed_us) => Ok(Effect { confirmed_us, evidence: aim::gone_by_pidfd(victim) }),
                // It lives on; whether anybody feels it is another question.
                Err(_) => context.symptoms.since(self.action_us, context.clock, context.effect_within_us).await,
            },
            felt = symptoms => felt,
        }
    }
}

impl Fault for Signalled {
    fn kind(&self) -> &'static str {
        self.spec.signal.kind()
    }

    fn target(&self) -> &str {
        &self.spec.module.name
    }

    fn inject<'a>(&'a mut self, context: &'a Context) -> Act<'a, Injection> {
        Box::pin(async move {
            let victim = self.spec.module.find(&context.api).await.map_err(FaultError::NotInjected)?;
            self.action_us = context.clock.now();
            let sent = victim.signal(self.spec.signal.number());
            sent.map_err(|error| FaultError::NotInjected(error.to_string()))?;
            let pid = Some(self.victim.insert(victim).pid());
            Ok(Injection { action_us: self.action_us, pid, status: None })
        })
    }

    fn confirm<'a>(&'a mut self, context: &'a Context) -> Act<'a, Effect> {
        Box::pin(async move {
            let victim = self.victim.as_ref().ok_or_else(aim::nothing_sent)?;
            match self.spec.signal {
                SignalName::Kill => {
                    let confirmed_us = aim::gone(victim, context.clock).await?;
                    Ok(Effect { confirmed_us, evidence: aim::gone_by_pidfd(victim) })
                }
                SignalName::Stop => aim::stands_still(victim, context.clock).await,
                SignalName::Term | SignalName::Int | SignalName::Quit | SignalName::Hup => {
                    self.gone_or_felt(victim, context).await
                }
            }
        })
    }

    fn expected_alerts(&self, _episode: u32, _context: &Context) -> Vec<AlertExpected> {
        // What a system of somebody else's owes is what the plan says.
        Vec::new()
    }

    fn revert<'a>(&'a mut self, context: &'a Context) -> Act<'a, Option<Micros>> {
        Box::pin(async move {
            match self.victim.take() {
                Some(victim) if self.spec.signal == SignalName::Stop => {
                    aim::let_go_on(&victim, context.clock)
                }
                // What was ended is the system's to bring back.
                _ => Ok(None),
            }
        })
    }
}

impl Drop for Signalled {
    fn drop(&mut self) {
        // The backstop: whoever stopped a process lets it go on.
        if let Some(victim) = self.victim.as_ref().filter(|_| self.spec.signal == SignalName::Stop) {
            let _ = victim.signal(Number::CONT);
        }
    }
}

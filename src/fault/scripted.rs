//! A fault that a plan spells out: what injects it, what proves it, what undoes it, each a command or a request.
//!
//! Proof: `verify` succeeds; without one, the first canary or look at the health that fails. Undo: `revert`, also when
//! `inject` failed half-way, and once more when the fault is dropped although it could not be undone.

use std::fmt;
use std::time::Duration;

use super::backstop;
use super::episode::{Act, Context, Effect, Fault, FaultError, Injection};
use crate::clock::duration_us;
use crate::journal::Micros;
use crate::journal::event::AlertExpected;

/// Pause between two tries of what has to succeed.
const AGAIN: Duration = Duration::from_millis(50);

/// What a plan can have done: a command or a request.
pub trait Deed: fmt::Debug + Clone + Send + Sync + 'static {
    /// The kind of the fault.
    const KIND: &'static str;
    /// How often undoing is tried.
    const UNDO_TRIES: u32;

    /// Does it, for at most `limit`.
    ///
    /// # Errors
    /// [`Failed`] when it did not succeed.
    fn perform(&self, limit: Duration) -> impl Future<Output = Result<Done, Failed>> + Send;
}

/// A deed that succeeded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// HTTP status, where it was a call.
    pub status: Option<u16>,
    /// What it shows when it was to verify something; begins with what kind of deed it is.
    pub shows: String,
}

/// A deed that did not succeed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    /// Why; begins with what kind of deed it is, such as "command failed".
    pub why: String,
    /// Whether it is certain that nothing was done.
    pub untouched: bool,
}

/// What a plan says of the fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script<D> {
    /// What reports call its target.
    pub name: String,
    /// Brings the effect about.
    pub inject: D,
    /// Ends it; `None` where it ends by itself.
    pub revert: Option<D>,
    /// Succeeds while the effect is there; `None` where canaries have to show it.
    pub verify: Option<D>,
    /// How long after the action it is undone; `None` for at the end of the episode.
    pub lasts: Option<Duration>,
    /// How long each of them may take, and how long `verify` may go on failing.
    pub timeout: Duration,
}

/// The fault.
#[derive(Debug)]
pub struct Scripted<D: Deed> {
    script: Script<D>,
    action_us: Micros,
    in_effect: bool,
}

impl<D: Deed> Scripted<D> {
    /// Will do as `script` says.
    #[must_use]
    pub fn new(script: Script<D>) -> Self {
        Self { script, action_us: 0, in_effect: false }
    }

    async fn verified(&self, verify: &D, context: &Context, deadline: Micros) -> Result<Effect, FaultError> {
        loop {
            let asked = context.clock.now();
            let left = Duration::from_micros(deadline.saturating_sub(asked)).min(self.script.timeout);
            match verify.perform(left).await {
                Ok(done) => {
                    return Ok(Effect {
                        confirmed_us: asked,
                        evidence: format!("the verify {}", done.shows),
                    });
                }
                Err(failed) if context.clock.now() + duration_us(AGAIN) >= deadline => {
                    return Err(FaultError::NoEffect(format!("the verify {}", failed.why)));
                }
                Err(_) => tokio::time::sleep(AGAIN).await,
            }
        }
    }

    /// Undoes it; stays in effect where that fails, so that it is tried again at the end.
    async fn undo(&mut self) -> Result<(), String> {
        if let Some(revert) = &self.script.revert {
            undone(revert, self.script.timeout).await?;
        }
        self.in_effect = false;
        Ok(())
    }
}

/// Tries `revert` until it succeeds, as often as its kind may be tried.
async fn undone<D: Deed>(revert: &D, limit: Duration) -> Result<(), String> {
    let mut left = D::UNDO_TRIES;
    loop {
        left = left.saturating_sub(1);
        match revert.perform(limit).await {
            Ok(_) => return Ok(()),
            Err(failed) if left == 0 => return Err(format!("the revert {}", failed.why)),
            Err(_) => tokio::time::sleep(AGAIN).await,
        }
    }
}

impl<D: Deed> Fault for Scripted<D> {
    fn kind(&self) -> &'static str {
        D::KIND
    }

    fn target(&self) -> &str {
        &self.script.name
    }

    fn inject<'a>(&'a mut self, context: &'a Context) -> Act<'a, Injection> {
        Box::pin(async move {
            self.action_us = context.clock.now();
            // Before it is done: a future that is dropped half-way has to be undone as well.
            self.in_effect = true;
            match self.script.inject.perform(self.script.timeout).await {
                Ok(done) => Ok(Injection { action_us: self.action_us, pid: None, status: done.status }),
                Err(Failed { why, untouched: true }) => {
                    self.in_effect = false;
                    Err(FaultError::NotInjected(format!("the inject {why}")))
                }
                Err(Failed { why, untouched: false }) => match self.undo().await {
                    Ok(()) => Err(FaultError::NotInjected(format!("the inject {why}"))),
                    Err(stuck) => Err(FaultError::NotUndone(format!("the inject {why}; {stuck}"))),
                },
            }
        })
    }

    fn confirm<'a>(&'a mut self, context: &'a Context) -> Act<'a, Effect> {
        Box::pin(async move {
            let shows_within = match &self.script.verify {
                Some(_) => context.effect_within_us.max(duration_us(self.script.timeout)),
                None => context.effect_within_us,
            };
            // Nobody undoes it meanwhile, so a proof is not waited for longer than the fault is to last.
            let limit = self.script.lasts.map_or(shows_within, |lasts| shows_within.min(duration_us(lasts)));
            let deadline = context.clock.now() + limit;
            match &self.script.verify {
                Some(verify) => self.verified(verify, context, deadline).await,
                None => {
                    let limit = deadline.saturating_sub(self.action_us);
                    context.symptoms.since(self.action_us, context.clock, limit).await
                }
            }
        })
    }

    fn expected_alerts(&self, _episode: u32, _context: &Context) -> Vec<AlertExpected> {
        Vec::new()
    }

    fn lasts(&self) -> Option<Duration> {
        self.script.lasts.filter(|_| self.script.revert.is_some())
    }

    fn revert<'a>(&'a mut self, context: &'a Context) -> Act<'a, Option<Micros>> {
        Box::pin(async move {
            if !self.in_effect || self.script.revert.is_none() {
                return Ok(None);
            }
            self.undo().await.map_err(FaultError::NotUndone)?;
            Ok(Some(context.clock.now()))
        })
    }
}

impl<D: Deed> Drop for Scripted<D> {
    fn drop(&mut self) {
        if let (true, Some(revert)) = (self.in_effect, self.script.revert.take()) {
            let limit = self.script.timeout;
            backstop::run(async move {
                let _ = undone(&revert, limit).await;
            });
        }
    }
}

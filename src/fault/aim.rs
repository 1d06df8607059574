//! A module's process, aimed at: what `kill`, `pause` and `crash-loop` have in common.

use std::net::SocketAddr;
use std::time::Duration;

use rustix::process::Signal;

use super::episode::{Context, FaultError};
use super::identity::{Identity, Proven};
use crate::clock::Clock;
use crate::journal::Micros;
use crate::journal::event::AlertExpected;

/// SIGKILL cannot be blocked; a process that outlives this is stuck in the kernel.
const GONE_TIMEOUT: Duration = Duration::from_secs(5);

/// A module and the process that may be signalled for it.
#[derive(Debug, Clone)]
pub(super) struct Aim {
    pub(super) module: String,
    /// Its process, as the health page named it.
    pub(super) identity: Identity,
    /// Where the target listens: only what belongs to that listener is hit.
    pub(super) address: SocketAddr,
}

/// A process that was signalled.
#[derive(Debug)]
pub(super) struct Hit {
    /// When.
    pub(super) action_us: Micros,
    /// Held by its pidfd.
    pub(super) process: Proven,
}

impl Aim {
    /// Proves whose the process is, and signals it.
    ///
    /// # Errors
    /// [`FaultError::NotInjected`] with the reason; nothing was done then.
    pub(super) fn strike(&self, signal: Signal, context: &Context) -> Result<Hit, FaultError> {
        let not_injected = |error: &dyn std::fmt::Display| FaultError::NotInjected(error.to_string());
        let process = self.identity.prove(self.address).map_err(|refusal| not_injected(&refusal))?;
        let action_us = context.clock.now();
        process.signal(signal).map_err(|error| not_injected(&error))?;
        Ok(Hit { action_us, process })
    }

    /// The alert that is owed for a module that went away: one of `kinds`.
    pub(super) fn owes(&self, kinds: &[&str], episode: u32, context: &Context) -> AlertExpected {
        AlertExpected {
            episode,
            module: self.module.clone(),
            kinds: kinds.iter().map(|kind| (*kind).to_owned()).collect(),
            min_severity: "warning".to_owned(),
            deadline_us: context.alert_deadline_us,
        }
    }
}

/// Waits for the proof that a killed process is gone.
///
/// # Errors
/// [`FaultError::NoEffect`] when it is not, or when nobody can tell.
pub(super) async fn gone(process: &Proven, clock: Clock) -> Result<Micros, FaultError> {
    let pid = process.pid();
    let why = match process.gone(clock, GONE_TIMEOUT).await {
        Ok(Some(gone)) => return Ok(gone),
        Ok(None) => format!("process {pid} outlived SIGKILL by {GONE_TIMEOUT:?}"),
        Err(error) => format!("process {pid} cannot be watched: {error}"),
    };
    Err(FaultError::NoEffect(why))
}

/// A fault that was asked for its effect before it was injected.
pub(super) fn nothing_sent() -> FaultError {
    FaultError::NoEffect("no signal was sent".to_owned())
}

//! A module's process, aimed at: what `kill`, `pause` and `crash-loop` have in common.

use std::net::SocketAddr;
use std::time::Duration;

use rustix::process::Signal;

use super::episode::{Context, Effect, FaultError};
use super::identity::{Identity, Proven};
use crate::clock::{Clock, duration_us};
use crate::journal::Micros;
use crate::journal::event::AlertExpected;

/// SIGKILL cannot be blocked; a process that outlives this is stuck in the kernel.
const GONE_TIMEOUT: Duration = Duration::from_secs(5);
/// SIGSTOP cannot be blocked; a process that runs on after this is stuck in the kernel.
const STOP_TIMEOUT: Duration = Duration::from_secs(5);
/// How often its state is looked at meanwhile.
const LOOK: Duration = Duration::from_millis(1);

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

/// How it is known that a process is gone.
pub(super) fn gone_by_pidfd(process: &Proven) -> String {
    format!("its pidfd shows that process {} is gone", process.pid())
}

/// Waits for the proof that a stopped process stands still.
///
/// # Errors
/// [`FaultError::NoEffect`] when it does not.
pub(super) async fn stands_still(process: &Proven, clock: Clock) -> Result<Effect, FaultError> {
    let pid = process.pid();
    let deadline = clock.now() + duration_us(STOP_TIMEOUT);
    loop {
        let confirmed_us = clock.now();
        let evidence = match process.stands_still() {
            Some(true) => format!("the kernel shows process {pid} as stopped"),
            // Killed that quickly, it stood still before.
            None => format!("process {pid} was gone before it could be seen as stopped"),
            Some(false) if confirmed_us >= deadline => {
                let why = format!("process {pid} ran on for {STOP_TIMEOUT:?} after SIGSTOP");
                return Err(FaultError::NoEffect(why));
            }
            Some(false) => {
                clock.sleep_until(confirmed_us + duration_us(LOOK)).await;
                continue;
            }
        };
        return Ok(Effect { confirmed_us, evidence });
    }
}

/// Lets a stopped process go on; when, unless the system has replaced it.
///
/// # Errors
/// [`FaultError::NotUndone`] when the kernel refuses.
pub(super) fn let_go_on(process: &Proven, clock: Clock) -> Result<Option<Micros>, FaultError> {
    // Gone, or running: nothing is left to undo.
    if process.stands_still() != Some(true) {
        return Ok(None);
    }
    process.signal(Signal::CONT).map_err(|error| FaultError::NotUndone(error.to_string()))?;
    Ok(Some(clock.now()))
}

/// A fault that was asked for its effect before it was injected.
pub(super) fn nothing_sent() -> FaultError {
    FaultError::NoEffect("no signal was sent".to_owned())
}

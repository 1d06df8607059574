//! Ctrl-C while a recovery test goes on.
//!
//! A process has one handler, and goose would install its own; ours is first, so goose's is refused, as goose takes it.

use std::io::Write as _;
use std::sync::{Mutex, OnceLock, PoisonError};

use crate::exit::Exit;
use crate::journal::event::FinishReason;
use crate::stop::Stop;

/// What Ctrl-C ends; nothing between runs.
static CURRENT: Mutex<Option<Stop>> = Mutex::new(None);
/// Whether the handler is ours.
static INSTALLED: OnceLock<bool> = OnceLock::new();

/// While it lives, Ctrl-C ends the run of a [`Stop`].
pub(super) struct Interruptible;

impl Interruptible {
    /// Takes Ctrl-C for `stop`; a program that has a handler of its own keeps it, and is told.
    pub(super) fn new(stop: Stop) -> Self {
        *current() = Some(stop);
        let ours = *INSTALLED.get_or_init(|| ctrlc::set_handler(interrupted).is_ok());
        if !ours {
            let _ = writeln!(
                std::io::stderr(),
                "goose-recovery: this program handles Ctrl-C itself; let it end the run by RecoveryAttack::stop_by"
            );
        }
        Self
    }
}

impl Drop for Interruptible {
    fn drop(&mut self) {
        *current() = None;
    }
}

fn current() -> std::sync::MutexGuard<'static, Option<Stop>> {
    CURRENT.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The first Ctrl-C ends the run in an orderly way, the second the process at once, and so does one without a run.
fn interrupted() {
    let stop = current().clone();
    match stop.filter(|stop| stop.reason().is_none_or(|(reason, _)| reason != FinishReason::Interrupted)) {
        Some(stop) => stop.request(FinishReason::Interrupted, Some("interrupted by a signal".to_owned())),
        None => leave(),
    }
}

#[expect(clippy::exit, reason = "a second Ctrl-C asks for exactly this")]
fn leave() -> ! {
    std::process::exit(Exit::Interrupted as i32)
}

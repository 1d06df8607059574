//! Ctrl-C, and what else asks a process to end.

use goose_recovery::journal::event::FinishReason;
use goose_recovery::stop::Stop;

use super::exit::Exit;

/// The first Ctrl-C ends the run in an orderly way, the second at once: the kernel then ends the backend and
/// its modules, by the death signal that each has set.
pub(crate) fn on_interrupt(stop: &Stop) -> Result<(), ctrlc::Error> {
    let stop = stop.clone();
    ctrlc::set_handler(move || {
        if stop.reason().is_some_and(|(reason, _)| reason == FinishReason::Interrupted) {
            leave();
        }
        stop.request(FinishReason::Interrupted, Some("interrupted by a signal".to_owned()));
    })
}

#[expect(clippy::exit, reason = "a second Ctrl-C asks for exactly this")]
fn leave() -> ! {
    std::process::exit(Exit::Interrupted as i32)
}

//! Undoing from where nothing can be awaited: a fault that is dropped in effect.

use std::time::Duration;

/// Whoever panics or is interrupted does not wait longer for an undo that hangs.
const PATIENCE: Duration = Duration::from_secs(40);

/// Runs `work` to its end on a thread and a runtime of its own, because a destructor may run within one that blocks.
pub(crate) fn run(work: impl Future<Output = ()> + Send + 'static) {
    let undoing = std::thread::Builder::new().name("undo".to_owned()).spawn(move || {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
        runtime.block_on(async {
            let _ = tokio::time::timeout(PATIENCE, work).await;
        });
        runtime.shutdown_background();
    });
    if let Ok(undoing) = undoing {
        let _ = undoing.join();
    }
}

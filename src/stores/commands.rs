//! The user's own commands that stop and start a store.

use std::time::Duration;

use crate::fault::backstop;
use crate::plan::StoreCommands;
use crate::shell;

/// A command that takes longer has failed.
const PATIENCE: Duration = Duration::from_secs(30);

/// `command` for the store called `name`, or for all of them where it has no placeholder.
pub(super) fn filled_in(command: &str, name: &str) -> String {
    command.replace(StoreCommands::PLACEHOLDER, name)
}

/// Runs `command` in a shell and waits for its end.
pub(super) async fn run(command: &str) -> Result<(), String> {
    shell::run(command, PATIENCE).await.map_err(|error| format!("`{command}` {error}"))
}

/// Runs `command` from where nothing can be awaited: the backstop of a fault that is dropped in effect.
pub(super) fn run_now(command: String) {
    backstop::run(async move {
        let _ = shell::run(&command, PATIENCE).await;
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_command_that_fails_says_why() {
        run("true").await.unwrap();
        let error = run("echo no such unit >&2; exit 5").await.unwrap_err();
        assert!(error.contains("exit status: 5") && error.ends_with("no such unit"), "{error}");
    }

    #[test]
    fn the_placeholder_is_the_stores_name() {
        assert_eq!(filled_in("stop {store} && log {store}", "cache"), "stop cache && log cache");
    }
}

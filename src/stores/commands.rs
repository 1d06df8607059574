//! The user's own commands that stop and start a store.

use std::process::Stdio;
use std::time::Duration;

use crate::plan::StoreCommands;

/// A command that takes longer has failed.
const PATIENCE: Duration = Duration::from_secs(30);
/// So much of what a failed command said is repeated.
const COMPLAINT: usize = 300;

/// `command` for the store called `name`, or for all of them where it has no placeholder.
pub(super) fn filled_in(command: &str, name: &str) -> String {
    command.replace(StoreCommands::PLACEHOLDER, name)
}

/// Runs `command` in a shell and waits for its end.
pub(super) async fn run(command: &str) -> Result<(), String> {
    let mut shell = tokio::process::Command::new("/bin/sh");
    // Its own group: a Ctrl-C in our terminal must not cut short the command that starts a store again.
    shell.args(["-c", command]).process_group(0).stdin(Stdio::null());
    shell.stdout(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true);
    let child = shell.spawn().map_err(|error| format!("cannot run `{command}`: {error}"))?;
    match tokio::time::timeout(PATIENCE, child.wait_with_output()).await {
        Err(_) => Err(format!("`{command}` did not end within {PATIENCE:?}")),
        Ok(Err(error)) => Err(format!("`{command}` cannot be waited for: {error}")),
        Ok(Ok(output)) if output.status.success() => Ok(()),
        Ok(Ok(output)) => {
            let said = String::from_utf8_lossy(&output.stderr);
            let said: String = said.trim().chars().take(COMPLAINT).collect();
            Err(format!("`{command}` failed ({}): {said}", output.status))
        }
    }
}

/// Runs `command` without a runtime: the backstop of a fault that is dropped in effect.
pub(super) fn run_now(command: &str) {
    let mut shell = std::process::Command::new("/bin/sh");
    shell.args(["-c", command]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let _ = shell.status();
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

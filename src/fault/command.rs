//! `command`: shell commands of the user inject, verify and undo, such as those of docker, systemctl or kubectl.
//!
//! Each runs by `/bin/sh -c` with our environment, so `${NAME}` in it is the shell's to fill in, and in a process group of
//! its own that is killed when it takes too long. It has succeeded when it ends with 0. Proof and undo: see
//! [`scripted`](super::scripted). A command that failed may have done half of what it should, so it is undone.

use std::time::Duration;

use super::scripted::{Deed, Done, Failed};
use crate::shell::{self, ShellError};

/// A shell command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command(pub String);

impl Deed for Command {
    const KIND: &'static str = "command";
    // What a second try of a stranger's command does, nobody knows.
    const UNDO_TRIES: u32 = 1;

    async fn perform(&self, limit: Duration) -> Result<Done, Failed> {
        match shell::run(&self.0, limit).await {
            Ok(()) => Ok(Done { status: None, shows: "command succeeded".to_owned() }),
            Err(error) => {
                let untouched = matches!(error, ShellError::Start(_));
                Err(Failed { why: format!("command {error}"), untouched })
            }
        }
    }
}

#[cfg(test)]
mod tests;

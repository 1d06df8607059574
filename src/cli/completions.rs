//! `goose-recovery completions SHELL`

use std::io::Write;

use clap::{Args, CommandFactory};

use super::Cli;
use super::exit::Exit;

#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// The shell
    shell: clap_complete::Shell,
}

impl CompletionsArgs {
    pub(crate) fn execute(&self) -> anyhow::Result<Exit> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "goose-recovery", &mut script);
        std::io::stdout().write_all(&script)?;
        Ok(Exit::Pass)
    }
}

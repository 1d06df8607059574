//! `goose-recovery backend`: the only place where the harness touches the bundled backend's code.

use std::ffi::OsString;

use clap::Args;
use fault_recovery_manager::{BackendArgs, BackendError, ErrorKind, ModuleArgs, ModuleCommand as Launch};

use super::exit::Exit;

/// The hidden subcommand by which the backend starts a module.
const MODULE_SUBCOMMAND: &str = "backend-module";

#[derive(Debug, Args)]
pub(crate) struct BackendCommand {
    #[command(flatten)]
    args: BackendArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ModuleCommand {
    #[command(flatten)]
    args: ModuleArgs,
}

impl BackendCommand {
    pub(crate) fn execute(&self) -> anyhow::Result<Exit> {
        let module =
            Launch { program: std::env::current_exe()?, args: vec![OsString::from(MODULE_SUBCOMMAND)] };
        fault_recovery_manager::run(&self.args, &module)?;
        Ok(Exit::Pass)
    }
}

impl ModuleCommand {
    pub(crate) fn execute(&self) -> anyhow::Result<Exit> {
        fault_recovery_manager::run_module(&self.args)?;
        Ok(Exit::Pass)
    }
}

/// What an error of the backend comes to; `None` when it is none.
pub(crate) fn exit_of(error: &(dyn std::error::Error + 'static)) -> Option<Exit> {
    Some(match error.downcast_ref::<BackendError>()?.kind() {
        ErrorKind::Usage | ErrorKind::CannotBind => Exit::Usage,
        ErrorKind::CannotWrite => Exit::CannotWrite,
        ErrorKind::Internal => Exit::Internal,
    })
}

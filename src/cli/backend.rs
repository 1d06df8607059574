//! `goose-recovery backend`: the only place where the harness touches the bundled backend's code.

use std::ffi::OsString;

use clap::{Args, Command, FromArgMatches};
use fault_recovery_manager::{
    BackendArgs, BackendError, ErrorKind, ModuleArgs, ModuleCommand as Launch, PolicyArgs,
};

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

/// Whether the backend would take these flags of its policy.
///
/// # Errors
/// Why it would not, in one line.
pub(crate) fn check_policy(flags: &[String]) -> Result<(), String> {
    let command = PolicyArgs::augment_args(Command::new("backend").no_binary_name(true));
    let parsed =
        command.try_get_matches_from(flags).and_then(|matches| PolicyArgs::from_arg_matches(&matches));
    let policy = parsed.map_err(|error| {
        let said = error.to_string();
        said.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned()
    })?;
    policy.resolve().map(drop).map_err(|error| error.to_string())
}

/// What an error of the backend comes to; `None` when it is none.
pub(crate) fn exit_of(error: &(dyn std::error::Error + 'static)) -> Option<Exit> {
    Some(match error.downcast_ref::<BackendError>()?.kind() {
        ErrorKind::Usage | ErrorKind::CannotBind => Exit::Usage,
        ErrorKind::CannotWrite => Exit::CannotWrite,
        ErrorKind::Internal => Exit::Internal,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_that_the_backend_refuses_is_known_before_it_is_started() {
        let check =
            |flags: &[&str]| check_policy(&flags.iter().map(|flag| (*flag).to_owned()).collect::<Vec<_>>());
        assert_eq!(check(&["--max-retries", "1", "--alert-after", "2"]), Ok(()));
        let unit = check(&["--backoff-max", "soon"]).unwrap_err();
        assert!(unit.contains("--backoff-max") && !unit.contains('\n'), "{unit}");
        let range = check(&["--jitter", "1"]).unwrap_err();
        assert!(range.contains("jitter must be"), "{range}");
    }
}

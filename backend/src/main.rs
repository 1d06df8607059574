//! The backend as a program of its own: `fault-recovery-manager [serve]`.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use fault_recovery_manager::{BackendArgs, ErrorKind, ModuleArgs, ModuleCommand, run, run_module};

/// R-v0.2's Fault Recovery Manager: an API in front of modules that heal themselves.
#[derive(Debug, Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Subcommands>,
    #[command(flatten)]
    serve: BackendArgs,
}

#[derive(Debug, Subcommand)]
enum Subcommands {
    /// Serve the API (the default).
    Serve(Box<BackendArgs>),
    /// Run one module.
    #[command(hide = true)]
    Module(ModuleArgs),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let outcome = match &cli.command {
        Some(Subcommands::Module(args)) => run_module(args).map_err(|error| (70, error.to_string())),
        Some(Subcommands::Serve(args)) => serve(args),
        None => serve(&cli.serve),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err((code, message)) => {
            report(&message);
            ExitCode::from(code)
        }
    }
}

fn serve(args: &BackendArgs) -> Result<(), (u8, String)> {
    let program =
        std::env::current_exe().map_err(|error| (70, format!("cannot find this program: {error}")))?;
    let command = ModuleCommand { program, args: vec!["module".into()] };
    run(args, &command).map_err(|error| {
        let code = match error.kind() {
            ErrorKind::Usage => 2,
            ErrorKind::CannotBind => 4,
            ErrorKind::CannotWrite => 74,
            ErrorKind::Internal => 70,
        };
        (code, error.to_string())
    })
}

#[expect(clippy::print_stderr, reason = "the one place that tells a person why the program ends")]
fn report(message: &str) {
    eprintln!("error: {message}");
}

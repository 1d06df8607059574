//! Diagnostics on stderr: level `warn` unless `RUST_LOG` says otherwise, colours only for a terminal without `NO_COLOR`.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

/// Starts logging, unless the program that we are part of has its own.
pub(crate) fn start() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    let colours = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let started = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(colours && std::io::stderr().is_terminal())
        .try_init();
    if started.is_err() {
        tracing::debug!("logging was started before");
    }
}

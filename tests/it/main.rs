//! One integration binary: the real command, real processes, real signals, real traffic.

#![expect(clippy::unwrap_used, reason = "in a test, and in its helpers, the first thing that fails ends it")]

mod bad_input;
mod command;
mod kill;
mod killed_harness;
mod precision;
mod signals;
mod stub;
mod tidy;

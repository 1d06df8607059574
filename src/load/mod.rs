//! The goose users, and the canary beside them. The only place that knows goose's configuration.
//!
//! `traffic` writes and reads sessions as many users do, `injector` is the goose user that walks through
//! the scenarios, [`canary`] asks at a fixed rate from a thread of its own.

pub mod attack;
pub mod canary;
mod exchange;
pub mod files;
mod injector;
mod options;
mod traffic;

pub use attack::{AttackError, Shared, TrafficKind};
pub use options::{OptionsError, check as check_options};

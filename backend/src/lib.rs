//! R-v0.2's Fault Recovery Manager: serves an API and supervises modules that are real processes.
//!
//! The code, in the order in which a failure travels through it:
//! - `run`: puts everything together; `args`, `policy_args`, `error`, `data_dir` and `parent` serve it
//! - `self_healing_daemon`: notices that a module failed, and restarts it
//! - `module`: the modules `ingest → session → analysis`
//! - `store`: where the session module keeps entries
//! - `state_resync`: brings the stores back together after an outage
//! - `alert_dispatcher`: tells the outside, at least once
//! - `api`: what the outside may ask; `guard`, `token` and `problem` are shared with the modules
//! - `clock`: the only reader of clocks
//!
//! A program that embeds the backend needs [`BackendArgs`] and [`run`] for one subcommand, and [`ModuleArgs`]
//! and [`run_module`] for a second, hidden one that [`ModuleCommand`] names.

mod alert_dispatcher;
mod api;
mod args;
mod clock;
mod data_dir;
mod error;
mod guard;
mod logging;
mod loopback;
mod module;
mod parent;
mod policy_args;
mod problem;
mod run;
mod self_healing_daemon;
mod state_resync;
mod store;
mod token;

pub use alert_dispatcher::{Webhook, WebhookError};
pub use args::BackendArgs;
pub use error::{BackendError, ErrorKind};
pub use guard::{HostName, HostNameError};
pub use module::{DEPENDENCY_LOST, ModuleArgs, ModuleError, Role, run_module};
pub use parent::ParentError;
pub use policy_args::PolicyArgs;
pub use run::run;
pub use self_healing_daemon::{ModuleCommand, Policy, PolicyError, Strategy};
pub use store::{StoreArgs, StoreArgsError, StoreUrl};
pub use token::TokenError;

//! SelfHealingDaemon: starts the modules, notices that one ended or hangs, and restarts it under the policy.
//!
//! [`machine`], [`life`] and [`change`] decide, without clock or I/O; [`daemon`] is the thread that carries its decisions out and tells it what
//! happened; [`launcher`] starts processes. An exit is noticed by waiting on the child, never by polling, and a signal
//! goes through a pidfd, so that it cannot hit a stranger with a recycled process id.

mod change;
#[cfg(test)]
mod change_tests;
mod daemon;
mod event;
mod launcher;
mod life;
mod machine;
#[cfg(test)]
mod machine_properties;
#[cfg(test)]
mod machine_tests;
#[cfg(test)]
mod machine_world;
mod policy;
mod policy_json;
mod record;

pub(crate) use change::PolicyInForce;
pub(crate) use daemon::{CommandError, SelfHealingDaemon};
pub(crate) use event::{Event, EventKind, EventPage, Exit};
pub(crate) use launcher::Launcher;
pub use launcher::ModuleCommand;
pub(crate) use machine::ModuleSpec;
pub(crate) use policy::exponential;
pub use policy::{Policy, PolicyError, Strategy};
pub(crate) use policy_json::PolicyShapeError;
pub(crate) use record::Record;

//! Faults: one file per kind. Every fault proves its effect and can be undone.
//!
//! [`director`] is the thread that injects, watches and undoes; it runs apart from the load, so that the load
//! cannot starve it. [`identity`] decides who may be signalled.

mod aim;
pub(crate) mod backstop;
pub mod command;
mod crash_loop;
pub mod director;
mod episode;
pub mod http;
pub mod identity;
mod kill;
mod live;
mod pause;
mod planned;
#[cfg(feature = "stores")]
pub mod postgres;
pub mod process;
pub mod proxy;
#[cfg(feature = "stores")]
pub mod redis;
mod restart;
mod schedule;
pub mod scripted;
pub mod signal;
pub mod source;
mod step;
#[cfg(feature = "stores")]
pub mod store;
mod symptoms;
#[cfg(test)]
mod testing;
pub mod toxiproxy;

pub use director::Director;
pub use episode::{Act, Context, Effect, Fault, FaultError, Injection, StoreFaults};
pub use live::Observation;
pub use planned::{Action, Planned};
pub use source::{Check, FaultSource, OwedAlert};
pub use step::{DirectorHandle, Step, StepResult};
pub use symptoms::Symptoms;

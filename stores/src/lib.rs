//! Private PostgreSQL and Redis servers for a run or a test, and outages of them.
//!
//! [`LocalStores::start`] finds the programs, initialises both servers in one temporary folder that nobody else can
//! enter, and starts them on loopback ports of their own. Each [`Server`] can then be killed, paused, stopped and
//! started again. Nothing of it outlives its owner, however the owner ends. Linux only.
//!
//! What does what, in the order in which it happens:
//! - `programs` finds what to run, `account` as whom;
//! - `home` owns the private folder, and `janitor` the process that cleans up after us when we cannot;
//! - `spawner` is the one thread that starts processes, because their parent-death signal is tied to a thread;
//! - `postgres` and `redis` know how each is initialised, started and asked whether it accepts;
//! - `server` is a server that runs, and `tree` the signals to it and to all that descends from it.

mod account;
mod clock;
mod error;
mod home;
mod janitor;
mod local;
mod port;
mod postgres;
mod programs;
mod redis;
mod server;
mod spawner;
mod tree;

pub use error::{LocalStoresError, ServerError};
pub use local::{LocalStores, for_tests};
pub use server::Server;

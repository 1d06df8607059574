//! The system under test as the harness sees it: by HTTP, and where a plan says so by a connection or a command.
//!
//! [`api`] speaks R-v0.2's API, [`health`] reads what a target says of itself, [`check`] looks at one that says it in other ways, [`bundled`] starts the bundled backend as a process of its own,
//! [`process`] waits for processes.

pub mod api;
pub mod bundled;
pub mod check;
pub mod health;
pub mod process;

pub use api::{Api, ApiError};
pub use bundled::{Bundled, BundledError};
pub use check::{HealthCheck, HttpCheck, Looked};
pub use health::{HealthPage, ModuleHealth};

//! The system under test as the harness sees it: by HTTP only.
//!
//! [`api`] speaks R-v0.2's API, [`health`] reads what a target says of itself, [`bundled`] starts the bundled backend as a process of its own,
//! [`process`] waits for processes.

pub mod api;
pub mod bundled;
pub mod health;
pub mod process;

pub use api::{Api, ApiError};
pub use bundled::{Bundled, BundledError};
pub use health::{HealthPage, ModuleHealth};

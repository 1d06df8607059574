//! The target's stores: who started them, how they are asked whether they answer, and how they are taken away.
//!
//! [`Stores`] is what a run opens; [`address`] asks a store, [`control`] takes it away and gives it back, [`lock`] is the
//! helper process that locks an embedded store. All of it needs the feature `stores`, which brings the database drivers.

#[cfg(feature = "stores")]
pub mod address;
#[cfg(feature = "stores")]
mod commands;
#[cfg(feature = "stores")]
pub mod control;
#[cfg(feature = "stores")]
pub mod lock;
mod opened;

pub use opened::{Stores, StoresError};

/// Names of the bundled backend's embedded stores within its data folder, as its `--help` gives them.
#[cfg(feature = "stores")]
const EMBEDDED_FILES: [(StoreName, &str); 2] =
    [(StoreName::Database, "sessions.db"), (StoreName::Cache, "cache.db")];

/// Which store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StoreName {
    /// What is durable.
    Database,
    /// What is only quick.
    Cache,
}

impl StoreName {
    /// The name in journals, reports and commands.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Database => "database",
            Self::Cache => "cache",
        }
    }
}

//! What a run opens of its target's stores.

use std::path::Path;
#[cfg(feature = "stores")]
use std::sync::Arc;

use crate::fault::StoreFaults;
use crate::plan::StoresPlan;
use crate::target::bundled::Launcher;

/// By these variables the bundled backend is told where its stores are: they may hold passwords, which arguments would
/// show to everybody on the machine.
const DATABASE_VARIABLE: &str = "FAULT_RECOVERY_DATABASE_URL";
const CACHE_VARIABLE: &str = "FAULT_RECOVERY_CACHE_URL";

/// Why there are no stores.
#[derive(Debug, thiserror::Error)]
pub enum StoresError {
    /// A build without drivers.
    #[error("this build cannot reach stores: build with the feature `stores`")]
    NotBuilt,
    /// The private servers do not start.
    #[cfg(feature = "stores")]
    #[error("cannot start stores for this run: {0}")]
    Local(#[from] local_stores::LocalStoresError),
    /// A URL that the drivers refuse.
    #[cfg(feature = "stores")]
    #[error("the {store}'s URL cannot be used: {reason}")]
    Address {
        /// `database` or `cache`.
        store: &'static str,
        /// What is wrong with it.
        reason: String,
    },
}

impl StoresError {
    /// Whether the user has to do something about it: install a program, give another URL.
    #[must_use]
    pub fn is_usage(&self) -> bool {
        match self {
            Self::NotBuilt => true,
            #[cfg(feature = "stores")]
            Self::Local(error) => error.is_missing(),
            #[cfg(feature = "stores")]
            Self::Address { .. } => true,
        }
    }
}

/// The stores of a run, as long as it lasts. Servers that it started end with it.
#[derive(Debug)]
pub struct Stores {
    plan: StoresPlan,
    #[cfg(feature = "stores")]
    local: Option<Arc<local_stores::LocalStores>>,
}

impl Stores {
    /// Starts what is to be started. Takes about two seconds for servers.
    ///
    /// # Errors
    /// [`StoresError`] says what is missing.
    pub fn open(plan: &StoresPlan) -> Result<Self, StoresError> {
        #[cfg(not(feature = "stores"))]
        return match plan {
            StoresPlan::Local | StoresPlan::Existing(_) => Err(StoresError::NotBuilt),
            StoresPlan::Embedded | StoresPlan::Unknown => Ok(Self { plan: plan.clone() }),
        };
        #[cfg(feature = "stores")]
        {
            let local = match plan {
                StoresPlan::Local => Some(Arc::new(local_stores::LocalStores::start()?)),
                StoresPlan::Embedded | StoresPlan::Existing(_) | StoresPlan::Unknown => None,
            };
            Ok(Self { plan: plan.clone(), local })
        }
    }

    /// Which stores run, in words; `None` when unknown.
    #[must_use]
    pub fn description(&self) -> Option<String> {
        match &self.plan {
            StoresPlan::Embedded => Some("embedded: SQLite database, SQLite cache".to_owned()),
            StoresPlan::Local => Some(self.servers()),
            StoresPlan::Existing(existing) => {
                let named = |name: &str, url: &Option<String>| {
                    url.as_deref()
                        .map(|url| format!("{name} {}", crate::journal::redact::redact_base_url(url)))
                };
                let named = [named("database", &existing.database_url), named("cache", &existing.cache_url)];
                Some(format!("existing: {}", named.into_iter().flatten().collect::<Vec<_>>().join(", ")))
            }
            StoresPlan::Unknown => None,
        }
    }

    /// Variables by which the bundled backend is told its stores, and those that it must not inherit.
    #[must_use]
    pub fn environment(&self) -> [(&'static str, Option<String>); 2] {
        let (database, cache) = self.urls();
        [(DATABASE_VARIABLE, database), (CACHE_VARIABLE, cache)]
    }
}

#[cfg(not(feature = "stores"))]
impl Stores {
    fn servers(&self) -> String {
        String::new()
    }

    fn urls(&self) -> (Option<String>, Option<String>) {
        (None, None)
    }

    /// Nothing: this build cannot reach stores.
    ///
    /// # Errors
    /// [`StoresError::NotBuilt`], always.
    pub fn faults(
        &self,
        _data_dir: Option<&Path>,
        _lock_tool: Option<&Launcher>,
    ) -> Result<Box<dyn StoreFaults>, StoresError> {
        Err(StoresError::NotBuilt)
    }

    /// Ends what was started.
    ///
    /// # Errors
    /// Never.
    pub fn close(self) -> Result<(), StoresError> {
        Ok(())
    }
}

#[cfg(feature = "stores")]
mod with_drivers {
    use super::*;
    use crate::fault::store::StoreSet;
    use crate::stores::address::Address;
    use crate::stores::control::{Control, Store};
    use crate::stores::{EMBEDDED_FILES, StoreName};

    impl Stores {
        pub(super) fn servers(&self) -> String {
            let Some(local) = &self.local else { return String::new() };
            let named = |server: &local_stores::Server| format!("{} {}", server.product(), server.version());
            format!("local: {}, {}", named(local.database()), named(local.cache()))
        }

        pub(super) fn urls(&self) -> (Option<String>, Option<String>) {
            match (&self.plan, &self.local) {
                (StoresPlan::Existing(existing), _) => {
                    (existing.database_url.clone(), existing.cache_url.clone())
                }
                (_, Some(local)) => {
                    (Some(local.database().url().to_owned()), Some(local.cache().url().to_owned()))
                }
                _ => (None, None),
            }
        }

        /// The stores that may be taken away. `data_dir` is the bundled backend's folder; `lock_tool` starts the helper that
        /// locks an embedded store.
        ///
        /// # Errors
        /// [`StoresError::Address`] for a URL that the drivers refuse.
        pub fn faults(
            &self,
            data_dir: Option<&Path>,
            lock_tool: Option<&Launcher>,
        ) -> Result<Box<dyn StoreFaults>, StoresError> {
            let (mut stores, mut together) = (Vec::new(), false);
            if let (StoresPlan::Embedded, Some(folder), Some(tool)) = (&self.plan, data_dir, lock_tool) {
                for (name, file) in EMBEDDED_FILES {
                    let file = folder.join(file);
                    let control = Control::File {
                        tool: tool.clone(),
                        file: file.clone(),
                        // As a Redis without persistence would come back.
                        wipe: name == StoreName::Cache,
                    };
                    stores.push(Store { name, address: Address::Sqlite(file), control });
                }
            }
            let (database, cache) = self.urls();
            for (name, url) in [(StoreName::Database, database), (StoreName::Cache, cache)] {
                let Some(url) = url else { continue };
                let control = match (&self.plan, &self.local) {
                    (StoresPlan::Existing(existing), _) => {
                        let Some(commands) = existing.commands.clone() else { continue };
                        together |= !commands.tell_apart();
                        Control::Commands(commands)
                    }
                    (_, Some(local)) => Control::Server(Arc::clone(local)),
                    _ => continue,
                };
                let refused = |reason| StoresError::Address { store: name.as_str(), reason };
                stores.push(Store { name, address: Address::parse(&url).map_err(refused)?, control });
            }
            Ok(Box::new(StoreSet::new(stores, together)))
        }

        /// Ends what was started.
        ///
        /// # Errors
        /// [`StoresError::Local`] when a server does not end.
        pub fn close(self) -> Result<(), StoresError> {
            match self.local.map(Arc::try_unwrap) {
                Some(Ok(local)) => Ok(local.stop()?),
                // Somebody still holds it: its end is that one's.
                Some(Err(_)) | None => Ok(()),
            }
        }
    }
}

//! Taking a store away and giving it back.

use std::path::PathBuf;
use std::sync::Arc;

use local_stores::{LocalStores, Server, ServerError};

use super::StoreName;
use super::address::Address;
use super::commands;
use super::lock::Lock;
use crate::plan::{FaultKind, StoreCommands};
use crate::target::bundled::Launcher;

/// One store that may be taken away.
#[derive(Debug, Clone)]
pub struct Store {
    /// Which.
    pub name: StoreName,
    /// How it is asked.
    pub address: Address,
    /// How it is stopped.
    pub control: Control,
}

/// How a store is stopped.
#[derive(Debug, Clone)]
pub enum Control {
    /// A server that the run has started.
    Server(Arc<LocalStores>),
    /// A file that a helper process locks.
    File {
        /// Starts the helper.
        tool: Launcher,
        /// What is locked.
        file: PathBuf,
        /// Whether its contents are gone when it is back.
        wipe: bool,
    },
    /// The user's commands.
    Commands(StoreCommands),
}

/// A store that is about to be, or is, taken away. Dropped in effect, it is given back as far as a destructor can.
#[derive(Debug)]
#[must_use = "a store that is not given back stays away"]
pub struct Taking {
    store: Store,
    kind: FaultKind,
    lock: Option<Lock>,
    in_effect: bool,
}

impl Store {
    /// The server's own process, where it is known.
    #[must_use]
    pub fn pid(&self) -> Option<u32> {
        match &self.control {
            Control::Server(local) => server(local, self.name).pid(),
            Control::File { .. } | Control::Commands(_) => None,
        }
    }

    /// Prepares to take it away by a fault of `kind`: everything that takes time before the action.
    ///
    /// # Errors
    /// Why it cannot be taken away; nothing was done then.
    pub async fn prepare(&self, kind: FaultKind) -> Result<Taking, String> {
        let lock = match &self.control {
            Control::File { tool, file, wipe } => Some(Lock::prepare(tool, file, *wipe).await?),
            Control::Server(_) | Control::Commands(_) => None,
        };
        Ok(Taking { store: self.clone(), kind, lock, in_effect: false })
    }
}

impl Taking {
    /// Takes the store away.
    ///
    /// # Errors
    /// Why it could not be; whether something of it was done is not known, so give it back.
    pub async fn act(&mut self) -> Result<(), String> {
        self.in_effect = true;
        match &self.store.control {
            Control::File { .. } => match &mut self.lock {
                Some(lock) => lock.take().await,
                None => Err("the helper that locks it is gone".to_owned()),
            },
            Control::Server(local) => {
                let act = match self.kind {
                    FaultKind::StorePause => Server::pause,
                    FaultKind::StoreStop => Server::stop,
                    _ => Server::kill,
                };
                on_server(local, self.store.name, act).await
            }
            Control::Commands(given) => {
                commands::run(&commands::filled_in(&given.stop, self.store.name.as_str())).await
            }
        }
    }

    /// Gives the store back. Its server may not accept at once.
    ///
    /// # Errors
    /// Why it could not be.
    pub async fn give_back(&mut self) -> Result<(), String> {
        if !std::mem::take(&mut self.in_effect) {
            return Ok(());
        }
        match &self.store.control {
            Control::File { .. } => match self.lock.take() {
                Some(lock) => lock.release().await,
                None => Ok(()),
            },
            Control::Server(local) => {
                let undo = match self.kind {
                    FaultKind::StorePause => Server::resume,
                    _ => Server::start,
                };
                on_server(local, self.store.name, undo).await
            }
            Control::Commands(given) => {
                commands::run(&commands::filled_in(&given.start, self.store.name.as_str())).await
            }
        }
    }
}

impl Drop for Taking {
    fn drop(&mut self) {
        // A lock ends with its helper, and a server of ours with the run; nobody else starts somebody else's server.
        if let (true, Control::Commands(given)) = (self.in_effect, &self.store.control) {
            commands::run_now(commands::filled_in(&given.start, self.store.name.as_str()));
        }
    }
}

fn server(local: &LocalStores, name: StoreName) -> &Server {
    match name {
        StoreName::Database => local.database(),
        StoreName::Cache => local.cache(),
    }
}

/// On a thread that may block.
async fn on_server(
    local: &Arc<LocalStores>,
    name: StoreName,
    act: fn(&Server) -> Result<(), ServerError>,
) -> Result<(), String> {
    let local = Arc::clone(local);
    let done = tokio::task::spawn_blocking(move || act(server(&local, name))).await;
    done.map_err(|error| error.to_string())?.map_err(|error| error.to_string())
}

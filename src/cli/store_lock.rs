//! `goose-recovery store-lock`: the helper process of an outage of an embedded store.

use std::path::PathBuf;

use clap::Args;
use goose_recovery::stores::lock;

use super::exit::Exit;

#[derive(Debug, Args)]
pub(crate) struct StoreLockArgs {
    /// The store's file
    file: PathBuf,
    /// Delete its contents before letting go, as a cache without persistence comes back
    #[arg(long)]
    wipe: bool,
}

impl StoreLockArgs {
    pub(crate) fn execute(&self) -> anyhow::Result<Exit> {
        lock::hold(&self.file, self.wipe).map_err(anyhow::Error::from_boxed)?;
        Ok(Exit::Pass)
    }
}

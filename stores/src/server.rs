//! One server: it runs, or it can be started again.

use std::ffi::OsString;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rustix::process::Signal;

use crate::clock::Deadline;
use crate::error::ServerError;
use crate::spawner::Spawner;
use crate::tree::Tree;

/// SIGSTOP takes effect at once, unless a process waits for the disk.
const PAUSE_LIMIT: Duration = Duration::from_secs(5);
/// A process that cannot be stopped before it is killed is not waited for any longer.
const HOLD_LIMIT: Duration = Duration::from_millis(500);
/// SIGKILL cannot be refused; a process that outlives this is stuck in the kernel.
const KILL_LIMIT: Duration = Duration::from_secs(10);
/// PostgreSQL writes a checkpoint on its way out.
const STOP_LIMIT: Duration = Duration::from_secs(20);

/// A PostgreSQL or Redis server of our own. It dies with this value.
///
/// Every call is safe from any thread; calls on one server happen one after another.
pub struct Server {
    recipe: Recipe,
    spawner: Spawner,
    running: Mutex<Option<Tree>>,
}

/// How a server is run, the same way every time.
pub(crate) struct Recipe {
    pub(crate) product: &'static str,
    pub(crate) version: String,
    pub(crate) url: String,
    pub(crate) program: PathBuf,
    pub(crate) arguments: Vec<OsString>,
    pub(crate) folder: PathBuf,
    pub(crate) log: PathBuf,
    /// What a killed server leaves behind that could keep the next one from starting.
    pub(crate) lock_file: Option<PathBuf>,
    /// Tells the server to stop in good order.
    pub(crate) stop_signal: (Signal, &'static str),
}

impl Server {
    pub(crate) fn new(recipe: Recipe, spawner: Spawner) -> Self {
        Self { recipe, spawner, running: Mutex::new(None) }
    }

    /// `PostgreSQL` or `Redis`.
    #[must_use]
    pub fn product(&self) -> &'static str {
        self.recipe.product
    }

    /// The server's version, such as `15.18`.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.recipe.version
    }

    /// Where it is reached, with its password. It stays the same when the server is started again.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.recipe.url
    }

    /// The server's own process; `None` while it is not running. A paused server is running.
    #[must_use]
    pub fn pid(&self) -> Option<u32> {
        alive(&mut self.lock()).map(|tree| tree.pid())
    }

    /// Ends the server and all its descendants by SIGKILL, and returns when all are gone. Harmless when it is not
    /// running.
    ///
    /// # Errors
    /// When a process of it does not end, or the kernel refuses.
    pub fn kill(&self) -> Result<(), ServerError> {
        self.end(&mut self.lock())
    }

    /// Stops the server and all its descendants by SIGSTOP: connections stay open, and nobody answers.
    ///
    /// # Errors
    /// When it is not running, or does not stand still; then it is left running.
    pub fn pause(&self) -> Result<(), ServerError> {
        let mut running = self.lock();
        let not_running = ServerError::NotRunning { product: self.product() };
        let tree = alive(&mut running).ok_or(not_running)?;
        let frozen = tree.freeze(Deadline::after(PAUSE_LIMIT));
        if matches!(frozen, Ok(true)) {
            return Ok(());
        }
        self.io("resume", tree.thaw())?;
        self.io("pause", frozen)?;
        Err(ServerError::NotPaused { product: self.product(), limit: PAUSE_LIMIT })
    }

    /// Lets the server and all its descendants run again (SIGCONT). Harmless when it is not paused or not running.
    ///
    /// # Errors
    /// When the kernel refuses.
    pub fn resume(&self) -> Result<(), ServerError> {
        match self.lock().as_mut() {
            Some(tree) => self.io("resume", tree.thaw()),
            None => Ok(()),
        }
    }

    /// Stops the server in good order, and returns when it is gone. A paused one is resumed for it. Harmless when
    /// it is not running.
    ///
    /// # Errors
    /// When it does not end in time, or the kernel refuses.
    pub fn stop(&self) -> Result<(), ServerError> {
        let mut running = self.lock();
        let Some(tree) = running.as_mut() else { return Ok(()) };
        if !tree.is_alive() {
            return self.end(&mut running);
        }
        let (signal, name) = self.recipe.stop_signal;
        self.io("resume", tree.thaw())?;
        self.io("look for the descendants of", tree.look())?;
        self.io("stop", tree.signal_root(signal))?;
        if !self.io("wait for", tree.wait_gone(Deadline::after(STOP_LIMIT)))? {
            return Err(self.still_there(name, STOP_LIMIT));
        }
        *running = None;
        Ok(())
    }

    /// Starts the server again, with the same URL, and does not wait until it accepts. Harmless when it is running.
    ///
    /// # Errors
    /// When it cannot be spawned. A server that ends at once shows in [`Server::pid`] only.
    pub fn start(&self) -> Result<(), ServerError> {
        let mut running = self.lock();
        if alive(&mut running).is_some() {
            return Ok(());
        }
        // Had it died by itself while it was paused, its descendants would still stand there.
        self.end(&mut running)?;
        self.io("remove the lock file of", self.unlock())?;
        let recipe = &self.recipe;
        let child = self.spawner.spawn(&recipe.program, &recipe.arguments, &recipe.folder, &recipe.log);
        *running = Some(self.io("start", child.and_then(Tree::of))?);
        Ok(())
    }

    fn end(&self, running: &mut Option<Tree>) -> Result<(), ServerError> {
        let Some(tree) = running.as_mut() else { return Ok(()) };
        // Whatever cannot be stopped or looked at: what was found is killed all the same.
        let frozen = tree.freeze(Deadline::after(HOLD_LIMIT));
        self.io("kill", tree.signal_all(Signal::KILL))?;
        if !self.io("wait for", tree.wait_gone(Deadline::after(KILL_LIMIT)))? {
            return Err(self.still_there("SIGKILL", KILL_LIMIT));
        }
        *running = None;
        self.io("look for the descendants of", frozen).map(|_| ())
    }

    /// Removes the lock file of a server that is proven to be gone: it names a pid, which by now may be somebody
    /// else's, and the next server would then believe that the last one still runs.
    fn unlock(&self) -> io::Result<()> {
        match self.recipe.lock_file.as_ref().map(std::fs::remove_file) {
            Some(Err(error)) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Tree>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn io<T>(&self, action: &'static str, result: io::Result<T>) -> Result<T, ServerError> {
        result.map_err(|source| ServerError::Io { action, product: self.product(), source })
    }

    fn still_there(&self, signal: &'static str, limit: Duration) -> ServerError {
        ServerError::StillThere { product: self.product(), signal, limit }
    }
}

fn alive(running: &mut Option<Tree>) -> Option<&mut Tree> {
    running.as_mut().and_then(|tree| tree.is_alive().then_some(tree))
}

impl Drop for Server {
    fn drop(&mut self) {
        // The backstop; the janitor ends what this could not.
        let _ = self.kill();
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Server")
            .field("product", &self.recipe.product)
            .field("version", &self.recipe.version)
            .field("running", &*self.lock())
            .finish_non_exhaustive()
    }
}

//! What a fault is: something that is injected, proves its effect, and can be undone.

use std::pin::Pin;
use std::time::Duration;

use super::symptoms::Symptoms;
use crate::clock::Clock;
use crate::journal::Micros;
use crate::journal::event::AlertExpected;
use crate::plan::FaultKind;
use crate::target::Api;

/// What a fault needs to act.
#[derive(Debug, Clone)]
pub struct Context {
    /// The run's clock.
    pub clock: Clock,
    /// The target's API.
    pub api: Api,
    /// An expected alert that has not come after this is missed.
    pub alert_deadline_us: u64,
    /// What canaries and polls show.
    pub symptoms: Symptoms,
    /// A fault of which nothing shows after this had no effect; longer than the deadline of a canary, so that a target which
    /// hangs is seen.
    pub effect_within_us: u64,
}

/// The stamp of an action, before its effect is known.
#[derive(Debug, Clone)]
pub struct Injection {
    /// When it was done.
    pub action_us: Micros,
    /// The process it hits.
    pub pid: Option<u32>,
    /// HTTP status, where the action was a call.
    pub status: Option<u16>,
}

/// The proof of an effect.
#[derive(Debug, Clone)]
pub struct Effect {
    /// When it was proven.
    pub confirmed_us: Micros,
    /// What proves it.
    pub evidence: String,
}

/// Why a fault is void.
#[derive(Debug, thiserror::Error)]
pub enum FaultError {
    /// Nothing was done, and trying again may help.
    #[error("nothing was injected: {0}")]
    NotInjected(String),
    /// It was done, but nothing shows an effect.
    #[error("no effect was seen: {0}")]
    NoEffect(String),
    /// Its effect goes on although everything was tried.
    #[error("it could not be undone: {0}")]
    NotUndone(String),
}

/// A future that a fault gives.
pub type Act<'a, T> = Pin<Box<dyn Future<Output = Result<T, FaultError>> + Send + 'a>>;

/// One fault on one target. The director calls the methods in this order, and `revert` on every way out.
#[must_use = "a fault that is not reverted may leave the target broken"]
pub trait Fault: Send + Sync {
    /// The kind, such as `kill`.
    fn kind(&self) -> &'static str;

    /// What it hits, such as a module's name.
    fn target(&self) -> &str;

    /// Acts, and stamps the action.
    fn inject<'a>(&'a mut self, context: &'a Context) -> Act<'a, Injection>;

    /// Waits for the proof that the effect began.
    fn confirm<'a>(&'a mut self, context: &'a Context) -> Act<'a, Effect>;

    /// The alerts that the system owes for it from the action on.
    fn expected_alerts(&self, episode: u32, context: &Context) -> Vec<AlertExpected>;

    /// The alerts that the system owes once the fault is undone, from the moment on when the undoing begins.
    fn expected_after(&self, _episode: u32, _context: &Context) -> Vec<AlertExpected> {
        Vec::new()
    }

    /// The alerts that the system owes for what the fault went on to do until its effect was proven, each with the moment
    /// from which on it is owed.
    fn expected_meanwhile(&self, _episode: u32, _context: &Context) -> Vec<(Micros, AlertExpected)> {
        Vec::new()
    }

    /// When it was over by itself, if its effect ended with its proof.
    fn over_at(&self) -> Option<Micros> {
        None
    }

    /// How long after the action it is undone while its episode goes on; `None` for what ends by itself.
    fn lasts(&self) -> Option<Duration> {
        None
    }

    /// Undoes what is still in effect, and says when the effect ended, if there was one. Never waits on the load;
    /// calling it twice is harmless.
    fn revert<'a>(&'a mut self, context: &'a Context) -> Act<'a, Option<Micros>>;
}

/// Makes faults of the target's stores.
pub trait StoreFaults: Send + Sync {
    /// What can be hit: `database`, `cache`, `database+cache`.
    fn targets(&self) -> Vec<String>;

    /// A fault of `kind` on `target` that lasts for `outage`; `None` for a target that is not among
    /// [`targets`](Self::targets).
    fn fault(&self, kind: FaultKind, target: &str, outage: Duration) -> Option<Box<dyn Fault>>;
}

//! Where the faults of a `faults` scenario come from: a plan's `[[fault]]`, or a fault that a test brings along.

use std::fmt;
use std::pin::Pin;
use std::time::Duration;

use super::episode::{Act, Context, Effect, Fault, Injection};
use crate::clock::duration_us;
use crate::journal::Micros;
use crate::journal::event::AlertExpected;
use crate::target::Api;

/// Why a fault could not act, if so.
pub type Check<'a> = Pin<Box<dyn Future<Output = Result<(), String>> + Send + 'a>>;

/// Makes faults of one kind on one target, a new one for each episode.
pub trait FaultSource: fmt::Debug + Send + Sync {
    /// What the fault is called, unique in the run; reports name it as what was hit.
    fn name(&self) -> &str;

    /// A fault that has not been injected yet.
    ///
    /// # Errors
    /// Why there is none just now.
    fn make(&self) -> Result<Box<dyn Fault>, String>;

    /// Looks, before the run begins, whether the fault could act. Nothing is done.
    fn check<'a>(&'a self, _api: &'a Api) -> Check<'a> {
        Box::pin(async { Ok(()) })
    }

    /// How long after its action the fault is undone while its episode goes on; `None` for one that ends by itself.
    fn lasts(&self) -> Option<Duration>;

    /// The alerts that the system owes for it.
    fn owed(&self) -> &[OwedAlert];
}

/// An alert that a system owes for a fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwedAlert {
    /// The module or service that it has to name.
    pub module: String,
    /// The kinds that satisfy it.
    pub kinds: Vec<String>,
    /// Least severity: `info`, `warning` or `critical`.
    pub min_severity: String,
    /// It is missed when it has not come this long after the action; the run's own deadline when absent.
    pub within: Option<Duration>,
}

impl OwedAlert {
    fn record(&self, episode: u32, context: &Context) -> AlertExpected {
        AlertExpected {
            episode,
            module: self.module.clone(),
            kinds: self.kinds.clone(),
            min_severity: self.min_severity.clone(),
            deadline_us: self.within.map_or(context.alert_deadline_us, duration_us),
        }
    }
}

/// A fault under the name, with the length and the alerts that its source declares.
pub(super) struct Declared {
    fault: Box<dyn Fault>,
    name: String,
    lasts: Option<Duration>,
    owed: Vec<OwedAlert>,
}

impl Declared {
    /// The next fault of `source`.
    ///
    /// # Errors
    /// Why there is none just now.
    pub(super) fn of(source: &dyn FaultSource) -> Result<Self, String> {
        Ok(Self {
            fault: source.make()?,
            name: source.name().to_owned(),
            lasts: source.lasts(),
            owed: source.owed().to_vec(),
        })
    }
}

impl Fault for Declared {
    fn kind(&self) -> &'static str {
        self.fault.kind()
    }

    fn target(&self) -> &str {
        &self.name
    }

    fn inject<'a>(&'a mut self, context: &'a Context) -> Act<'a, Injection> {
        self.fault.inject(context)
    }

    fn confirm<'a>(&'a mut self, context: &'a Context) -> Act<'a, Effect> {
        self.fault.confirm(context)
    }

    fn expected_alerts(&self, episode: u32, context: &Context) -> Vec<AlertExpected> {
        self.owed.iter().map(|alert| alert.record(episode, context)).collect()
    }

    fn over_at(&self) -> Option<Micros> {
        self.fault.over_at()
    }

    fn lasts(&self) -> Option<Duration> {
        self.lasts.or(self.fault.lasts())
    }

    fn revert<'a>(&'a mut self, context: &'a Context) -> Act<'a, Option<Micros>> {
        self.fault.revert(context)
    }
}

//! Faults as a plan file declares them: a name, what is done, for how long, and what is owed for it.

use std::time::Duration;

use super::episode::Fault;
use super::signal::{SignalSpec, Signalled};
use super::source::{Check, FaultSource, OwedAlert};
use crate::target::Api;

/// A `[[fault]]` of a plan.
#[derive(Debug)]
pub struct Planned {
    /// Its name.
    pub name: String,
    /// What is done.
    pub action: Action,
    /// For how long; absent for what ends by itself.
    pub lasts: Option<Duration>,
    /// The alerts that are owed for it.
    pub owed: Vec<OwedAlert>,
}

/// What a declared fault does.
#[derive(Debug)]
pub enum Action {
    /// A signal to a module's process.
    Signal(SignalSpec),
}

impl FaultSource for Planned {
    fn name(&self) -> &str {
        &self.name
    }

    fn make(&self) -> Box<dyn Fault> {
        match &self.action {
            Action::Signal(spec) => Box::new(Signalled::new(spec.clone())),
        }
    }

    fn check<'a>(&'a self, api: &'a Api) -> Check<'a> {
        Box::pin(async move {
            match &self.action {
                Action::Signal(spec) => spec.module.find(api).await.map(drop),
            }
        })
    }

    fn lasts(&self) -> Option<Duration> {
        self.lasts
    }

    fn owed(&self) -> &[OwedAlert] {
        &self.owed
    }
}

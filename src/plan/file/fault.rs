//! `[[fault]]` and `[[expect.alert]]`: what is broken, and what the system owes for it.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use super::value::Length;
use crate::fault::process::ModuleSpec;
use crate::fault::signal::{SignalName, SignalSpec};
use crate::fault::{Action, OwedAlert, Planned};

/// `[[fault]]`: its `kind` says which of the other keys it takes.
#[derive(Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FaultTable {
    /// What it is called; reports name it as what was hit.
    pub name: String,
    /// What is done.
    pub kind: FaultName,
    /// How long after its action it is undone: the system cannot have recovered before. Left out, it is undone once the system has
    /// recovered in spite of it, or the deadline has passed.
    pub lasts: Option<Length>,
    /// signal: the `[[target.module]]` whose process gets it.
    pub module: Option<String>,
    /// signal: what is sent.
    pub signal: Option<SignalName>,
}

impl std::fmt::Debug for FaultTable {
    /// Without what may be secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FaultTable")
            .field("name", &self.name)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// What a fault does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FaultName {
    /// A signal to the process of a `[[target.module]]`.
    Signal,
}

/// `[expect]`
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ExpectTable {
    /// Alerts that are owed for a fault.
    pub alert: Vec<AlertTable>,
}

/// `[[expect.alert]]`
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AlertTable {
    /// The fault for which it is owed.
    pub fault: String,
    /// The kinds that satisfy it.
    pub kinds: Vec<String>,
    /// The module or service that it must name; the fault's name when left out.
    pub module: Option<String>,
    /// Least severity: `info`, `warning` (when left out) or `critical`.
    pub min_severity: Option<Severity>,
    /// It is missed when it has not come this long after the action; `judgement.alert_deadline` when left out.
    pub within: Option<Length>,
}

/// How bad an alert says that it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// For the record.
    Info,
    /// Somebody should look.
    Warning,
    /// Somebody must look now.
    Critical,
}

impl Severity {
    fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }
}

impl FaultName {
    fn as_str(self) -> &'static str {
        match self {
            Self::Signal => "signal",
        }
    }

    /// The keys that it takes.
    fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Signal => &["module", "signal"],
        }
    }
}

impl FaultTable {
    /// The keys that were given, of those that depend on the kind.
    fn given(&self) -> impl Iterator<Item = &'static str> {
        let given = [("module", self.module.is_some()), ("signal", self.signal.is_some())];
        given.into_iter().filter_map(|(key, given)| given.then_some(key))
    }

    /// A key without which a fault of this kind is none.
    fn needed<T>(&self, key: &'static str, value: Option<T>) -> Result<T, String> {
        value.ok_or_else(|| format!("a fault of kind {} needs {key}", self.kind.as_str()))
    }

    /// The fault, with what is owed for it.
    ///
    /// # Errors
    /// Keys that are missing or mean nothing, and what it names and nobody declares.
    pub(super) fn planned(
        self,
        modules: &[Arc<ModuleSpec>],
        owed: Vec<OwedAlert>,
    ) -> Result<Planned, String> {
        if let Some(stray) = self.given().find(|key| !self.kind.keys().contains(key)) {
            let (kind, keys) = (self.kind.as_str(), self.kind.keys().join(", "));
            return Err(format!("{stray} means nothing to a fault of kind {kind}: it takes {keys}"));
        }
        let action = match self.kind {
            FaultName::Signal => Action::Signal(self.signalled(modules)?),
        };
        Ok(Planned { name: self.name, action, lasts: self.lasts.map(|lasts| lasts.0), owed })
    }

    fn signalled(&self, modules: &[Arc<ModuleSpec>]) -> Result<SignalSpec, String> {
        let name = self.needed("module", self.module.as_deref())?;
        let signal = self.needed("signal", self.signal)?;
        let found = modules.iter().find(|known| known.name == name).cloned();
        let module = found.ok_or_else(|| {
            format!("there is no [[target.module]] {name}: declare where its process is found")
        })?;
        Ok(SignalSpec { module, signal })
    }
}

impl AlertTable {
    pub(super) fn owed(&self) -> OwedAlert {
        OwedAlert {
            module: self.module.clone().unwrap_or_else(|| self.fault.clone()),
            kinds: self.kinds.clone(),
            min_severity: self.min_severity.unwrap_or(Severity::Warning).as_str().to_owned(),
            within: self.within.map(|within| within.0),
        }
    }
}

//! `[[expect.alert]]`: what the system owes for a fault.

use schemars::JsonSchema;
use serde::Deserialize;

use super::value::Length;
use crate::fault::OwedAlert;

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

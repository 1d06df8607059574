//! `[alerts]`: where alerts can be asked for, and how they are read.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::load::hidden;
use super::value::{Pattern, Pointer};
use crate::plan::AlertFormat;
use crate::watch::alerts::{ListShape, TextRule};

/// `[alerts]`; the pointers may be left out for lists of R-v0.2, Alertmanager and Prometheus.
#[derive(Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AlertsTable {
    /// A JSON list of alerts that is asked for four times a second, where nobody sends them. `{after}` in it stands for the greatest id so
    /// far, `${NAME}` for a variable of the environment.
    pub url: Option<String>,
    /// Headers of these requests, likewise.
    pub headers: BTreeMap<String, String>,
    /// Where in the answer the list stands.
    pub items: Option<Pointer>,
    /// Where in an alert its id stands.
    pub id: Option<Pointer>,
    /// Where its kind stands.
    pub kind: Option<Pointer>,
    /// Where the module stands that it is about.
    pub module: Option<Pointer>,
    /// Where its severity stands.
    pub severity: Option<Pointer>,
    /// Where its text for people stands.
    pub message: Option<Pointer>,
    /// Where it stands when it was raised.
    pub at: Option<Pointer>,
    /// How messages for people (Slack) are read: a regular expression with groups named `kind`, `module` and `severity`, such as
    /// `(?<module>\w+) is (?<kind>down|back)`.
    pub text: Option<Pattern>,
}

impl std::fmt::Debug for AlertsTable {
    /// Without URL and headers, which may be secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AlertsTable").finish_non_exhaustive()
    }
}

impl AlertsTable {
    pub(super) fn format(self) -> AlertFormat {
        let at = |pointer: Option<Pointer>| pointer.map(|Pointer(pointer)| pointer);
        AlertFormat {
            headers: hidden(self.headers),
            list: ListShape {
                items: at(self.items),
                id: at(self.id),
                kind: at(self.kind),
                module: at(self.module),
                severity: at(self.severity),
                message: at(self.message),
                at: at(self.at),
            },
            text: TextRule(self.text.map(|Pattern(pattern)| pattern)),
        }
    }
}

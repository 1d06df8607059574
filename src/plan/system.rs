//! What a system of somebody else's is like: what only a plan file, or a test that brings its own load, can say.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{PlanError, Secret};
use crate::fault::FaultSource;
use crate::proxy::DeclaredProxy;
use crate::target::HealthCheck;
use crate::watch::alerts::{ListShape, TextRule};

/// What is known of a target beyond its base URL.
#[derive(Debug, Clone, Default)]
pub struct System {
    /// Sent with every request to the target.
    pub headers: Vec<(String, Secret)>,
    /// How it is seen to be well.
    pub health: HealthCheck,
    /// The path that the canary asks for.
    pub canary: Option<String>,
    /// What users ask for; empty for sessions, or reads of health and metrics.
    pub requests: Vec<RequestSpec>,
    /// Proxies that the run puts between its parts.
    pub proxies: Vec<DeclaredProxy>,
    /// How alerts of it are read.
    pub alerts: AlertFormat,
    /// Faults that are declared by name.
    pub faults: Vec<Arc<dyn FaultSource>>,
}

/// How a target's alerts are asked for and read.
#[derive(Debug, Clone, Default)]
pub struct AlertFormat {
    /// Sent when the list is asked for.
    pub headers: Vec<(String, Secret)>,
    /// What the list looks like.
    pub list: ListShape,
    /// What messages for people say.
    pub text: TextRule,
}

/// One kind of request of a mix.
#[derive(Debug, Clone, PartialEq)]
pub struct RequestSpec {
    /// What it is called in journals and reports.
    pub name: String,
    /// GET, POST, PUT, PATCH, DELETE or HEAD.
    pub method: reqwest::Method,
    /// Path and query, with placeholders.
    pub path: String,
    /// How often it is drawn, relative to the others.
    pub weight: u32,
    /// The body, with placeholders.
    pub body: Option<Secret>,
    /// Headers of this request only.
    pub headers: Vec<(String, Secret)>,
    /// Statuses that meet the contract; empty for any 2xx.
    pub status: Vec<u16>,
}

impl RequestSpec {
    /// A plain read.
    #[must_use]
    pub fn get(path: &str) -> Self {
        Self {
            name: format!("GET {path}"),
            method: reqwest::Method::GET,
            path: path.to_owned(),
            weight: 1,
            body: None,
            headers: Vec::new(),
            status: Vec::new(),
        }
    }

    /// The path of a read that a canary can repeat: one without placeholders.
    #[must_use]
    pub fn as_probe(&self) -> Option<String> {
        (self.method == reqwest::Method::GET && !self.path.contains('{')).then(|| self.path.clone())
    }

    /// Whether such an answer meets the contract.
    #[must_use]
    pub fn accepts(&self, status: u16) -> bool {
        if self.status.is_empty() { (200..300).contains(&status) } else { self.status.contains(&status) }
    }
}

impl System {
    /// Whether anything is known of the target that makes it another than R-v0.2; what its canary asks for does not.
    #[must_use]
    pub fn is_foreign(&self) -> bool {
        !self.requests.is_empty() || self.health != HealthCheck::Page
    }

    /// What the users do where nobody says so and the target is no R-v0.2: read what the canary reads.
    #[must_use]
    pub fn mix(&self) -> Vec<RequestSpec> {
        if !self.requests.is_empty() {
            return self.requests.clone();
        }
        let path = self.canary.as_deref().or(self.health.path());
        path.filter(|_| self.is_foreign()).map(RequestSpec::get).into_iter().collect()
    }

    /// The names of the declared faults that `asked` picks; all of them when it picks none.
    ///
    /// # Errors
    /// [`PlanError`] for one that is not declared, and when there are none.
    pub(super) fn declared(&self, asked: &[String]) -> Result<Vec<String>, PlanError> {
        let known: Vec<_> = self.faults.iter().map(|fault| fault.name().to_owned()).collect();
        if known.is_empty() {
            return Err(PlanError::Needs {
                flag: "the scenario faults",
                needs: "a declared fault: add a [[fault]] to the plan",
            });
        }
        let unique: BTreeSet<_> = known.iter().collect();
        if unique.len() < known.len() {
            let twice = known.iter().enumerate().find(|(at, name)| known[..*at].contains(name));
            let name = twice.map(|(_, name)| name.clone()).unwrap_or_default();
            return Err(PlanError::Twice { what: "fault", name });
        }
        if let Some(unknown) = asked.iter().find(|name| !known.contains(name)) {
            return Err(PlanError::Undeclared {
                what: "fault",
                name: unknown.clone(),
                known: known.join(", "),
            });
        }
        Ok(if asked.is_empty() { known } else { asked.to_vec() })
    }
}

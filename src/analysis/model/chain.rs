//! Several faults that are meant to overlap.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Outcome;
use crate::journal::Micros;

/// One chain: one trial, whose members are episodes of their own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ChainSummary {
    /// Its number in the run, from 1.
    pub chain: u32,
    /// The scenario.
    pub scenario: String,
    /// Its members, by the numbers of their episodes, in order of injection.
    pub episodes: Vec<u32>,
    /// Members that were not injected, as their target was down already.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub collateral: Vec<CollateralTarget>,
    /// The supervision strategy that held for it, when it was changed for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub strategy: Option<String>,
    /// When the first effect of a member began (when none did: when the chain began).
    pub t0_us: Micros,
    /// When the last of its members ended.
    pub end_us: Micros,
    /// That of its worst member; void members are left out, unless all of them are.
    pub outcome: Outcome,
    /// Every member recovered with nothing but the system itself acting.
    pub automatic: bool,
    /// From t0 to the recovery of the last member.
    pub recovery_us: Option<u64>,
    /// Whether two members were away at the same time, as the backend tells; absent when it told nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overlapped: Option<bool>,
    /// Modules that ended by themselves meanwhile, as their dependency stayed away.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dependency_exits: Vec<DependencyExit>,
}

/// A member that was not injected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CollateralTarget {
    /// What was to be hit.
    pub target: String,
    /// What was found instead.
    pub reason: String,
}

/// A crash that travelled by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DependencyExit {
    /// The module that ended.
    pub module: String,
    /// When, on the run's clock.
    pub at_us: Micros,
}

impl ChainSummary {
    /// Whether it counts in rates: a decided trial.
    #[must_use]
    pub fn is_trial(&self) -> bool {
        matches!(self.outcome, Outcome::Recovered | Outcome::Censored)
    }
}

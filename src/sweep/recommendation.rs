//! Which setting to keep, by a rule that is stated, and what the data do not decide. Pure.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::standing::Standing;
use crate::lang::Sentence;

/// Version of `recommendation.json`.
pub const RECOMMENDATION_SCHEMA: u32 = 1;

/// `recommendation.json`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Recommendation {
    /// [`RECOMMENDATION_SCHEMA`].
    pub schema: u32,
    /// Every setting that has a run, in the order of the comparison's sides.
    pub standings: Vec<Standing>,
    /// The place of the recommended setting among them; absent when none can be recommended.
    pub chosen: Option<usize>,
    /// The recommended setting's whole restart policy, as `backend --policy FILE` takes it; absent when the target shows none.
    pub policy: Option<serde_json::Value>,
    /// What is recommended, and why.
    pub reasons: Vec<Sentence>,
    /// How the plan's own setting stands.
    pub planned: Sentence,
    /// What the data do not decide.
    pub undecided: Vec<Sentence>,
}

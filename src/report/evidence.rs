//! `evidence.json`: which acceptance criteria of the R-v0.2.1 plan a run meets, and where the proof is. Pure.
//!
//! ```json
//! {
//!   "schema": 1,
//!   "item": "R-v0.2.1_PoC",
//!   "progress": 73,
//!   "status": "🟡",
//!   "run_id": "20260102-030405-7f3a",
//!   "criteria": [
//!     {
//!       "id": "a-auto_recovery_rate",
//!       "criterion": "Scenario A (single-module): Automatic recovery rate ≥ 95 %",
//!       "result": "met",
//!       "reason": "100 % (3 of 3)",
//!       "proof": ["summary.json#/kpis/0"]
//!     }
//!   ]
//! }
//! ```
//!
//! `result` is `met`, `not_met` or `not_tested`; `progress` the share of criteria met in whole per cent, rounded down, so
//! that 100 needs all; `status` is ✅ when all are met, ❌ when one is not met, 🟡 otherwise. A proof is a file of the report
//! folder, with a JSON pointer (RFC 6901) where one says more. Texts are in the report's language, ids are not.

mod criteria;

use serde::Serialize;

use super::ReportError;
use crate::analysis::Analysis;
use crate::lang::{Lang, Sentence};

/// Version of `evidence.json`.
const SCHEMA: u32 = 1;

/// What the plan calls the whole.
const ITEM: &str = "R-v0.2.1_PoC";

/// All criteria of the plan, and what a run makes of them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Evidence {
    pub(crate) criteria: Vec<Criterion>,
}

/// One criterion of the plan.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Criterion {
    /// The same in every language and every run.
    pub(crate) id: String,
    pub(crate) text: Sentence,
    pub(crate) result: Finding,
    pub(crate) reason: Sentence,
    /// Files of the report folder.
    pub(crate) proof: Vec<String>,
}

/// What a run makes of a criterion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Finding {
    Met,
    NotMet,
    /// The run does not decide it: it did not come to it, broke off, or has too little data.
    NotTested,
}

impl Finding {
    /// Symbol and the id of its word.
    pub(crate) fn mark(self) -> (&'static str, &'static str) {
        match self {
            Self::Met => ("✔", "evidence-met"),
            Self::NotMet => ("✘", "evidence-not-met"),
            Self::NotTested => ("?", "evidence-not-tested"),
        }
    }
}

impl Evidence {
    pub(crate) fn of(analysis: &Analysis) -> Self {
        Self { criteria: criteria::all(analysis) }
    }

    pub(crate) fn count(&self, finding: Finding) -> usize {
        self.criteria.iter().filter(|criterion| criterion.result == finding).count()
    }

    /// The share of criteria met, in whole per cent; 100 only when all are.
    pub(crate) fn progress(&self) -> usize {
        (100 * self.count(Finding::Met)).checked_div(self.criteria.len()).unwrap_or(0)
    }

    /// ✅ needs all criteria.
    pub(crate) fn status(&self) -> &'static str {
        if self.count(Finding::NotMet) > 0 {
            "❌"
        } else if self.progress() == 100 {
            "✅"
        } else {
            "🟡"
        }
    }
}

/// The form on disk.
#[derive(Serialize)]
struct File<'a> {
    schema: u32,
    item: &'static str,
    progress: usize,
    status: &'static str,
    run_id: &'a str,
    criteria: Vec<Row<'a>>,
}

/// One criterion of it.
#[derive(Serialize)]
struct Row<'a> {
    id: &'a str,
    criterion: String,
    result: Finding,
    reason: String,
    proof: &'a [String],
}

impl<'a> Row<'a> {
    fn new(criterion: &'a Criterion, lang: Lang) -> Self {
        Self {
            id: &criterion.id,
            criterion: lang.read(&criterion.text),
            result: criterion.result,
            reason: lang.read(&criterion.reason),
            proof: &criterion.proof,
        }
    }
}

/// The text of `evidence.json`.
pub(crate) fn json(analysis: &Analysis, lang: Lang) -> Result<String, ReportError> {
    let evidence = Evidence::of(analysis);
    let file = File {
        schema: SCHEMA,
        item: ITEM,
        progress: evidence.progress(),
        status: evidence.status(),
        run_id: &analysis.summary.run_id,
        criteria: evidence.criteria.iter().map(|criterion| Row::new(criterion, lang)).collect(),
    };
    let mut text = serde_json::to_string_pretty(&file)
        .map_err(|source| ReportError::Serialise { file: "evidence.json", source })?;
    text.push('\n');
    Ok(text)
}

#[cfg(test)]
mod tests;

//! `junit.xml`, for CI: a suite per scenario, in it a test case per KPI and one per episode. Pure.
//!
//! Valid by Ant's `JUnit.xsd` (<https://github.com/windyroad/JUnit-Schema>) and by the `junit-10.xsd` of Jenkins' xunit
//! plugin at once: so what a case has to say beside its failure stands in the output of its suite.

mod suites;
mod xml;

use std::io;

use super::ReportError;
use crate::analysis::Analysis;
use crate::lang::Lang;

/// A suite of test cases: a scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Suite {
    name: String,
    /// Start of the run, UTC, without a zone as `JUnit.xsd` wants it.
    timestamp: String,
    properties: Vec<(String, String)>,
    cases: Vec<Case>,
    /// What there is to say of its cases.
    output: String,
}

/// A test case: a KPI or an episode.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Case {
    /// `goose-recovery.<scenario>.kpis` or `….episodes`.
    class: String,
    name: String,
    /// How long it took; a KPI takes no time of its own.
    time_us: u64,
    result: CaseResult,
}

/// What became of a test case.
#[derive(Debug, Clone, PartialEq, Eq)]
enum CaseResult {
    Passed,
    Failed {
        kind: &'static str,
        message: String,
        details: String,
    },
    /// It says nothing, and why.
    Skipped {
        message: String,
    },
}

impl Suite {
    fn count(&self, which: fn(&CaseResult) -> bool) -> usize {
        self.cases.iter().filter(|case| which(&case.result)).count()
    }

    fn failures(&self) -> usize {
        self.count(|result| matches!(result, CaseResult::Failed { .. }))
    }

    fn skipped(&self) -> usize {
        self.count(|result| matches!(result, CaseResult::Skipped { .. }))
    }

    fn time_us(&self) -> u64 {
        self.cases.iter().map(|case| case.time_us).sum()
    }
}

/// The text of `junit.xml`.
pub(crate) fn xml(analysis: &Analysis, lang: Lang) -> Result<String, ReportError> {
    let bytes = xml::document(&suites::suites(analysis, lang)).map_err(ReportError::JUnit)?;
    String::from_utf8(bytes).map_err(|error| ReportError::JUnit(io::Error::other(error)))
}

#[cfg(test)]
mod tests;

//! A KPI that a plan file or a plugin defines, beside those of the scenarios.

use std::collections::BTreeSet;

use super::KpiId;
use super::expression::{KpiExpression, KpiPhase};
use crate::journal::event::KpiRecord;

/// The longest name: it has to fit into a column.
const LONGEST_NAME: usize = 60;

/// A KPI of the user's own. Every scenario of the plan is judged on it, each by what was measured in it.
#[derive(Debug, Clone, PartialEq)]
pub struct CustomKpi {
    /// What reports call it; by its figure and phase when it has no name.
    pub name: Option<String>,
    /// What must hold.
    pub expect: KpiExpression,
}

/// KPIs that cannot stand in one plan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct CustomKpiError {
    /// Which of them, from 0.
    pub index: usize,
    /// What is wrong with it and what to do.
    pub why: String,
}

impl CustomKpi {
    /// By what journals, summaries and CI know it: its name, or else the expression.
    #[must_use]
    pub fn id(&self) -> String {
        self.name.clone().unwrap_or_else(|| self.expect.to_string())
    }

    /// The form on disk.
    #[must_use]
    pub fn record(&self) -> KpiRecord {
        let phase = Some(self.expect.phase()).filter(|phase| *phase != KpiPhase::Whole);
        KpiRecord {
            id: self.id(),
            op: self.expect.op().as_str().to_owned(),
            limit: self.expect.limit(),
            name: self.name.clone(),
            metric: Some(self.expect.metric().as_str().to_owned()),
            phase: phase.map(|phase| phase.as_str().to_owned()),
        }
    }

    /// Whether all of `kpis` can be told apart, from each other and from those of the scenarios.
    ///
    /// # Errors
    /// The first that cannot be, or whose name does not fit into a report.
    pub fn check(kpis: &[Self]) -> Result<(), CustomKpiError> {
        let mut known: BTreeSet<String> = KpiId::ALL.iter().map(|id| id.as_str().to_owned()).collect();
        for (index, kpi) in kpis.iter().enumerate() {
            let refused = |why| Err(CustomKpiError { index, why });
            let id = kpi.id();
            if let Some(name) = &kpi.name {
                let odd = name.trim() != name || name.is_empty() || name.contains(char::is_control);
                if odd || name.chars().count() > LONGEST_NAME {
                    return refused(format!(
                        "the name of a KPI must be 1 to {LONGEST_NAME} characters of one line, without space around them"
                    ));
                }
            }
            if !known.insert(id.clone()) {
                return refused(format!("a KPI is called {id} already: give each its own name"));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kpi(name: Option<&str>, expect: &str) -> CustomKpi {
        CustomKpi { name: name.map(str::to_owned), expect: expect.parse().unwrap() }
    }

    #[test]
    fn on_disk_it_goes_by_its_name_or_its_expression() {
        let record = kpi(Some("slow answers"), "p95 during < 2s").record();
        assert_eq!((record.id.as_str(), record.op.as_str(), record.limit), ("slow answers", "<", 2e6));
        assert_eq!((record.metric.as_deref(), record.phase.as_deref()), (Some("p95"), Some("during")));
        let record = kpi(None, "availability > 99.9%").record();
        assert_eq!((record.id.as_str(), record.name, record.phase), ("availability > 99.9%", None, None));
    }

    #[test]
    fn kpis_that_could_be_mistaken_for_each_other_are_refused() {
        let refused = |kpis: &[CustomKpi]| {
            let error = CustomKpi::check(kpis).unwrap_err();
            (error.index, error.to_string())
        };
        let good = [kpi(Some("a"), "p95 < 2s"), kpi(None, "p95 < 2s"), kpi(Some("b"), "p95 < 2s")];
        assert_eq!(CustomKpi::check(&good), Ok(()));
        let twice = [good.as_slice(), &[kpi(None, "p95 < 2000ms")]].concat();
        assert_eq!(
            refused(&twice),
            (3, "a KPI is called p95 < 2s already: give each its own name".to_owned())
        );
        assert_eq!(refused(&[kpi(Some("missed_alerts"), "p95 < 2s")]).0, 0);
        let long = "x".repeat(61);
        for odd in ["", " a", "a\nb", long.as_str()] {
            let (_, why) = refused(&[kpi(Some(odd), "p95 < 2s")]);
            assert!(why.contains("1 to 60 characters"), "{odd}: {why}");
        }
    }
}

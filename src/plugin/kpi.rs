//! A KPI that a load test brings along.

use crate::analysis::model::{Analysis, Kpi, ScenarioSummary, Threshold, Verdict};
use crate::lang::Sentence;

/// What a KPI's figure counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A share of one, shown in per cent.
    Ratio,
    /// A length in microseconds, shown as fits.
    Microseconds,
    /// A number of things.
    Count,
}

impl Unit {
    fn as_str(self) -> &'static str {
        match self {
            Self::Ratio => "ratio",
            Self::Microseconds => "us",
            Self::Count => "count",
        }
    }
}

/// What a KPI came to.
///
/// ```
/// use goose_recovery::prelude::*;
///
/// let pass = KpiOutcome::at_most(0.02, 0.05, Unit::Ratio).counted(2, 100);
/// assert_eq!(pass.verdict(), Verdict::Pass);
/// // No data never passes.
/// assert_eq!(KpiOutcome::no_data("nobody asked", Unit::Count).verdict(), Verdict::Inconclusive);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct KpiOutcome {
    value: Option<f64>,
    unit: Unit,
    op: &'static str,
    limit: f64,
    counted: (u64, u64),
    note: Option<String>,
    verdict: Verdict,
}

impl KpiOutcome {
    /// A figure that passes when it is at least `limit`.
    #[must_use]
    pub fn at_least(value: f64, limit: f64, unit: Unit) -> Self {
        Self::judged(value, ">=", limit, unit, value >= limit)
    }

    /// A figure that passes when it is at most `limit`.
    #[must_use]
    pub fn at_most(value: f64, limit: f64, unit: Unit) -> Self {
        Self::judged(value, "<=", limit, unit, value <= limit)
    }

    /// Nothing to judge, and why: inconclusive.
    #[must_use]
    pub fn no_data(why: impl Into<String>, unit: Unit) -> Self {
        Self {
            value: None,
            unit,
            op: ">=",
            limit: 0.0,
            counted: (0, 0),
            note: Some(why.into()),
            verdict: Verdict::Inconclusive,
        }
    }

    fn judged(value: f64, op: &'static str, limit: f64, unit: Unit, met: bool) -> Self {
        // What is no number is no figure.
        if !value.is_finite() {
            return Self { op, limit, ..Self::no_data("the figure is no number", unit) };
        }
        let verdict = if met { Verdict::Pass } else { Verdict::Fail };
        Self { value: Some(value), unit, op, limit, counted: (0, 0), note: None, verdict }
    }

    /// What was counted, and out of how many.
    #[must_use]
    pub fn counted(mut self, numerator: u64, denominator: u64) -> Self {
        self.counted = (numerator, denominator);
        self
    }

    /// What the figure does and does not show; reports say it in these words.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.note = Some(text.into());
        self
    }

    /// The judgement.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        self.verdict
    }
}

/// A KPI of one's own: a name for reports, and a figure of the analysis. Functions are, too.
///
/// It is computed from the analysis when the run is over. It is code, so `goose-recovery report`, which has the journal only,
/// does not know it.
pub trait CustomKpi: Send + 'static {
    /// Its figure and judgement.
    fn judge(&self, analysis: &Analysis) -> KpiOutcome;
}

impl<F: Fn(&Analysis) -> KpiOutcome + Send + 'static> CustomKpi for F {
    fn judge(&self, analysis: &Analysis) -> KpiOutcome {
        self(analysis)
    }
}

/// Judges `kpis` and makes them part of the analysis: they belong to its first scenario, whose verdict they can spoil.
pub(super) fn add(analysis: &mut Analysis, kpis: &[(String, Box<dyn CustomKpi>)]) {
    let judged: Vec<_> = kpis.iter().map(|(name, kpi)| (name.clone(), kpi.judge(analysis))).collect();
    let Some(scenario) = analysis.summary.scenarios.first_mut() else { return };
    for (name, outcome) in judged {
        spoil(scenario, outcome.verdict);
        let verdict = &mut analysis.summary.verdict;
        *verdict = (*verdict).max(outcome.verdict);
        analysis.summary.kpis.push(outcome.kpi(name, &scenario.name));
    }
}

fn spoil(scenario: &mut ScenarioSummary, verdict: Verdict) {
    scenario.verdict = scenario.verdict.max(verdict);
}

impl KpiOutcome {
    fn kpi(self, id: String, scenario: &str) -> Kpi {
        Kpi {
            id,
            name: None,
            metric: None,
            phase: None,
            scenario: scenario.to_owned(),
            value: self.value,
            unit: self.unit.as_str().to_owned(),
            numerator: self.counted.0,
            denominator: self.counted.1,
            excluded: 0,
            interval: None,
            bound: None,
            threshold: Threshold { op: self.op.to_owned(), limit: self.limit },
            verdict: self.verdict,
            notes: self.note.map(Sentence::verbatim).into_iter().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    fn with(kpi: impl CustomKpi) -> Analysis {
        let mut analysis = fixture::passing();
        add(&mut analysis, &[("failed share".to_owned(), Box::new(kpi))]);
        analysis
    }

    #[test]
    fn a_kpi_of_ones_own_can_spoil_a_verdict_and_never_mend_it() {
        let pass = with(|_: &Analysis| KpiOutcome::at_most(0.1, 0.5, Unit::Ratio));
        assert_eq!((pass.summary.verdict, pass.summary.scenarios[0].verdict), (Verdict::Pass, Verdict::Pass));
        let fail = with(|_: &Analysis| KpiOutcome::at_least(0.1, 0.5, Unit::Ratio));
        assert_eq!((fail.summary.verdict, fail.summary.scenarios[0].verdict), (Verdict::Fail, Verdict::Fail));
        let own = fail.summary.kpis.last().unwrap();
        assert_eq!(
            (own.id.as_str(), own.value, own.threshold.op.as_str()),
            ("failed share", Some(0.1), ">=")
        );
        let mut failing = fixture::failing();
        add(
            &mut failing,
            &[("fine".to_owned(), Box::new(|_: &Analysis| KpiOutcome::at_least(1.0, 0.5, Unit::Ratio)))],
        );
        assert_eq!(failing.summary.verdict, Verdict::Fail);
    }

    #[test]
    fn it_sees_the_analysis_and_what_is_no_number_is_no_figure() {
        #[expect(clippy::cast_precision_loss, reason = "a handful")]
        let episodes = |analysis: &Analysis| {
            KpiOutcome::at_least(analysis.summary.episodes.len() as f64, 1.0, Unit::Count)
        };
        let counted = with(episodes);
        #[expect(clippy::cast_precision_loss, reason = "a handful")]
        let expected = counted.summary.episodes.len() as f64;
        assert_eq!(counted.summary.kpis.last().unwrap().value, Some(expected));
        let none = with(|_: &Analysis| KpiOutcome::at_most(f64::NAN, 1.0, Unit::Count));
        assert_eq!(none.summary.verdict, Verdict::Inconclusive);
    }
}

//! What a KPI is called, and what it is. Pure.

use super::with_detail;
use crate::analysis::model::Kpi;
use crate::journal::event::KpiRecord;
use crate::lang::Lang;
use crate::plan::{KpiId, KpiMetric, KpiPhase};

/// What the words for a KPI depend on, be it measured or only planned.
#[derive(Debug, Clone, Copy)]
pub(crate) struct KpiTerm<'a> {
    id: &'a str,
    name: Option<&'a str>,
    metric: Option<&'a str>,
    phase: Option<&'a str>,
}

impl<'a> From<&'a Kpi> for KpiTerm<'a> {
    fn from(kpi: &'a Kpi) -> Self {
        let Kpi { id, name, metric, phase, .. } = kpi;
        Self { id, name: name.as_deref(), metric: metric.as_deref(), phase: phase.as_deref() }
    }
}

impl<'a> From<&'a KpiRecord> for KpiTerm<'a> {
    fn from(kpi: &'a KpiRecord) -> Self {
        let KpiRecord { id, name, metric, phase, .. } = kpi;
        Self { id, name: name.as_deref(), metric: metric.as_deref(), phase: phase.as_deref() }
    }
}

impl KpiTerm<'_> {
    /// Whether the user defines it.
    pub(super) fn is_custom(&self) -> bool {
        self.metric.is_some()
    }

    /// The figure of one that the user defines, as plan files have it: `p95 during`.
    fn figure(&self) -> Option<String> {
        let metric = self.metric?;
        Some(self.phase.map_or_else(|| metric.to_owned(), |phase| format!("{metric} {phase}")))
    }

    fn is_known(&self) -> bool {
        KpiId::ALL.iter().any(|id| id.as_str() == self.id)
    }
}

/// What a KPI is called: in the language's words, by the user's name and the figure, or, one of another version, by its id.
pub(crate) fn kpi_name<'a>(kpi: impl Into<KpiTerm<'a>>, lang: Lang) -> String {
    let term = kpi.into();
    match (term.figure(), term.name) {
        (Some(figure), Some(name)) => with_detail(name, &figure, lang),
        (Some(figure), None) => figure,
        (None, _) if term.is_known() => lang.text(&format!("kpi-{}", term.id)),
        (None, _) => term.id.to_owned(),
    }
}

/// What a KPI is, for a reader who was not there; nothing of one of another version.
pub(crate) fn kpi_definition<'a>(kpi: impl Into<KpiTerm<'a>>, lang: Lang) -> String {
    let term = kpi.into();
    if !term.is_custom() {
        return if term.is_known() {
            lang.text(&format!("kpi-{}-definition", term.id))
        } else {
            String::new()
        };
    }
    let metric = term.metric.and_then(KpiMetric::of);
    let phase = term.phase.map_or(Some(KpiPhase::Whole), KpiPhase::of);
    let Some((metric, phase)) = metric.zip(phase) else { return String::new() };
    let metric = match metric.percentile() {
        Some(percent) => lang.say("kpi-metric-percentile", [("percent", u64::from(percent).into())]),
        None => lang.text(&format!("kpi-metric-{}", metric.as_str())),
    };
    let phase = match phase {
        KpiPhase::Whole => lang.text("kpi-phase-whole"),
        phase => lang.text(&format!("kpi-phase-{}", phase.as_str())),
    };
    lang.say("kpi-custom-definition", [("metric", metric.into()), ("phase", phase.into())])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kpi_of_the_users_own_is_called_by_name_and_figure() {
        let mut kpi = KpiRecord::new("slow answers", "<", 2e6);
        (kpi.name, kpi.metric, kpi.phase) =
            (Some("slow answers".to_owned()), Some("p95".to_owned()), Some("during".to_owned()));
        assert_eq!(kpi_name(&kpi, Lang::En), "slow answers (p95 during)");
        assert_eq!(kpi_name(&kpi, Lang::Ja), "slow answers（p95 during）");
        kpi.name = None;
        assert_eq!(kpi_name(&kpi, Lang::En), "p95 during");
        kpi.phase = Some("at night".to_owned());
        assert_eq!(
            (kpi_name(&kpi, Lang::En), kpi_definition(&kpi, Lang::En)),
            ("p95 at night".to_owned(), String::new())
        );
    }

    #[test]
    fn every_figure_over_every_phase_has_its_words_in_both_languages() {
        let mut kpi = KpiRecord::new("k", "<", 2e6);
        for lang in Lang::ALL {
            for metric in KpiMetric::ALL {
                for phase in KpiPhase::ALL {
                    kpi.metric = Some(metric.as_str().to_owned());
                    kpi.phase = Some(phase.as_str().to_owned()).filter(|phase| !phase.is_empty());
                    let said = kpi_definition(&kpi, lang);
                    assert!(!said.is_empty() && !said.contains('⟦'), "{metric:?} {phase:?}: {said}");
                }
            }
        }
        kpi.phase = Some("after".to_owned());
        assert_eq!(
            kpi_definition(&kpi, Lang::En),
            "users' requests that met their contract, per second, after recovery: from there to the next fault, \
             or to the end of the scenario"
        );
    }
}

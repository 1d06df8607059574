//! What a KPI reads like. Pure.

use serde::Serialize;

use super::{KpiTerm, Mark, kpi_definition, kpi_name, named, of};
use crate::analysis::model::Kpi;
use crate::analysis::{Summary, Verdict};
use crate::lang::{Arg, Lang, format};

/// One KPI of one scenario.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct KpiView {
    pub(crate) scenario: String,
    pub(crate) name: String,
    pub(crate) definition: String,
    pub(crate) value: String,
    pub(crate) line: String,
    pub(crate) counted: String,
    pub(crate) excluded: Option<String>,
    pub(crate) interval: String,
    pub(crate) bound: Option<String>,
    pub(crate) mark: Mark,
    /// What the figure does and does not show.
    pub(crate) notes: Vec<String>,
}

impl KpiView {
    pub(crate) fn new(kpi: &Kpi, lang: Lang) -> Self {
        let unit = kpi.unit.as_str();
        let value = |n: f64| format::value(unit, n);
        Self {
            scenario: kpi.scenario.clone(),
            name: kpi_name(kpi, lang),
            definition: kpi_definition(kpi, lang),
            value: kpi.value.map_or_else(|| lang.text("no-data"), value),
            line: pass_line(&kpi.threshold.op, kpi.threshold.limit, unit),
            counted: counted(kpi, lang),
            excluded: (kpi.excluded > 0).then(|| lang.say("kpi-left-out", [("n", kpi.excluded.into())])),
            interval: kpi.interval.map_or_else(
                || lang.text("none"),
                |[low, high]| lang.say("from-to", [("from", value(low).into()), ("to", value(high).into())]),
            ),
            // The note of a rate says it already.
            bound: kpi.bound.filter(|_| unit != "ratio").map(|bound| {
                let side = if kpi.threshold.op == ">=" { "kpi-at-least" } else { "kpi-at-most" };
                lang.say(side, [("value", value(bound).into())])
            }),
            mark: Mark::new(kpi.verdict, lang),
            notes: kpi.notes.iter().map(|note| lang.read(note)).collect(),
        }
    }
}

/// What a value is taken from.
fn counted(kpi: &Kpi, lang: Lang) -> String {
    let n = |n: u64| ("n", Arg::from(n));
    match kpi.unit.as_str() {
        "us" if KpiTerm::from(kpi).is_custom() => lang.say("kpi-requests", [n(kpi.denominator)]),
        "us" => lang.say("kpi-mean-of", [n(kpi.denominator)]),
        "per_s" => {
            lang.say("kpi-requests-in", [n(kpi.numerator), ("length", Arg::LengthUs(kpi.denominator))])
        }
        _ => of(kpi.numerator, kpi.denominator, lang),
    }
}

/// `≥ 95 %`
pub(crate) fn pass_line(op: &str, limit: f64, unit: &str) -> String {
    let op = match op {
        ">=" => "≥",
        "<=" => "≤",
        other => other,
    };
    format!("{op} {}", format::value(unit, limit))
}

/// The KPIs that keep a verdict from being a pass, worst first.
pub(crate) fn unmet(summary: &Summary) -> Vec<&Kpi> {
    let mut kpis: Vec<_> = summary.kpis.iter().filter(|kpi| kpi.verdict != Verdict::Pass).collect();
    kpis.sort_by_key(|kpi| std::cmp::Reverse(kpi.verdict));
    kpis
}

/// What each of [`unmet`] shows, in a sentence without a full stop.
pub(crate) fn reasons(summary: &Summary, lang: Lang) -> Vec<String> {
    unmet(summary).into_iter().map(|kpi| reason(kpi, summary, lang)).collect()
}

/// What a KPI that is no pass shows, with its scenario where there are several.
pub(crate) fn reason(kpi: &Kpi, summary: &Summary, lang: Lang) -> String {
    let view = KpiView::new(kpi, lang);
    // What the user chose stays as it is.
    let custom = KpiTerm::from(kpi).is_custom();
    let name = if custom { view.name.clone() } else { inside_a_sentence(&view.name, lang) };
    let (id, line) = match kpi.verdict {
        Verdict::Fail => ("kpi-missed", view.line.strip_prefix("= ").unwrap_or(&view.line)),
        Verdict::Pass | Verdict::Inconclusive => ("kpi-undecided", view.line.as_str()),
    };
    let text = lang.say(id, [("name", name.into()), ("value", view.value.into()), ("line", line.into())]);
    if summary.scenarios.len() > 1 { named(&view.scenario, &text, lang) } else { text }
}

/// English begins a name with a small letter there.
fn inside_a_sentence(name: &str, lang: Lang) -> String {
    let mut chars = name.chars();
    match (lang, chars.next()) {
        (Lang::En, Some(first)) => first.to_lowercase().chain(chars).collect(),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn what_was_missed_is_said_before_what_is_undecided_in_both_languages() {
        let summary = fixture::failing().summary;
        assert_eq!(
            reasons(&summary, Lang::En),
            [
                "automatic recovery rate is 50 % and had to be ≥ 95 %",
                "missed alerts is 1 and had to be 0",
                "mean recovery time (153 ms, to be ≤ 60 s) is not decided",
            ]
        );
        let japanese = reasons(&summary, Lang::Ja);
        assert!(japanese[0].starts_with("自動復旧成功率") && japanese[0].contains("≥ 95 %"), "{japanese:?}");
    }

    #[test]
    fn a_kpi_of_another_version_goes_by_its_id() {
        let mut kpi = fixture::passing().summary.kpis[0].clone();
        "of_tomorrow".clone_into(&mut kpi.id);
        let view = KpiView::new(&kpi, Lang::Ja);
        assert_eq!((view.name.as_str(), view.definition.as_str()), ("of_tomorrow", ""));
    }

    #[test]
    fn one_that_the_user_defines_is_told_by_name_figure_and_what_it_is_taken_from() {
        let summary = fixture::custom().summary;
        let [.., slow, throughput] = &summary.kpis[..] else { panic!("two of the user's own") };
        let said = |kpi: &Kpi| {
            let view = KpiView::new(kpi, Lang::En);
            [view.name, view.value, view.line, view.counted, view.excluded.unwrap_or_default()]
        };
        assert_eq!(said(slow), ["slow answers (p95 during)", "2.3 s", "< 2 s", "412 requests", "7 left out"]);
        assert_eq!(said(throughput), ["throughput after", "123 /s", "≥ 100 /s", "1851 requests in 15 s", ""]);
        assert_eq!(reasons(&summary, Lang::En), ["slow answers (p95 during) is 2.3 s and had to be < 2 s"]);
    }

    #[test]
    fn a_kpi_without_data_says_so() {
        let view = KpiView::new(&fixture::empty().summary.kpis[1], Lang::En);
        assert_eq!((view.value.as_str(), view.interval.as_str()), ("no data", "none"));
    }
}

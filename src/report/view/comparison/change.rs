//! What a change of a metric reads like. Pure.

use serde::Serialize;

use super::{difference, metric_name, relative, signed};
use crate::compare::{
    Change, ChangeOutcome, Comparison, EffectKind, Estimate, MetricComparison, SideValue, Unit,
};
use crate::lang::{Arg, Lang, format};
use crate::report::view::{amount_or, semicolons, with_detail};

/// An outcome as symbol, word and class name: never colour alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct ChangeMark {
    pub(crate) symbol: &'static str,
    pub(crate) word: String,
    /// As style sheets know it.
    pub(crate) class: &'static str,
}

impl ChangeMark {
    pub(crate) fn new(outcome: ChangeOutcome, lang: Lang) -> Self {
        let (symbol, code, class) = match outcome {
            ChangeOutcome::Improved => ("▲", "improved", "pass"),
            ChangeOutcome::Regressed => ("▼", "regressed", "fail"),
            ChangeOutcome::Unchanged => ("=", "unchanged", "quiet"),
            ChangeOutcome::Inconclusive => ("?", "inconclusive", "inconclusive"),
        };
        Self { symbol, word: lang.text(&format!("change-{code}")), class }
    }

    /// `▲ improved`
    pub(crate) fn said(&self) -> String {
        format!("{} {}", self.symbol, self.word)
    }
}

/// One metric of one scenario on one side but the baseline.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct ChangeView {
    pub(crate) scenario: String,
    pub(crate) metric: String,
    /// Which direction is better, and up to when a mean is taken.
    pub(crate) about: String,
    pub(crate) side: String,
    pub(crate) baseline: String,
    pub(crate) value: String,
    /// Of how many values both are made: `8 / 3`.
    pub(crate) n: String,
    pub(crate) difference: String,
    /// That of the difference.
    pub(crate) interval: String,
    /// With its interval.
    pub(crate) ratio: String,
    pub(crate) effect: String,
    pub(crate) p: String,
    /// How the trials were compared, and what the log-rank test says.
    pub(crate) how: String,
    pub(crate) mark: ChangeMark,
    pub(crate) why: Option<String>,
    /// By what the columns of figures are sorted: baseline, value, difference, ratio, p.
    pub(crate) sort: [String; 5],
}

impl ChangeView {
    fn new(metric: &MetricComparison, at: usize, change: &Change, lang: Lang) -> Self {
        let [baseline, value] = [0, at + 1].map(|side| metric.values.get(side).copied());
        let figure = |side: Option<SideValue>| side.and_then(|side| side.value);
        let count = |side: Option<SideValue>| format::count(side.map_or(0, |side| side.n));
        let number = |value: Option<f64>| value.map_or_else(String::new, |value| value.to_string());
        let shown = |estimate: Option<Estimate>, show: &dyn Fn(f64) -> String| {
            let Some(estimate) = estimate else { return lang.text("not-observed") };
            match estimate.interval {
                Some([low, high]) => {
                    let args = [("from", show(low).into()), ("to", show(high).into())];
                    with_detail(&show(estimate.value), &lang.say("from-to", args), lang)
                }
                None => show(estimate.value),
            }
        };
        let of = |estimate: Option<Estimate>| estimate.map(|estimate| estimate.value);
        Self {
            scenario: metric.scenario.clone(),
            metric: metric_name(metric.metric, lang),
            about: about(metric, lang),
            side: change.side.clone(),
            baseline: amount_or(metric.unit, figure(baseline), lang),
            value: amount_or(metric.unit, figure(value), lang),
            n: format!("{} / {}", count(baseline), count(value)),
            difference: of(change.difference)
                .map_or_else(|| lang.text("not-observed"), |value| difference(metric.unit, value, lang)),
            interval: change
                .difference
                .and_then(|difference| difference.interval)
                .map_or_else(|| "–".to_owned(), |interval| span(metric.unit, interval, lang)),
            // Of a rate, points are what is decided by.
            ratio: if metric.unit == Unit::Ratio { "–".to_owned() } else { shown(change.ratio, &relative) },
            effect: change.effect.map_or_else(
                || "–".to_owned(),
                |effect| {
                    let code = match effect.kind {
                        EffectKind::CliffsDelta => "compare-cliffs_delta",
                        EffectKind::CohensH => "compare-cohens_h",
                    };
                    lang.say(
                        code,
                        [("value", Arg::Text(signed(effect.value, format::number(effect.value.abs()))))],
                    )
                },
            ),
            p: change.p_corrected.map_or_else(|| "–".to_owned(), probability),
            how: how(change, lang),
            mark: ChangeMark::new(change.outcome, lang),
            why: change.reason.as_ref().map(|reason| lang.read(reason)),
            sort: [
                number(figure(baseline)),
                number(figure(value)),
                number(of(change.difference)),
                number(of(change.ratio)),
                number(change.p_corrected),
            ],
        }
    }
}

/// All of them, in the order of the comparison.
pub(crate) fn changes(comparison: &Comparison, lang: Lang) -> Vec<ChangeView> {
    let of_metric = |metric: &MetricComparison| {
        let views =
            metric.changes.iter().enumerate().map(|(at, change)| ChangeView::new(metric, at, change, lang));
        views.collect::<Vec<_>>()
    };
    comparison.metrics.iter().flat_map(of_metric).collect()
}

/// `−100 to −35 points`
fn span(unit: Unit, [low, high]: [f64; 2], lang: Lang) -> String {
    let low = match unit {
        // What both have in common is said once.
        Unit::Ratio => signed(low, format::number(low.abs() * 100.0)),
        Unit::Us | Unit::Requests | Unit::Attempts => difference(unit, low, lang),
    };
    lang.say("from-to", [("from", low.into()), ("to", difference(unit, high, lang).into())])
}

fn about(metric: &MetricComparison, lang: Lang) -> String {
    let better = lang.text(if metric.higher_is_better { "compare-of-better" } else { "compare-of-worse" });
    match metric.restricted_to_us {
        Some(us) => {
            let restricted = lang.say("compare-restricted", [("time", Arg::LengthUs(us))]);
            semicolons(&[better, restricted], lang)
        }
        None => better,
    }
}

fn how(change: &Change, lang: Lang) -> String {
    let how = lang.text(if change.paired { "compare-paired" } else { "compare-unpaired" });
    match change.log_rank {
        Some(test) => {
            let args = [("chi", Arg::Number(test.chi_square)), ("p", Arg::Text(probability(test.p)))];
            semicolons(&[how, lang.say("compare-log-rank", args)], lang)
        }
        None => how,
    }
}

/// `0.012`, `< 0.001`
fn probability(p: f64) -> String {
    if p < 0.001 { "< 0.001".to_owned() } else { format!("{p:.3}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_probability_is_not_nought() {
        assert_eq!((probability(0.0001).as_str(), probability(0.0312).as_str()), ("< 0.001", "0.031"));
    }
}

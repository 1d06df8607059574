//! What the forest plot says, in the language of the report: on the picture, instead of it and below it. Pure.

use super::series::Scale;
use crate::compare::{Change, ChangeOutcome, Comparison, Estimate, MetricComparison};
use crate::lang::{Arg, Lang, format};
use crate::report::chart::measure;
use crate::report::chart::text::sentences;
use crate::report::chart::{Column, DataTable};
use crate::report::view::comparison::metric_name;

/// The text alternative names so many claims.
const MOST_CLAIMS: usize = 3;

/// Every text on the picture that is not a row's own.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Words {
    pub(super) title: String,
    pub(super) caption: String,
    pub(super) decided: String,
    /// The legend, in the order of [`OUTCOMES`].
    pub(super) outcomes: [String; 4],
    pub(super) hollow: String,
    pub(super) interval: String,
    pub(super) noise: String,
    ratio: String,
    points: String,
}

/// In the order of the legend.
pub(super) const OUTCOMES: [ChangeOutcome; 4] = [
    ChangeOutcome::Improved,
    ChangeOutcome::Regressed,
    ChangeOutcome::Unchanged,
    ChangeOutcome::Inconclusive,
];

impl Words {
    pub(super) fn new(comparison: &Comparison, lang: Lang) -> Self {
        let noise = Arg::Number(comparison.noise * 100.0);
        Self {
            title: lang.text("forest-title"),
            caption: lang.say("forest-caption", [("baseline", baseline(comparison))]),
            decided: lang.say(
                "forest-decided",
                [
                    ("questions", comparison.questions.into()),
                    ("confidence", Arg::Share(comparison.confidence)),
                ],
            ),
            outcomes: OUTCOMES.map(|outcome| measure::outcome(outcome, lang)),
            hollow: lang.text("forest-hollow"),
            interval: lang.text("term-interval"),
            noise: lang.say("forest-noise", [("noise", noise)]),
            ratio: lang.text("forest-ratio"),
            points: lang.text("forest-points"),
        }
    }

    /// The name of an axis, with its unit.
    pub(super) fn axis(&self, scale: Scale) -> &str {
        match scale {
            Scale::Ratio => &self.ratio,
            Scale::Points => &self.points,
        }
    }
}

fn baseline(comparison: &Comparison) -> Arg {
    comparison.sides.first().map_or("–", |side| side.label.as_str()).into()
}

/// The name of a metric of a scenario.
pub(super) fn group(metric: &MetricComparison, lang: Lang) -> String {
    let args =
        [("metric", measure::heading(metric.metric, lang).into()), ("scenario", (&metric.scenario).into())];
    lang.say("forest-group", args)
}

/// The estimate by which a change is told.
pub(super) fn told(change: &Change, scale: Scale) -> Option<Estimate> {
    match scale {
        Scale::Ratio => change.ratio,
        Scale::Points => change.difference,
    }
}

/// A value of the scale with its unit.
fn read(scale: Scale, value: f64, lang: Lang) -> String {
    match scale {
        Scale::Ratio => measure::change(value),
        Scale::Points => lang.say("compare-points", [("n", measure::points(value).into())]),
    }
}

/// `−35 % (−42 % to −28 %) · improved`, or why there is no such thing. `place` is the change's among the metric's.
pub(super) fn row(
    metric: &MetricComparison,
    place: usize,
    change: &Change,
    scale: Scale,
    lang: Lang,
) -> String {
    let outcome = measure::outcome(change.outcome, lang);
    let Some(estimate) = told(change, scale) else {
        let value = metric.values.get(place + 1).and_then(|side| side.value);
        let value = measure::value_or(metric.unit, value, lang);
        return lang.say("forest-row-zero", [("value", value.into()), ("outcome", outcome.into())]);
    };
    let told = Arg::from(read(scale, estimate.value, lang));
    match (estimate.interval, &change.reason) {
        (Some([low, high]), _) => {
            let [low, high] = [low, high].map(|end| match scale {
                Scale::Ratio => measure::change(end).into(),
                Scale::Points => measure::points(end).into(),
            });
            let args = [("change", told), ("low", low), ("high", high), ("outcome", outcome.into())];
            lang.say("forest-row", args)
        }
        (None, Some(reason)) => {
            lang.say("forest-row-why", [("change", told), ("reason", lang.read(reason).into())])
        }
        // The difference has an interval by which it is decided, and the ratio has none.
        (None, None) => lang.say("forest-row-no-ratio", [("change", told), ("outcome", outcome.into())]),
    }
}

/// Every change that can be told, with its metric and its place there.
fn changes(comparison: &Comparison) -> impl Iterator<Item = (&MetricComparison, usize, &Change)> {
    let of = |metric: &'_ MetricComparison| (0..metric.changes.len()).collect::<Vec<_>>();
    let all =
        comparison.metrics.iter().flat_map(move |metric| of(metric).into_iter().map(move |at| (metric, at)));
    all.map(|(metric, at)| (metric, at, &metric.changes[at]))
        .filter(|(.., change)| change.difference.is_some())
}

/// How many changes there are of each kind, and the first of those that are claimed.
pub(super) fn alt(comparison: &Comparison, lang: Lang) -> String {
    let count = |outcome| changes(comparison).filter(|(.., change)| change.outcome == outcome).count();
    let [improved, regressed, unchanged, inconclusive] = OUTCOMES.map(count);
    let all = changes(comparison).count();
    let counts = lang.say(
        "forest-alt",
        [
            ("baseline", baseline(comparison)),
            ("n", all.into()),
            ("improved", improved.into()),
            ("regressed", regressed.into()),
            ("unchanged", unchanged.into()),
            ("inconclusive", inconclusive.into()),
        ],
    );
    // Bad news first.
    let claimed = [ChangeOutcome::Regressed, ChangeOutcome::Improved]
        .into_iter()
        .flat_map(|outcome| changes(comparison).filter(move |(.., change)| change.outcome == outcome));
    let claims: Vec<_> = claimed
        .take(MOST_CLAIMS)
        .map(|(metric, place, change)| {
            let text = row(metric, place, change, Scale::of(metric.unit), lang);
            let args = [
                ("group", group(metric, lang).into()),
                ("side", (&change.side).into()),
                ("text", text.into()),
            ];
            lang.say("forest-alt-claim", args)
        })
        .collect();
    sentences(lang, &[vec![counts], claims].concat())
}

/// A row for each change.
pub(super) fn table(comparison: &Comparison, lang: Lang) -> DataTable {
    let columns = [
        ("term-scenario", Column::Text),
        ("compare-metric", Column::Text),
        ("compare-side", Column::Text),
        ("compare-baseline", Column::Figure),
        ("compare-value", Column::Figure),
        ("compare-change", Column::Figure),
        ("forest-column-difference-interval", Column::Figure),
        ("forest-column-ratio", Column::Figure),
        ("forest-column-ratio-interval", Column::Figure),
        ("compare-p", Column::Figure),
        ("term-outcome", Column::Text),
        ("forest-column-reason", Column::Text),
    ];
    let mut table = DataTable::new(columns.map(|(id, kind)| (lang.text(id), kind)));
    table.rows =
        changes(comparison).map(|(metric, place, change)| cells(metric, place, change, lang)).collect();
    table
}

fn cells(metric: &MetricComparison, place: usize, change: &Change, lang: Lang) -> Vec<String> {
    let none = || "–".to_owned();
    let value = |side: usize| metric.values.get(side).and_then(|value| value.value);
    let difference = |of: f64| measure::difference(metric.unit, of, lang);
    let range = |ends: Option<[f64; 2]>, read: &dyn Fn(f64) -> String| match ends {
        Some([low, high]) => {
            lang.say("chart-range", [("low", read(low).into()), ("high", read(high).into())])
        }
        None => none(),
    };
    let ends = |of: Option<Estimate>| of.and_then(|estimate| estimate.interval);
    vec![
        metric.scenario.clone(),
        metric_name(metric.metric, lang),
        change.side.clone(),
        measure::value_or(metric.unit, value(0), lang),
        measure::value_or(metric.unit, value(place + 1), lang),
        change.difference.map_or_else(none, |of| difference(of.value)),
        range(ends(change.difference), &difference),
        change.ratio.map_or_else(none, |of| measure::change(of.value)),
        range(ends(change.ratio), &measure::change),
        change.p_corrected.map_or_else(none, p_value),
        measure::outcome(change.outcome, lang),
        change.reason.as_ref().map_or_else(none, |reason| lang.read(reason)),
    ]
}

/// A small one does not read as 0.
fn p_value(p: f64) -> String {
    if p < 0.005 { format!("{p:.1e}") } else { format::number(p) }
}

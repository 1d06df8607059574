//! What the heat map says, in the language of the report: on the picture, instead of it and below it. Pure.

use super::layout::Layout;
use super::series::Marks;
use crate::compare::{MetricComparison, Unit};
use crate::lang::Lang;
use crate::report::chart::measure;
use crate::report::chart::text::sentences;
use crate::report::chart::{Column, DataTable};
use crate::report::view::comparison::metric_name;
use crate::sweep::Recommendation;

/// The text alternative names the best of so many panels.
const MOST_BEST: usize = 2;

/// Every text on the picture that is not a panel's own.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Words {
    pub(super) title: String,
    pub(super) caption: String,
    pub(super) best: String,
    pub(super) worst: String,
    pub(super) chosen: String,
    pub(super) planned: String,
    pub(super) fails: String,
    pub(super) not_run: String,
    /// Stands where a flag is not given.
    pub(super) default: String,
}

impl Words {
    pub(super) fn new(recommendation: &Recommendation, layout: &Layout, lang: Lang) -> Self {
        let settings = recommendation.standings.len().into();
        let constant: Vec<_> =
            layout.constant.iter().map(|(flag, value)| format!("{flag}={value}")).collect();
        let caption = if constant.is_empty() {
            lang.say("heat-caption", [("n", settings)])
        } else {
            lang.say("heat-caption-all", [("n", settings), ("constant", lang.list(&constant).into())])
        };
        Self {
            title: lang.text("heat-title"),
            caption,
            best: lang.text("heat-best"),
            worst: lang.text("heat-worst"),
            chosen: lang.text("compare-is-chosen"),
            planned: lang.text("compare-is-planned"),
            fails: lang.text("sweep-mark-fails"),
            not_run: lang.text("heat-not-run"),
            default: lang.text("heat-default"),
        }
    }
}

/// The name of a metric of a scenario.
pub(super) fn group(metric: &MetricComparison, lang: Lang) -> String {
    let args =
        [("metric", measure::heading(metric.metric, lang).into()), ("scenario", (&metric.scenario).into())];
    lang.say("forest-group", args)
}

/// What is counted, where a value needs a word for it.
pub(super) fn unit(unit: Unit, lang: Lang) -> Option<String> {
    match unit {
        Unit::Requests => Some(lang.text("heat-unit-requests")),
        Unit::Attempts | Unit::Us | Unit::Ratio => None,
    }
}

/// Which setting is best in what, and which one is recommended.
pub(super) fn alt(
    metrics: &[&MetricComparison],
    recommendation: &Recommendation,
    layout: &Layout,
    lang: Lang,
) -> String {
    let standings = &recommendation.standings;
    let flag = layout.across.first().map_or("", |(flag, _)| flag.as_str());
    let first = lang.say("heat-alt", [("n", standings.len().into()), ("flag", flag.into())]);
    let best = metrics.iter().take(MOST_BEST).filter_map(|metric| {
        let values = metric.values.iter().enumerate().filter_map(|(place, side)| Some((place, side.value?)));
        let key = |value: f64| if metric.higher_is_better { -value } else { value };
        let (place, value) = values.min_by(|a, b| key(a.1).total_cmp(&key(b.1)))?;
        let same = metric.values.iter().filter(|side| side.value == Some(value)).count();
        let setting = standings.get(place)?.setting.to_string();
        let args = [
            ("group", group(metric, lang).into()),
            ("value", measure::value(metric.unit, value, lang).into()),
            ("setting", setting.into()),
            ("others", (same - 1).into()),
        ];
        Some(lang.say("heat-alt-best", args))
    });
    let chosen = recommendation.chosen.and_then(|place| standings.get(place));
    let chosen = chosen
        .map(|standing| lang.say("sweep-alt-chosen", [("setting", standing.setting.to_string().into())]));
    sentences(lang, &[first].into_iter().chain(best).chain(chosen).collect::<Vec<_>>())
}

/// A row for each setting and metric.
pub(super) fn table(metrics: &[&MetricComparison], recommendation: &Recommendation, lang: Lang) -> DataTable {
    let columns = [
        ("term-scenario", Column::Text),
        ("compare-metric", Column::Text),
        ("compare-setting", Column::Text),
        ("compare-value", Column::Figure),
        ("compare-n", Column::Figure),
        ("sweep-column-marks", Column::Text),
    ];
    let mut table = DataTable::new(columns.map(|(id, kind)| (lang.text(id), kind)));
    for metric in metrics {
        for (place, standing) in recommendation.standings.iter().enumerate() {
            let side = metric.values.get(place);
            table.rows.push(vec![
                metric.scenario.clone(),
                metric_name(metric.metric, lang),
                standing.setting.to_string(),
                measure::value_or(metric.unit, side.and_then(|side| side.value), lang),
                lang.count_or(side.map(|side| side.n)),
                marks(Marks::of(recommendation, place, standing), lang),
            ]);
        }
    }
    table
}

/// What there is to say of a setting, or nothing.
fn marks(marks: Marks, lang: Lang) -> String {
    let all = [
        (marks.chosen, "compare-is-chosen"),
        (marks.planned, "compare-is-planned"),
        (marks.fails, "sweep-mark-fails"),
    ];
    let said: Vec<_> = all.into_iter().filter(|(is, _)| *is).map(|(_, id)| lang.text(id)).collect();
    if said.is_empty() { "–".to_owned() } else { lang.list(&said) }
}

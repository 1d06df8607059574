//! What the scatter of settings says, in the language of the report: on the picture, instead of it and below it. Pure.

use super::series::{Cost, Panel, on_fronts};
use crate::analysis::model::Verdict;
use crate::compare::Unit;
use crate::lang::{Arg, Lang, format};
use crate::report::chart::measure;
use crate::report::chart::text::{ms, sentences};
use crate::report::chart::{Column, DataTable};
use crate::sweep::{Recommendation, Standing};

/// Every text on the picture that is not a setting's own.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Words {
    pub(super) title: String,
    pub(super) caption: String,
    /// The legend: what passes, what fails, what is not decided.
    pub(super) verdicts: [(Verdict, String); 3],
    pub(super) front: String,
    pub(super) chosen: String,
    pub(super) planned: String,
    restarts: String,
    lost: String,
    pub(super) x: String,
    pub(super) x_log: String,
    pub(super) y_log: String,
    pub(super) list: String,
}

impl Words {
    pub(super) fn new(recommendation: &Recommendation, panels: &[Panel], lang: Lang) -> Self {
        let verdicts = [Verdict::Pass, Verdict::Fail, Verdict::Inconclusive];
        let front = panels.iter().any(|panel| !panel.front.is_empty());
        Self {
            title: lang.text("pareto-title"),
            caption: lang.say("pareto-caption", [("n", recommendation.standings.len().into())]),
            verdicts: verdicts.map(|verdict| (verdict, self::verdict(verdict, lang))),
            front: lang.text(if front { "pareto-front" } else { "pareto-no-front" }),
            chosen: lang.text("compare-is-chosen"),
            planned: lang.text("compare-is-planned"),
            restarts: cost(Cost::Restarts, lang),
            lost: cost(Cost::GoodputLost, lang),
            x: lang.text("pareto-x"),
            x_log: lang.text("pareto-x-log"),
            y_log: lang.text("pareto-y-log"),
            list: lang.text("pareto-list"),
        }
    }

    /// The name of an upright axis, with its unit.
    pub(super) fn y(&self, cost: Cost) -> &str {
        match cost {
            Cost::Restarts => &self.restarts,
            Cost::GoodputLost => &self.lost,
        }
    }
}

fn verdict(verdict: Verdict, lang: Lang) -> String {
    lang.text(match verdict {
        Verdict::Pass => "pareto-passes",
        Verdict::Fail => "sweep-mark-fails",
        Verdict::Inconclusive => "pareto-undecided",
    })
}

fn cost(cost: Cost, lang: Lang) -> String {
    lang.text(match cost {
        Cost::Restarts => "pareto-restarts",
        Cost::GoodputLost => "pareto-lost",
    })
}

/// A setting with its figures and what there is to say of it.
pub(super) fn entry(standing: &Standing, chosen: bool, fronts: &[Cost], lang: Lang) -> String {
    let figure = |id: &str, unit: Unit, value: Option<f64>| {
        value.map(|value| lang.say(id, [("value", measure::value(unit, value, lang).into())]))
    };
    let drawn = standing.recovery_us.is_some() && Cost::ALL.iter().any(|cost| cost.of(standing).is_some());
    let why =
        if standing.recovery_us.is_none() { "pareto-not-drawn-recovery" } else { "pareto-not-drawn-cost" };
    let parts = [
        figure("pareto-entry-recovery", Unit::Us, standing.recovery_us),
        figure("pareto-entry-restarts", Unit::Attempts, standing.restarts),
        figure("pareto-entry-lost", Unit::Requests, standing.goodput_lost),
        Some(verdict(standing.verdict, lang)),
        chosen.then(|| lang.text("compare-is-chosen")),
        standing.planned.then(|| lang.text("compare-is-planned")),
        (!fronts.is_empty()).then(|| lang.text("pareto-on-front")),
        (!drawn).then(|| lang.text(why)),
    ];
    let parts = parts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    lang.say("pareto-entry", [("setting", standing.setting.to_string().into()), ("parts", parts.into())])
}

/// How many pass, what is on the fronts, and which one is recommended.
pub(super) fn alt(recommendation: &Recommendation, panels: &[Panel], lang: Lang) -> String {
    let standings = &recommendation.standings;
    let passing = standings.iter().filter(|standing| standing.verdict == Verdict::Pass).count();
    let first = lang.say("pareto-alt", [("n", standings.len().into()), ("passing", passing.into())]);
    let fronts = panels.iter().filter(|panel| !panel.front.is_empty()).map(|panel| {
        let setting = |place: &usize| Arg::from(standings[panel.points[*place].entry].setting.to_string());
        let settings = Arg::List(panel.front.iter().map(setting).collect());
        lang.say("pareto-alt-front", [("cost", cost(panel.cost, lang).into()), ("settings", settings)])
    });
    let chosen = recommendation.chosen.and_then(|place| standings.get(place));
    let chosen = chosen
        .map(|standing| lang.say("sweep-alt-chosen", [("setting", standing.setting.to_string().into())]));
    sentences(lang, &[first].into_iter().chain(fronts).chain(chosen).collect::<Vec<_>>())
}

/// A row for each setting.
pub(super) fn table(recommendation: &Recommendation, panels: &[Panel], lang: Lang) -> DataTable {
    let columns = [
        ("term-episode-number", Column::Figure),
        ("compare-setting", Column::Text),
        ("term-verdict", Column::Text),
        ("pareto-column-recovery", Column::Figure),
        ("pareto-column-restarts", Column::Figure),
        ("pareto-column-lost", Column::Figure),
        ("pareto-column-front", Column::Text),
        ("sweep-column-marks", Column::Text),
    ];
    let mut table = DataTable::new(columns.map(|(id, kind)| (lang.text(id), kind)));
    let number = |value: Option<f64>| value.map_or_else(|| lang.text("not-observed"), format::number);
    let or_none = |said: Vec<String>| if said.is_empty() { "–".to_owned() } else { lang.list(&said) };
    let row = |(place, standing): (usize, &Standing)| {
        let fronts = on_fronts(panels, place).into_iter().map(|of| cost(of, lang)).collect();
        let marks = [
            (recommendation.chosen == Some(place), "compare-is-chosen"),
            (standing.planned, "compare-is-planned"),
        ];
        let marks = marks.into_iter().filter(|(is, _)| *is).map(|(_, id)| lang.text(id)).collect();
        let recovery = standing.recovery_us.map(|us| ms(format::micros(us)));
        vec![
            format::count(place as u64 + 1),
            standing.setting.to_string(),
            verdict(standing.verdict, lang),
            recovery.unwrap_or_else(|| lang.text("not-observed")),
            number(standing.restarts),
            number(standing.goodput_lost),
            or_none(fronts),
            or_none(marks),
        ]
    };
    table.rows = recommendation.standings.iter().enumerate().map(row).collect();
    table
}

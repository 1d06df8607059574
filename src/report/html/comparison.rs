//! The page of a comparison, and of the sweep that it may come from.

use std::collections::BTreeSet;

use askama::Template;
use serde::Serialize;

use super::figure::Figures;
use crate::compare::{ChangeOutcome, Weight};
use crate::lang::Lang;
use crate::report::comparison::Compared;
use crate::report::view::comparison::{self as view, ChangeView, Tally};
use crate::report::view::standing::{self, POLICY_FILE, StandingView};
use crate::report::{ReportError, chart};

/// What sorts the tables. Without it the page is complete.
const SCRIPT: &str = include_str!("sort.js");

/// SHA-256 of [`SCRIPT`] in base64, the only script that the page lets run. A test compares it.
pub(super) const SCRIPT_SHA256: &str = "r9Q8/epCI/hFd46hqD9ygSqYu3KhRmbIOYSzIm9mNio=";

/// The template and all that it shows.
#[derive(Template)]
#[template(path = "comparison.html")]
struct Document<'a> {
    page: &'a Page,
    figures: &'a Figures,
    lang: Lang,
    script: &'static str,
    script_sha256: &'static str,
}

/// What the page shows, as text.
#[derive(Debug, Serialize)]
struct Page {
    question: String,
    class: &'static str,
    headline: String,
    tally: String,
    line: String,
    forced: bool,
    /// Symbol, class and text of each change that is claimed.
    claims: Vec<(&'static str, &'static str, String)>,
    recommendation: Option<Recommended>,
    sides: Vec<String>,
    differences: Vec<DifferenceRow>,
    caveats: Vec<String>,
    several_scenarios: bool,
    changes: Vec<ChangeView>,
    runs: Vec<RunRow>,
    method: Vec<String>,
}

/// What a sweep comes to.
#[derive(Debug, Serialize)]
struct Recommended {
    setting: Option<String>,
    reasons: Vec<String>,
    undecided: Vec<String>,
    policy: Option<String>,
    policy_meaning: String,
    columns: [String; 9],
    standings: Vec<StandingView>,
}

/// Something that is not the same in all runs.
#[derive(Debug, Serialize)]
struct DifferenceRow {
    name: String,
    class: &'static str,
    weight: String,
    /// One text for each side.
    values: Vec<String>,
}

/// A run of a side.
#[derive(Debug, Serialize)]
struct RunRow {
    side: String,
    run_id: String,
    seed: String,
    trials: u64,
}

/// The whole page.
pub(crate) fn page(compared: &Compared<'_>, lang: Lang) -> Result<String, ReportError> {
    let pictures = chart::of_comparison(compared.sides, compared.comparison, compared.recommendation, lang);
    let figures = Figures::draw(&pictures, "", &BTreeSet::new(), lang)?;
    let page = Page::new(compared, lang);
    let document =
        Document { page: &page, figures: &figures, lang, script: SCRIPT, script_sha256: SCRIPT_SHA256 };
    Ok(document.render()?)
}

impl Page {
    fn new(compared: &Compared<'_>, lang: Lang) -> Self {
        let comparison = compared.comparison;
        let tally = Tally::of(comparison);
        let changes = view::changes(comparison, lang);
        let recommendation = compared.recommendation.map(|found| Recommended::new(found, lang));
        // Of a sweep the answer is the setting; what differs in what is its evidence.
        let (class, headline) = match &recommendation {
            Some(found) => {
                let class = if found.setting.is_some() { "pass" } else { "fail" };
                (class, found.reasons.first().cloned().unwrap_or_default())
            }
            None => (tally.class(), tally.headline(lang)),
        };
        let question = if recommendation.is_some() { "compare-sweep-question" } else { "compare-question" };
        Self {
            question: lang.text(question),
            class,
            headline,
            tally: tally.said(comparison.metrics.len(), lang),
            line: view::line(comparison, lang),
            forced: comparison.forced,
            claims: claims(compared, &changes, lang),
            recommendation,
            sides: comparison.sides.iter().map(|side| side.label.clone()).collect(),
            differences: differences(compared, lang),
            caveats: comparison.caveats.iter().map(|caveat| lang.read(caveat)).collect(),
            several_scenarios: changes.iter().any(|change| change.scenario != changes[0].scenario),
            changes,
            runs: runs(compared),
            method: view::method(comparison, lang),
        }
    }
}

impl Recommended {
    fn new(found: &crate::sweep::Recommendation, lang: Lang) -> Self {
        let chosen = found.chosen.map(|chosen| found.standings[chosen].setting.to_string());
        Self {
            setting: chosen,
            reasons: standing::reasons(found, lang),
            undecided: standing::undecided(found, lang),
            policy: standing::policy(found),
            policy_meaning: lang.say("compare-policy-meaning", [("file", POLICY_FILE.into())]),
            columns: standing::columns(lang),
            standings: standing::standings(found, lang),
        }
    }
}

fn claims(
    compared: &Compared<'_>,
    views: &[ChangeView],
    lang: Lang,
) -> Vec<(&'static str, &'static str, String)> {
    let outcomes = compared.comparison.metrics.iter().flat_map(|metric| &metric.changes);
    let claimed = |outcome| matches!(outcome, ChangeOutcome::Improved | ChangeOutcome::Regressed);
    let of = outcomes.zip(views).filter(|(change, _)| claimed(change.outcome));
    of.map(|(_, view)| (view.mark.symbol, view.mark.class, view::claim(view, lang))).collect()
}

fn differences(compared: &Compared<'_>, lang: Lang) -> Vec<DifferenceRow> {
    let row = |difference: &crate::compare::Difference| DifferenceRow {
        name: lang.read(&difference.name),
        class: match difference.weight {
            Weight::Compared => "pass",
            Weight::Noted => "inconclusive",
            Weight::Meaningless => "fail",
        },
        weight: view::weight(difference.weight, lang),
        values: difference
            .values
            .iter()
            .map(|side| lang.list(&side.iter().map(|value| value.read(lang)).collect::<Vec<_>>()))
            .collect(),
    };
    compared.comparison.differences.iter().map(row).collect()
}

fn runs(compared: &Compared<'_>) -> Vec<RunRow> {
    let of_side = |side: &crate::compare::SideSummary| {
        let label = side.label.clone();
        let row = move |run: &crate::compare::RunOf| RunRow {
            side: label.clone(),
            run_id: run.run_id.clone(),
            seed: run.seed.to_string(),
            trials: run.trials,
        };
        side.runs.iter().map(row).collect::<Vec<_>>()
    };
    compared.comparison.sides.iter().flat_map(of_side).collect()
}

#[cfg(test)]
mod tests;

//! What the page shows, as text. Pure: no markup but that of the curves, no file.

use std::collections::BTreeSet;

use serde::Serialize;

use super::MOST_DRAWN;
use super::episodes::{self, CurveView, EpisodeSection};
use super::facts::{self, Fact, LatencyRow, fact};
use super::goose::{self, GooseView};
use super::run::{self, PlannedScenario};
use super::trust::{self, Check};
use super::verdict::{self, Matrix, Reason, ScenarioCards};
use crate::analysis::model::{Episode, RunState};
use crate::analysis::{Analysis, Summary};
use crate::lang::{Lang, format};
use crate::report::view::chains::ChainView;
use crate::report::view::state::StoreRowView;
use crate::report::view::{self, Mark};

/// With more episodes than this they can be filtered, and they are printed closed.
const MANY: usize = 20;

/// The page.
#[derive(Debug, Serialize)]
pub(super) struct Page {
    pub(super) run_id: String,
    pub(super) mark: Mark,
    pub(super) headline: String,
    /// How many episodes ended how.
    pub(super) tally: String,
    pub(super) reasons: Vec<Reason>,
    /// Shown when the run did not come to its planned end.
    pub(super) state: Option<String>,
    pub(super) line: String,
    pub(super) matrix: Option<Matrix>,
    pub(super) scenarios: Vec<ScenarioCards>,
    pub(super) caveats: Vec<String>,
    pub(super) episodes: Vec<EpisodeSection>,
    /// What the episodes can be filtered by, when there are many.
    pub(super) filters: Option<Filters>,
    /// Shown when not every episode has a curve.
    pub(super) few_curves: Option<String>,
    pub(super) felt: Vec<LatencyRow>,
    pub(super) lost: Option<String>,
    pub(super) ledger: Vec<Fact>,
    pub(super) stores: StoresSection,
    pub(super) alert_totals: Vec<Fact>,
    pub(super) alerts: Vec<facts::AlertView>,
    pub(super) chains: Vec<ChainView>,
    pub(super) load: Vec<Fact>,
    /// Whether goose gave its own metrics.
    pub(super) has_goose: bool,
    pub(super) goose: Option<GooseView>,
    pub(super) checks: Vec<Check>,
    /// How many of the checks hold.
    pub(super) checks_held: String,
    pub(super) plan: Vec<Fact>,
    pub(super) planned: Vec<PlannedScenario>,
    pub(super) policy: Vec<Fact>,
}

/// What the outages of the stores did to the state.
#[derive(Debug, Serialize)]
pub(super) struct StoresSection {
    /// Which stores ran.
    pub(super) which: String,
    /// Whether stores were stopped, or were to be.
    pub(super) stopped: bool,
    pub(super) session_log_loss: Option<String>,
    pub(super) resyncs: Vec<Fact>,
    pub(super) rows: Vec<StoreRowView>,
}

/// What many episodes can be filtered by.
#[derive(Debug, Serialize)]
pub(super) struct Filters {
    /// Class and word of each outcome that there is.
    pub(super) outcomes: BTreeSet<(&'static str, String)>,
    pub(super) scenarios: BTreeSet<String>,
}

impl Page {
    /// `curve` draws the curve of those episodes that have one.
    pub(super) fn new<E>(
        analysis: &Analysis,
        lang: Lang,
        curve: impl Fn(&Episode) -> Result<Option<CurveView>, E>,
    ) -> Result<Self, E> {
        let summary = &analysis.summary;
        let episodes = episodes::sections(analysis, lang, curve)?;
        let checks = trust::checks(summary, lang);
        Ok(Self {
            run_id: summary.run_id.clone(),
            mark: Mark::new(summary.verdict, lang),
            headline: view::headline(summary.verdict, lang),
            tally: view::tally_episodes(&summary.episodes, lang),
            reasons: verdict::reasons(analysis, lang),
            state: state(summary, lang),
            line: line(summary, lang),
            matrix: verdict::matrix(summary, lang),
            scenarios: verdict::scenarios(summary, lang),
            caveats: summary.caveats.iter().map(|caveat| lang.read(caveat)).collect(),
            filters: filters(&episodes),
            few_curves: (episodes.len() > MOST_DRAWN)
                .then(|| lang.say("page-few-curves", [("n", MOST_DRAWN.into())])),
            episodes,
            felt: facts::latency(summary, lang),
            lost: facts::lost(&summary.episodes, lang),
            ledger: facts::ledger(summary.ledger.as_ref(), lang),
            stores: stores(summary, lang),
            alert_totals: facts::alert_totals(&summary.alerts, lang),
            alerts: analysis.alerts.iter().map(|alert| facts::AlertView::new(alert, lang)).collect(),
            chains: view::chains::chains(summary, lang),
            load: facts::load(summary, lang),
            has_goose: analysis.goose_metrics.is_some(),
            goose: analysis.goose_metrics.as_deref().and_then(|metrics| goose::view(metrics, lang)),
            checks_held: trust::held(&checks, lang),
            checks,
            plan: run::plan(summary, lang),
            planned: run::planned(&summary.plan, lang),
            policy: run::policy(&summary.plan),
        })
    }
}

/// How the run ended, when that is worth a word.
fn state(summary: &Summary, lang: Lang) -> Option<String> {
    if summary.state == RunState::Completed && summary.state_detail.is_none() {
        return None;
    }
    let how = lang.say("page-run-was", [("state", view::run_state(summary.state, lang).into())]);
    Some(match &summary.state_detail {
        Some(detail) => view::named(&how, detail, lang),
        None => how,
    })
}

/// When, and how long.
fn line(summary: &Summary, lang: Lang) -> String {
    let args =
        [("start", (&summary.started_at).into()), ("length", format::length(summary.duration_us).into())];
    lang.say("page-line", args)
}

fn filters(episodes: &[EpisodeSection]) -> Option<Filters> {
    let rows = || episodes.iter().map(|episode| &episode.row);
    (episodes.len() > MANY).then(|| Filters {
        outcomes: rows().map(|row| (row.class, row.outcome.clone())).collect(),
        scenarios: rows().map(|row| row.scenario.clone()).collect(),
    })
}

fn stores(summary: &Summary, lang: Lang) -> StoresSection {
    let resyncs = view::state::resyncs(summary, lang).into_iter().flatten();
    StoresSection {
        which: view::state::which(summary, lang),
        stopped: view::state::has_stores(summary),
        session_log_loss: view::state::loss(summary, lang),
        resyncs: resyncs.map(|(trigger, text)| fact(trigger, text)).collect(),
        rows: summary.stores.iter().map(|row| StoreRowView::new(row, lang)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;
    use crate::report::fixture;

    fn page(analysis: &Analysis, lang: Lang) -> Page {
        Page::new(analysis, lang, |_| Ok::<_, Infallible>(None)).unwrap()
    }

    fn check(name: &str, analysis: &Analysis, lang: Lang) {
        insta::assert_json_snapshot!(name, page(analysis, lang));
    }

    #[test]
    fn the_model_of_a_passing_run() {
        check("passing", &fixture::passing(), Lang::En);
    }

    #[test]
    fn the_model_of_a_failing_run() {
        check("failing", &fixture::failing(), Lang::En);
    }

    #[test]
    fn the_model_of_a_failing_run_in_japanese() {
        check("failing-ja", &fixture::failing(), Lang::Ja);
    }

    #[test]
    fn the_model_of_a_run_that_stops_stores() {
        check("stores", &fixture::broken_stores(), Lang::En);
    }

    #[test]
    fn the_model_of_a_run_with_chains() {
        let page = page(&fixture::chains(4), Lang::En);
        insta::assert_json_snapshot!("chains", (&page.chains, &page.alert_totals));
    }

    #[test]
    fn the_model_of_a_run_without_data() {
        check("empty", &fixture::empty(), Lang::En);
    }

    #[test]
    fn only_many_episodes_can_be_filtered() {
        assert!(page(&fixture::many(20), Lang::En).filters.is_none());
        let filters = page(&fixture::many(21), Lang::Ja).filters.unwrap();
        assert_eq!(filters.outcomes, BTreeSet::from([("recovered", "復旧".to_owned())]));
        assert_eq!(filters.scenarios.len(), 1);
    }

    #[test]
    fn a_page_on_which_not_every_episode_has_a_curve_says_so() {
        let most = u32::try_from(MOST_DRAWN).unwrap();
        assert_eq!(page(&fixture::many(most), Lang::En).few_curves, None);
        let said = page(&fixture::many(most + 1), Lang::En).few_curves.unwrap();
        assert!(said.contains(&MOST_DRAWN.to_string()), "{said}");
    }
}

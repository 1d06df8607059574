//! What the page shows, as text. Pure: no markup, no drawing.

use serde::Serialize;

use super::episodes::EpisodeSection;
use super::facts::{self, Fact, LatencyRow};
use crate::analysis::model::{Episode, Kpi, Outcome, RunState};
use crate::analysis::{Analysis, Summary};
use crate::lang::format;
use crate::report::chart::Described as _;
use crate::report::chart::cascade::Cascade;
use crate::report::chart::resync::Resync;
use crate::report::chart::timeline::Timeline;
use crate::report::view::chains::ChainView;
use crate::report::view::state::StoreRowView;
use crate::report::view::{self, KpiView, Mark};
use crate::report::words;

/// The page.
#[derive(Debug, Serialize)]
pub(super) struct Page {
    pub(super) run_id: String,
    pub(super) mark: Mark,
    pub(super) headline: &'static str,
    pub(super) reasons: Vec<String>,
    /// Shown when the run did not come to its planned end.
    pub(super) state: Option<String>,
    pub(super) line: String,
    pub(super) scenarios: Vec<ScenarioCards>,
    pub(super) caveats: Vec<String>,
    pub(super) timeline_alt: String,
    pub(super) timeline: Vec<TimelineRow>,
    pub(super) recovery_alt: String,
    pub(super) phases: Vec<(&'static str, &'static str)>,
    pub(super) episodes: Vec<EpisodeSection>,
    /// Whether any of them has an end of the fault.
    pub(super) ends: bool,
    pub(super) chains: Vec<ChainView>,
    pub(super) chains_alt: String,
    pub(super) felt: Vec<LatencyRow>,
    pub(super) lost: Option<String>,
    pub(super) ledger: Vec<Fact>,
    pub(super) loss_rate: Option<String>,
    pub(super) stores: StoresSection,
    pub(super) alert_totals: Vec<Fact>,
    pub(super) alerts: Vec<facts::AlertView>,
    pub(super) load: Vec<Fact>,
    pub(super) plan: Vec<Fact>,
    pub(super) planned: Vec<facts::PlannedScenario>,
    pub(super) lag: Vec<facts::LagRow>,
    pub(super) harness: Vec<Fact>,
    pub(super) goose: bool,
}

/// What the outages of the stores did to the state.
#[derive(Debug, Serialize)]
pub(super) struct StoresSection {
    /// Which stores ran.
    pub(super) which: String,
    pub(super) session_log_loss: Option<String>,
    pub(super) resyncs: Vec<Fact>,
    pub(super) rows: Vec<StoreRowView>,
    pub(super) columns: [&'static str; 5],
    pub(super) episodes: Vec<StoreEpisode>,
    /// Of the figure, which only a run that stops stores has.
    pub(super) alt: Option<String>,
}

/// The state after one store episode.
#[derive(Debug, Serialize)]
pub(super) struct StoreEpisode {
    pub(super) id: u32,
    pub(super) fault: String,
    pub(super) target: String,
    /// A cell for each of the columns.
    pub(super) cells: [String; 5],
}

/// The KPIs of one scenario.
#[derive(Debug, Serialize)]
pub(super) struct ScenarioCards {
    pub(super) name: String,
    pub(super) mark: Mark,
    pub(super) trials: String,
    pub(super) cards: Vec<Card>,
}

/// One KPI.
#[derive(Debug, Serialize)]
pub(super) struct Card {
    pub(super) kpi: KpiView,
    pub(super) gauge: Option<Gauge>,
}

/// A rate, its interval and its pass line on a scale from 0 to 100.
#[derive(Debug, Serialize)]
pub(super) struct Gauge {
    pub(super) value: f64,
    pub(super) low: f64,
    pub(super) width: f64,
    pub(super) line: f64,
}

/// One bin of the timeline.
#[derive(Debug, Serialize)]
pub(super) struct TimelineRow {
    pub(super) from: String,
    pub(super) ok: String,
    pub(super) failed: String,
    pub(super) errors: String,
    pub(super) p50: String,
    pub(super) p99: String,
}

impl Page {
    pub(super) fn new(
        analysis: &Analysis,
        timeline: &Timeline,
        resync: Option<&Resync>,
        cascade: Option<&Cascade>,
    ) -> Self {
        let summary = &analysis.summary;
        Self {
            run_id: summary.run_id.clone(),
            mark: summary.verdict.into(),
            headline: words::headline(summary.verdict),
            reasons: view::reasons(summary),
            state: (summary.state != RunState::Completed || summary.state_detail.is_some()).then(|| {
                let detail = summary.state_detail.as_deref().map(|text| format!(": {text}"));
                format!("{}{}", words::state(summary.state), detail.unwrap_or_default())
            }),
            line: format!(
                "started {} · took {} · {}",
                summary.started_at,
                format::length(summary.duration_us),
                view::outcomes(&summary.episodes)
            ),
            scenarios: scenarios(analysis),
            caveats: summary.caveats.iter().map(|caveat| caveat.text.clone()).collect(),
            timeline_alt: timeline_alt(analysis, timeline),
            timeline: timeline_rows(timeline),
            recovery_alt: recovery_alt(analysis),
            phases: words::PHASES.to_vec(),
            episodes: super::episodes::sections(analysis),
            ends: resync.is_some()
                || summary.episodes.iter().any(|episode| episode.recovery_from_end_us.is_some()),
            chains: view::chains::chains(summary),
            chains_alt: cascade.map(Cascade::alt).unwrap_or_default(),
            felt: facts::latency(summary),
            lost: lost(analysis),
            ledger: facts::ledger(summary.ledger.as_ref()),
            loss_rate: summary.ledger.as_ref().and_then(view::loss_rate),
            stores: stores(summary, resync),
            alert_totals: facts::alert_totals(&summary.alerts),
            alerts: analysis.alerts.iter().map(facts::AlertView::new).collect(),
            load: facts::load(summary),
            plan: facts::plan(summary),
            planned: facts::planned(&summary.plan),
            lag: facts::lag(&summary.harness),
            harness: facts::harness(summary),
            goose: analysis.goose_metrics.is_some(),
        }
    }
}

fn stores(summary: &Summary, resync: Option<&Resync>) -> StoresSection {
    let resyncs = view::state::resyncs(summary).into_iter().flatten();
    StoresSection {
        which: view::state::stores(summary).to_owned(),
        session_log_loss: view::state::loss(summary),
        resyncs: resyncs.map(|(trigger, text)| facts::fact(trigger, text)).collect(),
        rows: summary.stores.iter().map(StoreRowView::new).collect(),
        columns: ["outage", "time to resync", "spooled", "replayed", "state"],
        episodes: summary.episodes.iter().filter_map(store_episode).collect(),
        alt: resync.map(Resync::alt),
    }
}

fn store_episode(episode: &Episode) -> Option<StoreEpisode> {
    let state = episode.state.as_ref()?;
    Some(StoreEpisode {
        id: episode.id,
        fault: episode.fault.clone(),
        target: episode.target.clone(),
        cells: [
            format::length_or(state.outage_us),
            format::length_or(state.resync_us),
            view::state::count_or(state.spooled),
            view::state::count_or(state.replayed),
            view::state::resynced_because(state),
        ],
    })
}

fn scenarios(analysis: &Analysis) -> Vec<ScenarioCards> {
    let summary = &analysis.summary;
    let cards = |name: &str| {
        let kpis = summary.kpis.iter().filter(|kpi| kpi.scenario == name);
        kpis.map(|kpi| Card { kpi: KpiView::new(kpi), gauge: gauge(kpi) }).collect()
    };
    summary
        .scenarios
        .iter()
        .map(|scenario| ScenarioCards {
            name: scenario.name.clone(),
            mark: scenario.verdict.into(),
            trials: view::chains::trials(summary, scenario),
            cards: cards(&scenario.name),
        })
        .collect()
}

fn gauge(kpi: &Kpi) -> Option<Gauge> {
    let percent = |share: f64| (share.clamp(0.0, 1.0) * 1_000.0).round() / 10.0;
    let value = kpi.value.filter(|_| kpi.unit == "ratio")?;
    let [low, high] = kpi.interval.unwrap_or([value, value]);
    Some(Gauge {
        value: percent(value),
        low: percent(low),
        width: percent(high - low),
        line: percent(kpi.threshold.limit),
    })
}

/// What the picture shows, for those who do not see it.
fn timeline_alt(analysis: &Analysis, timeline: &Timeline) -> String {
    if timeline.samples.is_empty() {
        return "No data: no request of a user was journalled.".to_owned();
    }
    let shaded = timeline.windows.iter().filter(|window| window.outcome != Outcome::Void).count();
    let peak = timeline.samples.iter().map(|sample| sample.ok_per_s).fold(0.0, f64::max);
    let worst = timeline.samples.iter().filter_map(|sample| sample.error_percent).fold(0.0, f64::max);
    let read_backs = match timeline.read_backs.len() as u64 {
        0 => String::new(),
        n => format!(" Users were held still for {}.", format::counted(n, "read-back", "read-backs")),
    };
    format!(
        "Requests per second, error rate and latency of the users over {}, with {} shaded. Goodput peaks at {} \
         requests a second; the worst point has {} failed requests.{read_backs}",
        format::length(analysis.summary.duration_us),
        format::counted(shaded as u64, "fault window", "fault windows"),
        format::number(peak),
        format::ratio(worst / 100.0),
    )
}

fn recovery_alt(analysis: &Analysis) -> String {
    let episodes = &analysis.summary.episodes;
    let times = || episodes.iter().filter_map(|episode| episode.recovery_us);
    match (times().min(), times().max()) {
        (Some(only), Some(slowest)) if only == slowest => format!(
            "Recovery time of each episode, split into phases. {}; recovery took {}.",
            view::outcomes(episodes),
            format::length(only)
        ),
        (Some(fastest), Some(slowest)) => format!(
            "Recovery time of each episode, split into phases. {}; recovery took from {} to {}.",
            view::outcomes(episodes),
            format::length(fastest),
            format::length(slowest)
        ),
        _ => format!("No data: no episode recovered ({}).", view::outcomes(episodes)),
    }
}

fn timeline_rows(timeline: &Timeline) -> Vec<TimelineRow> {
    let length =
        |us: Option<f64>| us.map_or_else(|| "no data".to_owned(), |us| format::length(format::micros(us)));
    timeline
        .samples
        .iter()
        .map(|sample| TimelineRow {
            from: format!("{:.1}", sample.from_s),
            ok: format::number(sample.ok_per_s),
            failed: format::number(sample.failed_per_s),
            errors: sample
                .error_percent
                .map_or_else(|| "no data".to_owned(), |percent| format::ratio(percent / 100.0)),
            p50: length(sample.p50_us),
            p99: length(sample.p99_us),
        })
        .collect()
}

/// What the faults cost in goodput.
fn lost(analysis: &Analysis) -> Option<String> {
    let known: Vec<_> =
        analysis.summary.episodes.iter().filter_map(|episode| episode.goodput_lost_requests).collect();
    (!known.is_empty()).then(|| {
        format!(
            "{} requests of goodput lost in {} (area between baseline goodput and goodput, from t0 to the end).",
            format::number(known.iter().sum()),
            format::counted(known.len() as u64, "episode", "episodes")
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;
    use crate::report::fixture;

    fn check(name: &str, analysis: &Analysis) {
        let resync = Resync::of(&analysis.summary, Lang::En);
        let cascade = Cascade::of(analysis, Lang::En);
        let page = Page::new(analysis, &Timeline::new(analysis, Lang::En), resync.as_ref(), cascade.as_ref());
        insta::assert_json_snapshot!(name, page, { ".timeline" => "[bins]" });
    }

    #[test]
    fn the_model_of_a_passing_run() {
        check("passing", &fixture::passing());
    }

    #[test]
    fn the_model_of_a_failing_run() {
        check("failing", &fixture::failing());
    }

    #[test]
    fn the_model_of_a_run_that_stops_stores() {
        check("stores", &fixture::broken_stores());
    }

    #[test]
    fn the_model_of_a_run_with_chains() {
        let analysis = fixture::chains(4);
        let cascade = Cascade::of(&analysis, Lang::En);
        let page = Page::new(&analysis, &Timeline::new(&analysis, Lang::En), None, cascade.as_ref());
        insta::assert_json_snapshot!("chains", (&page.chains, &page.chains_alt, &page.alert_totals));
    }

    #[test]
    fn the_model_of_a_run_without_data() {
        check("empty", &fixture::empty());
    }

    #[test]
    fn only_a_rate_has_a_gauge() {
        let page = Page::new(&fixture::passing(), &Timeline::new(&fixture::passing(), Lang::En), None, None);
        let gauges: Vec<_> = page.scenarios[0].cards.iter().map(|card| card.gauge.is_some()).collect();
        assert_eq!(gauges, [true, false, false]);
    }

    #[test]
    fn a_bin_without_requests_has_no_data_rather_than_zero() {
        let mut analysis = fixture::passing();
        analysis.timeline.bins[3] = crate::analysis::model::Bin::default();
        let row = &timeline_rows(&Timeline::new(&analysis, Lang::En))[3];
        assert_eq!((row.errors.as_str(), row.p50.as_str()), ("no data", "no data"));
    }
}

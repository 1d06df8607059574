//! How a run stands, as it is sent. Pure.

mod alerts;

use super::model::{
    ClosedEpisode, FaultWindow, KpiCell, LaneState, LiveLane, LivePhase, LiveRun, LiveScenario, LiveState,
    LiveStretch, MOST_EPISODES, OpenEpisode, Progress, Recovery, Series,
};
use crate::analysis::model::{self, ChainSummary, Episode, Kpi, Lane, Outcome, Phases, RunState};
use crate::analysis::trial::trials;
use crate::analysis::{self, ScenarioStanding, Standing, Summary, Verdict};
use crate::journal::event::ScenarioRecord;
use crate::lang::Lang;
use crate::lang::format::{length, micros};
use crate::report::Mark;
use crate::report::view;

/// Everything that an event is made of.
pub(super) struct Moment<'a> {
    pub(super) standing: &'a Standing,
    /// The newest instant that the journal shows: it may be a moment later than what was judged.
    pub(super) now_us: u64,
    pub(super) series: Series,
    pub(super) unreadable_lines: u64,
    pub(super) state: LiveState,
    /// Its report, once there is one: then that is what was judged.
    pub(super) report: Option<&'a Report>,
}

/// The report of a run.
#[derive(Debug)]
pub(super) struct Report {
    /// Where it is on this server, if it has a page.
    pub(super) address: Option<String>,
    pub(super) summary: Summary,
}

/// What was judged: by the report, or so far.
struct Judged<'a> {
    is_final: bool,
    verdict: Verdict,
    kpis: &'a [Kpi],
    episodes: &'a [Episode],
    chains: &'a [ChainSummary],
    scenarios: Vec<(&'a str, Verdict)>,
}

impl<'a> Judged<'a> {
    fn of(moment: &Moment<'a>) -> Self {
        match moment.report {
            Some(Report { summary, .. }) => Self {
                is_final: true,
                verdict: summary.verdict,
                kpis: &summary.kpis,
                episodes: &summary.episodes,
                chains: &summary.chains,
                scenarios: summary.scenarios.iter().map(|own| (own.name.as_str(), own.verdict)).collect(),
            },
            None => Self {
                is_final: false,
                verdict: moment.standing.verdict,
                kpis: &moment.standing.kpis,
                episodes: &moment.standing.episodes,
                chains: &moment.standing.chains,
                scenarios: moment
                    .standing
                    .scenarios
                    .iter()
                    .map(|own| (own.summary.name.as_str(), own.summary.verdict))
                    .collect(),
            },
        }
    }
}

/// The run as it is sent.
pub(super) fn run(moment: Moment<'_>, lang: Lang) -> LiveRun {
    let standing = moment.standing;
    let (started, plan) = (&standing.run, &standing.run.plan);
    let judged = Judged::of(&moment);
    let since_us = moment.series.from_s * 1_000_000;
    let live = moment.state == LiveState::Running;
    let planned = plan.scenarios.iter().map(planned).sum::<Option<u32>>();
    LiveRun {
        id: started.run.clone(),
        started_at_unix_us: started.started_at_unix_us,
        now_us: moment.now_us,
        state: moment.state,
        state_text: state_text(moment.state, standing, lang),
        phase: live.then(|| phase(standing, lang)),
        base_url: plan.base_url.clone(),
        stores: plan.stores.clone(),
        users: plan.users,
        labels: started.labels.clone(),
        verdict: Mark::new(judged.verdict, lang),
        is_final: moment.report.is_some(),
        report: moment.report.and_then(|report| report.address.clone()),
        episode: standing.scenarios.iter().map(|scenario| scenario.episodes).sum(),
        episodes_planned: planned,
        scenarios: standing
            .scenarios
            .iter()
            .zip(&plan.scenarios)
            .map(|(own, plan)| scenario(own, plan, &judged, lang))
            .collect(),
        recovery: recovery(&judged, lang),
        open: standing.open.iter().map(|own| open(own, lang)).collect(),
        episodes: judged
            .episodes
            .iter()
            .rev()
            .take(MOST_EPISODES)
            .map(|episode| closed(episode, lang))
            .collect(),
        faults: windows(standing, &judged, since_us),
        lanes: standing.lanes.iter().map(|own| lane(own, standing.now_us, since_us, lang)).collect(),
        alerts: alerts::alerts(standing, lang),
        series: moment.series,
        unreadable_lines: moment.unreadable_lines,
    }
}

/// Faults that a scenario is to inject; chains are injected for a time, so that their number is not known beforehand.
fn planned(scenario: &ScenarioRecord) -> Option<u32> {
    match scenario.duration_us {
        Some(_) => None,
        None if scenario.fault == model::NO_FAULT => Some(0),
        None => Some(scenario.iterations),
    }
}

fn state_text(state: LiveState, standing: &Standing, lang: Lang) -> String {
    let of = |state| view::run_state(state, lang);
    let word = match state {
        LiveState::Running => return lang.text("live-running"),
        LiveState::Judging => return lang.text("live-judging"),
        LiveState::Completed => of(RunState::Completed),
        LiveState::Interrupted => of(RunState::Interrupted),
        LiveState::Aborted => of(RunState::Aborted),
        LiveState::Failed => of(RunState::Failed),
    };
    match (&standing.ended_detail, standing.ended) {
        (Some(detail), _) => view::with_detail(&word, detail, lang),
        (None, None) => view::with_detail(&word, &lang.text("detail-unfinished"), lang),
        (None, Some(_)) => word,
    }
}

/// What a run that goes on does just now.
fn phase(standing: &Standing, lang: Lang) -> String {
    let what = |open: &analysis::OpenEpisode| {
        lang.say("live-fault", [("fault", (&open.fault).into()), ("target", (&open.target).into())])
    };
    if let Some(first) = standing.open.first() {
        let names: Vec<_> = standing.open.iter().map(what).collect();
        let names = view::commas(&names, lang);
        let id = if first.in_effect { "live-phase-in-effect" } else { "live-phase-recovering" };
        return lang.say(id, [("what", names.into())]);
    }
    let begun = standing.scenarios.iter().any(|scenario| scenario.from_us.is_some());
    lang.text(if !standing.users_started {
        "live-phase-starting"
    } else if standing.scenarios.iter().all(|scenario| scenario.finished) {
        "live-phase-ending"
    } else if begun && standing.scenarios.iter().any(|scenario| scenario.episodes > 0) {
        "live-phase-between"
    } else {
        "live-phase-baseline"
    })
}

fn scenario(own: &ScenarioStanding, plan: &ScenarioRecord, judged: &Judged<'_>, lang: Lang) -> LiveScenario {
    let name = own.summary.name.as_str();
    let (progress, text) = match (own.from_us.is_some(), own.finished) {
        (_, true) => (Progress::Done, "live-progress-done"),
        (true, false) => (Progress::Running, "live-progress-running"),
        (false, false) => (Progress::Waiting, "live-progress-waiting"),
    };
    let verdict = judged
        .scenarios
        .iter()
        .find(|(of, _)| *of == name)
        .map_or(own.summary.verdict, |(_, verdict)| *verdict);
    LiveScenario {
        name: name.to_owned(),
        progress,
        progress_text: lang.text(text),
        episodes: own.episodes,
        episodes_planned: planned(plan),
        from_us: own.from_us,
        duration_us: plan.duration_us,
        verdict: Mark::new(verdict, lang),
        kpis: judged
            .kpis
            .iter()
            .filter(|kpi| kpi.scenario == name)
            .map(|kpi| cell(kpi, judged.is_final, lang))
            .collect(),
    }
}

/// A KPI so far, or the final one. One that the user defines is counted once the run is over.
fn cell(kpi: &Kpi, is_final: bool, lang: Lang) -> KpiCell {
    let cell = KpiCell::new(kpi, lang);
    if is_final || kpi.metric.is_none() {
        return cell;
    }
    KpiCell { counted: lang.text("live-kpi-at-the-end"), ..cell }
}

impl KpiCell {
    /// As the reports say it.
    pub(crate) fn new(kpi: &Kpi, lang: Lang) -> Self {
        let view = view::KpiView::new(kpi, lang);
        Self {
            id: kpi.id.clone(),
            name: view.name,
            scenario: view.scenario,
            value: kpi.value,
            unit: kpi.unit.clone(),
            text: view.value,
            line: view.line,
            counted: view.counted,
            mark: view.mark,
        }
    }
}

fn recovery(judged: &Judged<'_>, lang: Lang) -> Recovery {
    let trials = trials(judged.episodes, judged.chains);
    let count = |of: &dyn Fn(&analysis::trial::Trial<'_>) -> bool| {
        u32::try_from(trials.iter().filter(|trial| of(trial)).count()).unwrap_or(u32::MAX)
    };
    let times: Vec<u64> = trials.iter().filter_map(|trial| trial.recovery_us).collect();
    #[expect(clippy::cast_precision_loss, reason = "sums of recovery times are far below 2^52 µs")]
    let mean_us = (!times.is_empty()).then(|| micros(times.iter().sum::<u64>() as f64 / times.len() as f64));
    let worst_us = times.iter().copied().max();
    Recovery {
        recovered: count(&|trial| trial.outcome == Outcome::Recovered),
        decided: count(&|trial| trial.counts()),
        mean_us,
        mean: lang.length_or(mean_us),
        worst_us,
        worst: lang.length_or(worst_us),
    }
}

fn open(own: &analysis::OpenEpisode, lang: Lang) -> OpenEpisode {
    OpenEpisode {
        id: own.id,
        scenario: own.scenario.clone(),
        fault: own.fault.clone(),
        target: own.target.clone(),
        chain: own.chain,
        t0_us: own.t0_us,
        action_us: own.action_us,
        deadline_us: own.deadline_us,
        in_effect: own.in_effect,
        phases: phases(&own.phases_us, own.of_stores, lang),
    }
}

fn closed(episode: &Episode, lang: Lang) -> ClosedEpisode {
    let view = view::EpisodeView::new(episode, lang);
    let observed =
        phases(&episode.phases_us, true, lang).into_iter().filter(|phase| phase.length_us.is_some());
    ClosedEpisode {
        id: view.id,
        scenario: view.scenario,
        fault: view.fault,
        target: view.target,
        outcome: view.class.to_owned(),
        outcome_text: view.outcome,
        t0_us: episode.t0_us,
        recovery_us: episode.recovery_us,
        recovery: view.recovery,
        alerts: view.alerts_expected,
        phases: observed.collect(),
    }
}

/// Every phase in order. Only where stores were hit there is a state to be restored.
fn phases(phases: &Phases, of_stores: bool, lang: Lang) -> Vec<LivePhase> {
    let all = view::all_phases(phases).into_iter().enumerate();
    let applies =
        all.filter(|(index, length)| of_stores || length.is_some() || view::PHASES[*index] != "restore");
    applies
        .map(|(index, length_us)| LivePhase {
            id: view::PHASES[index].to_owned(),
            name: view::phase_name(index, lang),
            length_us,
            length: length_us.map(length),
        })
        .collect()
}

/// When faults acted on users, from `since_us` on.
fn windows(standing: &Standing, judged: &Judged<'_>, since_us: u64) -> Vec<FaultWindow> {
    let name = |fault: &str, target: &str| format!("{fault} {target}");
    let acted = judged.episodes.iter().filter(|episode| episode.outcome != Outcome::Void);
    let closed = acted.map(|episode| FaultWindow {
        episode: episode.id,
        name: name(&episode.fault, &episode.target),
        from_us: episode.t0_us,
        to_us: Some(episode.end_us),
    });
    let open = standing.open.iter().filter_map(|open| {
        Some(FaultWindow {
            episode: open.id,
            name: name(&open.fault, &open.target),
            from_us: open.t0_us?,
            to_us: None,
        })
    });
    let mut all: Vec<_> =
        closed.chain(open).filter(|window| window.to_us.is_none_or(|to| to >= since_us)).collect();
    all.sort_by_key(|window| (window.from_us, window.episode));
    all
}

fn lane(own: &Lane, now_us: u64, since_us: u64, lang: Lang) -> LiveLane {
    let state = |state| match state {
        model::LaneState::Down => LaneState::Down,
        model::LaneState::Restarting => LaneState::Restarting,
    };
    let shown = own.stretches.iter().filter(|stretch| stretch.to_us >= since_us);
    let stretches: Vec<_> = shown
        .map(|stretch| LiveStretch {
            from_us: stretch.from_us,
            to_us: (stretch.to_us < now_us).then_some(stretch.to_us),
            state: state(stretch.state),
        })
        .collect();
    let now = match stretches.last() {
        Some(last) if last.to_us.is_none() => last.state,
        _ if !own.told => LaneState::Unknown,
        _ => LaneState::Well,
    };
    let id = match now {
        LaneState::Well => "live-lane-well",
        LaneState::Unknown => "not-observed",
        LaneState::Down => "cascade-down",
        LaneState::Restarting => "cascade-restarting",
    };
    LiveLane { name: own.name.clone(), state: now, state_text: lang.text(id), stretches }
}

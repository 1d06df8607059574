//! How a run stands while it goes on: from its control events alone, by the live run's own word on each episode.
//!
//! The probes are judged once the run is over ([`ProbePass`](super::ProbePass)); until then the run itself, which has watched them with the same
//! detector, has the word. Everything after that word is the same code as that of the final analysis, so what is shown meanwhile differs from it
//! only where the two came to different recoveries.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::alerts::{Matched, SinkOutages, Span, match_alerts};
use super::chains::chains;
use super::custom::unjudged;
use super::downtime::downtimes;
use super::episode::{Decided, closed, phases_so_far};
use super::interval::{MeanInterval, bootstrap_mean};
use super::kpi::kpis;
use super::lanes::lanes;
use super::model::{
    AlertRow, AlertTotals, ChainSummary, Episode, Expectation, Kpi, Lane, Phases, RunState, ScenarioSummary,
    Verdict,
};
use super::resyncs::Told;
use super::summary::{alert_rows, span};
use super::timeline::ControlTimeline;
use super::trial::trials;
use super::verdict::{overall, scenarios};
use super::watch::{Effect, Watch, watches};
use crate::journal::Micros;
use crate::journal::event::{Event, Line, RunStarted};

/// Takes the lines of one run as they come. Memory grows with its faults and alerts, never with its samples.
#[derive(Debug, Default)]
pub struct SoFar {
    control: ControlTimeline,
    /// The newest instant of any line.
    now: Micros,
    means: Means,
}

/// The intervals of means that were made last: resampling is most of what judging costs, and a mean changes with an episode only.
#[derive(Debug, Default)]
struct Means(RefCell<BTreeMap<String, Mean>>);

/// The interval of the mean of a scenario's times.
#[derive(Debug)]
struct Mean {
    times: Vec<f64>,
    interval: Option<MeanInterval>,
}

impl Means {
    fn of(&self, scenario: &str, times: &[f64], seed: u64) -> Option<MeanInterval> {
        let mut known = self.0.borrow_mut();
        if let Some(last) = known.get(scenario).filter(|last| last.times == times) {
            return last.interval;
        }
        let interval = bootstrap_mean(times, seed);
        known.insert(scenario.to_owned(), Mean { times: times.to_vec(), interval });
        interval
    }
}

/// How a run stands.
#[derive(Debug)]
pub struct Standing {
    /// What was planned.
    pub run: RunStarted,
    /// The newest instant that the journal shows.
    pub now_us: Micros,
    /// Whether every user has started.
    pub users_started: bool,
    /// How it ended; absent as long as it says nothing of that.
    pub ended: Option<RunState>,
    /// Why it ended so.
    pub ended_detail: Option<String>,
    /// What the episodes that were closed come to. A scenario that goes on is at best inconclusive.
    pub verdict: Verdict,
    /// Each planned scenario.
    pub scenarios: Vec<ScenarioStanding>,
    /// Every declared KPI of every scenario. One that the user defines is judged at the end.
    pub kpis: Vec<Kpi>,
    /// The faults whose episodes are open, in order.
    pub open: Vec<OpenEpisode>,
    /// The episodes that were closed, in order. What users felt is not counted in them.
    pub episodes: Vec<Episode>,
    /// The chains that are over.
    pub chains: Vec<ChainSummary>,
    /// Every alert that arrived, in order of arrival.
    pub alerts: Vec<AlertRow>,
    /// Every alert that was expected so far, and what became of it: undecided while it may still come.
    pub expectations: Vec<Expectation>,
    /// The alerts in total.
    pub alert_totals: AlertTotals,
    /// What each module and store did; a stretch that ends now has not ended.
    pub lanes: Vec<Lane>,
}

/// How a scenario stands.
#[derive(Debug)]
pub struct ScenarioStanding {
    /// What is judged of it so far.
    pub summary: ScenarioSummary,
    /// When it began; absent as long as it has not.
    pub from_us: Option<Micros>,
    /// Whether it has come to its end.
    pub finished: bool,
    /// Faults of it that were injected.
    pub episodes: u32,
}

/// A fault whose episode is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenEpisode {
    /// Number of the episode.
    pub id: u32,
    /// The scenario.
    pub scenario: String,
    /// The kind of fault.
    pub fault: String,
    /// What it hit.
    pub target: String,
    /// The chain it is a member of.
    pub chain: Option<u32>,
    /// When it was asked for.
    pub action_us: Micros,
    /// When its effect began; absent as long as that is not proven.
    pub t0_us: Option<Micros>,
    /// After this it counts as not recovered.
    pub deadline_us: Micros,
    /// Whether we have to end it and have not yet.
    pub in_effect: bool,
    /// Whether it hit stores.
    pub of_stores: bool,
    /// The phases that it has behind it.
    pub phases_us: Phases,
}

impl SoFar {
    /// Takes the next line of the run, `run_started` first.
    pub fn line(&mut self, line: &Line<'_>) {
        let lasted = match &line.event {
            Event::Request(request) => request.duration_us,
            Event::Canary(canary) => canary.duration_us,
            Event::Health(health) => health.duration_us,
            _ => 0,
        };
        self.now = self.now.max(line.t.saturating_add(lasted));
        self.control.line(line);
    }

    /// The newest instant of any line so far.
    #[must_use]
    pub fn now_us(&self) -> Micros {
        self.now
    }

    /// How the run stands; `None` before its `run_started`.
    #[must_use]
    pub fn standing(&self) -> Option<Standing> {
        // The last lines may belong before others: the order is made anew each time, on a copy.
        let mut control = self.control.clone();
        control.end = control.end.max(self.now);
        control.seal();
        let run = control.run.clone()?;
        let watches = watches(&control);
        let decided: Vec<_> = watches.iter().filter_map(|watch| closed(watch, &control, &run.plan)).collect();
        let open = open(&watches, &control, run.plan.recovery_deadline_us);
        let matched = matched(&control, &decided, &open);
        let mut episodes: Vec<_> = decided.iter().map(|decided| decided.episode.clone()).collect();
        for episode in &mut episodes {
            episode.alerts = matched.episodes.get(&episode.id).cloned().unwrap_or_default();
        }
        let mut chains = chains(&control, &decided, &downtimes(&control));
        chains.retain(|chain| is_over(chain, &control, &open));
        let trials = trials(&episodes, &chains);
        let kpis =
            kpis(&run.plan, &episodes, &trials, |of, times| self.means.of(of, times, run.seed), unjudged);
        let state = control.state();
        let judged = scenarios(&run.plan, &kpis, &trials, state, |name| control.finished(name));
        Some(Standing {
            now_us: control.end,
            users_started: control.users_started.is_some(),
            ended: control.finished.is_some().then_some(state),
            ended_detail: control.finished.as_ref().and_then(|finished| finished.detail.clone()),
            verdict: overall(&judged, state),
            scenarios: judged.into_iter().map(|summary| standing(summary, &control)).collect(),
            kpis,
            open,
            episodes,
            chains,
            alerts: alert_rows(&control, &matched),
            expectations: matched.expectations,
            alert_totals: matched.totals,
            lanes: lanes(&control, control.end),
            run,
        })
    }
}

fn open(watches: &[Watch], control: &ControlTimeline, deadline_us: u64) -> Vec<OpenEpisode> {
    let is_open = |watch: &&Watch| watch.fault.closed.is_none() && watch.fault.void.is_none();
    let open = |watch: &Watch| {
        let (fault, injected) = (&watch.fault, &watch.fault.injected);
        OpenEpisode {
            id: fault.id(),
            scenario: injected.scenario.clone(),
            fault: injected.fault.clone(),
            target: injected.target.clone(),
            chain: injected.chain,
            action_us: fault.action,
            t0_us: match watch.effect {
                Effect::Proven { t0, .. } => Some(t0),
                Effect::Void { .. } | Effect::Unknown => None,
            },
            deadline_us: watch.began().saturating_add(deadline_us),
            in_effect: fault.end_bounds_recovery() && fault.ended.is_none(),
            of_stores: fault.hits_stores(),
            phases_us: phases_so_far(watch, control, control.end),
        }
    };
    watches.iter().filter(is_open).map(open).collect()
}

fn matched(control: &ControlTimeline, decided: &[Decided], open: &[OpenEpisode]) -> Matched {
    let closed = decided.iter().map(|decided| span(&decided.episode, decided.action));
    let open = open.iter().map(|open| Span {
        id: open.id,
        t0: open.t0_us.unwrap_or(open.action_us),
        from: open.action_us,
        end: control.end,
        void: false,
    });
    let spans: Vec<_> = closed.chain(open).collect();
    let outages = SinkOutages::new(control.sink_outages.clone());
    let answers = Told::of_run(control).answers();
    match_alerts(&control.expected, &control.received, &spans, &answers, &outages, control.end)
}

/// Whether nothing more will become of a chain: another one has begun or its scenario is over, and none of its members is open.
fn is_over(chain: &ChainSummary, control: &ControlTimeline, open: &[OpenEpisode]) -> bool {
    let announced = control.chains.iter().find(|own| own.what.chain == chain.chain);
    let met =
        chain.episodes.len() + control.skipped.iter().filter(|own| own.what.chain == chain.chain).count();
    let complete = announced.is_some_and(|announced| met >= announced.what.members.len());
    let followed = control.chains.iter().any(|other| other.what.chain > chain.chain);
    (complete || followed || control.finished(&chain.scenario) || control.finished.is_some())
        && open.iter().all(|open| open.chain != Some(chain.chain))
}

fn standing(summary: ScenarioSummary, control: &ControlTimeline) -> ScenarioStanding {
    let own = control.faults.iter().filter(|fault| fault.injected.scenario == summary.name).count();
    ScenarioStanding {
        from_us: control.scenarios.iter().find(|span| span.name == summary.name).map(|span| span.from),
        finished: control.finished(&summary.name),
        episodes: u32::try_from(own).unwrap_or(u32::MAX),
        summary,
    }
}

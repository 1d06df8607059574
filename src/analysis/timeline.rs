//! The first pass: everything in a run's journal that is not a sample, in order of time.

use std::collections::BTreeMap;

use hdrhistogram::Histogram;

use super::histogram::durations;
use super::model::RunState;
use super::offset::{Offset, Witness};
use crate::journal::Micros;
use crate::journal::event::{
    Action, AlertExpected, AlertReceived, Alignment, BackendEvent, ChainMemberSkipped, ChainStarted,
    ClockOffset, EpisodeClosed, Event, FaultInjected, FinishReason, Ledger, Line, ModuleState, OptionNotice,
    RunFinished, RunStarted,
};
use crate::lang::{Arg, Sentence};

/// Something with the instant at which it happened.
#[derive(Debug, Clone)]
pub(super) struct At<T> {
    pub(super) t: Micros,
    pub(super) what: T,
}

/// When a scenario ran.
#[derive(Debug, Clone)]
pub(super) struct ScenarioSpan {
    pub(super) name: String,
    pub(super) from: Micros,
    /// Absent when it did not come to its end.
    pub(super) to: Option<Micros>,
}

/// One fault, as far as the control events tell.
#[derive(Debug, Clone)]
pub(super) struct Fault {
    /// The stamp of the action.
    pub(super) action: Micros,
    pub(super) injected: FaultInjected,
    /// Proof of the effect.
    pub(super) confirmed: Option<At<String>>,
    /// Why no effect could be proven.
    pub(super) void: Option<At<String>>,
    /// When undoing it began.
    pub(super) undo: Option<Micros>,
    /// When its effect was over.
    pub(super) ended: Option<Micros>,
    /// What the live run made of it.
    pub(super) closed: Option<At<EpisodeClosed>>,
}

impl Fault {
    pub(super) fn id(&self) -> u32 {
        self.injected.episode
    }
}

/// The control events of one run. It grows with faults and alerts, never with samples.
#[derive(Debug, Clone, Default)]
pub(super) struct ControlTimeline {
    pub(super) run: Option<RunStarted>,
    pub(super) users_started: Option<Micros>,
    /// In order of their beginning.
    pub(super) scenarios: Vec<ScenarioSpan>,
    /// In order of action.
    pub(super) faults: Vec<Fault>,
    /// In order of their beginning.
    pub(super) chains: Vec<At<ChainStarted>>,
    pub(super) skipped: Vec<At<ChainMemberSkipped>>,
    /// When our own alert sink was closed.
    pub(super) sink_outages: Vec<(Micros, Micros)>,
    pub(super) actions: Vec<At<Action>>,
    pub(super) expected: Vec<At<AlertExpected>>,
    pub(super) received: Vec<At<AlertReceived>>,
    pub(super) modules: Vec<At<ModuleState>>,
    /// They are written late, and stand in order of their own stamps here.
    pub(super) backend: Vec<At<BackendEvent>>,
    /// In order of their stamps; the last one of the file tells for the run.
    pub(super) ledgers: Vec<At<Ledger>>,
    pub(super) ledger: Option<Ledger>,
    pub(super) lag: BTreeMap<String, Histogram<u64>>,
    /// How requests of goose's own log were placed.
    pub(super) alignment: Option<Alignment>,
    /// What was asked of goose and is not done, or endangers the run.
    pub(super) option_notices: Vec<OptionNotice>,
    pub(super) goose_metrics: Option<String>,
    pub(super) finished: Option<RunFinished>,
    /// The last instant of the run that the journal shows; the samples push it on.
    pub(super) end: Micros,
    ended: bool,
    notes: Vec<At<FaultNote>>,
    witness: Witness,
}

/// What a line says of a fault. It may stand before the fault's own line, so it is kept until the end.
#[derive(Debug, Clone)]
enum FaultNote {
    Confirmed(u32, String),
    Void(u32, String),
    Ended(u32, Option<Micros>),
    Closed(EpisodeClosed),
}

impl ControlTimeline {
    /// Takes the next line in the order of the file. Samples, and lines of another run, are passed over.
    pub(super) fn line(&mut self, line: &Line<'_>) {
        let starts = matches!(line.event, Event::RunStarted(_));
        if self.ended || starts == self.run.is_some() {
            self.ended |= starts;
            return;
        }
        if !line.event.is_sample() {
            self.end = self.end.max(line.t);
        }
        self.witness.line(line);
        self.collect(line.t, &line.event);
    }

    fn collect(&mut self, t: Micros, event: &Event<'_>) {
        let note = |note| At { t, what: note };
        match event {
            Event::RunStarted(run) => self.run = Some(run.clone()),
            Event::UsersStarted(_) => _ = self.users_started.get_or_insert(t),
            // The witness has taken the offset.
            Event::ClockOffset(_) | Event::Request(_) | Event::Canary(_) | Event::Health(_) => {}
            Event::ScenarioStarted(scenario) => {
                self.scenarios.push(ScenarioSpan { name: scenario.scenario.clone(), from: t, to: None });
            }
            Event::ChainStarted(chain) => self.chains.push(At { t, what: chain.clone() }),
            Event::ChainMemberSkipped(skipped) => self.skipped.push(At { t, what: skipped.clone() }),
            Event::SinkOutage(outage) => self.sink_outages.push((t, outage.until_us)),
            Event::ScenarioFinished(scenario) => self.finish(t, &scenario.scenario),
            Event::FaultInjected(fault) => self.inject(t, fault),
            Event::FaultConfirmed(fault) => {
                self.notes.push(note(FaultNote::Confirmed(fault.episode, fault.evidence.clone())));
            }
            Event::FaultVoid(fault) => {
                self.notes.push(note(FaultNote::Void(fault.episode, fault.reason.clone())));
            }
            Event::FaultEnded(fault) => self.notes.push(note(FaultNote::Ended(fault.episode, fault.undo_us))),
            Event::EpisodeClosed(closed) => {
                self.notes.push(note(FaultNote::Closed(closed.clone())));
            }
            Event::Action(action) => self.actions.push(At { t, what: action.clone() }),
            Event::AlertExpected(alert) => self.expected.push(At { t, what: alert.clone() }),
            Event::AlertReceived(alert) => self.received.push(At { t, what: alert.clone() }),
            Event::ModuleState(state) => self.modules.push(At { t, what: state.clone() }),
            Event::BackendEvent(event) => self.backend.push(At { t, what: event.clone() }),
            Event::Ledger(ledger) => {
                self.ledger = Some(*ledger);
                self.ledgers.push(At { t, what: *ledger });
            }
            Event::Alignment(found) => self.alignment = Some(*found),
            Event::OptionNotice(told) => self.option_notices.push(told.clone()),
            Event::Lag(lag) => self.lagged(&lag.thread, lag.lag_us),
            Event::GooseMetrics(line) => self.goose_metrics = Some(line.metrics.get().to_owned()),
            Event::RunFinished(finished) => self.finished = Some(finished.clone()),
        }
    }

    fn finish(&mut self, t: Micros, name: &str) {
        let mut running = self.scenarios.iter_mut().filter(|scenario| scenario.to.is_none());
        match running.find(|scenario| scenario.name == name) {
            Some(scenario) => scenario.to = Some(t),
            // The line of its beginning could not be read.
            None => self.scenarios.push(ScenarioSpan { name: name.to_owned(), from: t, to: Some(t) }),
        }
    }

    fn inject(&mut self, t: Micros, injected: &FaultInjected) {
        if self.faults.iter().all(|fault| fault.id() != injected.episode) {
            let injected = injected.clone();
            self.faults.push(Fault {
                action: t,
                injected,
                confirmed: None,
                void: None,
                undo: None,
                ended: None,
                closed: None,
            });
        }
    }

    /// Counts a late wake-up of a thread.
    pub(super) fn lagged(&mut self, thread: &str, lag_us: u64) {
        if let Some(histogram) = self.lag.get_mut(thread) {
            histogram.saturating_record(lag_us);
        } else {
            self.lag.entry(thread.to_owned()).or_insert_with(|| durations(3)).saturating_record(lag_us);
        }
    }

    /// Puts everything in order once the whole journal has been read.
    pub(super) fn seal(&mut self) {
        self.faults.sort_by_key(|fault| (fault.action, fault.id()));
        self.chains.sort_by_key(|chain| (chain.t, chain.what.chain));
        self.skipped.sort_by_key(|skipped| skipped.t);
        self.actions.sort_by_key(|action| action.t);
        self.modules.sort_by_key(|state| state.t);
        self.backend.sort_by_key(|event| (event.t, event.what.seq));
        self.ledgers.sort_by_key(|ledger| ledger.t);
        self.notes.sort_by_key(|note| note.t);
        for At { t, what } in std::mem::take(&mut self.notes) {
            let (FaultNote::Confirmed(id, _)
            | FaultNote::Void(id, _)
            | FaultNote::Ended(id, _)
            | FaultNote::Closed(EpisodeClosed { episode: id, .. })) = what;
            let Some(fault) = self.faults.iter_mut().find(|fault| fault.id() == id) else {
                continue;
            };
            match what {
                FaultNote::Confirmed(_, what) => _ = fault.confirmed.get_or_insert(At { t, what }),
                FaultNote::Void(_, what) => _ = fault.void.get_or_insert(At { t, what }),
                FaultNote::Ended(_, undo) if fault.ended.is_none() => {
                    (fault.ended, fault.undo) = (Some(t), undo);
                }
                FaultNote::Ended(..) => {}
                FaultNote::Closed(what) => _ = fault.closed.get_or_insert(At { t, what }),
            }
        }
    }

    /// Whether a scenario came to its end.
    pub(super) fn finished(&self, scenario: &str) -> bool {
        self.scenarios.iter().any(|own| own.name == scenario && own.to.is_some())
    }

    /// How the run ended.
    pub(super) fn state(&self) -> RunState {
        match self.finished.as_ref().map(|finished| finished.reason) {
            Some(FinishReason::Completed) => RunState::Completed,
            Some(FinishReason::Aborted) => RunState::Aborted,
            Some(FinishReason::Failed) => RunState::Failed,
            Some(FinishReason::Interrupted) | None => RunState::Interrupted,
        }
    }

    /// Why it ended so, when not completed.
    pub(super) fn state_detail(&self) -> Option<Arg> {
        match &self.finished {
            Some(finished) => finished.detail.as_ref().map(Arg::from),
            None => Some(Sentence::new("detail-unfinished").into()),
        }
    }

    /// How far the target's clock may be from ours, by round trips alone: cheap enough to ask for every episode.
    pub(super) fn clock_bounds(&self) -> Option<ClockOffset> {
        self.witness.bounds()
    }

    /// How far the target's clock is from ours, once the journal is [sealed](Self::seal).
    pub(super) fn offset(&self) -> Offset {
        self.witness.offset(&self.faults, &self.backend)
    }
}

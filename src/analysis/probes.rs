//! The second pass over the journal: canaries and polls decide when each episode ended.

use super::AnalysisError;
use super::baseline::{BaselineRule, BaselineTracker};
use super::downtime::{Downtime, downtimes};
use super::reorder::Reorder;
use super::requests::RequestPass;
use super::sample::{CanarySample, HealthSample};
use super::stores::{Span, read_backs};
use super::timeline::ControlTimeline;
use super::watch::{Watch, watches};
use crate::journal::Micros;
use crate::journal::event::{Canary, Event, Health, Line, RunStarted, SCHEMA_VERSION};

/// How much longer than its own deadline a probe may take to reach the journal.
const SLACK_US: u64 = 1_000_000;

/// Takes the control events of one run: the first of three passes over its part of the journal.
///
/// Three passes, because requests and probes come late and out of order, and what they mean depends on what
/// stands after them: faults tell which probes are judged, probes tell when an episode ends, and only then is it
/// known which requests were inside one, and of which canaries its curve is made. Each pass needs memory for the
/// run's faults and alerts only, never for its samples, but for the canaries around the episodes that have a curve.
///
/// ```no_run
/// # fn run(lines: &[goose_recovery::journal::Line<'_>]) -> Result<(), goose_recovery::analysis::AnalysisError> {
/// use goose_recovery::analysis::Analyser;
///
/// let mut control = Analyser::new();
/// lines.iter().for_each(|line| control.line(line));
/// let mut probes = control.probes()?;
/// lines.iter().for_each(|line| probes.line(line));
/// let mut requests = probes.requests();
/// lines.iter().for_each(|line| requests.line(line));
/// let analysis = requests.finish();
/// # Ok(()) }
/// ```
#[derive(Debug, Default)]
pub struct Analyser {
    control: ControlTimeline,
}

impl Analyser {
    /// Nothing read yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next line of the run, `run_started` first. Samples and lines of another run are passed over.
    pub fn line(&mut self, line: &Line<'_>) {
        self.control.line(line);
    }

    /// All control events have been read.
    ///
    /// # Errors
    /// When there was no `run_started`, or one of a later schema.
    pub fn probes(mut self) -> Result<ProbePass, AnalysisError> {
        self.control.seal();
        let run = self.control.run.clone().ok_or(AnalysisError::NoRun)?;
        if run.schema > SCHEMA_VERSION {
            return Err(AnalysisError::Schema { found: run.schema, known: SCHEMA_VERSION });
        }
        Ok(ProbePass::new(self.control, run))
    }
}

/// Takes the run's canaries and health polls: the second pass.
#[derive(Debug)]
pub struct ProbePass {
    pub(super) control: ControlTimeline,
    pub(super) run: RunStarted,
    pub(super) watches: Vec<Watch>,
    pub(super) canaries: u64,
    pub(super) polls: u64,
    pub(super) too_late: u64,
    downtimes: Vec<Downtime>,
    /// When users were held still.
    pub(super) read_backs: Vec<Span>,
    /// The first read-back whose beginning the probes have not reached.
    next_read_back: usize,
    in_read_back: bool,
    /// The first watch whose fault the probes have not reached.
    next: usize,
    active: Vec<usize>,
    tracker: BaselineTracker,
    order: Reorder<Probe>,
}

#[derive(Debug, Clone, Copy)]
enum Probe {
    Canary(CanarySample),
    Health(HealthSample),
}

impl ProbePass {
    fn new(control: ControlTimeline, run: RunStarted) -> Self {
        let mut tracker = BaselineTracker::new(BaselineRule::from_plan(&run.plan));
        if let Some(t) = control.users_started {
            tracker.users_started(t);
        }
        Self {
            watches: watches(&control),
            canaries: 0,
            polls: 0,
            too_late: 0,
            downtimes: downtimes(&control),
            read_backs: read_backs(&control),
            next_read_back: 0,
            in_read_back: false,
            next: 0,
            active: Vec::new(),
            tracker,
            // Canaries and polls go through one queue, so that they are judged in step.
            order: Reorder::patient(run.plan.request_timeout_us.saturating_add(SLACK_US)),
            control,
            run,
        }
    }

    /// Takes the next line in the order of the file; all but canaries and polls are passed over.
    pub fn line(&mut self, line: &Line<'_>) {
        match &line.event {
            Event::Canary(canary) => self.canary(line.t, canary),
            Event::Health(health) => self.health(line.t, health),
            _ => {}
        }
    }

    /// Takes the next canary in the order of the file.
    pub fn canary(&mut self, t: Micros, canary: &Canary<'_>) {
        self.canaries += 1;
        self.control.lagged("canary", canary.lag_us);
        self.probe(t, canary.duration_us, Probe::Canary(CanarySample::new(t, canary)));
    }

    /// Takes the next poll in the order of the file.
    pub fn health(&mut self, t: Micros, health: &Health<'_>) {
        self.polls += 1;
        self.control.lagged("health", health.lag_us);
        self.probe(t, health.duration_us, Probe::Health(HealthSample::new(t, health)));
    }

    /// All probes have been read: every episode is decided.
    #[must_use]
    pub fn requests(mut self) -> RequestPass {
        while let Some((t, probe)) = self.order.flush() {
            self.judge(t, probe);
        }
        self.too_late = self.order.too_late();
        self.watches.iter_mut().for_each(Watch::close);
        RequestPass::new(self)
    }

    fn probe(&mut self, t: Micros, duration_us: u64, probe: Probe) {
        self.control.end = self.control.end.max(t.saturating_add(duration_us));
        self.order.push(t, probe);
        while let Some((t, probe)) = self.order.pop() {
            self.judge(t, probe);
        }
    }

    /// Probes arrive here in order of their start.
    fn judge(&mut self, t: Micros, probe: Probe) {
        self.hold_users(t);
        self.begin_faults(t);
        match probe {
            Probe::Canary(sample) => {
                // What is in flight when a fault acts may be hit by it.
                let in_flight =
                    self.watches.get(self.next).is_some_and(|next| next.fault.action < sample.end());
                if !in_flight {
                    self.tracker.canary(sample);
                }
                self.active.iter().for_each(|index| self.watches[*index].canary(sample));
            }
            Probe::Health(sample) => self.active.iter().for_each(|index| self.watches[*index].health(sample)),
        }
        self.end_watches(t);
    }

    /// An idle target is no yardstick: while users are held still, no canary counts into a baseline.
    fn hold_users(&mut self, t: Micros) {
        while let Some((from, to)) = self.read_backs.get(self.next_read_back).copied() {
            if !self.in_read_back && from <= t {
                self.tracker.fault_started(from);
                self.in_read_back = true;
            }
            if !self.in_read_back || t < to {
                return;
            }
            self.tracker.fault_free_from(to);
            self.in_read_back = false;
            self.next_read_back += 1;
        }
    }

    fn begin_faults(&mut self, t: Micros) {
        while let Some(watch) = self.watches.get(self.next).filter(|watch| watch.fault.action <= t) {
            let action = watch.fault.action;
            let Self { watches, tracker, .. } = self;
            self.active.retain(|index| {
                let superseded = watches[*index].superseded.is_some_and(|by| by <= action);
                if superseded {
                    watches[*index].close();
                    tracker.fault_free_from(action);
                }
                !superseded
            });
            self.tracker.fault_started(action);
            let baseline = self.tracker.current();
            let hold_us = self.run.plan.hold_us;
            self.watches[self.next].begin(baseline, hold_us, &self.downtimes, &self.read_backs);
            self.active.push(self.next);
            self.next += 1;
        }
    }

    fn end_watches(&mut self, t: Micros) {
        let Self { watches, tracker, run, .. } = self;
        self.active.retain(|index| {
            let over = watches[*index].over(t, run.plan.hold_us);
            if let Some(free_from) = over {
                watches[*index].close();
                tracker.fault_free_from(free_from);
            }
            over.is_none()
        });
    }
}

//! The second pass: one fault while the probes go by.

use super::detector::{Criterion, Detector};
use super::downtime::{Downtime, What, goes_away};
use super::model::Baseline;
use super::sample::{CanarySample, HealthSample};
use super::stores::Span;
use super::timeline::{At, ControlTimeline, Fault};
use crate::journal::Micros;
use crate::journal::event::BackendEvent;
use crate::lang::{Arg, Sentence};

/// Why a fault is void that hit what the backend was stopping itself.
pub(super) const STOPPING_ALREADY: &str = "remark-stopping-already";

/// What is known of a fault's effect.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Effect {
    /// It was proven, and began at `t0`.
    Proven {
        /// The earliest evidence of it.
        t0: Micros,
        /// From the stamp of the action to that of the proof.
        uncertainty_us: u64,
    },
    /// It was shown, or must be assumed, that there was none.
    Void {
        /// When the fault was given up.
        t: Micros,
        /// Why.
        reason: Arg,
    },
    /// The run ended before it was known.
    Unknown,
}

/// A fault, what is needed to judge it, and what the probes show.
#[derive(Debug)]
pub(super) struct Watch {
    pub(super) fault: Fault,
    pub(super) effect: Effect,
    /// The action of the next fault on the same target: from there on the probes speak of that one.
    pub(super) superseded: Option<Micros>,
    pub(super) baseline: Option<Baseline>,
    /// Reached and held, be it in time or not.
    pub(super) recovered: Option<Micros>,
    pub(super) first_failed_canary: Option<Micros>,
    pub(super) first_success: Option<Micros>,
    pub(super) first_bad_poll: Option<Micros>,
    detector: Option<Detector>,
}

/// Every fault of the run in order of action.
pub(super) fn watches(control: &ControlTimeline) -> Vec<Watch> {
    let later = |index: usize| &control.faults[index + 1..];
    let watch = |(index, fault): (usize, &Fault)| Watch {
        fault: fault.clone(),
        effect: effect(fault, later(index), control),
        superseded: later(index).iter().find(|next| next.same_target(fault)).map(|next| next.action),
        baseline: None,
        recovered: None,
        first_failed_canary: None,
        first_success: None,
        first_bad_poll: None,
        detector: None,
    };
    control.faults.iter().enumerate().map(watch).collect()
}

fn effect(fault: &Fault, later: &[Fault], control: &ControlTimeline) -> Effect {
    if let Some(void) = &fault.void {
        return Effect::Void { t: void.t.max(fault.action), reason: Arg::from(&void.what) };
    }
    if stopping_already(fault, control) {
        return Effect::Void { t: fault.action, reason: Sentence::new(STOPPING_ALREADY).into() };
    }
    if let Some(proof) = &fault.confirmed {
        let proven = proof.t.max(fault.action);
        let from = control.backend.partition_point(|event| event.t < fault.action);
        // Only of a module: a store's proof is stamped with the start of the first failed probe already.
        let witness = control.backend[from..]
            .iter()
            .take_while(|event| event.t <= proven)
            .find(|event| event.what.module == fault.injected.target && goes_away(&event.what.kind));
        return Effect::Proven {
            t0: witness.map_or(proven, |event| event.t),
            uncertainty_us: proven - fault.action,
        };
    }
    // The run went on without a proof, so there was none; a run that broke off may have been about to give it.
    let went_on = !later.is_empty() || control.state() == super::model::RunState::Completed;
    if went_on {
        let t = fault.closed.as_ref().map_or(fault.action, |closed| closed.t.max(fault.action));
        Effect::Void { t, reason: Sentence::new("remark-never-confirmed").into() }
    } else {
        Effect::Unknown
    }
}

/// Whether the backend had begun to stop the very process that the fault is of: its end is none of ours, and nobody is to
/// be told of it. The harness asks before it acts, but what it is told may be a moment old.
fn stopping_already(fault: &Fault, control: &ControlTimeline) -> bool {
    let before = control.backend.partition_point(|event| event.t < fault.action);
    fault.injected.pid.is_some_and(|pid| {
        let same = |event: &At<BackendEvent>| {
            event.what.module == fault.injected.target && event.what.pid == Some(pid)
        };
        control.backend[..before].iter().any(|event| event.what.kind == "stopping" && same(event))
    })
}

impl Watch {
    /// The fault acts: from here on the probes are judged against `baseline`. Where users were held still, nothing
    /// shows that users are served as before.
    pub(super) fn begin(
        &mut self,
        baseline: Option<Baseline>,
        hold_us: u64,
        downtimes: &[Downtime],
        read_backs: &[Span],
    ) {
        if let (Effect::Proven { t0, .. }, Some(baseline)) = (&self.effect, &baseline) {
            let mut detector = Detector::new(*t0, Criterion::from_baseline(baseline, hold_us));
            for (from, until) in unwell(downtimes, *t0, self.superseded) {
                detector.unwell(from, until);
            }
            read_backs.iter().for_each(|(from, until)| detector.unwell(*from, *until));
            if let Some(until) = self.fault.acts_until() {
                // What we end ourselves lasts until we do, whatever the probes show.
                detector.unwell(*t0, until);
            }
            self.detector = Some(detector);
        }
        self.baseline = baseline;
    }

    pub(super) fn canary(&mut self, sample: CanarySample) {
        if let Some(t0) = self.t0().filter(|t0| *t0 <= sample.t) {
            if !sample.ok {
                self.first_failed_canary.get_or_insert(sample.t.max(t0));
            } else if self.first_failed_canary.is_some() {
                self.first_success.get_or_insert(sample.t);
            }
        }
        if let Some(detector) = &mut self.detector {
            detector.canary(sample);
        }
    }

    pub(super) fn health(&mut self, sample: HealthSample) {
        if !sample.ok && self.t0().is_some_and(|t0| t0 <= sample.t) {
            self.first_bad_poll.get_or_insert(sample.t);
        }
        if let Some(detector) = &mut self.detector {
            detector.health(sample);
        }
    }

    /// Whether nothing is left to be seen at `t`, and from when on the system is free of this fault.
    pub(super) fn over(&mut self, t: Micros, hold_us: u64) -> Option<Micros> {
        if let Effect::Void { t: given_up, .. } = self.effect {
            return (given_up <= t).then_some(given_up);
        }
        self.recovered = self.detector.as_ref()?.recovered();
        self.recovered.map(|recovered| recovered + hold_us)
    }

    /// Forgets what was only needed while the probes went by.
    pub(super) fn close(&mut self) {
        self.detector = None;
    }

    /// When the effect began or, without one, when it was asked for.
    pub(super) fn began(&self) -> Micros {
        self.t0().unwrap_or(self.fault.action)
    }

    /// When the effect began.
    pub(super) fn t0(&self) -> Option<Micros> {
        match self.effect {
            Effect::Proven { t0, .. } => Some(t0),
            Effect::Void { .. } | Effect::Unknown => None,
        }
    }
}

/// The downtimes that stand against a recovery from a fault at `t0`. A module's that is older and has no end is
/// left to the health page: that the module was ever expected back is not known.
fn unwell(
    downtimes: &[Downtime],
    t0: Micros,
    superseded: Option<Micros>,
) -> impl Iterator<Item = (Micros, Micros)> {
    let upto = superseded.unwrap_or(Micros::MAX);
    let of_this_fault = move |down: &&Downtime| {
        let lasting = match down.what {
            What::Module => down.until.is_some_and(|until| until > t0),
            What::State => down.until.is_none_or(|until| until > t0),
        };
        down.from < upto && (down.from >= t0 || lasting)
    };
    downtimes.iter().filter(of_this_fault).map(|down| (down.from, down.until.unwrap_or(Micros::MAX)))
}

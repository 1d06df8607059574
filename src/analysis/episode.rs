//! What became of a fault: outcome, marks and phases.

use super::downtime::{goes_away, is_well};
use super::model::{Episode, EpisodeAlerts, Outcome, Phases};
use super::state::{Frame, Story};
use super::stores::stores_of;
use super::timeline::{At, ControlTimeline};
use super::watch::{Effect, Watch};
use crate::journal::Micros;
use crate::journal::event::{BackendEvent, PlanRecord};

use crate::lang::{Arg, Lang, Sentence};

/// An episode, and what only the notes need.
#[derive(Debug, Clone)]
pub(super) struct Decided {
    pub(super) episode: Episode,
    /// When it was asked for.
    pub(super) action: Micros,
    /// The last instant of its story: its end or, where stores were hit, what was still done and read after it.
    pub(super) until: Micros,
    /// Why it is neither recovered nor censored, or what else must be said.
    pub(super) remark: Option<Arg>,
}

/// When it ended, and how.
struct Ending {
    outcome: Outcome,
    end: Micros,
    /// When it was well again; absent when it was not, and when nobody says when.
    recovered: Option<Micros>,
    remark: Option<Arg>,
}

/// Decides the episode of `watch`; alerts and what users saw are filled in later.
pub(super) fn decide(watch: &Watch, control: &ControlTimeline, plan: &PlanRecord) -> Decided {
    told(watch, control, plan, ending(watch, watch.began(), control, plan.recovery_deadline_us))
}

/// What the run itself has made of the episode so far: absent as long as it is open.
pub(super) fn closed(watch: &Watch, control: &ControlTimeline, plan: &PlanRecord) -> Option<Decided> {
    Some(told(watch, control, plan, ending_so_far(watch, plan.recovery_deadline_us)?))
}

/// The story of an episode that ended so.
fn told(watch: &Watch, control: &ControlTimeline, plan: &PlanRecord, ending: Ending) -> Decided {
    let fault = &watch.fault;
    let deadline_us = plan.recovery_deadline_us;
    let t0 = watch.began();
    let Ending { outcome, end, recovered, remark } = ending;
    let observed = outcome != Outcome::Void;
    let happened = of_target(control, &fault.injected.target, t0, end);
    let story = (observed && fault.hits_stores()).then(|| Story::of(fault, control));
    let marks = match &story {
        _ if !observed => Marks::default(),
        Some(story) => store_marks(watch, control, story, t0, end),
        None => marks(watch, control, &happened, t0, end),
    };
    let until = story.as_ref().map_or(end, |story| story.last().max(end));
    let scenario = plan.scenarios.iter().find(|scenario| scenario.name == fault.injected.scenario);
    // Without a word on it there is no telling how long it should have had.
    let grace_us = scenario.and_then(|scenario| scenario.resync_grace_us).unwrap_or(u64::MAX);
    let frame = Frame { t0, end, deadline: t0.saturating_add(deadline_us), grace_us, outcome };
    let fault_ended =
        fault.ended.filter(|_| observed && fault.end_bounds_recovery()).map(|ended| ended.max(t0));
    let unscripted = control.actions.iter().any(|At { t, what }| {
        let inside = what.episode.map_or(fault.action <= *t && *t <= end, |episode| episode == fault.id());
        inside && !what.scripted
    });
    let relative = |t: Option<Micros>| t.filter(|t| observed && *t <= end).map(|t| t - t0);
    let episode = Episode {
        id: fault.id(),
        scenario: fault.injected.scenario.clone(),
        fault: fault.injected.fault.clone(),
        target: fault.injected.target.clone(),
        chain: fault.injected.chain,
        outcome,
        automatic: outcome == Outcome::Recovered && !unscripted,
        t0_us: t0,
        t0_uncertainty_us: match watch.effect {
            Effect::Proven { uncertainty_us, .. } => uncertainty_us,
            Effect::Void { .. } | Effect::Unknown => 0,
        },
        evidence: match &watch.effect {
            Effect::Proven { .. } => fault.confirmed.as_ref().map(|proof| proof.what.clone()),
            Effect::Void { reason, .. } => Some(reason.read(Lang::En)),
            Effect::Unknown => None,
        },
        phases_us: phases(t0, marks, recovered),
        clock_uncertainty_us: clock_uncertainty(control).filter(|_| observed),
        recovery_us: recovered.map(|recovered| recovered - t0),
        first_success_us: relative(watch.first_failed_canary).and(relative(watch.first_success)),
        first_failure_us: None,
        last_failure_us: None,
        end_us: end,
        baseline: watch.baseline.clone(),
        alerts: EpisodeAlerts::default(),
        requests: 0,
        failed_requests: 0,
        failure_causes: Vec::new(),
        goodput_lost_requests: None,
        restart_attempts: (!control.backend.is_empty() && observed && story.is_none())
            .then(|| count(&happened, "spawned")),
        fault_ended_us: fault_ended,
        recovery_from_end_us: recovered
            .zip(fault_ended)
            .map(|(recovered, ended)| recovered.saturating_sub(ended)),
        state: story.map(|story| story.state(&frame)),
    };
    Decided { episode, action: fault.action, until, remark }
}

/// How far stamps of the target may be off, if there are any.
fn clock_uncertainty(control: &ControlTimeline) -> Option<u64> {
    let bounds = control.clock_bounds().filter(|_| !control.backend.is_empty())?;
    Some(bounds.uncertainty_us())
}

fn ending(watch: &Watch, t0: Micros, control: &ControlTimeline, deadline_us: u64) -> Ending {
    let aborted = |end: Micros, remark: &str| Ending {
        outcome: Outcome::Aborted,
        end: end.max(t0),
        recovered: None,
        remark: Some(Sentence::new(remark).into()),
    };
    match &watch.effect {
        Effect::Void { t, reason } => {
            return Ending {
                outcome: Outcome::Void,
                end: (*t).max(t0),
                recovered: None,
                remark: Some(reason.clone()),
            };
        }
        Effect::Unknown => return aborted(control.end, "remark-ended-unconfirmed"),
        Effect::Proven { .. } => {}
    }
    let deadline = t0.saturating_add(deadline_us);
    let superseded = watch.superseded.filter(|next| *next < deadline);
    let in_time =
        |recovered: &Micros| *recovered <= deadline && superseded.is_none_or(|next| *recovered < next);
    if let Some(end) = watch.recovered.filter(in_time) {
        return Ending { outcome: Outcome::Recovered, end, recovered: Some(end), remark: None };
    }
    if watch.baseline.is_none() {
        let end = superseded.unwrap_or(deadline).min(control.end);
        return aborted(end, "remark-no-baseline");
    }
    if let Some(next) = superseded {
        return aborted(next, "remark-superseded");
    }
    if control.end < deadline {
        return aborted(control.end, "remark-ended-undecided");
    }
    let late = |t: Micros| Sentence::with("remark-late", [("after", Arg::LengthUs(t.saturating_sub(t0)))]);
    let remark = given_up(watch, control, t0, deadline).or_else(|| watch.recovered.map(late));
    Ending { outcome: Outcome::Censored, end: deadline, recovered: None, remark: remark.map(Arg::from) }
}

/// The live run's own word, taken for what it is: the probes have not been judged yet. Absent as long as there is none.
fn ending_so_far(watch: &Watch, deadline_us: u64) -> Option<Ending> {
    let began = watch.began();
    let ending =
        |outcome, end: Micros| Ending { outcome, end: end.max(began), recovered: None, remark: None };
    if let Effect::Void { t, reason } = &watch.effect {
        let told = watch.fault.void.is_some() || watch.fault.closed.is_some();
        return told.then(|| Ending { remark: Some(reason.clone()), ..ending(Outcome::Void, *t) });
    }
    let At { t, what: closed } = watch.fault.closed.as_ref()?;
    // What could not be undone is told behind the outcome.
    Some(match closed.outcome.split(',').next() {
        Some("recovered") => {
            let recovered = closed.recovered_us.map(|recovered| recovered.max(began));
            Ending { recovered, ..ending(Outcome::Recovered, recovered.unwrap_or(*t)) }
        }
        Some("censored") => ending(Outcome::Censored, began.saturating_add(deadline_us)),
        Some("void") => ending(Outcome::Void, *t),
        _ => ending(Outcome::Aborted, *t),
    })
}

/// The phases that an open episode has behind it at `now`.
pub(super) fn phases_so_far(watch: &Watch, control: &ControlTimeline, now: Micros) -> Phases {
    let Some(t0) = watch.t0() else { return Phases::default() };
    let marks = if watch.fault.hits_stores() {
        store_marks(watch, control, &Story::of(&watch.fault, control), t0, now)
    } else {
        marks(watch, control, &of_target(control, &watch.fault.injected.target, t0, now), t0, now)
    };
    phases(t0, marks, None)
}

/// That the backend gave the target up, and by which rule of its own: the reason why nothing came back.
fn given_up(watch: &Watch, control: &ControlTimeline, t0: Micros, deadline: Micros) -> Option<Sentence> {
    let target = &watch.fault.injected.target;
    let gave_up = of_target(control, target, t0, deadline).into_iter().find(|e| e.what.kind == "gave_up")?.t;
    let module = ("module", Arg::from(target));
    let failures = ("failures", failures_in_a_row(control, target, gave_up).into());
    let policy = control.run.as_ref().and_then(|run| run.plan.policy.as_ref());
    let allowed = policy.and_then(|policy| policy.get("max_retries")?.as_u64());
    Some(match allowed {
        Some(retries) => {
            Sentence::with("remark-gave-up-by-policy", [module, failures, ("retries", retries.into())])
        }
        None => Sentence::with("remark-gave-up", [module, failures]),
    })
}

/// Failures of `target` up to `until` since it last was stable. An exit that the backend asked for is none.
fn failures_in_a_row(control: &ControlTimeline, target: &str, until: Micros) -> u64 {
    let asked_for = |cause: &str| matches!(cause, "dependency" | "operator" | "shutdown");
    let own = of_target(control, target, 0, until).into_iter().map(|event| &event.what);
    own.fold(0, |failures, event| match event.kind.as_str() {
        "stable" | "restart_requested" => 0,
        "exited" if !event.cause.as_deref().is_some_and(asked_for) => failures + 1,
        _ => failures,
    })
}

/// The instants that divide the recovery; absent when nobody observed them.
#[derive(Debug, Clone, Copy, Default)]
struct Marks {
    detected: Option<Micros>,
    restarted: Option<Micros>,
    ready: Option<Micros>,
    restored: Option<Micros>,
}

fn marks(
    watch: &Watch,
    control: &ControlTimeline,
    happened: &[&At<BackendEvent>],
    t0: Micros,
    end: Micros,
) -> Marks {
    let seen_by_backend = happened.iter().find(|event| goes_away(&event.what.kind)).map(|event| event.t);
    let target = watch.fault.injected.target.as_str();
    let detected = seen_by_backend.or_else(|| seen_from_outside(watch, control, &[target], t0, end));
    let after = |from: Option<Micros>, kind: &'static str| {
        let from = from.unwrap_or(t0);
        happened.iter().filter(move |event| event.what.kind == kind && event.t >= from).map(|event| event.t)
    };
    let restarted = after(detected, "spawned").next();
    // When it crashed again before the recovery, the last `ready` is the one that lasted.
    let ready = after(restarted.or(detected), "ready").next_back();
    Marks { detected, restarted, ready, restored: None }
}

/// Of a store fault. What is called restarted is the end of the outage, which the harness makes itself.
fn store_marks(
    watch: &Watch,
    control: &ControlTimeline,
    story: &Story<'_>,
    t0: Micros,
    end: Micros,
) -> Marks {
    let stores: Vec<_> = stores_of(&watch.fault.injected.target).collect();
    let seen_by_backend = story.first_down(&stores).filter(|t| *t <= end);
    Marks {
        detected: seen_by_backend.or_else(|| seen_from_outside(watch, control, &stores, t0, end)),
        restarted: watch.fault.ended.filter(|t| *t <= end),
        ready: story.last_up(&stores, end),
        restored: story.restored(end),
    }
}

/// When the health page first told of the fault: of one of its targets, or as a whole.
fn seen_from_outside(
    watch: &Watch,
    control: &ControlTimeline,
    targets: &[&str],
    t0: Micros,
    end: Micros,
) -> Option<Micros> {
    let state = control.modules.iter().find(|At { t, what }| {
        (t0..=end).contains(t) && targets.contains(&what.module.as_str()) && !is_well(&what.status)
    });
    let poll = watch.first_bad_poll.filter(|t| *t <= end);
    state.map(|state| state.t).into_iter().chain(poll).min()
}

/// The length of each phase. Marks are taken in their order, none earlier than the one before nor later than
/// the recovery, so that no phase is negative and all of them sum to the recovery time exactly.
fn phases(t0: Micros, marks: Marks, recovered: Option<Micros>) -> Phases {
    let mut last = t0;
    let mut until = |mark: Option<Micros>| {
        mark.map(|mark| {
            let mark = recovered.map_or(mark, |recovered| mark.min(recovered)).max(last);
            let length = mark - last;
            last = mark;
            length
        })
    };
    Phases {
        detect: until(marks.detected),
        restart: until(marks.restarted),
        ready: until(marks.ready),
        restore: until(marks.restored),
        recover: until(recovered),
    }
}

/// What the backend says of the target from t0 to the end of the episode.
fn of_target<'a>(
    control: &'a ControlTimeline,
    target: &str,
    t0: Micros,
    end: Micros,
) -> Vec<&'a At<BackendEvent>> {
    let from = control.backend.partition_point(|event| event.t < t0);
    let inside = control.backend[from..].iter().take_while(|event| event.t <= end);
    inside.filter(|event| event.what.module == target).collect()
}

fn count(events: &[&At<BackendEvent>], kind: &str) -> u32 {
    events.iter().map(|event| u32::from(event.what.kind == kind)).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn total(phases: Phases) -> u64 {
        let Phases { detect, restart, ready, restore, recover } = phases;
        [detect, restart, ready, restore, recover].into_iter().flatten().sum()
    }

    #[test]
    fn the_length_of_an_unobserved_phase_is_in_the_next_one() {
        let marks = Marks { detected: Some(3), restarted: None, ready: Some(10), restored: None };
        let expected = Phases { detect: Some(1), ready: Some(7), recover: Some(90), ..Phases::default() };
        assert_eq!(phases(2, marks, Some(100)), expected);
    }

    proptest! {
        #[test]
        fn phases_sum_to_the_recovery_time(
            t0 in 0u64..1000,
            length in 0u64..1000,
            marks in prop::array::uniform4(prop::option::of(0u64..3000)),
        ) {
            let [detected, restarted, ready, restored] = marks;
            let marks = Marks { detected, restarted, ready, restored };
            let phases = phases(t0, marks, Some(t0 + length));
            prop_assert_eq!(total(phases), length);
            let observed = [phases.detect, phases.restart, phases.ready, phases.restore];
            for (phase, mark) in observed.iter().zip([detected, restarted, ready, restored]) {
                prop_assert_eq!(phase.is_some(), mark.is_some());
            }
        }
    }
}

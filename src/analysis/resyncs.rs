//! Resyncs as the backend's events and the answers to our own requests tell of them, split by what caused them.

use super::alerts::Answer;
use super::model::{AutomaticResyncs, RequestedResync, RequestedResyncs, Resyncs};
use super::timeline::{At, ControlTimeline};
use crate::journal::Micros;
use crate::journal::event::{Action, BackendEvent, ResyncRecord};

/// What is said of resyncs in a stretch of the run.
#[derive(Debug)]
pub(super) struct Told<'a> {
    pub(super) events: &'a [At<BackendEvent>],
    /// Those that ask for a resync.
    pub(super) asked: Vec<&'a At<Action>>,
}

/// Whether an action asks for a resync.
pub(super) fn asks_for_resync(action: &Action) -> bool {
    action.what.ends_with("/api/recovery/state_resync")
}

/// Whether an answer says that no resync was begun: one was running (409), a store was away (503), or it was no success
/// and tells of no resync.
fn is_refusal(action: &Action) -> bool {
    match action.status {
        Some(409 | 503) => true,
        Some(status) => !(200..300).contains(&status) && action.resync.is_none(),
        None => false,
    }
}

impl<'a> Told<'a> {
    /// All that the run tells.
    pub(super) fn of_run(control: &'a ControlTimeline) -> Self {
        let asked = control.actions.iter().filter(|action| asks_for_resync(&action.what));
        Self { events: &control.backend, asked: asked.collect() }
    }

    /// Every report of a resync that ended, in order.
    fn reports(&self) -> impl Iterator<Item = (Micros, &'a ResyncRecord)> {
        let ended = self.events.iter().filter(|event| event.what.kind == "resync_finished");
        ended.filter_map(|event| Some((event.t, event.what.resync.as_ref()?)))
    }

    /// The reports of those that the backend began by itself.
    pub(super) fn automatic(&self) -> impl Iterator<Item = (Micros, &'a ResyncRecord)> {
        self.reports().filter(|(_, resync)| is_automatic(&resync.trigger))
    }

    /// Everything that was asked for, with what became of it. What somebody else asked for comes last.
    pub(super) fn requested(&self) -> Vec<RequestedResync> {
        let mut reports: Vec<_> = self
            .reports()
            .map(|(_, resync)| resync)
            .filter(|resync| !is_automatic(&resync.trigger))
            .collect();
        let mut all = Vec::new();
        for At { what, .. } in &self.asked {
            let resync = report_of(what, &mut reports);
            let outcome = match &resync {
                Some(resync) => resync.outcome.clone(),
                None if is_refusal(what) => "refused".to_owned(),
                None => "unknown".to_owned(),
            };
            all.push(RequestedResync { status: what.status, outcome, resync });
        }
        all.extend(reports.into_iter().map(|resync| RequestedResync {
            status: None,
            outcome: resync.outcome.clone(),
            resync: Some(resync.clone()),
        }));
        all
    }

    /// When the first resync began that was asked for: from there on nothing shows what the backend does by itself.
    pub(super) fn forced_from(&self) -> Option<Micros> {
        let by_us = self.asked.iter().filter(|action| !is_refusal(&action.what)).map(|action| action.t);
        let begun = self.events.iter().filter(|event| is_forced_start(&event.what)).map(|event| event.t);
        by_us.chain(begun).min()
    }

    /// When the alert of each resync that the scenario asked for may come: from its beginning on.
    pub(super) fn answers(&self) -> Vec<Answer> {
        let own: Vec<_> = self.asked.iter().filter(|a| a.what.scripted && !is_refusal(&a.what)).collect();
        let begun = self.events.iter().filter(|event| is_forced_start(&event.what)).map(|event| event.t);
        let begun: Vec<_> = begun.collect();
        let forced = self.reports().filter(|(_, resync)| !is_automatic(&resync.trigger)).map(|(t, _)| t);
        let forced: Vec<_> = forced.collect();
        let answer = |(index, action): (usize, &&&At<Action>)| {
            let after = index.checked_sub(1).map_or(0, |before| own[before].t);
            let before = own.get(index + 1).map_or(Micros::MAX, |next| next.t);
            Answer {
                from: begun.iter().rfind(|t| after < **t && **t <= action.t).copied().unwrap_or(action.t),
                until: forced.iter().rfind(|t| (action.t..before).contains(t)).copied().unwrap_or(action.t),
                episode: action.what.episode,
            }
        };
        own.iter().enumerate().map(answer).collect()
    }

    /// Entries that were replayed from the spool; absent when nobody could have said so.
    pub(super) fn replayed(&self) -> Option<u64> {
        let automatic = self.automatic().map(|(_, resync)| resync.replayed);
        let requested = self.requested().into_iter().filter_map(|requested| requested.resync);
        let all: Vec<_> = automatic.chain(requested.map(|resync| resync.replayed)).collect();
        (!all.is_empty() || !self.events.is_empty()).then(|| all.iter().sum())
    }

    /// How many of each trigger and outcome.
    pub(super) fn counts(&self) -> Resyncs {
        let ended =
            |outcome: &str| self.automatic().filter(|(_, resync)| resync.outcome == outcome).count() as u64;
        let begun = self.events.iter().filter(|event| {
            event.what.kind == "resync_started" && event.what.cause.as_deref().is_some_and(is_automatic)
        });
        let automatic = AutomaticResyncs {
            begun: (begun.count() as u64).max(self.automatic().count() as u64),
            succeeded: ended("succeeded"),
            failed: ended("failed"),
        };
        let mut requested = RequestedResyncs::default();
        for RequestedResync { outcome, .. } in self.requested() {
            requested.asked += 1;
            match outcome.as_str() {
                "succeeded" => requested.succeeded += 1,
                "failed" => requested.failed += 1,
                "refused" => requested.refused += 1,
                _ => requested.unknown += 1,
            }
        }
        Resyncs { automatic: (!self.events.is_empty()).then_some(automatic), requested }
    }
}

/// Takes the report of the resync that `action` began: by its id or, as the answer may come before the resync ends, the
/// first that is left.
fn report_of(action: &Action, reports: &mut Vec<&ResyncRecord>) -> Option<ResyncRecord> {
    if is_refusal(action) {
        return None;
    }
    let Some(own) = &action.resync else {
        return (!reports.is_empty()).then(|| reports.remove(0).clone());
    };
    if let Some(index) = reports.iter().position(|report| report.id == own.id) {
        reports.remove(index);
    }
    Some(own.clone())
}

fn is_forced_start(event: &BackendEvent) -> bool {
    event.kind == "resync_started" && event.cause.as_deref().is_some_and(|cause| !is_automatic(cause))
}

fn is_automatic(trigger: &str) -> bool {
    trigger == "automatic"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resync(id: &str, trigger: &str, outcome: &str, replayed: u64) -> ResyncRecord {
        ResyncRecord {
            id: id.to_owned(),
            trigger: trigger.to_owned(),
            outcome: outcome.to_owned(),
            replayed,
            rebuilt: 0,
            repaired: 0,
            mismatches: 0,
            duration_ms: 2,
            reason: None,
        }
    }

    fn event(t: Micros, kind: &str, resync: Result<ResyncRecord, &str>) -> At<BackendEvent> {
        let cause = resync.as_ref().map_or_else(|cause| (*cause).to_owned(), |resync| resync.trigger.clone());
        let what = BackendEvent {
            seq: t,
            kind: kind.to_owned(),
            module: "session".to_owned(),
            pid: None,
            attempt: None,
            cause: Some(cause),
            resync: resync.ok(),
        };
        At { t, what }
    }

    fn asked(t: Micros, status: Option<u16>, resync: Option<ResyncRecord>) -> At<Action> {
        let what = "POST /api/recovery/state_resync".to_owned();
        At { t, what: Action { episode: None, what, scripted: true, status, resync } }
    }

    fn timeline(events: Vec<At<BackendEvent>>, actions: Vec<At<Action>>) -> ControlTimeline {
        let mut control = ControlTimeline::default();
        (control.backend, control.actions) = (events, actions);
        control
    }

    #[test]
    fn each_is_counted_once_and_by_its_trigger() {
        let control = timeline(
            vec![
                event(10, "resync_started", Err("automatic")),
                event(11, "resync_finished", Ok(resync("a", "automatic", "failed", 1))),
                event(12, "resync_started", Err("automatic")),
                event(13, "resync_finished", Ok(resync("b", "automatic", "succeeded", 5))),
                event(20, "resync_started", Err("requested")),
                event(21, "resync_finished", Ok(resync("c", "requested", "succeeded", 2))),
                event(31, "resync_finished", Ok(resync("d", "requested", "failed", 0))),
                event(40, "resync_started", Err("automatic")),
            ],
            vec![
                // The answer holds the report that came as an event too.
                asked(22, Some(200), Some(resync("c", "requested", "succeeded", 2))),
                // This one was only accepted.
                asked(30, Some(202), None),
                asked(35, Some(409), Some(resync("b", "automatic", "succeeded", 5))),
                asked(36, None, None),
            ],
        );
        let told = Told::of_run(&control);
        let counts = told.counts();
        assert_eq!(counts.automatic, Some(AutomaticResyncs { begun: 3, succeeded: 1, failed: 1 }));
        assert_eq!(
            counts.requested,
            RequestedResyncs { asked: 4, succeeded: 1, failed: 1, refused: 1, unknown: 1 }
        );
        assert_eq!((told.replayed(), told.forced_from()), (Some(8), Some(20)));
    }

    #[test]
    fn without_events_only_the_answers_tell() {
        let control = timeline(
            vec![],
            vec![
                asked(5, Some(503), None),
                asked(9, Some(200), Some(resync("x", "requested", "succeeded", 7))),
            ],
        );
        let told = Told::of_run(&control);
        assert_eq!((told.counts().automatic, told.replayed(), told.forced_from()), (None, Some(7), Some(9)));
        assert_eq!(told.counts().requested.refused, 1);
        let silent = timeline(vec![], vec![]);
        assert_eq!((Told::of_run(&silent).replayed(), Told::of_run(&silent).forced_from()), (None, None));
    }

    #[test]
    fn what_was_refused_forces_nothing() {
        let control = timeline(vec![], vec![asked(5, Some(503), None), asked(6, Some(409), None)]);
        assert_eq!(Told::of_run(&control).forced_from(), None);
    }
}

//! What became of the state in one store episode: how long it was away, what brought it back, and whether every
//! acknowledged entry is still there.

use super::model::{Outcome, ReadBack, StateRecovery};
use super::resyncs::{Told, asks_for_resync};
use super::timeline::{At, ControlTimeline, Fault};
use crate::journal::Micros;
use crate::journal::event::{BackendEvent, Ledger, ResyncRecord};
use crate::lang::Sentence;

/// The backend says since when a store hangs, and that may be the start of a call that the fault cut off: so long before
/// the action its word still belongs to the fault.
const LEAD_US: u64 = 1_000_000;

/// Where the episode lies.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    pub(super) t0: Micros,
    pub(super) end: Micros,
    pub(super) deadline: Micros,
    /// How long the system may take, from the end of the outage on, to begin a resync by itself.
    pub(super) grace_us: u64,
    pub(super) outcome: Outcome,
}

/// Everything that belongs to one store fault, up to the next one.
#[derive(Debug)]
pub(super) struct Story<'a> {
    fault: &'a Fault,
    /// The backend's events from a little before the action on.
    seen: &'a [At<BackendEvent>],
    pub(super) told: Told<'a>,
    pub(super) ledger: Option<&'a At<Ledger>>,
    /// Entries spooled when the read-back before was made; absent when another store fault lies between.
    spooled_before: Option<u64>,
}

impl<'a> Story<'a> {
    pub(super) fn of(fault: &'a Fault, control: &'a ControlTimeline) -> Self {
        let until = next_store_fault(fault, control).unwrap_or(Micros::MAX);
        let before = |t: Micros| control.backend.partition_point(|event| event.t < t);
        let (early, first, last) =
            (before(fault.action.saturating_sub(LEAD_US)), before(fault.action), before(until));
        let asked = control.actions.iter().filter(|At { t, what }| {
            let inside = what.episode.map_or(fault.action <= *t && *t < until, |id| id == fault.id());
            inside && asks_for_resync(what)
        });
        Self {
            fault,
            seen: &control.backend[early..last],
            told: Told { events: &control.backend[first..last], asked: asked.collect() },
            ledger: control.ledgers.iter().rfind(|ledger| ledger.what.episode == Some(fault.id())),
            spooled_before: spooled_before(fault, control),
        }
    }

    /// When the backend first saw one of `stores` fail.
    pub(super) fn first_down(&self, stores: &[&str]) -> Option<Micros> {
        stamps(self.seen, "store_down", stores).next()
    }

    /// When the backend last saw one of `stores` answer again, not after `end`.
    pub(super) fn last_up(&self, stores: &[&str], end: Micros) -> Option<Micros> {
        stamps(self.told.events, "store_up", stores).rfind(|t| *t <= end)
    }

    /// When the state was whole again for the last time, not after `end`.
    pub(super) fn restored(&self, end: Micros) -> Option<Micros> {
        stamps(self.told.events, "stores_restored", &[]).rfind(|t| *t <= end)
    }

    /// The last instant of what the journal tells of it.
    pub(super) fn last(&self) -> Micros {
        let asked = self.told.asked.iter().map(|action| action.t);
        asked.chain(self.ledger.map(|ledger| ledger.t)).max().unwrap_or(self.fault.action)
    }

    /// What became of the state.
    pub(super) fn state(&self, frame: &Frame) -> StateRecovery {
        let ended = self.fault.ended;
        let restored = self.restored(frame.end);
        let mut state = StateRecovery {
            outage_us: ended.map(|ended| ended.saturating_sub(frame.t0)),
            resync_us: ended.zip(restored).map(|(ended, restored)| restored.saturating_sub(ended)),
            spooled: self.spooled(),
            replayed: self.told.replayed(),
            automatic: self.automatic(frame).cloned(),
            requested: self.told.requested(),
            read_back: self.ledger.map(|ledger| read_back(&ledger.what)),
            resynced: None,
            reason: None,
        };
        if matches!(frame.outcome, Outcome::Recovered | Outcome::Censored) {
            let verdict = self.verdict(frame, &state);
            state.resynced = verdict.0;
            state.reason = verdict.1.map(Sentence::new);
        }
        state
    }

    /// Whether a resync is one that succeeded by itself once the outage was being undone, and in time.
    fn in_time(&self, frame: &Frame, t: Micros, resync: &ResyncRecord) -> bool {
        let undone = self.fault.undo.or(self.fault.ended);
        resync.outcome == "succeeded" && undone.is_some_and(|undone| (undone..=frame.deadline).contains(&t))
    }

    fn automatic(&self, frame: &Frame) -> Option<&'a ResyncRecord> {
        // One may begin while a store is still away and bring only a part: the last one before anybody forced it counts.
        let forced = self.told.forced_from().unwrap_or(Micros::MAX);
        let good = || self.told.automatic().filter(|(t, resync)| self.in_time(frame, *t, resync));
        let by_itself = good().filter(|(t, _)| *t <= forced).last();
        by_itself.or_else(|| good().last()).or_else(|| self.told.automatic().last()).map(|(_, resync)| resync)
    }

    /// Whether the state was whole again by itself and in time, and no acknowledged entry damaged; and if not, or if
    /// that is not known, which sentence says why.
    fn verdict(&self, frame: &Frame, state: &StateRecovery) -> (Option<bool>, Option<&'static str>) {
        if let Some(reason) = state.read_back.as_ref().and_then(damage) {
            return (Some(false), Some(reason));
        }
        if self.told.events.is_empty() {
            return (None, Some("state-no-events"));
        }
        let forced = self.told.forced_from().unwrap_or(Micros::MAX);
        let undone = self.fault.undo.or(self.fault.ended).unwrap_or(Micros::MAX);
        // What a forced resync brought back, the backend did not bring back by itself.
        let by_itself = frame.deadline.min(forced);
        let resynced = self.told.automatic().any(|(t, resync)| self.in_time(frame, t, resync));
        let whole = stamps(self.told.events, "stores_restored", &[]).any(|t| undone <= t && t <= by_itself);
        if !(resynced && whole) {
            let tried = self.told.automatic().any(|(t, _)| undone <= t && t <= forced);
            return if !tried && forced < undone.saturating_add(frame.grace_us) {
                // It did not have its time to do it by itself.
                (None, Some("state-forced-early"))
            } else {
                (Some(false), Some(if resynced { "state-not-whole" } else { "state-no-resync" }))
            };
        }
        if state.read_back.is_none() {
            return (None, Some("state-no-read-back"));
        }
        (Some(true), None)
    }

    fn spooled(&self) -> Option<u64> {
        Some(self.ledger?.what.spooled?.saturating_sub(self.spooled_before?))
    }
}

/// The stamps of a kind of event; with `modules` only of those about one of them.
fn stamps<'a>(
    events: &'a [At<BackendEvent>],
    kind: &'static str,
    modules: &'a [&str],
) -> impl DoubleEndedIterator<Item = Micros> + 'a {
    let is = move |event: &&At<BackendEvent>| {
        event.what.kind == kind && (modules.is_empty() || modules.contains(&event.what.module.as_str()))
    };
    events.iter().filter(is).map(|event| event.t)
}

/// Which sentence says what a read-back shows that must not be.
fn damage(read: &ReadBack) -> Option<&'static str> {
    let faults = [
        (read.newly_damaged > 0, "state-damaged"),
        (read.never_read > 0, "state-unread"),
        (read.cache_differs.is_some_and(|differ| differ > 0), "state-cache-differs"),
    ];
    faults.into_iter().find(|(is, _)| *is).map(|(_, id)| id)
}

fn read_back(ledger: &Ledger) -> ReadBack {
    ReadBack {
        // Without a word on what is new, all of it may be.
        newly_damaged: ledger.newly_damaged.unwrap_or(ledger.lost + ledger.stale),
        never_read: ledger.never_read,
        compared: ledger.compared,
        cache_differs: ledger.cache_differs,
    }
}

/// The action of the next fault that hits stores.
fn next_store_fault(fault: &Fault, control: &ControlTimeline) -> Option<Micros> {
    let later = control.faults.iter().filter(|other| other.hits_stores() && other.action > fault.action);
    later.map(|other| other.action).min()
}

/// Entries spooled when the last read-back before `fault` was made: none at the beginning of the run. A store fault
/// between that read-back and this one may have spooled entries too, so then it is not known.
fn spooled_before(fault: &Fault, control: &ControlTimeline) -> Option<u64> {
    let before =
        control.ledgers.iter().rfind(|ledger| ledger.t <= fault.action && ledger.what.spooled.is_some());
    let since = before.map_or(0, |ledger| ledger.t);
    let between = |other: &Fault| {
        other.id() != fault.id()
            && other.hits_stores()
            && other.void.is_none()
            && (since..=fault.action).contains(&other.action)
    };
    if control.faults.iter().any(between) {
        return None;
    }
    Some(before.and_then(|ledger| ledger.what.spooled).unwrap_or(0))
}

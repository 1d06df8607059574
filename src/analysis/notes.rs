//! The control events of each episode, as sentences.

mod events;

use super::alerts::Matched;
use super::episode::Decided;
use super::model::{AlertRole, EpisodeNote, Outcome};
use super::requests::Found;
use super::timeline::{At, Fault};
use crate::journal::Micros;
use crate::lang::{Arg, Sentence};

/// What happened in each episode, in order of time.
pub(super) fn notes(found: &Found, matched: &Matched) -> Vec<EpisodeNote> {
    let mut all = Vec::new();
    for (fault, decided) in found.control.faults.iter().zip(&found.decided) {
        let mut notes = Notes { episode: fault.id(), notes: Vec::new() };
        notes.fault(fault);
        notes.surroundings(found, decided);
        notes.alerts(found, decided, matched);
        notes.add(decided.episode.end_us, ending(decided));
        notes.notes.sort_by_key(|note| note.t_us);
        all.extend(notes.notes);
    }
    all
}

struct Notes {
    episode: u32,
    notes: Vec<EpisodeNote>,
}

impl Notes {
    fn add(&mut self, t_us: Micros, text: Sentence) {
        self.notes.push(EpisodeNote { episode: self.episode, t_us, text });
    }

    fn fault(&mut self, fault: &Fault) {
        self.add(fault.action, events::fault(fault));
        if let Some(proof) = &fault.confirmed {
            self.add(proof.t, Sentence::with("event-proven", [("evidence", Arg::from(&proof.what))]));
        }
        if let Some(void) = &fault.void {
            self.add(void.t, Sentence::with("event-not-proven", [("reason", Arg::from(&void.what))]));
        }
        if let Some(undo) = fault.undo.filter(|_| fault.hits_stores()) {
            self.add(undo, Sentence::new("event-undo"));
        }
        if let Some(ended) = fault.ended {
            self.add(ended, events::fault_ended(fault));
        }
    }

    /// What the backend, the health page and other hands did meanwhile.
    fn surroundings(&mut self, found: &Found, decided: &Decided) {
        let (from, end) = (decided.action, decided.until);
        for At { t, what } in within(&found.control.backend, |event| event.t, from, end) {
            self.add(*t, events::backend(what));
        }
        for At { t, what } in within(&found.control.modules, |state| state.t, from, end) {
            self.add(*t, events::health_page(what));
        }
        for At { t, what } in within(&found.control.actions, |action| action.t, from, end) {
            self.add(*t, events::action(what));
        }
        let own = Some(self.episode);
        for At { t, what } in found.control.ledgers.iter().filter(|ledger| ledger.what.episode == own) {
            if let Some(held) = what.held_from_us {
                self.add(held, Sentence::new("event-held"));
            }
            self.add(*t, events::read_back(what));
        }
    }

    fn alerts(&mut self, found: &Found, decided: &Decided, matched: &Matched) {
        let own = |(_, role): &(_, &(AlertRole, Option<u32>))| role.1 == Some(self.episode);
        let arrivals: Vec<_> = found.control.received.iter().zip(&matched.roles).filter(own).collect();
        for (At { t, what }, (role, _)) in arrivals {
            self.add(*t, events::alert(what, *role, t.saturating_sub(decided.episode.t0_us)));
        }
    }
}

fn ending(decided: &Decided) -> Sentence {
    let episode = &decided.episode;
    let recovery = || ("recovery", Arg::length_or(episode.recovery_us));
    let reason = || {
        let unknown = || Sentence::new("no-reason").into();
        ("reason", decided.remark.clone().unwrap_or_else(unknown))
    };
    match episode.outcome {
        Outcome::Recovered => match episode.recovery_from_end_us {
            Some(since) => {
                Sentence::with("event-recovered-since", [recovery(), ("since", Arg::LengthUs(since))])
            }
            None => Sentence::with("event-recovered", [recovery()]),
        },
        Outcome::Censored if decided.remark.is_none() => Sentence::new("event-censored"),
        Outcome::Censored => Sentence::with("event-censored-because", [reason()]),
        Outcome::Aborted => Sentence::with("event-aborted", [reason()]),
        Outcome::Void => Sentence::with("event-void", [reason()]),
    }
}

/// The part of a list in order of time that lies in `[from, end]`.
fn within<T>(all: &[T], t: impl Fn(&T) -> Micros, from: Micros, end: Micros) -> &[T] {
    let first = all.partition_point(|item| t(item) < from);
    let last = all.partition_point(|item| t(item) <= end);
    &all[first..last.max(first)]
}

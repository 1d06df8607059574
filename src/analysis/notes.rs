//! The control events of each episode, in words.

mod events;

use super::alerts::Matched;
use super::episode::Decided;
use super::model::{AlertRole, EpisodeNote, Outcome};
use super::requests::Found;
use super::timeline::{At, Fault};
use super::words::length;
use crate::journal::Micros;
use crate::lang::Sentence;

/// What happened in each episode, in order of time.
pub(super) fn notes(found: &Found, matched: &Matched) -> Vec<EpisodeNote> {
    let mut all = Vec::new();
    for (fault, decided) in found.control.faults.iter().zip(&found.decided) {
        let mut notes = Notes { episode: fault.id(), notes: Vec::new() };
        notes.fault(fault);
        notes.surroundings(found, decided);
        notes.alerts(found, decided, matched);
        notes.ending(decided);
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
    fn add(&mut self, t_us: Micros, text: String) {
        self.notes.push(EpisodeNote { episode: self.episode, t_us, text: Sentence::verbatim(text) });
    }

    fn fault(&mut self, fault: &Fault) {
        self.add(fault.action, events::fault(&fault.injected));
        if let Some(proof) = &fault.confirmed {
            self.add(proof.t, format!("effect proven: {}", proof.what));
        }
        if let Some(void) = &fault.void {
            self.add(void.t, format!("no effect proven: {}", void.what));
        }
        if let Some(undo) = fault.undo.filter(|_| fault.hits_stores()) {
            self.add(undo, "undoing begun".to_owned());
        }
        if let Some(ended) = fault.ended {
            self.add(ended, events::fault_ended(&fault.injected));
        }
    }

    /// What the backend, the health page and other hands did meanwhile.
    fn surroundings(&mut self, found: &Found, decided: &Decided) {
        let (from, end) = (decided.action, decided.until);
        for At { t, what } in within(&found.control.backend, |event| event.t, from, end) {
            self.add(*t, events::backend(what));
        }
        for At { t, what } in within(&found.control.modules, |state| state.t, from, end) {
            let pid = what.pid.map(|pid| format!(", pid {pid}")).unwrap_or_default();
            self.add(*t, format!("health page: {} {}{pid}", what.module, what.status));
        }
        for At { t, what } in within(&found.control.actions, |action| action.t, from, end) {
            self.add(*t, events::action(what));
        }
        let own = Some(self.episode);
        for At { t, what } in found.control.ledgers.iter().filter(|ledger| ledger.what.episode == own) {
            if let Some(held) = what.held_from_us {
                self.add(held, "users held still for a read-back".to_owned());
            }
            self.add(*t, events::read_back(what));
        }
    }

    fn alerts(&mut self, found: &Found, decided: &Decided, matched: &Matched) {
        let own = |(_, role): &(_, &(AlertRole, Option<u32>))| role.1 == Some(self.episode);
        let arrivals: Vec<_> = found.control.received.iter().zip(&matched.roles).filter(own).collect();
        for (At { t, what }, (role, _)) in arrivals {
            let delay = length(t.saturating_sub(decided.episode.t0_us));
            let role = match role {
                AlertRole::Matched => "expected",
                AlertRole::Late => "too late",
                AlertRole::Duplicate => "again",
                AlertRole::Collateral => "collateral",
                AlertRole::False => "unexpected",
            };
            self.add(*t, format!("alert {} for {} arrived (+{delay}), {role}", what.kind, what.module));
        }
    }

    fn ending(&mut self, decided: &Decided) {
        let episode = &decided.episode;
        let remark = decided.remark.as_ref().map(|remark| format!(": {remark}")).unwrap_or_default();
        let text = match (episode.outcome, episode.recovery_us) {
            (Outcome::Recovered, Some(recovery)) => {
                let since =
                    episode.recovery_from_end_us.map(|us| format!(", {} after the fault's end", length(us)));
                format!("recovered after {}{}", length(recovery), since.unwrap_or_default())
            }
            (Outcome::Recovered, None) => "recovered".to_owned(),
            (Outcome::Censored, _) => format!("not recovered by the deadline{remark}"),
            (Outcome::Aborted, _) => format!("aborted{remark}"),
            (Outcome::Void, _) => format!("void{remark}"),
        };
        self.add(episode.end_us, text);
    }
}

/// The part of a list in order of time that lies in `[from, end]`.
fn within<T>(all: &[T], t: impl Fn(&T) -> Micros, from: Micros, end: Micros) -> &[T] {
    let first = all.partition_point(|item| t(item) < from);
    let last = all.partition_point(|item| t(item) <= end);
    &all[first..last.max(first)]
}

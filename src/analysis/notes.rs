//! The control events of each episode, in words.

use super::alerts::Matched;
use super::downtime::goes_away;
use super::episode::Decided;
use super::model::{AlertRole, EpisodeNote, Outcome};
use super::requests::Found;
use super::timeline::{At, Fault};
use super::words::length;
use crate::journal::Micros;
use crate::journal::event::BackendEvent;

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
        self.notes.push(EpisodeNote { episode: self.episode, t_us, text });
    }

    fn fault(&mut self, fault: &Fault) {
        let target = &fault.injected.target;
        let pid = fault.injected.pid.map(|pid| format!(" (pid {pid})")).unwrap_or_default();
        let asked = match fault.injected.fault.as_str() {
            "kill" => format!("SIGKILL sent to {target}{pid}"),
            "pause" => format!("SIGSTOP sent to {target}{pid}"),
            "restart" => format!("restart of {target}{pid} requested"),
            other => format!("{other} of {target}{pid}"),
        };
        self.add(fault.action, asked);
        if let Some(proof) = &fault.confirmed {
            self.add(proof.t, format!("effect proven: {}", proof.what));
        }
        if let Some(void) = &fault.void {
            self.add(void.t, format!("no effect proven: {}", void.what));
        }
        if let Some(ended) = fault.ended {
            self.add(ended, "fault ended".to_owned());
        }
    }

    /// What the backend, the health page and other hands did meanwhile.
    fn surroundings(&mut self, found: &Found, decided: &Decided) {
        let (from, end) = (decided.action, decided.episode.end_us);
        for At { t, what } in within(&found.control.backend, |event| event.t, from, end) {
            self.add(*t, backend(what));
        }
        for At { t, what } in within(&found.control.modules, |state| state.t, from, end) {
            let pid = what.pid.map(|pid| format!(", pid {pid}")).unwrap_or_default();
            self.add(*t, format!("health page: {} {}{pid}", what.module, what.status));
        }
        for At { t, what } in within(&found.control.actions, |action| action.t, from, end) {
            let who = if what.scripted { "script" } else { "from outside" };
            let status = what.status.map(|status| format!(" → {status}")).unwrap_or_default();
            self.add(*t, format!("{who}: {}{status}", what.what));
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
            (Outcome::Recovered, Some(recovery)) => format!("recovered after {}", length(recovery)),
            (Outcome::Recovered, None) => "recovered".to_owned(),
            (Outcome::Censored, _) => format!("not recovered by the deadline{remark}"),
            (Outcome::Aborted, _) => format!("aborted{remark}"),
            (Outcome::Void, _) => format!("void{remark}"),
        };
        self.add(episode.end_us, text);
    }
}

fn backend(event: &BackendEvent) -> String {
    let BackendEvent { kind, module, pid, attempt, cause, .. } = event;
    let pid = pid.map(|pid| format!(", pid {pid}")).unwrap_or_default();
    let attempt = attempt.map(|attempt| format!(", attempt {attempt}")).unwrap_or_default();
    let cause = cause.as_ref().map(|cause| format!(" ({cause})")).unwrap_or_default();
    let seen = if goes_away(kind) { "backend saw" } else { "backend:" };
    format!("{seen} {module} {}{pid}{attempt}{cause}", kind.replace('_', " "))
}

/// The part of a list in order of time that lies in `[from, end]`.
fn within<T>(all: &[T], t: impl Fn(&T) -> Micros, from: Micros, end: Micros) -> &[T] {
    let first = all.partition_point(|item| t(item) < from);
    let last = all.partition_point(|item| t(item) <= end);
    &all[first..last.max(first)]
}

//! One event as a sentence. Pure.
//!
//! The kinds of events, faults and statuses go into the sentences as they are; the texts know those that have a meaning of
//! ours, and leave another backend's words alone.

use crate::analysis::model::AlertRole;
use crate::analysis::stores::stores_of;
use crate::analysis::timeline::Fault;
use crate::journal::event::{Action, AlertReceived, BackendEvent, Ledger, ModuleState, ResyncRecord};
use crate::lang::{Arg, Sentence};

/// What was done to the target.
pub(super) fn fault(fault: &Fault) -> Sentence {
    let target = process(target(fault), fault.injected.pid);
    Sentence::with("event-fault", [("fault", Arg::from(&fault.injected.fault)), ("target", target)])
}

/// That the harness acts on the target no more.
pub(super) fn fault_ended(fault: &Fault) -> Sentence {
    let target = ("target", target(fault));
    if fault.hits_stores() {
        Sentence::with("event-store-fault-ended", [target])
    } else {
        Sentence::with("event-fault-ended", [("fault", Arg::from(&fault.injected.fault)), target])
    }
}

/// What a fault hits, as people say it.
fn target(fault: &Fault) -> Arg {
    let target = &fault.injected.target;
    if fault.hits_stores() { Arg::List(stores_of(target).map(store).collect()) } else { target.into() }
}

fn store(name: &str) -> Arg {
    Sentence::with("event-store", [("store", name.into())]).into()
}

/// What is meant by `name`, with its process if that is known.
fn process(name: Arg, pid: Option<u32>) -> Arg {
    match pid {
        Some(pid) => {
            Sentence::with("event-process", [("name", name), ("pid", pid.to_string().into())]).into()
        }
        None => name,
    }
}

/// What the backend saw or did.
pub(super) fn backend(event: &BackendEvent) -> Sentence {
    let BackendEvent { kind, module, pid, attempt, cause, resync, .. } = event;
    match (kind.as_str(), cause, resync) {
        ("resync_started", Some(trigger), _) => {
            return Sentence::with("event-resync-started", [("trigger", Arg::from(trigger))]);
        }
        ("resync_finished", _, Some(report)) => return resync_finished(report),
        _ => {}
    }
    let of_store = matches!(kind.as_str(), "store_down" | "store_up");
    let name = if of_store { store(module) } else { Arg::from(module) };
    let module = ("module", process(name, *pid));
    let mut said = Sentence::with("event-backend", [("kind", Arg::from(kind)), module]);
    if let Some(attempt) = attempt {
        said = Sentence::with("event-attempt", [("what", said.into()), ("attempt", (*attempt).into())]);
    }
    if let Some(cause) = cause {
        said = Sentence::with("event-cause", [("what", said.into()), ("cause", Arg::from(cause))]);
    }
    said
}

fn resync_finished(report: &ResyncRecord) -> Sentence {
    let said = Sentence::with(
        "event-resync-finished",
        [
            ("trigger", Arg::from(&report.trigger)),
            ("outcome", Arg::from(&report.outcome)),
            ("took", Arg::LengthUs(report.duration_ms.saturating_mul(1_000))),
            ("replayed", report.replayed.into()),
            ("rebuilt", report.rebuilt.into()),
            ("repaired", report.repaired.into()),
            ("mismatches", report.mismatches.into()),
        ],
    );
    match &report.reason {
        Some(reason) => Sentence::with("event-cause", [("what", said.into()), ("cause", Arg::from(reason))]),
        None => said,
    }
}

/// What the health page shows of a module.
pub(super) fn health_page(state: &ModuleState) -> Sentence {
    let module = process(Arg::from(&state.module), state.pid);
    Sentence::with("event-health-page", [("module", module), ("status", Arg::from(&state.status))])
}

/// What other hands did.
pub(super) fn action(action: &Action) -> Sentence {
    let id = if action.scripted { "event-scripted" } else { "event-from-outside" };
    let asked = Arg::from(&action.what);
    let what = match action.status {
        Some(status) => {
            let status = ("status", status.to_string().into());
            Sentence::with("event-answered", [("what", asked), status]).into()
        }
        None => asked,
    };
    Sentence::with(id, [("what", what)])
}

/// What the read-back after an episode showed.
pub(super) fn read_back(ledger: &Ledger) -> Sentence {
    let acknowledged = ("acknowledged", ledger.acknowledged.into());
    // Without a word on what is new, all of it may be.
    let damaged = ("damaged", ledger.newly_damaged.unwrap_or(ledger.lost + ledger.stale).into());
    let unread = ("unread", ledger.never_read.into());
    match ledger.compared {
        Some(compared) => {
            let differ = ("differ", ledger.cache_differs.unwrap_or(0).into());
            let compared = ("compared", compared.into());
            Sentence::with("event-read-back-compared", [acknowledged, damaged, unread, differ, compared])
        }
        None => Sentence::with("event-read-back", [acknowledged, damaged, unread]),
    }
}

/// An alert that arrived `delay_us` after t0.
pub(super) fn alert(alert: &AlertReceived, role: AlertRole, delay_us: u64) -> Sentence {
    let role = match role {
        AlertRole::Matched => "matched",
        AlertRole::Late => "late",
        AlertRole::Duplicate => "duplicate",
        AlertRole::Collateral => "collateral",
        AlertRole::False => "false",
    };
    Sentence::with(
        "event-alert",
        [
            ("kind", Arg::from(&alert.kind)),
            ("module", Arg::from(&alert.module)),
            ("delay", Arg::LengthUs(delay_us)),
            ("role", role.into()),
        ],
    )
}

#[cfg(test)]
mod tests;

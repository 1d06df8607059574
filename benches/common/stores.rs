//! What is told of stores that are kept away for a while.

use goose_recovery::journal::event::*;

use super::USERS;
use super::modules::{alert, backend, closed, expected, injected, void};
use super::script::{Hit, OUTAGE_US, Trial};
use super::sheet::Sheet;

/// What the embedded stores answer.
const LOCKED: &str = "error returned from database: (code: 5) database is locked";
/// So long the backend tries before it takes a store for away.
const TRIED_US: Micros = 800_000;
/// So long after the end of the outage it has seen that.
const SEEN_US: Micros = 40_000;
/// The backend's own module that resyncs.
const RESYNCS: &str = "session";

/// Everything about one outage of `stores`.
pub(super) fn tell(trial: &Trial, hit: &Hit, stores: &str, sheet: &mut Sheet) {
    injected(trial, hit, None, sheet);
    stores.split('+').for_each(|store| expected(hit, hit.at, store, "store_unavailable", "warning", sheet));
    if hit.from == hit.until {
        return void(hit, "the stores went on to answer".to_owned(), sheet);
    }
    let got = |store| format!("the open connection to the {store} (SQLite) got no answer: {LOCKED}");
    let evidence = stores.split('+').map(got).collect::<Vec<_>>().join("; ");
    sheet.later(hit.from, hit.from, FaultConfirmed { episode: hit.episode, evidence });
    let undo = hit.at + OUTAGE_US;
    expected(hit, undo, RESYNCS, "state_resynced", "info", sheet);
    sheet.later(hit.until, hit.until, FaultEnded { episode: hit.episode, undo_us: Some(undo) });
    for (store, after) in stores.split('+').zip([0, 10_000]) {
        let down = hit.from + TRIED_US + after;
        event(down, "store_down", store, Some(&format!("the store failed: {LOCKED}")), None, sheet);
        let message = format!("the {store} is away: the store failed: {LOCKED}");
        alert(down + 45_000, "warning", "store_unavailable", store, &message, sheet);
        event(hit.until + SEEN_US + after, "store_up", store, None, None, sheet);
    }
    resync(hit, "automatic", hit.until + SEEN_US + 10_100, hit.well - 700, sheet);
    event(hit.well, "stores_restored", RESYNCS, None, None, sheet);
    let asked = hit.well + 80_000;
    let done = resync(hit, "requested", asked + 500, asked + 130_000, sheet);
    let action = Action {
        episode: Some(hit.episode),
        what: "POST /api/recovery/state_resync".to_owned(),
        scripted: true,
        status: Some(200),
        resync: Some(done),
    };
    sheet.later(asked + 135_000, asked, action);
    closed(trial, hit, "recovered", sheet);
    if let Some((from, to)) = trial.held {
        sheet.later(to, to, read_back(hit.episode, from));
    }
}

/// A resync from `begun` to `ended`, and the alert about it.
fn resync(hit: &Hit, trigger: &str, begun: Micros, ended: Micros, sheet: &mut Sheet) -> ResyncRecord {
    let record = ResyncRecord {
        id: format!("resync-{trigger}-{}", hit.episode),
        trigger: trigger.to_owned(),
        outcome: "succeeded".to_owned(),
        // An automatic one gets its number when it is written: by then the spool is known.
        replayed: 0,
        rebuilt: u64::from(trigger == "automatic") * 8,
        repaired: 0,
        mismatches: 0,
        duration_ms: (ended - begun) / 1_000,
        reason: None,
    };
    event(begun, "resync_started", RESYNCS, Some(trigger), None, sheet);
    event(ended, "resync_finished", RESYNCS, Some(trigger), Some(record.clone()), sheet);
    let message = format!("state is resynced after {} ms", record.duration_ms);
    alert(ended + 20_000, "info", "state_resynced", RESYNCS, &message, sheet);
    record
}

fn event(
    t: Micros,
    kind: &str,
    module: &str,
    cause: Option<&str>,
    resync: Option<ResyncRecord>,
    sheet: &mut Sheet,
) {
    let (kind, module, cause) = (kind.to_owned(), module.to_owned(), cause.map(str::to_owned));
    backend(t, BackendEvent { seq: 0, kind, module, pid: None, attempt: None, cause, resync }, sheet);
}

/// Everything is there; how much that is, is known when it is written.
fn read_back(episode: u32, from: Micros) -> Ledger {
    Ledger {
        episode: Some(episode),
        held_from_us: Some(from),
        newly_damaged: Some(0),
        compared: Some(u64::from(USERS)),
        cache_differs: Some(0),
        ..Ledger::default()
    }
}

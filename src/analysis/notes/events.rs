//! One event in words. Pure.

use crate::analysis::downtime::goes_away;
use crate::analysis::model::STORE_FAULT;
use crate::analysis::words::{length, plural};
use crate::journal::event::{Action, BackendEvent, FaultInjected, Ledger, ResyncRecord};

/// What was done to the target.
pub(super) fn fault(injected: &FaultInjected) -> String {
    let pid = injected.pid.map(|pid| format!(" (pid {pid})")).unwrap_or_default();
    let target = &injected.target;
    match injected.fault.as_str() {
        "kill" => format!("SIGKILL sent to {target}{pid}"),
        "pause" => format!("SIGSTOP sent to {target}{pid}"),
        "crash-loop" => format!("SIGKILL sent to {target}{pid}, and to each process that takes its place"),
        "restart" => format!("restart of {target}{pid} requested"),
        "store-kill" => format!("SIGKILL sent to {} and all its descendants{pid}", stores(target)),
        "store-pause" => format!("SIGSTOP sent to {} and all its descendants{pid}", stores(target)),
        "store-stop" => format!("orderly stop of {} begun{pid}", stores(target)),
        "store-lock" => format!("exclusive lock on {} asked for{pid}", stores(target)),
        other => format!("{other} of {target}{pid}"),
    }
}

/// That the harness acts on the target no more.
pub(super) fn fault_ended(injected: &FaultInjected) -> String {
    let target = &injected.target;
    match injected.fault.as_str() {
        "pause" => format!("fault ended: {target} continued by the harness"),
        "crash-loop" => format!("fault ended: the last kill of {target} proven"),
        fault if fault.starts_with(STORE_FAULT) => format!("fault ended: {} accepted again", stores(target)),
        _ => "fault ended".to_owned(),
    }
}

/// `database+cache` as people say it.
pub(super) fn stores(target: &str) -> String {
    target.split('+').map(|store| format!("the {store}")).collect::<Vec<_>>().join(" and ")
}

/// What the backend saw or did.
pub(super) fn backend(event: &BackendEvent) -> String {
    let BackendEvent { kind, module, pid, attempt, cause, resync, .. } = event;
    let cause_text = cause.as_ref().map(|cause| format!(" ({cause})")).unwrap_or_default();
    let trigger = cause.as_deref().unwrap_or("some");
    match (kind.as_str(), resync) {
        ("store_down", _) => format!("backend saw the {module} fail{cause_text}"),
        ("store_up", _) => format!("backend: the {module} answers again"),
        ("stores_restored", _) => "backend: the state is whole again".to_owned(),
        ("resync_started", _) => format!("backend: {trigger} resync begun"),
        ("resync_finished", Some(report)) => format!("backend: {}", resync_report(report)),
        _ => {
            let pid = pid.map(|pid| format!(", pid {pid}")).unwrap_or_default();
            let attempt = attempt.map(|attempt| format!(", attempt {attempt}")).unwrap_or_default();
            let seen = if goes_away(kind) { "backend saw" } else { "backend:" };
            format!("{seen} {module} {}{pid}{attempt}{cause_text}", kind.replace('_', " "))
        }
    }
}

fn resync_report(report: &ResyncRecord) -> String {
    let ResyncRecord { trigger, outcome, replayed, rebuilt, repaired, mismatches, duration_ms, .. } = report;
    let reason = report.reason.as_ref().map(|reason| format!(" ({reason})")).unwrap_or_default();
    let took = length(duration_ms.saturating_mul(1_000));
    format!(
        "{trigger} resync {outcome} after {took}: {replayed} replayed, {rebuilt} rebuilt, {repaired} repaired, {}{reason}",
        plural_es(*mismatches)
    )
}

fn plural_es(mismatches: u64) -> String {
    if mismatches == 1 { "1 mismatch".to_owned() } else { format!("{mismatches} mismatches") }
}

/// What other hands did.
pub(super) fn action(action: &Action) -> String {
    let who = if action.scripted { "script" } else { "from outside" };
    let status = action.status.map(|status| format!(" → {status}")).unwrap_or_default();
    format!("{who}: {}{status}", action.what)
}

/// What the read-back after an episode showed.
pub(super) fn read_back(ledger: &Ledger) -> String {
    let damaged = ledger.newly_damaged.unwrap_or(ledger.lost + ledger.stale);
    let compared = match (ledger.compared, ledger.cache_differs) {
        (Some(compared), differ) => {
            format!(
                "; cache and database differ in {} of {}",
                differ.unwrap_or(0),
                plural(compared, "session")
            )
        }
        (None, _) => String::new(),
    };
    format!(
        "read back: of {} {damaged} newly lost or changed, {} could not be read{compared}",
        plural_entries(ledger.acknowledged),
        ledger.never_read,
    )
}

fn plural_entries(n: u64) -> String {
    if n == 1 { "1 acknowledged entry".to_owned() } else { format!("{n} acknowledged entries") }
}

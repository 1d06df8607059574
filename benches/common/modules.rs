//! What is told of a module that is killed.

use goose_recovery::journal::event::*;

use super::script::{Hit, MODULES, Trial};
use super::sheet::Sheet;
use super::{POLL_US, TICK_US};

/// The backend's events are asked for so often, and written then.
const ASKED_US: Micros = 5 * TICK_US;
/// The health page shows it when it is polled next.
const ANSWERED_US: Micros = 2_000;
/// So long after it is ready a module counts as stable.
const STABLE_US: Micros = 1_000_000;

/// Everything about one kill of the module at place `module`.
pub(super) fn tell(trial: &Trial, hit: &Hit, module: usize, sheet: &mut Sheet) {
    let pid = 4_000 + 2 * hit.episode;
    injected(trial, hit, Some(pid), sheet);
    expected(hit, hit.at, MODULES[module], "module_crashed", "warning", sheet);
    if hit.from == hit.until {
        return void(hit, format!("its pidfd shows that process {pid} lives on"), sheet);
    }
    // The proof comes a little later than the backend's own stamp of the exit.
    let proven = hit.from + 1_900;
    let evidence = format!("its pidfd shows that process {pid} is gone");
    sheet.later(proven, proven, FaultConfirmed { episode: hit.episode, evidence });
    let event = |t, kind: &str, pid, attempt, cause: Option<&str>, sheet: &mut Sheet| {
        let event = BackendEvent {
            seq: 0,
            kind: kind.to_owned(),
            module: MODULES[module].to_owned(),
            pid: Some(pid),
            attempt,
            cause: cause.map(str::to_owned),
            resync: None,
        };
        backend(t, event, sheet);
    };
    event(hit.from, "exited", pid, None, Some("crash"), sheet);
    event(hit.from + 2_100, "spawned", pid + 1, Some(1), None, sheet);
    event(hit.until, "ready", pid + 1, Some(1), None, sheet);
    event(hit.until + STABLE_US, "stable", pid + 1, None, None, sheet);
    let restarts = Some(u64::from(hit.episode));
    for (after, status) in [(hit.from + 2_100, "starting"), (hit.until, "ready")] {
        let shown = after.next_multiple_of(POLL_US);
        // A start that no poll saw is shown by nothing.
        if status == "ready" || shown < hit.until {
            let (module, status) = (MODULES[module].to_owned(), status.to_owned());
            let state = ModuleState { module, status, pid: Some(pid + 1), restarts };
            sheet.later(shown + ANSWERED_US, shown, state);
        }
    }
    alert(
        hit.from + 6_000,
        "warning",
        "module_crashed",
        MODULES[module],
        "ended unexpectedly with signal 9",
        sheet,
    );
    let away_ms = (hit.until - hit.from) as f64 / 1_000.0;
    let message = format!("ready again {away_ms:.3} ms after its failure was noticed");
    alert(hit.until + 5_000, "info", "module_recovered", MODULES[module], &message, sheet);
    closed(trial, hit, "recovered", sheet);
}

pub(super) fn injected(trial: &Trial, hit: &Hit, pid: Option<u32>, sheet: &mut Sheet) {
    let injected = FaultInjected {
        episode: hit.episode,
        scenario: trial.scenario.to_owned(),
        fault: hit.target.fault().to_owned(),
        target: hit.target.name().to_owned(),
        pid,
        chain: trial.chain,
        lasts_us: None,
    };
    sheet.later(hit.at, hit.at, injected);
}

/// The fault is given up.
pub(super) fn void(hit: &Hit, reason: String, sheet: &mut Sheet) {
    sheet.later(hit.well, hit.well, FaultVoid { episode: hit.episode, reason });
    let closed = EpisodeClosed { episode: hit.episode, outcome: "void".to_owned(), recovered_us: None };
    sheet.later(hit.well, hit.well, closed);
}

pub(super) fn closed(trial: &Trial, hit: &Hit, outcome: &str, sheet: &mut Sheet) {
    let recovered_us = (outcome == "recovered").then_some(hit.well);
    let closed = EpisodeClosed { episode: hit.episode, outcome: outcome.to_owned(), recovered_us };
    sheet.later(trial.closed, trial.closed, closed);
}

pub(super) fn expected(hit: &Hit, t: Micros, module: &str, kind: &str, severity: &str, sheet: &mut Sheet) {
    let expected = AlertExpected {
        episode: hit.episode,
        module: module.to_owned(),
        kinds: vec![kind.to_owned()],
        min_severity: severity.to_owned(),
        deadline_us: 10_000_000,
    };
    sheet.later(t, t, expected);
}

pub(super) fn alert(t: Micros, severity: &str, kind: &str, module: &str, message: &str, sheet: &mut Sheet) {
    let alert = AlertReceived {
        // Both are given in the order of arrival.
        id: String::new(),
        key: String::new(),
        severity: severity.to_owned(),
        kind: kind.to_owned(),
        module: module.to_owned(),
        message: message.to_owned(),
        raised_at: None,
    };
    sheet.later(t, t, alert);
}

/// An event of the backend is written when it is asked for the next time.
pub(super) fn backend(t: Micros, event: BackendEvent, sheet: &mut Sheet) {
    sheet.later(t.next_multiple_of(ASKED_US) + ANSWERED_US, t, event);
}

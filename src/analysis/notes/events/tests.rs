use super::*;
use crate::journal::event::FaultInjected;
use crate::lang::Lang;

/// What a sentence says in English; in Japanese it says something as well.
#[track_caller]
fn check(said: &Sentence, expected: &str) {
    let japanese = Lang::Ja.read(said);
    assert!(!japanese.contains('⟦') && japanese != said.text, "{japanese}");
    assert_eq!(said.text, expected);
}

fn event(kind: &str, module: &str) -> BackendEvent {
    BackendEvent {
        seq: 1,
        kind: kind.to_owned(),
        module: module.to_owned(),
        pid: None,
        attempt: None,
        cause: None,
        resync: None,
    }
}

fn report(trigger: &str, outcome: &str, mismatches: u64) -> ResyncRecord {
    ResyncRecord {
        id: "r".to_owned(),
        trigger: trigger.to_owned(),
        outcome: outcome.to_owned(),
        replayed: 12_345,
        rebuilt: 1,
        repaired: 0,
        mismatches,
        duration_ms: 40,
        reason: None,
    }
}

#[test]
fn every_kind_of_the_backend_has_words() {
    for (kind, module, expected) in [
        ("spawned", "session", "backend: session started"),
        ("spawn_failed", "session", "backend: session could not be started"),
        ("ready", "session", "backend: session ready"),
        ("stable", "session", "backend: session stable"),
        ("exited", "session", "backend saw session exit"),
        ("hung", "session", "backend saw session hang"),
        ("start_timeout", "session", "backend: session not ready in time"),
        ("backoff", "session", "backend: session waits before its restart"),
        ("stopping", "session", "backend: session asked to stop"),
        ("gave_up", "session", "backend gave session up"),
        ("restart_requested", "session", "backend: restart of session requested"),
        ("policy_changed", "manager", "backend: policy changed"),
        ("store_down", "database", "backend saw the database fail"),
        ("store_up", "cache", "backend: the cache answers again"),
        ("store_up", "queue", "backend: the queue answers again"),
        ("stores_restored", "session", "backend: the state is whole again"),
        ("resync_started", "session", "backend: resync begun"),
        ("resync_finished", "session", "backend: resync ended"),
        // Of another backend.
        ("cache_warmed", "edge", "backend: edge cache_warmed"),
    ] {
        check(&backend(&event(kind, module)), expected);
    }
}

#[test]
fn what_else_is_known_of_an_event_is_said() {
    let spawned = BackendEvent { pid: Some(12_345), attempt: Some(2), ..event("spawned", "session") };
    check(&backend(&spawned), "backend: session (pid 12345) started, attempt 2");
    for (cause, expected) in [
        ("crash", "it crashed"),
        ("hung", "it hung"),
        ("start_timeout", "it was not ready in time"),
        ("dependency", "its dependency went away"),
        ("dependency_lost", "its dependency gave no answer"),
        ("operator", "an operator asked for it"),
        ("shutdown", "shutdown"),
        ("out of memory", "out of memory"),
    ] {
        let exited = BackendEvent { cause: Some(cause.to_owned()), ..event("exited", "session") };
        check(&backend(&exited), &format!("backend saw session exit ({expected})"));
    }
}

#[test]
fn resyncs_say_what_caused_them_and_what_they_did() {
    for (trigger, word) in [("automatic", "automatic"), ("requested", "requested"), ("nightly", "nightly")] {
        let begun = BackendEvent { cause: Some(trigger.to_owned()), ..event("resync_started", "session") };
        check(&backend(&begun), &format!("backend: {word} resync begun"));
    }
    let finished = |report| BackendEvent { resync: Some(report), ..event("resync_finished", "session") };
    check(
        &backend(&finished(report("automatic", "succeeded", 0))),
        "backend: automatic resync succeeded after 40 ms: 12\u{202f}345 replayed, 1 rebuilt, 0 repaired, 0 mismatches",
    );
    let failed =
        ResyncRecord { reason: Some("the database is away".to_owned()), ..report("requested", "failed", 1) };
    check(
        &backend(&finished(failed)),
        "backend: requested resync failed after 40 ms: 12\u{202f}345 replayed, 1 rebuilt, 0 repaired, \
         1 mismatch (the database is away)",
    );
    let cut_off = finished(report("nightly", "cut off", 2));
    assert!(backend(&cut_off).text.starts_with("backend: nightly resync cut off after 40 ms"));
}

#[test]
fn every_fault_has_words() {
    for (kind, target, begun, ended) in [
        ("kill", "session", "SIGKILL sent to session (pid 7)", "fault ended"),
        (
            "pause",
            "session",
            "SIGSTOP sent to session (pid 7)",
            "fault ended: session continued by the harness",
        ),
        (
            "crash-loop",
            "session",
            "SIGKILL sent to session (pid 7), and to each process that takes its place",
            "fault ended: the last kill of session proven",
        ),
        ("restart", "session", "restart of session (pid 7) requested", "fault ended"),
        (
            "store-kill",
            "database",
            "SIGKILL sent to the database (pid 7) and all descendants",
            "fault ended: the database accepted again",
        ),
        (
            "store-pause",
            "cache",
            "SIGSTOP sent to the cache (pid 7) and all descendants",
            "fault ended: the cache accepted again",
        ),
        (
            "store-stop",
            "database+cache",
            "orderly stop of the database and the cache (pid 7) begun",
            "fault ended: the database and the cache accepted again",
        ),
        (
            "store-lock",
            "database",
            "exclusive lock on the database (pid 7) asked for",
            "fault ended: the database accepted again",
        ),
        ("unplug", "rack 3", "unplug of rack 3 (pid 7)", "fault ended"),
    ] {
        let injected = FaultInjected {
            episode: 1,
            scenario: "s".to_owned(),
            fault: kind.to_owned(),
            target: target.to_owned(),
            pid: Some(7),
            chain: None,
            lasts_us: None,
        };
        let fault =
            Fault { action: 0, injected, confirmed: None, void: None, undo: None, ended: None, closed: None };
        check(&super::fault(&fault), begun);
        check(&fault_ended(&fault), ended);
    }
}

#[test]
fn every_status_and_role_has_words() {
    for (status, expected) in [
        ("healthy", "healthy"),
        ("ready", "ready"),
        ("running", "running"),
        ("ok", "ok"),
        ("up", "up"),
        ("starting", "starting"),
        ("stopping", "stopping"),
        ("backoff", "waiting for its restart"),
        ("degraded", "degraded"),
        ("unhealthy", "unhealthy"),
        ("failed", "failed"),
        ("down", "down"),
        ("on fire", "on fire"),
    ] {
        let (module, status) = ("session".to_owned(), status.to_owned());
        let state = ModuleState { module, status, pid: None, restarts: None };
        check(&health_page(&state), &format!("health page shows session as {expected}"));
    }
    let arrived = AlertReceived {
        id: "1".to_owned(),
        key: "1".to_owned(),
        severity: "warning".to_owned(),
        kind: "module_crashed".to_owned(),
        module: "session".to_owned(),
        message: String::new(),
        raised_at: None,
    };
    for (role, expected) in [
        (AlertRole::Matched, "expected"),
        (AlertRole::Late, "too late"),
        (AlertRole::Duplicate, "again"),
        (AlertRole::Collateral, "collateral"),
        (AlertRole::False, "unexpected"),
    ] {
        let text = format!("alert module_crashed for session arrived (+1.53 s), {expected}");
        check(&alert(&arrived, role, 1_530_000), &text);
    }
}

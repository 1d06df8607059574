//! Events for tests: one of every kind, and arbitrary samples.

use std::borrow::Cow;
use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::value::RawValue;

use super::event::*;

pub(crate) fn run_started(run: &str) -> RunStarted {
    RunStarted {
        schema: SCHEMA_VERSION,
        run: run.to_owned(),
        started_at: "2026-03-01T09:00:00.000000Z".to_owned(),
        started_at_unix_us: 1_772_355_600_000_000,
        seed: 7,
        labels: BTreeMap::from([("build".to_owned(), "a \"quoted\" one".to_owned())]),
        plan: Box::new(plan()),
        environment: EnvironmentRecord {
            goose_recovery: "0.1.0".to_owned(),
            goose: "0.19.0".to_owned(),
            os: "linux x86_64".to_owned(),
            cpus: 2,
            release_build: true,
            command: Some("goose-recovery run --seed 7".to_owned()),
        },
    }
}

fn plan() -> PlanRecord {
    PlanRecord {
        base_url: "http://127.0.0.1:8000/".to_owned(),
        bundled_backend: true,
        stores: Some("embedded".to_owned()),
        users: 50,
        think_time_us: 100_000,
        request_timeout_us: 5_000_000,
        canary_interval_us: 10_000,
        canary_request: "GET /api/sessions/canary/entries".to_owned(),
        health_interval_us: 50_000,
        hold_us: 2_000_000,
        recovery_deadline_us: 60_000_000,
        baseline_min_us: 5_000_000,
        baseline_min_canaries: 250,
        alert_source: true,
        strict: false,
        policy: None,
        sink_outage_us: Some(5_000_000),
        abort_when: vec!["error_rate>0.9 for 30s".to_owned()],
        scenarios: vec![ScenarioRecord {
            name: "single-module".to_owned(),
            fault: "kill".to_owned(),
            iterations: 3,
            duration_us: None,
            pause_us: 2_000_000,
            outage_us: None,
            resync_grace_us: None,
            kpis: vec![
                KpiRecord::new("auto_recovery_rate", ">=", 0.95),
                KpiRecord {
                    name: Some("slow answers".to_owned()),
                    metric: Some("p95".to_owned()),
                    phase: Some("during".to_owned()),
                    ..KpiRecord::new("slow answers", "<", 2_000_000.0)
                },
            ],
        }],
    }
}

pub(super) fn run_finished() -> RunFinished {
    RunFinished { reason: FinishReason::Completed, detail: None, journal_stalls: 0, journal_stalled_us: 0 }
}

pub(super) fn request(user: u32) -> Request<'static> {
    Request {
        duration_us: 1_234,
        user,
        name: Cow::Borrowed("POST entries"),
        status: Some(201),
        ok: true,
        error: None,
    }
}

pub(super) fn canary() -> Canary<'static> {
    Canary { duration_us: 900, lag_us: 12, status: Some(200), ok: true, error: None }
}

fn resync() -> ResyncRecord {
    ResyncRecord {
        id: "resync-1".into(),
        trigger: "automatic".into(),
        outcome: "succeeded".into(),
        replayed: 12,
        rebuilt: 3,
        repaired: 0,
        mismatches: 0,
        duration_ms: 40,
        reason: None,
    }
}

pub(super) fn ledger(acknowledged: u64) -> Ledger {
    Ledger { acknowledged, ..Ledger::default() }
}

/// One event of each kind, in the order of [`Event::KINDS`].
pub(super) fn every_kind() -> Vec<Event<'static>> {
    let name = || "single-module".to_owned();
    let session = || "session".to_owned();
    let metrics = RawValue::from_string("{\"hash\":0,\"type\":\"run_started\"}".to_owned()).unwrap();
    vec![
        run_started("r1").into(),
        UsersStarted { users: 50 }.into(),
        ScenarioStarted { scenario: name() }.into(),
        ScenarioFinished { scenario: name() }.into(),
        ChainStarted {
            chain: 1,
            scenario: name(),
            members: vec![ChainMember { fault: "kill".into(), target: session(), offset_us: 300_000 }],
            strategy: None,
        }
        .into(),
        ChainMemberSkipped { chain: 1, target: session(), reason: "it was down already".into() }.into(),
        FaultInjected {
            episode: 1,
            scenario: name(),
            fault: "kill".into(),
            target: session(),
            pid: Some(4),
            chain: None,
            lasts_us: None,
        }
        .into(),
        FaultConfirmed { episode: 1, evidence: "pidfd: process 4 is gone".into() }.into(),
        FaultVoid { episode: 1, reason: "the process lives on".into() }.into(),
        FaultEnded { episode: 1, undo_us: Some(3) }.into(),
        EpisodeClosed { episode: 1, outcome: "recovered".into(), recovered_us: Some(7) }.into(),
        Action {
            episode: None,
            what: "restart session".into(),
            scripted: true,
            status: Some(202),
            resync: None,
        }
        .into(),
        AlertExpected {
            episode: 1,
            module: session(),
            kinds: vec!["module_crashed".into()],
            min_severity: "warning".into(),
            deadline_us: 10_000_000,
        }
        .into(),
        SinkOutage { until_us: 5_000_000 }.into(),
        AlertReceived {
            id: "a1".into(),
            key: "k1".into(),
            severity: "warning".into(),
            kind: "module_crashed".into(),
            module: session(),
            message: "session was killed by signal 9".into(),
            raised_at: None,
        }
        .into(),
        ModuleState { module: session(), status: "restarting".into(), pid: None, restarts: Some(1) }.into(),
        BackendEvent {
            seq: 9,
            kind: "exited".into(),
            module: session(),
            pid: Some(4),
            attempt: None,
            cause: Some("signal 9".into()),
            resync: Some(resync()),
        }
        .into(),
        ledger(10).into(),
        ClockOffset { low_us: 6_999_800, high_us: 7_000_100, corrected_us: 6_999_950, samples: 412 }.into(),
        Lag { thread: "fault".into(), lag_us: 80 }.into(),
        Alignment {
            origin_us: 900,
            imported: 40,
            stamped: 3,
            corrected: 1,
            unreadable: 0,
            compared: 9,
            median_error_us: Some(-40),
            max_error_us: Some(480),
        }
        .into(),
        OptionNotice { option: "--run-time 30".into(), notice: Notice::LoadGoesOn }.into(),
        GooseMetricsLine { metrics }.into(),
        run_finished().into(),
        request(3).into(),
        canary().into(),
        Health { duration_us: 700, lag_us: 3, status: Some(200), ok: true, overall: Some("healthy".into()) }
            .into(),
    ]
}

fn text() -> impl Strategy<Value = Cow<'static, str>> {
    // Arbitrary characters rarely hit what JSON escapes, so half of the strings are made of such.
    prop_oneof![any::<String>(), "[\"\\\\/a\u{0}-\u{20}\u{7f}é\u{2028}😀]{0,12}", "[a-zA-Z /]{0,24}"]
        .prop_map(Cow::Owned)
}

/// Times as they are, and any number at all.
fn micros() -> impl Strategy<Value = u64> {
    prop_oneof![0..10_000_u64, 0..10_000_000_000_u64, any::<u64>()]
}

/// Any sample whatever.
pub(super) fn sample() -> impl Strategy<Value = Event<'static>> {
    let shared = (micros(), micros(), any::<Option<u16>>(), any::<bool>());
    (0..3_u8, shared, any::<u32>(), text(), proptest::option::of(text())).prop_map(
        |(kind, (duration_us, lag_us, status, ok), user, name, error)| match kind {
            0 => Request { duration_us, user, name, status, ok, error }.into(),
            1 => Canary { duration_us, lag_us, status, ok, error }.into(),
            _ => Health { duration_us, lag_us, status, ok, overall: error }.into(),
        },
    )
}

//! Analyses as real runs give them, for the tests of every output.

use std::collections::BTreeMap;

use crate::analysis::model::{AlertRole, AlertRow, AlertTotals};
use crate::analysis::model::{
    Analysis, Baseline, Bin, Episode, EpisodeAlerts, EpisodeNote, Harness, Kpi, LagStats, Latency, Load,
    Outcome, Phases, RunState, SUMMARY_SCHEMA, ScenarioSummary, Summary, Threshold, Timeline, Verdict,
};
use crate::journal::event::{EnvironmentRecord, KpiRecord, Ledger, PlanRecord, ScenarioRecord};

const MODULES: [&str; 3] = ["ingest", "session", "analysis"];
const SCENARIO: &str = "single-module";

/// Three kills, three recoveries, everything met.
pub(crate) fn passing() -> Analysis {
    let episodes = (1..=3)
        .map(|id| recovered(id, 5_400_000 + u64::from(id - 1) * 4_700_000))
        .collect();
    let mut analysis = assemble(episodes, 19_000_000);
    analysis.summary.caveats = vec![
        "3 trials are few: 3 of 3 shows at least 37 % with 95 % confidence; 59 of 59 would show 95 %"
            .to_owned(),
    ];
    analysis.goose_metrics = Some(r#"{"hash":0,"duration":19,"users":50}"#.to_owned());
    analysis
}

/// One recovered, one void, one censored, one aborted; the mean fails; an alert is missed, another late.
pub(crate) fn failing() -> Analysis {
    let mut void = recovered(2, 12_000_000);
    void.outcome = Outcome::Void;
    void.phases_us = Phases::default();
    (
        void.recovery_us,
        void.first_success_us,
        void.first_failure_us,
        void.last_failure_us,
    ) = (None, None, None, None);
    void.evidence = Some("process 4212 was still there 5 s after SIGKILL".to_owned());
    (void.end_us, void.requests, void.failed_requests) = (12_000_000, 0, 0);
    (void.failure_causes, void.alerts, void.baseline) = (vec![], EpisodeAlerts::default(), None);
    let mut censored = recovered(3, 16_000_000);
    censored.outcome = Outcome::Censored;
    censored.automatic = false;
    (censored.recovery_us, censored.first_success_us) = (None, None);
    censored.phases_us = Phases {
        detect: Some(4_800),
        restart: Some(2_400_000),
        ready: None,
        restore: None,
        recover: None,
    };
    censored.last_failure_us = Some(59_990_000);
    censored.end_us = 76_000_000;
    (censored.requests, censored.failed_requests) = (61_230, 20_411);
    censored.failure_causes = vec![
        (
            "503 Service Unavailable: module session is failed".to_owned(),
            18_400,
        ),
        ("operation timed out".to_owned(), 2_011),
    ];
    censored.goodput_lost_requests = Some(20_900.0);
    censored.alerts = EpisodeAlerts {
        expected: 2,
        matched: 1,
        late: 1,
        missed: 1,
        ..Default::default()
    };
    let mut aborted = recovered(4, 79_000_000);
    aborted.outcome = Outcome::Aborted;
    (aborted.recovery_us, aborted.end_us) = (None, 80_200_000);
    aborted.phases_us = Phases {
        detect: Some(5_100),
        ..Default::default()
    };
    let mut analysis = assemble(vec![recovered(1, 5_400_000), void, censored, aborted], 80_200_000);
    let summary = &mut analysis.summary;
    (summary.verdict, summary.state) = (Verdict::Fail, RunState::Interrupted);
    summary.state_detail = Some("Ctrl-C in episode 4".to_owned());
    (summary.scenarios[0].verdict, summary.scenarios[0].trials) = (Verdict::Fail, 2);
    summary.kpis = vec![
        kpi(
            "auto_recovery_rate",
            "ratio",
            Some(0.5),
            (1, 2, 2),
            Some([0.0126, 0.9874]),
            Verdict::Fail,
        ),
        kpi(
            "mean_recovery_time",
            "us",
            Some(152_900.0),
            (152_900, 1, 3),
            None,
            Verdict::Inconclusive,
        ),
        kpi(
            "missed_alerts",
            "count",
            Some(1.0),
            (1, 3, 0),
            None,
            Verdict::Fail,
        ),
    ];
    summary.ledger = Some(Ledger {
        acknowledged: 41_200,
        stable: 41_190,
        stale: 1,
        lost: 2,
        never_read: 7,
        unexpected: 1,
        indeterminate: 311,
    });
    summary.harness.unreadable_lines = 1;
    summary.caveats = vec![
        "the run was interrupted: episode 4 is not decided".to_owned(),
        "1 of 4 faults had no confirmed effect (void)".to_owned(),
        "1 of 2 decided episodes is censored: its recovery time is only known to be over 60 s".to_owned(),
        "lag of the canary reached 14 ms at p99".to_owned(),
    ];
    analysis
}

/// `n` recovered episodes of very different length.
pub(crate) fn many(n: u32) -> Analysis {
    let episodes = (1..=n)
        .map(|id| {
            let mut episode = recovered(id, 5_000_000 + u64::from(id - 1) * 3_000_000);
            // Restart backoff makes every ninth one slow.
            let extra = u64::from(id % 9 == 0) * 1_900_000 + u64::from(id) * 7_919 % 97 * 1_000;
            episode.phases_us.restart = episode.phases_us.restart.map(|us| us + extra);
            episode.recovery_us = episode.recovery_us.map(|us| us + extra);
            episode.end_us += extra;
            episode
        })
        .collect();
    assemble(episodes, 5_000_000 + u64::from(n) * 3_000_000)
}

/// A run that was interrupted before anything happened.
pub(crate) fn empty() -> Analysis {
    let mut analysis = assemble(vec![], 0);
    analysis.timeline = Timeline {
        bin_us: 100_000,
        bins: vec![],
    };
    (analysis.alerts, analysis.notes) = (vec![], vec![]);
    let summary = &mut analysis.summary;
    (summary.verdict, summary.state) = (Verdict::Inconclusive, RunState::Interrupted);
    summary.scenarios[0].verdict = Verdict::Inconclusive;
    summary.ledger = None;
    (summary.load, summary.alerts) = (
        Load {
            requests: 0,
            failures: 0,
            requests_per_s: 0.0,
            ..summary.load.clone()
        },
        AlertTotals::default(),
    );
    (summary.load.inside, summary.load.outside) = (Latency::default(), Latency::default());
    summary.harness.lag = BTreeMap::new();
    summary.kpis = vec![
        kpi(
            "auto_recovery_rate",
            "ratio",
            None,
            (0, 0, 0),
            None,
            Verdict::Inconclusive,
        ),
        kpi(
            "mean_recovery_time",
            "us",
            None,
            (0, 0, 0),
            None,
            Verdict::Inconclusive,
        ),
        kpi(
            "missed_alerts",
            "count",
            None,
            (0, 0, 0),
            None,
            Verdict::Inconclusive,
        ),
    ];
    summary.caveats = vec!["no fault was injected".to_owned()];
    analysis
}

/// [`passing`] with `markup` wherever a target or a user can put text.
pub(crate) fn hostile(markup: &str) -> Analysis {
    let mut analysis = passing();
    let text = || markup.to_owned();
    analysis.summary.labels.insert(text(), text());
    analysis.summary.caveats.push(text());
    analysis.summary.state_detail = Some(text());
    analysis.summary.scenarios[0].name = text();
    analysis.summary.plan.base_url = text();
    analysis.summary.plan.stores = Some(text());
    for kpi in &mut analysis.summary.kpis {
        (kpi.scenario, kpi.note) = (text(), text());
    }
    for episode in &mut analysis.summary.episodes {
        (episode.target, episode.fault, episode.evidence) = (text(), text(), Some(text()));
        episode.failure_causes = vec![(text(), 1)];
        episode.scenario = text();
    }
    for alert in &mut analysis.alerts {
        (alert.module, alert.message, alert.kind, alert.severity) = (text(), text(), text(), text());
    }
    for note in &mut analysis.notes {
        note.text = text();
    }
    analysis
}

/// An episode that recovered 150 ms or so after `t0_us`.
fn recovered(id: u32, t0_us: u64) -> Episode {
    let jitter = u64::from(id) * 2_654_435 % 31 * 1_000;
    let phases = Phases {
        detect: Some(4_900),
        restart: Some(2_100),
        ready: Some(71_000 + jitter),
        restore: None,
        recover: Some(74_900),
    };
    let recovery = 152_900 + jitter;
    Episode {
        id,
        scenario: SCENARIO.to_owned(),
        fault: "kill".to_owned(),
        target: MODULES[id as usize % 3].to_owned(),
        outcome: Outcome::Recovered,
        automatic: true,
        t0_us,
        t0_uncertainty_us: 312,
        evidence: Some(format!("pidfd: process {} is gone", 4_210 + id)),
        phases_us: phases,
        recovery_us: Some(recovery),
        first_success_us: Some(recovery - 20_000),
        first_failure_us: Some(1_200),
        last_failure_us: Some(recovery - 31_000),
        end_us: t0_us + recovery,
        baseline: Some(Baseline {
            from_us: 0,
            to_us: 5_000_000,
            canaries: 500,
            success_ratio: 1.0,
            p95_us: 3_200,
            goodput_per_s: Some(1_002.0),
        }),
        alerts: EpisodeAlerts {
            expected: 1,
            matched: 1,
            delay_us: vec![9_400],
            collateral: 1,
            ..Default::default()
        },
        requests: 171,
        failed_requests: 64,
        failure_causes: vec![
            ("503 Service Unavailable".to_owned(), 60),
            ("connection reset by peer".to_owned(), 4),
        ],
        goodput_lost_requests: Some(88.4),
        restart_attempts: Some(1),
    }
}

fn kpi(
    id: &str,
    unit: &str,
    value: Option<f64>,
    (numerator, denominator, excluded): (u64, u64, u64),
    interval: Option<[f64; 2]>,
    verdict: Verdict,
) -> Kpi {
    let (op, limit, note) = match id {
        "auto_recovery_rate" => (">=", 0.95, "showing at least 95 % takes 59 of 59"),
        "mean_recovery_time" => ("<=", 60e6, "fewer than 10 episodes: no interval"),
        _ => ("=", 0.0, "an alert counts when it comes within 10 s"),
    };
    Kpi {
        id: id.to_owned(),
        scenario: SCENARIO.to_owned(),
        value,
        unit: unit.to_owned(),
        numerator,
        denominator,
        excluded,
        interval,
        bound: (id == "auto_recovery_rate" && value == Some(1.0)).then_some(0.3684),
        threshold: Threshold {
            op: op.to_owned(),
            limit,
        },
        verdict,
        note: note.to_owned(),
    }
}

/// A passing run around `episodes`.
fn assemble(episodes: Vec<Episode>, duration_us: u64) -> Analysis {
    let n = episodes.len() as u64;
    let sum: u64 = episodes.iter().filter_map(|episode| episode.recovery_us).sum();
    let timeline = timeline(&episodes, duration_us);
    let (alerts, notes) = (alert_rows(&episodes), notes(&episodes));
    let failures: u64 = timeline.bins.iter().map(|bin| bin.failed).sum();
    let requests = failures + timeline.bins.iter().map(|bin| bin.ok).sum::<u64>();
    let trials = u32::try_from(n).unwrap();
    Analysis {
        summary: Summary {
            schema: SUMMARY_SCHEMA,
            run_id: "20260102-030405-7f3a".to_owned(),
            verdict: Verdict::Pass,
            state: RunState::Completed,
            state_detail: None,
            started_at: "2026-01-02T03:04:05.678+00:00".to_owned(),
            duration_us,
            seed: 42,
            labels: BTreeMap::from([("branch".to_owned(), "main".to_owned())]),
            plan: plan(trials),
            scenarios: vec![ScenarioSummary {
                name: SCENARIO.to_owned(),
                verdict: Verdict::Pass,
                trials,
            }],
            kpis: vec![
                kpi(
                    "auto_recovery_rate",
                    "ratio",
                    Some(1.0),
                    (n, n, 0),
                    Some([0.2924, 1.0]),
                    Verdict::Pass,
                ),
                kpi(
                    "mean_recovery_time",
                    "us",
                    Some(sum as f64 / n as f64),
                    (sum, n, 0),
                    None,
                    Verdict::Pass,
                ),
                kpi(
                    "missed_alerts",
                    "count",
                    Some(0.0),
                    (0, n, 0),
                    None,
                    Verdict::Pass,
                ),
            ],
            alerts: AlertTotals {
                received: alerts.len() as u64,
                expected: n,
                matched: n,
                collateral: n,
                ..Default::default()
            },
            ledger: Some(Ledger {
                acknowledged: 9_321,
                stable: 9_321,
                indeterminate: 12,
                ..Default::default()
            }),
            load: Load {
                requests,
                failures,
                requests_per_s: requests as f64 / (duration_us as f64 / 1e6),
                inside: latency(600, 190, 4_100),
                outside: latency(requests - 600.min(requests), 0, 2_300),
            },
            harness: Harness {
                lag: ["canary", "fault", "health"]
                    .map(|thread| {
                        (
                            thread.to_owned(),
                            LagStats {
                                p50_us: 61,
                                p99_us: 840,
                                max_us: 3_120,
                            },
                        )
                    })
                    .into(),
                journal_stalls: 0,
                journal_stalled_us: 0,
                unreadable_lines: 0,
                canaries: duration_us / 10_000,
                health_polls: duration_us / 50_000,
            },
            environment: EnvironmentRecord {
                goose_recovery: "0.1.0".to_owned(),
                goose: "0.19.1".to_owned(),
                os: "linux x86_64".to_owned(),
                cpus: 2,
                release_build: true,
            },
            episodes,
            caveats: vec![],
        },
        timeline,
        alerts,
        notes,
        goose_metrics: None,
    }
}

fn latency(count: u64, failures: u64, p50: u64) -> Latency {
    Latency {
        count,
        failures,
        p50_us: Some(p50),
        p90_us: Some(p50 * 2),
        p95_us: Some(p50 * 3),
        p99_us: Some(p50 * 9),
        max_us: Some(p50 * 31),
    }
}

fn plan(iterations: u32) -> PlanRecord {
    let kpis = [
        ("auto_recovery_rate", ">=", 0.95),
        ("mean_recovery_time", "<=", 60e6),
        ("missed_alerts", "=", 0.0),
    ];
    PlanRecord {
        base_url: "http://127.0.0.1:8000".to_owned(),
        bundled_backend: true,
        stores: Some("embedded".to_owned()),
        users: 50,
        think_time_us: 50_000,
        request_timeout_us: 5_000_000,
        canary_interval_us: 10_000,
        canary_request: "GET /api/sessions/canary/analysis".to_owned(),
        health_interval_us: 50_000,
        hold_us: 2_000_000,
        recovery_deadline_us: 60_000_000,
        baseline_min_us: 5_000_000,
        baseline_min_canaries: 250,
        alert_source: true,
        strict: false,
        scenarios: vec![ScenarioRecord {
            name: SCENARIO.to_owned(),
            fault: "kill".to_owned(),
            iterations,
            pause_us: 2_000_000,
            kpis: kpis
                .map(|(id, op, limit)| KpiRecord {
                    id: id.to_owned(),
                    op: op.to_owned(),
                    limit,
                })
                .to_vec(),
        }],
    }
}

/// About a thousand requests a second, with dips where episodes are.
fn timeline(episodes: &[Episode], duration_us: u64) -> Timeline {
    let bin_us = [
        100_000,
        200_000,
        500_000,
        1_000_000,
        2_000_000,
        5_000_000,
        100_000_000,
    ]
    .into_iter()
    .find(|bin| duration_us / bin < 300)
    .unwrap();
    let bins = (0..duration_us.div_ceil(bin_us)).map(|i| {
        let (from, to) = (i * bin_us, ((i + 1) * bin_us).min(duration_us));
        let hit: u64 = episodes
            .iter()
            .filter(|episode| episode.outcome != Outcome::Void)
            .map(|episode| episode.end_us.min(to).saturating_sub(episode.t0_us.max(from)))
            .sum();
        let ramp = if i == 0 { 2 } else { 1 };
        let all = (to - from) / 1_000 / ramp * (95 + i * 7_919 % 11) / 100;
        let failed = all * hit.min(to - from) / (to - from) * 35 / 100;
        let noise = i * 104_729 % 700;
        let p99 = if hit > 0 {
            180_000 + noise * 100
        } else {
            7_400 + noise * 4
        };
        Bin {
            ok: all - failed,
            failed,
            p50_us: Some(2_100 + noise),
            p99_us: Some(p99),
        }
    });
    Timeline {
        bin_us,
        bins: bins.collect(),
    }
}

fn alert_rows(episodes: &[Episode]) -> Vec<AlertRow> {
    let row = |episode: &Episode, after, severity: &str, kind: &str, message: &str, role| AlertRow {
        t_us: episode.t0_us + after,
        severity: severity.to_owned(),
        kind: kind.to_owned(),
        module: episode.target.clone(),
        message: message.to_owned(),
        role,
        episode: Some(episode.id),
    };
    let decided = episodes.iter().filter(|episode| episode.outcome != Outcome::Void);
    decided
        .flat_map(|episode| {
            [
                row(
                    episode,
                    9_400,
                    "warning",
                    "module_crashed",
                    "killed by signal 9",
                    AlertRole::Matched,
                ),
                row(
                    episode,
                    81_000,
                    "info",
                    "module_recovered",
                    "ready again",
                    AlertRole::Collateral,
                ),
            ]
        })
        .collect()
}

fn notes(episodes: &[Episode]) -> Vec<EpisodeNote> {
    episodes
        .iter()
        .flat_map(|episode| {
            [
                (
                    0,
                    format!(
                        "kill {} asked for (process {})",
                        episode.target,
                        4_210 + episode.id
                    ),
                ),
                (312, "effect confirmed: the process is gone".to_owned()),
                (4_900, format!("backend: {} exited (signal 9)", episode.target)),
                (7_000, format!("backend: {} spawned, attempt 1", episode.target)),
                (78_000, format!("backend: {} ready", episode.target)),
            ]
            .map(|(after, text)| EpisodeNote {
                episode: episode.id,
                t_us: episode.t0_us + after,
                text,
            })
        })
        .collect()
}

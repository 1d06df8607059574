//! Analyses as real runs give them, for the tests of every output.

mod chains;
mod comparison;
mod curves;
mod parts;
mod stores;

use std::collections::BTreeMap;

use crate::analysis::model::AlertTotals;
use crate::analysis::model::{
    Analysis, Episode, Kpi, Latency, Load, RunState, SUMMARY_SCHEMA, ScenarioSummary, Summary, Threshold,
    Timeline, Verdict,
};
use crate::journal::event::Ledger;
use crate::lang::Sentence;
use crate::plan::CustomKpi;

use parts::{
    SCENARIO, aborted, alert_rows, censored, environment, expectations, harness, kpi, latency, notes,
    passing_kpis, plan, recovered, timeline, void,
};

pub(crate) use chains::{all_fates, chains, hostile_chains};
pub(crate) use comparison::{Sweep, hostile_sweep, of_axes, sweep};
pub(crate) use stores::{broken_stores, hostile_stores, stores};

/// Three kills, three recoveries, everything met.
pub(crate) fn passing() -> Analysis {
    let episodes = (1..=3).map(|id| recovered(id, 5_400_000 + u64::from(id - 1) * 4_700_000)).collect();
    let mut analysis = assemble(episodes, 19_000_000);
    analysis.summary.caveats = vec![Sentence::verbatim(
        "3 trials are few: 3 of 3 shows at least 37 % with 95 % confidence; 59 of 59 would show 95 %",
    )];
    analysis.goose_metrics = Some(r#"{"hash":0,"duration":19,"users":50}"#.to_owned());
    analysis
}

/// [`passing`] but for two KPIs that the user defines: one is missed, one passes.
pub(crate) fn custom() -> Analysis {
    let mut analysis = passing();
    let declared = [
        (Some("slow answers"), "p95 during < 2s", Some(2_300_000.0), (412, 412, 7), Verdict::Fail),
        (None, "throughput after >= 100/s", Some(123.4), (1_851, 15_000_000, 0), Verdict::Pass),
    ];
    for (name, expression, value, counted, verdict) in declared {
        let expect = expression.parse().unwrap();
        let record = CustomKpi { name: name.map(str::to_owned), expect }.record();
        let unit = if expression.starts_with("p95") { "us" } else { "per_s" };
        analysis.summary.kpis.push(Kpi {
            name: record.name.clone(),
            metric: record.metric.clone(),
            phase: record.phase.clone(),
            threshold: Threshold { op: record.op.clone(), limit: record.limit },
            ..kpi(&record.id, unit, value, counted, None, verdict)
        });
        analysis.summary.plan.scenarios[0].kpis.push(record);
    }
    (analysis.summary.verdict, analysis.summary.scenarios[0].verdict) = (Verdict::Fail, Verdict::Fail);
    analysis
}

/// One recovered, one void, one censored, one aborted; the mean fails; an alert is missed, another late.
pub(crate) fn failing() -> Analysis {
    let mut analysis = assemble(vec![recovered(1, 5_400_000), void(), censored(), aborted()], 80_200_000);
    let summary = &mut analysis.summary;
    (summary.verdict, summary.state) = (Verdict::Fail, RunState::Interrupted);
    summary.state_detail = Some("Ctrl-C in episode 4".to_owned());
    (summary.scenarios[0].verdict, summary.scenarios[0].trials) = (Verdict::Fail, 2);
    summary.kpis = vec![
        kpi("auto_recovery_rate", "ratio", Some(0.5), (1, 2, 2), Some([0.0126, 0.9874]), Verdict::Fail),
        kpi("mean_recovery_time", "us", Some(152_900.0), (152_900, 1, 3), None, Verdict::Inconclusive),
        kpi("missed_alerts", "count", Some(1.0), (1, 3, 0), None, Verdict::Fail),
    ];
    summary.ledger = Some(Ledger {
        acknowledged: 41_200,
        stable: 41_190,
        stale: 1,
        lost: 2,
        never_read: 7,
        unexpected: 1,
        indeterminate: 311,
        ..Ledger::default()
    });
    summary.harness.unreadable_lines = 1;
    summary.caveats = vec![
        Sentence::verbatim("the run was interrupted: episode 4 is not decided"),
        Sentence::verbatim("1 of 4 faults had no confirmed effect (void)"),
        Sentence::verbatim(
            "1 of 2 decided episodes is censored: its recovery time is only known to be over 60 s",
        ),
        Sentence::verbatim("lag of the canary reached 14 ms at p99"),
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
    analysis.timeline = Timeline { bin_us: 100_000, bins: vec![] };
    (analysis.alerts, analysis.notes) = (vec![], vec![]);
    let summary = &mut analysis.summary;
    (summary.verdict, summary.state) = (Verdict::Inconclusive, RunState::Interrupted);
    summary.scenarios[0].verdict = Verdict::Inconclusive;
    summary.ledger = None;
    (summary.load, summary.alerts) = (
        Load { requests: 0, failures: 0, requests_per_s: 0.0, ..summary.load.clone() },
        AlertTotals::default(),
    );
    (summary.load.inside, summary.load.outside) = (Latency::default(), Latency::default());
    summary.harness.lag = BTreeMap::new();
    summary.kpis = vec![
        kpi("auto_recovery_rate", "ratio", None, (0, 0, 0), None, Verdict::Inconclusive),
        kpi("mean_recovery_time", "us", None, (0, 0, 0), None, Verdict::Inconclusive),
        kpi("missed_alerts", "count", None, (0, 0, 0), None, Verdict::Inconclusive),
    ];
    summary.caveats = vec![Sentence::verbatim("no fault was injected")];
    analysis
}

/// [`passing`] with `markup` wherever a target or a user can put text.
pub(crate) fn hostile(markup: &str) -> Analysis {
    let mut analysis = custom();
    let text = || markup.to_owned();
    analysis.summary.labels.insert(text(), text());
    analysis.summary.caveats.push(Sentence::verbatim(text()));
    analysis.summary.state_detail = Some(text());
    analysis.summary.scenarios[0].name = text();
    analysis.summary.plan.base_url = text();
    analysis.summary.plan.stores = Some(text());
    for kpi in &mut analysis.summary.kpis {
        (kpi.scenario, kpi.notes) = (text(), vec![Sentence::verbatim(text())]);
        if kpi.name.is_some() {
            (kpi.id, kpi.name) = (text(), Some(text()));
        }
    }
    for episode in &mut analysis.summary.episodes {
        (episode.target, episode.fault, episode.evidence) = (text(), text(), Some(text()));
        episode.failure_causes = vec![(text(), 1)];
        episode.scenario = text();
    }
    for alert in &mut analysis.alerts {
        (alert.module, alert.message, alert.kind, alert.severity) = (text(), text(), text(), text());
    }
    for expectation in &mut analysis.expectations {
        (expectation.module, expectation.kinds) = (text(), vec![text()]);
        expectation.min_severity = text();
    }
    for note in &mut analysis.notes {
        note.text = Sentence::verbatim(text());
    }
    analysis
}

/// A passing run around `episodes`.
fn assemble(episodes: Vec<Episode>, duration_us: u64) -> Analysis {
    let n = episodes.len() as u64;
    let sum: u64 = episodes.iter().filter_map(|episode| episode.recovery_us).sum();
    let timeline = timeline(&episodes, duration_us);
    let (alerts, notes) = (alert_rows(&episodes), notes(&episodes));
    let curves = curves::curves(&episodes, duration_us);
    let expectations = expectations(&episodes);
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
            scenarios: vec![ScenarioSummary { name: SCENARIO.to_owned(), verdict: Verdict::Pass, trials }],
            kpis: passing_kpis(n, sum),
            chains: vec![],
            alerts: AlertTotals {
                received: alerts.len() as u64,
                expected: n,
                matched: n,
                collateral: n,
                ..Default::default()
            },
            loss: None,
            resyncs: None,
            stores: vec![],
            ledger: Some(Ledger {
                acknowledged: 9_321,
                stable: 9_321,
                indeterminate: 12,
                ..Default::default()
            }),
            load: Load {
                appends: Some(25_000),
                requests,
                failures,
                requests_per_s: requests as f64 / (duration_us as f64 / 1e6),
                inside: latency(600, 190, 4_100),
                outside: latency(requests - 600.min(requests), 0, 2_300),
            },
            harness: harness(duration_us),
            environment: environment(),
            episodes,
            caveats: vec![],
        },
        timeline,
        alerts,
        notes,
        lanes: vec![],
        sink_outages: vec![],
        read_backs: vec![],
        curves,
        expectations,
        goose_metrics: None,
    }
}

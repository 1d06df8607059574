//! Builds the lines of a run: events by hand, probes and requests by rule.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::analysis::{Analyser, Analysis};
use crate::journal::event::*;

/// A millisecond. Instants of the tests are in ms, as the journal is in µs.
pub(super) const MS: u64 = 1000;

/// A run in the making. Its plan: hold 2 s, deadline 10 s, baseline 5 s, canaries each 10 ms, polls each 50 ms.
#[derive(Debug, Clone)]
pub(super) struct Scene {
    plan: PlanRecord,
    lines: Vec<Line<'static>>,
    probes_ms: u64,
    outages_ms: Vec<(u64, u64)>,
    unhealthy_ms: Vec<(u64, u64)>,
    requests: bool,
}

impl Scene {
    /// Users start at 0; probes come until `end_ms`.
    pub(super) fn until(end_ms: u64) -> Self {
        Self {
            plan: plan(),
            lines: Vec::new(),
            probes_ms: end_ms,
            outages_ms: vec![],
            unhealthy_ms: vec![],
            requests: false,
        }
        .at(0, UsersStarted { users: 50 })
        .at(0, ScenarioStarted { scenario: "single-module".to_owned() })
    }

    pub(super) fn plan(mut self, change: impl FnOnce(&mut PlanRecord)) -> Self {
        change(&mut self.plan);
        self
    }

    pub(super) fn at(mut self, t_ms: u64, event: impl Into<Event<'static>>) -> Self {
        self.lines.push(Line { t: t_ms * MS, event: event.into() });
        self
    }

    /// Canaries, polls and requests that start in `[from, to)` fail.
    pub(super) fn outage(mut self, from_ms: u64, to_ms: u64) -> Self {
        self.outages_ms.push((from_ms, to_ms));
        self
    }

    /// Only the health page is bad.
    pub(super) fn unhealthy(mut self, from_ms: u64, to_ms: u64) -> Self {
        self.unhealthy_ms.push((from_ms, to_ms));
        self
    }

    /// No probe and no request fails, whatever was said before.
    pub(super) fn calm(mut self) -> Self {
        (self.outages_ms, self.unhealthy_ms) = (vec![], vec![]);
        self
    }

    /// Ten users' requests every 100 ms.
    pub(super) fn requests(mut self) -> Self {
        self.requests = true;
        self
    }

    pub(super) fn injected(self, episode: u32, t_ms: u64, fault: &str, target: &str) -> Self {
        self.at(t_ms, injected(episode, fault, target))
    }

    /// One that the run ends by itself after `lasts_ms`.
    pub(super) fn lasting(self, episode: u32, t_ms: u64, fault: &str, target: &str, lasts_ms: u64) -> Self {
        self.at(t_ms, FaultInjected { lasts_us: Some(lasts_ms * MS), ..injected(episode, fault, target) })
    }

    pub(super) fn confirmed(self, episode: u32, t_ms: u64) -> Self {
        self.at(t_ms, FaultConfirmed { episode, evidence: "pidfd: process 100 is gone".to_owned() })
    }

    /// A kill at `t` whose effect is proven 2 ms later.
    pub(super) fn killed(self, episode: u32, t_ms: u64, target: &str) -> Self {
        self.injected(episode, t_ms, "kill", target).confirmed(episode, t_ms + 2)
    }

    pub(super) fn backend(self, t_ms: u64, kind: &str, module: &str) -> Self {
        let seq = self.lines.len() as u64;
        let (kind, module) = (kind.to_owned(), module.to_owned());
        self.at(t_ms, BackendEvent { seq, kind, module, pid: None, attempt: None, cause: None, resync: None })
    }

    /// A kill with an outage of `[t, t + 100)` and the backend's account of it.
    pub(super) fn healed(self, episode: u32, t_ms: u64, target: &str) -> Self {
        self.killed(episode, t_ms, target)
            .outage(t_ms, t_ms + 100)
            .backend(t_ms + 4, "exited", target)
            .backend(t_ms + 7, "spawned", target)
            .backend(t_ms + 95, "ready", target)
    }

    /// The live run's word on an episode.
    pub(super) fn closed(self, episode: u32, t_ms: u64, outcome: &str, recovered_ms: Option<u64>) -> Self {
        let recovered_us = recovered_ms.map(|recovered| recovered * MS);
        self.at(t_ms, EpisodeClosed { episode, outcome: outcome.to_owned(), recovered_us })
    }

    pub(super) fn expects(self, episode: u32, t_ms: u64, module: &str) -> Self {
        let kinds = vec!["module_crashed".to_owned()];
        let (module, min_severity) = (module.to_owned(), "warning".to_owned());
        self.at(t_ms, AlertExpected { episode, module, kinds, min_severity, deadline_us: 10_000 * MS })
    }

    pub(super) fn alert(self, t_ms: u64, key: &str, kind: &str, module: &str) -> Self {
        let alert = AlertReceived {
            id: key.to_owned(),
            key: key.to_owned(),
            severity: "warning".to_owned(),
            kind: kind.to_owned(),
            module: module.to_owned(),
            message: format!("{module}: {kind}"),
            raised_at: None,
        };
        self.at(t_ms, alert)
    }

    pub(super) fn finished(self, t_ms: u64) -> Self {
        self.at(t_ms, ScenarioFinished { scenario: "single-module".to_owned() })
            .ended(t_ms, FinishReason::Completed)
    }

    pub(super) fn ended(self, t_ms: u64, reason: FinishReason) -> Self {
        self.at(t_ms, RunFinished { reason, detail: None, journal_stalls: 0, journal_stalled_us: 0 })
    }

    /// All lines in the order in which a run writes them: samples when they end.
    pub(super) fn lines(&self) -> Vec<Line<'static>> {
        let mut lines: Vec<(u64, Line<'static>)> = vec![(0, Line { t: 0, event: self.run_started().into() })];
        lines.extend(self.lines.iter().map(|line| (line.t, line.clone())));
        for t_ms in (0..self.probes_ms).step_by(10) {
            let ok = !hit(&self.outages_ms, t_ms);
            let mut add = |duration_us: u64, event: Event<'static>| {
                lines.push((t_ms * MS + duration_us, Line { t: t_ms * MS, event }));
            };
            // Slow answers overtake each other on their way into the journal.
            let duration_us = if ok { 900 + 7 * (t_ms % 300) } else { 30_000 };
            let status = ok.then_some(200);
            add(duration_us, Canary { duration_us, lag_us: 50, status, ok, error: None }.into());
            if t_ms % 50 == 0 {
                let ok = ok && !hit(&self.unhealthy_ms, t_ms);
                add(2_000, Health { duration_us: 2_000, lag_us: 80, status, ok, overall: None }.into());
            }
            if self.requests && t_ms % 100 == 0 {
                for user in 0..10 {
                    let error = (!ok).then_some(Cow::Borrowed("connection refused"));
                    let name = Cow::Borrowed("POST entries");
                    add(5_000, Request { duration_us: 5_000, user, name, status, ok, error }.into());
                }
            }
        }
        lines.sort_by_key(|(written, _)| *written);
        lines.into_iter().map(|(_, line)| line).collect()
    }

    pub(super) fn analyse(&self) -> Analysis {
        analyse(&self.lines())
    }

    fn run_started(&self) -> RunStarted {
        RunStarted {
            schema: SCHEMA_VERSION,
            run: "r1".to_owned(),
            started_at: "2026-01-01T00:00:00Z".to_owned(),
            started_at_unix_us: 1_767_225_600_000_000,
            seed: 42,
            labels: BTreeMap::new(),
            plan: Box::new(self.plan.clone()),
            environment: EnvironmentRecord {
                goose_recovery: "0.1.0".to_owned(),
                goose: "0.19.0".to_owned(),
                os: "linux x86_64".to_owned(),
                cpus: 2,
                release_build: true,
                command: None,
            },
        }
    }
}

/// The three passes.
pub(super) fn analyse(lines: &[Line<'_>]) -> Analysis {
    analyse_damaged(lines, 0)
}

/// [`analyse`], with so many lines besides that could not be read.
pub(super) fn analyse_damaged(lines: &[Line<'_>], unreadable: u64) -> Analysis {
    let mut control = Analyser::new();
    lines.iter().for_each(|line| control.line(line));
    let mut probes = control.probes().unwrap();
    lines.iter().for_each(|line| probes.line(line));
    let mut requests = probes.requests();
    lines.iter().for_each(|line| requests.line(line));
    requests.unreadable_lines(unreadable);
    requests.finish()
}

fn hit(spans: &[(u64, u64)], t: u64) -> bool {
    spans.iter().any(|(from, to)| (*from..*to).contains(&t))
}

fn plan() -> PlanRecord {
    let kpi = KpiRecord::new;
    PlanRecord {
        base_url: "http://127.0.0.1:8000".to_owned(),
        bundled_backend: true,
        stores: Some("embedded".to_owned()),
        users: 50,
        think_time_us: 100_000,
        request_timeout_us: 5_000_000,
        canary_interval_us: 10_000,
        canary_request: "GET /api/sessions/canary/analysis".to_owned(),
        health_interval_us: 50_000,
        hold_us: 2_000_000,
        recovery_deadline_us: 10_000_000,
        baseline_min_us: 5_000_000,
        baseline_min_canaries: 250,
        alert_source: true,
        strict: false,
        policy: None,
        sink_outage_us: None,
        abort_when: vec![],
        scenarios: vec![ScenarioRecord {
            name: "single-module".to_owned(),
            fault: "kill".to_owned(),
            iterations: 3,
            duration_us: None,
            pause_us: 2_000_000,
            outage_us: None,
            resync_grace_us: None,
            kpis: vec![
                kpi("auto_recovery_rate", ">=", 0.95),
                kpi("mean_recovery_time", "<=", 60e6),
                kpi("missed_alerts", "=", 0.0),
            ],
        }],
    }
}

fn injected(episode: u32, fault: &str, target: &str) -> FaultInjected {
    FaultInjected {
        episode,
        scenario: "single-module".to_owned(),
        fault: fault.to_owned(),
        target: target.to_owned(),
        pid: Some(100),
        chain: None,
        lasts_us: None,
    }
}

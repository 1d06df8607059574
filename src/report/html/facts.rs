//! Rows of the page's tables: pairs of a name and a text, and a few wider ones. Pure.

use serde::Serialize;

use crate::analysis::Summary;
use crate::analysis::model::{AlertRow, AlertTotals, Harness, Latency};
use crate::journal::event::{Ledger, PlanRecord};
use crate::lang::format::{self, count, length, length_or};
use crate::report::{view, words};

/// A name, what it says, and what it means.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Fact {
    pub(super) name: String,
    pub(super) text: String,
    pub(super) meaning: &'static str,
}

pub(super) fn fact(name: impl Into<String>, text: impl Into<String>) -> Fact {
    Fact { name: name.into(), text: text.into(), meaning: "" }
}

fn counted(name: &str, n: u64, meaning: &'static str) -> Fact {
    Fact { name: name.to_owned(), text: count(n), meaning }
}

/// A distribution of durations.
#[derive(Debug, Serialize)]
pub(super) struct LatencyRow {
    pub(super) name: &'static str,
    pub(super) requests: String,
    pub(super) failed: String,
    pub(super) availability: String,
    pub(super) percentiles: [String; 5],
}

/// Inside the episodes and outside of them: a mean over both would hide an outage.
pub(super) fn latency(summary: &Summary) -> Vec<LatencyRow> {
    let row = |name, latency: &Latency| {
        #[expect(clippy::cast_precision_loss, reason = "a share, shown with three digits")]
        let good = (latency.count > 0).then(|| 1.0 - latency.failures as f64 / latency.count as f64);
        LatencyRow {
            name,
            requests: count(latency.count),
            failed: count(latency.failures),
            availability: good.map_or_else(|| "no data".to_owned(), format::ratio),
            percentiles: [latency.p50_us, latency.p90_us, latency.p95_us, latency.p99_us, latency.max_us]
                .map(|us| us.map_or_else(|| "no data".to_owned(), length)),
        }
    };
    vec![row("inside episodes", &summary.load.inside), row("outside", &summary.load.outside)]
}

/// What became of the acknowledged entries.
pub(super) fn ledger(ledger: Option<&Ledger>) -> Vec<Fact> {
    let Some(ledger) = ledger else { return Vec::new() };
    let mut facts = vec![
        counted("acknowledged", ledger.acknowledged, "answered 2xx: must be there for good"),
        counted("stable", ledger.stable, "acknowledged and read back unchanged"),
        counted("stale", ledger.stale, "acknowledged, read back with other content"),
        counted("lost", ledger.lost, "acknowledged, and a complete read does not show it"),
        counted("never read", ledger.never_read, "acknowledged, but its session could not be read"),
        counted("unexpected", ledger.unexpected, "read, but never sent"),
        counted(
            "indeterminate",
            ledger.indeterminate,
            "sent without an answer: may or may not be there, no loss",
        ),
    ];
    let told = [
        ("spooled", ledger.spooled, "acknowledged while a store was away, as safe in the spool"),
        ("replayed", ledger.replayed, "brought from the spool into the database, as the resyncs report"),
        ("sessions compared", ledger.compared, "cache and database were both asked, after all was over"),
        ("cache differs", ledger.cache_differs, "of these, sessions of which the two do not say the same"),
    ];
    facts.extend(told.into_iter().filter_map(|(name, n, meaning)| Some(counted(name, n?, meaning))));
    facts
}

/// The alerts of the run.
pub(super) fn alert_totals(alerts: &AlertTotals) -> Vec<Fact> {
    let mut facts = vec![
        counted("expected", alerts.expected, "by the faults"),
        counted("in time", alerts.matched, "expected, and came by the deadline"),
        counted("missed", alerts.missed, "expected, and did not come by the deadline"),
        counted("late", alerts.late, "of the missed, those that came after all"),
        counted("duplicates", alerts.duplicates, "the same idempotency key again"),
        counted("collateral", alerts.collateral, "not expected, inside an episode"),
        counted("false alarms", alerts.false_alarms, "not expected, outside every episode"),
        counted("received", alerts.received, "all of them, duplicates included"),
    ];
    facts.extend([
        Fact { meaning: "in time ÷ expected", ..fact("recall", view::alerts::recall(alerts)) },
        Fact {
            meaning: "in time ÷ (in time + false alarms)",
            ..fact("precision", view::alerts::precision(alerts))
        },
        Fact { meaning: "from t0 to those in time", ..fact("delay", view::alerts::delays(alerts)) },
    ]);
    if alerts.sink_closed_us > 0 {
        facts.push(Fact {
            meaning: "on purpose: deadlines do not run meanwhile, the delays do",
            ..fact("our own sink closed", length(alerts.sink_closed_us))
        });
    }
    facts
}

/// One alert.
#[derive(Debug, Serialize)]
pub(super) struct AlertView {
    pub(super) at: String,
    pub(super) severity: String,
    pub(super) kind: String,
    pub(super) module: String,
    pub(super) message: String,
    pub(super) role: &'static str,
    pub(super) episode: Option<u32>,
}

impl AlertView {
    pub(super) fn new(alert: &AlertRow) -> Self {
        Self {
            at: format::instant(alert.t_us),
            severity: alert.severity.clone(),
            kind: alert.kind.clone(),
            module: alert.module.clone(),
            message: alert.message.clone(),
            role: words::role(alert.role),
            episode: alert.episode,
        }
    }
}

/// What the users did.
pub(super) fn load(summary: &Summary) -> Vec<Fact> {
    let load = &summary.load;
    vec![
        fact("users", count(u64::from(summary.plan.users))),
        fact("think time", length(summary.plan.think_time_us)),
        fact("requests", count(load.requests)),
        fact("failed", count(load.failures)),
        fact("requests a second", format::number(load.requests_per_s)),
    ]
}

/// Who measured what, where.
pub(super) fn plan(summary: &Summary) -> Vec<Fact> {
    let (plan, environment) = (&summary.plan, &summary.environment);
    let yes = |is: bool| if is { "yes" } else { "no" };
    let mut facts = vec![
        fact("target", plan.base_url.clone()),
        fact(
            "backend",
            if plan.bundled_backend { "bundled, started by the harness" } else { "started elsewhere" },
        ),
        fact("stores", plan.stores.clone().unwrap_or_else(|| "unknown".to_owned())),
        fact("seed", summary.seed.to_string()),
        fact("request timeout", length(plan.request_timeout_us)),
        fact("canary", format!("{} every {}", plan.canary_request, length(plan.canary_interval_us))),
        fact("health poll", format!("every {}", length(plan.health_interval_us))),
        fact("recovered means", format!("as before the fault, held for {}", length(plan.hold_us))),
        fact("recovery deadline", length(plan.recovery_deadline_us)),
        fact(
            "baseline",
            format!(
                "at least {} and {} canaries",
                length(plan.baseline_min_us),
                count(plan.baseline_min_canaries)
            ),
        ),
        fact("alerts can be received", yes(plan.alert_source)),
        fact("strict (the bound must clear the line)", yes(plan.strict)),
        fact("goose-recovery", environment.goose_recovery.clone()),
        fact("goose", environment.goose.clone()),
        fact(
            "system",
            format!(
                "{}, {}",
                environment.os,
                format::counted(u64::from(environment.cpus), "processor", "processors")
            ),
        ),
        fact("optimised build", yes(environment.release_build)),
    ];
    facts.extend(summary.labels.iter().map(|(key, value)| fact(format!("label {key}"), value.clone())));
    facts
}

/// One scenario of the plan.
#[derive(Debug, Serialize)]
pub(super) struct PlannedScenario {
    pub(super) name: String,
    pub(super) fault: String,
    pub(super) iterations: String,
    pub(super) pause: String,
    pub(super) kpis: String,
}

/// The scenarios of the plan.
pub(super) fn planned(plan: &PlanRecord) -> Vec<PlannedScenario> {
    let planned = plan.scenarios.iter().map(|scenario| PlannedScenario {
        name: scenario.name.clone(),
        fault: scenario.fault.clone(),
        iterations: scenario.iterations.to_string(),
        pause: length(scenario.pause_us),
        kpis: scenario.kpis.iter().map(|kpi| words::kpi(&kpi.id)).collect::<Vec<_>>().join(", "),
    });
    planned.collect()
}

/// How late one thread woke.
#[derive(Debug, Serialize)]
pub(super) struct LagRow {
    pub(super) thread: String,
    pub(super) p50: String,
    pub(super) p99: String,
    pub(super) max: String,
}

/// The harness's threads.
pub(super) fn lag(harness: &Harness) -> Vec<LagRow> {
    let rows = harness.lag.iter().map(|(thread, lag)| LagRow {
        thread: thread.clone(),
        p50: length_or(Some(lag.p50_us)),
        p99: length(lag.p99_us),
        max: length(lag.max_us),
    });
    rows.collect()
}

/// How far the measurement can be trusted.
pub(super) fn harness(summary: &Summary) -> Vec<Fact> {
    vec![
        fact("canaries sent", count(summary.harness.canaries)),
        fact("health polls", count(summary.harness.health_polls)),
        fact("journal", format!("{}; {}", view::stalls(summary), view::unreadable(summary))),
    ]
}

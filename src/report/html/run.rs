//! How the run was made: plan, target, policy, versions. Pure.

use serde::Serialize;
use serde_json::Value;

use super::facts::{Fact, fact};
use crate::analysis::Summary;
use crate::journal::event::PlanRecord;
use crate::lang::format::length;
use crate::lang::{Arg, Lang};
use crate::report::view;

/// So many settings of the target's policy are shown: it is the target that says how many there are.
const MOST_SETTINGS: usize = 40;

/// Who measured what, where.
pub(super) fn plan(summary: &Summary, lang: Lang) -> Vec<Fact> {
    let (plan, environment) = (&summary.plan, &summary.environment);
    let yes = |is: bool| lang.text(if is { "yes" } else { "no" });
    let every = |us: u64| lang.say("page-run-every", [("length", Arg::LengthUs(us))]);
    let canary =
        [("request", (&plan.canary_request).into()), ("length", Arg::LengthUs(plan.canary_interval_us))];
    let baseline =
        [("length", Arg::LengthUs(plan.baseline_min_us)), ("n", plan.baseline_min_canaries.into())];
    let system = [("os", (&environment.os).into()), ("n", environment.cpus.into())];
    let backend = if plan.bundled_backend { "page-run-backend-bundled" } else { "page-run-backend-other" };
    let mut facts: Vec<_> = [
        ("term-started", summary.started_at.clone()),
        ("term-target", plan.base_url.clone()),
        ("page-run-backend", lang.text(backend)),
        ("page-run-stores", view::state::which(summary, lang)),
        ("term-seed", summary.seed.to_string()),
        ("page-run-timeout", length(plan.request_timeout_us)),
        ("term-canary", lang.say("page-run-canary-text", canary)),
        ("page-run-health", every(plan.health_interval_us)),
        (
            "page-run-recovered",
            lang.say("page-run-recovered-text", [("length", Arg::LengthUs(plan.hold_us))]),
        ),
        ("page-run-deadline", length(plan.recovery_deadline_us)),
        ("page-run-baseline", lang.say("page-run-baseline-text", baseline)),
        ("page-run-alerts", yes(plan.alert_source)),
        ("page-run-strict", yes(plan.strict)),
        ("page-run-harness", environment.goose_recovery.clone()),
        ("page-run-goose", environment.goose.clone()),
        ("page-run-system", lang.say("page-run-system-text", system)),
        ("page-run-optimised", yes(environment.release_build)),
    ]
    .map(|(id, text)| fact(lang.text(id), text))
    .into();
    let guarded = plan.abort_when.iter().map(|rule| ("term-abort-when", rule.clone()));
    let closed = plan.sink_outage_us.map(|us| ("page-run-sink-outage", length(us)));
    facts.extend(guarded.chain(closed).map(|(id, text)| fact(lang.text(id), text)));
    let label = |(key, value): (&String, &String)| {
        fact(lang.say("page-run-label", [("key", key.into())]), value.clone())
    };
    facts.extend(summary.labels.iter().map(label));
    facts
}

/// The settings of the target's restart policy, in its own words: names and values.
pub(super) fn policy(plan: &PlanRecord) -> Vec<Fact> {
    let mut settings = Vec::new();
    if let Some(policy) = &plan.policy {
        flatten("", policy, &mut settings);
    }
    settings
}

/// What is inside of something goes by the names of both: `restart.max_retries`.
fn flatten(name: &str, value: &Value, settings: &mut Vec<Fact>) {
    if settings.len() >= MOST_SETTINGS {
        return;
    }
    match value {
        Value::Object(fields) => {
            for (field, value) in fields {
                let dot = if name.is_empty() { "" } else { "." };
                flatten(&format!("{name}{dot}{field}"), value, settings);
            }
        }
        Value::String(text) => settings.push(fact(name, text.clone())),
        other => settings.push(fact(name, other.to_string())),
    }
}

/// One scenario of the plan.
#[derive(Debug, Serialize)]
pub(super) struct PlannedScenario {
    pub(super) name: String,
    pub(super) fault: String,
    pub(super) iterations: String,
    pub(super) pause: String,
    /// How long stores are away; absent where none is stopped.
    pub(super) outage: Option<String>,
    /// How long the system may take before a resync is forced.
    pub(super) resync_grace: Option<String>,
    pub(super) kpis: String,
}

/// The scenarios of the plan.
pub(super) fn planned(plan: &PlanRecord, lang: Lang) -> Vec<PlannedScenario> {
    let planned = plan.scenarios.iter().map(|scenario| {
        let kpis: Vec<_> = scenario.kpis.iter().map(|kpi| view::kpi_name(kpi, lang)).collect();
        PlannedScenario {
            name: scenario.name.clone(),
            fault: scenario.fault.clone(),
            iterations: scenario.iterations.to_string(),
            pause: length(scenario.pause_us),
            outage: scenario.outage_us.map(length),
            resync_grace: scenario.resync_grace_us.map(length),
            kpis: view::commas(&kpis, lang),
        }
    });
    planned.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn a_policy_is_shown_setting_by_setting_however_deep_and_not_without_end() {
        let mut plan = fixture::passing().summary.plan;
        assert_eq!(policy(&plan), []);
        plan.policy = Some(serde_json::json!({
            "max_retries": 3, "backoff_initial": "100ms", "strategies": {"ingest": ["one-for-one"]}
        }));
        let settings: Vec<_> = policy(&plan).into_iter().map(|fact| (fact.name, fact.text)).collect();
        let expected =
            [("backoff_initial", "100ms"), ("max_retries", "3"), ("strategies.ingest", "[\"one-for-one\"]")];
        assert_eq!(settings.iter().map(|(n, t)| (n.as_str(), t.as_str())).collect::<Vec<_>>(), expected);
        let many: serde_json::Map<_, _> = (0..500).map(|n| (n.to_string(), Value::Null)).collect();
        plan.policy = Some(Value::Object(many));
        assert_eq!(policy(&plan).len(), MOST_SETTINGS);
    }
}

//! May these runs be compared at all, and what differs besides that of which the effect is asked? Pure, and before any
//! figure.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::side::{Side, or_none, policy};
use crate::analysis::Summary;
use crate::journal::event::ScenarioRecord;
use crate::lang::{Arg, Sentence, format};

/// What a difference does to a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// It is what is compared.
    Compared,
    /// It may explain what is found.
    Noted,
    /// What was measured is not the same thing.
    Meaningless,
}

/// Something that is not the same in all runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Difference {
    /// What, by its id: a name such as `users`, `policy.max_retries` or `label.branch`.
    pub field: String,
    /// What, for people.
    pub name: Sentence,
    /// What it does to the comparison.
    pub weight: Weight,
    /// What each side has, in the order of the sides; several values when its own runs differ.
    pub values: Vec<Vec<Arg>>,
}

impl Difference {
    /// What differs, and what each side has: `users (50 | 100)`.
    #[must_use]
    pub fn sentence(&self) -> Sentence {
        let sides = self.values.iter().map(|values| Arg::List(values.clone()));
        let values = sides.reduce(|before, side| {
            Sentence::with("compare-sides", [("before", before), ("side", side)]).into()
        });
        let values = values.unwrap_or(Arg::List(Vec::new()));
        Sentence::with("compare-difference", [("name", self.name.clone().into()), ("values", values)])
    }
}

/// Stands for a run's id where it is part of something else: a canary asks for a session of its own run.
const RUN: &str = "{run}";

/// What a run has.
type Of = fn(&Summary) -> Arg;

/// Without the same of these, runs do not measure the same.
const MEANINGFUL: &[(&str, Of)] = &[
    ("schema", |run| run.schema.into()),
    ("scenarios", |run| each_scenario(run, |scenario| scenario.name.as_str().into())),
    ("faults", |run| each_scenario(run, |scenario| scenario.fault.as_str().into())),
    ("outage", |run| each_scenario(run, |scenario| length_or_none(scenario.outage_us))),
    ("stores", |run| or_none(run.plan.stores.clone())),
    ("users", |run| run.plan.users.into()),
    ("think-time", |run| Arg::LengthUs(run.plan.think_time_us)),
    ("request-timeout", |run| Arg::LengthUs(run.plan.request_timeout_us)),
    ("canary-request", canary_request),
    ("canary-interval", |run| Arg::LengthUs(run.plan.canary_interval_us)),
    ("health-interval", |run| Arg::LengthUs(run.plan.health_interval_us)),
    ("hold", |run| Arg::LengthUs(run.plan.hold_us)),
    ("recovery-deadline", |run| Arg::LengthUs(run.plan.recovery_deadline_us)),
    ("alert-source", |run| yes_or_no(run.plan.alert_source)),
    ("sink-outage", |run| length_or_none(run.plan.sink_outage_us)),
];

/// These may explain what is found.
const NOTED: &[(&str, Of)] = &[
    ("base-url", base_url),
    ("bundled-backend", |run| yes_or_no(run.plan.bundled_backend)),
    ("iterations", |run| each_scenario(run, |scenario| scenario.iterations.into())),
    ("pause", |run| each_scenario(run, |scenario| Arg::LengthUs(scenario.pause_us))),
    ("resync-grace", |run| each_scenario(run, |scenario| length_or_none(scenario.resync_grace_us))),
    ("baseline-length", |run| Arg::LengthUs(run.plan.baseline_min_us)),
    ("baseline-canaries", |run| run.plan.baseline_min_canaries.into()),
    ("custom-kpis", custom_kpis),
    ("seed", |run| run.seed.to_string().into()),
    ("goose-recovery", |run| run.environment.goose_recovery.as_str().into()),
    ("goose", |run| run.environment.goose.as_str().into()),
    ("os", |run| run.environment.os.as_str().into()),
    ("cpus", |run| run.environment.cpus.into()),
    ("release-build", |run| yes_or_no(run.environment.release_build)),
];

/// Everything that is not the same in all runs, what makes a comparison meaningless first. `by` are the labels or the policy's
/// fields of which the effect is asked.
#[must_use]
pub fn differences(sides: &[Side<'_>], by: &[String]) -> Vec<Difference> {
    let fixed = |fields: &[(&str, Of)], weight| {
        let one = |(field, of): &(&str, Of)| {
            let name = Sentence::new(&format!("compare-field-{field}"));
            differing(sides, field, name, weight, of)
        };
        fields.iter().filter_map(one).collect::<Vec<_>>()
    };
    let weight =
        |field: &str| if by.iter().any(|asked| asked == field) { Weight::Compared } else { Weight::Noted };
    let runs = || sides.iter().flat_map(|side| &side.runs);

    let mut all = fixed(MEANINGFUL, Weight::Meaningless);
    let labels: BTreeSet<_> = runs().flat_map(|run| run.labels.keys()).collect();
    for label in labels {
        let name = Sentence::with("compare-field-label", [("label", label.into())]);
        let of = |run: &Summary| or_none(run.labels.get(label).cloned());
        all.extend(differing(sides, &format!("label.{label}"), name, weight(label), of));
    }
    let policies = runs().filter_map(|run| run.plan.policy.as_ref()?.as_object());
    let fields: BTreeSet<_> = policies.flat_map(|policy| policy.keys()).collect();
    for field in fields {
        let name = Sentence::with("compare-field-policy", [("field", field.into())]);
        let of = |run: &Summary| or_none(policy(run, field));
        all.extend(differing(sides, &format!("policy.{field}"), name, weight(field), of));
    }
    all.extend(fixed(NOTED, Weight::Noted));
    all
}

fn differing(
    sides: &[Side<'_>],
    field: &str,
    name: Sentence,
    weight: Weight,
    of: impl Fn(&Summary) -> Arg,
) -> Option<Difference> {
    let values = |side: &Side<'_>| {
        let mut values: Vec<Arg> = Vec::new();
        for value in side.runs.iter().map(|run| of(run)) {
            if !values.contains(&value) {
                values.push(value);
            }
        }
        values
    };
    let values: Vec<_> = sides.iter().map(values).collect();
    let first = values.first()?.first()?;
    let differs = values.iter().flatten().any(|value| value != first);
    // What varies on every side alike, as the seeds of a sweep do, tells no side from another.
    let alike =
        |side: &Vec<Arg>| side.len() == values[0].len() && side.iter().all(|value| values[0].contains(value));
    let differs = differs && (weight == Weight::Meaningless || !values.iter().all(alike));
    differs.then(|| Difference { field: field.to_owned(), name, weight, values })
}

/// What canaries ask for. Only where a part of the path begins with it, the run's id is one.
fn canary_request(run: &Summary) -> Arg {
    let part = |part: &str| match part.strip_prefix(&run.run_id) {
        Some(rest) if !rest.starts_with(char::is_alphanumeric) => format!("{RUN}{rest}"),
        _ => part.to_owned(),
    };
    run.plan.canary_request.split('/').map(part).collect::<Vec<_>>().join("/").into()
}

/// What the user judges each scenario on; without it the verdicts differ for a reason of their own.
fn custom_kpis(run: &Summary) -> Arg {
    let kpis =
        run.plan.scenarios.iter().flat_map(|scenario| &scenario.kpis).filter(|kpi| kpi.metric.is_some());
    let mut said: Vec<String> = Vec::new();
    for kpi in kpis {
        let parts = [kpi.metric.as_deref(), kpi.phase.as_deref(), Some(kpi.op.as_str())];
        let unit = match kpi.metric.as_deref() {
            Some("error_rate" | "availability") => "ratio",
            Some("throughput") => "per_s",
            _ => "us",
        };
        let figure = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
        let text = format!("{figure} {}", format::value(unit, kpi.limit));
        if !said.contains(&text) {
            said.push(text);
        }
    }
    or_none((!said.is_empty()).then(|| said.join(", ")))
}

/// Where the target is; the bundled backend takes any free port, which says nothing.
fn base_url(run: &Summary) -> Arg {
    let bundled = run.plan.bundled_backend;
    if bundled {
        Sentence::new("compare-field-bundled-backend").into()
    } else {
        run.plan.base_url.as_str().into()
    }
}

/// What each scenario of the plan has, in order.
fn each_scenario(run: &Summary, of: fn(&ScenarioRecord) -> Arg) -> Arg {
    Arg::List(run.plan.scenarios.iter().map(of).collect())
}

fn length_or_none(us: Option<u64>) -> Arg {
    us.map_or_else(|| Sentence::new("compare-none").into(), Arg::LengthUs)
}

fn yes_or_no(is: bool) -> Arg {
    Sentence::new(if is { "compare-yes" } else { "compare-no" }).into()
}

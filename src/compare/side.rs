//! What stands side by side: runs of one setting each.

use std::collections::BTreeMap;

use crate::analysis::Summary;
use crate::lang::Arg;

/// Runs that are taken together.
#[derive(Debug, Clone)]
pub struct Side<'a> {
    /// What it is called.
    pub label: String,
    /// Its runs; each is a cluster of trials.
    pub runs: Vec<&'a Summary>,
}

/// A run that does not say which setting it has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "run {run} has neither a label nor a policy field {by:?}; name one that every run has, or leave the run out"
)]
pub struct NoSuchSetting {
    /// The setting that was asked for.
    pub by: String,
    /// The run.
    pub run: String,
}

/// Takes runs of one setting together: those with the same values of all of `by`, each being a label or else a field of the
/// target's restart policy. Sides stand in the order in which their first runs do.
///
/// # Errors
/// When a run lacks one of the settings.
pub fn group<'a>(runs: &[&'a Summary], by: &[String]) -> Result<Vec<Side<'a>>, NoSuchSetting> {
    let mut sides: Vec<Side<'a>> = Vec::new();
    for run in runs {
        let value = |by: &String| {
            let value = setting(run, by);
            let value = value.ok_or_else(|| NoSuchSetting { by: by.clone(), run: run.run_id.clone() })?;
            Ok(format!("{by}={value}"))
        };
        let label = by.iter().map(value).collect::<Result<Vec<_>, _>>()?.join(" ");
        match sides.iter_mut().find(|side| side.label == label) {
            Some(side) => side.runs.push(run),
            None => sides.push(Side { label, runs: vec![run] }),
        }
    }
    Ok(sides)
}

fn setting(run: &Summary, by: &str) -> Option<String> {
    run.labels.get(by).cloned().or_else(|| policy(run, by))
}

/// The policy of a run, field by field as people write it; nothing without one.
pub(crate) fn policy_fields(run: &Summary) -> BTreeMap<String, String> {
    let fields = run.plan.policy.as_ref().and_then(serde_json::Value::as_object);
    let names = fields.into_iter().flat_map(serde_json::Map::keys);
    names.filter_map(|field| Some((field.clone(), policy(run, field)?))).collect()
}

/// A field of the policy as people write it.
pub(super) fn policy(run: &Summary, field: &str) -> Option<String> {
    match run.plan.policy.as_ref()?.get(field)? {
        serde_json::Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

/// How large the value of a setting is: a number, or a length in seconds; nothing where it is neither.
pub(crate) fn size(value: &str) -> Option<f64> {
    let end = value.find(|c: char| c.is_alphabetic()).unwrap_or(value.len());
    let (number, unit) = value.split_at(end);
    let factor = match unit {
        "" | "s" => 1.0,
        "us" | "µs" => 1e-6,
        "ms" => 1e-3,
        "m" | "min" => 60.0,
        "h" => 3_600.0,
        _ => return None,
    };
    Some(number.trim().parse::<f64>().ok()? * factor)
}

/// Something that a run may not have.
pub(super) fn or_none(value: Option<String>) -> Arg {
    value.map_or_else(|| crate::lang::Sentence::new("compare-none").into(), Arg::Text)
}

//! Runs by their retry setting: what of it differs in them names it. Pure.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use super::model::{RunRow, Setting, SettingPoint};
use crate::compare;
use crate::lang::Lang;
use crate::report::view::commas;

/// Gives each run the name of its setting, and what each setting has shown, in order of their values. `runs` stand in any order.
pub(super) fn name(runs: &mut [RunRow], lang: Lang) -> Vec<Setting> {
    let fields = differing(runs);
    for run in &mut *runs {
        run.setting = name_of(run, &fields, lang);
    }
    let mut settings: BTreeMap<&str, Vec<&RunRow>> = BTreeMap::new();
    for run in &*runs {
        settings.entry(&run.setting).or_default().push(run);
    }
    let mut settings: Vec<_> = settings.into_iter().collect();
    settings.sort_by(|(_, a), (_, b)| by_size(a[0], b[0], &fields));
    settings.into_iter().map(|(name, runs)| setting(name, runs, lang)).collect()
}

/// The fields of the policy of which runs tell different values. That some do not tell one makes no difference: another target, or
/// another version of it, has other fields.
fn differing(runs: &[RunRow]) -> Vec<String> {
    let mut values: BTreeMap<&String, BTreeSet<&String>> = BTreeMap::new();
    for (field, value) in runs.iter().flat_map(|run| &run.policy) {
        values.entry(field).or_default().insert(value);
    }
    values.into_iter().filter(|(_, values)| values.len() > 1).map(|(field, _)| field.clone()).collect()
}

/// `max_retries=3`, as `compare --by` spells it.
fn name_of(run: &RunRow, fields: &[String], lang: Lang) -> String {
    if run.policy.is_empty() {
        return lang.text("runs-no-policy");
    }
    if fields.is_empty() {
        return lang.text("runs-one-policy");
    }
    let value = |field: &String| run.policy.get(field).cloned().unwrap_or_else(|| lang.text("compare-none"));
    let parts: Vec<_> = fields.iter().map(|field| format!("{field}={}", value(field))).collect();
    commas(&parts, lang)
}

/// Numbers and lengths by their size, anything else by its text.
fn by_size(a: &RunRow, b: &RunRow, fields: &[String]) -> Ordering {
    let of = |value: Option<&String>| value.and_then(|value| compare::size(value)).unwrap_or(f64::INFINITY);
    let by_field = fields.iter().map(|field| {
        let (a, b) = (a.policy.get(field), b.policy.get(field));
        of(a).total_cmp(&of(b)).then_with(|| a.cmp(&b))
    });
    by_field.fold(Ordering::Equal, Ordering::then)
}

fn setting(name: &str, mut runs: Vec<&RunRow>, lang: Lang) -> Setting {
    runs.sort_by(|a, b| oldest_first(a, b));
    let point = |run: &&RunRow| SettingPoint { id: run.id.clone(), mean_recovery_us: run.mean_recovery_us };
    Setting {
        name: name.to_owned(),
        runs: runs.len() as u64,
        last: lang.length_or(runs.last().and_then(|run| run.mean_recovery_us)),
        points: runs.iter().map(point).collect(),
    }
}

/// By their start; one that does not tell it stands before all others.
pub(super) fn oldest_first(a: &RunRow, b: &RunRow) -> Ordering {
    a.started_at_unix_ms.cmp(&b.started_at_unix_ms).then_with(|| a.id.cmp(&b.id))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::row::row;
    use super::*;
    use crate::report::fixture;

    /// Runs with these policies, the first one being the newest.
    fn runs(policies: &[Option<Value>]) -> Vec<RunRow> {
        let run = |(at, policy): (usize, &Option<Value>)| {
            let mut run = fixture::passing().summary;
            run.plan.policy.clone_from(policy);
            run.started_at = format!("2026-01-02T03:04:{:02}Z", 59 - at);
            row(&format!("run-{at}"), &run, Lang::En)
        };
        policies.iter().enumerate().map(run).collect()
    }

    fn named(policies: &[Option<Value>]) -> (Vec<RunRow>, Vec<Setting>) {
        let mut runs = runs(policies);
        let settings = name(&mut runs, Lang::En);
        (runs, settings)
    }

    #[test]
    fn a_setting_is_named_by_what_differs_and_by_nothing_else() {
        let policy = |retries: u32, backoff: &str| {
            Some(json!({"max_retries": retries, "backoff_initial": backoff, "jitter": 0.1}))
        };
        let (runs, settings) =
            named(&[policy(3, "100ms"), policy(5, "100ms"), policy(3, "1s"), policy(3, "1s")]);
        let names: Vec<_> = settings.iter().map(|setting| (setting.name.as_str(), setting.runs)).collect();
        assert_eq!(
            names,
            [
                ("backoff_initial=100ms, max_retries=3", 1),
                ("backoff_initial=100ms, max_retries=5", 1),
                ("backoff_initial=1s, max_retries=3", 2),
            ]
        );
        assert_eq!(runs[1].setting, names[1].0);
        assert!(runs.iter().all(|run| names.iter().any(|(name, _)| *name == run.setting)));
    }

    #[test]
    fn settings_are_in_order_of_their_values() {
        let policy = |(retries, backoff): (u32, &str)| {
            Some(json!({"max_retries": retries, "backoff_initial": backoff}))
        };
        let (_, settings) =
            named(&[(10, "1s"), (3, "1s"), (10, "200ms"), (0, "1s"), (10, "none"), (10, "1s")].map(policy));
        let names: Vec<_> = settings.iter().map(|setting| setting.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "backoff_initial=200ms, max_retries=10",
                "backoff_initial=1s, max_retries=0",
                "backoff_initial=1s, max_retries=3",
                "backoff_initial=1s, max_retries=10",
                "backoff_initial=none, max_retries=10",
            ]
        );
    }

    #[test]
    fn the_points_of_a_setting_are_its_runs_from_the_oldest_to_the_newest() {
        let mut runs = runs(&[None, None, None]);
        (runs[0].mean_recovery_us, runs[2].mean_recovery_us) = (Some(3_090_000), None);
        let [setting] = &name(&mut runs, Lang::En)[..] else { panic!("none tells a policy") };
        let points: Vec<_> =
            setting.points.iter().map(|point| (point.id.as_str(), point.mean_recovery_us)).collect();
        assert_eq!(
            points,
            [("run-2", None), ("run-1", runs[1].mean_recovery_us), ("run-0", Some(3_090_000))]
        );
        assert_eq!((setting.last.as_str(), setting.runs), ("3.09 s", 3));
    }

    #[test]
    fn runs_with_the_same_policy_and_runs_without_one_are_told_apart_in_words() {
        let policy = Some(json!({"max_retries": 3}));
        let (_, same) = named(&[policy.clone(), policy.clone()]);
        assert_eq!(same.len(), 1);
        let (runs, both) = named(&[policy, None]);
        assert_eq!(both.len(), 2);
        assert_eq!(runs[0].setting, same[0].name, "what tells none does not make a field differ");
        assert_ne!(runs[1].setting, same[0].name);
        // Nothing but objects are policies.
        let (_, odd) = named(&[Some(json!([1])), Some(json!({})), None]);
        assert_eq!((odd.len(), &odd[0].name), (1, &runs[1].setting));
        let mut japanese = runs.clone();
        let names: Vec<_> = name(&mut japanese, Lang::Ja).into_iter().map(|setting| setting.name).collect();
        assert!(!names.iter().any(|name| both.iter().any(|setting| setting.name == *name)), "{names:?}");
    }

    #[test]
    fn a_field_that_some_do_not_tell_makes_no_difference_by_itself() {
        let (full, older) = (json!({"a": 1, "b": {"c": [2]}}), json!({"a": 1}));
        assert_eq!(named(&[Some(full.clone()), Some(older.clone())]).1.len(), 1);
        let other = json!({"a": 1, "b": {"c": [3]}});
        let (runs, settings) = named(&[Some(full), Some(older), Some(other)]);
        let names: Vec<_> = runs.iter().map(|run| run.setting.as_str()).collect();
        assert_eq!(names, [r#"b={"c":[2]}"#, "b=none", r#"b={"c":[3]}"#]);
        assert_eq!(settings.len(), 3);
    }

    #[test]
    fn without_a_run_there_is_no_setting() {
        assert_eq!(named(&[]).1, []);
    }
}

//! What may be compared.

use serde_json::json;

use super::*;
use crate::journal::event::KpiRecord;
use crate::lang::Lang;

#[track_caller]
fn refused(change: fn(&mut Summary), field: &str, said: &str) {
    let (baseline, mut candidate) = (runs(1, 2, 150), runs(11, 2, 150));
    candidate.iter_mut().for_each(change);
    let sides = [side("a", &baseline), side("b", &candidate)];
    let error = compare(&sides, &OPTIONS).unwrap_err();
    assert!(error.to_string().contains(said), "{error}");
    let Incomparable::Differs(differences) = error else { panic!("{error}") };
    assert_eq!(differences.iter().map(|it| it.field.as_str()).collect::<Vec<_>>(), [field]);

    let forced = compare(&sides, &Options { force: true, ..OPTIONS }).unwrap();
    assert!(forced.forced && forced.caveats[0].text.contains(said), "{:?}", forced.caveats);
    assert!(forced.differences.contains(&differences[0]));
}

#[test]
fn runs_that_do_not_measure_the_same_are_refused_with_what_differs_unless_forced() {
    refused(|run| run.plan.users = 100, "users", "users (50 | 100)");
    refused(|run| run.plan.think_time_us = 100_000, "think-time", "think time (50 ms | 100 ms)");
    refused(|run| run.plan.hold_us = 3_000_000, "hold", "hold (2 s | 3 s)");
    refused(|run| run.plan.recovery_deadline_us = 1, "recovery-deadline", "recovery deadline (60 s | 1 µs)");
    refused(|run| run.plan.stores = None, "stores", "stores (embedded | none)");
    refused(
        |run| run.plan.scenarios[0].fault = "pause".to_owned(),
        "faults",
        "kinds of faults (kill | pause)",
    );
    refused(|run| run.plan.canary_interval_us = 20_000, "canary-interval", "interval of the canaries");
    refused(|run| run.plan.request_timeout_us = 1_000_000, "request-timeout", "request timeout (5 s | 1 s)");
    refused(|run| run.schema = 0, "schema", "version of the summary (1 | 0)");
}

#[test]
fn a_run_that_differs_from_the_others_of_its_own_side_is_refused_as_well() {
    let (baseline, mut candidate) = (runs(1, 2, 150), runs(11, 2, 150));
    candidate[1].plan.users = 100;
    let error = compare(&[side("a", &baseline), side("b", &candidate)], &OPTIONS).unwrap_err();
    assert!(error.to_string().contains("users (50 | 50 and 100)"), "{error}");
}

#[test]
fn canaries_that_ask_for_a_session_of_their_own_run_ask_for_the_same() {
    let (mut baseline, mut candidate) = (runs(1, 2, 150), runs(11, 2, 150));
    for run in baseline.iter_mut().chain(&mut candidate) {
        run.plan.canary_request = format!("GET /api/sessions/{}-canary/analysis", run.run_id);
    }
    assert!(compare(&[side("a", &baseline), side("b", &candidate)], &OPTIONS).is_ok());
    refused(|run| run.plan.canary_request = "GET /".to_owned(), "canary-request", "| GET /)");
}

#[test]
fn another_scenario_leaves_nothing_to_compare_even_when_forced() {
    let (baseline, mut candidate) = (runs(1, 2, 150), runs(11, 2, 150));
    for run in &mut candidate {
        run.plan.scenarios[0].name = "cascade".to_owned();
    }
    let sides = [side("a", &baseline), side("b", &candidate)];
    assert!(matches!(compare(&sides, &OPTIONS), Err(Incomparable::Differs(_))));
    assert!(compare(&sides, &Options { force: true, ..OPTIONS }).unwrap().metrics.is_empty());
}

#[test]
fn what_else_differs_is_listed_and_the_setting_that_is_compared_stands_apart() {
    let (mut baseline, mut candidate) = (runs(1, 2, 150), runs(1, 2, 150));
    for (runs, retries, alert_after) in [(&mut baseline, 1, 2), (&mut candidate, 3, 4)] {
        for run in runs {
            run.run_id = format!("{}-{retries}", run.run_id);
            run.plan.policy =
                Some(json!({"max_retries": retries, "alert_after": alert_after, "jitter": 0.2}));
        }
    }
    candidate[0].environment.cpus = 8;
    let options = Options { by: vec!["max_retries".to_owned()], ..OPTIONS };
    let found = compare(&[side("a", &baseline), side("b", &candidate)], &options).unwrap();
    let listed: Vec<_> = found.differences.iter().map(|it| (it.field.as_str(), it.weight)).collect();
    assert_eq!(
        listed,
        [
            ("policy.alert_after", Weight::Noted),
            ("policy.max_retries", Weight::Compared),
            ("cpus", Weight::Noted),
        ]
    );
    assert!(!found.forced);
    let said = found.differences[1].sentence();
    assert_eq!(said.text, "policy field max_retries (1 | 3)");
    assert_eq!(Lang::Ja.read(&said), "ポリシー項目 max_retries（1 | 3）");
}

#[test]
fn other_kpis_of_the_users_own_are_noted() {
    let (baseline, mut candidate) = (runs(1, 2, 150), runs(11, 2, 150));
    for run in &mut candidate {
        let mut kpi = KpiRecord::new("slow", "<", 2_000_000.0);
        (kpi.metric, kpi.phase) = (Some("p95".to_owned()), Some("during".to_owned()));
        run.plan.scenarios[0].kpis.push(kpi);
    }
    let found = compare(&[side("a", &baseline), side("b", &candidate)], &OPTIONS).unwrap();
    let noted: Vec<_> = found.differences.iter().map(|it| (it.weight, it.sentence().text)).collect();
    let expected = (Weight::Noted, "KPIs of the plan file (none | p95 during < 2 s)".to_owned());
    assert!(noted.contains(&expected), "{noted:?}");
}

#[test]
fn runs_of_one_setting_are_taken_together_in_the_order_in_which_settings_appear() {
    let mut all = runs(1, 5, 150);
    for (run, retries) in all.iter_mut().zip([3, 0, 3, 1, 0]) {
        run.plan.policy = Some(json!({"max_retries": retries, "strategy": "rest-for-one"}));
    }
    let all: Vec<&Summary> = all.iter().collect();
    let ids = |by: &str| {
        let sides = group(&all, &[by.to_owned()]).unwrap();
        let ids = |side: &Side<'_>| side.runs.iter().map(|run| run.seed).collect::<Vec<_>>();
        sides.iter().map(|side| (side.label.clone(), ids(side))).collect::<Vec<_>>()
    };
    let labelled = |label: &str, seeds: &[u64]| (label.to_owned(), seeds.to_vec());
    assert_eq!(
        ids("max_retries"),
        [
            labelled("max_retries=3", &[1, 3]),
            labelled("max_retries=0", &[2, 5]),
            labelled("max_retries=1", &[4])
        ]
    );
    assert_eq!(ids("strategy"), [labelled("strategy=rest-for-one", &[1, 2, 3, 4, 5])]);
    assert_eq!(ids("branch"), [labelled("branch=main", &[1, 2, 3, 4, 5])]);
    let error = group(&all, &["colour".to_owned()]).unwrap_err().to_string();
    assert!(error.contains("run-1") && error.contains("colour"), "{error}");
}

#[test]
fn a_run_counts_once_and_a_comparison_needs_two_sides() {
    let all = runs(1, 2, 150);
    let error = |sides: &[Side<'_>], options: &Options| compare(sides, options).unwrap_err();
    let (one, nothing) = (side("a", &all), side("b", &[]));
    assert_eq!(error(&[one.clone(), one.clone()], &OPTIONS), Incomparable::Twice("run-1".to_owned()));
    assert_eq!(error(std::slice::from_ref(&one), &OPTIONS), Incomparable::TooFew);
    assert_eq!(error(&[one.clone(), nothing], &OPTIONS), Incomparable::TooFew);
    for noise in [-0.1, 1.0, f64::NAN] {
        let found = error(std::slice::from_ref(&one), &Options { noise, ..OPTIONS });
        assert!(matches!(found, Incomparable::Noise(_)));
    }
}

#[test]
fn a_single_run_and_one_that_did_not_complete_weaken_the_result() {
    let (baseline, mut candidate) = (runs(1, 1, 150), runs(11, 2, 150));
    candidate[1].state = crate::analysis::model::RunState::Interrupted;
    let found = compare(&[side("old", &baseline), side("new", &candidate)], &OPTIONS).unwrap();
    let said: Vec<_> = found.caveats.iter().map(|caveat| caveat.text.as_str()).collect();
    assert_eq!(said[0], "Run run-12 did not complete.");
    assert!(said[1].starts_with("With a single run of old nothing tells"), "{said:?}");
    assert!(of(&found, Metric::RecoveryTime).changes.iter().all(|change| !change.over_runs));
}

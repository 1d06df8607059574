use serde_json::Value;

use super::*;
use crate::analysis::Verdict;
use crate::analysis::model::{Kpi, RunState, ScenarioSummary, Threshold};
use crate::plan::KpiLine;
use crate::report::fixture;

/// A run of all three scenarios, with real stores, in which everything was met.
fn complete() -> Analysis {
    let mut analysis = fixture::stores(3);
    let summary = &mut analysis.summary;
    for episode in &mut summary.episodes {
        episode.scenario = "db-redis-down".to_owned();
    }
    let mut crash = fixture::passing().summary.episodes[0].clone();
    crash.id = 4;
    summary.episodes.push(crash);
    let template = summary.kpis[0].clone();
    (summary.kpis, summary.scenarios) = (Vec::new(), Vec::new());
    for (name, lines) in [
        ("single-module", KpiLine::MODULE_CRASH.as_slice()),
        ("db-redis-down", &KpiLine::STORE_OUTAGE),
        ("cascade", &KpiLine::MODULE_CRASH),
    ] {
        summary.scenarios.push(ScenarioSummary { name: name.to_owned(), verdict: Verdict::Pass, trials: 3 });
        summary.kpis.extend(lines.iter().map(|line| Kpi {
            id: line.id.as_str().to_owned(),
            scenario: name.to_owned(),
            threshold: Threshold { op: line.id.op().to_owned(), limit: line.limit },
            verdict: Verdict::Pass,
            ..template.clone()
        }));
    }
    analysis
}

#[track_caller]
fn check(analysis: &Analysis, id: &str, expected: Finding, words: &str) {
    let evidence = Evidence::of(analysis);
    let criterion = evidence.criteria.iter().find(|criterion| criterion.id == id).unwrap();
    assert_eq!(criterion.result, expected, "{criterion:?}");
    assert!(criterion.reason.text.contains(words), "{}", criterion.reason.text);
}

fn file(analysis: &Analysis, lang: Lang) -> Value {
    serde_json::from_str(&json(analysis, lang).unwrap()).unwrap()
}

#[test]
fn a_run_that_meets_everything_is_done() {
    let found = file(&complete(), Lang::En);
    assert_eq!((&found["progress"], &found["status"]), (&100.into(), &"✅".into()), "{found:#}");
    assert_eq!(found["item"], "R-v0.2.1_PoC");
    assert_eq!(found["criteria"].as_array().unwrap().len(), 15);
}

#[test]
fn a_run_of_one_scenario_is_under_way() {
    let found = file(&fixture::passing(), Lang::En);
    // Of 15: scenario A's three KPIs, retries and alert rule from results, and the logs.
    assert_eq!((&found["progress"], &found["status"]), (&40.into(), &"🟡".into()), "{found:#}");
    check(&fixture::passing(), "a-auto_recovery_rate", Finding::Met, "100 % (3 of 3)");
    check(&fixture::passing(), "b-state_resync_rate", Finding::NotTested, "not run");
    check(&fixture::passing(), "specification-resync", Finding::NotTested, "nothing");
}

#[test]
fn one_missed_line_is_enough_to_be_red() {
    let mut analysis = complete();
    analysis.summary.kpis[4].verdict = Verdict::Fail;
    let found = file(&analysis, Lang::En);
    assert_eq!((&found["progress"], &found["status"]), (&93.into(), &"❌".into()));
    check(&analysis, "b-state_resync_rate", Finding::NotMet, "of");
}

#[test]
fn what_is_not_decided_is_not_met() {
    let mut analysis = complete();
    analysis.summary.kpis[0].verdict = Verdict::Inconclusive;
    check(&analysis, "a-auto_recovery_rate", Finding::NotTested, "59 of 59");
    analysis.summary.kpis[0].notes.clear();
    check(&analysis, "a-auto_recovery_rate", Finding::NotTested, "do not decide");
    analysis.summary.scenarios[2].trials = 0;
    check(&analysis, "c-missed_alerts", Finding::NotTested, "decide");
    // Below 100, whatever the rest says.
    assert_eq!(Evidence::of(&analysis).status(), "🟡");
}

#[test]
fn an_interrupted_run_meets_nothing_and_still_misses() {
    for state in [RunState::Interrupted, RunState::Aborted, RunState::Failed] {
        let mut analysis = complete();
        analysis.summary.state = state;
        let evidence = Evidence::of(&analysis);
        assert_eq!((evidence.count(Finding::Met), evidence.progress(), evidence.status()), (0, 0, "🟡"));
        analysis.summary.kpis[0].verdict = Verdict::Fail;
        check(&analysis, "a-auto_recovery_rate", Finding::NotMet, "100 %");
    }
}

#[test]
fn a_looser_line_than_the_plans_proves_nothing_and_a_stricter_one_does() {
    let mut analysis = complete();
    analysis.summary.kpis[0].threshold.limit = 0.5;
    check(&analysis, "a-auto_recovery_rate", Finding::NotTested, "pass line");
    analysis.summary.kpis[0].threshold.limit = 0.99;
    check(&analysis, "a-auto_recovery_rate", Finding::Met, "100 %");
    analysis.summary.kpis[1].threshold.limit = 120e6;
    check(&analysis, "a-mean_recovery_time", Finding::NotTested, "pass line");
}

#[test]
fn stores_that_stand_for_others_are_not_those_of_the_plan() {
    let mut analysis = complete();
    check(&analysis, "b-real_stores", Finding::Met, "PostgreSQL 15.18");
    let stores = |analysis: &mut Analysis, stores: Option<&str>| {
        analysis.summary.plan.stores = stores.map(str::to_owned);
    };
    stores(&mut analysis, Some("embedded: SQLite database, SQLite cache"));
    check(&analysis, "b-real_stores", Finding::NotTested, "SQLite");
    stores(&mut analysis, None);
    check(&analysis, "b-real_stores", Finding::NotTested, "not known");
    stores(&mut analysis, Some("existing: database postgresql://db/x, cache redis://cache/0"));
    check(&analysis, "b-real_stores", Finding::Met, "redis://cache");
    analysis.summary.episodes.retain(|episode| episode.target != "database");
    analysis.summary.episodes.retain(|episode| episode.target != "database+cache");
    check(&analysis, "b-real_stores", Finding::NotTested, "0");
}

#[test]
fn a_journal_with_unreadable_lines_is_no_whole_log() {
    let mut analysis = complete();
    analysis.summary.harness.unreadable_lines = 2;
    check(&analysis, "logs-and-report", Finding::NotMet, "2 lines");
}

#[test]
fn every_proof_points_at_something() {
    for analysis in [complete(), fixture::passing(), fixture::failing(), fixture::stores(2)] {
        let summary: Value = serde_json::to_value(&analysis.summary).unwrap();
        for criterion in Evidence::of(&analysis).criteria {
            for proof in criterion.proof {
                let (file, pointer) = proof.split_once('#').unwrap_or((&proof, ""));
                assert!(["summary.json", "report.md", "index.html"].contains(&file), "{proof}");
                // The tables of stores are absent where no store was stopped.
                let absent = proof.ends_with("/stores") && criterion.result == Finding::NotTested;
                assert!(absent || summary.pointer(pointer).is_some(), "{proof}");
            }
        }
    }
}

#[test]
fn nothing_that_was_run_is_told_apart_by_the_language() {
    let (en, ja) = (file(&complete(), Lang::En), file(&complete(), Lang::Ja));
    for (en, ja) in en["criteria"].as_array().unwrap().iter().zip(ja["criteria"].as_array().unwrap()) {
        assert_eq!((&en["id"], &en["result"], &en["proof"]), (&ja["id"], &ja["result"], &ja["proof"]));
        assert_ne!(en["criterion"], ja["criterion"]);
        assert!(!ja.to_string().contains('⟦') && !en.to_string().contains('⟦'), "{ja} {en}");
    }
}

#[test]
fn the_file_reads_like_this() {
    insta::assert_snapshot!(json(&fixture::failing(), Lang::En).unwrap());
    insta::assert_snapshot!(json(&fixture::broken_stores(), Lang::Ja).unwrap());
}

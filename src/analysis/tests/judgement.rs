//! From episodes to verdicts.

use super::scene::{MS, Scene};
use crate::analysis::model::{Kpi, RunState, Summary, Verdict};
use crate::analysis::{Analyser, AnalysisError, no_fault_took_effect};
use crate::journal::event::{Event, FaultVoid, FinishReason, Lag, Ledger, Line, PlanRecord, SCHEMA_VERSION};
use crate::lang::Sentence;

fn healed_thrice() -> Scene {
    (0..3).fold(Scene::until(22_000), |scene, i| {
        let t = 6_000 + i * 5_000;
        let id = u32::try_from(i).unwrap() + 1;
        scene.healed(id, t, "session").expects(id, t, "session").alert(
            t + 9,
            &format!("k{i}"),
            "module_crashed",
            "session",
        )
    })
}

fn texts(sentences: &[Sentence]) -> Vec<&str> {
    sentences.iter().map(|sentence| sentence.text.as_str()).collect()
}

fn verdicts(summary: &Summary) -> Vec<Verdict> {
    summary.kpis.iter().map(|kpi| kpi.verdict).collect()
}

#[test]
fn three_of_three_pass_and_say_how_little_that_shows() {
    let summary = healed_thrice().finished(32_000).analyse().summary;
    assert_eq!(summary.verdict, Verdict::Pass);
    let notes: Vec<_> = summary.kpis.iter().map(Kpi::note).collect();
    assert_eq!(
        notes,
        [
            "3 of 3: at least 37 % with 95 % confidence (one-sided); 59 of 59 would show 95 %",
            "98 ms over 3 recovered episodes; below 10 a mean has no interval",
            "0 of 3 expected alerts missed; up to 63.2 % missed in the long run is not excluded (one-sided 95 %)",
        ]
    );
    assert_eq!(
        texts(&summary.caveats),
        ["Scenario single-module has 3 trials, which says little about a rate."]
    );
}

#[test]
fn strict_asks_the_bound_to_clear_the_line() {
    let summary = healed_thrice().plan(|plan| plan.strict = true).finished(32_000).analyse().summary;
    assert_eq!(verdicts(&summary), [Verdict::Inconclusive, Verdict::Inconclusive, Verdict::Pass]);
    assert_eq!(summary.verdict, Verdict::Inconclusive);
}

#[test]
fn one_censored_episode_fails_the_rate_and_makes_the_mean_inconclusive() {
    let scene = healed_thrice().killed(4, 21_000, "ingest").outage(21_000, 99_000).finished(32_000);
    let summary = scene.analyse().summary;
    assert_eq!(verdicts(&summary), [Verdict::Fail, Verdict::Inconclusive, Verdict::Pass]);
    let mean = &summary.kpis[1];
    assert_eq!((mean.value, mean.denominator, mean.excluded), (Some(98_000.0), 3, 1));
    assert_eq!(
        mean.note(),
        "98 ms over 3 recovered episodes; below 10 a mean has no interval; \
         1 censored, so the true mean is at least 2.57 s"
    );
}

#[test]
fn the_mean_fails_when_even_its_lower_bound_is_over_the_line() {
    // (3 × 0.098 s + 10 s) / 4 = 2.57 s.
    let scene = healed_thrice()
        .plan(|plan| plan.scenarios[0].kpis[1].limit = 2_500_000.0)
        .killed(4, 21_000, "ingest")
        .outage(21_000, 99_000)
        .finished(32_000);
    assert_eq!(verdicts(&scene.analyse().summary)[1], Verdict::Fail);
}

#[test]
fn a_missed_alert_fails() {
    let scene = Scene::until(10_000)
        .healed(1, 6_000, "session")
        .expects(1, 6_000, "session")
        .alert(16_001, "k", "module_crashed", "session")
        .finished(17_000);
    let summary = scene.analyse().summary;
    assert_eq!(verdicts(&summary)[2], Verdict::Fail);
    assert_eq!(summary.kpis[2].note(), "1 of 1 expected alert missed; 1 of them came late");
    assert_eq!((summary.alerts.missed, summary.alerts.late, summary.episodes[0].alerts.late), (1, 1, 1));
}

#[test]
fn no_data_never_passes() {
    for (name, scene) in [
        ("no fault", Scene::until(7_000).finished(7_000)),
        ("no alert source", healed_thrice().plan(|plan| plan.alert_source = false).finished(32_000)),
        ("nothing expected", Scene::until(10_000).healed(1, 6_000, "session").finished(10_000)),
        ("no KPI declared", healed_thrice().plan(|plan| plan.scenarios[0].kpis.clear()).finished(32_000)),
        (
            "a KPI without its data",
            healed_thrice()
                .plan(|plan| plan.scenarios[0].kpis[0].id = "state_resync_rate".to_owned())
                .finished(32_000),
        ),
        (
            "an unknown KPI",
            healed_thrice().plan(|plan| plan.scenarios[0].kpis[0].id = "beauty".to_owned()).finished(32_000),
        ),
        (
            "a scenario that never began",
            healed_thrice()
                .plan(|plan| {
                    let mut other = plan.scenarios[0].clone();
                    other.name = "cascade".to_owned();
                    plan.scenarios.push(other);
                })
                .finished(32_000),
        ),
        ("no scenario at all", healed_thrice().plan(|plan| plan.scenarios.clear()).finished(32_000)),
        ("broken off", healed_thrice()),
        ("interrupted", healed_thrice().ended(32_000, FinishReason::Interrupted)),
    ] {
        assert_eq!(scene.analyse().summary.verdict, Verdict::Inconclusive, "{name}");
    }
}

#[test]
fn an_interrupted_run_still_fails_when_it_failed() {
    let scene = Scene::until(19_000).killed(1, 6_000, "session").outage(6_000, 99_000);
    let summary = scene.analyse().summary;
    assert_eq!((summary.verdict, summary.state), (Verdict::Fail, RunState::Interrupted));
    assert_eq!(summary.state_detail.as_deref(), Some("the journal ends without `run_finished`"));
}

#[test]
fn a_run_whose_faults_had_no_effect_is_invalid() {
    let void = FaultVoid { episode: 1, reason: "refused".to_owned() };
    let scene = Scene::until(8_000).injected(1, 6_000, "kill", "session").at(6_001, void);
    assert!(no_fault_took_effect(&scene.clone().finished(8_000).analyse().summary));
    assert!(no_fault_took_effect(&Scene::until(6_000).finished(6_000).analyse().summary));
    assert!(!no_fault_took_effect(&Scene::until(6_000).analyse().summary));
    assert!(!no_fault_took_effect(&healed_thrice().finished(32_000).analyse().summary));
}

#[test]
fn what_weakens_the_result_is_said() {
    let void = FaultVoid { episode: 1, reason: "the process is still there".to_owned() };
    let ledger = Ledger { acknowledged: 900, lost: 2, ..Ledger::default() };
    let scene = Scene::until(19_000)
        .injected(1, 5_500, "kill", "ingest")
        .at(5_600, void)
        .killed(2, 8_000, "session")
        .outage(8_000, 99_000)
        .expects(2, 12_000, "session")
        .at(9_000, Lag { thread: "fault".to_owned(), lag_us: 25 * MS })
        .at(9_000, ledger);
    assert_eq!(
        texts(&scene.analyse().summary.caveats),
        [
            "The run was interrupted (the journal ends without `run_finished`).",
            "Scenario single-module has 1 trial, which says little about a rate.",
            "Episode 1 is void and counts for nothing: the process is still there.",
            "Episode 2 had not recovered 10 s after t0: a failure, and the mean recovery time does not hold it.",
            "2 entries were lost; 900 had been acknowledged.",
            "The fault thread woke late: 25 ms at the 99th percentile, 25 ms at most.",
            "The run ended before the deadline of 1 expected alert, which counts for nothing.",
        ]
    );
}

#[test]
fn an_end_that_was_not_planned_is_the_gravest() {
    for (reason, expected) in [
        (FinishReason::Interrupted, "was interrupted"),
        (FinishReason::Aborted, "was ended by a guardrail"),
        (FinishReason::Failed, "could not go on"),
    ] {
        let caveats = healed_thrice().ended(32_000, reason).analyse().summary.caveats;
        let text = format!(
            "The run {expected} (no reason is on record), so that the verdict is inconclusive at best."
        );
        assert_eq!(caveats[0].text, text);
    }
}

#[test]
fn a_baseline_that_is_not_what_was_planned_is_said() {
    let short = |plan: fn(&mut PlanRecord)| {
        let caveats = healed_thrice().plan(plan).finished(32_000).analyse().summary.caveats;
        caveats.into_iter().find(|caveat| caveat.id == "caveat-short-baseline").map(|caveat| caveat.text)
    };
    // The first episode has 6 s of it. A hold of two seconds is well within that.
    assert_eq!(short(|_| {}), None);
    let said = short(|plan| plan.hold_us = 7_000 * MS).unwrap();
    assert!(said.ends_with("shorter than the 7 s for which a recovery must hold: 6 s at worst."), "{said}");
    let failing = healed_thrice().outage(1_000, 1_200).finished(32_000).analyse().summary.caveats;
    let expected = "Without any fault only 96.7 % of the canaries succeeded.";
    assert!(texts(&failing).contains(&expected), "{failing:?}");
}

#[test]
fn the_summary_keeps_its_shape() {
    let summary = healed_thrice().requests().finished(32_000).analyse().summary;
    // Six digits: the last ones of a quantile differ between machines.
    insta::assert_json_snapshot!(summary, {
        ".plan" => "[plan]",
        ".environment" => "[environment]",
        ".kpis[].bound" => insta::rounded_redaction(6),
        ".kpis[].interval[]" => insta::rounded_redaction(6),
        ".**.share" => insta::rounded_redaction(6),
        ".**.goodput_per_s" => insta::rounded_redaction(6),
        ".**.goodput_lost_requests" => insta::rounded_redaction(6),
        ".**.requests_per_s" => insta::rounded_redaction(6),
    });
}

#[test]
fn a_journal_that_cannot_be_judged_says_why() {
    let refused = |lines: &[Line<'_>]| {
        let mut control = Analyser::new();
        lines.iter().for_each(|line| control.line(line));
        control.probes().unwrap_err()
    };
    let mut lines = healed_thrice().lines();
    assert_eq!(refused(&lines[1..]), AnalysisError::NoRun);
    if let Event::RunStarted(run) = &mut lines[0].event {
        run.schema = SCHEMA_VERSION + 1;
    }
    assert_eq!(refused(&lines), AnalysisError::Schema { found: SCHEMA_VERSION + 1, known: SCHEMA_VERSION });
}

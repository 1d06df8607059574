//! KPIs that the user defines, by hand.

use std::borrow::Cow;

use super::outage::{Outage, stores};
use super::scene::{MS, Scene, analyse};
use crate::analysis::model::{Kpi, Verdict};
use crate::analysis::{Analyser, Analysis};
use crate::journal::event::{
    FaultVoid, FinishReason, KpiRecord, Request, ScenarioFinished, ScenarioStarted, UsersStarted,
};
use crate::plan::CustomKpi;

fn declared(expression: &str) -> KpiRecord {
    CustomKpi { name: None, expect: expression.parse().unwrap() }.record()
}

/// The scene, judged on `expressions` alone.
pub(super) fn asking(scene: Scene, expressions: &[&str]) -> Scene {
    let kpis: Vec<_> = expressions.iter().map(|expression| declared(expression)).collect();
    scene.plan(|plan| plan.scenarios.iter_mut().for_each(|scenario| scenario.kpis.clone_from(&kpis)))
}

fn measured(scene: Scene, expression: &str) -> Kpi {
    asking(scene, &[expression]).analyse().summary.kpis.remove(0)
}

/// Value, numerator and denominator.
#[track_caller]
fn counts(scene: &Scene, expression: &str, value: f64, (numerator, denominator): (u64, u64)) {
    let kpi = measured(scene.clone(), expression);
    assert_eq!((kpi.numerator, kpi.denominator), (numerator, denominator), "{expression}: {}", kpi.note());
    let found = kpi.value.unwrap();
    assert!((found - value).abs() <= value.abs() * 1e-9, "{expression}: {found} is not {value}");
}

/// Kills at 10 s and at 15 s. Each takes effect 2 ms later, and 98 ms after that all is well. Ten requests of 5 ms each 100 ms.
pub(super) fn twice() -> Scene {
    Scene::until(22_000).healed(1, 10_000, "session").healed(2, 15_000, "session").requests().finished(22_000)
}

fn request(scene: Scene, t_ms: u64, duration_ms: u64, ok: bool) -> Scene {
    let (name, status) = (Cow::Borrowed("GET /"), ok.then_some(200));
    let error = (!ok).then_some(Cow::Borrowed("refused"));
    scene.at(t_ms, Request { duration_us: duration_ms * MS, user: 77, name, status, ok, error })
}

#[test]
fn each_phase_has_its_own_samples() {
    let scene = twice();
    // 1000 canaries of 10 ms before 10 s; of the 2200 in all, ten of each outage fail.
    counts(&scene, "availability before > 99%", 1.0, (1000, 1000));
    // 10 010 to 10 090 and, under way when the effect began, that of 10 000; and again.
    counts(&scene, "availability during > 1%", 0.0, (0, 20));
    counts(&scene, "availability recovering > 1%", 0.0, (0, 18));
    // 10 100 to 14 990 and 15 100 to 21 990.
    counts(&scene, "availability after > 99%", 1.0, (1180, 1180));
    counts(&scene, "availability > 99%", 2180.0 / 2200.0, (2180, 2200));
    // The requests of 10 000 and 15 000 were under way, too.
    counts(&scene, "error_rate during < 1%", 1.0, (20, 20));
    counts(&scene, "error_rate before < 1%", 0.0, (0, 1000));
    counts(&scene, "error_rate after < 1%", 0.0, (0, 1180));
    counts(&scene, "error_rate < 1%", 20.0 / 2200.0, (20, 2200));
    counts(&scene, "throughput before > 1/s", 100.0, (1000, 10_000 * MS));
    counts(&scene, "throughput after > 1/s", 100.0, (1180, 11_800 * MS));
    counts(&scene, "throughput > 1/s", 2180.0 / 22.0, (2180, 22_000 * MS));
    counts(&scene, "max before < 1s", 5_000.0, (1000, 1000));
    counts(&scene, "mean before < 1s", 5_000.0, (5_000_000, 1000));
}

#[test]
fn a_sample_belongs_to_the_phase_in_which_it_started_but_for_what_a_fault_may_have_hit() {
    // The first and the last are answered in time, the others are under way when a fault acts, or for two.
    let asked = [(9_000, 999), (9_999, 500), (10_050, 6_000), (10_200, 100), (14_900, 102), (14_999, 2)];
    let scene = asked.into_iter().fold(twice(), |scene, (t, length)| request(scene, t, length, true));
    counts(&scene, "max before < 1s", 999_000.0, (1001, 1001));
    counts(&scene, "max during < 1s", 6_000_000.0, (3, 3));
    counts(&scene, "max recovering < 1s", 6_000_000.0, (1, 1));
    counts(&scene, "max after < 1s", 100_000.0, (1181, 1181));
    counts(&scene, "max < 1s", 6_000_000.0, (2186, 2186));
}

#[test]
fn durations_are_those_of_requests_that_met_their_contract() {
    // 10, 20 … 200 ms, and five refusals that are answered at once.
    let slow = (1..=20).fold(twice(), |scene, n| request(scene, 10_020, n * 10, true));
    let scene = (0..5).fold(slow, |scene, _| request(scene, 10_030, 0, false));
    counts(&scene, "max during < 1s", 200_000.0, (20, 20));
    counts(&scene, "mean during < 1s", 105_000.0, (2_100_000, 20));
    counts(&scene, "error_rate during < 1%", 25.0 / 45.0, (25, 45));
    for (percentile, ms) in [("p50", 100.0), ("p90", 180.0), ("p95", 190.0)] {
        let kpi = measured(scene.clone(), &format!("{percentile} during < 2s"));
        let (value, exact) = (kpi.value.unwrap(), ms * 1e3);
        assert!((exact..exact * 1.001).contains(&value), "{percentile}: {value}");
        assert_eq!((kpi.verdict, kpi.excluded), (Verdict::Pass, 25));
    }
    assert_eq!(measured(scene.clone(), "p95 during < 150ms").verdict, Verdict::Fail);
    let few = measured(scene, "p99 during < 2s");
    assert_eq!((few.verdict, few.denominator), (Verdict::Inconclusive, 20));
    assert_eq!(few.note(), "20 samples do not show it: that takes 100; over 196 ms in 2 stretches");
}

#[test]
fn the_line_is_met_or_missed_as_its_comparison_says() {
    for (expression, verdict) in [
        ("throughput before >= 100/s", Verdict::Pass),
        ("throughput before > 100/s", Verdict::Fail),
        ("throughput before <= 100/s", Verdict::Pass),
        ("throughput before < 100/s", Verdict::Fail),
        ("error_rate before = 0", Verdict::Pass),
        ("error_rate = 0", Verdict::Fail),
        ("availability before >= 99.9%", Verdict::Pass),
        // A thousand canaries, of which one that failed would be 0.1 %: they do not show less than 0.05 %.
        ("availability before > 99.95%", Verdict::Inconclusive),
        // What misses the line misses it, and be it with 20 canaries.
        ("availability during > 99.95%", Verdict::Fail),
        ("p50 during < 1s", Verdict::Inconclusive),
        ("throughput during > 1/s", Verdict::Fail),
    ] {
        let kpi = measured(twice(), expression);
        assert_eq!(kpi.verdict, verdict, "{expression}: {:?} {}", kpi.value, kpi.note());
        // --strict asks nothing more of a figure of the run.
        let strict = twice().plan(|plan| plan.strict = true);
        assert_eq!(measured(strict, expression).verdict, verdict, "{expression}");
    }
}

#[test]
fn what_the_harness_ends_itself_is_recovering_from_there_on_and_a_read_back_is_in_no_phase() {
    // t0 6020, ended 7100, recovered 7210; users are held still from 12 100 to 12 400.
    let scene = Outage::at(1, 6_000).play(stores(Scene::until(20_000))).requests().finished(20_000);
    // Of ten each 100 ms those of 6100 to 7000 fail.
    counts(&scene, "error_rate during < 1%", 100.0 / 120.0, (100, 120));
    counts(&scene, "throughput during > 1/s", 20.0 / 1.19, (20, 1_190 * MS));
    counts(&scene, "throughput recovering > 1/s", 20.0 / 0.11, (20, 110 * MS));
    // 7300 to 12 000 are 48 instants, 12 400 to 19 900 are 76; up to 6000 there are 61, and 7100 and 7200.
    counts(&scene, "throughput after > 1/s", 1_240.0 / 12.49, (1_240, (4_890 + 7_600) * MS));
    counts(&scene, "throughput > 1/s", 1_870.0 / 19.7, (1_870, 19_700 * MS));
}

#[test]
fn an_episode_that_did_not_recover_is_in_its_phases_up_to_its_deadline_and_has_no_after() {
    // Recovered at 10 100; the second never, with its deadline 10 s after 15 002.
    let scene = Scene::until(30_000)
        .healed(1, 10_000, "session")
        .killed(2, 15_000, "ingest")
        .outage(15_000, 99_000)
        .finished(30_000);
    counts(&scene, "availability during > 1%", 0.0, (0, 10 + 1001));
    counts(&scene, "availability recovering > 1%", 0.0, (0, 9 + 1000));
    counts(&scene, "availability after > 1%", 1.0, (490, 490));
}

#[test]
fn void_and_aborted_episodes_are_left_out_and_counted() {
    let void = FaultVoid { episode: 2, reason: "refused".to_owned() };
    let scene = Scene::until(20_000)
        .healed(1, 10_000, "session")
        .injected(2, 14_000, "kill", "ingest")
        .at(14_500, void)
        .killed(3, 17_000, "analysis")
        .outage(17_000, 99_000)
        .at(20_000, ScenarioFinished { scenario: "single-module".to_owned() })
        .ended(20_000, FinishReason::Completed);
    // [10 100, 17 000) without [14 000, 14 500).
    counts(&scene, "availability after > 99%", 1.0, (640, 640));
    counts(&scene, "availability during > 1%", 0.0, (0, 10));
    let note = measured(scene, "availability after > 99%").note();
    assert!(note.ends_with("1 void left out; 1 aborted left out"), "{note}");
}

#[test]
fn where_faults_overlap_every_sample_counts_once() {
    // The one from 10 002 to 10 300, the other from 10 102 to 10 300.
    let scene = Scene::until(16_000)
        .killed(1, 10_000, "session")
        .killed(2, 10_100, "ingest")
        .outage(10_000, 10_300)
        .requests()
        .finished(16_000);
    counts(&scene, "availability during > 1%", 0.0, (0, 30));
    counts(&scene, "availability after > 1%", 1.0, (570, 570));
    // Ten requests each at 10 000, 10 100 and 10 200.
    counts(&scene, "error_rate during < 1%", 1.0, (30, 30));
}

#[test]
fn nothing_recovers_while_another_fault_still_acts() {
    // The pause of 10 002 to 11 000 covers the kill of 10 102, of which the module was back at once.
    let scene = Scene::until(16_000)
        .injected(1, 10_000, "pause", "session")
        .confirmed(1, 10_002)
        .at(11_000, crate::journal::event::FaultEnded { episode: 1, undo_us: None })
        .killed(2, 10_100, "ingest")
        .outage(10_000, 11_200)
        .finished(16_000);
    counts(&scene, "availability during > 1%", 0.0, (0, 120));
    counts(&scene, "availability recovering > 1%", 0.0, (0, 20));
}

#[test]
fn a_later_scenario_has_its_own_phases() {
    let second = |scene: Scene| {
        scene.plan(|plan| {
            let mut second = plan.scenarios[0].clone();
            second.name = "cascade".to_owned();
            plan.scenarios.push(second);
        })
    };
    let fault = crate::journal::event::FaultInjected {
        episode: 2,
        scenario: "cascade".to_owned(),
        fault: "kill".to_owned(),
        target: "ingest".to_owned(),
        pid: None,
        lasts_us: None,
        chain: None,
    };
    let scene = Scene::until(22_000)
        .healed(1, 10_000, "session")
        .at(14_000, ScenarioFinished { scenario: "single-module".to_owned() })
        .at(14_000, ScenarioStarted { scenario: "cascade".to_owned() })
        .at(15_000, fault)
        .confirmed(2, 15_002)
        .outage(15_000, 15_300)
        .at(22_000, ScenarioFinished { scenario: "cascade".to_owned() })
        .ended(22_000, FinishReason::Completed);
    let figures = |expression: &str| {
        let kpis = asking(second(scene.clone()), &[expression]).analyse().summary.kpis;
        kpis.iter().map(|kpi| (kpi.numerator, kpi.denominator)).collect::<Vec<_>>()
    };
    // Before its first fault: all of the run up to there but [10 000, 10 100).
    assert_eq!(figures("availability before > 1%"), [(1000, 1000), (1490, 1490)]);
    assert_eq!(figures("availability during > 1%"), [(0, 10), (0, 30)]);
    assert_eq!(figures("availability after > 1%"), [(390, 390), (670, 670)]);
    assert_eq!(figures("availability > 1%"), [(1390, 1400), (770, 800)]);
}

#[test]
fn no_data_never_passes() {
    let nothing = "nothing that it is taken from began in that phase, so nothing is shown";
    let calm = Scene::until(7_000).finished(7_000);
    for (name, scene, expression, says) in [
        ("no fault", calm.clone(), "availability during > 1%", nothing),
        ("no fault to be before", calm.clone(), "availability before > 1%", nothing),
        ("no user", calm.clone(), "p95 < 2s", nothing),
        ("no user", calm.clone(), "error_rate < 5%", nothing),
        ("no fault to throttle", calm, "throughput during > 1/s", nothing),
        (
            "less than users need to ask",
            twice().plan(|plan| plan.users = 1),
            "throughput during < 1/s",
            "do not show",
        ),
    ] {
        let kpi = measured(scene, expression);
        assert_eq!(kpi.verdict, Verdict::Inconclusive, "{name}");
        assert!(kpi.note().contains(says), "{name}: {}", kpi.note());
    }
    let unknown = |change: fn(&mut KpiRecord)| {
        let mut record = declared("p95 during < 2s");
        change(&mut record);
        let scene = twice().plan(|plan| plan.scenarios[0].kpis = vec![record]);
        let kpi = scene.analyse().summary.kpis.remove(0);
        assert_eq!((kpi.verdict, kpi.value), (Verdict::Inconclusive, None));
        assert_eq!(kpi.note(), "this version does not know the KPI, so nothing is shown");
    };
    unknown(|record| record.metric = Some("p999".to_owned()));
    unknown(|record| record.phase = Some("at night".to_owned()));
}

#[test]
fn a_scenario_is_no_better_than_the_worst_of_all_its_kpis() {
    let verdict = |expression: &str| {
        let scene = twice().plan(|plan| plan.scenarios[0].kpis[2] = declared(expression));
        scene.analyse().summary.verdict
    };
    assert_eq!(verdict("availability > 99%"), Verdict::Pass);
    assert_eq!(verdict("availability > 99.5%"), Verdict::Fail);
    assert_eq!(verdict("p95 during < 1s"), Verdict::Inconclusive);
}

#[test]
fn before_users_have_started_nothing_is_before_the_first_fault() {
    let mut lines = asking(twice(), &["availability before > 1%"]).lines();
    for line in &mut lines {
        if matches!(line.event, crate::journal::event::Event::UsersStarted(UsersStarted { .. })) {
            line.t = 4_000 * MS;
        }
    }
    let kpi = &analyse(&lines).summary.kpis[0];
    assert_eq!((kpi.numerator, kpi.denominator), (600, 600));
}

#[test]
fn readers_that_share_the_journal_count_what_one_counts() {
    let expressions = ["p95 during < 1s", "mean < 1s", "availability < 100%", "throughput after > 1/s"];
    let slow = (1..=20).fold(twice(), |scene, n| request(scene, 10_020, n * 10, true));
    let lines = asking(slow, &expressions).lines();
    let mut control = Analyser::new();
    lines.iter().for_each(|line| control.line(line));
    let mut probes = control.probes().unwrap();
    lines.iter().for_each(|line| probes.line(line));
    let mut first = probes.requests();
    let mut second = first.fork();
    for (index, line) in lines.iter().enumerate() {
        if index % 3 == 0 { first.line(line) } else { second.line(line) }
    }
    first.merge(&second);
    let kpis = |analysis: Analysis| analysis.summary.kpis;
    assert_eq!(kpis(first.finish()), kpis(analyse(&lines)));
}

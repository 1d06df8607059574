//! Several faults that are meant to overlap.

use super::scene::{MS, Scene};
use crate::analysis::model::{
    ChainSummary, CollateralTarget, DependencyExit, LaneState, Outcome, Summary, Verdict,
};
use crate::journal::event::{
    Action, BackendEvent, ChainMember, ChainMemberSkipped, ChainStarted, FaultInjected, FaultVoid,
    FinishReason, SinkOutage,
};

fn begun(scene: Scene, t_ms: u64, chain: u32, targets: &[&str]) -> Scene {
    let member = |(target, offset_us): (&&str, u64)| ChainMember {
        fault: "kill".to_owned(),
        target: (*target).to_owned(),
        offset_us,
    };
    let members = targets.iter().zip((0..).step_by(200_000)).map(member).collect();
    let scenario = "single-module".to_owned();
    scene.at(t_ms, ChainStarted { chain, scenario, members, strategy: None })
}

/// A kill in a chain whose effect is proven 2 ms later.
fn hit(scene: Scene, chain: u32, episode: u32, t_ms: u64, target: &str) -> Scene {
    let fault = FaultInjected {
        episode,
        scenario: "single-module".to_owned(),
        fault: "kill".to_owned(),
        target: target.to_owned(),
        pid: Some(100),
        chain: Some(chain),
        lasts_us: None,
    };
    scene.at(t_ms, fault).confirmed(episode, t_ms + 2)
}

/// `hit`, away until `ready_ms`.
fn away(scene: Scene, chain: u32, episode: u32, t_ms: u64, target: &str, ready_ms: u64) -> Scene {
    hit(scene, chain, episode, t_ms, target)
        .outage(t_ms, ready_ms)
        .backend(t_ms + 4, "exited", target)
        .backend(t_ms + 10, "spawned", target)
        .backend(ready_ms - 5, "ready", target)
}

/// Ingest and, 200 ms later, analysis; both are away until after that.
fn overlapping() -> Scene {
    let scene = begun(Scene::until(12_000), 6_000, 1, &["ingest", "analysis"]);
    let scene = away(scene, 1, 1, 6_000, "ingest", 6_500);
    away(scene, 1, 2, 6_200, "analysis", 6_700)
}

fn summary(scene: Scene) -> Summary {
    scene.finished(12_000).analyse().summary
}

fn only(scene: Scene) -> ChainSummary {
    let mut summary = summary(scene);
    assert_eq!(summary.chains.len(), 1);
    summary.chains.remove(0)
}

#[test]
fn a_chain_is_one_trial_and_its_members_are_shown_apart() {
    let summary = summary(overlapping());
    let expected = ChainSummary {
        chain: 1,
        scenario: "single-module".to_owned(),
        episodes: vec![1, 2],
        collateral: vec![],
        strategy: None,
        t0_us: 6_002 * MS,
        end_us: 6_700 * MS,
        outcome: Outcome::Recovered,
        automatic: true,
        recovery_us: Some(698 * MS),
        overlapped: Some(true),
        dependency_exits: vec![],
    };
    assert_eq!(summary.chains, [expected]);
    let members: Vec<_> = summary.episodes.iter().map(|e| (e.chain, e.recovery_us)).collect();
    assert_eq!(members, [(Some(1), Some(698 * MS)), (Some(1), Some(498 * MS))]);
    // Each member has its own way to `ready`, whatever the whole takes.
    let ready = |index: usize| {
        let phases = summary.episodes[index].phases_us;
        [phases.detect, phases.restart, phases.ready].into_iter().flatten().sum::<u64>()
    };
    assert_eq!((ready(0), ready(1)), (493 * MS, 493 * MS));
    assert_eq!(summary.scenarios[0].trials, 1);
    let (rate, mean) = (&summary.kpis[0], &summary.kpis[1]);
    assert_eq!((rate.numerator, rate.denominator, rate.excluded), (1, 1, 0));
    assert_eq!((mean.value, mean.denominator), (Some(698_000.0), 1));
    assert_eq!(mean.note(), "698 ms over 1 recovered trial; below 10 a mean has no interval");
}

#[test]
fn one_baseline_serves_members_that_overlap() {
    let analysis = overlapping().requests().finished(12_000).analyse();
    let [first, second] = &analysis.summary.episodes[..] else { panic!("two members") };
    // The second began in the middle of the first: nothing from there may count as normal.
    assert_eq!(first.baseline, second.baseline);
    assert_eq!(first.baseline.as_ref().map(|baseline| baseline.to_us), Some(6_000 * MS));
    // 70 failed requests from 6000 to 6700 are felt by the one, 50 of them by the other too.
    assert_eq!((first.failed_requests, second.failed_requests), (70, 50));
    // A request at 6000 is answered at 6005, inside.
    let lost = |index: usize| analysis.summary.episodes[index].goodput_lost_requests.unwrap().round();
    assert_eq!((lost(0), lost(1)), (70.0, 50.0));
    // Each request counts once in the load.
    assert_eq!(analysis.summary.load.inside.failures, 70);
}

#[test]
fn the_worst_member_decides_and_void_ones_are_left_out() {
    let void = |episode| FaultVoid { episode, reason: "the process is still there".to_owned() };
    let first =
        || away(begun(Scene::until(30_000), 6_000, 1, &["ingest", "analysis"]), 1, 1, 6_000, "ingest", 6_500);
    let outcome = |scene: Scene| {
        let chain = scene.analyse().summary.chains.remove(0);
        (chain.outcome, chain.automatic, chain.recovery_us.map(|us| us / MS))
    };
    // One is gone for good: failed, although the other came back.
    let late = hit(first(), 1, 2, 9_000, "analysis").outage(9_000, 99_000);
    assert_eq!(outcome(late.clone().finished(30_000)), (Outcome::Censored, false, None));
    // The run ends before that is known.
    let cut = hit(first(), 1, 2, 22_000, "analysis").outage(22_000, 99_000);
    assert_eq!(outcome(cut.ended(30_000, FinishReason::Interrupted)), (Outcome::Aborted, false, None));
    let fault = |scene: Scene, episode, t| {
        let scene = hit(scene, 1, episode, t, "analysis");
        scene.at(t + 50, void(episode))
    };
    assert_eq!(outcome(fault(first(), 2, 6_200).finished(30_000)), (Outcome::Recovered, true, Some(498)));
    let nothing = fault(begun(Scene::until(12_000), 6_000, 1, &["analysis"]), 1, 6_000);
    assert_eq!(outcome(nothing.clone().finished(12_000)), (Outcome::Void, false, None));
    let summary = summary(nothing);
    let kpi = &summary.kpis[0];
    assert_eq!((kpi.denominator, kpi.excluded, kpi.verdict), (0, 1, Verdict::Inconclusive));
    // What the mean must hold of a failed chain is its deadline, once.
    let kpis = late.finished(30_000).analyse().summary.kpis;
    assert_eq!((kpis[0].numerator, kpis[0].denominator), (0, 1));
    assert_eq!(kpis[1].note(), "no trial recovered; 1 censored, so the true mean is at least 10 s");
}

#[test]
fn a_helping_hand_in_one_member_makes_the_chain_not_automatic() {
    let helped = Action {
        episode: Some(2),
        what: "restart analysis".to_owned(),
        scripted: false,
        status: Some(202),
        resync: None,
    };
    let chain = only(overlapping().at(6_300, helped));
    assert_eq!((chain.outcome, chain.automatic), (Outcome::Recovered, false));
}

#[test]
fn a_target_that_was_down_already_is_collateral_and_no_trial() {
    let scene =
        away(begun(Scene::until(12_000), 6_000, 1, &["ingest", "session"]), 1, 1, 6_000, "ingest", 6_500);
    let skipped =
        ChainMemberSkipped { chain: 1, target: "session".to_owned(), reason: "it was restarting".to_owned() };
    let chain = only(scene.at(6_200, skipped.clone()));
    let (target, reason) = (skipped.target.clone(), skipped.reason.clone());
    assert_eq!(chain.collateral, [CollateralTarget { target, reason }]);
    assert_eq!((chain.episodes, chain.outcome, chain.overlapped), (vec![1], Outcome::Recovered, Some(false)));
    // All of them: nothing was done to the system.
    let chain = only(begun(Scene::until(12_000), 6_000, 1, &["session"]).at(6_000, skipped));
    assert_eq!((chain.outcome, chain.t0_us, chain.end_us), (Outcome::Void, 6_000 * MS, 6_000 * MS));
    // It broke off before the first.
    let chain = begun(Scene::until(7_000), 6_000, 1, &["session"]).analyse().summary.chains.remove(0);
    assert_eq!(chain.outcome, Outcome::Aborted);
}

#[test]
fn members_that_only_follow_one_another_did_not_overlap() {
    let scene = begun(Scene::until(12_000), 6_000, 1, &["ingest", "analysis"]);
    let scene = away(scene, 1, 1, 6_000, "ingest", 6_100);
    let chain = only(away(scene, 1, 2, 6_200, "analysis", 6_300));
    // The episodes do: the first is held against the hold of two seconds. The modules were never away together.
    assert_eq!(chain.overlapped, Some(false));
    let scene = begun(Scene::until(12_000), 6_000, 1, &["ingest", "analysis"]);
    let untold = hit(hit(scene, 1, 1, 6_000, "ingest"), 1, 2, 6_200, "analysis").outage(6_000, 6_400);
    assert_eq!(only(untold).overlapped, None);
}

#[test]
fn a_crash_that_travelled_by_itself_is_told() {
    let lost = |t: u64, cause: &str| {
        let event = BackendEvent {
            seq: t,
            kind: "exited".to_owned(),
            module: "session".to_owned(),
            pid: None,
            attempt: None,
            cause: Some(cause.to_owned()),
            resync: None,
        };
        only(overlapping().at(t, event)).dependency_exits
    };
    let exit = DependencyExit { module: "session".to_owned(), at_us: 6_400 * MS };
    assert_eq!(lost(6_400, "dependency_lost"), [exit]);
    assert_eq!(lost(6_400, "dependency"), []);
    assert_eq!(lost(11_000, "dependency_lost"), []);
}

#[test]
fn every_member_expects_its_own_alert_and_our_own_outage_extends_the_deadline() {
    let expecting = || overlapping().expects(1, 6_002, "ingest").expects(2, 6_202, "analysis");
    let late = expecting()
        .alert(6_010, "k1", "module_crashed", "ingest")
        .alert(17_000, "k2", "module_crashed", "analysis")
        .finished(20_000);
    let summary = late.analyse().summary;
    assert_eq!((summary.kpis[2].numerator, summary.kpis[2].denominator), (1, 2));
    assert_eq!(summary.kpis[2].verdict, Verdict::Fail);
    let closed = late.at(6_100, SinkOutage { until_us: 11_100 * MS }).analyse();
    assert_eq!((closed.summary.kpis[2].numerator, closed.summary.kpis[2].verdict), (0, Verdict::Pass));
    assert_eq!((closed.summary.alerts.recall, closed.summary.alerts.sink_closed_us), (Some(1.0), 5_000 * MS));
    assert_eq!(closed.sink_outages, [(6_100 * MS, 11_100 * MS)]);
}

#[test]
fn lanes_show_who_was_away_when() {
    let analysis = overlapping().finished(12_000).analyse();
    let lanes: Vec<_> = analysis
        .lanes
        .iter()
        .map(|lane| {
            let away =
                lane.stretches.iter().map(|s| (s.from_us / MS, s.to_us / MS, s.state)).collect::<Vec<_>>();
            (lane.name.as_str(), away)
        })
        .collect();
    let (down, restarting) = (LaneState::Down, LaneState::Restarting);
    assert_eq!(
        lanes,
        [
            ("ingest", vec![(6_004, 6_010, down), (6_010, 6_495, restarting)]),
            ("analysis", vec![(6_204, 6_210, down), (6_210, 6_695, restarting)]),
        ]
    );
}

/// Ingest falls; the backend begins to stop analysis, process `pid`, and then analysis is hit, before it has ended.
fn hit_while_stopping(pid: u32, stopping_ms: u64) -> Scene {
    let stopping = BackendEvent {
        seq: 900,
        kind: "stopping".to_owned(),
        module: "analysis".to_owned(),
        pid: Some(pid),
        attempt: None,
        cause: Some("dependency".to_owned()),
        resync: None,
    };
    let scene = begun(Scene::until(12_000), 6_000, 1, &["ingest", "analysis"]);
    let scene = away(scene, 1, 1, 6_000, "ingest", 6_500).at(stopping_ms, stopping);
    let scene = scene.backend(6_020, "exited", "analysis").backend(6_400, "ready", "analysis");
    let scene = hit(scene, 1, 2, 6_010, "analysis").expects(2, 6_010, "analysis");
    scene.alert(6_020, "k", "module_crashed", "analysis")
}

#[test]
fn a_module_that_the_backend_was_stopping_itself_is_collateral_and_owes_no_alert() {
    let found = summary(hit_while_stopping(100, 6_009));
    let second = &found.episodes[1];
    assert_eq!((second.outcome, found.alerts.expected, found.alerts.missed), (Outcome::Void, 0, 0));
    assert_eq!(second.evidence.as_deref(), Some("the backend was stopping it already"));
    let chain = &found.chains[0];
    let reason = "the backend was stopping it already".to_owned();
    assert_eq!(chain.collateral, [CollateralTarget { target: "analysis".to_owned(), reason }]);
    assert_eq!(chain.outcome, Outcome::Recovered);
    // What was stopped before was another process, and what is stopped afterwards is stopped because of the fault.
    for (pid, stopping_ms) in [(99, 6_009), (100, 6_011)] {
        let found = summary(hit_while_stopping(pid, stopping_ms));
        assert_eq!((found.alerts.expected, found.chains[0].collateral.len()), (1, 0));
    }
}

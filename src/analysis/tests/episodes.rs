//! From lines to episodes.

use super::scene::{MS, Scene, analyse};
use crate::analysis::model::{Episode, Outcome, Phases};
use crate::journal::event::{Action, FaultVoid, FinishReason, ModuleState};

fn episodes(scene: &Scene) -> Vec<Episode> {
    scene.analyse().summary.episodes
}

/// Outcome, and recovery in ms.
type Expected = (Outcome, Option<u64>);

/// Name, journal, and what becomes of each episode.
type Case = (&'static str, Scene, Vec<Expected>);

/// Outcome and recovery in ms of each episode.
#[track_caller]
fn check(scene: &Scene, expected: &[Expected]) {
    let actual: Vec<_> =
        episodes(scene).iter().map(|e| (e.outcome, e.recovery_us.map(|us| us / MS))).collect();
    assert_eq!(actual, expected);
}

fn phases_ms(detect: Option<u64>, restart: Option<u64>, ready: Option<u64>, recover: Option<u64>) -> Phases {
    let us = |ms: Option<u64>| ms.map(|ms| ms * MS);
    Phases { detect: us(detect), restart: us(restart), ready: us(ready), restore: None, recover: us(recover) }
}

#[test]
fn a_killed_module_that_comes_back_is_a_recovered_episode_in_phases() {
    let scene = Scene::until(9_000).healed(1, 6_000, "session").requests().finished(9_000);
    let episode = &episodes(&scene)[0];
    assert_eq!((episode.outcome, episode.automatic), (Outcome::Recovered, true));
    // Proven 2 ms after the action; the backend's own account comes later and does not move t0.
    assert_eq!((episode.t0_us, episode.t0_uncertainty_us), (6_002 * MS, 2 * MS));
    // The first good canary starts at 6100, 98 ms after t0; and so do the first success and the first good poll.
    assert_eq!(episode.recovery_us, Some(98 * MS));
    assert_eq!(episode.first_success_us, Some(98 * MS));
    assert_eq!(episode.end_us, 6_100 * MS);
    assert_eq!(episode.phases_us, phases_ms(Some(2), Some(3), Some(88), Some(5)));
    assert_eq!(episode.restart_attempts, Some(1));
    let baseline = episode.baseline.as_ref().unwrap();
    // The canaries at 5990 and before, whose answer came before the action at 6000.
    assert_eq!((baseline.from_us, baseline.to_us, baseline.canaries), (0, 6_000 * MS, 600));
    assert_eq!((baseline.success_ratio, baseline.goodput_per_s), (1.0, Some(100.0)));
}

#[test]
fn the_backends_own_stamp_is_t0_when_it_lies_between_action_and_proof() {
    let scene = Scene::until(9_000)
        .injected(1, 6_000, "restart", "session")
        .backend(6_003, "stopping", "session")
        .backend(6_020, "exited", "session")
        .confirmed(1, 6_030)
        .outage(6_003, 6_100)
        .backend(6_025, "spawned", "session")
        .backend(6_090, "ready", "session")
        .finished(9_000);
    let episode = &episodes(&scene)[0];
    assert_eq!((episode.t0_us, episode.t0_uncertainty_us), (6_003 * MS, 30 * MS));
    assert_eq!(episode.phases_us, phases_ms(Some(0), Some(22), Some(65), Some(10)));
}

#[test]
fn outcomes_follow_what_the_journal_shows() {
    use Outcome::{Aborted, Censored, Recovered, Void};
    let killed = |end: u64| Scene::until(end).killed(1, 6_000, "session");
    let never = |end: u64| killed(end).outage(6_000, 99_000);
    let void = FaultVoid { episode: 1, reason: "the process is still there".to_owned() };
    let cases: Vec<Case> = vec![
        ("no fault", Scene::until(6_000).finished(6_000), vec![]),
        ("recovered", killed(9_000).outage(6_000, 6_500).finished(9_000), vec![(Recovered, Some(498))]),
        ("not by the deadline", never(19_000).finished(19_000), vec![(Censored, None)]),
        ("after the deadline", killed(20_000).outage(6_000, 17_000).finished(20_000), vec![(Censored, None)]),
        (
            "just in time",
            killed(20_000).outage(6_000, 16_000).finished(20_000),
            vec![(Recovered, Some(9_998))],
        ),
        ("interrupted", never(10_000).ended(10_000, FinishReason::Interrupted), vec![(Aborted, None)]),
        ("the journal breaks off", never(10_000), vec![(Aborted, None)]),
        ("the hold was not seen to its end", killed(8_000).outage(6_000, 6_500), vec![(Aborted, None)]),
        (
            "void",
            Scene::until(9_000).injected(1, 6_000, "kill", "session").at(6_500, void).finished(9_000),
            vec![(Void, None)],
        ),
        (
            "never confirmed",
            Scene::until(9_000).injected(1, 6_000, "kill", "session").finished(9_000),
            vec![(Void, None)],
        ),
        (
            "interrupted before the proof",
            Scene::until(6_001).injected(1, 6_000, "kill", "session"),
            vec![(Aborted, None)],
        ),
        (
            "no baseline",
            Scene::until(20_000).killed(1, 4_000, "session").outage(4_000, 4_500).finished(20_000),
            vec![(Aborted, None)],
        ),
        (
            "the next fault on the same target comes first",
            never(30_000).killed(2, 9_000, "session").finished(30_000),
            vec![(Aborted, None), (Censored, None)],
        ),
        (
            "two targets at once",
            killed(12_000).killed(2, 6_200, "ingest").outage(6_000, 6_500).finished(12_000),
            vec![(Recovered, Some(498)), (Recovered, Some(298))],
        ),
    ];
    for (name, scene, expected) in cases {
        let actual: Vec<_> =
            episodes(&scene).iter().map(|e| (e.outcome, e.recovery_us.map(|us| us / MS))).collect();
        assert_eq!(actual, expected, "{name}");
    }
}

#[test]
fn a_bad_health_page_alone_keeps_an_episode_open() {
    let scene = Scene::until(10_000).healed(1, 6_000, "session").unhealthy(6_000, 7_020).finished(10_000);
    // The last bad poll starts at 7000; the first canary after it at 7010.
    check(&scene, &[(Outcome::Recovered, Some(1_008))]);
}

#[test]
fn a_dependant_must_be_ready_too() {
    let scene = Scene::until(10_000)
        .healed(1, 6_000, "session")
        .backend(6_096, "stopping", "analysis")
        .backend(6_341, "ready", "analysis")
        .finished(10_000);
    check(&scene, &[(Outcome::Recovered, Some(348))]);
}

#[test]
fn a_module_that_crashes_again_within_the_hold_starts_it_anew() {
    let scene = Scene::until(12_000)
        .healed(1, 6_000, "session")
        .backend(7_000, "exited", "session")
        .backend(7_001, "spawned", "session")
        .backend(7_003, "ready", "session")
        .finished(12_000);
    let episode = &episodes(&scene)[0];
    // No probe saw the second crash, but the backend did.
    assert_eq!(episode.recovery_us, Some(1_008 * MS));
    assert_eq!(episode.restart_attempts, Some(2));
    assert_eq!(episode.phases_us, phases_ms(Some(2), Some(3), Some(996), Some(7)));
}

#[test]
fn what_nobody_observed_is_absent() {
    let scene = Scene::until(10_000).killed(1, 6_000, "session").outage(6_000, 6_500).finished(10_000);
    let episode = &episodes(&scene)[0];
    // Without a word of the backend, the first bad poll (6050) is the detection, and nothing else is known.
    assert_eq!(episode.phases_us, phases_ms(Some(48), None, None, Some(450)));
    assert_eq!((episode.restart_attempts, episode.first_failure_us), (None, None));
}

#[test]
fn the_health_page_tells_of_a_module_before_a_poll_fails() {
    let state = |status: &str| ModuleState {
        module: "session".to_owned(),
        status: status.to_owned(),
        pid: Some(101),
        restarts: None,
    };
    let scene = Scene::until(10_000)
        .killed(1, 6_000, "session")
        .outage(6_000, 6_500)
        .at(6_010, state("restarting"))
        .at(6_490, state("healthy"))
        .finished(10_000);
    assert_eq!(episodes(&scene)[0].phases_us.detect, Some(8 * MS));
}

#[test]
fn an_action_that_no_script_took_makes_it_not_automatic() {
    let action = |episode, scripted| Action {
        episode,
        what: "restart session".to_owned(),
        scripted,
        status: Some(202),
        resync: None,
    };
    let scene = || Scene::until(10_000).healed(1, 6_000, "session");
    let automatic = |scene: Scene| episodes(&scene.finished(10_000))[0].automatic;
    assert!(automatic(scene().at(6_050, action(Some(1), true))));
    assert!(!automatic(scene().at(6_050, action(Some(1), false))));
    assert!(!automatic(scene().at(6_050, action(None, false))));
    assert!(automatic(scene().at(6_500, action(None, false))));
}

#[test]
fn users_are_counted_inside_and_outside() {
    let scene =
        Scene::until(10_000).healed(1, 6_000, "session").outage(6_100, 6_450).requests().finished(12_000);
    let analysis = scene.analyse();
    let episode = &analysis.summary.episodes[0];
    // Requests start at 6000, 6100, 6200, 6300 and 6400, ten each, and take 5 ms: the first ones are under way at
    // t0 = 6002 and fail at 6005, the last ones at 6405.
    assert_eq!((episode.requests, episode.failed_requests), (50, 50));
    assert_eq!(episode.failure_causes, [("connection refused".to_owned(), 50)]);
    assert_eq!((episode.first_failure_us, episode.last_failure_us), (Some(3 * MS), Some(403 * MS)));
    // 100 a second, for the 448 ms from t0 to 6450.
    assert!((episode.goodput_lost_requests.unwrap() - 44.8).abs() < 1e-9);
    let load = &analysis.summary.load;
    assert_eq!((load.requests, load.failures, load.inside.count, load.outside.count), (1_000, 50, 50, 950));
    assert_eq!(load.outside.failures, 0);
    let bins = &analysis.timeline;
    assert_eq!((bins.bin_us, bins.bins.len()), (100 * MS, 120));
    assert_eq!((bins.bins[0].ok, bins.bins[61].failed, bins.bins[110].p50_us), (10, 10, None));
}

#[test]
fn readers_can_share_the_requests() {
    let scene = Scene::until(10_000).healed(1, 6_000, "session").requests().finished(10_000);
    let lines = scene.lines();
    let mut control = crate::analysis::Analyser::new();
    lines.iter().for_each(|line| control.line(line));
    let mut probes = control.probes().unwrap();
    lines.iter().for_each(|line| probes.line(line));
    let mut first = probes.requests();
    let mut second = first.fork();
    let (front, back) = lines.split_at(lines.len() / 2);
    back.iter().for_each(|line| second.line(line));
    front.iter().for_each(|line| first.line(line));
    first.merge(&second);
    let (shared, alone) = (first.finish(), analyse(&lines));
    assert_eq!(shared.summary, alone.summary);
    assert_eq!(shared.timeline, alone.timeline);
}

#[test]
fn a_later_stretch_without_faults_becomes_the_baseline() {
    let scene = Scene::until(16_000)
        .healed(1, 6_000, "session")
        .healed(2, 12_000, "session")
        .healed(3, 13_900, "ingest");
    let episodes = episodes(&scene.finished(16_000));
    let baselines: Vec<_> = episodes.iter().map(|e| e.baseline.as_ref().unwrap().to_us / MS).collect();
    // From 8100 (recovered and held) to 12000 there are more than 250 canaries; to 13900 too few since.
    assert_eq!(baselines, [6_000, 12_000, 12_000]);
    assert!(episodes[1].baseline.as_ref().unwrap().from_us >= 8_100 * MS);
}

#[test]
fn notes_tell_each_episode_in_order() {
    let scene = Scene::until(10_000)
        .healed(1, 6_000, "session")
        .expects(1, 6_000, "session")
        .alert(6_008, "k", "module_crashed", "session")
        .finished(17_000);
    let notes: Vec<_> = scene
        .analyse()
        .notes
        .into_iter()
        .map(|note| format!("{} {}", note.t_us / MS, note.text.text))
        .collect();
    assert_eq!(
        notes,
        [
            "6000 SIGKILL sent to session (pid 100)",
            "6002 effect proven: pidfd: process 100 is gone",
            "6004 backend saw session exit",
            "6007 backend: session started",
            "6008 alert module_crashed for session arrived (+6 ms), expected",
            "6095 backend: session ready",
            "6100 recovered after 98 ms",
        ]
    );
}

#[test]
fn a_second_run_in_the_same_lines_is_passed_over() {
    let scene = Scene::until(9_000).healed(1, 6_000, "session").finished(9_000);
    let mut lines: Vec<_> = scene.lines().into_iter().filter(|line| !line.event.is_sample()).collect();
    lines.extend(Scene::until(0).killed(7, 1, "ingest").lines());
    assert_eq!(analyse(&lines).summary.episodes.len(), 1);
}

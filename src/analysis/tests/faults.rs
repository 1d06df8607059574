//! Faults that have an end of their own: a pause, and a crash loop.

use super::scene::{MS, Scene};
use crate::analysis::model::{Episode, Outcome};
use crate::journal::event::{BackendEvent, FaultEnded};

fn only(scene: &Scene) -> Episode {
    scene.analyse().summary.episodes.remove(0)
}

fn ended(scene: Scene, t_ms: u64) -> Scene {
    scene.at(t_ms, FaultEnded { episode: 1, undo_us: None })
}

#[test]
fn a_pause_is_not_recovered_from_before_it_is_over() {
    // The canary asks another module, so that the probes see nothing at all.
    let paused = || Scene::until(12_000).injected(1, 6_000, "pause", "analysis").confirmed(1, 6_002);
    let episode = only(&ended(paused(), 7_000).finished(12_000));
    assert_eq!((episode.outcome, episode.recovery_us), (Outcome::Recovered, Some(998 * MS)));
    assert_eq!((episode.fault_ended_us, episode.recovery_from_end_us), (Some(7_000 * MS), Some(0)));
    // The backend killed it and put another in its place: there was nothing to continue.
    let replaced = paused()
        .outage(6_000, 6_500)
        .backend(6_400, "hung", "analysis")
        .backend(6_410, "exited", "analysis")
        .backend(6_415, "spawned", "analysis")
        .backend(6_490, "ready", "analysis");
    let episode = only(&replaced.clone().finished(12_000));
    assert_eq!((episode.outcome, episode.recovery_us), (Outcome::Recovered, Some(498 * MS)));
    assert_eq!((episode.phases_us.detect, episode.phases_us.restart), (Some(398 * MS), Some(15 * MS)));
    assert_eq!(episode.fault_ended_us, None);
    let notes: Vec<_> = ended(paused(), 7_000).finished(12_000).analyse().notes;
    let notes: Vec<_> = notes.iter().map(|note| note.text.text.as_str()).collect();
    assert_eq!(
        notes,
        [
            "SIGSTOP sent to analysis (pid 100)",
            "effect proven: pidfd: process 100 is gone",
            "fault ended: analysis continued by the harness",
            "recovered after 998 ms, 0 ms after the fault's end",
        ]
    );
}

#[test]
fn what_the_plan_ends_is_not_recovered_from_before_and_what_it_leaves_in_effect_may_be() {
    // Nothing that the probes see, and an end at 9 s.
    let lasting = Scene::until(14_000).lasting(1, 6_000, "signal-stop", "master", 3_000).confirmed(1, 6_002);
    let episode = only(&ended(lasting.clone(), 9_000).finished(14_000));
    assert_eq!((episode.outcome, episode.recovery_us), (Outcome::Recovered, Some(2_998 * MS)));
    assert_eq!((episode.fault_ended_us, episode.recovery_from_end_us), (Some(9_000 * MS), Some(0)));
    // Without a word that it is over it may go on.
    assert_eq!(only(&lasting.finished(14_000)).recovery_us, None);
    // The system copes with what stays in effect, and that is undone when the episode is decided.
    let failed_over =
        Scene::until(14_000).injected(1, 6_000, "proxy-blackhole", "upstream").confirmed(1, 6_002);
    let episode = only(&ended(failed_over.outage(6_000, 7_000), 9_010).finished(14_000));
    assert_eq!((episode.outcome, episode.recovery_us), (Outcome::Recovered, Some(998 * MS)));
    assert_eq!(episode.fault_ended_us, None);
}

fn crash_loop() -> Scene {
    let mut scene = Scene::until(20_000).injected(1, 6_000, "crash-loop", "session").confirmed(1, 6_002);
    for t in [6_003, 6_103, 6_403] {
        scene = scene.backend(t, "exited", "session");
        if t < 6_403 {
            scene = scene.backend(t + 20, "spawned", "session").backend(t + 50, "ready", "session");
        }
    }
    scene
}

#[test]
fn a_crash_loop_is_not_recovered_from_before_its_last_kill() {
    let back = |scene: Scene| scene.backend(6_420, "spawned", "session").backend(6_450, "ready", "session");
    let episode = only(&back(ended(crash_loop(), 6_402)).finished(20_000));
    // From the first kill on: the first canary after the last `ready`, not after any before.
    assert_eq!((episode.outcome, episode.recovery_us), (Outcome::Recovered, Some(448 * MS)));
    assert_eq!((episode.fault_ended_us, episode.recovery_from_end_us), (Some(6_402 * MS), Some(48 * MS)));
    assert_eq!(episode.restart_attempts, Some(3));
    // Without a word that it is over it may go on.
    assert_eq!(only(&back(crash_loop()).finished(20_000)).outcome, Outcome::Censored);
}

#[test]
fn the_policy_is_named_when_the_backend_gave_up() {
    let gave_up = |max_retries: Option<u64>| {
        let scene = ended(crash_loop(), 6_902)
            .backend(6_420, "spawned", "session")
            .backend(6_450, "ready", "session")
            .backend(6_903, "exited", "session")
            .backend(6_904, "gave_up", "session")
            .outage(6_900, 99_000);
        let policy = max_retries.map(|max_retries| serde_json::json!({ "max_retries": max_retries }));
        scene.plan(|plan| plan.policy = policy).finished(20_000).analyse()
    };
    let remark = "the backend gave session up after 4 consecutive failures: its policy allows max_retries 3";
    let analysis = gave_up(Some(3));
    assert_eq!(analysis.summary.episodes[0].outcome, Outcome::Censored);
    assert_eq!(analysis.notes.last().unwrap().text.text, format!("not recovered by the deadline: {remark}"));
    let caveats = &analysis.summary.caveats;
    assert!(caveats.iter().any(|caveat| caveat.text.contains(remark)), "{caveats:?}");
    let caveats = gave_up(None).summary.caveats;
    assert!(
        caveats.iter().any(|c| c.text.contains("(the backend gave session up after 4 consecutive failures)"))
    );
}

#[test]
fn a_stable_time_and_an_exit_that_was_asked_for_break_the_row() {
    let asked = BackendEvent {
        seq: 900,
        kind: "exited".to_owned(),
        module: "session".to_owned(),
        pid: None,
        attempt: None,
        cause: Some("dependency".to_owned()),
        resync: None,
    };
    let scene = Scene::until(20_000)
        .backend(5_000, "exited", "session")
        .backend(5_010, "ready", "session")
        .backend(5_900, "stable", "session")
        .killed(1, 6_000, "session")
        .outage(6_000, 99_000)
        .backend(6_003, "exited", "session")
        .at(6_010, asked)
        .backend(6_020, "gave_up", "session");
    let notes = scene.finished(20_000).analyse().notes;
    let expected = "not recovered by the deadline: the backend gave session up after 1 consecutive failure";
    assert_eq!(notes.last().unwrap().text.text, expected);
}

//! How a run stands while it goes on, and that its end is what the final analysis says.

use super::scene::{MS, Scene};
use crate::analysis::model::{LaneState, Met, Outcome, RunState};
use crate::analysis::{SoFar, Standing, Verdict};
use crate::journal::event::{Event, Line};

/// How it stands once everything up to `until_ms` has been written.
fn at(lines: &[Line<'_>], until_ms: u64) -> Standing {
    let mut so_far = SoFar::default();
    lines.iter().filter(|line| line.t <= until_ms * MS).for_each(|line| so_far.line(line));
    so_far.standing().unwrap()
}

/// Two kills: the first heals and is told of, the second is never well again, and nobody hears of it.
fn scene() -> Scene {
    Scene::until(40_000)
        .healed(1, 10_000, "session")
        .expects(1, 10_000, "session")
        .alert(10_150, "a", "module_crashed", "session")
        .closed(1, 12_110, "recovered", Some(10_100))
        .killed(2, 20_000, "ingest")
        .outage(20_000, 40_000)
        .backend(20_003, "exited", "ingest")
        .expects(2, 20_000, "ingest")
        .closed(2, 37_000, "censored", None)
        .finished(40_000)
}

#[test]
fn before_its_first_line_there_is_no_run() {
    assert!(SoFar::default().standing().is_none());
}

#[test]
fn an_episode_in_flight_has_the_phases_behind_it_and_nothing_is_decided() {
    let lines = scene().lines();
    let now = at(&lines, 10_050);
    assert_eq!((now.episodes.len(), now.ended, now.verdict), (0, None, Verdict::Inconclusive));
    let [open] = &now.open[..] else { panic!("{:?}", now.open) };
    assert_eq!((open.id, open.t0_us, open.deadline_us), (1, Some(10_002 * MS), 20_002 * MS));
    // Gone at 10 004, spawned at 10 007; ready is still to come.
    let phases = open.phases_us;
    assert_eq!((phases.detect, phases.restart, phases.ready), (Some(2 * MS), Some(3 * MS), None));
    assert!(phases.recover.is_none());
    let lane = &now.lanes[0];
    let last = lane.stretches.last().unwrap();
    assert_eq!((lane.name.as_str(), last.state, last.to_us), ("session", LaneState::Restarting, now.now_us));
    assert_eq!(now.expectations[0].met, Met::Undecided, "it may still come");
}

#[test]
fn what_is_closed_counts_and_what_goes_on_keeps_the_scenario_undecided() {
    let lines = scene().lines();
    let now = at(&lines, 15_000);
    assert!(now.open.is_empty() && now.scenarios[0].from_us == Some(0) && !now.scenarios[0].finished);
    assert_eq!((now.episodes[0].outcome, now.episodes[0].recovery_us), (Outcome::Recovered, Some(98 * MS)));
    assert_eq!(now.alert_totals.matched, 1);
    let rate = &now.kpis[0];
    assert_eq!((rate.numerator, rate.denominator, rate.verdict), (1, 1, Verdict::Pass));
    assert_eq!(now.verdict, Verdict::Inconclusive, "a scenario that goes on does not pass yet");
    // One that has failed does not become better by going on.
    assert_eq!(at(&lines, 38_000).verdict, Verdict::Fail);
}

#[test]
fn the_end_is_that_of_the_final_analysis() {
    let scene = scene();
    let (now, analysis) = (at(&scene.lines(), 40_000), scene.analyse());
    let summary = &analysis.summary;
    assert_eq!(now.ended, Some(RunState::Completed));
    assert_eq!((now.verdict, &now.kpis), (summary.verdict, &summary.kpis));
    assert_eq!(now.alert_totals, summary.alerts);
    assert_eq!((&now.alerts, &now.expectations), (&analysis.alerts, &analysis.expectations));
    assert_eq!(now.lanes, analysis.lanes);
    for (live, own) in now.episodes.iter().zip(&summary.episodes) {
        assert_eq!((live.outcome, live.t0_us, live.end_us), (own.outcome, own.t0_us, own.end_us));
        assert_eq!(
            (live.phases_us, live.recovery_us, &live.alerts),
            (own.phases_us, own.recovery_us, &own.alerts)
        );
    }
}

#[test]
fn a_journal_that_just_ends_says_nothing_of_its_end() {
    let lines = scene().lines();
    let now = at(&lines, 30_000);
    assert_eq!((now.ended, now.open.len()), (None, 1));
}

#[test]
fn an_episode_that_recovered_nobody_says_when_has_no_recovery_time() {
    // A journal of a version that did not tell.
    let lines =
        Scene::until(20_000).healed(1, 10_000, "session").closed(1, 12_110, "recovered", None).lines();
    let now = at(&lines, 20_000);
    let episode = &now.episodes[0];
    assert_eq!((episode.outcome, episode.automatic, episode.recovery_us), (Outcome::Recovered, true, None));
    assert_eq!((now.kpis[0].verdict, now.kpis[1].value), (Verdict::Pass, None));
}

#[test]
fn judging_on_the_way_changes_nothing() {
    let mut scene = Scene::until(140_000);
    for episode in 1..=12 {
        let t = 10_000 * u64::from(episode);
        let recovered = t + 90 + u64::from(episode);
        scene = scene.healed(episode, t, "session").closed(episode, t + 3_000, "recovered", Some(recovered));
    }
    let lines = scene.lines();
    let mut so_far = SoFar::default();
    let mut intervals = Vec::new();
    for line in &lines {
        so_far.line(line);
        if matches!(line.event, Event::EpisodeClosed(_) | Event::FaultConfirmed(_)) {
            let now = so_far.standing().unwrap();
            intervals.extend(now.kpis.iter().find(|kpi| kpi.id == "mean_recovery_time").unwrap().interval);
        }
    }
    // Ten are enough for an interval: after the tenth and before the eleventh is over nothing has changed.
    assert_eq!(intervals.len(), 5, "{intervals:?}");
    assert!(intervals[0] == intervals[1] && intervals[1] != intervals[2] && intervals[2] != intervals[4]);
    assert_eq!(so_far.standing().unwrap().kpis, at(&lines, 140_000).kpis);
}

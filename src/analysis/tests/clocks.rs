//! Clocks that do not agree.

use super::scene::{MS, Scene, analyse};
use crate::analysis::model::Summary;
use crate::journal::event::{BackendEvent, ClockOffset, Event, FaultVoid, Lag, Line};
use crate::lang::{Arg, Lang};

/// A run with a mark of the fault thread every 50 ms.
fn marked(scene: Scene) -> Vec<Line<'static>> {
    let mark = |scene: Scene, t_ms| scene.at(t_ms, Lag { thread: "fault".to_owned(), lag_us: 80 });
    (0..9_000).step_by(50).fold(scene, mark).finished(9_000).lines()
}

fn healed() -> Scene {
    Scene::until(9_000).healed(1, 6_000, "session")
}

/// Which caveats speak of clocks, and of how much.
fn clocks(summary: &Summary) -> Vec<(&str, Option<&Arg>)> {
    let of_clocks = summary.caveats.iter().filter(|caveat| caveat.id.starts_with("caveat-clock"));
    of_clocks.map(|caveat| (caveat.id.as_str(), caveat.args.get("least"))).collect()
}

#[track_caller]
fn check(lines: &[Line<'_>], expected: &[(&str, u64)]) {
    let summary = analyse(lines).summary;
    let expected: Vec<_> = expected.iter().map(|(id, us)| (*id, Arg::LengthUs(*us))).collect();
    let expected: Vec<_> = expected.iter().map(|(id, least)| (*id, Some(least))).collect();
    assert_eq!(clocks(&summary), expected);
}

/// The end of a process, as the backend tells it.
pub(super) fn exited(pid: u32) -> BackendEvent {
    let (kind, module) = ("exited".to_owned(), "session".to_owned());
    BackendEvent { seq: 1, kind, module, pid: Some(pid), attempt: None, cause: None, resync: None }
}

#[test]
fn clocks_that_agree_prove_nothing() {
    check(&marked(healed()), &[]);
}

#[test]
fn an_event_that_was_read_before_its_stamp_proves_a_clock_that_is_ahead() {
    let mut lines = marked(healed());
    for line in lines.iter_mut().filter(|line| matches!(line.event, Event::BackendEvent(_))) {
        line.t += 5_000 * MS;
    }
    // The last one stands before the mark at 6100. It was written by the time of the next one, at 6150, and says 11095.
    check(&lines, &[("caveat-clock-ahead", 4_945 * MS)]);
}

#[test]
fn what_round_trips_show_stands_beside_every_episode_and_above_all_proofs() {
    let bounds = ClockOffset { low_us: 4_940_000, high_us: 5_040_000, corrected_us: 4_990_000, samples: 9 };
    let summary = analyse(&healed().at(1_000, bounds).finished(9_000).lines()).summary;
    assert_eq!(summary.episodes[0].clock_uncertainty_us, Some(50_000));
    let [caveat] = &clocks(&summary)[..] else { panic!("one word on clocks") };
    assert_eq!(caveat.0, "caveat-clock-measured");
    let said = summary.caveats.iter().find(|caveat| caveat.id == "caveat-clock-measured").unwrap();
    let text = Lang::En.read(said);
    assert!(
        text.starts_with("The target's clock is 4.99 s ahead of ours, to within 50 ms as 9 round trips show"),
        "{text}"
    );
    assert_eq!(analyse(&healed().finished(9_000).lines()).summary.episodes[0].clock_uncertainty_us, None);
}

#[test]
fn one_mark_after_an_event_proves_nothing() {
    // The mark may have been stamped before the event was read, and written after it.
    let event = Line { t: 6_049 * MS, event: exited(7).into() };
    let mark = |t_ms| Line { t: t_ms * MS, event: Lag { thread: "fault".to_owned(), lag_us: 0 }.into() };
    let mut lines = Scene::until(9_000).lines();
    lines.extend([event, mark(6_000)]);
    check(&lines, &[]);
    lines.push(mark(6_040));
    check(&lines, &[("caveat-clock-ahead", 9 * MS)]);
}

#[test]
fn all_that_was_read_was_read_before_the_end() {
    let mut lines = Scene::until(9_000).lines();
    lines.push(Line { t: 12_000 * MS, event: exited(7).into() });
    lines.extend(Scene::until(0).finished(9_000).lines().pop());
    check(&lines, &[("caveat-clock-ahead", 3_000 * MS)]);
}

#[test]
fn an_alert_that_was_raised_after_its_arrival_proves_a_clock_that_is_ahead() {
    for (raised_at, expected) in [
        ("2026-01-01T00:00:06.508Z", vec![("caveat-clock-ahead", 500 * MS)]),
        ("2026-01-01T09:00:06.508+09:00", vec![("caveat-clock-ahead", 500 * MS)]),
        ("2026-01-01T00:00:06.007Z", vec![]),
        // Less than a millisecond is no proof.
        ("2026-01-01T00:00:06.0085Z", vec![]),
        ("2025-12-31T23:59:59Z", vec![]),
        ("just now", vec![]),
    ] {
        let mut lines = healed().alert(6_008, "k", "module_crashed", "session").finished(9_000).lines();
        for line in &mut lines {
            if let Event::AlertReceived(alert) = &mut line.event {
                alert.raised_at = Some(raised_at.to_owned());
            }
        }
        check(&lines, &expected);
    }
}

#[test]
fn a_process_that_ended_before_it_was_killed_proves_a_clock_that_is_behind() {
    let killed = || Scene::until(9_000).killed(1, 6_000, "session").outage(6_000, 6_100);
    let early = killed().at(5_700, exited(100));
    check(&early.clone().finished(9_000).lines(), &[("caveat-clock-behind", 300 * MS)]);
    // Another process, and one that had the number before.
    check(&killed().at(5_700, exited(101)).finished(9_000).lines(), &[]);
    check(&early.at(6_004, exited(100)).finished(9_000).lines(), &[]);
    // What was not proven to have been hit may have ended by itself.
    let void = FaultVoid { episode: 1, reason: "no such process".to_owned() };
    let scene = Scene::until(9_000).at(5_700, exited(100)).injected(1, 6_000, "kill", "session");
    check(&scene.at(6_001, void).finished(9_000).lines(), &[]);
}

#[test]
fn a_target_that_is_not_on_loopback_has_a_clock_of_its_own() {
    let remote = |scene: Scene| scene.plan(|plan| plan.base_url = "http://10.0.0.7:8000".to_owned());
    let summary = remote(healed()).finished(9_000).analyse().summary;
    assert_eq!(clocks(&summary), [("caveat-clock-remote", None)]);
    // Without events there is nothing that it stamped.
    let summary = remote(Scene::until(9_000)).killed(1, 6_000, "session").finished(9_000).analyse().summary;
    assert_eq!(clocks(&summary), []);
}

//! A new policy on literal histories.

use std::time::Duration;

use super::event::EventKind;
use super::machine::{Action, Input};
use super::machine_world::{World, policy};
use super::policy::{Policy, Strategy};
use super::record::Phase;

const SECOND: Duration = Duration::from_secs(1);

/// Analysis given up at its fourth failure.
fn given_up() -> World {
    let mut world = World::up(policy());
    for _ in 0..4 {
        world.crash(2);
        world.pass_beating(Duration::from_millis(500));
        world.ready(2);
    }
    assert_eq!(world.statuses()[2], "failed");
    world.actions.clear();
    world
}

#[test]
fn a_change_is_an_event_that_says_what_changed() {
    let mut world = World::up(policy());
    world.set_policy(Policy { max_retries: 5, ..policy() });
    let event = world.actions.iter().find_map(|action| match action {
        Action::Log(event) if event.kind == EventKind::PolicyChanged => Some(event.clone()),
        _ => None,
    });
    let event = event.unwrap();
    assert_eq!((event.module, event.cause.as_deref()), ("manager", Some("max_retries from 3 to 5")));
    assert_eq!(world.machine.policy_in_force().number, 2);
}

#[test]
fn a_module_that_was_given_up_starts_again_when_its_streak_may_go_on() {
    let mut world = given_up();
    world.set_policy(Policy { backoff_initial: SECOND, ..policy() });
    assert_eq!(world.statuses()[2], "failed", "another policy with as few retries changes nothing");
    world.set_policy(Policy { max_retries: 4, ..policy() });
    assert_eq!(world.statuses()[2], "starting");
    assert_eq!(world.machine.modules()[2].consecutive, 4, "the streak goes on");
    world.ready(2);
    assert_eq!(world.alerts(), [("analysis", "module_recovered")]);
    world.crash(2);
    assert_eq!(world.statuses()[2], "failed", "the fifth failure in a row exhausts four retries");
    // alert_after is 4 still, and this streak's critical alert for that is long out.
    let alerts = [
        ("analysis", "module_recovered"),
        ("analysis", "module_crashed"),
        ("analysis", "recovery_exhausted"),
    ];
    assert_eq!(world.alerts(), alerts);
}

#[test]
fn fewer_retries_let_a_restart_that_was_decided_happen_and_end_with_the_next_failure() {
    let mut world = World::up(policy());
    for _ in 0..3 {
        world.crash(2);
        world.pass_beating(Duration::from_millis(150));
        world.ready(2);
    }
    assert_eq!(world.statuses()[2], "backoff");
    world.set_policy(Policy { max_retries: 0, alert_after: 1, ..policy() });
    assert_eq!(world.statuses()[2], "backoff");
    world.pass_beating(Duration::from_millis(200));
    assert_eq!(world.statuses()[2], "starting");
    world.ready(2);
    world.crash(2);
    assert_eq!(world.statuses()[2], "failed");
}

#[test]
fn a_delay_is_cut_to_the_new_maximum_and_never_made_longer() {
    let slow = Policy { backoff_initial: 60 * SECOND, backoff_max: 60 * SECOND, ..policy() };
    let mut world = World::up(slow.clone());
    world.crash(2);
    world.ready(2);
    world.crash(2);
    assert_eq!(world.machine.modules()[2].phase, Phase::Backoff { until: world.now + 60 * SECOND });
    world.set_policy(Policy { backoff_max: 2 * 60 * SECOND, ..slow.clone() });
    assert_eq!(world.machine.modules()[2].phase, Phase::Backoff { until: world.now + 60 * SECOND });
    world.set_policy(Policy { backoff_initial: SECOND, backoff_max: SECOND, ..slow });
    assert_eq!(world.machine.modules()[2].phase, Phase::Backoff { until: world.now + SECOND });
}

#[test]
fn an_alert_that_was_lowered_below_the_streak_goes_out_at_the_next_failure() {
    let mut world = World::up(Policy { max_retries: 9, alert_after: 10, ..policy() });
    for _ in 0..3 {
        world.crash(2);
        world.pass_beating(Duration::from_millis(500));
        world.ready(2);
    }
    world.set_policy(Policy { max_retries: 9, alert_after: 2, ..policy() });
    world.actions.clear();
    for _ in 0..2 {
        world.crash(2);
        world.pass_beating(Duration::from_millis(900));
        world.ready(2);
    }
    let repeated = world.alerts().into_iter().filter(|(_, kind)| *kind == "repeated_failures");
    assert_eq!(repeated.count(), 1, "at the fourth failure, and not again at the fifth");
}

#[test]
fn heartbeats_starts_and_stability_follow_the_new_policy_at_once() {
    let mut world = World::up(Policy { heartbeat: 3_600 * SECOND, ..policy() });
    world.set_policy(policy());
    world.pass(Duration::from_millis(801));
    let hung = world.events("ingest");
    assert!(hung.contains(&EventKind::Hung), "an hour was the old heartbeat: {hung:?}");

    let mut world =
        World::new(Policy { start_timeout: 3_600 * SECOND, stable_after: 3_600 * SECOND, ..policy() });
    world.give(Input::Start);
    world.ready(0);
    world.pass_beating(4 * SECOND);
    world.set_policy(policy());
    assert!(world.events("session").iter().all(|kind| *kind != EventKind::StartTimeout));
    world.pass_beating(SECOND + Duration::from_millis(1));
    assert!(world.events("session").contains(&EventKind::StartTimeout), "five seconds after its start");
    assert!(world.events("ingest").contains(&EventKind::Stable));
}

#[test]
fn one_for_one_starts_at_once_what_waited_for_a_dependency() {
    let mut world = World::up(policy());
    world.crash(0);
    world.crash(1);
    world.crash(2);
    assert_eq!(world.machine.modules()[1].phase, Phase::Waiting);
    world.set_policy(Policy { strategy: Strategy::OneForOne, ..policy() });
    assert!(matches!(world.machine.modules()[1].phase, Phase::Starting { .. }));
}

#[test]
fn a_manager_that_shuts_down_takes_no_policy() {
    let mut world = World::up(policy());
    world.give(Input::Shutdown);
    assert_eq!(world.machine.set_policy(world.stamp(), policy()), None);
}

//! The state machine on literal histories.

use std::time::Duration;

use super::event::{EventKind, Exit};
use super::machine::{Action, Input, STOP_GRACE};
use super::machine_world::{World, policy};
use super::policy::{Policy, Strategy};
use super::record::Phase;

#[test]
fn starts_modules_one_after_the_other_in_dependency_order() {
    let mut world = World::new(policy());
    world.give(Input::Start);
    assert_eq!(world.pids, 101, "only ingest");
    world.ready(0);
    assert_eq!(world.pids, 102, "then session");
    world.ready(1);
    world.ready(2);
    assert_eq!(world.statuses(), ["ready"; 3]);
    assert_eq!(world.alerts(), [], "a first start is no recovery");
}

#[test]
fn restarts_a_crashed_module_at_once_and_its_dependants_after_it() {
    use EventKind::{Exited, Ready, Spawned, Stopping};
    let mut world = World::up(policy());
    world.crash(0);
    assert_eq!(world.events("ingest"), [Exited, Spawned], "without any time passing");
    assert_eq!(world.statuses(), ["starting", "stopping", "stopping"]);
    world.exit(2, Exit::Code(0));
    world.exit(1, Exit::Signal(15));
    assert_eq!(world.events("session"), [Stopping, Exited], "waits for ingest");
    world.ready(0);
    assert_eq!(world.events("session"), [Stopping, Exited, Spawned]);
    world.ready(1);
    world.ready(2);
    assert_eq!(world.events("analysis"), [Stopping, Exited, Spawned, Ready]);
    assert_eq!(world.alerts(), [("ingest", "module_crashed"), ("ingest", "module_recovered")]);
    let consecutive = world.machine.modules().iter().map(|module| module.consecutive);
    assert_eq!(consecutive.collect::<Vec<_>>(), [1, 0, 0], "a dependant's restart is no failure of its own");
}

#[test]
fn leaves_dependants_alone_under_one_for_one() {
    let mut world = World::up(Policy { strategy: Strategy::OneForOne, ..policy() });
    world.crash(0);
    assert_eq!(world.statuses(), ["starting", "ready", "ready"]);
    world.crash(1);
    assert_eq!(world.statuses(), ["starting", "starting", "ready"], "session does not wait for ingest");
    assert_eq!(
        world.machine.modules()[1].phase,
        Phase::Starting { deadline: world.now + policy().start_timeout }
    );
}

#[test]
fn backs_off_from_the_second_restart_and_gives_up_at_the_fourth_failure() {
    use EventKind::{Backoff, Exited, GaveUp, Ready, Spawned};
    let mut world = World::up(policy());
    for (failure, delay_ms) in [(1, 0), (2, 100), (3, 200)] {
        world.crash(2);
        assert_eq!(world.machine.modules()[2].consecutive, failure);
        let before = world.pids;
        if delay_ms > 0 {
            world.pass(Duration::from_millis(delay_ms - 1));
            assert_eq!(world.pids, before, "not before its delay");
            world.pass(Duration::from_millis(1));
            assert_eq!(world.pids, before + 1);
        }
        world.ready(2);
    }
    world.crash(2);
    assert_eq!(world.statuses(), ["ready", "ready", "failed"]);
    let streak = [Exited, Spawned, Ready, Exited, Backoff, Spawned, Ready, Exited, Backoff, Spawned, Ready];
    assert_eq!(world.events("analysis"), [&streak[..], &[Exited, GaveUp]].concat());
    let (crashed, recovered) = (("analysis", "module_crashed"), ("analysis", "module_recovered"));
    let pairs = [crashed, recovered, crashed, recovered, crashed, recovered];
    assert_eq!(world.alerts(), [&pairs[..], &[crashed, ("analysis", "recovery_exhausted")]].concat());
    world.pass_beating(Duration::from_secs(60));
    assert_eq!(world.statuses()[2], "failed", "nothing but an operator starts it again");

    world.actions.clear();
    assert_eq!(world.restart(2, "r1").as_deref(), Some("r1"));
    assert_eq!(world.restart(2, "r2").as_deref(), Some("r1"), "joins the one under way");
    world.ready(2);
    assert_eq!(world.statuses(), ["ready"; 3]);
    assert_eq!(world.alerts(), [("analysis", "module_recovered")]);
    assert_eq!(world.restart(2, "r3").as_deref(), Some("r3"));
}

#[test]
fn a_critical_alert_goes_out_once_at_alert_after() {
    let mut world = World::up(Policy { alert_after: 2, ..policy() });
    for _ in 0..4 {
        world.crash(2);
        world.pass_beating(Duration::from_millis(500));
        world.ready(2);
    }
    let critical: Vec<_> =
        world.alerts().into_iter().filter(|(_, kind)| !kind.starts_with("module")).collect();
    assert_eq!(critical, [("analysis", "repeated_failures"), ("analysis", "recovery_exhausted")]);
}

#[test]
fn a_crash_after_stable_after_begins_a_new_streak() {
    let mut world = World::up(policy());
    for _ in 0..20 {
        world.crash(2);
        world.ready(2);
        assert_eq!(world.machine.modules()[2].consecutive, 1);
        world.pass_beating(Duration::from_secs(1));
        assert_eq!(world.machine.modules()[2].consecutive, 0);
    }
    assert_eq!(world.machine.modules()[2].attempts, 20);
}

#[test]
fn a_module_without_heartbeats_is_killed_and_restarted() {
    use EventKind::{Exited, Hung, Ready, Spawned};
    let mut world = World::up(policy());
    // Three misses of 200 ms; the beat before them may have come just after a check.
    world.pass(Duration::from_millis(599));
    assert_eq!(world.statuses(), ["ready"; 3]);
    for module in [0, 1] {
        let incarnation = world.incarnation(module);
        world.give(Input::Beat { module, incarnation });
    }
    world.pass(Duration::from_millis(202));
    let incarnation = world.incarnation(2);
    assert!(world.actions.contains(&Action::Kill { module: 2, incarnation }));
    world.crash(2);
    world.ready(2);
    assert_eq!(world.events("analysis"), [Hung, Exited, Spawned, Ready]);
    assert_eq!(world.alerts(), [("analysis", "module_hung"), ("analysis", "module_recovered")]);
}

#[test]
fn a_manager_that_was_held_up_does_not_take_its_own_pause_for_hangs() {
    let mut world = World::up(policy());
    world.now += Duration::from_secs(30);
    world.give(Input::Tick);
    assert_eq!(world.statuses(), ["ready"; 3], "one miss each, not 150");
    world.pass_beating(Duration::from_secs(1));
    assert_eq!(world.events("ingest"), []);
}

#[test]
fn a_start_that_takes_too_long_is_a_failure() {
    use EventKind::{Exited, Spawned, StartTimeout};
    let mut world = World::up(policy());
    world.crash(2);
    world.actions.clear();
    world.pass_beating(policy().start_timeout);
    world.crash(2);
    world.pass_beating(Duration::from_millis(100));
    assert_eq!(world.events("analysis")[..2], [StartTimeout, Exited]);
    assert_eq!(world.events("analysis").last(), Some(&Spawned));
    assert_eq!(world.machine.modules()[2].consecutive, 2);
}

#[test]
fn an_operators_restart_is_orderly_and_no_crash() {
    use EventKind::{Exited, Ready, RestartRequested, Spawned, Stopping};
    let mut world = World::up(policy());
    world.restart(1, "r1");
    let (session, analysis) = (world.incarnation(1), world.incarnation(2));
    assert!(world.actions.contains(&Action::Terminate { module: 1, incarnation: session }));
    assert!(world.actions.contains(&Action::Terminate { module: 2, incarnation: analysis }));
    world.exit(2, Exit::Code(0));
    world.pass_beating(STOP_GRACE);
    assert!(world.actions.contains(&Action::Kill { module: 1, incarnation: session }), "after the grace");
    world.crash(1);
    world.ready(1);
    world.ready(2);
    assert_eq!(world.events("session"), [RestartRequested, Stopping, Exited, Spawned, Ready]);
    assert_eq!(world.alerts(), [("session", "module_recovered")]);
    assert_eq!(world.machine.modules()[1].failures, 0);
}

#[test]
fn a_module_that_cannot_be_started_is_given_up_too() {
    let mut world = World::new(policy());
    world.give(Input::Start);
    for _ in 0..4 {
        let incarnation = world.incarnation(0);
        world.give(Input::SpawnFailed { module: 0, incarnation, error: "no such file".to_owned() });
        world.pass(Duration::from_secs(1));
    }
    assert_eq!(world.statuses(), ["failed", "starting", "starting"]);
}

#[test]
fn shuts_down_from_the_end_of_the_chain_and_kills_when_asked_twice() {
    let mut world = World::up(policy());
    world.give(Input::Shutdown);
    assert_eq!(world.statuses(), ["ready", "ready", "stopping"]);
    world.exit(2, Exit::Code(0));
    assert_eq!(world.statuses(), ["ready", "stopping", "stopping"]);
    world.give(Input::Shutdown);
    world.crash(0);
    world.crash(1);
    assert!(world.machine.all_stopped());
    assert_eq!(world.alerts(), []);
    assert_eq!(world.restart(0, "late"), None);
}

#[test]
fn a_dependant_that_lost_its_dependency_has_failed_by_itself() {
    use EventKind::{Backoff, Exited, GaveUp, Spawned};
    let mut world = World::up(Policy { strategy: Strategy::OneForOne, ..policy() });
    for _ in 0..4 {
        world.exit(1, Exit::Code(75));
        world.pass_beating(Duration::from_millis(200));
    }
    assert_eq!(world.statuses(), ["ready", "failed", "ready"], "it counts in its own streak");
    assert_eq!(
        world.events("session"),
        [Exited, Spawned, Exited, Backoff, Spawned, Exited, Backoff, Spawned, Exited, GaveUp]
    );
    for action in &world.actions {
        match action {
            Action::Log(event) if event.kind == Exited => {
                assert_eq!(event.cause.as_deref(), Some("dependency_lost"));
            }
            Action::Alert(alert) if alert.kind.name() == "module_crashed" => {
                assert!(alert.message.contains("its dependency ingest gave no answer"), "{}", alert.message);
            }
            _ => {}
        }
    }
    let crashes = world.alerts().into_iter().filter(|alert| *alert == ("session", "module_crashed"));
    assert_eq!(crashes.count(), 4);
}

#[test]
fn the_code_of_a_lost_dependency_means_nothing_from_a_module_without_one_or_one_that_was_stopped() {
    let mut world = World::up(policy());
    let cause = |world: &World, module: &str| {
        let exited = world.actions.iter().rev().find_map(|action| match action {
            Action::Log(event) if event.kind == EventKind::Exited && event.module == module => Some(event),
            _ => None,
        });
        exited.and_then(|event| event.cause.clone())
    };
    world.exit(0, Exit::Code(75));
    assert_eq!(cause(&world, "ingest").as_deref(), Some("crash"));
    // Stopped along with ingest: its exit code is no news.
    world.exit(1, Exit::Code(75));
    assert_eq!(cause(&world, "session").as_deref(), Some("dependency"));
    assert_eq!(world.machine.modules()[1].failures, 0);
}

#[test]
fn one_failure_brings_one_critical_alert_even_when_it_is_both_the_last_and_the_one_to_alert_at() {
    for max_retries in 0..5 {
        let mut world = World::up(Policy { max_retries, alert_after: max_retries + 1, ..policy() });
        for failure in 1..=max_retries + 1 {
            assert_ne!(world.statuses()[2], "failed", "before failure {failure} of {}", max_retries + 1);
            world.crash(2);
            world.pass_beating(Duration::from_millis(900));
            if failure <= max_retries {
                world.ready(2);
            }
        }
        assert_eq!(world.statuses()[2], "failed");
        let critical: Vec<_> =
            world.alerts().into_iter().filter(|(_, kind)| !kind.starts_with("module")).collect();
        assert_eq!(critical, [("analysis", "recovery_exhausted")]);
    }
}

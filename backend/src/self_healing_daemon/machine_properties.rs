//! The state machine on random histories.

use std::time::Duration;

use proptest::prelude::{any, prop_assert, prop_assert_eq, prop_oneof, proptest};
use proptest::strategy::Strategy as _;

use super::event::{EventKind, Exit};
use super::machine::Input;
use super::machine_world::{World, policy};
use super::policy::{Policy, Strategy};
use super::record::Phase;

/// One step of a random history.
#[derive(Clone, Debug)]
enum Step {
    Crash(usize),
    Ready(usize),
    Beat(usize),
    Pass(u64),
    Restart(usize),
    Late(usize),
    Retries(u32),
}

fn step() -> impl proptest::strategy::Strategy<Value = Step> {
    prop_oneof![
        (0usize..3).prop_map(Step::Crash),
        (0usize..3).prop_map(Step::Ready),
        (0usize..3).prop_map(Step::Beat),
        (1u64..3_000).prop_map(Step::Pass),
        (0usize..3).prop_map(Step::Restart),
        (0usize..3).prop_map(Step::Late),
        (0u32..6).prop_map(Step::Retries),
    ]
}

proptest! {
    #[test]
    fn whatever_happens_the_books_stay_in_order(steps in proptest::collection::vec(step(), 0..120), one in any::<bool>()) {
        let strategy = if one { Strategy::OneForOne } else { Strategy::RestForOne };
        let mut world = World::new(Policy { strategy, ..policy() });
        world.give(Input::Start);
        let mut most_retries = policy().max_retries;
        let mut changed = false;
        for step in steps {
            match step {
                Step::Crash(module) if world.machine.modules()[module].has_process() => world.crash(module),
                Step::Crash(_) => {}
                Step::Ready(module) => world.ready(module),
                Step::Beat(module) => {
                    let incarnation = world.incarnation(module);
                    world.give(Input::Beat { module, incarnation });
                }
                Step::Pass(ms) => world.pass(Duration::from_millis(ms)),
                Step::Restart(module) => drop(world.restart(module, "r")),
                Step::Retries(max_retries) => {
                    world.set_policy(Policy { max_retries, alert_after: max_retries + 1, strategy, ..policy() });
                    most_retries = most_retries.max(max_retries);
                    changed = true;
                }
                Step::Late(module) => {
                    // A message of an earlier process must change nothing.
                    let before = world.machine.modules()[module].clone();
                    let incarnation = world.incarnation(module).wrapping_sub(1);
                    world.give(Input::Exited { module, incarnation, exit: Exit::Code(1) });
                    prop_assert_eq!(&before.phase, &world.machine.modules()[module].phase);
                }
            }
            for record in world.machine.modules() {
                prop_assert!(record.consecutive <= most_retries + 1);
                prop_assert_eq!(record.pid.is_some(), record.has_process());
                let exhausted = record.consecutive > world.machine.policy.max_retries;
                // A restart that was decided under an earlier policy stands.
                prop_assert!(exhausted || record.phase != Phase::Failed);
                prop_assert!(changed || exhausted == (record.phase == Phase::Failed));
                prop_assert!(record.recoveries <= record.failures);
            }
        }
        // Every crash alert belongs to a failure; every surrender is announced exactly once.
        let count = |wanted: &str| world.alerts().iter().filter(|(_, kind)| *kind == wanted).count() as u64;
        let failures: u64 = world.machine.modules().iter().map(|record| record.failures).sum();
        prop_assert!(count("module_crashed") <= failures);
        let gave_up = ["ingest", "session", "analysis"].map(|name| {
            world.events(name).iter().filter(|kind| **kind == EventKind::GaveUp).count() as u64
        });
        prop_assert_eq!(count("recovery_exhausted"), gave_up.iter().sum::<u64>());
    }
}

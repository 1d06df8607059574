//! The state machine on literal histories, and on random ones.

use std::collections::VecDeque;
use std::time::Duration;

use proptest::prelude::{any, prop_assert, prop_assert_eq, prop_oneof, proptest};
use proptest::strategy::Strategy as _;

use super::event::{EventKind, Exit};
use super::machine::{Action, Incarnation, Input, Machine, ModuleSpec, STOP_GRACE};
use super::policy::{Policy, Strategy};
use super::record::Phase;
use crate::clock::Stamp;

const SPECS: [ModuleSpec; 3] = [
    ModuleSpec {
        name: "ingest",
        depends_on: None,
    },
    ModuleSpec {
        name: "session",
        depends_on: Some(0),
    },
    ModuleSpec {
        name: "analysis",
        depends_on: Some(1),
    },
];

fn policy() -> Policy {
    // No jitter: the delays are exactly 0, 100, 200 ms.
    Policy {
        jitter: 0.0,
        ..Policy::default()
    }
}

/// A machine in a world without processes: time is a number, and a process exists because the machine asked for it.
struct World {
    machine: Machine,
    now: Duration,
    pids: u32,
    actions: Vec<Action>,
}

impl World {
    fn new(policy: Policy) -> Self {
        let now = Stamp {
            mono: Duration::ZERO,
            wall_us: 0,
        };
        Self {
            machine: Machine::new(policy, &SPECS, 7, now),
            now: Duration::ZERO,
            pids: 100,
            actions: Vec::new(),
        }
    }

    /// All three modules ready and stable.
    fn up(policy: Policy) -> Self {
        let mut world = Self::new(policy);
        world.give(Input::Start);
        for module in 0..3 {
            world.ready(module);
        }
        world.pass_beating(Duration::from_secs(2));
        world.actions.clear();
        world
    }

    fn stamp(&self) -> Stamp {
        Stamp {
            mono: self.now,
            wall_us: self.now.as_micros() as i64,
        }
    }

    fn give(&mut self, input: Input) {
        let actions = self.machine.handle(self.stamp(), input);
        self.follow(actions);
    }

    fn follow(&mut self, mut actions: VecDeque<Action>) {
        while let Some(action) = actions.pop_front() {
            if let Action::Spawn { module, incarnation } = action {
                self.pids += 1;
                let input = Input::Spawned {
                    module,
                    incarnation,
                    pid: self.pids,
                };
                actions.extend(self.machine.handle(self.stamp(), input));
            }
            self.actions.push(action);
        }
    }

    fn incarnation(&self, module: usize) -> Incarnation {
        self.machine.modules()[module].incarnation
    }

    fn ready(&mut self, module: usize) {
        let incarnation = self.incarnation(module);
        self.give(Input::Ready { module, incarnation });
    }

    fn exit(&mut self, module: usize, exit: Exit) {
        let incarnation = self.incarnation(module);
        self.give(Input::Exited {
            module,
            incarnation,
            exit,
        });
    }

    fn crash(&mut self, module: usize) {
        self.exit(module, Exit::Signal(9));
    }

    fn restart(&mut self, module: usize, id: &str) -> Option<String> {
        let (id, actions) = self.machine.restart(self.stamp(), module, id.to_owned());
        self.follow(actions);
        id
    }

    fn pass(&mut self, time: Duration) {
        let end = self.now + time;
        while let Some(at) = self.machine.next_deadline().filter(|at| *at <= end) {
            assert!(at >= self.now, "a deadline in the past makes the driver spin");
            self.now = at;
            self.give(Input::Tick);
        }
        self.now = end;
    }

    /// Lets time pass while every ready module shows signs of life.
    fn pass_beating(&mut self, time: Duration) {
        let end = self.now + time;
        while self.now < end {
            for module in 0..3 {
                let incarnation = self.incarnation(module);
                self.give(Input::Beat { module, incarnation });
            }
            self.pass(Duration::from_millis(50).min(end - self.now));
        }
    }

    fn statuses(&self) -> [&'static str; 3] {
        [0, 1, 2].map(|module| self.machine.modules()[module].status())
    }

    fn events(&self, module: &str) -> Vec<EventKind> {
        let kind = |action: &Action| match action {
            Action::Log(event) if event.module == module => Some(event.kind),
            _ => None,
        };
        self.actions.iter().filter_map(kind).collect()
    }

    fn alerts(&self) -> Vec<(&'static str, &'static str)> {
        let alert = |action: &Action| match action {
            Action::Alert(draft) => Some((draft.module, draft.kind.name())),
            _ => None,
        };
        self.actions.iter().filter_map(alert).collect()
    }
}

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
    assert_eq!(
        world.events("ingest"),
        [Exited, Spawned],
        "without any time passing"
    );
    assert_eq!(world.statuses(), ["starting", "stopping", "stopping"]);
    world.exit(2, Exit::Code(0));
    world.exit(1, Exit::Signal(15));
    assert_eq!(world.events("session"), [Stopping, Exited], "waits for ingest");
    world.ready(0);
    assert_eq!(world.events("session"), [Stopping, Exited, Spawned]);
    world.ready(1);
    world.ready(2);
    assert_eq!(world.events("analysis"), [Stopping, Exited, Spawned, Ready]);
    assert_eq!(
        world.alerts(),
        [("ingest", "module_crashed"), ("ingest", "module_recovered")]
    );
    let consecutive = world.machine.modules().iter().map(|module| module.consecutive);
    assert_eq!(
        consecutive.collect::<Vec<_>>(),
        [1, 0, 0],
        "a dependant's restart is no failure of its own"
    );
}

#[test]
fn leaves_dependants_alone_under_one_for_one() {
    let mut world = World::up(Policy {
        strategy: Strategy::OneForOne,
        ..policy()
    });
    world.crash(0);
    assert_eq!(world.statuses(), ["starting", "ready", "ready"]);
    world.crash(1);
    assert_eq!(
        world.statuses(),
        ["starting", "starting", "ready"],
        "session does not wait for ingest"
    );
    assert_eq!(
        world.machine.modules()[1].phase,
        Phase::Starting {
            deadline: world.now + policy().start_timeout
        }
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
    let streak = [
        Exited, Spawned, Ready, Exited, Backoff, Spawned, Ready, Exited, Backoff, Spawned, Ready,
    ];
    assert_eq!(
        world.events("analysis"),
        [&streak[..], &[Exited, GaveUp]].concat()
    );
    let (crashed, recovered) = (("analysis", "module_crashed"), ("analysis", "module_recovered"));
    let pairs = [crashed, recovered, crashed, recovered, crashed, recovered];
    assert_eq!(
        world.alerts(),
        [&pairs[..], &[crashed, ("analysis", "recovery_exhausted")]].concat()
    );
    world.pass_beating(Duration::from_secs(60));
    assert_eq!(
        world.statuses()[2],
        "failed",
        "nothing but an operator starts it again"
    );

    world.actions.clear();
    assert_eq!(world.restart(2, "r1").as_deref(), Some("r1"));
    assert_eq!(
        world.restart(2, "r2").as_deref(),
        Some("r1"),
        "joins the one under way"
    );
    world.ready(2);
    assert_eq!(world.statuses(), ["ready"; 3]);
    assert_eq!(world.alerts(), [("analysis", "module_recovered")]);
    assert_eq!(world.restart(2, "r3").as_deref(), Some("r3"));
}

#[test]
fn a_critical_alert_goes_out_once_at_alert_after() {
    let mut world = World::up(Policy {
        alert_after: 2,
        ..policy()
    });
    for _ in 0..4 {
        world.crash(2);
        world.pass_beating(Duration::from_millis(500));
        world.ready(2);
    }
    let critical: Vec<_> = world
        .alerts()
        .into_iter()
        .filter(|(_, kind)| !kind.starts_with("module"))
        .collect();
    assert_eq!(
        critical,
        [
            ("analysis", "repeated_failures"),
            ("analysis", "recovery_exhausted")
        ]
    );
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
    assert!(world.actions.contains(&Action::Kill {
        module: 2,
        incarnation
    }));
    world.crash(2);
    world.ready(2);
    assert_eq!(world.events("analysis"), [Hung, Exited, Spawned, Ready]);
    assert_eq!(
        world.alerts(),
        [("analysis", "module_hung"), ("analysis", "module_recovered")]
    );
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
    assert!(world.actions.contains(&Action::Terminate {
        module: 1,
        incarnation: session
    }));
    assert!(world.actions.contains(&Action::Terminate {
        module: 2,
        incarnation: analysis
    }));
    world.exit(2, Exit::Code(0));
    world.pass_beating(STOP_GRACE);
    assert!(
        world.actions.contains(&Action::Kill {
            module: 1,
            incarnation: session
        }),
        "after the grace"
    );
    world.crash(1);
    world.ready(1);
    world.ready(2);
    assert_eq!(
        world.events("session"),
        [RestartRequested, Stopping, Exited, Spawned, Ready]
    );
    assert_eq!(world.alerts(), [("session", "module_recovered")]);
    assert_eq!(world.machine.modules()[1].failures, 0);
}

#[test]
fn a_module_that_cannot_be_started_is_given_up_too() {
    let mut world = World::new(policy());
    world.give(Input::Start);
    for _ in 0..4 {
        let incarnation = world.incarnation(0);
        world.give(Input::SpawnFailed {
            module: 0,
            incarnation,
            error: "no such file".to_owned(),
        });
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

/// One step of a random history.
#[derive(Clone, Debug)]
enum Step {
    Crash(usize),
    Ready(usize),
    Beat(usize),
    Pass(u64),
    Restart(usize),
    Late(usize),
}

fn step() -> impl proptest::strategy::Strategy<Value = Step> {
    prop_oneof![
        (0usize..3).prop_map(Step::Crash),
        (0usize..3).prop_map(Step::Ready),
        (0usize..3).prop_map(Step::Beat),
        (1u64..3_000).prop_map(Step::Pass),
        (0usize..3).prop_map(Step::Restart),
        (0usize..3).prop_map(Step::Late),
    ]
}

proptest! {
    #[test]
    fn whatever_happens_the_books_stay_in_order(steps in proptest::collection::vec(step(), 0..120), one in any::<bool>()) {
        let strategy = if one { Strategy::OneForOne } else { Strategy::RestForOne };
        let mut world = World::new(Policy { strategy, ..policy() });
        world.give(Input::Start);
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
                Step::Late(module) => {
                    // A message of an earlier process must change nothing.
                    let before = world.machine.modules()[module].clone();
                    let incarnation = world.incarnation(module).wrapping_sub(1);
                    world.give(Input::Exited { module, incarnation, exit: Exit::Code(1) });
                    prop_assert_eq!(&before.phase, &world.machine.modules()[module].phase);
                }
            }
            for record in world.machine.modules() {
                prop_assert!(record.consecutive <= policy().max_retries + 1);
                prop_assert_eq!(record.pid.is_some(), record.has_process());
                prop_assert_eq!(record.phase == Phase::Failed, record.consecutive > policy().max_retries);
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

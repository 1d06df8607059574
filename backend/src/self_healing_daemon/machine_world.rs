//! A world without processes for the tests of the state machine.

use std::collections::VecDeque;
use std::time::Duration;

use super::event::{EventKind, Exit};
use super::machine::{Action, Incarnation, Input, Machine, ModuleSpec};
use super::policy::Policy;
use crate::clock::Stamp;

const SPECS: [ModuleSpec; 3] = [
    ModuleSpec { name: "ingest", depends_on: None },
    ModuleSpec { name: "session", depends_on: Some(0) },
    ModuleSpec { name: "analysis", depends_on: Some(1) },
];

pub(super) fn policy() -> Policy {
    // No jitter: the delays are exactly 0, 100, 200 ms.
    Policy { jitter: 0.0, ..Policy::default() }
}

/// A machine in a world without processes: time is a number, and a process exists because the machine asked for it.
pub(super) struct World {
    pub(super) machine: Machine,
    pub(super) now: Duration,
    pub(super) pids: u32,
    pub(super) actions: Vec<Action>,
}

impl World {
    pub(super) fn new(policy: Policy) -> Self {
        let now = Stamp { mono: Duration::ZERO, wall_us: 0 };
        Self {
            machine: Machine::new(policy, &SPECS, 7, now),
            now: Duration::ZERO,
            pids: 100,
            actions: Vec::new(),
        }
    }

    /// All three modules ready and stable.
    pub(super) fn up(policy: Policy) -> Self {
        let mut world = Self::new(policy);
        world.give(Input::Start);
        for module in 0..3 {
            world.ready(module);
        }
        world.pass_beating(Duration::from_secs(2));
        world.actions.clear();
        world
    }

    pub(super) fn stamp(&self) -> Stamp {
        Stamp { mono: self.now, wall_us: self.now.as_micros() as i64 }
    }

    pub(super) fn give(&mut self, input: Input) {
        let actions = self.machine.handle(self.stamp(), input);
        self.follow(actions);
    }

    pub(super) fn follow(&mut self, mut actions: VecDeque<Action>) {
        while let Some(action) = actions.pop_front() {
            if let Action::Spawn { module, incarnation } = action {
                self.pids += 1;
                let input = Input::Spawned { module, incarnation, pid: self.pids };
                actions.extend(self.machine.handle(self.stamp(), input));
            }
            self.actions.push(action);
        }
    }

    pub(super) fn incarnation(&self, module: usize) -> Incarnation {
        self.machine.modules()[module].incarnation
    }

    pub(super) fn ready(&mut self, module: usize) {
        let incarnation = self.incarnation(module);
        self.give(Input::Ready { module, incarnation });
    }

    pub(super) fn exit(&mut self, module: usize, exit: Exit) {
        let incarnation = self.incarnation(module);
        self.give(Input::Exited { module, incarnation, exit });
    }

    pub(super) fn crash(&mut self, module: usize) {
        self.exit(module, Exit::Signal(9));
    }

    pub(super) fn restart(&mut self, module: usize, id: &str) -> Option<String> {
        let (id, actions) = self.machine.restart(self.stamp(), module, id.to_owned());
        self.follow(actions);
        id
    }

    pub(super) fn set_policy(&mut self, policy: Policy) {
        let actions = self.machine.set_policy(self.stamp(), policy);
        self.follow(actions.unwrap_or_default());
    }

    pub(super) fn pass(&mut self, time: Duration) {
        let end = self.now + time;
        while let Some(at) = self.machine.next_deadline().filter(|at| *at <= end) {
            assert!(at >= self.now, "a deadline in the past makes the driver spin");
            self.now = at;
            self.give(Input::Tick);
        }
        self.now = end;
    }

    /// Lets time pass while every ready module shows signs of life.
    pub(super) fn pass_beating(&mut self, time: Duration) {
        let end = self.now + time;
        while self.now < end {
            for module in 0..3 {
                let incarnation = self.incarnation(module);
                self.give(Input::Beat { module, incarnation });
            }
            self.pass(Duration::from_millis(50).min(end - self.now));
        }
    }

    pub(super) fn statuses(&self) -> [&'static str; 3] {
        [0, 1, 2].map(|module| self.machine.modules()[module].status())
    }

    pub(super) fn events(&self, module: &str) -> Vec<EventKind> {
        let kind = |action: &Action| match action {
            Action::Log(event) if event.module == module => Some(event.kind),
            _ => None,
        };
        self.actions.iter().filter_map(kind).collect()
    }

    pub(super) fn alerts(&self) -> Vec<(&'static str, &'static str)> {
        let alert = |action: &Action| match action {
            Action::Alert(draft) => Some((draft.module, draft.kind.name())),
            _ => None,
        };
        self.actions.iter().filter_map(alert).collect()
    }
}

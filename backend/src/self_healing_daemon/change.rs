//! The state machine under a new policy.
//!
//! What is not yet decided follows the new policy: the next failure, its delay, the next heartbeat, the end of a start.
//! What was decided stands: a module that waits before a restart is restarted, at most the new `backoff_max` from now,
//! even when its streak is longer than the new `max_retries`; the next failure gives it up. A module that was given up
//! starts again when the new policy allows a further restart of its streak, and the streak goes on.

use std::collections::VecDeque;
use std::time::Duration;

use super::event::{Event, EventKind};
use super::machine::{Action, Machine};
use super::policy::Policy;
use super::record::Phase;
use crate::clock::Stamp;

/// The `module` of an event that belongs to no module.
const MANAGER: &str = "manager";

/// A policy and its place in the row of policies.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PolicyInForce {
    /// From 1, one more with every change.
    pub(crate) number: u64,
    pub(crate) policy: Policy,
}

impl Machine {
    /// The policy that decisions follow now.
    pub(crate) fn policy_in_force(&self) -> PolicyInForce {
        PolicyInForce { number: self.policy_number, policy: self.policy.clone() }
    }

    /// Follows `new` from now on. `None` while the manager shuts down.
    pub(crate) fn set_policy(&mut self, now: Stamp, new: Policy) -> Option<VecDeque<Action>> {
        if self.shutting_down {
            return None;
        }
        let mut event = Event::new(now.wall_us, EventKind::PolicyChanged, MANAGER);
        event.cause = Some(self.policy.changes(&new));
        self.actions.push_back(Action::Log(event));
        let old = std::mem::replace(&mut self.policy, new);
        self.policy_number += 1;
        for module in 0..self.modules.len() {
            self.follow_new_policy(now, module, &old);
            // What is overdue under the new policy happens now.
            self.advance(now, module);
        }
        self.settle(now);
        Some(std::mem::take(&mut self.actions))
    }

    fn follow_new_policy(&mut self, now: Stamp, module: usize, old: &Policy) {
        let new = &self.policy;
        let record = &mut self.modules[module];
        match &mut record.phase {
            Phase::Failed if record.consecutive <= new.max_retries => record.enter(now, Phase::Waiting),
            Phase::Backoff { until } => *until = (*until).min(now.mono + new.backoff_max),
            Phase::Starting { deadline } => {
                *deadline = shift(*deadline, old.start_timeout, new.start_timeout)
            }
            Phase::Ready { stable_at, next_check, .. } => {
                *next_check = (*next_check).min(now.mono + new.heartbeat);
                *stable_at = stable_at.map(|at| shift(at, old.stable_after, new.stable_after));
            }
            Phase::Waiting
            | Phase::Stopping { .. }
            | Phase::Killing { .. }
            | Phase::Failed
            | Phase::Stopped => {}
        }
    }
}

/// A deadline that was set `old` after some moment, as if it had been set `new` after it.
fn shift(deadline: Duration, old: Duration, new: Duration) -> Duration {
    deadline.saturating_sub(old) + new
}

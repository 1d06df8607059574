//! What the injector asks of the fault thread, and how it waits for the result.

use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

use crate::journal::Micros;
use crate::stop::Stopped;

/// One step of the injector.
#[derive(Debug, Clone)]
pub enum Step {
    /// Wait until every user has started and the baseline is known.
    Baseline,
    /// Inject the next fault of the plan's scenario with this index.
    Inject(usize),
    /// Inject the next chain of the plan's scenario with this index.
    Chain(usize),
    /// Hold a dependency down under one-for-one until a dependant gives up by itself: a chain that travels alone. Nothing is
    /// done where the target has no restart policy that can be changed.
    DependencyChain(usize),
    /// Wait until the fault has ended, or so long.
    AwaitFaultEnd(Duration),
    /// Wait until the system has restored its state by itself, or until this long after the fault's end.
    AwaitResync(Duration),
    /// Wait until the system is well again, or the deadline.
    AwaitRecovery,
    /// All users are held still: what is measured meanwhile is no yardstick.
    Hold,
    /// They are let go.
    Release,
    /// Let the system rest.
    Pause(Duration),
    /// Wait until no alert is due any more.
    Settle,
}

/// What came of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepResult {
    /// Done.
    Done,
    /// A fault is in effect, as this episode.
    Injected(u32),
    /// A chain of faults is in effect; with the episode in which it takes a store away, if it does.
    Chain(Option<u32>),
    /// It still is.
    InEffect,
    /// A fault had no provable effect.
    Void,
    /// Nothing is left that may be hit.
    NoTarget,
}

/// What the fault thread is told.
#[derive(Debug)]
pub(super) enum Order {
    UsersStarted(Micros),
    Step(Step, oneshot::Sender<StepResult>),
    Done,
}

/// The injector's end of the fault thread. Cheap to clone.
#[derive(Debug, Clone)]
pub struct DirectorHandle {
    orders: mpsc::Sender<Order>,
}

impl DirectorHandle {
    pub(super) fn new(orders: mpsc::Sender<Order>) -> Self {
        Self { orders }
    }

    /// Takes a step and waits for its result.
    ///
    /// # Errors
    /// [`Stopped`] when the run ends first.
    pub async fn step(&self, step: Step) -> Result<StepResult, Stopped> {
        let (reply, result) = oneshot::channel();
        self.orders.send(Order::Step(step, reply)).await.map_err(|_| Stopped)?;
        result.await.map_err(|_| Stopped)
    }

    /// Every traffic user has started.
    pub fn users_started(&self, at: Micros) {
        let _ = self.orders.try_send(Order::UsersStarted(at));
    }

    /// The injector has walked through everything.
    pub fn done(&self) {
        let _ = self.orders.try_send(Order::Done);
    }
}

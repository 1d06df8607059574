//! What is learnt from goose users whose scenario is somebody else's: each transaction is called through a hook, which does
//! what it did before.
//!
//! The first user that comes by brings goose's clock and configuration. Requests that a transaction calls failed although
//! their status was fine are heard of here, because goose's request log does not tell of them.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use goose::goose::TransactionFunction;
use goose::prelude::*;
use tokio::sync::oneshot;

use super::settings::{self, Limits};
use crate::load::attack::function;

/// The first user of a load has arrived.
pub(super) struct Arrival {
    /// A user of ours, made after it: it takes nobody's place, is not counted by goose, and is not throttled.
    pub(super) companion: GooseUser,
    /// How many users there will be.
    pub(super) users: u32,
    /// What it was given that limits the load.
    pub(super) limits: Limits,
    /// How long after the load's beginning all of them have been started.
    pub(super) ramp: Duration,
}

/// A request that its transaction called failed after goose had logged it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Correction {
    pub(super) key: Key,
    pub(super) cause: String,
}

/// Knows a logged request again. Two of a user in one millisecond with one name are alike.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) user: u32,
    pub(super) elapsed_ms: u64,
    pub(super) name: String,
}

/// Our end of the hook.
pub(super) struct Heard {
    pub(super) arrival: oneshot::Receiver<Arrival>,
    pub(super) corrections: mpsc::Receiver<Correction>,
}

/// The users' end of it. Cheap to clone.
#[derive(Clone)]
pub(super) struct Hook(Arc<Shared>);

struct Shared {
    met: AtomicBool,
    arrival: Mutex<Option<oneshot::Sender<Arrival>>>,
    corrections: mpsc::Sender<Correction>,
}

impl Hook {
    /// A hook and its other end.
    pub(super) fn new() -> (Self, Heard) {
        let (arrive, arrival) = oneshot::channel();
        let (correct, corrections) = mpsc::channel();
        let arrive = Mutex::new(Some(arrive));
        let shared = Shared { met: AtomicBool::new(false), arrival: arrive, corrections: correct };
        (Self(Arc::new(shared)), Heard { arrival, corrections })
    }

    /// The same scenario, whose users are met at every transaction.
    pub(super) fn scenario(&self, mut scenario: Scenario) -> Scenario {
        for transaction in &mut scenario.transactions {
            transaction.function = self.transaction(Arc::clone(&transaction.function));
        }
        scenario
    }

    fn transaction(&self, inner: TransactionFunction) -> TransactionFunction {
        let hook = self.clone();
        function(move |user| {
            let (hook, inner) = (hook.clone(), Arc::clone(&inner));
            Box::pin(async move {
                hook.meet(user);
                let result = inner(user).await;
                if let Err(error) = &result {
                    hook.hear(error);
                }
                result
            })
        })
    }

    fn meet(&self, user: &mut GooseUser) {
        if !self.0.met.load(Ordering::Relaxed) && !self.0.met.swap(true, Ordering::Relaxed) {
            self.arrive(user);
        }
        // The load goes on until the last episode is over; a user that left earlier would take it away from under it.
        user.config.iterations = None;
    }

    fn arrive(&self, user: &GooseUser) {
        let arrive = self.0.arrival.lock().ok().and_then(|mut arrive| arrive.take());
        if let Some(arrive) = arrive {
            let _ = arrive.send(Arrival {
                companion: companion(user),
                users: settings::users(&user.config),
                limits: settings::limits(&user.config),
                ramp: settings::ramp(&user.config),
            });
        }
    }

    fn hear(&self, error: &TransactionError) {
        let TransactionError::RequestFailed { raw_request } = error else { return };
        // A request that failed by its status stands in the log as failed.
        if raw_request.update {
            let key = Key {
                user: u32::try_from(raw_request.user).unwrap_or(u32::MAX),
                elapsed_ms: raw_request.elapsed,
                name: raw_request.name.to_string(),
            };
            let _ = self.0.corrections.send(Correction { key, cause: raw_request.error.clone() });
        }
    }
}

/// A user that goose does not know of. Its requests are logged, and counted nowhere.
fn companion(user: &GooseUser) -> GooseUser {
    let mut companion = user.clone();
    companion.metrics_channel = None;
    companion.shutdown_channel = None;
    companion.throttle = None;
    companion.is_throttled = false;
    // The number after the last one's.
    companion.weighted_users_index = settings::users(&user.config) as usize;
    companion
}

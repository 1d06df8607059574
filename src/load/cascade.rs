//! Scenario C: chains of faults as fast as recoveries allow, and beside them the supervisor, a goose user of its own that looks
//! at the system and asks for a resync at an interval.

use std::sync::atomic::Ordering;
use std::time::Duration;

use goose::prelude::*;

use super::attack::{Shared, TrafficKind, function};
use super::store_outages::{read_back, resync};
use super::traffic::{get, linger};
use crate::clock::duration_us;
use crate::fault::{Step, StepResult};
use crate::plan::ScenarioPlan;
use crate::stop::Stopped;

/// How long one wait for a store's return is; it is waited again.
const STEP: Duration = Duration::from_secs(1);

/// Walks through scenario C until its duration is over and the last chain has recovered.
pub(super) async fn cascade(
    user: &mut GooseUser,
    shared: &Shared,
    index: usize,
    plan: &ScenarioPlan,
) -> Result<(), Stopped> {
    let Some(cascade) = plan.cascade else { return Ok(()) };
    let until = shared.clock.now() + duration_us(cascade.duration);
    shared.supervised.store(true, Ordering::Relaxed);
    if !plan.faults.is_empty()
        && let StepResult::Chain(store) = shared.director.step(Step::DependencyChain(index)).await?
    {
        recover(shared, store).await?;
        shared.director.step(Step::Pause(plan.pause)).await?;
    }
    while shared.clock.now() < until {
        get(user, shared, "GET health", "api/system/health").await?;
        if plan.faults.is_empty() {
            // The supervisor looks on; there is nothing else to do.
            shared.director.step(Step::Pause(STEP)).await?;
            continue;
        }
        match shared.director.step(Step::Chain(index)).await? {
            StepResult::NoTarget => break,
            StepResult::Chain(store) => recover(shared, store).await?,
            StepResult::Injected(_) | StepResult::Void | StepResult::Done | StepResult::InEffect => {}
        }
        get(user, shared, "GET metrics", "api/system/metrics").await?;
        shared.director.step(Step::Pause(plan.pause)).await?;
    }
    shared.supervised.store(false, Ordering::Relaxed);
    Ok(())
}

/// Waits for a chain's recovery; one that took a store away is followed by a read-back.
async fn recover(shared: &Shared, store: Option<u32>) -> Result<(), Stopped> {
    while shared.director.step(Step::AwaitFaultEnd(STEP)).await? == StepResult::InEffect {}
    shared.director.step(Step::AwaitRecovery).await?;
    match store {
        Some(episode) if shared.traffic == TrafficKind::Sessions => read_back(shared, episode).await,
        _ => Ok(()),
    }
}

/// The supervisor's goose scenario, for one user.
pub(super) fn supervisor(shared: &Shared, interval: Duration) -> Scenario {
    let shared = shared.clone();
    let look = Transaction::new(function(move |user| {
        let shared = shared.clone();
        Box::pin(async move {
            if look(user, &shared, interval).await.is_err() {
                linger().await;
            }
            Ok(())
        })
    }));
    Scenario::new("supervisor").register_transaction(look.set_name("supervise"))
}

async fn look(user: &mut GooseUser, shared: &Shared, interval: Duration) -> Result<(), Stopped> {
    if shared.supervised.load(Ordering::Relaxed) {
        get(user, shared, "GET health", "api/system/health").await?;
        resync(user, shared, None).await?;
    }
    shared.stop.or_stopped(tokio::time::sleep(interval)).await
}

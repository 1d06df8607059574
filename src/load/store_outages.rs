//! Scenario B: health, a store's outage, health and metrics while it lasts, the automatic resync, a forced one, recovery,
//! a read-back of everything with the users held still, metrics, pause.

use std::time::Duration;

use goose::prelude::*;

use super::attack::{Shared, TrafficKind};
use super::exchange::{exchange, success};
use super::traffic::{get, post};
use crate::fault::{Step, StepResult};
use crate::journal::event::{Action, ResyncRecord};
use crate::plan::ScenarioPlan;
use crate::stop::Stopped;

/// Health and metrics are looked at this often while a store is away.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Where a resync is asked for.
const RESYNC: &str = "api/recovery/state_resync";

/// Walks through the iterations of scenario B. Where the run may not take stores away, it only forces resyncs and looks
/// on, as the plan's own injector did.
pub(super) async fn store_outages(
    user: &mut GooseUser,
    shared: &Shared,
    index: usize,
    plan: &ScenarioPlan,
) -> Result<(), Stopped> {
    for iteration in 1..=plan.iterations {
        get(user, shared, "GET health", "api/system/health").await?;
        if plan.faults.is_empty() {
            resync(user, shared, None).await?;
            get(user, shared, "GET health", "api/system/health").await?;
        } else {
            match shared.director.step(Step::Inject(index)).await? {
                StepResult::NoTarget => return Ok(()),
                StepResult::Void | StepResult::Done | StepResult::InEffect | StepResult::Chain(_) => {}
                StepResult::Injected(episode) => outage(user, shared, plan, episode).await?,
            }
        }
        get(user, shared, "GET metrics", "api/system/metrics").await?;
        if iteration < plan.iterations {
            shared.director.step(Step::Pause(plan.pause)).await?;
        }
    }
    Ok(())
}

/// One outage, from the proof of its effect to the read-back after it.
async fn outage(
    user: &mut GooseUser,
    shared: &Shared,
    plan: &ScenarioPlan,
    episode: u32,
) -> Result<(), Stopped> {
    // The fault thread ends the outage in time, however long these answers take.
    while shared.director.step(Step::AwaitFaultEnd(LOOK_EVERY)).await? == StepResult::InEffect {
        get(user, shared, "GET health", "api/system/health").await?;
        get(user, shared, "GET metrics", "api/system/metrics").await?;
    }
    let grace = plan.outage.map_or(Duration::ZERO, |outage| outage.resync_grace);
    shared.director.step(Step::AwaitResync(grace)).await?;
    resync(user, shared, Some(episode)).await?;
    shared.director.step(Step::AwaitRecovery).await?;
    if shared.traffic == TrafficKind::Sessions {
        read_back(shared, episode).await?;
    }
    Ok(())
}

/// Asks for a resync and journals what came of it: it is a step of the script, not help from outside.
pub(super) async fn resync(
    user: &mut GooseUser,
    shared: &Shared,
    episode: Option<u32>,
) -> Result<(), Stopped> {
    let Some(request) = post(user, shared, "POST state_resync", RESYNC, &serde_json::json!({})) else {
        return Ok(());
    };
    let asked = shared.clock.now();
    // 409 says that one runs already, 503 that a store is still away: both are answers, and no failures.
    let contract = |status| success(status) || matches!(status, 409 | 503);
    let answer = exchange(user, shared, "POST state_resync".into(), request, contract).await?;
    let resync = serde_json::from_slice::<ResyncRecord>(&answer.body).ok();
    let what = format!("POST /{RESYNC}");
    let action = Action { episode, what, scripted: true, status: answer.status, resync };
    shared.journal.control(asked, action);
    Ok(())
}

/// Holds the users still and reads everything back that was ever acknowledged.
pub(super) async fn read_back(shared: &Shared, episode: u32) -> Result<(), Stopped> {
    shared.director.step(Step::Hold).await?;
    let held_from = shared.clock.now();
    let held = shared.stop.or_stopped(shared.gate.hold()).await?;
    let mut ledger = shared.stop.or_stopped(shared.ledger.read_back(&shared.read_back, true)).await?;
    (ledger.episode, ledger.held_from_us) = (Some(episode), Some(held_from));
    shared.journal.control(shared.clock.now(), ledger);
    drop(held);
    shared.director.step(Step::Release).await?;
    Ok(())
}

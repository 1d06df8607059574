//! The injector: one goose user that walks through the scenarios. It is a shell: each step goes to the fault
//! thread, and it awaits the result.

use std::time::Duration;

use goose::prelude::*;

use super::attack::{Shared, function};
use super::cascade::cascade;
use super::store_outages::store_outages;
use super::traffic::{get, linger};
use crate::fault::{Step, StepResult};
use crate::journal::event::{FinishReason, ScenarioFinished, ScenarioStarted};
use crate::plan::{ScenarioKind, ScenarioPlan};
use crate::stop::{Stop, Stopped};

/// How long one wait for the end of a fault is; it is waited again.
const PATIENCE: Duration = Duration::from_secs(1);

/// The injector's scenario, for one goose user.
pub(super) fn scenario(shared: &Shared) -> Scenario {
    let shared = shared.clone();
    let walk = Transaction::new(function(move |user| {
        let shared = shared.clone();
        Box::pin(async move {
            walk_to_the_end(user, &shared).await;
            linger().await;
            Ok(())
        })
    }));
    Scenario::new("injector").register_transaction(walk.set_name("walk"))
}

/// Walks through the scenarios, and ends the run in whatever way the walk ends.
pub(super) async fn walk_to_the_end(user: &mut GooseUser, shared: &Shared) {
    let ending = Ending(&shared.stop);
    if walk(user, shared).await.is_ok() {
        shared.director.done();
        shared.stop.request(FinishReason::Completed, None);
    }
    drop(ending);
}

/// Ends the run when the injector does, in whatever way: one that panics must not leave the load running and the
/// fault in effect.
struct Ending<'a>(&'a Stop);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        // The first reason stands: after a whole walk, or Ctrl-C, this says nothing new.
        self.0.request(FinishReason::Failed, Some("the injector ended before its scenario did".to_owned()));
    }
}

async fn walk(user: &mut GooseUser, shared: &Shared) -> Result<(), Stopped> {
    shared.director.step(Step::Baseline).await?;
    for (index, scenario) in shared.plan.scenarios.iter().enumerate() {
        let name = scenario.name.clone();
        shared.journal.control(shared.clock.now(), ScenarioStarted { scenario: name.clone() });
        match scenario.kind {
            ScenarioKind::SingleModule => single_module(user, shared, index, scenario).await?,
            ScenarioKind::DbRedisDown => store_outages(user, shared, index, scenario).await?,
            ScenarioKind::Cascade => cascade(user, shared, index, scenario).await?,
            ScenarioKind::Faults => declared(shared, index, scenario).await?,
        }
        shared.journal.control(shared.clock.now(), ScenarioFinished { scenario: name });
    }
    shared.director.step(Step::Settle).await?;
    Ok(())
}

/// Scenario A: health, fault, recovery or deadline, metrics, pause.
async fn single_module(
    user: &mut GooseUser,
    shared: &Shared,
    index: usize,
    plan: &ScenarioPlan,
) -> Result<(), Stopped> {
    for iteration in 1..=plan.iterations {
        // How these two answer is part of the record; a failure of theirs is the outage that is looked for.
        get(user, shared, "GET health", "api/system/health").await?;
        match shared.director.step(Step::Inject(index)).await? {
            StepResult::NoTarget => return Ok(()),
            StepResult::Void | StepResult::Done | StepResult::InEffect | StepResult::Chain(_) => {}
            StepResult::Injected(_) => {
                shared.director.step(Step::AwaitRecovery).await?;
            }
        }
        get(user, shared, "GET metrics", "api/system/metrics").await?;
        if iteration < plan.iterations {
            shared.director.step(Step::Pause(plan.pause)).await?;
        }
    }
    Ok(())
}

/// Declared faults in turn: fault, its end, recovery or deadline, pause. It asks the target for nothing.
async fn declared(shared: &Shared, index: usize, plan: &ScenarioPlan) -> Result<(), Stopped> {
    for turn in 1..=plan.injections() {
        match shared.director.step(Step::Inject(index)).await? {
            StepResult::NoTarget => return Ok(()),
            StepResult::Void | StepResult::Done | StepResult::InEffect | StepResult::Chain(_) => {}
            StepResult::Injected(_) => {
                while shared.director.step(Step::AwaitFaultEnd(PATIENCE)).await? == StepResult::InEffect {}
                shared.director.step(Step::AwaitRecovery).await?;
            }
        }
        if turn < plan.injections() {
            shared.director.step(Step::Pause(plan.pause)).await?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_injector_that_panics_ends_the_run() {
        let stop = Stop::default();
        let injector = tokio::spawn({
            let stop = stop.clone();
            async move {
                let _ending = Ending(&stop);
                panic!("a bug in the injector");
            }
        });
        assert!(injector.await.is_err());
        assert_eq!(stop.reason().map(|(reason, _)| reason), Some(FinishReason::Failed));
    }

    #[test]
    fn the_end_of_a_whole_walk_keeps_its_own_reason() {
        let stop = Stop::default();
        let ending = Ending(&stop);
        stop.request(FinishReason::Completed, None);
        drop(ending);
        assert_eq!(stop.reason(), Some((FinishReason::Completed, None)));
    }
}

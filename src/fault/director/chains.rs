//! Chains: several faults a little apart, meant to overlap; one trial.

use std::sync::Arc;

use super::{Director, RETRY};
use crate::clock::duration_us;
use crate::fault::episode::Fault;
use crate::fault::schedule::{Member, may_be_hit};
use crate::fault::step::StepResult;
use crate::journal::event::{ChainMember, ChainMemberSkipped, ChainStarted};
use crate::plan::{FaultKind, ScenarioPlan};
use crate::stop::Stopped;
use crate::target::{Looked, ModuleHealth};

impl Director {
    /// Injects the next chain, once every module may be hit; a module that is down when its turn comes is skipped.
    pub(super) async fn chain(&mut self, index: usize) -> Result<StepResult, Stopped> {
        let plan = Arc::clone(&self.plan);
        let Some(scenario) = plan.scenarios.get(index) else { return Ok(StepResult::NoTarget) };
        let Some(modules) = self.modules_at_rest().await? else { return Ok(StepResult::NoTarget) };
        let modules: Vec<_> = modules.into_iter().map(|module| module.name).collect();
        let stores = self.stores.as_ref().map(|stores| stores.targets()).unwrap_or_default();
        let of_stores: Vec<_> = scenario.store_faults().collect();
        let members = self.chain_schedule.next(&modules, &stores, &of_stores);
        self.chains += 1;
        let (chain, began) = (self.chains, self.context.clock.now());
        self.journal.control(began, started(chain, scenario, &members));
        let (mut any, mut store_episode) = (false, None);
        for member in members {
            self.watch_until(began + duration_us(member.offset)).await?;
            match self.hit(scenario, chain, &member).await {
                Ok(StepResult::Injected(episode)) => {
                    any = true;
                    if member.fault.is_of_stores() {
                        store_episode = Some(episode);
                    }
                }
                // A void member is in the journal as such.
                Ok(_) => {}
                Err(reason) => {
                    let skipped = ChainMemberSkipped { chain, target: member.target, reason };
                    self.journal.control(self.context.clock.now(), skipped);
                }
            }
            if self.stop.requested() {
                return Err(Stopped);
            }
        }
        Ok(if any { StepResult::Chain(store_episode) } else { StepResult::Void })
    }

    /// All modules once each of them may be hit; `None` when that does not come by the recovery deadline, or
    /// when there are too few for a chain.
    pub(super) async fn modules_at_rest(&mut self) -> Result<Option<Vec<ModuleHealth>>, Stopped> {
        self.progress.set_phase("waiting until every module may be hit");
        let deadline = self.context.clock.now() + duration_us(self.plan.recovery_deadline);
        loop {
            if let Ok(Looked { page, .. }) = self.context.api.health().await
                && page.modules.len() > 1
                && page.modules.iter().all(may_be_hit)
            {
                return Ok(Some(page.modules));
            }
            if self.context.clock.now() >= deadline {
                return Ok(None);
            }
            self.watch_until(self.context.clock.now() + duration_us(RETRY)).await?;
        }
    }

    /// Hits one member; `Err` says why not.
    async fn hit(
        &mut self,
        scenario: &ScenarioPlan,
        chain: u32,
        member: &Member,
    ) -> Result<StepResult, String> {
        let fault = self.member(scenario, member).await?;
        self.try_inject(&scenario.name, Some(chain), fault).await
    }

    async fn member(&mut self, scenario: &ScenarioPlan, member: &Member) -> Result<Box<dyn Fault>, String> {
        if member.fault.is_of_stores() {
            let (Some(stores), Some(outage)) = (&self.stores, scenario.outage) else {
                return Err("the run may not take the target's stores away".to_owned());
            };
            let fault = stores.fault(member.fault, &member.target, outage.length);
            return fault.ok_or(format!("there is no store {}", member.target));
        }
        let page = self.context.api.health().await.map_err(|error| error.to_string())?.page;
        let module = page.modules.iter().find(|module| module.name == member.target);
        let module = module.ok_or("the health page does not show it")?;
        // Its failures may have begun with this chain; what counts is that there is something to kill.
        match (module.status.as_str(), member.fault) {
            ("ready", FaultKind::Kill) => self.kill(module),
            (status, _) => Err(format!("it was {status} already")),
        }
    }
}

fn started(chain: u32, scenario: &ScenarioPlan, members: &[Member]) -> ChainStarted {
    let member = |member: &Member| ChainMember {
        fault: member.fault.as_str().to_owned(),
        target: member.target.clone(),
        offset_us: duration_us(member.offset),
    };
    let members = members.iter().map(member).collect();
    ChainStarted { chain, scenario: scenario.name.clone(), members, strategy: None }
}

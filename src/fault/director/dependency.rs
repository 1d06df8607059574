//! The chain that travels by itself: a dependency is held down, and its dependant gives up.
//!
//! Under rest-for-one the daemon takes dependants down together with a failed module, so nobody runs out of patience. Under
//! one-for-one, with a hang that the heartbeat does not notice, a dependant is on its own: it ends itself once its dependency
//! has not answered for longer than the policy's patience.

use std::time::Duration;

use serde_json::{Value, json};

use super::Director;
use crate::clock::duration_us;
use crate::fault::pause::Pause;
use crate::fault::step::StepResult;
use crate::journal::event::{Action, ChainMember, ChainStarted};
use crate::plan::FaultKind;
use crate::stop::Stopped;
use crate::target::ModuleHealth;

/// How long a dependant bears it in this chain.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long the dependency is held down: longer than one patience and shorter than two, so that a dependant gives up once.
const HELD: Duration = Duration::from_millis(1_600);
/// Where the policy is.
const POLICY: &str = "/api/recovery/policy";

impl Director {
    /// Changes the policy and holds a dependency down. The policy is given back after the recovery, and at the end of the run.
    pub(super) async fn dependency_chain(&mut self, index: usize) -> Result<StepResult, Stopped> {
        let plan = std::sync::Arc::clone(&self.plan);
        let (Some(scenario), Some(before)) = (plan.scenarios.get(index), self.policy.clone()) else {
            return Ok(StepResult::Void);
        };
        let Some(modules) = self.modules_at_rest().await? else { return Ok(StepResult::NoTarget) };
        let Some((dependency, dependant)) = pair(&modules) else { return Ok(StepResult::Void) };
        if !self.set_policy(&on_its_own(before)).await {
            return Ok(StepResult::Void);
        }
        self.policy_changed = true;
        self.chains += 1;
        let chain = self.chains;
        let member = ChainMember {
            fault: FaultKind::Pause.as_str().to_owned(),
            target: dependency.name.clone(),
            offset_us: 0,
        };
        let scenario = &scenario.name;
        let started = ChainStarted {
            chain,
            scenario: scenario.to_owned(),
            members: vec![member],
            strategy: Some("one-for-one".to_owned()),
        };
        self.journal.control(self.context.clock.now(), started);
        let injected = match self.aim(&dependency) {
            Ok(aim) => {
                let mut pause = Pause::new(aim);
                pause.hold(HELD, dependant);
                self.try_inject(scenario, Some(chain), Box::new(pause)).await
            }
            Err(reason) => Err(reason),
        };
        if injected.is_ok_and(|result| matches!(result, StepResult::Injected(_))) {
            return Ok(StepResult::Chain(None));
        }
        self.give_policy_back().await;
        Ok(StepResult::Void)
    }

    /// Gives the target back the policy that it had, if it was changed.
    pub(super) async fn give_policy_back(&mut self) {
        if std::mem::take(&mut self.policy_changed)
            && let Some(policy) = self.policy.clone()
        {
            self.set_policy(&policy).await;
        }
    }

    /// Whether the target took `policy`.
    async fn set_policy(&self, policy: &Value) -> bool {
        let asked = self.context.clock.now();
        let answer = self.context.api.put(POLICY, policy).await.ok();
        let status = answer.map(|answer| answer.status);
        let strategy = policy.get("strategy").and_then(Value::as_str).unwrap_or_default();
        let what = format!("PUT {POLICY}: strategy {strategy}");
        self.journal.control(asked, Action { episode: None, what, scripted: true, status, resync: None });
        status == Some(200)
    }
}

/// A module that another one depends on and that depends on none itself, and that other one.
fn pair(modules: &[ModuleHealth]) -> Option<(ModuleHealth, String)> {
    let root = |module: &&ModuleHealth| module.depends_on.is_none();
    modules.iter().filter(root).find_map(|module| {
        let on_it = |other: &&ModuleHealth| other.depends_on.as_deref() == Some(module.name.as_str());
        Some((module.clone(), modules.iter().find(on_it)?.name.clone()))
    })
}

/// `policy` with every module on its own, little patience, and no eye for hangs.
fn on_its_own(mut policy: Value) -> Value {
    if let Some(policy) = policy.as_object_mut() {
        policy.insert("strategy".to_owned(), json!("one-for-one"));
        policy
            .insert("dependency_patience".to_owned(), json!(format!("{}ms", duration_us(PATIENCE) / 1_000)));
        policy.insert("heartbeat_misses".to_owned(), json!(1_000));
    }
    policy
}

#[cfg(test)]
mod tests {
    use super::*;

    fn module(name: &str, depends_on: Option<&str>) -> ModuleHealth {
        let page = json!({ "name": name, "status": "ready", "depends_on": depends_on });
        serde_json::from_value(page).unwrap()
    }

    #[test]
    fn a_root_with_a_dependant_is_held_down() {
        let chain = [module("c", Some("b")), module("b", Some("a")), module("a", None), module("x", None)];
        let (dependency, dependant) = pair(&chain).unwrap();
        assert_eq!((dependency.name.as_str(), dependant.as_str()), ("a", "b"));
        assert!(pair(&[module("a", None), module("b", None)]).is_none());
    }

    #[test]
    fn what_is_not_changed_in_a_policy_stays() {
        let changed = on_its_own(json!({ "max_retries": 3, "strategy": "rest-for-one" }));
        assert_eq!((&changed["max_retries"], &changed["strategy"]), (&json!(3), &json!("one-for-one")));
    }
}

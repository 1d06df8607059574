//! `restart`: the recovery API is asked to restart a module, and the health page has to show that it did.

use std::time::Duration;

use super::episode::{Act, Context, Effect, Fault, FaultError, Injection};
use crate::clock::duration_us;
use crate::journal::Micros;
use crate::journal::event::AlertExpected;
use crate::target::{Looked, ModuleHealth};

/// A restart of which nothing shows after this had no effect.
const EFFECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How often the health page is asked while the effect is awaited.
const POLL: Duration = Duration::from_millis(10);

/// `POST /api/recovery/restart` for one module.
#[derive(Debug)]
pub(super) struct Restart {
    before: ModuleHealth,
    action_us: Micros,
}

impl Restart {
    /// Will restart the module that `before` shows as it is now.
    pub(super) fn new(before: ModuleHealth) -> Self {
        Self { before, action_us: 0 }
    }

    /// What of the page shows that the module was restarted, if anything.
    fn evidence(&self, now: &ModuleHealth) -> Option<String> {
        let (before, module) = (&self.before, &self.before.name);
        if now.pid != before.pid {
            let pid = |pid: Option<u32>| pid.map_or_else(|| "none".to_owned(), |pid| pid.to_string());
            return Some(format!(
                "the health page shows {module} with pid {} instead of {}",
                pid(now.pid),
                pid(before.pid)
            ));
        }
        if now.restarts != before.restarts {
            return Some(format!("the health page counts another restart of {module}"));
        }
        if now.started != before.started {
            return Some(format!("the health page shows another start of {module}"));
        }
        (now.status != before.status).then(|| format!("the health page shows {module} as {}", now.status))
    }

    /// What is asked for: a module by its name, or all of a target that names none.
    fn body(&self) -> serde_json::Value {
        if self.before.is_whole() {
            serde_json::json!({})
        } else {
            serde_json::json!({ "module": self.before.name })
        }
    }
}

impl Fault for Restart {
    fn kind(&self) -> &'static str {
        "restart"
    }

    fn target(&self) -> &str {
        &self.before.name
    }

    fn inject<'a>(&'a mut self, context: &'a Context) -> Act<'a, Injection> {
        Box::pin(async move {
            self.action_us = context.clock.now();
            let body = self.body();
            let answer = context
                .api
                .post("/api/recovery/restart", &body)
                .await
                .map_err(|error| FaultError::NotInjected(error.to_string()))?;
            if !(200..300).contains(&answer.status) {
                let refused = format!("POST /api/recovery/restart answered HTTP {}", answer.status);
                return Err(FaultError::NotInjected(refused));
            }
            Ok(Injection { action_us: self.action_us, pid: self.before.pid, status: Some(answer.status) })
        })
    }

    fn confirm<'a>(&'a mut self, context: &'a Context) -> Act<'a, Effect> {
        Box::pin(async move {
            let deadline = self.action_us + duration_us(EFFECT_TIMEOUT);
            loop {
                let polled = context.clock.now();
                let evidence = match context.api.health().await {
                    Ok(Looked { page, .. }) => {
                        let module = page.modules.iter().find(|module| module.name == self.before.name);
                        module.and_then(|module| self.evidence(module))
                    }
                    // Of one module a page that does not come is no proof: the network may be at fault.
                    Err(error) => (self.before.is_whole() && error.is_refused())
                        .then(|| "nobody listens at the target's address".to_owned()),
                };
                if let Some(evidence) = evidence {
                    return Ok(Effect { confirmed_us: polled, evidence });
                }
                if polled >= deadline {
                    return Err(FaultError::NoEffect(format!(
                        "{EFFECT_TIMEOUT:?} after the restart was accepted the health page shows no trace of it"
                    )));
                }
                context.clock.sleep_until(polled + duration_us(POLL)).await;
            }
        })
    }

    fn expected_alerts(&self, episode: u32, context: &Context) -> Vec<AlertExpected> {
        vec![AlertExpected {
            episode,
            module: self.before.name.clone(),
            kinds: vec!["module_recovered".to_owned()],
            min_severity: "info".to_owned(),
            deadline_us: context.alert_deadline_us,
        }]
    }

    fn revert<'a>(&'a mut self, _context: &'a Context) -> Act<'a, Option<Micros>> {
        // The restart ends by itself.
        Box::pin(async { Ok(None) })
    }
}

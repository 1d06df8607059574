//! Before anything is injected: does the target answer, is it well, and may the fault be injected there?

use std::net::SocketAddr;
use std::time::Duration;

use crate::fault::FaultSource;
use crate::fault::identity::{Identity, Refusal, local_address};
use crate::load::TrafficKind;
use crate::plan::{Plan, RequestSpec, TargetPlan};
use crate::stop::{Stop, Stopped};
use crate::target::{Api, ApiError, HealthPage};
use crate::watch::ledger;

/// How long a target that was started with the run, or that could reach its parts only once the run had opened its proxies, may take
/// to become healthy.
const PATIENCE: Duration = Duration::from_secs(15);
/// How often it is asked meanwhile.
const RETRY: Duration = Duration::from_millis(50);

/// What the target offers.
#[derive(Debug, Clone)]
pub struct Preflight {
    /// What the users can do there.
    pub traffic: TrafficKind,
    /// What the canary asks for.
    pub canary_path: String,
    /// The target's restart policy, when it gives one.
    pub policy: Option<serde_json::Value>,
}

/// Why a run cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum PreflightError {
    /// No answer.
    #[error("the target does not answer: check that it runs, and --base-url")]
    Unreachable(#[source] ApiError),
    /// It answers, and is not well.
    #[error(
        "the target is not healthy before the run ({status}, {overall}): wait until it is, or repair it first"
    )]
    Unwell {
        /// HTTP status of the health page, if there is one.
        status: String,
        /// What the page says.
        overall: String,
    },
    /// It must not be signalled.
    #[error("a fault that signals modules is refused: {0}")]
    Refused(#[from] Refusal),
    /// A declared fault could not act.
    #[error("the fault {name} cannot be injected: {why}")]
    Fault {
        /// Its name.
        name: String,
        /// Why.
        why: String,
    },
    /// The run was interrupted before it began.
    #[error(transparent)]
    Stopped(#[from] Stopped),
}

impl Preflight {
    /// What the canary asks for, as it is journalled.
    #[must_use]
    pub fn canary_request(&self) -> String {
        format!("GET {}", self.canary_path)
    }
}

/// Checks the target and finds out what it offers.
///
/// # Errors
/// [`PreflightError`] says what is wrong with the target and what to do.
pub async fn check(plan: &Plan, api: &Api, run_id: &str, stop: &Stop) -> Result<Preflight, PreflightError> {
    let page = healthy(plan, api, stop).await?;
    if plan.scenarios.iter().any(|scenario| scenario.faults.iter().any(|fault| fault.signals_modules())) {
        may_signal(&page, local_address(api.base_url())?)?;
    }
    for fault in declared(plan) {
        let checked = stop.or_stopped(fault.check(api)).await?;
        checked.map_err(|why| PreflightError::Fault { name: fault.name().to_owned(), why })?;
    }
    let policy = stop.or_stopped(policy(api)).await?;
    if plan.system.is_foreign() {
        // Nothing is written that nobody asked for.
        let mix = plan.system.mix();
        let canary = plan.system.canary.clone().or_else(|| mix.iter().find_map(RequestSpec::as_probe));
        let canary_path = canary.or_else(|| plan.system.health.path().map(str::to_owned));
        let canary_path = canary_path.unwrap_or_else(|| "/".to_owned());
        let traffic = if mix.is_empty() { TrafficKind::Reads } else { TrafficKind::Mix };
        return Ok(Preflight { traffic, canary_path, policy });
    }
    // The canary reads a session of one entry through every module; where there are no sessions it reads health.
    let session = format!("{run_id}-canary");
    let entry = serde_json::json!({ "seq": 1, "payload": ledger::payload(&session, 1) });
    let written = stop.or_stopped(api.post(&format!("/api/sessions/{session}/entries"), &entry)).await?;
    let asked = |otherwise: String| plan.system.canary.clone().unwrap_or(otherwise);
    Ok(match written {
        Ok(answer) if (200..300).contains(&answer.status) => {
            let canary_path = asked(format!("/api/sessions/{session}/analysis"));
            Preflight { traffic: TrafficKind::Sessions, canary_path, policy }
        }
        _ => {
            let canary_path = asked("/api/system/health".to_owned());
            Preflight { traffic: TrafficKind::Reads, canary_path, policy }
        }
    })
}

/// The declared faults that some scenario injects.
fn declared(plan: &Plan) -> impl Iterator<Item = &dyn FaultSource> {
    let asked =
        |name: &str| plan.scenarios.iter().any(|scenario| scenario.declared.iter().any(|own| own == name));
    plan.system.faults.iter().map(AsRef::as_ref).filter(move |fault: &&dyn FaultSource| asked(fault.name()))
}

/// `GET /api/recovery/policy`, where there is such a thing.
async fn policy(api: &Api) -> Option<serde_json::Value> {
    let answer = api.get("/api/recovery/policy").await.ok().filter(|answer| answer.status == 200)?;
    answer.json("GET /api/recovery/policy").ok()
}

/// The health page, once it says that all is well.
async fn healthy(plan: &Plan, api: &Api, stop: &Stop) -> Result<HealthPage, PreflightError> {
    let patience = match plan.target {
        TargetPlan::External { .. } if plan.system.proxies.is_empty() => Duration::ZERO,
        TargetPlan::Bundled { .. } | TargetPlan::External { .. } => PATIENCE,
    };
    let tries = patience.as_millis() / RETRY.as_millis();
    for _ in 0..tries {
        if let Ok(looked) = stop.or_stopped(api.health()).await?
            && looked.well
        {
            return Ok(looked.page);
        }
        stop.or_stopped(tokio::time::sleep(RETRY)).await?;
    }
    let looked = stop.or_stopped(api.health()).await?.map_err(PreflightError::Unreachable)?;
    if looked.well {
        return Ok(looked.page);
    }
    let status = looked.status.map_or_else(|| "no page".to_owned(), |status| format!("HTTP {status}"));
    let overall = looked.page.status.unwrap_or_else(|| "no status".to_owned());
    Err(PreflightError::Unwell { status, overall })
}

/// Proves every module that the page names; nothing is signalled.
fn may_signal(page: &HealthPage, address: SocketAddr) -> Result<(), Refusal> {
    for pid in page.modules.iter().filter_map(|module| module.pid) {
        Identity::of(pid)?.prove(address)?;
    }
    Ok(())
}

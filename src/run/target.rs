//! The target of a run, opened: its client, its alerts, and what takes its stores away.

use std::net::SocketAddr;

use super::{RunError, Setting};
use crate::fault::StoreFaults;
use crate::plan::{Plan, TargetPlan};
use crate::stores::Stores;
use crate::target::api::header_map;
use crate::target::{Api, Bundled};
use crate::watch::alert_poll::AlertList;
use crate::watch::sink;

/// The target, as long as the run holds it.
pub(super) struct OpenTarget {
    pub(super) api: Api,
    /// Dropped (and killed) with the run at the latest.
    pub(super) bundled: Option<Bundled>,
    pub(super) sink: Option<(std::net::TcpListener, String)>,
    pub(super) alerts: Option<AlertList>,
}

/// Binds the sink, starts the bundled backend if it is the target, and gives a client for the target.
pub(super) fn open_target(plan: &Plan, setting: &Setting, stores: &Stores) -> Result<OpenTarget, RunError> {
    let (listen, path) = match &plan.target {
        TargetPlan::Bundled { .. } => (Some(SocketAddr::from(([127, 0, 0, 1], 0))), None),
        TargetPlan::External { alert_listen, alert_path, .. } => (*alert_listen, alert_path.clone()),
    };
    let bind = |address| sink::bind(address).map_err(|source| RunError::Sink { address, source });
    let sink =
        listen.map(bind).transpose()?.map(|listener| (listener, path.unwrap_or_else(sink::random_path)));
    let sink_url = match &sink {
        Some((listener, path)) => {
            Some(format!("http://{}{path}", listener.local_addr().map_err(RunError::Thread)?))
        }
        None => None,
    };
    let (base_url, bundled) = match &plan.target {
        TargetPlan::External { base_url, .. } => {
            sink_url.iter().for_each(|url| (setting.announce)(url));
            (base_url.clone(), None)
        }
        TargetPlan::Bundled { options } => {
            let mut flags = options.clone();
            flags.extend(sink_url.into_iter().flat_map(|url| ["--alert-webhook".to_owned(), url]));
            let launcher = setting.launcher.as_ref().ok_or(RunError::NoBackend)?;
            let bundled = Bundled::start(launcher, &flags, &stores.environment())?;
            (bundled.base_url().clone(), Some(bundled))
        }
    };
    Ok(OpenTarget {
        api: Api::of(base_url, plan.request_timeout, &plan.system)?,
        bundled,
        sink,
        alerts: alert_list(plan)?,
    })
}

/// The list of alerts that is asked for, if one is.
fn alert_list(plan: &Plan) -> Result<Option<AlertList>, RunError> {
    let TargetPlan::External { alerts_url: Some(url), .. } = &plan.target else { return Ok(None) };
    let format = &plan.system.alerts;
    let headers = header_map(&format.headers)?;
    Ok(Some(AlertList::new(url.clone(), headers, format.list.clone(), plan.request_timeout)?))
}

pub(super) fn takes_stores_away(plan: &Plan) -> bool {
    plan.scenarios.iter().any(|scenario| scenario.store_faults().next().is_some())
}

/// What takes the target's stores away, when the plan wants that.
pub(super) fn store_faults(
    plan: &Plan,
    setting: &Setting,
    stores: &Stores,
    bundled: Option<&Bundled>,
) -> Result<Option<Box<dyn StoreFaults>>, RunError> {
    if !takes_stores_away(plan) {
        return Ok(None);
    }
    Ok(Some(stores.faults(bundled.map(Bundled::data_dir), setting.lock_tool.as_ref())?))
}

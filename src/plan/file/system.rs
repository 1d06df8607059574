//! What a plan file says of a system of somebody else's, made into what the run needs.

use std::sync::Arc;

use super::alerts::AlertsTable;
use super::expect::{AlertTable, ExpectTable};
use super::fault::FaultTable;
use super::load::{RequestTable, hidden};
use super::planned::Declared;
use super::proxy::ProxyTable;
use super::target::TargetTable;
use crate::fault::FaultSource;
use crate::plan::System;
use crate::target::api::header_map;

/// The key at fault, as [`Problem::of_key`](super::Problem) takes it, and what is wrong.
pub(super) type Wrong = (String, String);

/// The tables that make a system.
pub(super) struct Tables<'a> {
    pub(super) target: &'a TargetTable,
    pub(super) requests: Vec<RequestTable>,
    pub(super) proxies: Vec<ProxyTable>,
    pub(super) faults: Vec<FaultTable>,
    pub(super) expect: ExpectTable,
    pub(super) alerts: AlertsTable,
}

impl Tables<'_> {
    /// The system.
    ///
    /// # Errors
    /// What is wrong, and with which key.
    pub(super) fn system(self) -> Result<System, Wrong> {
        let health = self.target.health.clone().check();
        let modules = self.target.module.iter().cloned().enumerate().map(|(index, module)| {
            let name = module.name.clone();
            let wrong = |why| (format!("target.module.{index}.name"), format!("module {name}: {why}"));
            module.module().map(Arc::new).map_err(wrong)
        });
        let modules = modules.collect::<Result<Vec<_>, Wrong>>()?;
        let known: Vec<_> = self.faults.iter().map(|fault| fault.name.clone()).collect();
        let mut alerts = self.expect.alert.iter().enumerate();
        if let Some((index, stray)) = alerts.find(|(_, alert)| !known.contains(&alert.fault)) {
            let known = known.join(", ");
            return Err((
                format!("expect.alert.{index}.fault"),
                format!("there is no [[fault]] {}: declared are {known}", stray.fault),
            ));
        }
        let proxies: Vec<_> = self.proxies.into_iter().map(ProxyTable::proxy).collect();
        let declared = Declared { modules: &modules, proxies: &proxies };
        let faults = self.faults.into_iter().enumerate().map(|(index, fault)| {
            let owed = self.expect.alert.iter().filter(|alert| alert.fault == fault.name);
            let owed = owed.map(AlertTable::owed).collect();
            let name = fault.name.clone();
            let wrong = |why| (format!("fault.{index}.name"), format!("fault {name}: {why}"));
            let planned = fault.planned(&declared, owed).map_err(wrong)?;
            Ok(Arc::new(planned) as Arc<dyn FaultSource>)
        });
        let headers = hidden(self.target.headers.clone());
        let requests: Vec<_> = self.requests.into_iter().map(RequestTable::request).collect();
        let alerts = self.alerts.format();
        let of_requests = requests.iter().map(|request| ("load.request", &request.headers));
        let all = [("target.headers", &headers), ("alerts.headers", &alerts.headers)]
            .into_iter()
            .chain(of_requests);
        for (key, headers) in all {
            header_map(headers).map_err(|error| (key.to_owned(), error.to_string()))?;
        }
        Ok(System {
            headers,
            health: health.map_err(|why| ("target.health".to_owned(), why.to_owned()))?,
            canary: self.target.canary.clone(),
            requests,
            alerts,
            proxies: proxies.clone(),
            faults: faults.collect::<Result<_, Wrong>>()?,
        })
    }
}

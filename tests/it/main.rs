//! One integration binary: the real command, real processes, real signals, real traffic.

#![expect(clippy::unwrap_used, reason = "in a test, and in its helpers, the first thing that fails ends it")]

mod alerts;
mod bad_input;
mod big_journal;
#[cfg(all(feature = "backend", feature = "stores"))]
mod browser;
#[cfg(all(feature = "backend", feature = "stores"))]
mod cascade;
mod command;
mod compare;
#[cfg(all(feature = "backend", feature = "stores"))]
mod crash_matrix;
#[cfg(feature = "backend")]
mod custom_kpis;
#[cfg(feature = "backend")]
mod dashboard_http;
mod dashboard_runs;
mod examples;
mod foreign;
#[cfg(feature = "stores")]
mod forgetful;
mod four_endpoints;
mod guardrails;
#[cfg(feature = "backend")]
mod kill;
#[cfg(feature = "backend")]
mod killed_harness;
#[path = "../../benches/common/mod.rs"]
mod made_up;
mod made_up_runs;
#[cfg(feature = "backend")]
mod module_faults;
mod packaging;
mod plan;
mod plugin;
mod precision;
#[cfg(feature = "backend")]
mod processes;
mod report_forms;
mod schemas;
mod signals;
#[cfg(feature = "backend")]
mod sink_outage;
#[cfg(feature = "stores")]
mod store_outages;
mod stub;
#[cfg(feature = "backend")]
mod sweep;
mod third_party;
mod tidy;

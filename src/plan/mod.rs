//! Raw flags and plan files become one validated [`Plan`], once. Nothing deeper sees where a value came from.

mod check;
pub mod file;
mod kpi;
mod length;
mod loaded;
mod model;
mod scenario;
mod secret;
mod system;

pub use check::{Options, PlanError, ScenarioOptions, StoresChoice};
pub use file::PlanFile;
pub use kpi::{
    CustomKpi, CustomKpiError, KpiError, KpiExpression, KpiId, KpiLine, KpiMetric, KpiOp, KpiPhase,
};
pub use length::parse_length;
pub use loaded::{LoadError, Loaded};
pub use model::{
    CascadePlan, ExistingStores, FaultKind, OutagePlan, Plan, ScenarioKind, ScenarioPlan, StoreCommands,
    StoresPlan, TargetPlan, TargetRecord,
};
pub use secret::Secret;
pub use system::{AlertFormat, RequestSpec, System};

//! Raw flags (and later TOML) become one validated [`Plan`], once. Nothing deeper sees where a value came from.

mod check;
mod kpi;
mod length;
mod model;
mod scenario;

pub use check::{Options, PlanError, StoresChoice};
pub use kpi::{KpiId, KpiLine};
pub use length::parse_length;
pub use model::{
    CascadePlan, ExistingStores, FaultKind, OutagePlan, Plan, ScenarioKind, ScenarioPlan, StoreCommands,
    StoresPlan, TargetPlan, TargetRecord,
};

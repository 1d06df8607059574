//! Raw flags (and later TOML) become one validated [`Plan`], once. Nothing deeper sees where a value came from.

mod check;
mod kpi;
mod model;

pub use check::{Options, PlanError};
pub use kpi::{KpiId, KpiLine};
pub use model::{FaultKind, Plan, ScenarioKind, ScenarioPlan, TargetPlan};

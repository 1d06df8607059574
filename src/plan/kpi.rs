//! The KPIs and their pass lines: four that scenarios declare, and those that a user defines.

mod custom;
mod expression;
mod parse;

use crate::journal::event::KpiRecord;

pub use custom::{CustomKpi, CustomKpiError};
pub use expression::{KpiExpression, KpiMetric, KpiOp, KpiPhase};
pub use parse::KpiError;

/// The KPIs of the plan that this tool was built for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KpiId {
    /// Recovered automatically ÷ trials.
    AutoRecoveryRate,
    /// Store episodes after which the state was whole again by itself ÷ store episodes.
    StateResyncRate,
    /// Mean time from t0 to recovered.
    MeanRecoveryTime,
    /// Expected alerts without a match.
    MissedAlerts,
}

/// A KPI with its pass line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KpiLine {
    /// Which KPI.
    pub id: KpiId,
    /// The line in the KPI's unit: ratio, µs or count.
    pub limit: f64,
}

impl KpiId {
    /// All of them.
    pub const ALL: [Self; 4] =
        [Self::AutoRecoveryRate, Self::StateResyncRate, Self::MeanRecoveryTime, Self::MissedAlerts];

    /// The id in journals and summaries.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AutoRecoveryRate => "auto_recovery_rate",
            Self::StateResyncRate => "state_resync_rate",
            Self::MeanRecoveryTime => "mean_recovery_time",
            Self::MissedAlerts => "missed_alerts",
        }
    }

    /// How the value is compared with the line.
    #[must_use]
    pub fn op(self) -> &'static str {
        match self {
            Self::AutoRecoveryRate | Self::StateResyncRate => ">=",
            Self::MeanRecoveryTime => "<=",
            Self::MissedAlerts => "=",
        }
    }
}

impl KpiLine {
    /// The pass lines of the R-v0.2.1 plan that a module-crash scenario is judged on.
    pub const MODULE_CRASH: [Self; 3] = [
        Self { id: KpiId::AutoRecoveryRate, limit: 0.95 },
        Self { id: KpiId::MeanRecoveryTime, limit: 60_000_000.0 },
        Self { id: KpiId::MissedAlerts, limit: 0.0 },
    ];

    /// The pass lines that a scenario which stops stores is judged on.
    pub const STORE_OUTAGE: [Self; 4] = [
        Self { id: KpiId::AutoRecoveryRate, limit: 0.95 },
        Self { id: KpiId::StateResyncRate, limit: 0.90 },
        Self { id: KpiId::MeanRecoveryTime, limit: 60_000_000.0 },
        Self { id: KpiId::MissedAlerts, limit: 0.0 },
    ];

    /// The form on disk.
    #[must_use]
    pub fn record(&self) -> KpiRecord {
        KpiRecord::new(self.id.as_str(), self.id.op(), self.limit)
    }
}

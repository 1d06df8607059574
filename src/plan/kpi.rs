//! The four KPIs and their pass lines.

use crate::journal::event::KpiRecord;

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
        KpiRecord { id: self.id.as_str().to_owned(), op: self.id.op().to_owned(), limit: self.limit }
    }
}

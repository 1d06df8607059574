//! What an alert says.

use serde::Serialize;

use crate::clock;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AlertKind {
    /// A module's process ended unexpectedly, or did not become ready.
    ModuleCrashed,
    /// A module missed its heartbeats.
    ModuleHung,
    /// A module is ready again after a failure of its own or a restart by an operator.
    ModuleRecovered,
    /// A module failed as often in a row as the policy's `alert_after`, and is not given up yet.
    RepeatedFailures,
    /// A module's retries are exhausted. It says so alone when `alert_after` is reached by the same failure.
    RecoveryExhausted,
    /// A store failed or hangs.
    StoreUnavailable,
    /// The stores were brought back together.
    StateResynced,
    /// They could not be, or something acknowledged has no place.
    StateResyncFailed,
}

impl AlertKind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::ModuleCrashed => "module_crashed",
            Self::ModuleHung => "module_hung",
            Self::ModuleRecovered => "module_recovered",
            Self::RepeatedFailures => "repeated_failures",
            Self::RecoveryExhausted => "recovery_exhausted",
            Self::StoreUnavailable => "store_unavailable",
            Self::StateResynced => "state_resynced",
            Self::StateResyncFailed => "state_resync_failed",
        }
    }

    pub(crate) fn severity(self) -> &'static str {
        match self {
            Self::ModuleRecovered | Self::StateResynced => "info",
            Self::ModuleCrashed | Self::ModuleHung | Self::StoreUnavailable => "warning",
            Self::RepeatedFailures | Self::RecoveryExhausted | Self::StateResyncFailed => "critical",
        }
    }
}

/// An alert that is not in the outbox yet.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct AlertDraft {
    /// Wall clock, microseconds since the Unix epoch.
    pub(crate) at_us: i64,
    pub(crate) kind: AlertKind,
    pub(crate) module: &'static str,
    pub(crate) message: String,
}

impl AlertDraft {
    pub(crate) fn new(at_us: i64, kind: AlertKind, module: &'static str, message: String) -> Self {
        Self { at_us, kind, module, message }
    }
}

/// An alert as it is sent and listed.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Alert {
    /// Rises with time, also across restarts of the manager on the same data folder.
    pub(crate) id: i64,
    /// The same on every delivery of this alert, and on no other alert.
    pub(crate) idempotency_key: String,
    pub(crate) severity: String,
    pub(crate) kind: String,
    pub(crate) module: String,
    pub(crate) message: String,
    /// RFC 3339, UTC, microseconds.
    pub(crate) at: String,
    #[serde(skip)]
    pub(crate) at_us: i64,
}

/// A row of the table `alerts`.
#[derive(sqlx::FromRow)]
pub(crate) struct AlertRow {
    id: i64,
    idempotency_key: String,
    severity: String,
    kind: String,
    module: String,
    message: String,
    at_us: i64,
}

impl From<AlertRow> for Alert {
    fn from(row: AlertRow) -> Self {
        Self {
            id: row.id,
            idempotency_key: row.idempotency_key,
            severity: row.severity,
            kind: row.kind,
            module: row.module,
            message: row.message,
            at: clock::rfc3339(row.at_us),
            at_us: row.at_us,
        }
    }
}

//! What a run will do, validated.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use url::Url;

use super::KpiLine;
use crate::clock::duration_us;
use crate::journal::event::{PlanRecord, ScenarioRecord};
use crate::journal::redact::redact_base_url;

/// What a run will do.
#[derive(Debug, Clone)]
pub struct Plan {
    /// What is driven and broken.
    pub target: TargetPlan,
    /// The scenarios, in order.
    pub scenarios: Vec<ScenarioPlan>,
    /// Traffic users, besides the injector.
    pub users: u32,
    /// Mean think time between two requests of a user.
    pub think_time: Duration,
    /// Deadline of one request.
    pub request_timeout: Duration,
    /// Distance between two canaries.
    pub canary_interval: Duration,
    /// Distance between two polls of the health page.
    pub health_interval: Duration,
    /// How long the system must stay well to count as recovered.
    pub hold: Duration,
    /// After this, an episode is censored.
    pub recovery_deadline: Duration,
    /// Least length of the first baseline.
    pub baseline: Duration,
    /// Least number of canaries of a baseline.
    pub baseline_canaries: u64,
    /// An expected alert that has not come after this is missed.
    pub alert_deadline: Duration,
    /// From this seed comes every random draw.
    pub seed: u64,
    /// The user's labels.
    pub labels: BTreeMap<String, String>,
    /// A verdict asks the one-sided bound to clear the line.
    pub strict: bool,
    /// goose's own flags, as given after `--`.
    pub goose_options: Vec<String>,
}

/// What is driven and broken.
#[derive(Debug, Clone)]
pub enum TargetPlan {
    /// The bundled backend, started and stopped by the run.
    Bundled {
        /// Flags that are handed to it.
        options: Vec<String>,
    },
    /// A backend that somebody else started.
    External {
        /// Where it answers.
        base_url: Url,
        /// Where its alerts are to be received.
        alert_listen: Option<SocketAddr>,
        /// At which path there; random when absent.
        alert_path: Option<String>,
    },
}

/// One scenario.
#[derive(Debug, Clone)]
pub struct ScenarioPlan {
    /// Which script is followed.
    pub kind: ScenarioKind,
    /// What is injected.
    pub fault: FaultKind,
    /// How many times.
    pub iterations: u32,
    /// Pause after each recovery.
    pub pause: Duration,
    /// On what it is judged.
    pub kpis: Vec<KpiLine>,
}

/// The built-in scenarios.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScenarioKind {
    /// A: one module crashes at a time.
    SingleModule,
}

impl ScenarioKind {
    /// The name on the command line, in journals and in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SingleModule => "single-module",
        }
    }
}

/// The kinds of fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// SIGKILL of a module's process.
    Kill,
    /// `POST /api/recovery/restart`.
    Restart,
}

impl FaultKind {
    /// The name on the command line, in journals and in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Kill => "kill",
            Self::Restart => "restart",
        }
    }
}

impl Plan {
    /// Episodes that the plan asks for.
    #[must_use]
    pub fn episodes(&self) -> u32 {
        self.scenarios.iter().map(|scenario| scenario.iterations).sum()
    }

    /// The form on disk, for a run against `base_url`.
    #[must_use]
    pub fn record(&self, base_url: &Url, alert_source: bool, canary_request: &str) -> PlanRecord {
        let bundled = matches!(self.target, TargetPlan::Bundled { .. });
        PlanRecord {
            base_url: redact_base_url(base_url.as_str()),
            bundled_backend: bundled,
            stores: bundled.then(|| "embedded".to_owned()),
            users: self.users,
            think_time_us: duration_us(self.think_time),
            request_timeout_us: duration_us(self.request_timeout),
            canary_interval_us: duration_us(self.canary_interval),
            canary_request: canary_request.to_owned(),
            health_interval_us: duration_us(self.health_interval),
            hold_us: duration_us(self.hold),
            recovery_deadline_us: duration_us(self.recovery_deadline),
            baseline_min_us: duration_us(self.baseline),
            baseline_min_canaries: self.baseline_canaries,
            alert_source,
            strict: self.strict,
            scenarios: self.scenarios.iter().map(ScenarioPlan::record).collect(),
        }
    }
}

impl ScenarioPlan {
    /// The form on disk.
    fn record(&self) -> ScenarioRecord {
        ScenarioRecord {
            name: self.kind.as_str().to_owned(),
            fault: self.fault.as_str().to_owned(),
            iterations: self.iterations,
            pause_us: duration_us(self.pause),
            outage_us: None,
            resync_grace_us: None,
            kpis: self.kpis.iter().map(KpiLine::record).collect(),
        }
    }
}

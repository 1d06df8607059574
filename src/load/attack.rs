//! The goose attack: the traffic scenario and the injector, run until the injector is done.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use goose::client::GooseClientBuilder;
use goose::goose::TransactionFunction;
use goose::metrics::GooseMetrics;
use goose::prelude::*;
use reqwest::header::HeaderMap;

use super::mix::Mix;
use super::{Gate, OptionsError, cascade, injector, options, traffic};
use crate::clock::Clock;
use crate::fault::DirectorHandle;
use crate::journal::JournalHandle;
use crate::journal::event::UsersStarted;
use crate::plan::Plan;
use crate::progress::Progress;
use crate::stop::Stop;
use crate::target::Api;
use crate::watch::ledger::LedgerBook;

/// What all goose users of a run share. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Shared {
    /// The run's clock.
    pub clock: Clock,
    /// What is planned.
    pub plan: Arc<Plan>,
    /// Where everything is written.
    pub journal: JournalHandle,
    /// What was acknowledged.
    pub ledger: Arc<LedgerBook>,
    /// The fault thread.
    pub director: DirectorHandle,
    /// Ends the run.
    pub stop: Stop,
    /// What is shown while it runs.
    pub progress: Arc<Progress>,
    /// What the users do.
    pub traffic: TrafficKind,
    /// Sent with every request.
    pub headers: HeaderMap,
    /// What users ask for where the plan says it.
    pub mix: Arc<Mix>,
    /// Traffic users that have started.
    pub started: Arc<AtomicU32>,
    /// Holds the traffic users still.
    pub gate: Gate,
    /// Whether the supervisor looks on just now.
    pub supervised: Arc<AtomicBool>,
    /// Reads sessions back, with connections of its own.
    pub read_back: Api,
}

/// What traffic users do, by what the target offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrafficKind {
    /// Append to sessions and read them back.
    Sessions,
    /// Read health and metrics: the target has no session API.
    Reads,
    /// What the plan says that they ask for.
    Mix,
}

/// Why the attack could not be run.
#[derive(Debug, thiserror::Error)]
pub enum AttackError {
    /// goose's own flags are wrong.
    #[error(transparent)]
    Options(#[from] OptionsError),
    /// goose could not run it.
    #[error("goose could not run the load: {0}")]
    Goose(String),
    /// goose could not log requests there.
    #[error("cannot write goose's request log {}: pass --request-log with a file that you may write", path.display())]
    Log {
        /// The log, or its folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

impl Shared {
    /// Counts a user in; with the last one, the baseline can begin.
    pub(super) fn user_started(&self) {
        let started = self.started.fetch_add(1, Ordering::Relaxed) + 1;
        if started == self.plan.users {
            let now = self.clock.now();
            self.journal.control(now, UsersStarted { users: started });
            self.director.users_started(now);
        }
    }
}

/// Runs the goose users until the run is stopped, and gives goose's metrics.
///
/// # Errors
/// [`AttackError`] when goose refuses the configuration or fails.
pub async fn run(shared: &Shared, host: &str) -> Result<GooseMetrics, AttackError> {
    let goose_error = |error: GooseError| explained(&error);
    let configuration = options::configuration(&shared.plan, host)?;
    // One client for all users: they share its connections as the users of one proxy do, and a thousand of
    // them start at once.
    let client = GooseClientBuilder::new().without_cookies().timeout(shared.plan.request_timeout);
    let mut attack = GooseAttack::initialize_with_config(configuration)
        .and_then(|attack| attack.set_client_builder_without_cookies(client))
        .map_err(goose_error)?
        .register_scenario(
            traffic::scenario(shared).set_weight(shared.plan.users as usize).map_err(goose_error)?,
        )
        .register_scenario(injector::scenario(shared));
    if let Some(cascade) = shared.plan.scenarios.iter().find_map(|scenario| scenario.cascade) {
        attack = attack.register_scenario(cascade::supervisor(shared, cascade.interval));
    }
    let ender = tokio::spawn(end_goose(shared.stop.clone()));
    let metrics = metrics_of(attack.execute().await);
    ender.abort();
    metrics
}

/// goose's metrics, also of a load that has failed a threshold: they say which.
pub(super) fn metrics_of(executed: Result<GooseMetrics, GooseError>) -> Result<GooseMetrics, AttackError> {
    match executed {
        Err(GooseError::ThresholdsFailed { metrics, .. }) => Ok(*metrics.0),
        executed => executed.map_err(|error| explained(&error)),
    }
}

/// What goose says went wrong, with the detail that its own text leaves out.
pub(crate) fn explained(error: &GooseError) -> AttackError {
    AttackError::Goose(match error {
        GooseError::InvalidOption { detail, .. } | GooseError::NoScenarios { detail } => {
            detail.replace("`configuration.", "`")
        }
        error => error.to_string(),
    })
}

/// Tells goose to end once the run is stopped. Told again until it has ended: a start clears the killswitch.
pub(super) async fn end_goose(stop: Stop) {
    stop.wait().await;
    loop {
        goose::trigger_killswitch("goose-recovery: the run is over");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Names the type that goose wants, so that a closure is inferred to it.
pub(super) fn function<F>(function: F) -> TransactionFunction
where
    F: for<'r> Fn(
            &'r mut GooseUser,
        ) -> std::pin::Pin<Box<dyn Future<Output = TransactionResult> + Send + 'r>>
        + Send
        + Sync
        + 'static,
{
    Arc::new(function)
}

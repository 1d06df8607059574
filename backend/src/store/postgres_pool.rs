//! Connections to PostgreSQL: few, and each of them given up as soon as anything is wrong with it.
//!
//! sqlx has a pool of its own; it tests a connection by asking the server when it is given back, and tries a server that
//! refuses again until its own time limit is over. With a server that hangs or is dead this takes connections away, and
//! the reason of the failure as well. Here a connection is given back only after a call that ended well, and dropped,
//! which closes its socket at once, after anything else: a time limit, an error, or a caller that went away.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use super::StoreError;
use super::place::{PostgresPlace, Secrets};
use crate::clock;

/// Connections for clients that read pages: as many clients as there are.
const FOR_READERS: usize = 3;
/// Connections for the writer, the keeper and short questions. Apart from the readers', because however many clients
/// read, entries must be written and a resync must get on.
const FOR_WORK: usize = 3;

/// The pool; it connects on first use.
pub(super) struct PostgresPool {
    options: PgConnectOptions,
    secrets: Secrets,
    settings: String,
    timeout: Duration,
    readers: Arc<Semaphore>,
    work: Arc<Semaphore>,
    /// The one that was used longest ago is taken first, so that the keeper's questions go round.
    idle: Mutex<VecDeque<PgConnection>>,
}

impl std::fmt::Debug for PostgresPool {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("PostgresPool").field("timeout", &self.timeout).finish_non_exhaustive()
    }
}

/// A connection for one call.
pub(super) struct Lease {
    pub(super) connection: PgConnection,
    pub(super) deadline: Deadline,
    _turn: OwnedSemaphorePermit,
}

/// When a call must be over.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deadline {
    at: Instant,
}

/// How a call went: it may have taken too long.
pub(super) type Outcome<T> = Result<Result<T, sqlx::Error>, tokio::time::error::Elapsed>;

impl Deadline {
    /// Does `work`, until the deadline.
    pub(super) async fn limit<T>(self, work: impl Future<Output = Result<T, sqlx::Error>>) -> Outcome<T> {
        tokio::time::timeout_at(self.at, work).await
    }
}

impl PostgresPool {
    /// A pool for `place`; a call, connecting included, may take `timeout`.
    pub(super) fn new(place: &PostgresPlace, timeout: Duration) -> Self {
        let options = place.options.clone().disable_statement_logging();
        let options = if options.get_application_name().is_some() {
            options
        } else {
            options.application_name("fault-recovery-manager")
        };
        Self {
            options,
            secrets: place.secrets.clone(),
            settings: settings(timeout),
            timeout,
            readers: Arc::new(Semaphore::new(FOR_READERS)),
            work: Arc::new(Semaphore::new(FOR_WORK)),
            idle: Mutex::default(),
        }
    }

    /// Waits for a turn, and connects when no connection is idle. Only the wait for the turn can be [`StoreError::Busy`]:
    /// it is about how much there is to do. Every turn ends within the time limit, also when the server hangs, and that
    /// is then known by whoever had it.
    pub(super) async fn lease(&self) -> Result<Lease, StoreError> {
        self.lease_of(&self.work).await
    }

    /// As [`lease`](Self::lease), for a client that reads a page.
    pub(super) async fn lease_for_reader(&self) -> Result<Lease, StoreError> {
        self.lease_of(&self.readers).await
    }

    async fn lease_of(&self, turns: &Arc<Semaphore>) -> Result<Lease, StoreError> {
        let turn = tokio::time::timeout(self.timeout, Arc::clone(turns).acquire_owned()).await;
        let Ok(Ok(turn)) = turn else { return Err(StoreError::Busy) };
        let deadline = Deadline { at: clock::monotonic() + self.timeout };
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        let connection = match idle {
            Some(connection) => connection,
            None => self.failed_or(deadline.limit(self.connect()).await)?,
        };
        Ok(Lease { connection, deadline, _turn: turn })
    }

    /// Ends a call: keeps its connection when it went well.
    pub(super) fn end<T>(&self, lease: Lease, outcome: Outcome<T>) -> Result<T, StoreError> {
        let answer = self.failed_or(outcome)?;
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push_back(lease.connection);
        Ok(answer)
    }

    fn failed_or<T>(&self, outcome: Outcome<T>) -> Result<T, StoreError> {
        let error = match outcome {
            Ok(Ok(answer)) => return Ok(answer),
            Ok(Err(error)) => StoreError::Failed(self.secrets.redact(&error.to_string())),
            Err(_) => StoreError::TimedOut(self.timeout),
        };
        // The others were opened to the same server: each of them would fail once more when it is back.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
        Err(error)
    }

    /// Connects without the pool, for who wants to know what is wrong.
    pub(super) async fn connect(&self) -> Result<PgConnection, sqlx::Error> {
        let mut connection = PgConnection::connect_with(&self.options).await?;
        sqlx::raw_sql(AssertSqlSafe(self.settings.as_str())).execute(&mut connection).await?;
        Ok(connection)
    }

    /// How long a call may take.
    pub(super) fn timeout(&self) -> Duration {
        self.timeout
    }

    /// `error` in words that may be shown.
    pub(super) fn words(&self, error: &sqlx::Error) -> String {
        self.secrets.redact(&error.to_string())
    }
}

/// What every connection is told first.
///
/// A call that we gave up goes on in the server until it notices: with time limits of its own it never holds the lock of
/// appends for long. They are longer than ours, so that ours is the one that is reported.
fn settings(timeout: Duration) -> String {
    let limit = timeout.as_millis() * 2;
    format!(
        "SET statement_timeout = {limit}; SET idle_in_transaction_session_timeout = {limit}; \
         SET client_min_messages = warning; \
         SET plan_cache_mode = force_custom_plan; \
         SELECT set_config('synchronous_commit', 'on', false) \
         WHERE current_setting('synchronous_commit') = 'off'"
    )
}

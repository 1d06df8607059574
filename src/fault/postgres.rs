//! `postgres`: a PostgreSQL server is asked to terminate the backends of a database, all but ours.
//!
//! Proof: the server's own list of backends shows none of them any more. Nothing to undo: clients connect again, or do not,
//! and that is what is tested.

use std::str::FromStr as _;
use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection as _, PgConnection};

use super::episode::{Act, Context, Effect, Fault, FaultError, Injection};
use crate::clock::{Clock, duration_us};
use crate::journal::Micros;
use crate::journal::event::AlertExpected;
use crate::plan::Secret;
use crate::stores::address::{in_words, within};

/// A server that has not answered by then does not.
const PATIENCE: Duration = Duration::from_secs(5);
/// A backend that is still there after this does not mind to be terminated.
const GONE_TIMEOUT: Duration = Duration::from_secs(10);
/// Pause between two looks.
const LOOK: Duration = Duration::from_millis(5);

/// Terminates, and says whom: a pid and its start, because a pid may come to mean another backend. Not as a condition: the
/// server may try conditions in any order, and would terminate us and everybody else's backends as well.
const TERMINATE: &str = "
    SELECT pid, backend_start::text, pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = coalesce($1, current_database()) AND pid <> pg_backend_pid() AND backend_type = 'client backend'";
/// How many of them are left.
const LEFT: &str = "
    SELECT count(*) FROM pg_stat_activity
    WHERE (pid, backend_start::text) IN (SELECT * FROM unnest($1::int[], $2::text[]))";

/// What a plan says of the fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostgresSpec {
    /// What reports call its target.
    pub name: String,
    /// `postgres://…`; may contain a password.
    pub url: Secret,
    /// Whose backends; those of the URL's own database when absent.
    pub database: Option<String>,
}

impl PostgresSpec {
    /// Whether the server is there and lets us in; changes nothing.
    ///
    /// # Errors
    /// Why it does not answer.
    pub async fn check(&self) -> Result<(), String> {
        self.connect().await.map(drop).map_err(|why| format!("PostgreSQL: {why}"))
    }

    async fn connect(&self) -> Result<PgConnection, String> {
        let options = PgConnectOptions::from_str(self.url.expose()).map_err(in_words)?;
        within(PATIENCE, async { PgConnection::connect_with(&options).await.map_err(in_words) }).await
    }
}

/// `pg_terminate_backend` of all but ours.
#[derive(Debug)]
pub struct TerminateBackends {
    spec: PostgresSpec,
    connection: Option<PgConnection>,
    pids: Vec<i32>,
    starts: Vec<String>,
    over_at: Option<Micros>,
}

impl TerminateBackends {
    /// Will do as `spec` says.
    #[must_use]
    pub fn new(spec: PostgresSpec) -> Self {
        Self { spec, connection: None, pids: Vec::new(), starts: Vec::new(), over_at: None }
    }

    async fn act(&mut self, clock: Clock) -> Result<Micros, String> {
        let connection = self.connection.insert(self.spec.connect().await?);
        let action_us = clock.now();
        let terminated = sqlx::query_as(TERMINATE).bind(self.spec.database.as_deref()).fetch_all(connection);
        let hit: Vec<(i32, String, bool)> =
            within(PATIENCE, async { terminated.await.map_err(in_words) }).await?;
        let hit = hit.into_iter().filter_map(|(pid, start, signalled)| signalled.then_some((pid, start)));
        (self.pids, self.starts) = hit.unzip();
        Ok(action_us)
    }

    async fn left(&mut self) -> Result<i64, String> {
        let connection = self.connection.as_mut().ok_or("it was not asked to")?;
        let counted = sqlx::query_scalar(LEFT).bind(&self.pids).bind(&self.starts).fetch_one(connection);
        within(PATIENCE, async { counted.await.map_err(in_words) }).await
    }
}

impl Fault for TerminateBackends {
    fn kind(&self) -> &'static str {
        "postgres-terminate-backends"
    }

    fn target(&self) -> &str {
        &self.spec.name
    }

    fn inject<'a>(&'a mut self, context: &'a Context) -> Act<'a, Injection> {
        Box::pin(async move {
            match self.act(context.clock).await {
                Ok(action_us) => Ok(Injection { action_us, pid: None, status: None }),
                Err(why) => Err(FaultError::NotInjected(format!("PostgreSQL: {why}"))),
            }
        })
    }

    fn confirm<'a>(&'a mut self, context: &'a Context) -> Act<'a, Effect> {
        Box::pin(async move {
            let hit = self.pids.len();
            if hit == 0 {
                return Err(FaultError::NoEffect(
                    "PostgreSQL has no other connection to the database".to_owned(),
                ));
            }
            let deadline = context.clock.now() + duration_us(GONE_TIMEOUT);
            loop {
                let asked = context.clock.now();
                let left = self.left().await;
                match left {
                    Ok(0) => {
                        self.over_at = Some(asked);
                        let evidence =
                            format!("PostgreSQL shows none of the {hit} backends that it terminated");
                        return Ok(Effect { confirmed_us: asked, evidence });
                    }
                    Ok(left) if asked >= deadline => {
                        let why = format!(
                            "{left} of {hit} backends outlived their termination by {GONE_TIMEOUT:?}"
                        );
                        return Err(FaultError::NoEffect(why));
                    }
                    Ok(_) => context.clock.sleep_until(asked + duration_us(LOOK)).await,
                    Err(why) => return Err(FaultError::NoEffect(format!("PostgreSQL: {why}"))),
                }
            }
        })
    }

    fn expected_alerts(&self, _episode: u32, _context: &Context) -> Vec<AlertExpected> {
        Vec::new()
    }

    fn over_at(&self) -> Option<Micros> {
        self.over_at
    }

    fn revert<'a>(&'a mut self, _context: &'a Context) -> Act<'a, Option<Micros>> {
        // A connection that was closed cannot be opened by anybody but its client.
        Box::pin(async { Ok(None) })
    }
}

#[cfg(test)]
mod tests;

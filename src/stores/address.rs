//! Asking a store whether it answers, on a connection that is held open.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection as _, PgConnection, SqliteConnection};

/// A store that has not answered by then does not answer: longer than a commit of a busy store and its fsync, shorter
/// than any outage that can be planned.
pub const PATIENCE: Duration = Duration::from_millis(250);
/// Opening a connection may take longer than a question on an open one.
const CONNECT_PATIENCE: Duration = Duration::from_secs(1);

/// Where a store is.
#[derive(Clone)]
pub enum Address {
    /// A PostgreSQL server.
    Postgres(Box<PgConnectOptions>),
    /// A Redis server.
    Redis(Box<redis::Client>),
    /// A SQLite file.
    Sqlite(PathBuf),
}

impl std::fmt::Debug for Address {
    /// Without the passwords.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.product())
    }
}

/// An open connection.
#[derive(Debug)]
pub enum Connection {
    /// To PostgreSQL.
    Postgres(PgConnection),
    /// To Redis.
    Redis(redis::aio::MultiplexedConnection),
    /// To a file.
    Sqlite(SqliteConnection),
}

impl Address {
    /// Reads a `postgres://` or `redis://` URL.
    ///
    /// # Errors
    /// What the driver does not like about it, without the URL itself.
    pub fn parse(url: &str) -> Result<Self, String> {
        if url.starts_with("redis:") {
            return Ok(Self::Redis(Box::new(redis::Client::open(url).map_err(|error| error.to_string())?)));
        }
        Ok(Self::Postgres(Box::new(PgConnectOptions::from_str(url).map_err(|error| error.to_string())?)))
    }

    /// What it is.
    #[must_use]
    pub fn product(&self) -> &'static str {
        match self {
            Self::Postgres(_) => "PostgreSQL",
            Self::Redis(_) => "Redis",
            Self::Sqlite(_) => "SQLite",
        }
    }

    /// Opens a connection and asks the first question on it.
    ///
    /// # Errors
    /// Why the store does not answer.
    pub async fn connect(&self) -> Result<Connection, String> {
        let mut connection = within(CONNECT_PATIENCE, self.open()).await?;
        connection.ask().await?;
        Ok(connection)
    }

    async fn open(&self) -> Result<Connection, String> {
        Ok(match self {
            Self::Postgres(options) => {
                Connection::Postgres(PgConnection::connect_with(options).await.map_err(in_words)?)
            }
            Self::Redis(client) => {
                Connection::Redis(client.get_multiplexed_async_connection().await.map_err(in_words)?)
            }
            Self::Sqlite(file) => {
                // A writer of the target locks readers out while it commits; that is no outage.
                let options =
                    SqliteConnectOptions::new().filename(file).read_only(true).busy_timeout(PATIENCE);
                Connection::Sqlite(SqliteConnection::connect_with(&options).await.map_err(in_words)?)
            }
        })
    }
}

impl Connection {
    /// Asks something that every store of the kind can answer at once.
    ///
    /// # Errors
    /// Why there was no answer.
    pub async fn ask(&mut self) -> Result<(), String> {
        match self {
            Self::Postgres(connection) => {
                within(PATIENCE, async {
                    sqlx::query("SELECT 1").execute(connection).await.map_err(in_words)?;
                    Ok(())
                })
                .await
            }
            Self::Redis(connection) => {
                within(PATIENCE, async {
                    redis::cmd("PING").query_async::<()>(connection).await.map_err(in_words)
                })
                .await
            }
            Self::Sqlite(connection) => {
                // The busy timeout says "locked" a little before this limit says "no answer".
                within(PATIENCE * 2, async {
                    sqlx::query("SELECT count(*) FROM sqlite_master")
                        .execute(connection)
                        .await
                        .map_err(in_words)?;
                    Ok(())
                })
                .await
            }
        }
    }
}

pub(crate) async fn within<T>(
    limit: Duration,
    work: impl Future<Output = Result<T, String>>,
) -> Result<T, String> {
    tokio::time::timeout(limit, work).await.unwrap_or_else(|_| Err(format!("no answer within {limit:?}")))
}

pub(crate) fn in_words(error: impl std::fmt::Display) -> String {
    error.to_string()
}

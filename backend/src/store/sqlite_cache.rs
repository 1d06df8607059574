//! The embedded cache: a second SQLite file. Locks, timeouts and durability as in [`sqlite`](super::sqlite).

use std::collections::HashMap;
use std::path::Path;
use std::time::Duration;

use sqlx::{Connection as _, SqlitePool};

use super::sqlite::in_time;
use super::totals_row::{TotalsRow, named};
use super::{CacheStore, StoreFuture, Totals, sqlite_pool};
use crate::module::SessionId;

const TABLES: [&str; 2] = [
    "CREATE TABLE IF NOT EXISTS hot (session TEXT NOT NULL PRIMARY KEY, count INTEGER NOT NULL, \
     last_seq INTEGER NOT NULL, checksum TEXT NOT NULL, analysis TEXT) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS generation (only INTEGER PRIMARY KEY CHECK (only = 1), id TEXT NOT NULL)",
];

/// Hot state in one SQLite file.
#[derive(Debug)]
pub(crate) struct SqliteCache {
    pool: SqlitePool,
    timeout: Duration,
}

impl SqliteCache {
    /// A cache on `file`; nothing is opened yet. No call takes longer than `timeout` once it has its turn.
    pub(crate) fn new(file: &Path, timeout: Duration) -> Self {
        Self { pool: sqlite_pool(file, timeout), timeout }
    }
}

impl CacheStore for SqliteCache {
    fn prepare(&self) -> StoreFuture<'_, Option<String>> {
        Box::pin(async {
            let mut connection = self.pool.acquire().await?;
            in_time(self.timeout, async {
                for table in TABLES {
                    sqlx::query(table).execute(&mut *connection).await?;
                }
                sqlx::query_scalar("SELECT id FROM generation").fetch_optional(&mut *connection).await
            })
            .await
        })
    }

    fn set_generation<'a>(&'a self, id: &'a str) -> StoreFuture<'a, ()> {
        Box::pin(async move {
            let mut connection = self.pool.acquire().await?;
            let write = sqlx::query("INSERT OR REPLACE INTO generation (only, id) VALUES (1, ?1)").bind(id);
            in_time(self.timeout, async { write.execute(&mut *connection).await.map(|_| ()) }).await
        })
    }

    fn put<'a>(&'a self, states: &'a [(SessionId, Totals)]) -> StoreFuture<'a, ()> {
        Box::pin(async move {
            let mut connection = self.pool.acquire().await?;
            in_time(self.timeout, async {
                let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
                for (session, totals) in states {
                    sqlx::query(
                        "INSERT INTO hot (session, count, last_seq, checksum) VALUES (?1, ?2, ?3, ?4) \
                         ON CONFLICT (session) DO UPDATE SET count = ?2, last_seq = ?3, checksum = ?4",
                    )
                    .bind(session.as_str())
                    .bind(totals.count.cast_signed())
                    .bind(totals.last_seq.cast_signed())
                    .bind(totals.checksum.to_hex())
                    .execute(&mut *transaction)
                    .await?;
                }
                transaction.commit().await
            })
            .await
        })
    }

    fn put_analyses<'a>(&'a self, analyses: &'a [(SessionId, String)]) -> StoreFuture<'a, ()> {
        Box::pin(async move {
            let mut connection = self.pool.acquire().await?;
            in_time(self.timeout, async {
                let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
                for (session, analysis) in analyses {
                    sqlx::query("UPDATE hot SET analysis = ?2 WHERE session = ?1")
                        .bind(session.as_str())
                        .bind(analysis)
                        .execute(&mut *transaction)
                        .await?;
                }
                transaction.commit().await
            })
            .await
        })
    }

    fn get<'a>(&'a self, sessions: &'a [SessionId]) -> StoreFuture<'a, HashMap<SessionId, Totals>> {
        Box::pin(async move {
            let mut connection = self.pool.acquire().await?;
            in_time(self.timeout, async {
                let mut found = HashMap::with_capacity(sessions.len());
                for session in sessions {
                    let row: Option<TotalsRow> = sqlx::query_as(
                        "SELECT session, count, last_seq, checksum FROM hot WHERE session = ?1",
                    )
                    .bind(session.as_str())
                    .fetch_optional(&mut *connection)
                    .await?;
                    found.extend(row.as_ref().and_then(named));
                }
                Ok(found)
            })
            .await
        })
    }

    fn analysis<'a>(&'a self, session: &'a SessionId) -> StoreFuture<'a, Option<String>> {
        Box::pin(async move {
            let mut connection = self.pool.acquire().await?;
            let read =
                sqlx::query_scalar("SELECT analysis FROM hot WHERE session = ?1").bind(session.as_str());
            let found: Option<Option<String>> =
                in_time(self.timeout, read.fetch_optional(&mut *connection)).await?;
            Ok(found.flatten())
        })
    }

    fn names<'a>(&'a self, after: Option<&'a SessionId>, limit: u32) -> StoreFuture<'a, Vec<SessionId>> {
        Box::pin(async move {
            let mut connection = self.pool.acquire().await?;
            let after = after.map_or("", SessionId::as_str);
            let read =
                sqlx::query_scalar("SELECT session FROM hot WHERE session > ?1 ORDER BY session LIMIT ?2")
                    .bind(after)
                    .bind(limit);
            let names: Vec<String> = in_time(self.timeout, read.fetch_all(&mut *connection)).await?;
            // Only names that were checked are ever written.
            Ok(names.iter().filter_map(|name| name.parse().ok()).collect())
        })
    }

    fn remove<'a>(&'a self, sessions: &'a [SessionId]) -> StoreFuture<'a, ()> {
        Box::pin(async move {
            let mut connection = self.pool.acquire().await?;
            in_time(self.timeout, async {
                for session in sessions {
                    let remove = sqlx::query("DELETE FROM hot WHERE session = ?1").bind(session.as_str());
                    remove.execute(&mut *connection).await?;
                }
                Ok(())
            })
            .await
        })
    }
}

//! The embedded database: one SQLite file.
//!
//! Rollback journal and `synchronous=FULL`: a commit is on the disk when it returns, and an exclusive lock stops
//! readers as well, as an outage of a real database would. One connection serves everybody in turn: in this journal
//! mode two would only wait for each other's locks.

use std::collections::HashSet;
use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection as _, QueryBuilder, Sqlite, SqliteConnection, SqlitePool};
use tokio::sync::Semaphore;

use super::totals_row::{TotalsRow, named};
use super::{
    Appended, Committed, DatabaseStore, NewEntry, SessionPage, StoreError, StoreFuture, StoredEntry, Totals,
    sqlite_totals,
};
use crate::module::SessionId;

/// As many readers as it takes to keep the connection busy.
const READERS: usize = 2;

/// Rows in one INSERT: 4 × 200 bound values stay far below SQLite's limit.
const ROWS_PER_INSERT: usize = 200;
/// Rows read at once while a page is put together.
const ROWS_PER_READ: u32 = 500;

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("migrations/sessions");

/// A pool of one connection to `file`, made when it is missing; it connects on first use. A call that takes `timeout`
/// in all waits a little less for a lock, so that a lock is reported as what it is.
pub(crate) fn sqlite_pool(file: &Path, timeout: Duration) -> SqlitePool {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Truncate)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(timeout * 4 / 5);
    SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(timeout * 2)
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_lazy_with(options)
}

/// Sessions in one SQLite file.
#[derive(Debug)]
pub(crate) struct SqliteStore {
    pool: SqlitePool,
    /// Clients that read pages and may wait for the connection at a time. The others wait here, so that however many
    /// clients read, entries are written and a resync gets on.
    readers: Semaphore,
    timeout: Duration,
}

impl SqliteStore {
    /// A store on `file`; nothing is opened yet. No call takes longer than `timeout` once it has its turn.
    pub(crate) fn new(file: &Path, timeout: Duration) -> Self {
        Self { pool: sqlite_pool(file, timeout), readers: Semaphore::new(READERS), timeout }
    }

    /// Makes the tables, when the file is not locked. The manager does it before any module starts, so that the first
    /// entry finds them; when the file is locked the session module does it later.
    pub(crate) async fn migrate_at_start(file: &Path, timeout: Duration) -> Result<(), sqlx::Error> {
        let pool = sqlite_pool(file, timeout);
        let migrated = MIGRATIONS.run(&pool).await.map_err(sqlx::Error::from);
        pool.close().await;
        match migrated {
            Err(error) if is_locked(&error) => {
                tracing::warn!(%error, "the sessions' database is away: starting without it");
                Ok(())
            }
            outcome => outcome,
        }
    }

    async fn append_all(
        connection: &mut SqliteConnection,
        batch: &[NewEntry],
    ) -> Result<Committed, sqlx::Error> {
        let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
        let mut created: HashSet<(String, i64)> = HashSet::with_capacity(batch.len());
        for chunk in batch.chunks(ROWS_PER_INSERT) {
            let mut insert =
                QueryBuilder::<Sqlite>::new("INSERT INTO entries (session, seq, payload, checksum) ");
            insert.push_values(chunk, |mut row, entry| {
                row.push_bind(entry.session.as_str())
                    .push_bind(entry.seq.cast_signed())
                    .push_bind(&entry.payload)
                    .push_bind(&entry.checksum);
            });
            insert.push(" ON CONFLICT (session, seq) DO NOTHING RETURNING session, seq");
            // Each batch has another size, so its statement is not worth a place in the cache.
            let rows: Vec<(String, i64)> =
                insert.build_query_as().persistent(false).fetch_all(&mut *transaction).await?;
            created.extend(rows);
        }
        let mut appended = Vec::with_capacity(batch.len());
        let mut new = Vec::new();
        for entry in batch {
            let key = (entry.session.to_string(), entry.seq.cast_signed());
            if created.remove(&key) {
                appended.push(Appended::Created);
                new.push(entry);
                continue;
            }
            let (payload,): (String,) =
                sqlx::query_as("SELECT payload FROM entries WHERE session = ?1 AND seq = ?2")
                    .bind(&key.0)
                    .bind(key.1)
                    .fetch_one(&mut *transaction)
                    .await?;
            appended.push(if payload == entry.payload { Appended::Same } else { Appended::Conflict });
        }
        let totals = sqlite_totals::add(&mut transaction, &new).await?;
        transaction.commit().await?;
        Ok(Committed { appended, totals })
    }

    async fn read(
        connection: &mut SqliteConnection,
        session: &SessionId,
        after: Option<u64>,
        limit: u32,
        max_bytes: usize,
    ) -> Result<SessionPage, sqlx::Error> {
        // One transaction, so that the totals and the entries belong together.
        let mut transaction = connection.begin().await?;
        let (count, last_seq): (i64, Option<i64>) =
            sqlx::query_as("SELECT count(*), max(seq) FROM entries WHERE session = ?1")
                .bind(session.as_str())
                .fetch_one(&mut *transaction)
                .await?;
        let mut entries: Vec<StoredEntry> = Vec::new();
        let mut bytes = 0;
        let mut after = after.map_or(-1, u64::cast_signed);
        'page: while entries.len() < limit as usize {
            let wanted = ROWS_PER_READ.min(limit - u32::try_from(entries.len()).unwrap_or(limit));
            let rows: Vec<(i64, String, String)> = sqlx::query_as(
                "SELECT seq, payload, checksum FROM entries WHERE session = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3",
            )
            .bind(session.as_str())
            .bind(after)
            .bind(wanted)
            .fetch_all(&mut *transaction)
            .await?;
            let found = rows.len();
            for (seq, payload, checksum) in rows {
                bytes += payload.len();
                if bytes > max_bytes && !entries.is_empty() {
                    break 'page;
                }
                after = seq;
                entries.push(StoredEntry { seq: seq.cast_unsigned(), payload, checksum });
            }
            if found < wanted as usize {
                break;
            }
        }
        transaction.commit().await?;
        Ok(SessionPage { count: count.cast_unsigned(), last_seq: last_seq.map(i64::cast_unsigned), entries })
    }
}

/// Whether another process holds a lock that we waited for in vain.
fn is_locked(error: &sqlx::Error) -> bool {
    let text = error.to_string();
    text.contains("database is locked") || text.contains("database table is locked")
}

impl DatabaseStore for SqliteStore {
    fn append<'a>(&'a self, batch: &'a [NewEntry]) -> StoreFuture<'a, Committed> {
        Box::pin(async {
            let mut connection = self.pool.acquire().await?;
            in_time(self.timeout, Self::append_all(&mut connection, batch)).await
        })
    }

    fn page<'a>(
        &'a self,
        session: &'a SessionId,
        after: Option<u64>,
        limit: u32,
        max_bytes: usize,
    ) -> StoreFuture<'a, SessionPage> {
        Box::pin(async move {
            let turn = tokio::time::timeout(self.timeout * 2, self.readers.acquire()).await;
            let Ok(Ok(_turn)) = turn else { return Err(StoreError::Busy) };
            let mut connection = self.pool.acquire().await?;
            in_time(self.timeout, Self::read(&mut connection, session, after, limit, max_bytes)).await
        })
    }

    fn totals<'a>(
        &'a self,
        after: Option<&'a SessionId>,
        limit: u32,
    ) -> StoreFuture<'a, Vec<(SessionId, Totals)>> {
        Box::pin(async move {
            let mut connection = self.pool.acquire().await?;
            let read = sqlx::query_as(
                "SELECT session, count, last_seq, checksum FROM sessions WHERE session > ?1 ORDER BY session LIMIT ?2",
            );
            let read = read.bind(after.map_or("", SessionId::as_str)).bind(limit);
            let rows: Vec<TotalsRow> = in_time(self.timeout, read.fetch_all(&mut *connection)).await?;
            Ok(rows.iter().filter_map(named).collect())
        })
    }

    fn totals_of<'a>(&'a self, session: &'a SessionId) -> StoreFuture<'a, Option<Totals>> {
        Box::pin(async move {
            let mut connection = self.pool.acquire().await?;
            in_time(self.timeout, sqlite_totals::read(&mut connection, session)).await
        })
    }

    fn set_totals<'a>(
        &'a self,
        session: &'a SessionId,
        held: Option<&'a Totals>,
        totals: &'a Totals,
    ) -> StoreFuture<'a, bool> {
        Box::pin(async move {
            let mut connection = self.pool.acquire().await?;
            let correct = async {
                let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
                let unchanged = sqlite_totals::read(&mut transaction, session).await?.as_ref() == held;
                if unchanged {
                    sqlite_totals::write(&mut transaction, session, totals).await?;
                }
                transaction.commit().await?;
                Ok(unchanged)
            };
            in_time(self.timeout, correct).await
        })
    }

    fn digests<'a>(
        &'a self,
        after: Option<&'a (SessionId, u64)>,
        of: Option<&'a SessionId>,
        limit: u32,
    ) -> StoreFuture<'a, Vec<(SessionId, u64, String)>> {
        Box::pin(async move {
            let mut connection = self.pool.acquire().await?;
            let (first, seq) = after.map_or(("", -1), |(session, seq)| (session.as_str(), seq.cast_signed()));
            let read = match of {
                Some(session) => sqlx::query_as(
                    "SELECT session, seq, checksum FROM entries WHERE session = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3",
                )
                .bind(session.as_str()),
                None => sqlx::query_as(
                    "SELECT session, seq, checksum FROM entries WHERE (session, seq) > (?1, ?2) \
                     ORDER BY session, seq LIMIT ?3",
                )
                .bind(first),
            };
            let read = read.bind(seq).bind(limit);
            let rows: Vec<(String, i64, String)> =
                in_time(self.timeout, read.fetch_all(&mut *connection)).await?;
            let named = |(session, seq, checksum): (String, i64, String)| {
                Some((session.parse().ok()?, seq.cast_unsigned(), checksum))
            };
            Ok(rows.into_iter().filter_map(named).collect())
        })
    }

    fn ping(&self) -> StoreFuture<'_, ()> {
        Box::pin(async {
            let mut connection = self.pool.acquire().await?;
            let asked = sqlx::query("SELECT 1 FROM entries LIMIT 1");
            in_time(self.timeout, async { asked.execute(&mut *connection).await.map(|_| ()) }).await
        })
    }

    fn migrate(&self) -> StoreFuture<'_, ()> {
        Box::pin(async { in_time(self.timeout, async { Ok(MIGRATIONS.run(&self.pool).await?) }).await })
    }
}

/// Limits the work, not the wait for a connection: that is about how much there is to do, and not about the store.
pub(super) async fn in_time<T>(
    timeout: Duration,
    call: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, StoreError> {
    match tokio::time::timeout(timeout, call).await {
        Ok(outcome) => Ok(outcome?),
        Err(_) => Err(StoreError::TimedOut(timeout)),
    }
}

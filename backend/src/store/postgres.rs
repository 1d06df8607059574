//! The database on PostgreSQL.
//!
//! **Who writes.** One session module, but perhaps not alone: a server process that was stopped in the middle of a
//! transaction commits it when it goes on, long after the module has given it up, and a module that was killed may have
//! left one behind. Every writing transaction therefore begins with the same advisory lock, and so does [`migrate`],
//! which runs at the start and after every outage: once it has answered, nothing from before it will be committed.
//!
//! [`migrate`]: DatabaseStore::migrate

use std::collections::HashSet;
use std::sync::LazyLock;
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::postgres::PgConnection;
use sqlx::{Connection as _, Postgres, Transaction};

use super::place::PostgresPlace;
use super::postgres_pool::PostgresPool;
use super::totals_row::{TotalsRow, named};
use super::{
    Appended, Committed, DatabaseStore, NewEntry, SessionPage, StoreFuture, StoredEntry, Totals,
    postgres_totals,
};
use crate::module::SessionId;

/// Of the advisory lock: "recovery" in ASCII.
const LOCK: i64 = 0x7265_636f_7665_7279;

static MIGRATIONS: LazyLock<Migrator> = LazyLock::new(|| {
    let mut migrations = sqlx::migrate!("migrations/postgres");
    // Its own lock would outlive a transaction.
    migrations.set_locking(false);
    migrations.dangerous_set_table_name("fault_recovery_manager.migrations");
    migrations
});

/// Sessions in a schema of a PostgreSQL database.
#[derive(Debug)]
pub(crate) struct PostgresStore {
    pool: PostgresPool,
}

impl PostgresStore {
    /// A store in `place`; nothing is opened yet. No call takes longer than `timeout` once it has its turn.
    pub(crate) fn new(place: &PostgresPlace, timeout: Duration) -> Self {
        Self { pool: PostgresPool::new(place, timeout) }
    }

    /// Makes the tables, when the server is there. The manager does it before any module starts; when the server is away
    /// the session module does it later.
    ///
    /// # Errors
    /// What will not pass by itself: a wrong password, a database that does not exist or cannot be used.
    pub(crate) async fn migrate_at_start(place: &PostgresPlace, timeout: Duration) -> Result<(), String> {
        let pool = PostgresPool::new(place, timeout);
        let migrated = async { migrate(&mut pool.connect().await?).await };
        match tokio::time::timeout(pool.timeout(), migrated).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) if !is_away(&error) => Err(pool.words(&error)),
            Ok(Err(error)) => {
                let error = pool.words(&error);
                tracing::warn!(%error, "the sessions' database is away: starting without it");
                Ok(())
            }
            Err(_) => {
                tracing::warn!("the sessions' database does not answer: starting without it");
                Ok(())
            }
        }
    }
}

/// Whether `error` may pass by itself.
fn is_away(error: &sqlx::Error) -> bool {
    let code = match error {
        sqlx::Error::Database(error) => error.code(),
        sqlx::Error::Io(_) | sqlx::Error::Protocol(_) => return true,
        _ => return false,
    };
    // Classes: connection, resources, operator intervention; a lock or a time limit; a standby.
    let passing = ["08", "53", "57", "55P03", "25006"];
    code.is_some_and(|code| passing.iter().any(|class| code.starts_with(class)))
}

async fn migrate(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    let mut transaction = begin(connection).await?;
    let (encoding, exists): (String, bool) = sqlx::query_as(
        "SELECT current_setting('server_encoding'), to_regnamespace('fault_recovery_manager') IS NOT NULL",
    )
    .fetch_one(&mut *transaction)
    .await?;
    if encoding != "UTF8" {
        let reason = format!("the database's encoding is {encoding}, and only UTF8 holds every entry");
        return Err(sqlx::Error::Configuration(reason.into()));
    }
    // Asked first, because who may use a schema may not always make one.
    if !exists {
        sqlx::query("CREATE SCHEMA fault_recovery_manager").execute(&mut *transaction).await?;
    }
    MIGRATIONS.run_direct(None, &mut *transaction, false).await?;
    transaction.commit().await
}

/// Begins a writing transaction, alone: what the lock waited for is seen by the statements after it.
pub(super) async fn begin(connection: &mut PgConnection) -> Result<Transaction<'_, Postgres>, sqlx::Error> {
    let mut transaction = connection.begin_with("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE").await?;
    sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(LOCK).execute(&mut *transaction).await?;
    Ok(transaction)
}

async fn append(connection: &mut PgConnection, batch: &[NewEntry]) -> Result<Committed, sqlx::Error> {
    let mut transaction = begin(connection).await?;
    let created = insert(&mut transaction, batch).await?;
    let mut appended = vec![Appended::Created; batch.len()];
    let (mut new, mut old) = (Vec::with_capacity(batch.len()), Vec::new());
    let mut created: HashSet<(&str, u64)> =
        created.iter().map(|(session, seq)| (session.as_str(), seq.cast_unsigned())).collect();
    for (place, entry) in batch.iter().enumerate() {
        if created.remove(&(entry.session.as_str(), entry.seq)) {
            new.push(entry);
        } else {
            old.push(place);
        }
    }
    if !old.is_empty() {
        let entries: Vec<&NewEntry> = old.iter().map(|place| &batch[*place]).collect();
        let same = holds(&mut transaction, &entries).await?;
        for (place, same) in old.into_iter().zip(same) {
            appended[place] = if same { Appended::Same } else { Appended::Conflict };
        }
    }
    let totals = postgres_totals::add(&mut transaction, &new).await?;
    transaction.commit().await?;
    Ok(Committed { appended, totals })
}

/// Inserts what has a free place; of several with the same place the first. Answers what was inserted.
pub(super) async fn insert(
    connection: &mut PgConnection,
    batch: &[NewEntry],
) -> Result<Vec<(String, i64)>, sqlx::Error> {
    sqlx::query_as(
        "INSERT INTO fault_recovery_manager.entries (session, seq, payload, checksum) \
         SELECT session, seq, payload, checksum \
         FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[]) \
         WITH ORDINALITY AS batch (session, seq, payload, checksum, place) ORDER BY place \
         ON CONFLICT (session, seq) DO NOTHING RETURNING session, seq",
    )
    .bind(batch.iter().map(|entry| entry.session.as_str()).collect::<Vec<_>>())
    .bind(batch.iter().map(|entry| entry.seq.cast_signed()).collect::<Vec<_>>())
    .bind(batch.iter().map(|entry| entry.payload.as_str()).collect::<Vec<_>>())
    .bind(batch.iter().map(|entry| entry.checksum.as_str()).collect::<Vec<_>>())
    .fetch_all(connection)
    .await
}

/// For each of `entries`, whose places are all taken, whether it is the one that is there. Compared by the server: what
/// is there may be large.
async fn holds(connection: &mut PgConnection, entries: &[&NewEntry]) -> Result<Vec<bool>, sqlx::Error> {
    let rows: Vec<(bool,)> = sqlx::query_as(
        "SELECT there.payload = batch.payload \
         FROM unnest($1::text[], $2::bigint[], $3::text[]) WITH ORDINALITY AS batch (session, seq, payload, place) \
         JOIN fault_recovery_manager.entries AS there \
         ON there.session = batch.session AND there.seq = batch.seq ORDER BY place",
    )
    .bind(entries.iter().map(|entry| entry.session.as_str()).collect::<Vec<_>>())
    .bind(entries.iter().map(|entry| entry.seq.cast_signed()).collect::<Vec<_>>())
    .bind(entries.iter().map(|entry| entry.payload.as_str()).collect::<Vec<_>>())
    .fetch_all(connection)
    .await?;
    // Somebody else deletes: whose answer is whose is not known.
    if rows.len() != entries.len() {
        return Err(sqlx::Error::RowNotFound);
    }
    Ok(rows.into_iter().map(|(same,)| same).collect())
}

async fn page(
    connection: &mut PgConnection,
    session: &SessionId,
    after: Option<u64>,
    limit: u32,
    max_bytes: usize,
) -> Result<SessionPage, sqlx::Error> {
    // One view, so that the totals and the entries belong together.
    let mut transaction = connection.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
    let (count, last_seq): (i64, Option<i64>) =
        sqlx::query_as("SELECT count(*), max(seq) FROM fault_recovery_manager.entries WHERE session = $1")
            .bind(session.as_str())
            .fetch_one(&mut *transaction)
            .await?;
    // Lengths are known without reading the payloads, so nothing is read that does not fit.
    let rows: Vec<(i64, String, String)> = sqlx::query_as(
        "SELECT seq, payload, checksum FROM ( \
             SELECT seq, payload, checksum, row_number() OVER sofar AS place, \
                    sum(octet_length(payload)) OVER sofar AS bytes \
             FROM (SELECT seq, payload, checksum FROM fault_recovery_manager.entries \
                   WHERE session = $1 AND seq > $2 ORDER BY seq LIMIT $3) AS wanted \
             WINDOW sofar AS (ORDER BY seq ROWS UNBOUNDED PRECEDING) \
         ) AS counted WHERE place = 1 OR bytes <= $4 ORDER BY seq",
    )
    .bind(session.as_str())
    .bind(after.map_or(-1, u64::cast_signed))
    .bind(i64::from(limit))
    .bind(i64::try_from(max_bytes).unwrap_or(i64::MAX))
    .fetch_all(&mut *transaction)
    .await?;
    transaction.commit().await?;
    let entry =
        |(seq, payload, checksum): (i64, _, _)| StoredEntry { seq: seq.cast_unsigned(), payload, checksum };
    let entries = rows.into_iter().map(entry).collect();
    Ok(SessionPage { count: count.cast_unsigned(), last_seq: last_seq.map(i64::cast_unsigned), entries })
}

async fn digests(
    connection: &mut PgConnection,
    after: Option<&(SessionId, u64)>,
    of: Option<&SessionId>,
    limit: u32,
) -> Result<Vec<(SessionId, u64, String)>, sqlx::Error> {
    let (first, seq) = after.map_or(("", -1), |(session, seq)| (session.as_str(), seq.cast_signed()));
    let read = match of {
        Some(session) => sqlx::query_as(
            "SELECT session, seq, checksum FROM fault_recovery_manager.entries \
             WHERE session = $1 AND seq > $2 ORDER BY seq LIMIT $3",
        )
        .bind(session.as_str()),
        None => sqlx::query_as(
            "SELECT session, seq, checksum FROM fault_recovery_manager.entries \
             WHERE (session, seq) > ($1, $2) ORDER BY session, seq LIMIT $3",
        )
        .bind(first),
    };
    let rows: Vec<(String, i64, String)> =
        read.bind(seq).bind(i64::from(limit)).fetch_all(connection).await?;
    let named = |(session, seq, checksum): (String, i64, String)| {
        Some((session.parse().ok()?, seq.cast_unsigned(), checksum))
    };
    Ok(rows.into_iter().filter_map(named).collect())
}

impl DatabaseStore for PostgresStore {
    fn append<'a>(&'a self, batch: &'a [NewEntry]) -> StoreFuture<'a, Committed> {
        Box::pin(async {
            let mut lease = self.pool.lease().await?;
            let outcome = lease.deadline.limit(append(&mut lease.connection, batch)).await;
            self.pool.end(lease, outcome)
        })
    }

    fn totals<'a>(
        &'a self,
        after: Option<&'a SessionId>,
        limit: u32,
    ) -> StoreFuture<'a, Vec<(SessionId, Totals)>> {
        Box::pin(async move {
            let mut lease = self.pool.lease().await?;
            let read = sqlx::query_as(
                "SELECT session, count, last_seq, checksum FROM fault_recovery_manager.sessions \
                 WHERE session > $1 ORDER BY session LIMIT $2",
            );
            let read = read.bind(after.map_or("", SessionId::as_str)).bind(i64::from(limit));
            let outcome = lease.deadline.limit(read.fetch_all(&mut lease.connection)).await;
            let rows: Vec<TotalsRow> = self.pool.end(lease, outcome)?;
            Ok(rows.iter().filter_map(named).collect())
        })
    }

    fn totals_of<'a>(&'a self, session: &'a SessionId) -> StoreFuture<'a, Option<Totals>> {
        Box::pin(async move {
            let mut lease = self.pool.lease().await?;
            let outcome = lease.deadline.limit(postgres_totals::read(&mut lease.connection, session)).await;
            self.pool.end(lease, outcome)
        })
    }

    fn set_totals<'a>(
        &'a self,
        session: &'a SessionId,
        held: Option<&'a Totals>,
        totals: &'a Totals,
    ) -> StoreFuture<'a, bool> {
        Box::pin(async move {
            let mut lease = self.pool.lease().await?;
            let connection = &mut lease.connection;
            let correct = async {
                let mut transaction = begin(connection).await?;
                let unchanged = postgres_totals::read(&mut transaction, session).await?.as_ref() == held;
                if unchanged {
                    let totals = [(session.clone(), totals.clone())];
                    postgres_totals::write(&mut transaction, &totals).await?;
                }
                transaction.commit().await?;
                Ok(unchanged)
            };
            let outcome = lease.deadline.limit(correct).await;
            self.pool.end(lease, outcome)
        })
    }

    fn digests<'a>(
        &'a self,
        after: Option<&'a (SessionId, u64)>,
        of: Option<&'a SessionId>,
        limit: u32,
    ) -> StoreFuture<'a, Vec<(SessionId, u64, String)>> {
        Box::pin(async move {
            let mut lease = self.pool.lease().await?;
            let outcome = lease.deadline.limit(digests(&mut lease.connection, after, of, limit)).await;
            self.pool.end(lease, outcome)
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
            let mut lease = self.pool.lease_for_reader().await?;
            let read = page(&mut lease.connection, session, after, limit, max_bytes);
            let outcome = lease.deadline.limit(read).await;
            self.pool.end(lease, outcome)
        })
    }

    fn ping(&self) -> StoreFuture<'_, ()> {
        Box::pin(async {
            let mut lease = self.pool.lease().await?;
            let asked = sqlx::query("SELECT 1 FROM fault_recovery_manager.entries LIMIT 1");
            let outcome = lease.deadline.limit(asked.execute(&mut lease.connection)).await;
            self.pool.end(lease, outcome).map(|_| ())
        })
    }

    fn migrate(&self) -> StoreFuture<'_, ()> {
        Box::pin(async {
            let mut lease = self.pool.lease().await?;
            let outcome = lease.deadline.limit(migrate(&mut lease.connection)).await;
            self.pool.end(lease, outcome)
        })
    }
}

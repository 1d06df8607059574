//! The embedded database: totals per session, kept beside the entries.

use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use super::totals_row::{TotalsRow, add_to, named, touched};
use super::{NewEntry, Totals};
use crate::module::SessionId;

/// 4 × 200 bound values stay far below SQLite's limit.
const SESSIONS_PER_STATEMENT: usize = 200;

pub(super) async fn read(
    connection: &mut SqliteConnection,
    session: &SessionId,
) -> Result<Option<Totals>, sqlx::Error> {
    let row: Option<TotalsRow> =
        sqlx::query_as("SELECT session, count, last_seq, checksum FROM sessions WHERE session = ?1")
            .bind(session.as_str())
            .fetch_optional(connection)
            .await?;
    Ok(row.as_ref().and_then(named).map(|(_, totals)| totals))
}

pub(super) async fn write(
    connection: &mut SqliteConnection,
    session: &SessionId,
    totals: &Totals,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO sessions (session, count, last_seq, checksum) VALUES (?1, ?2, ?3, ?4) \
         ON CONFLICT (session) DO UPDATE SET count = ?2, last_seq = ?3, checksum = ?4",
    )
    .bind(session.as_str())
    .bind(totals.count.cast_signed())
    .bind(totals.last_seq.cast_signed())
    .bind(totals.checksum.to_hex())
    .execute(connection)
    .await?;
    Ok(())
}

/// Adds entries that are new to their sessions' totals; answers those. One statement reads and one writes for many
/// sessions: every other writer waits for this transaction.
pub(super) async fn add(
    connection: &mut SqliteConnection,
    created: &[&NewEntry],
) -> Result<Vec<(SessionId, Totals)>, sqlx::Error> {
    let mut touched = touched(created);
    let names: Vec<SessionId> = touched.keys().cloned().collect();
    for chunk in names.chunks(SESSIONS_PER_STATEMENT) {
        let mut select = QueryBuilder::<Sqlite>::new(
            "SELECT session, count, last_seq, checksum FROM sessions WHERE session IN (",
        );
        let mut list = select.separated(", ");
        for session in chunk {
            list.push_bind(session.as_str());
        }
        select.push(")");
        let rows: Vec<TotalsRow> =
            select.build_query_as().persistent(false).fetch_all(&mut *connection).await?;
        touched.extend(rows.iter().filter_map(named));
    }
    let answer = add_to(touched, created);
    for chunk in answer.chunks(SESSIONS_PER_STATEMENT) {
        let mut insert =
            QueryBuilder::<Sqlite>::new("INSERT INTO sessions (session, count, last_seq, checksum) ");
        insert.push_values(chunk, |mut row, (session, totals)| {
            row.push_bind(session.as_str())
                .push_bind(totals.count.cast_signed())
                .push_bind(totals.last_seq.cast_signed())
                .push_bind(totals.checksum.to_hex());
        });
        insert.push(
            " ON CONFLICT (session) DO UPDATE SET count = excluded.count, last_seq = excluded.last_seq, \
             checksum = excluded.checksum",
        );
        insert.build().persistent(false).execute(&mut *connection).await?;
    }
    Ok(answer)
}

//! The database on PostgreSQL: totals per session, kept beside the entries.

use sqlx::postgres::PgConnection;

use super::totals_row::{TotalsRow, add_to, named, touched};
use super::{NewEntry, Totals};
use crate::module::SessionId;

pub(super) async fn read(
    connection: &mut PgConnection,
    session: &SessionId,
) -> Result<Option<Totals>, sqlx::Error> {
    let row: Option<TotalsRow> = sqlx::query_as(
        "SELECT session, count, last_seq, checksum FROM fault_recovery_manager.sessions WHERE session = $1",
    )
    .bind(session.as_str())
    .fetch_optional(connection)
    .await?;
    Ok(row.as_ref().and_then(named).map(|(_, totals)| totals))
}

pub(super) async fn write(
    connection: &mut PgConnection,
    totals: &[(SessionId, Totals)],
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO fault_recovery_manager.sessions (session, count, last_seq, checksum) \
         SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::text[]) \
         ON CONFLICT (session) DO UPDATE SET \
         count = excluded.count, last_seq = excluded.last_seq, checksum = excluded.checksum",
    )
    .bind(totals.iter().map(|(session, _)| session.as_str()).collect::<Vec<_>>())
    .bind(totals.iter().map(|(_, totals)| totals.count.cast_signed()).collect::<Vec<_>>())
    .bind(totals.iter().map(|(_, totals)| totals.last_seq.cast_signed()).collect::<Vec<_>>())
    .bind(totals.iter().map(|(_, totals)| totals.checksum.to_hex()).collect::<Vec<_>>())
    .execute(connection)
    .await?;
    Ok(())
}

/// Adds entries that are new to their sessions' totals; answers those. Only under the lock of appends.
pub(super) async fn add(
    connection: &mut PgConnection,
    created: &[&NewEntry],
) -> Result<Vec<(SessionId, Totals)>, sqlx::Error> {
    if created.is_empty() {
        return Ok(Vec::new());
    }
    let mut touched = touched(created);
    let names: Vec<&str> = touched.keys().map(SessionId::as_str).collect();
    let rows: Vec<TotalsRow> = sqlx::query_as(
        "SELECT session, count, last_seq, checksum FROM fault_recovery_manager.sessions WHERE session = ANY($1)",
    )
    .bind(&names)
    .fetch_all(&mut *connection)
    .await?;
    touched.extend(rows.iter().filter_map(named));
    let answer = add_to(touched, created);
    write(connection, &answer).await?;
    Ok(answer)
}

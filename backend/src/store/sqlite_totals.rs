//! The embedded database: totals per session, kept beside the entries.

use std::collections::HashMap;

use sqlx::SqliteConnection;

use super::{NewEntry, Totals};
use crate::module::{SessionId, SetChecksum};

pub(super) type TotalsRow = (String, i64, i64, String);

/// Names are checked before they are stored: a row with another one is not ours.
pub(super) fn named(row: &TotalsRow) -> Option<(SessionId, Totals)> {
    let (session, count, last_seq, checksum) = row;
    let checksum = SetChecksum::from_hex(checksum).unwrap_or_default();
    let totals = Totals { count: count.cast_unsigned(), last_seq: last_seq.cast_unsigned(), checksum };
    Some((session.parse().ok()?, totals))
}

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

/// Adds entries that are new to their sessions' totals; answers those.
pub(super) async fn add(
    connection: &mut SqliteConnection,
    created: &[&NewEntry],
) -> Result<Vec<(SessionId, Totals)>, sqlx::Error> {
    let mut touched: HashMap<&SessionId, Totals> = HashMap::new();
    for entry in created {
        if !touched.contains_key(&entry.session) {
            let before = read(connection, &entry.session).await?.unwrap_or_default();
            touched.insert(&entry.session, before);
        }
        if let Some(totals) = touched.get_mut(&entry.session) {
            totals.add(entry.seq, &entry.checksum);
        }
    }
    let mut answer = Vec::with_capacity(touched.len());
    for (session, totals) in touched {
        write(connection, session, &totals).await?;
        answer.push((session.clone(), totals));
    }
    Ok(answer)
}

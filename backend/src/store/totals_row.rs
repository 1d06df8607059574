//! Totals as a row of a table, the same in every database.

use std::collections::HashMap;

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

/// The sessions of `entries`, without totals.
pub(super) fn touched(entries: &[&NewEntry]) -> HashMap<SessionId, Totals> {
    entries.iter().map(|entry| (entry.session.clone(), Totals::default())).collect()
}

/// Adds `entries` to what their sessions had.
pub(super) fn add_to(
    mut touched: HashMap<SessionId, Totals>,
    entries: &[&NewEntry],
) -> Vec<(SessionId, Totals)> {
    for entry in entries {
        if let Some(totals) = touched.get_mut(&entry.session) {
            totals.add(entry.seq, &entry.checksum);
        }
    }
    touched.into_iter().collect()
}

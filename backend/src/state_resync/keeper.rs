//! The keeper: looks after the stores, and starts a resync when one is back.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::store::{Condition, DatabaseStore, EntryLog};

/// How often a store that is up is asked: an outage without any traffic is noticed that soon.
const UP_PERIOD: Duration = Duration::from_millis(200);
/// How often a store that is down is asked.
const DOWN_PERIOD: Duration = Duration::from_millis(50);

/// Looks after the stores for as long as the process lives.
pub(crate) async fn keep(
    database: Arc<dyn DatabaseStore>,
    log: Arc<EntryLog>,
    condition: Arc<Condition>,
    conflicts: PathBuf,
) {
    let mut migrated = false;
    loop {
        // A store that was away may have come back empty.
        let up = migrated && condition.database_is_up();
        let asked = if up { database.ping().await } else { database.migrate().await };
        match asked {
            Ok(()) => {
                migrated = true;
                condition.database_answered();
                replay(&log, &conflicts).await;
            }
            Err(error) => condition.database_failed(&error),
        }
        let period = if condition.database_is_up() { UP_PERIOD } else { DOWN_PERIOD };
        tokio::time::sleep(period).await;
    }
}

async fn replay(log: &EntryLog, conflicts: &std::path::Path) {
    let outcome = match log.has_spooled().await {
        Ok(false) => return,
        Ok(true) => log.replay(conflicts).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(done) => tracing::info!(
            replayed = done.replayed,
            conflicts = done.conflicts.len(),
            damaged = done.damaged,
            "replayed the spool"
        ),
        Err(error) => tracing::error!(%error, "cannot replay the spool yet; trying again"),
    }
}

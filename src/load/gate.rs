//! Holds the traffic users still, so that what is read back is not written to meanwhile.

use std::sync::Arc;

use tokio::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};

/// The gate in front of every request of a traffic user. Cheap to clone.
///
/// It is a lock in which users are the readers: who holds the users still waits for the requests that are under way, and
/// because the lock is fair no new one begins before.
#[derive(Debug, Clone, Default)]
pub struct Gate(Arc<RwLock<()>>);

impl Gate {
    /// Waits until the users may go on; keep the answer for as long as a request is under way.
    pub async fn pass(&self) -> RwLockReadGuard<'_, ()> {
        self.0.read().await
    }

    /// Waits until no request is under way and holds the users for as long as the answer lives.
    pub async fn hold(&self) -> RwLockWriteGuard<'_, ()> {
        self.0.write().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn holding_waits_for_what_is_under_way_and_keeps_the_rest_back() {
        let gate = Gate::default();
        let under_way = gate.pass().await;
        let moment = std::time::Duration::from_millis(1);
        assert!(tokio::time::timeout(moment, gate.hold()).await.is_err(), "a request is under way");
        drop(under_way);
        let held = gate.hold().await;
        assert!(tokio::time::timeout(moment, gate.pass()).await.is_err(), "nobody may pass");
        drop(held);
        drop(gate.pass().await);
    }
}

//! Group commit: a commit costs the disk several milliseconds, so everything that waits meanwhile goes into the next
//! one together.

use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use super::{EntryLog, NewEntry, StoreError, Written};

/// Appends that may wait; a caller beyond them is told that the store is busy.
const QUEUE: usize = 4_096;
/// Appends in one transaction.
pub(super) const BATCH: usize = 512;
/// Payload bytes in one transaction, so that one of the largest entries is within a store's time limit as well.
const BATCH_BYTES: usize = 4 * 1024 * 1024;

struct Waiting {
    entry: NewEntry,
    answer: oneshot::Sender<Result<Written, StoreError>>,
}

/// The single writer in front of an [`EntryLog`].
#[derive(Clone, Debug)]
pub(crate) struct GroupCommit {
    queue: mpsc::Sender<Waiting>,
}

impl GroupCommit {
    /// Starts the writer; it ends when the last handle is dropped.
    pub(crate) fn start(log: Arc<EntryLog>) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE);
        tokio::spawn(write(log, waiting));
        Self { queue }
    }

    /// Appends `entry`; durable when this answers [`Appended::Created`](super::Appended) or
    /// [`Appended::Same`](super::Appended).
    pub(crate) async fn append(&self, entry: NewEntry) -> Result<Written, StoreError> {
        let (answer, answered) = oneshot::channel();
        self.queue.try_send(Waiting { entry, answer }).map_err(|_| StoreError::Busy)?;
        answered.await.unwrap_or_else(|_| Err(StoreError::Failed("the writer ended".to_owned())))
    }
}

async fn write(log: Arc<EntryLog>, mut waiting: mpsc::Receiver<Waiting>) {
    let mut group = Vec::with_capacity(BATCH);
    while !group.is_empty() || waiting.recv_many(&mut group, BATCH).await > 0 {
        let fits = fits(group.iter().map(|waiting| waiting.entry.payload.len()));
        let (batch, answers): (Vec<_>, Vec<_>) =
            group.drain(..fits).map(|waiting| (waiting.entry, waiting.answer)).unzip();
        let outcomes = log.append(&batch).await;
        for (answer, outcome) in answers.into_iter().zip(outcomes) {
            // A caller that went away does not need its answer.
            let _ = answer.send(outcome);
        }
    }
}

/// How many of the payloads with these `lengths` go into one transaction: at least one.
fn fits(lengths: impl Iterator<Item = usize>) -> usize {
    let mut bytes = 0;
    let within = |length: &usize| {
        bytes += length;
        bytes <= BATCH_BYTES
    };
    lengths.take_while(within).count().max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transaction_takes_what_fits_and_one_entry_always() {
        assert_eq!(fits([10; 3].into_iter()), 3);
        assert_eq!(fits([BATCH_BYTES, 1].into_iter()), 1);
        assert_eq!(fits([BATCH_BYTES + 1, 1].into_iter()), 1);
        assert_eq!(fits([BATCH_BYTES - 1, 1, 1].into_iter()), 2);
    }
}

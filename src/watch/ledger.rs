//! What was acknowledged: the book of a run.
//!
//! Every user appends to a session of its own with `seq` 1, 2, 3, …, and sends an entry again until it is
//! acknowledged. So a few numbers a session say everything, however long the run; and what an entry must hold
//! follows from its session and `seq`. `read_back` reads everything back and compares.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use super::read_back::{self, Runs};
use crate::journal::event::Ledger;
use crate::target::Api;

/// The ledger of a run. Its memory is in proportion to the sessions, not to the entries.
#[derive(Debug)]
pub struct LedgerBook {
    run: String,
    sessions: Vec<SessionLedger>,
    /// Acknowledged entries that were safe in the spool when they were answered.
    spooled: AtomicU64,
    /// Whether a read-back has been made between two faults: from then on it is told what is newly damaged.
    read_before: AtomicBool,
}

/// One session: entries 1 to `acknowledged` were answered 2xx, entries up to `sent` were sent.
#[derive(Debug, Default)]
struct SessionLedger {
    sent: AtomicU64,
    acknowledged: AtomicU64,
    /// What earlier read-backs have found lost or stale.
    damaged: Mutex<Runs>,
}

/// What a session must hold.
#[derive(Debug, Clone)]
pub(super) struct Expected {
    pub(super) user: usize,
    pub(super) session: String,
    pub(super) sent: u64,
    pub(super) acknowledged: u64,
}

/// What entry `seq` of `session` holds, a checksum of both included: it follows from the two, so that nothing has to
/// be remembered.
#[must_use]
pub fn payload(session: &str, seq: u64) -> String {
    // FNV-1a, for a text that differs in many places between neighbours.
    let hash = session
        .bytes()
        .chain(seq.to_le_bytes())
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
    format!("entry {seq} of {session}: {hash:016x}")
}

impl LedgerBook {
    /// An empty ledger for `users` goose users of run `run`.
    #[must_use]
    pub fn new(run: &str, users: usize) -> Self {
        Self {
            run: run.to_owned(),
            sessions: (0..users).map(|_| SessionLedger::default()).collect(),
            spooled: AtomicU64::new(0),
            read_before: AtomicBool::new(false),
        }
    }

    /// The session of goose user `user`.
    #[must_use]
    pub fn session(&self, user: usize) -> String {
        format!("{}-u{user}", self.run)
    }

    /// The entry that `user` sends next: the first that is not acknowledged.
    #[must_use]
    pub fn next(&self, user: usize) -> u64 {
        let Some(session) = self.sessions.get(user) else { return 1 };
        let seq = session.acknowledged.load(Ordering::Relaxed) + 1;
        session.sent.fetch_max(seq, Ordering::Relaxed);
        seq
    }

    /// Entry `seq` of `user` was answered 2xx; `spooled` when the answer said that it waits in the spool.
    pub fn acknowledged(&self, user: usize, seq: u64, spooled: bool) {
        if let Some(session) = self.sessions.get(user) {
            session.acknowledged.fetch_max(seq, Ordering::Relaxed);
            self.spooled.fetch_add(u64::from(spooled), Ordering::Relaxed);
        }
    }

    /// The last entry of `user` that was answered 2xx; 0 when none was.
    #[must_use]
    pub fn last_acknowledged(&self, user: usize) -> u64 {
        self.sessions.get(user).map_or(0, |session| session.acknowledged.load(Ordering::Relaxed))
    }

    /// Reads every session back and says what became of every entry. Call it while no user writes. With `stores`,
    /// each session's state in the cache is compared with that in the database.
    pub async fn read_back(&self, api: &Api, stores: bool) -> Ledger {
        let expected = (0..self.sessions.len()).filter_map(|user| self.expected(user)).collect();
        let (mut ledger, damaged) = read_back::read_all(api, expected, stores).await;
        let mut newly = 0;
        for (user, runs) in damaged {
            let mut known = self.sessions[user].damaged.lock().unwrap_or_else(PoisonError::into_inner);
            newly += runs.count_outside(&known);
            *known = runs;
        }
        if stores || self.read_before.load(Ordering::Relaxed) {
            self.read_before.store(true, Ordering::Relaxed);
            ledger.newly_damaged = Some(newly);
        }
        ledger.spooled = Some(self.spooled.load(Ordering::Relaxed));
        ledger
    }

    fn expected(&self, user: usize) -> Option<Expected> {
        let session = self.sessions.get(user)?;
        let (sent, acknowledged) =
            (session.sent.load(Ordering::Relaxed), session.acknowledged.load(Ordering::Relaxed));
        (sent > 0).then(|| Expected { user, session: self.session(user), sent, acknowledged })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sends_an_entry_again_until_it_is_acknowledged() {
        let book = LedgerBook::new("run", 2);
        assert_eq!((book.next(0), book.next(0)), (1, 1));
        book.acknowledged(0, 1, false);
        assert_eq!((book.next(0), book.next(1)), (2, 1));
        assert_eq!(book.last_acknowledged(0), 1);
        assert!(book.expected(0).is_some_and(|expected| expected.sent == 2 && expected.acknowledged == 1));
    }
}

//! What was acknowledged, and what a complete read-back shows of it afterwards.
//!
//! Every user appends to a session of its own with `seq` 1, 2, 3, …, and sends an entry again until it is
//! acknowledged. So two numbers a session say everything, however long the run; and what an entry must hold
//! follows from its session and `seq`.

use std::sync::atomic::{AtomicU64, Ordering};

use serde::Deserialize;
use tokio::task::JoinSet;

use crate::journal::event::Ledger;
use crate::target::Api;

/// Entries per page of the read-back.
const PAGE: u64 = 1000;
/// Sessions read at a time.
const READERS: usize = 8;
/// A session that cannot be read is tried this often in all.
const TRIES: u32 = 5;

/// The ledger of a run.
#[derive(Debug)]
pub struct LedgerBook {
    run: String,
    sessions: Vec<SessionLedger>,
}

/// One session: entries 1 to `acknowledged` were answered 2xx, entries up to `sent` were sent.
#[derive(Debug, Default)]
struct SessionLedger {
    sent: AtomicU64,
    acknowledged: AtomicU64,
}

/// What a session must hold.
#[derive(Debug, Clone)]
struct Expected {
    session: String,
    sent: u64,
    acknowledged: u64,
}

/// A page of `GET /api/sessions/{id}/entries`.
#[derive(Debug, Deserialize)]
struct EntryPage {
    entries: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
struct Entry {
    seq: u64,
    payload: serde_json::Value,
}

/// What entry `seq` of `session` holds: it follows from the two, so that nothing has to be remembered.
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
        Self { run: run.to_owned(), sessions: (0..users).map(|_| SessionLedger::default()).collect() }
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

    /// Entry `seq` of `user` was answered 2xx.
    pub fn acknowledged(&self, user: usize, seq: u64) {
        if let Some(session) = self.sessions.get(user) {
            session.acknowledged.fetch_max(seq, Ordering::Relaxed);
        }
    }

    /// The last entry of `user` that was answered 2xx; 0 when none was.
    #[must_use]
    pub fn last_acknowledged(&self, user: usize) -> u64 {
        self.sessions.get(user).map_or(0, |session| session.acknowledged.load(Ordering::Relaxed))
    }

    /// Reads every session back and says what became of every entry. Call it when no user writes any more.
    pub async fn read_back(&self, api: &Api) -> Ledger {
        let mut waiting: Vec<Expected> =
            (0..self.sessions.len()).filter_map(|user| self.expected(user)).collect();
        let mut readers = JoinSet::new();
        let mut total = Ledger::default();
        loop {
            while readers.len() < READERS {
                let Some(expected) = waiting.pop() else { break };
                readers.spawn(read_session(api.clone(), expected));
            }
            match readers.join_next().await {
                Some(Ok(counts)) => total = sum(total, counts),
                Some(Err(_)) => {}
                None => return total,
            }
        }
    }

    fn expected(&self, user: usize) -> Option<Expected> {
        let session = self.sessions.get(user)?;
        let (sent, acknowledged) =
            (session.sent.load(Ordering::Relaxed), session.acknowledged.load(Ordering::Relaxed));
        (sent > 0).then(|| Expected { session: self.session(user), sent, acknowledged })
    }
}

async fn read_session(api: Api, expected: Expected) -> Ledger {
    for attempt in 0..TRIES {
        if attempt > 0 {
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        }
        if let Some(entries) = read_entries(&api, &expected.session).await {
            return classify(&expected, &entries);
        }
    }
    Ledger { acknowledged: expected.acknowledged, never_read: expected.acknowledged, ..Ledger::default() }
}

/// All entries of a session in order; `None` when any page could not be read.
async fn read_entries(api: &Api, session: &str) -> Option<Vec<Entry>> {
    let mut all: Vec<Entry> = Vec::new();
    loop {
        let after = all.last().map_or(0, |entry| entry.seq);
        let answer =
            api.get(&format!("/api/sessions/{session}/entries?after={after}&limit={PAGE}")).await.ok()?;
        if answer.status != 200 {
            return None;
        }
        let page: EntryPage = answer.json("GET entries").ok()?;
        // A page that does not move on would be read for ever.
        let moved = page.entries.last().is_some_and(|entry| entry.seq > after);
        all.extend(page.entries);
        if !moved {
            return Some(all);
        }
    }
}

/// What became of the entries of one session.
fn classify(expected: &Expected, entries: &[Entry]) -> Ledger {
    let mut ledger = Ledger { acknowledged: expected.acknowledged, ..Ledger::default() };
    let mut seen = vec![false; usize::try_from(expected.acknowledged).unwrap_or(0)];
    for entry in entries {
        let place =
            entry.seq.checked_sub(1).and_then(|at| usize::try_from(at).ok()).and_then(|at| seen.get_mut(at));
        match place {
            Some(seen) if !*seen => {
                *seen = true;
                if entry.payload == payload(&expected.session, entry.seq) {
                    ledger.stable += 1;
                } else {
                    ledger.stale += 1;
                }
            }
            // Sent and not answered: that it is there is as good as that it is not.
            None if (expected.acknowledged + 1..=expected.sent).contains(&entry.seq) => {}
            // Twice the same, or never sent.
            _ => ledger.unexpected += 1,
        }
    }
    ledger.lost = ledger.acknowledged - ledger.stable - ledger.stale;
    ledger.indeterminate = expected.sent - expected.acknowledged;
    ledger
}

fn sum(a: Ledger, b: Ledger) -> Ledger {
    Ledger {
        acknowledged: a.acknowledged + b.acknowledged,
        stable: a.stable + b.stable,
        stale: a.stale + b.stale,
        lost: a.lost + b.lost,
        never_read: a.never_read + b.never_read,
        unexpected: a.unexpected + b.unexpected,
        indeterminate: a.indeterminate + b.indeterminate,
        ..Ledger::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(seq: u64) -> Entry {
        Entry { seq, payload: payload("s", seq).into() }
    }

    #[test]
    fn tells_stable_stale_lost_unexpected_and_indeterminate_apart() {
        let expected = Expected { session: "s".to_owned(), sent: 5, acknowledged: 4 };
        let altered = Entry { seq: 2, payload: "something else".into() };
        // 1 stable, 2 altered, 3 missing, 4 twice, 5 sent without an answer, 9 never sent.
        let ledger = classify(&expected, &[entry(1), altered, entry(4), entry(4), entry(5), entry(9)]);
        let found = Ledger {
            acknowledged: 4,
            stable: 2,
            stale: 1,
            lost: 1,
            never_read: 0,
            unexpected: 2,
            indeterminate: 1,
            ..Ledger::default()
        };
        assert_eq!(ledger, found);
    }

    #[test]
    fn sends_an_entry_again_until_it_is_acknowledged() {
        let book = LedgerBook::new("run", 2);
        assert_eq!((book.next(0), book.next(0)), (1, 1));
        book.acknowledged(0, 1);
        assert_eq!((book.next(0), book.next(1)), (2, 1));
        assert_eq!(book.last_acknowledged(0), 1);
        assert!(book.expected(0).is_some_and(|expected| expected.sent == 2 && expected.acknowledged == 1));
    }
}

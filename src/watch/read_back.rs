//! Reads every session back, page by page, and says what became of every entry that was acknowledged.

use std::time::Duration;

use serde::Deserialize;
use tokio::task::JoinSet;

use super::ledger::{Expected, payload};
use crate::journal::event::Ledger;
use crate::target::Api;

/// Entries per page.
const PAGE: u64 = 1000;
/// Sessions read at a time.
const READERS: usize = 8;
/// A session that cannot be read, or of which the stores do not agree, is asked again after this pause …
const PAUSE: Duration = Duration::from_millis(200);
/// … this often in all: what is a little behind is no damage.
const TRIES: u32 = 15;

/// Numbers of entries, as runs of neighbours in ascending order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Runs(Vec<(u64, u64)>);

impl Runs {
    /// Adds `first` to `last`; nothing that was added before lies behind them.
    fn add(&mut self, first: u64, last: u64) {
        match self.0.last_mut() {
            _ if first > last => {}
            Some((_, end)) if *end + 1 >= first => *end = (*end).max(last),
            _ => self.0.push((first, last)),
        }
    }

    /// How many of them are not in `known`.
    pub(super) fn count_outside(&self, known: &Self) -> u64 {
        let shared = |&(first, last): &(u64, u64)| {
            let overlap = |&(from, to): &(u64, u64)| (last.min(to) + 1).saturating_sub(first.max(from));
            (last + 1 - first) - known.0.iter().map(overlap).sum::<u64>()
        };
        self.0.iter().map(shared).sum()
    }
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

/// `GET /api/sessions/{id}/state`: the same from either store, when they agree.
#[derive(Debug, PartialEq, Eq, Deserialize)]
struct State {
    count: u64,
    last_seq: Option<u64>,
    checksum: String,
}

/// What became of one session.
#[derive(Debug)]
struct Found {
    user: usize,
    ledger: Ledger,
    damaged: Runs,
}

/// Reads all sessions; with what became of their entries in sum, and which are damaged in each.
pub(super) async fn read_all(
    api: &Api,
    mut waiting: Vec<Expected>,
    stores: bool,
) -> (Ledger, Vec<(usize, Runs)>) {
    let mut readers = JoinSet::new();
    let (mut total, mut damaged) = (Ledger::default(), Vec::new());
    loop {
        while readers.len() < READERS {
            let Some(expected) = waiting.pop() else { break };
            readers.spawn(read_session(api.clone(), expected, stores));
        }
        match readers.join_next().await {
            Some(Ok(found)) => {
                total = sum(&total, &found.ledger);
                damaged.push((found.user, found.damaged));
            }
            Some(Err(_)) => {}
            None => return (total, damaged),
        }
    }
}

async fn read_session(api: Api, expected: Expected, stores: bool) -> Found {
    let mut found = None;
    for attempt in 0..TRIES {
        if attempt > 0 {
            tokio::time::sleep(PAUSE).await;
        }
        found = read_entries(&api, &expected).await;
        if found.is_some() {
            break;
        }
    }
    let mut found = found.unwrap_or_else(|| {
        let acknowledged = expected.acknowledged;
        let ledger = Ledger { acknowledged, never_read: acknowledged, ..Ledger::default() };
        Found { user: expected.user, ledger, damaged: Runs::default() }
    });
    if stores && let Some(agree) = stores_agree(&api, &expected.session).await {
        (found.ledger.compared, found.ledger.cache_differs) = (Some(1), Some(u64::from(!agree)));
    }
    found
}

/// Reads all entries of a session in order; `None` when any page could not be read.
async fn read_entries(api: &Api, expected: &Expected) -> Option<Found> {
    let mut reading = Reading::new(expected);
    let mut after = 0;
    loop {
        let path = format!("/api/sessions/{}/entries?after={after}&limit={PAGE}", expected.session);
        let answer = api.get(&path).await.ok()?;
        if answer.status != 200 {
            return None;
        }
        let page: EntryPage = answer.json("GET entries").ok()?;
        page.entries.iter().for_each(|entry| reading.entry(entry));
        // A page that does not move on would be read for ever.
        match page.entries.last() {
            Some(last) if last.seq > after => after = last.seq,
            _ => return Some(reading.finish()),
        }
    }
}

/// Whether cache and database say the same of a session; `None` when the target cannot be asked so. The cache is
/// written a little later than the database, so a difference has to last.
async fn stores_agree(api: &Api, session: &str) -> Option<bool> {
    for _ in 0..TRIES {
        let cache = api.get(&format!("/api/sessions/{session}/state?source=cache")).await.ok();
        let database = api.get(&format!("/api/sessions/{session}/state?source=database")).await.ok();
        if let (Some(cache), Some(database)) = (cache, database) {
            if cache.status == 404 || database.status == 404 {
                return None;
            }
            let state = |answer: crate::target::api::Answer| answer.json::<State>("GET state").ok();
            if let (200, 200) = (cache.status, database.status)
                && let (Some(cache), Some(database)) = (state(cache), state(database))
                && cache == database
            {
                return Some(true);
            }
        }
        tokio::time::sleep(PAUSE).await;
    }
    Some(false)
}

/// Classifies the entries of one session as they come, in constant memory.
struct Reading<'a> {
    expected: &'a Expected,
    /// The entry that comes next if none is missing.
    next: u64,
    ledger: Ledger,
    damaged: Runs,
}

impl<'a> Reading<'a> {
    fn new(expected: &'a Expected) -> Self {
        let ledger = Ledger { acknowledged: expected.acknowledged, ..Ledger::default() };
        Self { expected, next: 1, ledger, damaged: Runs::default() }
    }

    fn entry(&mut self, entry: &Entry) {
        let Expected { session, sent, acknowledged, .. } = self.expected;
        if entry.seq < self.next || entry.seq > *sent {
            // Twice the same, or never sent.
            self.ledger.unexpected += 1;
            return;
        }
        self.missing(entry.seq);
        self.next = entry.seq + 1;
        // What was sent and not answered may be there or not.
        if entry.seq <= *acknowledged {
            if entry.payload == payload(session, entry.seq) {
                self.ledger.stable += 1;
            } else {
                self.ledger.stale += 1;
                self.damaged.add(entry.seq, entry.seq);
            }
        }
    }

    /// No entry from the expected one up to before `end` has come.
    fn missing(&mut self, end: u64) {
        let end = end.min(self.expected.acknowledged + 1);
        if self.next < end {
            self.ledger.lost += end - self.next;
            self.damaged.add(self.next, end - 1);
        }
    }

    fn finish(mut self) -> Found {
        self.missing(u64::MAX);
        self.ledger.indeterminate = self.expected.sent - self.expected.acknowledged;
        Found { user: self.expected.user, ledger: self.ledger, damaged: self.damaged }
    }
}

fn sum(a: &Ledger, b: &Ledger) -> Ledger {
    let either = |a: Option<u64>, b: Option<u64>| a.or(b).map(|_| a.unwrap_or(0) + b.unwrap_or(0));
    Ledger {
        acknowledged: a.acknowledged + b.acknowledged,
        stable: a.stable + b.stable,
        stale: a.stale + b.stale,
        lost: a.lost + b.lost,
        never_read: a.never_read + b.never_read,
        unexpected: a.unexpected + b.unexpected,
        indeterminate: a.indeterminate + b.indeterminate,
        compared: either(a.compared, b.compared),
        cache_differs: either(a.cache_differs, b.cache_differs),
        ..Ledger::default()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn entry(seq: u64) -> Entry {
        Entry { seq, payload: payload("s", seq).into() }
    }

    fn classify(sent: u64, acknowledged: u64, entries: &[Entry]) -> Found {
        let expected = Expected { user: 0, session: "s".to_owned(), sent, acknowledged };
        let mut reading = Reading::new(&expected);
        entries.iter().for_each(|entry| reading.entry(entry));
        reading.finish()
    }

    #[test]
    fn tells_stable_stale_lost_unexpected_and_indeterminate_apart() {
        let altered = Entry { seq: 2, payload: "something else".into() };
        // 1 stable, 2 altered, 3 missing, 4 twice, 5 sent without an answer, 9 never sent.
        let found = classify(5, 4, &[entry(1), altered, entry(4), entry(4), entry(5), entry(9)]);
        let expected = Ledger {
            acknowledged: 4,
            stable: 2,
            stale: 1,
            lost: 1,
            unexpected: 2,
            indeterminate: 1,
            ..Ledger::default()
        };
        assert_eq!(found.ledger, expected);
        assert_eq!(found.damaged, Runs(vec![(2, 3)]));
    }

    #[test]
    fn an_empty_session_has_lost_everything() {
        let found = classify(3, 3, &[]);
        assert_eq!((found.ledger.lost, found.damaged), (3, Runs(vec![(1, 3)])));
    }

    #[test]
    fn counts_only_the_damage_that_is_new() {
        let known = Runs(vec![(2, 3), (10, 10)]);
        assert_eq!(Runs(vec![(1, 4), (10, 12)]).count_outside(&known), 4);
        assert_eq!(known.count_outside(&known), 0);
        assert_eq!(known.count_outside(&Runs::default()), 3);
    }

    proptest! {
        #[test]
        fn every_acknowledged_entry_is_stable_stale_or_lost(
            acknowledged in 0u64..30,
            unanswered in 0u64..3,
            present in proptest::collection::btree_map(1u64..40, any::<bool>(), 0..40),
        ) {
            let entries: Vec<_> = present
                .iter()
                .map(|(seq, whole)| if *whole { entry(*seq) } else { Entry { seq: *seq, payload: 0.into() } })
                .collect();
            let found = classify(acknowledged + unanswered, acknowledged, &entries);
            let Ledger { stable, stale, lost, .. } = found.ledger;
            prop_assert_eq!(stable + stale + lost, acknowledged);
            prop_assert_eq!(found.damaged.count_outside(&Runs::default()), stale + lost);
        }
    }
}

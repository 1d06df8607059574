//! What was sent and acknowledged, and what became of it.

use rand::distr::{Alphanumeric, SampleString as _};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

/// Most texts are short, some are longer than a page of the database.
const SHORT: usize = 300;
const LONG: usize = 12_000;

/// All that is remembered of a session: a writer goes on to the next `seq` only when the last one was acknowledged, so
/// everything up to a number was, and nothing behind another one was ever sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sent {
    pub(super) acknowledged: u64,
    pub(super) attempted: u64,
}

/// A session as it is read back: the backend's own count, and `seq` and payload of every entry.
#[derive(Debug)]
pub(super) struct ReadBack {
    pub(super) count: u64,
    pub(super) entries: Vec<(u64, Value)>,
}

/// What `writer` sends as its entry `seq`: always the same, and nobody else's.
pub(super) fn payload(seed: u64, writer: usize, seq: u64) -> Value {
    let mut rng = ChaCha8Rng::seed_from_u64(seed ^ (writer as u64 + 1).rotate_left(40) ^ seq.rotate_left(20));
    let longest = if rng.random_ratio(1, 50) { LONG } else { SHORT };
    let length = rng.random_range(0..=longest);
    let text = Alphanumeric.sample_string(&mut rng, length);
    json!({"writer": writer, "seq": seq, "share": rng.random::<f64>(), "text": text})
}

/// What is wrong with a session, one sentence for each entry.
pub(super) fn wrongs(sent: Sent, read: &ReadBack, expected: impl Fn(u64) -> Value) -> Vec<String> {
    let mut wrongs = Vec::new();
    let mut next = 1;
    for (seq, payload) in &read.entries {
        let (seq, lost) = (*seq, next..=sent.acknowledged.min(seq.saturating_sub(1)));
        wrongs.extend(lost.map(|seq| format!("{seq} was acknowledged and is lost")));
        if seq < next {
            wrongs.push(format!("{seq} is there twice, or out of order"));
        } else if seq > sent.attempted {
            wrongs.push(format!("{seq} was never sent"));
        } else if *payload != expected(seq) {
            wrongs.push(format!("{seq} is altered: {payload}"));
        }
        next = next.max(seq + 1);
    }
    wrongs.extend((next..=sent.acknowledged).map(|seq| format!("{seq} was acknowledged and is lost")));
    if read.count != read.entries.len() as u64 {
        wrongs.push(format!("{} are counted, and {} are there", read.count, read.entries.len()));
    }
    wrongs
}

#[test]
fn finds_what_is_lost_altered_twice_never_sent_and_miscounted() {
    let expected = |seq| payload(7, 3, seq);
    let entries = |seqs: &[u64]| seqs.iter().map(|seq| (*seq, expected(*seq))).collect::<Vec<_>>();
    let check = |count, entries: Vec<(u64, Value)>, wrong: &[&str]| {
        let sent = Sent { acknowledged: 3, attempted: 4 };
        let found = wrongs(sent, &ReadBack { count, entries }, expected);
        let starts = found.iter().zip(wrong).all(|(found, wrong)| found.starts_with(wrong));
        assert!(found.len() == wrong.len() && starts, "{found:?} instead of {wrong:?}");
    };
    check(3, entries(&[1, 2, 3]), &[]);
    // Whether an entry that was sent and not acknowledged is there is open.
    check(4, entries(&[1, 2, 3, 4]), &[]);
    check(2, entries(&[1, 3]), &["2 was acknowledged and is lost"]);
    check(1, entries(&[1]), &["2 was", "3 was"]);
    check(0, entries(&[]), &["1 was", "2 was", "3 was"]);
    check(2, entries(&[1, 4]), &["2 was", "3 was"]);
    check(4, entries(&[1, 2, 2, 3]), &["2 is there twice"]);
    check(5, entries(&[1, 2, 3, 4, 5]), &["5 was never sent"]);
    check(4, entries(&[1, 2, 3]), &["4 are counted, and 3 are there"]);
    check(3, vec![(1, expected(1)), (2, payload(7, 4, 2)), (3, expected(3))], &["2 is altered"]);
}

#[test]
fn every_entry_has_a_payload_of_its_own() {
    let mut seen = std::collections::HashSet::new();
    for writer in 0..5 {
        for seq in 1..100 {
            assert!(seen.insert(payload(1, writer, seq).to_string()));
        }
    }
    assert_eq!(payload(1, 2, 3), payload(1, 2, 3));
}

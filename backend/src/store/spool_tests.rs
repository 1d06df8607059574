use proptest::prelude::*;

use super::*;

fn entry(session: &str, seq: u64, payload: &str) -> NewEntry {
    NewEntry {
        session: session.parse().unwrap(),
        seq,
        payload: payload.to_owned(),
        checksum: crate::module::checksum(payload),
    }
}

async fn open(path: &Path) -> Spool {
    let mut spool = Spool::new(path.to_owned());
    spool.open().await.unwrap();
    spool
}

async fn contents(spool: &Spool) -> Vec<NewEntry> {
    let (view, mut offset, mut all) = (spool.view(), 0, Vec::new());
    while offset < view.len {
        let (entries, next) = view.read(offset).await.unwrap();
        all.extend(entries);
        offset = next;
    }
    all
}

#[tokio::test]
async fn what_was_appended_is_there_after_reopening_and_gone_after_clearing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("spool");
    let mut spool = open(&path).await;
    // More than one window.
    let batch: Vec<NewEntry> = (0..40).map(|seq| entry("a", seq, &"x".repeat(60_000))).collect();
    assert!(spool.append(&batch).await.iter().all(|answer| *answer == Ok(Appended::Created)));
    let more = [entry("b", 1, "1")];
    spool.append(&more).await;
    let mut spool = open(&path).await;
    assert_eq!(contents(&spool).await, [&batch[..], &more].concat());
    assert_eq!((spool.index().total(), spool.index().waiting(&"b".parse().unwrap())), (41, 1));
    spool.clear().await.unwrap();
    assert!(spool.is_empty() && open(&path).await.is_empty());
}

#[tokio::test]
async fn a_place_is_given_once_within_a_batch_and_across_batches_and_restarts() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("spool");
    use Appended::{Conflict, Created, Same};
    let first = open(&path).await.append(&[entry("a", 1, "1"), entry("a", 1, "1"), entry("a", 1, "2")]).await;
    assert_eq!(first, [Ok(Created), Ok(Same), Ok(Conflict)]);
    let second =
        open(&path).await.append(&[entry("a", 1, "2"), entry("a", 1, "1"), entry("a", 2, "2")]).await;
    assert_eq!(second, [Ok(Conflict), Ok(Same), Ok(Created)]);
}

#[tokio::test]
async fn a_spool_that_cannot_be_written_acknowledges_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut spool = open(&folder.path().join("missing/spool")).await;
    let answers = spool.append(&[entry("a", 1, "1"), entry("a", 1, "1")]).await;
    assert!(answers.iter().all(|answer| matches!(answer, Err(StoreError::Spool(_)))), "{answers:?}");
    assert_eq!(spool.index().total(), 0);
    std::fs::create_dir(folder.path().join("missing")).unwrap();
    assert_eq!(spool.append(&[entry("a", 1, "1")]).await, [Ok(Appended::Created)]);
}

#[tokio::test]
async fn a_tail_that_is_no_record_is_set_aside_and_the_spool_goes_on_behind_the_last_whole_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("spool");
    let mut spool = open(&path).await;
    spool.append(&[entry("a", 1, "1"), entry("a", 2, "2")]).await;
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle + 40] ^= 1;
    std::fs::write(&path, &bytes).unwrap();
    let mut spool = open(&path).await;
    assert_eq!((contents(&spool).await, spool.take_damaged()), (vec![entry("a", 1, "1")], 1));
    spool.append(&[entry("a", 3, "3")]).await;
    assert_eq!(contents(&open(&path).await).await, [entry("a", 1, "1"), entry("a", 3, "3")]);
    let aside = std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().path());
    let aside: Vec<_> = aside.filter(|file| *file != path).collect();
    assert_eq!(std::fs::read(&aside[0]).unwrap(), bytes[middle..]);
}

fn entries() -> impl Strategy<Value = Vec<NewEntry>> {
    let one = ("[a-z]{1,8}", any::<u64>(), "[ -~é]{0,40}");
    proptest::collection::vec(one.prop_map(|(session, seq, payload)| entry(&session, seq, &payload)), 1..8)
}

/// The file of `entries`, and where each record ends.
fn file_of(entries: &[NewEntry]) -> (Vec<u8>, Vec<usize>) {
    let mut bytes = Vec::new();
    let mut ends = Vec::new();
    for entry in entries {
        record::encode(entry, &mut bytes);
        ends.push(bytes.len());
    }
    (bytes, ends)
}

fn check(bytes: &[u8], whole: &[NewEntry]) -> Scan {
    let mut found = Vec::new();
    let (good, end) = scan(bytes, |entry| found.push(entry));
    assert_eq!(found, whole);
    assert_eq!(good, file_of(whole).0.len());
    end
}

proptest! {
    #[test]
    fn every_whole_record_before_a_truncation_is_recovered(entries in entries(), cut in any::<prop::sample::Index>()) {
        let (bytes, ends) = file_of(&entries);
        let cut = cut.index(bytes.len() + 1);
        let whole = ends.iter().filter(|end| **end <= cut).count();
        let end = check(&bytes[..cut], &entries[..whole]);
        let between_records = cut == 0 || ends.contains(&cut);
        prop_assert_eq!(end, if between_records { Scan::End } else { Scan::Torn });
    }

    #[test]
    fn every_flipped_byte_is_found_and_the_records_before_it_are_recovered(
        entries in entries(), at in any::<prop::sample::Index>(), flip in 1u8..,
    ) {
        let (mut bytes, ends) = file_of(&entries);
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        let whole = ends.iter().filter(|end| **end <= at).count();
        prop_assert_eq!(check(&bytes, &entries[..whole]), Scan::Damaged);
    }
}

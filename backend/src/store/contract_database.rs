//! What every [`DatabaseStore`] promises, checked on SQLite and on a real PostgreSQL.

use std::time::Duration;

use local_stores::LocalStores;
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection as _};

use super::place::{DatabasePlace, Places, StoreArgs, StoreUrl};
use super::{Appended, DatabaseStore, NewEntry, PostgresStore, SessionPage, SqliteStore, StoreError, Totals};
use crate::module::{SessionId, SetChecksum};

use Appended::{Conflict, Created, Same};

/// Contracts are not about time limits, and the machine may be busy.
const PATIENT: Duration = Duration::from_secs(2);

fn id(session: &str) -> SessionId {
    session.parse().unwrap()
}

fn entry(session: &str, seq: u64, payload: &str) -> NewEntry {
    NewEntry { session: id(session), seq, payload: payload.to_owned(), checksum: format!("sum of {payload}") }
}

fn entries(session: &str, seqs: impl Iterator<Item = u64>) -> Vec<NewEntry> {
    seqs.map(|seq| entry(session, seq, "1234567890")).collect()
}

fn totals_of(entries: &[NewEntry]) -> Totals {
    let mut totals = Totals::default();
    for entry in entries {
        totals.add(entry.seq, &entry.checksum);
    }
    totals
}

/// Asks a server that starts until it answers; panics after a deadline.
pub(super) async fn until_answered<T>(mut ask: impl AsyncFnMut() -> Result<T, StoreError>) -> T {
    let asking = async {
        loop {
            match ask().await {
                Ok(answer) => return answer,
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), asking).await.unwrap()
}

/// Runs every check on a database of its own, which `make` makes.
async fn check_all<S: DatabaseStore>(mut make: impl AsyncFnMut() -> S) {
    tells_new_entries_from_repeated_and_conflicting_ones_even_within_a_batch(&make().await).await;
    keeps_totals_with_the_entries(&make().await).await;
    corrects_totals_only_when_nobody_else_changed_them(&make().await).await;
    pages_by_count_and_by_bytes(&make().await).await;
    reads_digests_in_order_and_goes_on_where_it_ended(&make().await).await;
    orders_sessions_by_their_bytes(&make().await).await;
    keeps_every_payload_to_the_byte(&make().await).await;
    answers_a_ping_and_may_be_migrated_again(&make().await).await;
}

async fn tells_new_entries_from_repeated_and_conflicting_ones_even_within_a_batch(
    store: &impl DatabaseStore,
) {
    let first = store.append(&[entry("a", 1, "1"), entry("a", 2, "2"), entry("b", 1, "3")]).await.unwrap();
    assert_eq!(first.appended, [Created; 3]);
    let batch = [
        entry("a", 1, "1"),
        entry("a", 2, "x"),
        entry("a", 3, "3"),
        entry("a", 3, "3"),
        entry("a", 3, "y"),
        entry("b", 2, "3"),
    ];
    let second = store.append(&batch).await.unwrap();
    assert_eq!(second.appended, [Same, Conflict, Created, Same, Conflict, Created]);
    let again = store.append(&batch).await.unwrap();
    assert_eq!(again.appended, [Same, Conflict, Same, Same, Conflict, Same]);
    assert_eq!(again.totals, []);
    let page = store.page(&id("a"), None, 10, usize::MAX).await.unwrap();
    let payloads: Vec<&str> = page.entries.iter().map(|entry| entry.payload.as_str()).collect();
    assert_eq!(payloads, ["1", "2", "3"]);
    assert_eq!(store.append(&[]).await.unwrap().appended, []);
}

async fn keeps_totals_with_the_entries(store: &impl DatabaseStore) {
    // More than any statement takes at once.
    let sessions: Vec<String> = (0..600).map(|number| format!("s{number}")).collect();
    let batch: Vec<NewEntry> = sessions.iter().map(|session| entry(session, 7, "x")).collect();
    let committed = store.append(&batch).await.unwrap();
    assert_eq!(committed.totals.len(), 600);
    let more = [entry("s5", 3, "y"), entry("s5", 9, "z"), entry("s5", 9, "z")];
    let committed = store.append(&more).await.unwrap();
    let expected = totals_of(&[entry("s5", 7, "x"), entry("s5", 3, "y"), entry("s5", 9, "z")]);
    assert_eq!((expected.count, expected.last_seq), (3, 9));
    assert_eq!(committed.totals, [(id("s5"), expected.clone())]);
    assert_eq!(store.totals_of(&id("s5")).await.unwrap(), Some(expected));
    assert_eq!(store.totals_of(&id("nobody")).await.unwrap(), None);
    let mut paged = Vec::new();
    loop {
        let after = paged.last().cloned();
        let page = store.totals(after.as_ref(), 250).await.unwrap();
        paged.extend(page.iter().map(|(session, _)| session.clone()));
        if page.len() < 250 {
            break;
        }
    }
    let mut sorted: Vec<SessionId> = sessions.iter().map(|session| id(session)).collect();
    sorted.sort_by(|one, other| one.as_str().cmp(other.as_str()));
    assert_eq!(paged, sorted);
}

async fn corrects_totals_only_when_nobody_else_changed_them(store: &impl DatabaseStore) {
    let sum = SetChecksum::default();
    let wrong = Totals { count: 5, last_seq: crate::store::MAX_SEQ, checksum: sum };
    assert!(store.set_totals(&id("a"), None, &wrong).await.unwrap());
    assert_eq!(store.totals_of(&id("a")).await.unwrap().as_ref(), Some(&wrong));
    let right = Totals { count: 1, last_seq: 1, checksum: SetChecksum::default() };
    assert!(!store.set_totals(&id("a"), None, &right).await.unwrap());
    assert!(!store.set_totals(&id("a"), Some(&right), &right).await.unwrap());
    assert_eq!(store.totals_of(&id("a")).await.unwrap().as_ref(), Some(&wrong));
    assert!(store.set_totals(&id("a"), Some(&wrong), &right).await.unwrap());
    assert_eq!(store.totals_of(&id("a")).await.unwrap(), Some(right));
}

async fn pages_by_count_and_by_bytes(store: &impl DatabaseStore) {
    store.append(&entries("a", (1..=1_200).rev())).await.unwrap();
    let page = store.page(&id("a"), Some(3), 1_100, usize::MAX).await.unwrap();
    assert_eq!((page.count, page.last_seq), (1_200, Some(1_200)));
    let seqs: Vec<u64> = page.entries.iter().map(|entry| entry.seq).collect();
    assert_eq!(seqs, (4..=1_103).collect::<Vec<u64>>());
    for (max_bytes, expected) in [(30, 3), (35, 3), (1, 1), (0, 1)] {
        assert_eq!(store.page(&id("a"), None, 100, max_bytes).await.unwrap().entries.len(), expected);
    }
    let end = store.page(&id("a"), Some(1_200), 100, 1).await.unwrap();
    assert_eq!((end.count, end.entries.len()), (1_200, 0));
    let nobody = store.page(&id("nobody"), None, 100, 1).await.unwrap();
    assert_eq!(nobody, SessionPage { count: 0, last_seq: None, entries: vec![] });
}

async fn reads_digests_in_order_and_goes_on_where_it_ended(store: &impl DatabaseStore) {
    let mut batch = entries("b", [0, 5, crate::store::MAX_SEQ].into_iter());
    batch.extend(entries("a", (1..=10).rev()));
    batch.extend(entries("c", 1..=1));
    store.append(&batch).await.unwrap();
    batch.sort_by(|one, other| (one.session.as_str(), one.seq).cmp(&(other.session.as_str(), other.seq)));
    let key = |(session, seq, checksum): &(SessionId, u64, String)| (session.clone(), *seq, checksum.clone());
    let expected: Vec<_> =
        batch.iter().map(|entry| (entry.session.clone(), entry.seq, entry.checksum.clone())).collect();
    for (of, expected) in [(None, expected.clone()), (Some(id("b")), expected[10..13].to_vec())] {
        let mut read = Vec::new();
        loop {
            let after =
                read.last().map(|(session, seq, _): &(SessionId, u64, String)| (session.clone(), *seq));
            let rows = store.digests(after.as_ref(), of.as_ref(), 4).await.unwrap();
            read.extend(rows.iter().map(key));
            if rows.len() < 4 {
                break;
            }
        }
        assert_eq!(read, expected);
    }
}

async fn orders_sessions_by_their_bytes(store: &impl DatabaseStore) {
    // Most collations ignore punctuation and case at first.
    let ordered = ["-a", ".b", "0", "A", "B-", "Ba", "_", "a", "a-", "a.b", "aB", "a_", "ab"];
    let batch: Vec<NewEntry> = ordered.iter().rev().map(|session| entry(session, 1, "1")).collect();
    store.append(&batch).await.unwrap();
    let totals = store.totals(None, 100).await.unwrap();
    assert_eq!(totals.iter().map(|(session, _)| session.as_str()).collect::<Vec<_>>(), ordered);
    let digests = store.digests(None, None, 100).await.unwrap();
    assert_eq!(digests.iter().map(|(session, ..)| session.as_str()).collect::<Vec<_>>(), ordered);
    let rest = store.totals(Some(&id("a")), 100).await.unwrap();
    assert_eq!(rest.iter().map(|(session, _)| session.as_str()).collect::<Vec<_>>(), ordered[8..]);
}

async fn keeps_every_payload_to_the_byte(store: &impl DatabaseStore) {
    let value =
        serde_json::json!({"nul": "a\u{0}b", "\u{0}": "\u{1}\u{7f}\u{ffff}", "text": "é 😀 \\ ' \" $1 ?"});
    let mut payloads = vec![value.to_string(), "\"É\"".to_owned(), "\"E\u{301}\"".to_owned()];
    payloads.push(format!("\"{}\"", "x".repeat(64 * 1024 - 2)));
    assert!(payloads[0].contains(r"a\u0000b"), "a NUL is escaped: {}", payloads[0]);
    let batch: Vec<NewEntry> =
        payloads.iter().enumerate().map(|(seq, payload)| entry("a", seq as u64, payload)).collect();
    assert_eq!(store.append(&batch).await.unwrap().appended, [Created; 4]);
    assert_eq!(store.append(&batch).await.unwrap().appended, [Same; 4]);
    // The same character to a reader, and not the same payload.
    assert_eq!(store.append(&[entry("a", 1, &payloads[2])]).await.unwrap().appended, [Conflict]);
    let page = store.page(&id("a"), None, 10, usize::MAX).await.unwrap();
    let read: Vec<String> = page.entries.into_iter().map(|entry| entry.payload).collect();
    assert_eq!(read, payloads);
}

async fn answers_a_ping_and_may_be_migrated_again(store: &impl DatabaseStore) {
    store.append(&[entry("a", 1, "1")]).await.unwrap();
    store.ping().await.unwrap();
    store.migrate().await.unwrap();
    assert_eq!(store.page(&id("a"), None, 10, 10).await.unwrap().count, 1);
}

#[tokio::test]
async fn sqlite_keeps_the_contract() {
    let folder = tempfile::tempdir().unwrap();
    let mut made = 0;
    check_all(async || {
        made += 1;
        let file = folder.path().join(format!("{made}.db"));
        SqliteStore::migrate_at_start(&file, PATIENT).await.unwrap();
        SqliteStore::new(&file, PATIENT)
    })
    .await;
}

/// A real server, with as many databases as a test wants.
struct Databases {
    stores: LocalStores,
    made: u32,
}

impl Databases {
    fn start() -> Option<Self> {
        local_stores::for_tests().map(|stores| Self { stores, made: 0 })
    }

    /// A connection to an empty database, and its URL.
    async fn make(&mut self) -> (PgConnection, String) {
        let url = self.stores.database().url();
        self.made += 1;
        let name = format!("made_{}", self.made);
        // An order of its own that is not the one of bytes.
        let create = format!(
            "CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'en-US' LOCALE 'C.UTF-8'"
        );
        let mut connection = PgConnection::connect(url).await.unwrap();
        sqlx::query(AssertSqlSafe(create)).execute(&mut connection).await.unwrap();
        let mut url = url::Url::parse(url).unwrap();
        url.set_path(&name);
        (PgConnection::connect(url.as_str()).await.unwrap(), url.into())
    }
}

fn postgres(url: &str, timeout: Duration) -> PostgresStore {
    let args = StoreArgs {
        database_url: Some(StoreUrl::from(url.to_owned())),
        cache_url: None,
        store_timeout: timeout,
    };
    let DatabasePlace::Postgres(place) = Places::try_from(&args).unwrap().database else {
        unreachable!("a URL was given")
    };
    PostgresStore::new(&place, timeout)
}

#[tokio::test]
async fn postgres_keeps_the_contract() {
    let Some(mut databases) = Databases::start() else { return };
    check_all(async || {
        let (_, url) = databases.make().await;
        let store = postgres(&url, PATIENT);
        store.migrate().await.unwrap();
        store
    })
    .await;
}

#[tokio::test]
async fn postgres_that_comes_back_empty_fails_until_it_is_migrated() {
    let Some(mut databases) = Databases::start() else { return };
    let (mut connection, url) = databases.make().await;
    let store = postgres(&url, PATIENT);
    store.migrate().await.unwrap();
    store.append(&[entry("a", 1, "1")]).await.unwrap();
    sqlx::query("DROP SCHEMA fault_recovery_manager CASCADE").execute(&mut connection).await.unwrap();
    assert!(store.ping().await.unwrap_err().is_outage());
    store.migrate().await.unwrap();
    assert_eq!(store.append(&[entry("a", 1, "1")]).await.unwrap().appended, [Created]);
    // Nothing was made outside the schema.
    let strangers: Vec<String> =
        sqlx::query_scalar("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'")
            .fetch_all(&mut connection)
            .await
            .unwrap();
    assert!(strangers.is_empty(), "{strangers:?}");
}

#[tokio::test]
async fn postgres_that_hangs_is_noticed_by_everybody_and_answers_again_afterwards() {
    let Some(mut databases) = Databases::start() else { return };
    let (_, url) = databases.make().await;
    let limit = Duration::from_secs(1);
    let store = std::sync::Arc::new(postgres(&url, limit));
    store.migrate().await.unwrap();
    let ask = |count: usize| -> Vec<_> {
        let ask = |_| {
            let store = std::sync::Arc::clone(&store);
            tokio::spawn(async move { store.ping().await })
        };
        (0..count).map(ask).collect()
    };
    // All at once, and every one well: with every connection open, and no turn lost.
    let all_well = async || {
        for asked in ask(20) {
            asked.await.unwrap()?;
        }
        Ok(())
    };
    until_answered(all_well).await;
    databases.stores.database().pause().unwrap();
    for round in 0..2 {
        // More than have a turn at once: who has none may be told that the store is busy, and others that it hangs.
        let mut hung = 0;
        for asked in ask(20) {
            match asked.await.unwrap() {
                Err(error) if error.is_outage() => hung += 1,
                Err(StoreError::Busy) => {}
                other => panic!("round {round}: {other:?}"),
            }
        }
        assert!(hung >= 5, "round {round}: {hung}");
    }
    databases.stores.database().resume().unwrap();
    // Nothing of the hung calls is left in the pool.
    until_answered(all_well).await;
    databases.stores.database().kill().unwrap();
    let error = store.ping().await.unwrap_err();
    assert!(matches!(&error, StoreError::Failed(_)), "{error}");
    let error = store.ping().await.unwrap_err();
    assert!(error.to_string().contains("refused"), "{error}");
    databases.stores.database().start().unwrap();
    until_answered(async || store.ping().await).await;
}

#[tokio::test]
async fn postgres_commits_nothing_late_once_it_was_migrated() {
    let Some(mut databases) = Databases::start() else { return };
    let (mut earlier, url) = databases.make().await;
    let limit = Duration::from_secs(1);
    let store = postgres(&url, limit);
    store.migrate().await.unwrap();
    store.append(&[entry("a", 1, "1")]).await.unwrap();
    // The transaction of a session module that was killed: its server process stands still when it has just been told
    // to commit.
    let pid: i32 = sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(&mut earlier).await.unwrap();
    let process = rustix::process::Pid::from_raw(pid).unwrap();
    let signal = |signal| rustix::process::kill_process(process, signal).unwrap();
    let mut transaction = super::postgres::begin(&mut earlier).await.unwrap();
    let late = [entry("a", 2, "2")];
    super::postgres::insert(&mut transaction, &late).await.unwrap();
    super::postgres_totals::add(&mut transaction, &[&late[0]]).await.unwrap();
    signal(rustix::process::Signal::STOP);
    tokio::time::timeout(Duration::from_millis(100), transaction.commit()).await.unwrap_err();
    drop(earlier);
    // Nobody else writes before that is decided.
    assert_eq!(store.append(&[entry("a", 3, "3")]).await.unwrap_err(), StoreError::TimedOut(limit));
    assert_eq!(store.migrate().await.unwrap_err(), StoreError::TimedOut(limit));
    assert_eq!(store.totals_of(&id("a")).await.unwrap().unwrap().count, 1);
    signal(rustix::process::Signal::CONT);
    until_answered(async || store.migrate().await).await;
    assert_eq!(store.totals_of(&id("a")).await.unwrap().unwrap().count, 2);
    let again = [late[0].clone(), entry("a", 3, "3")];
    assert_eq!(store.append(&again).await.unwrap().appended, [Same, Created]);
    assert_eq!(store.totals_of(&id("a")).await.unwrap().unwrap().count, 3);
}

#[tokio::test]
async fn postgres_reads_the_digests_of_a_large_database_well_within_the_time_limit() {
    let Some(mut databases) = Databases::start() else { return };
    let (mut connection, url) = databases.make().await;
    let store = postgres(&url, Duration::from_secs(1));
    store.migrate().await.unwrap();
    // Without statistics, as after a burst: 100,000 entries of 100 sessions, in an order that scatters each session.
    sqlx::query(
        "INSERT INTO fault_recovery_manager.entries \
         SELECT 'session-' || (n % 100), n / 100, repeat('x', 200), md5(n::text) || md5(n::text) \
         FROM generate_series(0, 99999) AS n",
    )
    .execute(&mut connection)
    .await
    .unwrap();
    let plan: Vec<String> = sqlx::query_scalar(
        "EXPLAIN SELECT session, seq, checksum FROM fault_recovery_manager.entries \
         WHERE (session, seq) > ('session-50', 0) ORDER BY session, seq LIMIT 5000",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap();
    let plan = plan.join("\n");
    assert!(plan.contains("Index Only Scan") && !plan.contains("Sort"), "{plan}");
    let (mut read, mut after) = (0, None);
    loop {
        let rows = store.digests(after.as_ref(), None, 5_000).await.unwrap();
        read += rows.len();
        if rows.len() < 5_000 {
            break;
        }
        after = rows.last().map(|(session, seq, _)| (session.clone(), *seq));
    }
    assert_eq!(read, 100_000);
}

#[tokio::test]
async fn postgres_that_refuses_us_is_told_from_one_that_is_away() {
    let Some(mut databases) = Databases::start() else { return };
    let (mut connection, good) = databases.make().await;
    let at_start = async |url: &str| {
        let args = StoreArgs {
            database_url: Some(StoreUrl::from(url.to_owned())),
            cache_url: None,
            store_timeout: PATIENT,
        };
        let DatabasePlace::Postgres(place) = Places::try_from(&args).unwrap().database else {
            unreachable!("a URL was given")
        };
        PostgresStore::migrate_at_start(&place, PATIENT).await
    };
    assert_eq!(at_start(&good).await, Ok(()));
    let mut wrong = url::Url::parse(&good).unwrap();
    wrong.set_password(Some("geheim")).unwrap();
    let error = at_start(wrong.as_str()).await.unwrap_err();
    assert!(error.contains("password") && !error.contains("geheim"), "{error}");
    wrong = url::Url::parse(&good).unwrap();
    wrong.set_path("nowhere");
    assert!(at_start(wrong.as_str()).await.unwrap_err().contains("nowhere"));
    sqlx::query(
        "CREATE DATABASE narrow TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C' LOCALE_PROVIDER libc",
    )
    .execute(&mut connection)
    .await
    .unwrap();
    wrong.set_path("narrow");
    assert!(at_start(wrong.as_str()).await.unwrap_err().contains("LATIN1"));
    databases.stores.database().kill().unwrap();
    assert_eq!(at_start(&good).await, Ok(()));
}

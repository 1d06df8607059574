//! What every [`CacheStore`] promises, checked on SQLite and on a real Redis.

use std::time::Duration;

use super::contract_database::until_answered;
use super::place::{CachePlace, Places, StoreArgs, StoreUrl};
use super::{CacheStore, RedisCache, SqliteCache, StoreError, Totals};
use crate::module::{SessionId, SetChecksum};

/// Contracts are not about time limits, and the machine may be busy.
const PATIENT: Duration = Duration::from_secs(2);

fn id(session: &str) -> SessionId {
    session.parse().unwrap()
}

fn totals(count: u64) -> Totals {
    let mut checksum = SetChecksum::default();
    checksum.add(count, "x");
    Totals { count, last_seq: crate::store::MAX_SEQ - count, checksum }
}

/// Runs every check on an empty cache, which `make` makes.
async fn check_all<S: CacheStore>(mut make: impl AsyncFnMut() -> S) {
    has_a_generation_once_it_was_given_one(&make().await).await;
    writes_totals_and_keeps_analyses(&make().await).await;
    writes_many_sessions_and_lists_them_in_the_order_of_their_bytes(&make().await).await;
    forgets_what_it_is_told_to_forget(&make().await).await;
}

async fn has_a_generation_once_it_was_given_one(cache: &impl CacheStore) {
    assert_eq!(cache.prepare().await.unwrap(), None);
    // What is on its way at the start is written before anybody gives it a generation.
    cache.put(&[(id("early"), totals(1))]).await.unwrap();
    assert_eq!(cache.get(&[id("early")]).await.unwrap().len(), 1);
    for generation in ["one", "two"] {
        cache.set_generation(generation).await.unwrap();
        assert_eq!(cache.prepare().await.unwrap().as_deref(), Some(generation));
        cache.put(&[(id(generation), totals(2))]).await.unwrap();
    }
    assert_eq!(cache.names(None, 10).await.unwrap(), [id("early"), id("one"), id("two")]);
}

async fn writes_totals_and_keeps_analyses(cache: &impl CacheStore) {
    cache.prepare().await.unwrap();
    cache.set_generation("one").await.unwrap();
    cache.put(&[(id("a"), totals(1)), (id("b"), totals(2))]).await.unwrap();
    let analyses = [(id("a"), "{\"n\":\"é\"}".to_owned()), (id("nobody"), "{}".to_owned())];
    cache.put_analyses(&analyses).await.unwrap();
    cache.put(&[(id("a"), totals(3))]).await.unwrap();
    let found = cache.get(&[id("a"), id("nobody"), id("b")]).await.unwrap();
    assert_eq!(found.len(), 2);
    assert_eq!((&found[&id("a")], &found[&id("b")]), (&totals(3), &totals(2)));
    assert_eq!(cache.analysis(&id("a")).await.unwrap().as_deref(), Some("{\"n\":\"é\"}"));
    assert_eq!(cache.analysis(&id("b")).await.unwrap(), None);
    // Only sessions that it has totals of.
    assert_eq!(cache.analysis(&id("nobody")).await.unwrap(), None);
    assert_eq!(cache.names(None, 10).await.unwrap(), [id("a"), id("b")]);
}

async fn writes_many_sessions_and_lists_them_in_the_order_of_their_bytes(cache: &impl CacheStore) {
    cache.prepare().await.unwrap();
    cache.set_generation("one").await.unwrap();
    let mut sessions: Vec<SessionId> = (0..900).map(|number| id(&format!("s{number}"))).collect();
    sessions.extend(["-a", ".b", "0", "A", "B-", "Ba", "_", "a", "a-", "aB", "a_"].map(id));
    let states: Vec<(SessionId, Totals)> =
        sessions.iter().zip(0..).map(|(session, count)| (session.clone(), totals(count))).collect();
    cache.put(&states).await.unwrap();
    assert_eq!(cache.get(&sessions).await.unwrap(), states.into_iter().collect());
    sessions.sort_by(|one, other| one.as_str().cmp(other.as_str()));
    let mut listed = Vec::new();
    loop {
        let after = listed.last().cloned();
        let names = cache.names(after.as_ref(), 250).await.unwrap();
        let whole = names.len() == 250;
        listed.extend(names);
        if !whole {
            break;
        }
    }
    assert_eq!(listed, sessions);
}

async fn forgets_what_it_is_told_to_forget(cache: &impl CacheStore) {
    cache.prepare().await.unwrap();
    cache.set_generation("one").await.unwrap();
    cache.put(&[(id("a"), totals(1)), (id("b"), totals(2))]).await.unwrap();
    cache.put_analyses(&[(id("a"), "{}".to_owned())]).await.unwrap();
    cache.remove(&[id("a"), id("nobody")]).await.unwrap();
    assert_eq!(cache.names(None, 10).await.unwrap(), [id("b")]);
    assert_eq!(cache.get(&[id("a")]).await.unwrap().len(), 0);
    cache.put(&[(id("a"), totals(1))]).await.unwrap();
    assert_eq!(cache.analysis(&id("a")).await.unwrap(), None);
    for nothing in [cache.put(&[]).await, cache.put_analyses(&[]).await, cache.remove(&[]).await] {
        nothing.unwrap();
    }
    assert_eq!(cache.get(&[]).await.unwrap().len(), 0);
}

#[tokio::test]
async fn sqlite_keeps_the_contract() {
    let folder = tempfile::tempdir().unwrap();
    let mut made = 0;
    check_all(async || {
        made += 1;
        SqliteCache::new(&folder.path().join(format!("{made}.db")), PATIENT)
    })
    .await;
}

fn redis(url: &str, timeout: Duration) -> RedisCache {
    let args = StoreArgs {
        database_url: None,
        cache_url: Some(StoreUrl::from(url.to_owned())),
        store_timeout: timeout,
    };
    let CachePlace::Redis(place) = Places::try_from(&args).unwrap().cache else {
        unreachable!("a URL was given")
    };
    RedisCache::new(&place, timeout)
}

/// Another client of the server.
async fn tell(url: &str, command: &str) {
    let client = redis::Client::open(url).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let mut words = command.split(' ');
    let mut command = redis::cmd(words.next().unwrap());
    command.arg(words.collect::<Vec<_>>()).exec_async(&mut connection).await.unwrap();
}

#[tokio::test]
async fn redis_keeps_the_contract() {
    let Some(stores) = local_stores::for_tests() else { return };
    let url = stores.cache().url();
    check_all(async || {
        tell(url, "FLUSHALL").await;
        redis(url, PATIENT)
    })
    .await;
}

#[tokio::test]
async fn redis_takes_no_write_that_was_meant_for_an_earlier_generation() {
    let Some(stores) = local_stores::for_tests() else { return };
    let (killed, successor) = (redis(stores.cache().url(), PATIENT), redis(stores.cache().url(), PATIENT));
    killed.set_generation("one").await.unwrap();
    killed.put(&[(id("a"), totals(1))]).await.unwrap();
    killed.put_analyses(&[(id("a"), "{}".to_owned())]).await.unwrap();
    successor.set_generation("two").await.unwrap();
    successor.put(&[(id("a"), totals(2))]).await.unwrap();
    for late in [
        killed.put(&[(id("a"), totals(1))]).await,
        killed.put_analyses(&[(id("a"), "{\"late\":1}".to_owned())]).await,
        killed.remove(&[id("a")]).await,
        killed.get(&[id("a")]).await.map(|_| ()),
    ] {
        assert_eq!(late, Err(StoreError::Replaced));
    }
    assert_eq!(successor.get(&[id("a")]).await.unwrap()[&id("a")], totals(2));
    assert_eq!(successor.analysis(&id("a")).await.unwrap().as_deref(), Some("{}"));
}

#[tokio::test]
async fn redis_that_was_emptied_answers_for_no_session() {
    let Some(stores) = local_stores::for_tests() else { return };
    let cache = redis(stores.cache().url(), PATIENT);
    cache.set_generation("one").await.unwrap();
    cache.put(&[(id("a"), totals(1))]).await.unwrap();
    tell(stores.cache().url(), "FLUSHALL").await;
    assert_eq!(cache.get(&[id("a")]).await, Err(StoreError::Replaced));
    assert_eq!(cache.put(&[(id("a"), totals(1))]).await, Err(StoreError::Replaced));
    assert_eq!(cache.prepare().await.unwrap(), None);
    cache.set_generation("two").await.unwrap();
    assert_eq!(cache.get(&[id("a")]).await.unwrap().len(), 0);
}

#[tokio::test]
async fn redis_that_takes_no_writes_is_not_taken_for_one_that_is_back() {
    let Some(stores) = local_stores::for_tests() else { return };
    let url = stores.cache().url();
    let cache = redis(url, PATIENT);
    cache.set_generation("one").await.unwrap();
    tell(url, "CONFIG SET maxmemory 1").await;
    assert!(cache.put(&[(id("a"), totals(1))]).await.unwrap_err().is_outage());
    assert!(cache.prepare().await.unwrap_err().is_outage());
    tell(url, "CONFIG SET maxmemory 0").await;
    assert_eq!(cache.prepare().await.unwrap().as_deref(), Some("one"));
}

#[tokio::test]
async fn redis_that_hangs_or_is_dead_is_noticed_and_answers_again_afterwards() {
    let Some(stores) = local_stores::for_tests() else { return };
    let server = stores.cache();
    let limit = Duration::from_secs(1);
    let cache = redis(server.url(), limit);
    cache.set_generation("one").await.unwrap();
    server.pause().unwrap();
    // First on the connection that is open, then while connecting.
    for _ in 0..3 {
        let put = cache.put(&[(id("a"), totals(1))]).await;
        assert_eq!(put, Err(StoreError::TimedOut(limit)));
    }
    server.resume().unwrap();
    assert_eq!(cache.prepare().await.unwrap().as_deref(), Some("one"));
    server.kill().unwrap();
    for _ in 0..2 {
        let error = cache.prepare().await.unwrap_err();
        assert!(matches!(&error, StoreError::Failed(_)), "{error}");
        let secret = url::Url::parse(server.url()).unwrap();
        assert!(!error.to_string().contains(secret.password().unwrap()), "{error}");
    }
    server.start().unwrap();
    assert_eq!(until_answered(async || cache.prepare().await).await, None);
}

//! What an outage does to a server and to its connections.

use local_stores::{LocalStores, Server, ServerError, for_tests};

use crate::client::{SILENCE, Session, connect};

#[test]
fn a_killed_postgresql_keeps_its_data_and_a_killed_redis_loses_it() {
    let Some(stores) = for_tests() else { return };
    let (database, cache) = (stores.database(), stores.cache());
    let urls = [database.url().to_owned(), cache.url().to_owned()];
    let mut sql = Session::postgres(database).unwrap();
    assert_eq!(sql.ask("create table t (i int); insert into t values (7); select i from t;").unwrap(), "7");
    let mut redis = Session::redis(cache).unwrap();
    assert_eq!(redis.ask("SET k 7").unwrap(), "+OK");

    for server in [database, cache] {
        let before = server.pid().unwrap();
        server.kill().unwrap();
        assert_eq!(server.pid(), None);
        assert!(!std::path::Path::new(&format!("/proc/{before}")).exists());
        server.start().unwrap();
        assert_ne!(server.pid().unwrap(), before);
    }

    assert_eq!(connect(|| Session::postgres(database)).ask("select i from t;").unwrap(), "7");
    assert_eq!(connect(|| Session::redis(cache)).ask("GET k").unwrap(), "$-1");
    assert_eq!([database.url(), cache.url()], urls, "both are back where they were");
    stores.stop().unwrap();
}

#[test]
fn a_stopped_server_comes_back_with_what_it_keeps() {
    let Some(stores) = for_tests() else { return };
    let database = stores.database();
    let mut sql = Session::postgres(database).unwrap();
    assert_eq!(sql.ask("create table t (i int); insert into t values (7); select i from t;").unwrap(), "7");
    // A paused server cannot stop in good order; it is resumed for that.
    database.pause().unwrap();
    database.stop().unwrap();
    assert_eq!(database.pid(), None);
    assert!(Session::postgres(database).is_none());
    database.start().unwrap();
    assert_eq!(connect(|| Session::postgres(database)).ask("select i from t;").unwrap(), "7");

    let cache = stores.cache();
    cache.stop().unwrap();
    assert!(Session::redis(cache).is_none());
    cache.start().unwrap();
    assert_eq!(connect(|| Session::redis(cache)).ask("PING").unwrap(), "+PONG");
}

#[test]
fn a_paused_server_hangs_open_connections_until_it_is_resumed() {
    let Some(stores) = for_tests() else { return };
    let mut sql = Session::postgres(stores.database()).unwrap();
    let mut redis = Session::redis(stores.cache()).unwrap();
    hangs(stores.database(), &mut sql, "select 42;", "42");
    hangs(stores.cache(), &mut redis, "PING", "+PONG");
}

fn hangs(server: &Server, session: &mut Session, question: &str, answer: &str) {
    let pid = server.pid();
    for _ in 0..2 {
        assert_eq!(session.ask(question).as_deref(), Some(answer));
        server.pause().unwrap();
        session.say(question);
        assert_eq!(session.answer(SILENCE), None, "{} answers while it is paused", server.product());
        assert_eq!(server.pid(), pid, "a paused server runs");
        server.resume().unwrap();
        assert_eq!(session.answer(crate::client::ANSWER).as_deref(), Some(answer));
    }
}

#[test]
fn what_makes_no_sense_for_a_server_is_refused_or_does_nothing() {
    let Some(stores) = for_tests() else { return };
    for server in [stores.database(), stores.cache()] {
        let pid = server.pid();
        server.resume().unwrap();
        server.start().unwrap();
        assert_eq!(server.pid(), pid, "a running server is not started twice");
        server.kill().unwrap();
        assert!(matches!(server.pause(), Err(ServerError::NotRunning { .. })));
        server.resume().unwrap();
        server.kill().unwrap();
        server.stop().unwrap();
    }
}

#[test]
fn a_server_that_somebody_else_kills_while_it_is_paused_can_be_started_again() {
    let Some(stores) = for_tests() else { return };
    let database = stores.database();
    let _open = Session::postgres(database).unwrap();
    database.pause().unwrap();
    let pid = rustix::process::Pid::from_raw(database.pid().unwrap().cast_signed()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
    // Its backends stand still and hold its shared memory: they have to go first.
    let gone = (0..1_000).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(5));
        database.pid().is_none()
    });
    assert!(gone);
    database.start().unwrap();
    connect(|| Session::postgres(database));
}

#[test]
fn says_what_runs() {
    let Some(stores) = for_tests() else { return };
    let check = |server: &Server, product, scheme: &str| {
        assert_eq!(server.product(), product);
        let major: u32 = server.version().split('.').next().unwrap().parse().unwrap();
        assert!(major >= 6, "{}", server.version());
        assert!(server.url().starts_with(scheme), "the scheme of {product}");
    };
    check(stores.database(), "PostgreSQL", "postgres://");
    check(stores.cache(), "Redis", "redis://:");
    fn shared<T: Send + Sync + std::fmt::Debug>() {}
    shared::<LocalStores>();
    shared::<Server>();
}

//! The crash matrix: session module, manager, PostgreSQL and Redis are killed, one at a time and in pairs, while fifty
//! writers write. Whatever was acknowledged is there afterwards, once, unaltered, and both stores agree.
//!
//! `GOOSE_RECOVERY_MATRIX_SEED` runs a seed again, `GOOSE_RECOVERY_MATRIX_SECONDS` says for how long. The same seed kills in
//! the same order and at the same distances; what the kills hit is up to the machine.

mod ledger;
mod manager;
mod plan;
mod witness;
mod world;
mod writers;

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::Value;
use tokio::runtime::Runtime;
use tokio::time::Instant;

use crate::command::turn;
use crate::processes::{eventually, is_backend_process};
use ledger::{ReadBack, Sent, payload, wrongs};
use plan::{Combination, Plan, TARGETS};
use witness::{Witness, say};
use world::{Tally, World};
use writers::{Figures, WRITERS, Writers, session};

const SEED: &str = "GOOSE_RECOVERY_MATRIX_SEED";
const SECONDS: &str = "GOOSE_RECOVERY_MATRIX_SECONDS";
/// Wrong entries that a failure shows; one cause often has many.
const SHOWN: usize = 20;

fn from_environment(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|error| panic!("{name}={text} is no number: {error}")))
}

#[test]
fn no_acknowledged_entry_is_lost_whatever_is_killed_in_whatever_order() {
    let _turn = turn();
    let seed = from_environment(SEED).unwrap_or_else(rand::random);
    let in_ci = std::env::var_os("CI").is_some_and(|ci| ci == "true");
    let seconds = from_environment(SECONDS).unwrap_or(if in_ci { 60 } else { 20 });
    let Some(stores) = local_stores::for_tests() else { return };
    let witness = Witness::new(format!("{SEED}={seed} {SECONDS}={seconds}"));
    let runtime = Runtime::new().unwrap();
    let mut world = World::start(witness.folder(), stores, runtime.handle().clone(), witness.diary.clone());

    let (sent, figures) = kill_under_load(seed, Duration::from_secs(seconds), &mut world, &runtime);
    world.until_healthy();
    say(&format!("{:?}", world.tally));
    let Figures { acknowledged, refused, longest_wait, wrong } = &figures;
    say(&format!("acknowledged {acknowledged:?}, refused {refused:?}, longest wait {longest_wait:?}"));

    assert!(wrong.is_empty(), "{:#?}", &wrong[..wrong.len().min(SHOWN)]);
    assert_every_store_holds_everything(seed, &sent, &world);
    assert_the_run_did_what_it_says(&world.tally, &figures, &sent, seconds);

    let pids = world.pids();
    world.stop();
    eventually("the end of every process", 10, || {
        pids.iter().all(|pid| !is_backend_process(*pid)).then_some(())
    });
}

/// Whole rounds, so that nothing is left out, until the time is over.
fn kill_under_load(seed: u64, time: Duration, world: &mut World, runtime: &Runtime) -> (Vec<Sent>, Figures) {
    let _guard = runtime.enter();
    let writers = Writers::start(seed, world.base());
    let mut plan = Plan::new(seed);
    let began = Instant::now();
    let mut first = true;
    while first || began.elapsed() < time {
        for step in plan.round() {
            if !first && began.elapsed() >= time {
                break;
            }
            world.take(&step);
        }
        first = false;
    }
    world.take(&plan.last());
    runtime.block_on(writers.stop())
}

fn assert_every_store_holds_everything(seed: u64, sent: &[Sent], world: &World) {
    // First as the system has restored itself: a resync on request would hide what the automatic ones left out.
    assert_stores_agree(world);
    let (status, report) = world.ask(Method::POST, "/api/recovery/state_resync").unwrap();
    assert_eq!(status, StatusCode::OK, "{report}");
    assert_eq!(report["outcome"], "succeeded", "{report}");
    for nothing in ["mismatches", "replayed", "rebuilt", "repaired"] {
        assert_eq!(report[nothing], 0, "a healthy system had something to put right: {report}");
    }
    let mut found = Vec::new();
    for (writer, sent) in sent.iter().enumerate() {
        let session = session(writer);
        let (last_seq, read) = read_back(world, &session);
        let last_there = read.entries.last().map(|(seq, _)| *seq);
        assert_eq!(last_seq, last_there, "last_seq of {session}");
        let wrongs = wrongs(*sent, &read, |seq| payload(seed, writer, seq));
        found.extend(wrongs.into_iter().map(|wrong| format!("{session}: {wrong}")));
        let (_, state) = world.ask(Method::GET, &format!("/api/sessions/{session}/state")).unwrap();
        assert_eq!((state["count"].as_u64(), state["last_seq"].as_u64()), (Some(read.count), last_seq));
    }
    assert!(found.is_empty(), "{} wrong entries: {:#?}", found.len(), &found[..found.len().min(SHOWN)]);
    assert_stores_agree(world);
}

/// `last_seq` and all entries of a session, page by page.
fn read_back(world: &World, session: &str) -> (Option<u64>, ReadBack) {
    let mut entries: Vec<(u64, Value)> = Vec::new();
    loop {
        let after = entries.last().map_or_else(String::new, |(seq, _)| format!("&after={seq}"));
        let path = format!("/api/sessions/{session}/entries?limit=1000{after}");
        let (status, page) = world.ask(Method::GET, &path).unwrap();
        assert_eq!(status, StatusCode::OK, "{page}");
        let rows = page["entries"].as_array().unwrap();
        entries.extend(rows.iter().map(|row| (row["seq"].as_u64().unwrap(), row["payload"].clone())));
        if rows.is_empty() {
            return (page["last_seq"].as_u64(), ReadBack { count: page["count"].as_u64().unwrap(), entries });
        }
    }
}

fn assert_stores_agree(world: &World) {
    for session in (0..WRITERS).map(session) {
        let [cache, database] = ["cache", "database"].map(|source| {
            let path = format!("/api/sessions/{session}/state?source={source}");
            let (status, mut state) = world.ask(Method::GET, &path).unwrap();
            assert_eq!((status, &state["source"]), (StatusCode::OK, &source.into()), "{state}");
            state.as_object_mut().unwrap().remove("source");
            state
        });
        assert_eq!(cache, database, "the cache (left) and the database (right) differ");
        assert_eq!(cache["spooled"], 0, "{cache}");
    }
}

fn assert_the_run_did_what_it_says(tally: &Tally, figures: &Figures, sent: &[Sent], seconds: u64) {
    for combination in Combination::all() {
        let steps = tally.steps.get(&combination.to_string());
        assert!(steps.is_some(), "{combination} was not killed: {tally:?}");
    }
    // A round has each target alone and in three pairs.
    for target in TARGETS {
        assert!(tally.kills[&target] >= 4, "{target}: {tally:?}");
    }
    let count = |durability| figures.acknowledged.get(durability).copied().unwrap_or_default();
    let (database, spool) = (count("database"), count("spool"));
    assert!(spool > 0, "no outage of the database took effect: {figures:?}");
    // A writer sends up to ten entries a second while everything is up; with one in five seconds load went on.
    let least = WRITERS as u64 * seconds / 5;
    assert!(database + spool >= least, "fewer than {least} entries were acknowledged: {figures:?}");
    assert!(sent.iter().all(|sent| sent.acknowledged > 0), "a writer got nowhere: {sent:?}");
}

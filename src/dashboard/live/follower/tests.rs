//! A journal as it is written line by line, and what viewers are told of it.

use std::borrow::Cow;
use std::fs::{File, OpenOptions};
use std::io::Write as _;

use serde_json::Value;

use super::*;
use crate::journal::encode::write_line;
use crate::journal::event::*;
use crate::journal::examples;

/// A second.
const S: u64 = 1_000_000;

/// A journal in the making, and a look at it.
struct Place {
    folder: tempfile::TempDir,
    journal: File,
    look: Look,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.jsonl");
        let journal = OpenOptions::new().append(true).create(true).open(&path).unwrap();
        let following = Following {
            journal: path,
            index: Arc::new(Index::new(&folder.path().join("reports"), Lang::En)),
            feed: Arc::default(),
            page: "p".to_owned(),
            lang: Lang::En,
        };
        Self { folder, journal, look: Look::new(following) }
    }

    /// A run that began `ago_s` seconds ago, with its users started and its first scenario begun.
    fn begun(mut self, run: &str, ago_s: i64) -> Self {
        let clock = Clock::start();
        let mut started = examples::run_started(run);
        started.started_at_unix_us = clock.origin_unix_us() - ago_s * 1_000_000;
        let scenario = started.plan.scenarios[0].name.clone();
        self.write(0, started);
        self.write(S, UsersStarted { users: 50 });
        self.write(S, ScenarioStarted { scenario });
        self
    }

    fn write(&mut self, t: u64, event: impl Into<Event<'static>>) {
        let mut text = Vec::new();
        write_line(&mut text, t, &event.into()).unwrap();
        self.journal.write_all(&text).unwrap();
    }

    fn killed(&mut self, episode: u32, t: u64) {
        let scenario = examples::run_started("r").plan.scenarios[0].name.clone();
        let (fault, target) = ("kill".to_owned(), "session".to_owned());
        let injected =
            FaultInjected { episode, scenario, fault, target, pid: Some(7), chain: None, lasts_us: None };
        self.write(t, injected);
        self.write(t + 1_000, FaultConfirmed { episode, evidence: "pidfd".to_owned() });
    }

    fn requests(&mut self, t: u64, n: u32, ok: bool) {
        for user in 0..n {
            let (name, status) = (Cow::Borrowed("GET /"), ok.then_some(200));
            self.write(t, Request { duration_us: 2_000, user, name, status, ok, error: None });
        }
    }

    fn finish(&mut self, t: u64, reason: FinishReason) {
        self.write(t, RunFinished { reason, detail: None, journal_stalls: 0, journal_stalled_us: 0 });
    }

    /// As a viewer is told once it is time to judge the run again.
    fn told(&mut self) -> Value {
        if let Some(run) = &mut self.look.run {
            run.judge_at = 0;
        }
        self.look.once();
        let newest = self.look.following.feed.subscribe().borrow().clone();
        serde_json::from_str(&newest.unwrap()).unwrap()
    }
}

#[test]
fn without_a_journal_there_is_no_run_and_no_trouble() {
    let mut place = Place::new();
    let told = place.told();
    assert!(told["run"].is_null() && told["trouble"].is_null(), "{told}");
    assert!(told["journal"].as_str().unwrap().ends_with("journal.jsonl"));
}

#[test]
fn a_run_goes_on_as_long_as_its_writer_holds_the_lock() {
    let mut place = Place::new().begun("r1", 3);
    place.journal.lock().unwrap();
    let told = place.told();
    assert_eq!(told["run"]["state"], "running");
    assert_eq!(told["run"]["phase"], "measuring the baseline");
    place.journal.unlock().unwrap();
    let told = place.told();
    assert_eq!(told["run"]["state"], "interrupted", "{told}");
    assert_eq!(told["run"]["state_text"], "interrupted (the journal ends without `run_finished`)");
    assert!(told["run"]["phase"].is_null());
}

#[test]
fn a_fault_window_opens_and_closes_and_the_episode_counts() {
    let mut place = Place::new().begun("r1", 20);
    place.journal.lock().unwrap();
    place.requests(9 * S, 10, true);
    place.killed(1, 10 * S);
    place.requests(10 * S, 4, false);
    let told = place.told();
    let run = &told["run"];
    assert_eq!((run["episode"].as_u64(), run["open"][0]["target"].as_str()), (Some(1), Some("session")));
    assert_eq!(run["phase"], "recovering from kill session");
    assert_eq!(run["faults"][0]["from_us"], 10 * S + 1_000);
    assert!(run["faults"][0]["to_us"].is_null(), "{}", run["faults"]);
    let series = &run["series"];
    assert_eq!((series["ok"][9].as_u64(), series["failed"][10].as_u64()), (Some(10), Some(4)));

    let recovered_us = Some(10 * S + 31_000);
    place.write(12 * S + 50_000, EpisodeClosed { episode: 1, outcome: "recovered".to_owned(), recovered_us });
    let told = place.told();
    let run = &told["run"];
    assert_eq!(run["open"].as_array().unwrap().len(), 0);
    assert_eq!(run["faults"][0]["to_us"], 10 * S + 31_000);
    assert_eq!(
        (&run["recovery"]["mean"], &run["episodes"][0]["recovery"]),
        (&"30 ms".into(), &"30 ms".into())
    );
    assert_eq!(run["phase"], "well: between two faults");
}

#[test]
fn an_alert_is_awaited_until_it_comes() {
    let mut place = Place::new().begun("r1", 20);
    place.killed(1, 10 * S);
    let (module, kinds) = ("session".to_owned(), vec!["module_crashed".to_owned()]);
    let min_severity = "warning".to_owned();
    place.write(10 * S, AlertExpected { episode: 1, module, kinds, min_severity, deadline_us: 10 * S });
    let alerts = |told: &Value| {
        let last = told["run"]["alerts"]["last"].as_array().unwrap().clone();
        last.iter().map(|alert| alert["role"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(alerts(&place.told()), ["awaited"]);
    let alert = |key: &str| AlertReceived {
        id: key.to_owned(),
        key: key.to_owned(),
        severity: "warning".to_owned(),
        kind: "module_crashed".to_owned(),
        module: "session".to_owned(),
        message: "<b>gone</b>".to_owned(),
        raised_at: None,
    };
    place.write(10 * S + 21_000, alert("a"));
    place.write(10 * S + 22_000, alert("a"));
    let told = place.told();
    assert_eq!(alerts(&told), ["duplicate", "matched"]);
    let matched = &told["run"]["alerts"]["last"][1];
    assert_eq!((&matched["delay"], &matched["message"]), (&"20 ms".into(), &"<b>gone</b>".into()));
}

#[test]
fn a_run_that_has_just_ended_is_being_judged_and_one_of_long_ago_is_not() {
    for (ago_s, state) in [(15, "judging"), (3600, "completed")] {
        let mut place = Place::new().begun("r1", ago_s);
        place.finish(14 * S, FinishReason::Completed);
        let told = place.told();
        assert_eq!((&told["run"]["state"], &told["run"]["is_final"]), (&state.into(), &false.into()));
    }
}

#[test]
fn the_next_run_takes_the_place_of_the_last() {
    let mut place = Place::new().begun("r1", 60);
    place.killed(1, 10 * S);
    place.finish(12 * S, FinishReason::Interrupted);
    assert_eq!(place.told()["run"]["id"], "r1");
    let mut place = place.begun("r2", 1);
    let told = place.told();
    assert_eq!((&told["run"]["id"], &told["run"]["episode"]), (&"r2".into(), &0.into()));
}

#[test]
fn a_torn_line_is_waited_for_and_a_broken_one_is_counted() {
    let mut place = Place::new().begun("r1", 60);
    place.journal.write_all(b"{\"t\":5,\"type\":\"can").unwrap();
    assert_eq!(place.told()["run"]["unreadable_lines"], 0);
    place.journal.write_all(b"garbage\n").unwrap();
    let told = place.told();
    assert_eq!((&told["run"]["unreadable_lines"], &told["run"]["id"]), (&1.into(), &"r1".into()));
}

#[test]
fn a_run_of_a_later_version_is_told_and_not_guessed_at() {
    let mut place = Place::new();
    let mut started = examples::run_started("r9");
    started.schema = SCHEMA_VERSION + 1;
    place.write(0, started);
    let told = place.told();
    assert!(told["run"].is_null());
    assert!(told["trouble"].as_str().unwrap().contains("update goose-recovery"), "{told}");
}

#[test]
fn a_journal_that_cannot_be_read_is_told_and_what_was_known_stays() {
    let mut place = Place::new().begun("r1", 60);
    place.told();
    let path = place.folder.path().join("journal.jsonl");
    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir(&path).unwrap();
    let told = place.told();
    assert!(told["trouble"].as_str().unwrap().contains("regular file"), "{told}");
    assert_eq!(told["run"]["id"], "r1");
}

#[test]
fn nothing_new_is_told_once() {
    let mut place = Place::new().begun("r1", 3600);
    place.told();
    let mut viewer = place.look.following.feed.subscribe();
    viewer.mark_unchanged();
    place.look.once();
    assert!(!viewer.has_changed().unwrap());
    place.killed(1, 10 * S);
    place.told();
    assert!(viewer.has_changed().unwrap());
}

#[test]
fn a_run_that_takes_long_to_judge_is_judged_later_and_the_clock_goes_on() {
    let mut place = Place::new().begun("r1", 20);
    place.told();
    place.killed(1, 10 * S);
    place.look.run.as_mut().unwrap().judge_at = u64::MAX;
    // It is not time yet: the newest instant is told, the fault is not.
    place.look.once();
    let newest = place.look.following.feed.subscribe().borrow().clone().unwrap();
    let told: Value = serde_json::from_str(&newest).unwrap();
    assert_eq!((&told["run"]["episode"], &told["run"]["now_us"]), (&0.into(), &(10 * S + 1_000).into()));
    // At the end nothing is left for later.
    place.look.last();
    let newest = place.look.following.feed.subscribe().borrow().clone().unwrap();
    assert_eq!(serde_json::from_str::<Value>(&newest).unwrap()["run"]["episode"], 1);
}

//! Everything that the analysis can say, in both languages.

use std::collections::{BTreeMap, BTreeSet};

use super::clocks::exited;
use super::custom::{asking, twice};
use super::load::foreign;
use super::outage::{Outage, stores, whole};
use super::scene::{MS, Scene, analyse_damaged};
use crate::analysis::Analysis;
use crate::journal::event::{
    Action, BackendEvent, Canary, ClockOffset, Event, FaultEnded, FaultVoid, FinishReason, Lag, Ledger, Line,
    ModuleState, RunFinished,
};
use crate::lang::{Arg, Lang, Sentence};

fn killed(end_ms: u64) -> Scene {
    Scene::until(end_ms).killed(1, 6_000, "session")
}

fn never(end_ms: u64) -> Scene {
    killed(end_ms).outage(6_000, 99_000)
}

/// What becomes of episodes.
fn outcomes() -> Vec<Analysis> {
    let policy = serde_json::json!({ "max_retries": 3 });
    let gave_up = || never(20_000).backend(6_004, "exited", "session").backend(6_904, "gave_up", "session");
    let void = FaultVoid { episode: 1, reason: "the process is still there".to_owned() };
    let stopping = BackendEvent {
        seq: 1,
        kind: "stopping".to_owned(),
        module: "session".to_owned(),
        pid: Some(100),
        attempt: None,
        cause: None,
        resync: None,
    };
    let paused = Scene::until(12_000).injected(1, 6_000, "pause", "analysis").confirmed(1, 6_002);
    [
        never(19_000).finished(19_000),
        killed(20_000).outage(6_000, 17_000).finished(20_000),
        gave_up().finished(20_000),
        gave_up().plan(|plan| plan.policy = Some(policy)).finished(20_000),
        never(10_000).ended(10_000, FinishReason::Failed),
        Scene::until(6_001).injected(1, 6_000, "kill", "session"),
        Scene::until(20_000).killed(1, 4_000, "session").outage(4_000, 4_500).finished(20_000),
        never(30_000).killed(2, 9_000, "session").finished(30_000),
        Scene::until(9_000).injected(1, 6_000, "kill", "session").finished(9_000),
        Scene::until(9_000).injected(1, 6_000, "kill", "session").at(6_500, void).finished(9_000),
        paused.at(7_000, FaultEnded { episode: 1, undo_us: None }).finished(12_000),
        healed(3, 500).finished(22_000),
        Scene::until(9_000).at(5_999, stopping).killed(1, 6_000, "session").finished(9_000),
    ]
    .iter()
    .map(Scene::analyse)
    .collect()
}

/// `n` episodes that recover, the expected alert of each `delay_ms` after it.
fn healed(n: u32, delay_ms: u64) -> Scene {
    (1..=n).fold(Scene::until(7_000 + u64::from(n) * 5_000), |scene, id| {
        let t = 1_000 + u64::from(id) * 5_000;
        let scene = scene.healed(id, t, "session").expects(id, t, "session");
        scene.alert(t + delay_ms, &format!("k{id}"), "module_crashed", "session")
    })
}

/// What is said of figures.
fn figures() -> Vec<Analysis> {
    let id = |id: &str| healed(1, 9).plan(|plan| plan.scenarios[0].kpis[0].id = id.to_owned());
    [
        healed(10, 9).finished(57_000),
        healed(1, 10_500).finished(20_000),
        healed(1, 9).plan(|plan| plan.scenarios[0].kpis[0].op = "<=".to_owned()).finished(12_000),
        healed(1, 9).plan(|plan| plan.scenarios[0].kpis.clear()).finished(12_000),
        healed(1, 9).plan(|plan| plan.alert_source = false).finished(12_000),
        id("beauty").finished(12_000),
        id("state_resync_rate").finished(12_000),
        Scene::until(6_000).finished(6_000),
    ]
    .iter()
    .map(Scene::analyse)
    .collect()
}

/// What is said of stores.
fn states() -> Vec<Analysis> {
    let outage = || Outage::at(1, 6_000);
    let ledger = |change: fn(&mut Ledger)| {
        let mut outage = outage();
        change(outage.ledger.as_mut().unwrap());
        outage
    };
    let play = |outage: &Outage| outage.play(stores(Scene::until(20_000))).requests();
    let at_the_end = Ledger {
        lost: 2,
        stale: 1,
        never_read: 3,
        unexpected: 1,
        compared: Some(50),
        cache_differs: Some(1),
        ..whole(900, 0)
    };
    let void = FaultVoid { episode: 1, reason: "the store answers still".to_owned() };
    let nothing = stores(Scene::until(9_000)).injected(1, 6_000, "store-kill", "cache").at(6_500, void);
    [
        outage(),
        ledger(|ledger| ledger.newly_damaged = Some(1)),
        ledger(|ledger| ledger.never_read = 3),
        ledger(|ledger| ledger.cache_differs = Some(1)),
        ledger(|ledger| (ledger.compared, ledger.cache_differs) = (None, Some(1))),
        Outage { events: false, ..outage() },
        Outage { automatic: None, restored: Some(5_000), ..outage() },
        Outage { restored: Some(4_999), ..outage() },
        Outage { ledger: None, ..outage() },
    ]
    .iter()
    .map(|outage| play(outage).finished(22_000).analyse())
    .chain([
        play(&outage()).at(21_000, at_the_end).finished(22_000).analyse(),
        stores(Scene::until(9_000))
            .plan(|plan| plan.scenarios[0].fault = "none".to_owned())
            .finished(9_000)
            .analyse(),
        nothing.finished(9_000).analyse(),
        play(&Outage { automatic: None, restored: Some(5_000), ..outage() })
            .plan(|plan| plan.scenarios[0].resync_grace_us = Some(5_000 * MS))
            .finished(22_000)
            .analyse(),
    ])
    .collect()
}

/// What others saw and did in an episode.
fn surroundings() -> Analysis {
    let action = |scripted, status| Action {
        episode: Some(1),
        what: "restart session".to_owned(),
        scripted,
        status,
        resync: None,
    };
    let backoff = BackendEvent {
        seq: 5,
        kind: "backoff".to_owned(),
        module: "session".to_owned(),
        pid: None,
        attempt: Some(2),
        cause: Some("crash".to_owned()),
        resync: None,
    };
    let page = ModuleState {
        module: "session".to_owned(),
        status: "starting".to_owned(),
        pid: Some(12_345),
        restarts: Some(1),
    };
    healed(1, 9)
        .at(6_005, backoff)
        .at(6_006, page)
        .at(6_007, action(true, None))
        .at(6_008, action(false, Some(202)))
        .finished(12_000)
        .analyse()
}

/// What makes a measurement doubtful.
fn doubts() -> Vec<Analysis> {
    let late = Canary { duration_us: 900, lag_us: 0, status: Some(200), ok: true, error: None };
    let stalls = RunFinished {
        reason: FinishReason::Completed,
        detail: None,
        journal_stalls: 3,
        journal_stalled_us: 4_200,
    };
    let mut lines = killed(9_000)
        .plan(|plan| plan.base_url = "http://10.0.0.7:8000/".to_owned())
        .outage(1_000, 1_200)
        .at(5_700, exited(100))
        .alert(6_008, "k", "module_crashed", "session")
        .expects(1, 6_000, "ingest")
        .at(6_500, Lag { thread: "fault".to_owned(), lag_us: 25 * MS })
        .at(9_000, stalls)
        .lines();
    for line in &mut lines {
        match &mut line.event {
            Event::RunStarted(run) => run.environment.release_build = false,
            Event::AlertReceived(alert) => alert.raised_at = Some("2026-01-01T00:00:07Z".to_owned()),
            _ => {}
        }
    }
    lines.push(Line { t: 0, event: late.into() });
    // Six seconds of baseline.
    let bounds = ClockOffset { low_us: 6_900_000, high_us: 7_100_000, corrected_us: 7_000_000, samples: 412 };
    let short = healed(1, 9).plan(|plan| plan.hold_us = 7_000 * MS).at(900, bounds).finished(20_000);
    vec![analyse_damaged(&lines, 2), Scene::until(0).analyse(), short.analyse()]
}

/// `sentence`, and what is said inside of it.
fn with_parts(sentence: &Sentence, all: &mut Vec<Sentence>) {
    fn of_arg(arg: &Arg, all: &mut Vec<Sentence>) {
        match arg {
            Arg::Sentence(part) => with_parts(part, all),
            Arg::List(parts) => parts.iter().for_each(|part| of_arg(part, all)),
            _ => {}
        }
    }
    all.push(sentence.clone());
    sentence.args.values().for_each(|arg| of_arg(arg, all));
}

/// One sentence of each id.
fn one_of_each() -> BTreeMap<String, Sentence> {
    let mut analyses = outcomes();
    analyses.extend(figures());
    analyses.extend(states());
    analyses.extend(doubts());
    analyses.extend(foreign());
    analyses.push(surroundings());
    let custom = [
        "availability before > 99.95%",
        "availability after > 50%",
        "p50 during < 1s",
        "throughput during > 1/s",
    ];
    analyses.push(asking(twice().plan(|plan| plan.users = 1), &custom).analyse());
    let mut all = Vec::new();
    for Analysis { summary, notes, .. } in &analyses {
        let notes = notes.iter().map(|note| &note.text);
        let of_kpis = summary.kpis.iter().flat_map(|kpi| &kpi.notes);
        let reasons = summary.episodes.iter().filter_map(|episode| episode.state.as_ref()?.reason.as_ref());
        let said = summary.caveats.iter().chain(of_kpis).chain(notes).chain(reasons);
        said.for_each(|sentence| with_parts(sentence, &mut all));
    }
    // The first one stays.
    all.into_iter().rev().map(|sentence| (sentence.id.clone(), sentence)).collect()
}

#[test]
fn every_text_of_the_analysis_is_said_by_some_journal() {
    let text = include_str!("../../lang/en/analysis.ftl");
    let ids = text.lines().filter(|line| line.starts_with(char::is_alphabetic));
    let known: BTreeSet<_> = ids.filter_map(|line| line.split_once(" =")).map(|(id, _)| id).collect();
    let said = one_of_each();
    assert_eq!(said.keys().map(String::as_str).collect::<BTreeSet<_>>(), known);
}

#[test]
fn every_sentence_reads_like_this() {
    let said = one_of_each();
    let lines = |lang: Lang| -> Vec<_> {
        said.iter().map(|(id, sentence)| format!("{id}: {}", lang.read(sentence))).collect()
    };
    for lang in Lang::ALL {
        let lines = lines(lang);
        assert!(lines.iter().all(|line| !line.contains('⟦')), "{lang:?}: {lines:?}");
        insta::assert_snapshot!(format!("sentences_{}", lang.code()), lines.join("\n"));
    }
    for (english, japanese) in lines(Lang::En).iter().zip(lines(Lang::Ja)) {
        assert_ne!(*english, japanese);
    }
}

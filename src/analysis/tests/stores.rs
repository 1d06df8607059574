//! Outages of the stores: phases, the state, and the rate that counts it.

use super::outage::{Outage, stores, whole};
use super::scene::{MS, Scene};
use crate::analysis::model::{
    AlertRole, AutomaticResyncs, Episode, Kpi, Outcome, Phases, RequestedResyncs, Summary, Verdict,
};
use crate::analysis::no_fault_took_effect;
use crate::journal::event::{Action, BackendEvent, FaultVoid, Ledger, ResyncRecord};

fn played(outages: &[Outage]) -> Scene {
    let last = outages.iter().map(|outage| outage.t_ms).max().unwrap();
    let scene = outages.iter().fold(stores(Scene::until(last + 14_000)), |scene, outage| outage.play(scene));
    scene.requests().finished(last + 16_000)
}

fn summary(outages: &[Outage]) -> Summary {
    played(outages).analyse().summary
}

fn only(outage: Outage) -> Episode {
    summary(&[outage]).episodes.remove(0)
}

fn resync_rate(summary: &Summary) -> &Kpi {
    summary.kpis.iter().find(|kpi| kpi.id == "state_resync_rate").unwrap()
}

/// What the rate makes of a single episode: verdict and note.
#[track_caller]
fn judged(outage: Outage, verdict: Verdict, resynced: Option<bool>, note: &str) {
    let summary = summary(&[outage]);
    assert_eq!(summary.episodes[0].outcome, Outcome::Recovered);
    assert_eq!(summary.episodes[0].state.as_ref().unwrap().resynced, resynced);
    let kpi = resync_rate(&summary);
    assert_eq!((kpi.verdict, kpi.note().as_str()), (verdict, note));
}

#[test]
fn a_store_that_comes_back_whole_passes_in_phases() {
    let summary = summary(&[Outage::at(1, 6_000)]);
    let episode = &summary.episodes[0];
    assert_eq!((episode.outcome, episode.automatic), (Outcome::Recovered, true));
    assert_eq!((episode.t0_us, episode.t0_uncertainty_us), (6_020 * MS, 20 * MS));
    assert_eq!((episode.recovery_us, episode.fault_ended_us), (Some(1_190 * MS), Some(7_100 * MS)));
    assert_eq!(episode.recovery_from_end_us, Some(110 * MS));
    let ms = |ms: u64| Some(ms * MS);
    let phases =
        Phases { detect: ms(10), restart: ms(1_070), ready: ms(40), restore: ms(70), recover: ms(0) };
    assert_eq!(episode.phases_us, phases);
    // Nobody restarts a module here.
    assert_eq!(episode.restart_attempts, None);
    let state = episode.state.as_ref().unwrap();
    assert_eq!((state.outage_us, state.resync_us), (ms(1_080), ms(110)));
    assert_eq!((state.spooled, state.replayed), (Some(40), Some(40)));
    assert_eq!((state.resynced, &state.reason), (Some(true), &None));
    assert_eq!(state.automatic.as_ref().map(|resync| resync.replayed), Some(38));
    assert_eq!(state.requested[0].outcome, "succeeded");
    assert_eq!(state.requested.len(), 1);
    assert_eq!(summary.verdict, Verdict::Pass);
    let kpi = resync_rate(&summary);
    assert_eq!((kpi.value, kpi.numerator, kpi.denominator, kpi.excluded), (Some(1.0), 1, 1, 0));
    assert_eq!(kpi.note(), "1 of 1: at least 5 % with 95 % confidence (one-sided); 29 of 29 would show 90 %");
}

#[test]
fn a_forced_resync_never_makes_an_episode_count() {
    let forced = |restored| Outage { automatic: None, restored: Some(restored), ..Outage::at(1, 6_000) };
    judged(
        forced(5_000),
        Verdict::Fail,
        Some(false),
        "0 of 1: at least 0 % with 95 % confidence (one-sided); \
         1 episode: no automatic resync succeeded in time; \
         1 forced resync that succeeded afterwards cannot make up for it",
    );
    // The automatic one says that it succeeded, but all was whole only after the forced one had begun.
    judged(
        Outage { restored: Some(4_999), ..Outage::at(1, 6_000) },
        Verdict::Fail,
        Some(false),
        "0 of 1: at least 0 % with 95 % confidence (one-sided); \
         1 episode: the state was not whole again in time and without a forced resync",
    );
    // A request that was refused forced nothing.
    let refused = Outage { restored: Some(5_500), forced: Some(409), ..Outage::at(1, 6_000) };
    assert_eq!(only(refused).state.unwrap().resynced, Some(true));
    // Forced 3960 ms after the outage was being undone, which is less than the system may take: nobody knows what it would
    // have done. One that had failed by then did show it.
    let hasty = |outage: Outage| {
        let scene = played(&[outage]).plan(|plan| plan.scenarios[0].resync_grace_us = Some(4_000 * MS));
        scene.analyse().summary.episodes.remove(0).state.unwrap().resynced
    };
    assert_eq!(hasty(forced(5_000)), None);
    assert_eq!(hasty(Outage { automatic: Some(("failed", 1_200)), ..forced(5_000) }), Some(false));
    let failed = Outage { automatic: Some(("failed", 1_200)), restored: Some(5_000), ..Outage::at(1, 6_000) };
    assert_eq!(only(failed).state.unwrap().resynced, Some(false));
}

#[test]
fn a_damaged_entry_or_a_cache_that_differs_fails() {
    let fails = |change: fn(&mut Ledger), reason: &str| {
        let mut outage = Outage::at(1, 6_000);
        change(outage.ledger.as_mut().unwrap());
        let note = format!("0 of 1: at least 0 % with 95 % confidence (one-sided); 1 episode: {reason}");
        judged(outage, Verdict::Fail, Some(false), &note);
    };
    let damaged = "acknowledged entries were lost or changed";
    fails(|ledger| (ledger.lost, ledger.newly_damaged) = (1, Some(1)), damaged);
    // Without a word on what is new, all of it may be.
    fails(|ledger| (ledger.stale, ledger.newly_damaged) = (1, None), damaged);
    fails(|ledger| ledger.never_read = 3, "acknowledged entries could not be read back");
    fails(|ledger| ledger.cache_differs = Some(1), "cache and database do not say the same");
}

#[test]
fn damage_that_an_earlier_read_back_has_found_counts_once() {
    let first = Outage {
        ledger: Some(Ledger { lost: 2, newly_damaged: Some(2), ..whole(900, 40) }),
        ..Outage::at(1, 6_000)
    };
    let second = Outage {
        ledger: Some(Ledger { lost: 2, newly_damaged: Some(0), ..whole(1_800, 65) }),
        target: "cache",
        fault: "store-pause",
        ..Outage::at(2, 18_000)
    };
    let summary = summary(&[first, second]);
    let resynced: Vec<_> = summary.episodes.iter().map(|e| e.state.as_ref().unwrap().resynced).collect();
    assert_eq!(resynced, [Some(false), Some(true)]);
    assert_eq!(resync_rate(&summary).verdict, Verdict::Fail);
    let rows: Vec<_> = summary
        .stores
        .iter()
        .map(|row| {
            (
                row.target.as_str(),
                row.fault.as_str(),
                row.episodes,
                row.resynced,
                row.newly_damaged,
                row.spooled,
            )
        })
        .collect();
    assert_eq!(
        rows,
        [
            ("cache", "store-pause", 1, 1, Some(0), Some(25)),
            ("database", "store-kill", 1, 0, Some(2), Some(40)),
        ]
    );
}

#[test]
fn what_nobody_observed_is_no_data() {
    judged(
        Outage { events: false, ..Outage::at(1, 6_000) },
        Verdict::Inconclusive,
        None,
        "1 episode: the backend gave no events, so nobody saw whether a resync came by itself",
    );
    judged(
        Outage { ledger: None, ..Outage::at(1, 6_000) },
        Verdict::Inconclusive,
        None,
        "1 episode: no read-back was made, so nobody saw whether entries were lost",
    );
    let summary = summary(&[Outage { ledger: None, ..Outage::at(1, 6_000) }, Outage::at(2, 18_000)]);
    let kpi = resync_rate(&summary);
    assert_eq!((kpi.numerator, kpi.denominator, kpi.excluded), (1, 1, 1));
    assert_eq!((kpi.value, kpi.verdict), (Some(1.0), Verdict::Inconclusive));
    // Even if the unknown one were good, one of three is not: that much is decided.
    let bad = |id, t_ms| Outage { automatic: None, restored: Some(5_000), ..Outage::at(id, t_ms) };
    let summary =
        self::summary(&[Outage { ledger: None, ..Outage::at(1, 6_000) }, bad(2, 18_000), bad(3, 30_000)]);
    assert_eq!(resync_rate(&summary).verdict, Verdict::Fail);
    // A read-back that shows damage needs no events.
    let mut lost = Outage { events: false, ..Outage::at(1, 6_000) };
    lost.ledger.as_mut().unwrap().newly_damaged = Some(1);
    assert_eq!(only(lost).state.unwrap().resynced, Some(false));
}

#[test]
fn without_a_decided_store_episode_there_is_no_rate() {
    let module = stores(Scene::until(9_000)).healed(1, 6_000, "session").finished(9_000).analyse().summary;
    let kpi = resync_rate(&module);
    assert_eq!((kpi.value, kpi.verdict), (None, Verdict::Inconclusive));
    assert_eq!(kpi.note(), "no store was hit, so nothing is shown");
    let void = FaultVoid { episode: 1, reason: "the store answers still".to_owned() };
    let scene = stores(Scene::until(9_000)).injected(1, 6_000, "store-kill", "cache").at(6_500, void);
    let summary = scene.finished(9_000).analyse().summary;
    let kpi = resync_rate(&summary);
    assert_eq!((kpi.excluded, kpi.verdict), (1, Verdict::Inconclusive));
    assert_eq!(kpi.note(), "no store episode was decided, so nothing is shown; 1 void left out");
    assert_eq!((summary.stores[0].episodes, summary.stores[0].left_out), (0, 1));
    assert!(no_fault_took_effect(&summary));
}

#[test]
fn both_stores_are_one_episode_and_two_alerts() {
    let outage = Outage { target: "database+cache", fault: "store-pause", ..Outage::at(1, 6_000) };
    let analysis = played(&[outage]).analyse();
    let episode = &analysis.summary.episodes[0];
    let ms = |ms: u64| Some(ms * MS);
    // The cache answers 10 ms after the database: the last of the two is the mark.
    let phases =
        Phases { detect: ms(10), restart: ms(1_070), ready: ms(50), restore: ms(60), recover: ms(0) };
    assert_eq!((episode.outcome, episode.phases_us), (Outcome::Recovered, phases));
    let alerts = &episode.alerts;
    assert_eq!((alerts.expected, alerts.matched, alerts.collateral), (3, 3, 1));
    assert_eq!(alerts.delay_us, [30 * MS, 40 * MS, 1_200 * MS]);
    assert_eq!(episode.state.as_ref().unwrap().resynced, Some(true));
}

#[test]
fn the_alert_of_a_forced_resync_is_collateral_wherever_it_falls() {
    let roles = |outage: Outage| -> Vec<_> {
        let analysis = played(&[outage]).analyse();
        analysis.alerts.iter().map(|alert| (alert.kind.clone(), alert.role, alert.episode)).collect()
    };
    let expected = |role, episode| {
        vec![
            ("store_unavailable".to_owned(), AlertRole::Matched, Some(1)),
            ("state_resynced".to_owned(), AlertRole::Matched, Some(1)),
            ("state_resynced".to_owned(), role, episode),
        ]
    };
    assert_eq!(roles(Outage::at(1, 6_000)), expected(AlertRole::Collateral, Some(1)));
    // Long after the episode's own window: it is the answer to what the script asked for. Anything else is not.
    let late = |kind: &'static str| {
        let action = Action {
            episode: None,
            what: "POST /api/recovery/state_resync".to_owned(),
            scripted: true,
            status: Some(202),
            resync: None,
        };
        let scene = stores(Scene::until(40_000)).at(30_000, action).alert(31_000, "k", kind, "session");
        let totals = scene.finished(41_000).analyse().summary.alerts;
        (totals.collateral, totals.false_alarms)
    };
    assert_eq!((late("state_resynced"), late("state_resync_failed")), ((1, 0), (1, 0)));
    assert_eq!(late("store_unavailable"), (0, 1));
}

#[test]
fn no_recovery_before_the_outage_ends_and_the_state_is_whole() {
    // The probes see nothing at all: only events and the fault's own end tell.
    let silent = |restored: Option<u64>| {
        let mut outage = Outage { restored, forced: None, ..Outage::at(1, 6_000) };
        outage.automatic = restored.map(|restored| ("succeeded", restored - 10));
        let scene = outage.play(stores(Scene::until(20_000))).calm().finished(22_000);
        let episode = scene.analyse().summary.episodes.remove(0);
        (episode.outcome, episode.recovery_us.map(|us| us / MS))
    };
    assert_eq!(silent(Some(1_210)), (Outcome::Recovered, Some(1_190)));
    assert_eq!(silent(Some(3_500)), (Outcome::Recovered, Some(3_480)));
    assert_eq!(silent(None), (Outcome::Censored, None));
    let unended = stores(Scene::until(20_000))
        .injected(1, 6_000, "store-kill", "cache")
        .confirmed(1, 6_020)
        .finished(22_000);
    assert_eq!(unended.analyse().summary.episodes[0].outcome, Outcome::Censored);
    let eventless = Outage { events: false, forced: None, ..Outage::at(1, 6_000) };
    let episode = eventless
        .play(stores(Scene::until(20_000)))
        .calm()
        .finished(22_000)
        .analyse()
        .summary
        .episodes
        .remove(0);
    // From the action's proof to the fault's end.
    assert_eq!(episode.recovery_us, Some(1_080 * MS));
    assert_eq!(episode.phases_us.restore, None);
}

#[test]
fn the_backend_may_notice_before_the_proof() {
    let scene = Outage { ledger: None, ..Outage::at(1, 6_000) }.play(stores(Scene::until(20_000)));
    let scene = scene.backend(5_995, "store_down", "database").finished(22_000);
    let episode = &scene.analyse().summary.episodes[0];
    // A store's t0 is the start of the first failed probe, and the phase before it has no length.
    assert_eq!((episode.t0_us, episode.phases_us.detect), (6_020 * MS, Some(0)));
    // The state has been broken since before t0, and that stands against the recovery as well.
    assert_eq!(episode.recovery_us, Some(1_190 * MS));
}

#[test]
fn while_users_are_held_nothing_counts_into_a_baseline() {
    // 6.4 s of read-back with nothing else: without it the stretch before the second fault would be the baseline.
    let scene = |held: bool| {
        let held_from_us = held.then_some(8_000 * MS);
        let ledger = Ledger { held_from_us, ..whole(900, 0) };
        stores(Scene::until(20_000))
            .at(14_400, ledger)
            .healed(1, 15_000, "session")
            .requests()
            .finished(20_000)
    };
    let baseline = |held| scene(held).analyse().summary.episodes[0].baseline.clone().unwrap();
    assert_eq!((baseline(false).from_us, baseline(false).to_us), (0, 15_000 * MS));
    // 600 ms from its end to the fault are too few for a new one.
    assert_eq!((baseline(true).from_us, baseline(true).to_us), (0, 8_000 * MS));
    assert_eq!(baseline(true).goodput_per_s, Some(100.0));
    assert_eq!(scene(true).analyse().read_backs, [(8_000 * MS, 14_400 * MS)]);
}

#[test]
fn goodput_is_not_lost_while_users_are_held() {
    // Not recovered before the read-back, so that it lies inside the episode.
    let lost = |held: bool| {
        let outage = Outage { restored: None, automatic: None, ..Outage::at(1, 6_000) };
        let outage = Outage { ledger: None, ..outage };
        let scene = outage.play(stores(Scene::until(20_000))).outage(12_100, 12_400).requests();
        let ledger = Ledger { episode: Some(1), held_from_us: held.then_some(12_100 * MS), ..whole(900, 0) };
        scene.at(12_400, ledger).finished(22_000).analyse().summary.episodes[0].goodput_lost_requests.unwrap()
    };
    // 100 a second, for the 300 ms of the read-back.
    assert!((lost(false) - lost(true) - 30.0).abs() < 1e-6, "{} {}", lost(false), lost(true));
}

#[test]
fn of_several_automatic_resyncs_the_last_before_the_forced_one_tells() {
    let report = |replayed| ResyncRecord {
        id: format!("early-{replayed}"),
        trigger: "automatic".to_owned(),
        outcome: "succeeded".to_owned(),
        replayed,
        rebuilt: 0,
        repaired: 0,
        mismatches: 0,
        duration_ms: 5,
        reason: None,
    };
    let event = |seq, replayed| BackendEvent {
        seq,
        kind: "resync_finished".to_owned(),
        module: "session".to_owned(),
        pid: None,
        attempt: None,
        cause: Some("automatic".to_owned()),
        resync: Some(report(replayed)),
    };
    // One begins while the store is away still, and one comes after the forced one.
    let scene = played(&[Outage::at(1, 6_000)]).at(7_110, event(1, 5)).at(11_900, event(2, 7));
    let state = scene.analyse().summary.episodes.remove(0).state.unwrap();
    assert_eq!(state.automatic.map(|resync| resync.replayed), Some(38));
    assert_eq!((state.replayed, state.resynced), (Some(38 + 2 + 5 + 7), Some(true)));
}

#[test]
fn resyncs_are_split_by_trigger_and_add_up_in_the_ledger() {
    let refused = Outage { forced: Some(503), ledger: Some(whole(1_800, 65)), ..Outage::at(2, 18_000) };
    let summary = played(&[Outage::at(1, 6_000), refused])
        .at(33_000, Ledger { lost: 1, ..whole(2_000, 65) })
        .analyse()
        .summary;
    let resyncs = summary.resyncs.unwrap();
    assert_eq!(resyncs.automatic, Some(AutomaticResyncs { begun: 2, succeeded: 2, failed: 0 }));
    let requested = RequestedResyncs { asked: 2, succeeded: 1, refused: 1, ..RequestedResyncs::default() };
    assert_eq!(resyncs.requested, requested);
    let ledger = summary.ledger.unwrap();
    assert_eq!((ledger.spooled, ledger.replayed, ledger.episode), (Some(65), Some(38 + 2 + 38), None));
    let loss = summary.loss.unwrap();
    assert_eq!((loss.lost, loss.read, loss.rate), (1, 2_000, 0.0005));
    assert!((loss.upper_bound - 0.00237).abs() < 1e-5, "{}", loss.upper_bound);
}

#[test]
fn a_scenario_without_a_fault_only_forces_and_shows_nothing() {
    let report = ResyncRecord {
        id: "x".to_owned(),
        trigger: "requested".to_owned(),
        outcome: "succeeded".to_owned(),
        replayed: 4,
        rebuilt: 0,
        repaired: 0,
        mismatches: 0,
        duration_ms: 9,
        reason: None,
    };
    let action = Action {
        episode: None,
        what: "POST /api/recovery/state_resync".to_owned(),
        scripted: true,
        status: Some(200),
        resync: Some(report),
    };
    let scene = stores(Scene::until(9_000))
        .plan(|plan| plan.scenarios[0].fault = "none".to_owned())
        .at(7_000, action)
        .alert(7_005, "k", "state_resynced", "session")
        .at(9_000, whole(900, 0))
        .finished(9_000);
    let summary = scene.analyse().summary;
    assert_eq!(summary.verdict, Verdict::Inconclusive);
    assert!(!no_fault_took_effect(&summary));
    let resyncs = summary.resyncs.unwrap();
    assert_eq!((resyncs.automatic, resyncs.requested.succeeded), (None, 1));
    assert_eq!((summary.ledger.unwrap().replayed, summary.alerts.false_alarms), (Some(4), 0));
    let expected = "Scenario single-module: no store fault was injected: the harness has no way to stop this \
                    target's stores, so resyncs were only forced.";
    assert!(summary.caveats.iter().any(|caveat| caveat.text == *expected), "{:?}", summary.caveats);
}

#[test]
fn what_weakens_the_state_is_said() {
    let differs = |id, t_ms, differ| Outage {
        ledger: Some(Ledger { cache_differs: Some(differ), ..whole(900, 40) }),
        ..Outage::at(id, t_ms)
    };
    let apart = Outage {
        ledger: Some(Ledger { compared: None, cache_differs: None, ..whole(900, 40) }),
        ..Outage::at(2, 18_000)
    };
    let unread = Outage { ledger: None, ..Outage::at(3, 30_000) };
    let caveats = summary(&[differs(1, 6_000, 2), apart, unread]).caveats;
    for expected in [
        "After episode 3 no read-back was made, so nobody saw whether entries were lost there.",
        "After episode 2 cache and database were not compared: the target cannot be asked so.",
        "After episode 1 cache and database differed in 2 of 50 sessions.",
    ] {
        assert!(caveats.iter().any(|caveat| caveat.text == *expected), "{caveats:?}");
    }
}

#[test]
fn notes_tell_a_store_episode_to_its_read_back() {
    let analysis = played(&[Outage::at(1, 6_000)]).analyse();
    let notes: Vec<_> =
        analysis.notes.iter().map(|note| format!("{} {}", note.t_us / MS, note.text.text)).collect();
    assert_eq!(
        notes,
        [
            "6000 SIGKILL sent to the database and all descendants",
            "6020 effect proven: no answer on a connection that was open",
            "6030 backend saw the database fail (connection refused)",
            "6050 alert store_unavailable for database arrived (+30 ms), expected",
            "7000 undoing begun",
            "7100 fault ended: the database accepted again",
            "7140 backend: the database answers again",
            "7160 backend: automatic resync begun",
            "7200 backend: automatic resync succeeded after 40 ms: 38 replayed, 3 rebuilt, 0 repaired, 0 mismatches",
            "7210 backend: the state is whole again",
            "7210 recovered after 1.19 s, 110 ms after the fault's end",
            "7220 alert state_resynced for session arrived (+1.2 s), expected",
            "10960 backend: requested resync begun",
            "10999 backend: requested resync succeeded after 40 ms: 2 replayed, 3 rebuilt, 0 repaired, 0 mismatches",
            "11000 script: POST /api/recovery/state_resync → 200",
            "11030 alert state_resynced for session arrived (+5.01 s), collateral",
            "12100 users held still for a read-back",
            "12400 read back: of 900 acknowledged entries 0 newly lost or changed, 0 could not be read; \
             cache and database differ in 0 of 50 sessions",
        ]
    );
}

//! What holds whatever a journal says.

use proptest::prelude::*;

use super::scene::{MS, Scene};
use crate::analysis::model::{Episode, Outcome, Phases};
use crate::journal::event::{FaultEnded, FaultInjected, Ledger};

/// Faults, proofs, backend events and outages at random instants, in no sensible order.
pub(super) fn any_scene() -> impl Strategy<Value = Scene> {
    let module = || prop::sample::select(vec!["ingest", "session", "database", "cache"]);
    let target = prop::sample::select(vec!["ingest", "session", "database", "cache", "database+cache"]);
    let of_module = prop::sample::select(vec!["kill", "pause", "crash-loop"]);
    let kind = prop::sample::select(vec![
        "gave_up",
        "exited",
        "spawned",
        "ready",
        "hung",
        "stopping",
        "store_down",
        "store_up",
        "stores_restored",
        "resync_started",
    ]);
    let proof = (prop::option::of(0u64..300), prop::option::of(0u64..2_000));
    let faults =
        prop::collection::vec((4_000u64..20_000, target, proof, of_module, prop::option::of(1u32..3)), 0..6);
    let events = prop::collection::vec((4_000u64..20_000, kind, module()), 0..14);
    let outages = prop::collection::vec((4_000u64..20_000, 0u64..3_000), 0..4);
    let read_backs = prop::collection::vec((4_000u64..20_000, 0u64..1_500, prop::option::of(1u32..6)), 0..4);
    (faults, events, outages, read_backs, 5_000u64..25_000, any::<bool>()).prop_map(
        |(faults, events, outages, read_backs, end, finished)| {
            let mut scene = Scene::until(end).requests();
            for (id, (t, target, (proof, ended), of_module, chain)) in (1..).zip(faults) {
                let of_stores = target.contains("database") || target.contains("cache");
                let fault = FaultInjected {
                    episode: id,
                    scenario: "single-module".to_owned(),
                    fault: if of_stores { "store-kill" } else { of_module }.to_owned(),
                    target: target.to_owned(),
                    pid: None,
                    chain,
                    lasts_us: None,
                };
                scene = scene.at(t, fault);
                if let Some(after) = proof {
                    scene = scene.confirmed(id, t + after);
                }
                if let Some(after) = ended {
                    scene =
                        scene.at(t + after, FaultEnded { episode: id, undo_us: Some((t + after / 2) * MS) });
                }
            }
            for (from, length, episode) in read_backs {
                let ledger = Ledger { held_from_us: Some(from * MS), episode, ..Ledger::default() };
                scene = scene.at(from + length, ledger);
            }
            for (t, kind, module) in events {
                scene = scene.backend(t, kind, module);
            }
            for (from, length) in outages {
                scene = scene.outage(from, from + length);
            }
            if finished { scene.finished(end) } else { scene }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_the_journal_says_episodes_are_sound(scene in any_scene()) {
        let analysis = scene.analyse();
        let episodes = &analysis.summary.episodes;
        for episode in episodes {
            let Phases { detect, restart, ready, restore, recover } = episode.phases_us;
            prop_assert!(episode.end_us >= episode.t0_us);
            prop_assert_eq!(episode.recovery_us.is_some(), episode.outcome == Outcome::Recovered);
            if let Some(recovery) = episode.recovery_us {
                let sum: u64 = [detect, restart, ready, restore, recover].into_iter().flatten().sum();
                prop_assert_eq!(sum, recovery);
                prop_assert_eq!(episode.t0_us + recovery, episode.end_us);
                prop_assert!(recovery <= 10_000 * MS);
            }
            prop_assert!(episode.failed_requests <= episode.requests);
            let ended = episode.fault_ended_us;
            prop_assert!(ended.is_none() || episode.fault != "kill");
            if episode.outcome == Outcome::Recovered && episode.fault != "kill" {
                prop_assert!(ended.is_none_or(|ended| ended <= episode.end_us), "{episode:?}");
            }
            if episode.hits_stores() && episode.outcome == Outcome::Recovered {
                // An outage that never ended was not recovered from.
                prop_assert!(ended.is_some_and(|ended| ended <= episode.end_us), "{episode:?}");
                let state = episode.state.as_ref().unwrap();
                prop_assert_eq!(episode.recovery_from_end_us, Some(episode.end_us - ended.unwrap()));
                // Nobody read back whole sessions here, and no resync ended.
                prop_assert_ne!(state.resynced, Some(true));
            }
            prop_assert!(episode.goodput_lost_requests.is_none_or(|lost| lost >= 0.0));
        }
        // Two episodes of one target never overlap; a void one is no time of trouble.
        let real: Vec<_> = episodes.iter().filter(|episode| episode.outcome != Outcome::Void).collect();
        for (index, a) in real.iter().enumerate() {
            let same = |b: &Episode| b.target == a.target || (b.hits_stores() && a.hits_stores());
            for b in real[index + 1..].iter().filter(|b| same(b)) {
                let overlap = a.t0_us.max(b.t0_us) < a.end_us.min(b.end_us);
                prop_assert!(!overlap, "{a:?} and {b:?}");
            }
        }
        let mut members = 0;
        for chain in &analysis.summary.chains {
            let own: Vec<_> = episodes.iter().filter(|episode| episode.chain == Some(chain.chain)).collect();
            members += own.len();
            prop_assert_eq!(chain.episodes.clone(), own.iter().map(|episode| episode.id).collect::<Vec<_>>());
            let real: Vec<_> = own.iter().filter(|episode| episode.outcome != Outcome::Void).collect();
            let all = !real.is_empty() && real.iter().all(|episode| episode.outcome == Outcome::Recovered);
            prop_assert_eq!(chain.outcome == Outcome::Recovered, all);
            prop_assert_eq!(chain.outcome == Outcome::Void, real.is_empty());
            let last = real.iter().map(|episode| episode.end_us).max();
            prop_assert_eq!(chain.recovery_us, last.filter(|_| all).map(|last| last - chain.t0_us));
            prop_assert!(real.iter().all(|e| chain.t0_us <= e.t0_us && e.end_us <= chain.end_us));
        }
        prop_assert_eq!(members, episodes.iter().filter(|episode| episode.chain.is_some()).count());
        let alone = episodes.iter().filter(|e| e.chain.is_none() && e.is_trial()).count();
        let chained = analysis.summary.chains.iter().filter(|chain| chain.is_trial()).count();
        prop_assert_eq!(analysis.summary.scenarios[0].trials as usize, alone + chained);
        prop_assert_eq!(analysis.summary.load.inside.count + analysis.summary.load.outside.count, analysis.summary.load.requests);
    }
}

//! What holds whatever a journal says.

use proptest::prelude::*;

use super::scene::{MS, Scene};
use crate::analysis::model::{Outcome, Phases};

/// Faults, proofs, backend events and outages at random instants, in no sensible order.
fn any_scene() -> impl Strategy<Value = Scene> {
    let module = || prop::sample::select(vec!["ingest", "session"]);
    let kind = prop::sample::select(vec!["exited", "spawned", "ready", "hung", "stopping"]);
    let faults = prop::collection::vec((4_000u64..20_000, module(), prop::option::of(0u64..300)), 0..6);
    let events = prop::collection::vec((4_000u64..20_000, kind, module()), 0..12);
    let outages = prop::collection::vec((4_000u64..20_000, 0u64..3_000), 0..4);
    (faults, events, outages, 5_000u64..25_000, any::<bool>()).prop_map(
        |(faults, events, outages, end, finished)| {
            let mut scene = Scene::until(end).requests();
            for (id, (t, target, proof)) in (1..).zip(faults) {
                scene = scene.injected(id, t, "kill", target);
                if let Some(after) = proof {
                    scene = scene.confirmed(id, t + after);
                }
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
    #![proptest_config(ProptestConfig::with_cases(48))]

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
        }
        // Two episodes of one target never overlap; a void one is no time of trouble.
        let real: Vec<_> = episodes.iter().filter(|episode| episode.outcome != Outcome::Void).collect();
        for (index, a) in real.iter().enumerate() {
            for b in real[index + 1..].iter().filter(|b| b.target == a.target) {
                let overlap = a.t0_us.max(b.t0_us) < a.end_us.min(b.end_us);
                prop_assert!(!overlap, "{a:?} and {b:?}");
            }
        }
        prop_assert_eq!(analysis.summary.load.inside.count + analysis.summary.load.outside.count, analysis.summary.load.requests);
    }
}

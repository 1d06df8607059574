//! What the trials of a scenario give to the estimate of recovery times.

use super::scene::{MS, Scene};
use crate::analysis::model::Outcome;
use crate::analysis::survival::{Observation, recoveries};
use crate::journal::event::{ChainMember, ChainStarted, FaultInjected};

/// A kill in chain 1.
fn hit(scene: Scene, episode: u32, t_ms: u64, target: &str) -> Scene {
    let fault = FaultInjected {
        episode,
        scenario: "single-module".to_owned(),
        fault: "kill".to_owned(),
        target: target.to_owned(),
        pid: Some(100),
        chain: Some(1),
        lasts_us: None,
    };
    scene.at(t_ms, fault).confirmed(episode, t_ms + 2)
}

#[test]
fn a_fault_by_itself_and_a_whole_chain_are_one_trial_each_and_what_was_not_decided_is_none() {
    let member =
        |target: &str| ChainMember { fault: "kill".to_owned(), target: target.to_owned(), offset_us: 0 };
    let chain = ChainStarted {
        chain: 1,
        scenario: "single-module".to_owned(),
        members: vec![member("ingest"), member("analysis")],
        strategy: None,
    };
    let scene = Scene::until(36_000).healed(1, 6_000, "ingest").injected(2, 9_000, "kill", "session");
    let scene = hit(scene.at(12_000, chain), 3, 12_000, "ingest");
    let summary = hit(scene, 4, 12_200, "analysis")
        .outage(12_000, 12_700)
        // Away for good: given up after 10 s.
        .killed(5, 20_000, "session")
        .outage(20_000, 36_000)
        .finished(36_000)
        .analyse()
        .summary;
    let outcomes: Vec<_> = summary.episodes.iter().map(|episode| episode.outcome).collect();
    let recovered = Outcome::Recovered;
    assert_eq!(outcomes, [recovered, Outcome::Void, recovered, recovered, Outcome::Censored]);
    let expected = [
        Observation::Event(98 * MS),
        Observation::Censored(10_000 * MS),
        // From the first effect to the last recovery.
        Observation::Event(698 * MS),
    ];
    assert_eq!(recoveries(&summary, "single-module"), expected);
    assert_eq!(recoveries(&summary, "another"), []);
}

//! What became of each alert that a fault declared.

use super::scene::{MS, Scene};
use crate::analysis::model::Met;
use crate::journal::event::SinkOutage;

#[test]
fn every_expected_alert_has_its_fate_in_order_of_the_episodes() {
    let analysis = Scene::until(20_000)
        .healed(1, 6_000, "ingest")
        .expects(1, 6_002, "ingest")
        .alert(6_010, "k1", "module_crashed", "ingest")
        // Without proof of its effect: it expects nothing.
        .injected(2, 9_000, "kill", "session")
        .expects(2, 9_002, "session")
        .healed(3, 12_000, "analysis")
        .expects(3, 12_002, "analysis")
        .finished(20_000)
        .analyse();
    let fates: Vec<_> = analysis.expectations.iter().map(|e| (e.episode, e.module.as_str(), e.met)).collect();
    // The run ended before 22.002 s.
    assert_eq!(fates, [(1, "ingest", Met::InTime(6_010 * MS)), (3, "analysis", Met::Undecided)]);
    let first = &analysis.expectations[0];
    assert_eq!((first.t0_us, first.deadline_us), (analysis.summary.episodes[0].t0_us, 16_002 * MS));
    assert_eq!(
        (&first.kinds[..], first.min_severity.as_str()),
        (&["module_crashed".to_owned()][..], "warning")
    );
}

#[test]
fn a_deadline_holds_the_outage_of_our_own_sink() {
    let scene = |closed: bool| {
        let scene = Scene::until(20_000).healed(1, 6_000, "ingest").expects(1, 6_002, "ingest");
        let scene = scene.alert(17_000, "k1", "module_crashed", "ingest").finished(20_000);
        if closed { scene.at(6_100, SinkOutage { until_us: 11_100 * MS }) } else { scene }
    };
    let fate = |closed| {
        let expectation = scene(closed).analyse().expectations.remove(0);
        (expectation.deadline_us / MS, expectation.met)
    };
    assert_eq!(fate(false), (16_002, Met::Late(17_000 * MS)));
    assert_eq!(fate(true), (21_002, Met::InTime(17_000 * MS)));
}

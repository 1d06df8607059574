//! What users and canaries felt around an episode.

use proptest::prelude::*;

use super::properties::any_scene;
use super::scene::{MS, Scene, analyse};
use crate::analysis::curves::windows;
use crate::analysis::model::{Analysis, Curve, Episode, MOST_CURVES, Outcome};
use crate::analysis::{Analyser, RequestPass};
use crate::journal::event::{FaultVoid, Ledger, Line};

/// One kill at 6000, proven at 6002, recovered at 6100. Requests start at each 100 ms, ten of them, and end 5 ms later.
fn healed() -> Scene {
    Scene::until(10_000).healed(1, 6_000, "session").requests()
}

fn curve(scene: &Scene) -> Curve {
    let mut curves = scene.analyse().curves;
    assert_eq!(curves.len(), 1);
    curves.remove(0)
}

/// The bin that begins so many ms after t0.
fn bin(curve: &Curve, after_ms: i64) -> usize {
    usize::try_from(after_ms + 1_000).unwrap() / usize::try_from(curve.bin_us / MS).unwrap()
}

#[test]
fn requests_are_counted_in_the_bin_in_which_they_ended() {
    let curve = curve(&healed().finished(12_000));
    // A second before t0, the 98 ms of the episode and a second after it are 42 bins of 50 ms; the last one is cut off,
    // because it is not full.
    assert_eq!((curve.episode, curve.from_us, curve.bin_us), (1, 5_002 * MS, 50 * MS));
    assert_eq!(curve.bins.len(), 41);
    // Those of 5900 end at 5905, those of 6000 fail at 6005, in the first bin from t0 on.
    let counts = |after_ms| {
        let bin = curve.bins[bin(&curve, after_ms)];
        (bin.ok, bin.failed)
    };
    assert_eq!(
        [counts(-100), counts(-50), counts(0), counts(50), counts(100)],
        [(10, 0), (0, 0), (0, 10), (0, 0), (10, 0)]
    );
    let total: u64 = curve.bins.iter().map(|bin| bin.ok).sum();
    // From 5005 to 7005 there are 21 bursts, and one of them failed.
    assert_eq!(total, 200);
}

#[test]
fn no_bin_is_so_short_that_hardly_a_request_is_due_in_it() {
    let bin_us = |users, think_time_us| {
        let scene = healed().plan(|plan| (plan.users, plan.think_time_us) = (users, think_time_us));
        curve(&scene.finished(12_000)).bin_us
    };
    // Ten requests a second: ten of them take a second.
    assert_eq!([bin_us(1, 100_000), bin_us(10, 1_000_000)], [1_000_000; 2]);
    // 40 a second: 250 ms, which is rounded up.
    assert_eq!(bin_us(10, 250_000), 500_000);
    assert_eq!([bin_us(500, 100_000), bin_us(50, 0)], [50_000; 2]);
}

#[test]
fn canaries_are_counted_in_the_bin_in_which_they_were_due() {
    let curve = curve(&healed().finished(12_000));
    // Due at 5010 to 5050, and the last of the five is the slowest: it takes 900 µs + 7 × (5050 mod 300).
    assert_eq!(curve.bins[0].p95_us, Some(900 + 7 * 250));
    // All that are due from 6010 to 6050 fail; of those from 6060 to 6100 the last one succeeds.
    let at_t0 = curve.bins[bin(&curve, 0)];
    assert_eq!((at_t0.p95_us, at_t0.failed_canaries), (None, 5));
    let next = curve.bins[bin(&curve, 50)];
    assert_eq!((next.p95_us, next.failed_canaries), (Some(900 + 7 * 100), 4));
}

#[test]
fn the_area_between_baseline_and_bins_is_the_goodput_lost() {
    let analysis = healed().outage(6_100, 6_450).finished(12_000).analyse();
    let (from_bins, from_requests, slack) = lost(&analysis, &analysis.curves[0]).unwrap();
    // 448 ms are 9 bins of 50 ms, in which nobody was served, at 100 a second.
    assert_eq!(from_bins.round(), 45.0);
    assert!((from_bins - from_requests).abs() <= slack, "{from_bins} {from_requests} {slack}");
}

/// Requests lost from t0 to the end by the bins and by the requests, and how much a bin can hold.
fn lost(analysis: &Analysis, curve: &Curve) -> Option<(f64, f64, f64)> {
    let episode = analysis.summary.episodes.iter().find(|episode| episode.id == curve.episode)?;
    let per_s = episode.baseline.as_ref()?.goodput_per_s?;
    let inside = curve.timed().filter(|(from, _)| (episode.t0_us..episode.end_us).contains(from));
    let (mut expected, mut served) = (0.0, 0);
    for (_, bin) in inside {
        expected += per_s * (curve.bin_us - bin.held_us) as f64 / 1e6;
        served += bin.ok;
    }
    let most = curve.bins.iter().map(|bin| bin.ok).max().unwrap_or(0) as f64;
    let slack = per_s * curve.bin_us as f64 / 1e6 + most;
    Some(((expected - served as f64).max(0.0), episode.goodput_lost_requests?, slack + 1e-6))
}

#[test]
fn while_users_are_held_still_there_is_no_goodput() {
    let ledger = Ledger { held_from_us: Some(6_300 * MS), ..Ledger::default() };
    let curve = curve(&healed().at(6_700, ledger).finished(12_000));
    let at = |after_ms| curve.bins[bin(&curve, after_ms)];
    // Of [6252, 6302) 2 ms, then whole bins, and of [6652, 6702) 48 ms.
    assert_eq!(
        [at(200), at(250), at(300), at(600), at(650), at(700)].map(|bin| bin.held_us / MS),
        [0, 2, 50, 50, 48, 0]
    );
    // What ended at 6305 was under way when they were stopped.
    assert_eq!((at(300).ok, at(300).goodput_per_s(50 * MS)), (0, None));
    assert_eq!(at(650).goodput_per_s(50 * MS), None, "2 ms are too short for a rate");
    // Ten in the bin that begins at 6802; without a read-back they are 200 a second of it.
    assert_eq!(at(800).goodput_per_s(50 * MS), Some(200.0));
}

#[test]
fn a_fault_without_effect_has_no_curve() {
    let void = FaultVoid { episode: 1, reason: "process 100 was still there".to_owned() };
    let scene = Scene::until(9_000).injected(1, 6_000, "kill", "session").at(6_500, void).requests();
    assert!(scene.finished(9_000).analyse().curves.is_empty());
}

/// An episode with these instants in ms.
fn lasting(id: u32, t0_ms: u64, end_ms: u64, outcome: Outcome) -> Episode {
    let analysis = Scene::until(0).killed(1, 1, "session").finished(1).analyse();
    let episode = analysis.summary.episodes[0].clone();
    Episode { id, t0_us: t0_ms * MS, end_us: end_ms * MS, outcome, ..episode }
}

#[test]
fn a_curve_shows_nothing_of_the_episodes_before_and_after() {
    use Outcome::{Recovered, Void};
    let episodes = [
        lasting(1, 10_000, 20_000, Recovered),
        lasting(2, 20_500, 20_500, Void),
        lasting(3, 21_000, 21_100, Recovered),
        // A member of the same chain: it began while the other was open.
        lasting(4, 21_050, 21_100, Recovered),
    ];
    let windows = windows(episodes.iter(), 21_680 * MS, 1);
    let spans: Vec<_> = windows.iter().map(|window| (window.episode, window.span())).collect();
    // Two seconds beside ten, in bins of 200 ms; then a second, in bins of 50 ms, as far as the run goes.
    let expected = [(1, 8_000, 21_000), (3, 20_000, 21_650), (4, 20_050, 21_650)];
    assert_eq!(spans, expected.map(|(id, from, to)| (id, (from * MS, to * MS))));
}

#[test]
fn of_more_episodes_than_curves_those_that_did_not_recover_and_the_slowest_are_shown() {
    let most = u32::try_from(MOST_CURVES).unwrap();
    // The later the slower; the first two did not recover, although they were the shortest.
    let episodes: Vec<_> = (1..=most + 50)
        .map(|id| {
            let outcome = if id <= 2 { Outcome::Censored } else { Outcome::Recovered };
            lasting_as(&lasting(1, 0, 0, outcome), id)
        })
        .collect();
    let shown: Vec<_> =
        windows(episodes.iter(), u64::MAX / 2, 1).iter().map(|window| window.episode).collect();
    let expected: Vec<_> = [1, 2].into_iter().chain(53..=most + 50).collect();
    assert_eq!(shown, expected);
}

fn lasting_as(episode: &Episode, id: u32) -> Episode {
    let t0_us = u64::from(id) * 10_000 * MS;
    Episode { id, t0_us, end_us: t0_us + u64::from(id) * MS, ..episode.clone() }
}

/// The third pass over `lines`, not yet finished.
fn third(lines: &[Line<'_>]) -> RequestPass {
    let mut control = Analyser::new();
    lines.iter().for_each(|line| control.line(line));
    let mut probes = control.probes().unwrap();
    lines.iter().for_each(|line| probes.line(line));
    probes.requests()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn curves_do_not_depend_on_how_readers_share_the_lines(scene in any_scene(), cut in any::<prop::sample::Index>()) {
        let lines = scene.lines();
        let (front, back) = lines.split_at(cut.index(lines.len()));
        let mut first = third(&lines);
        let mut second = first.fork();
        back.iter().for_each(|line| second.line(line));
        front.iter().for_each(|line| first.line(line));
        first.merge(&second);
        prop_assert_eq!(first.finish().curves, analyse(&lines).curves);
    }

    #[test]
    fn whatever_the_journal_says_curves_are_sound(scene in any_scene()) {
        let analysis = scene.analyse();
        for curve in &analysis.curves {
            let episode = analysis.summary.episodes.iter().find(|episode| episode.id == curve.episode).unwrap();
            prop_assert!(episode.outcome != Outcome::Void);
            prop_assert!((1..=120).contains(&curve.bins.len()));
            let end = curve.from_us + curve.bin_us * curve.bins.len() as u64;
            prop_assert!(end <= analysis.summary.duration_us);
            // A bin begins at t0, or the run ended before one could.
            prop_assert_eq!((episode.t0_us - curve.from_us) % curve.bin_us, 0);
            prop_assert!(curve.bins.iter().all(|bin| bin.held_us <= curve.bin_us));
            // What was cut off at the end of the run is less than a bin.
            prop_assert!(end + curve.bin_us > episode.end_us);
            if let Some((from_bins, from_requests, slack)) = lost(&analysis, curve) {
                prop_assert!((from_bins - from_requests).abs() <= slack, "{from_bins} {from_requests} {slack}");
            }
        }
    }
}

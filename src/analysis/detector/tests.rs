use proptest::prelude::*;

use super::*;

const CRITERION: Criterion = Criterion { hold_us: 200, success_floor: 0.99, p95_limit_us: 50, health: true };

/// The definition, word for word, in O(n²).
fn reference(
    t0: Micros,
    criterion: &Criterion,
    unwell: &[(Micros, Micros)],
    canaries: &[CanarySample],
    polls: &[HealthSample],
) -> Option<Micros> {
    let last_canary = canaries.last()?.t;
    let last_poll = polls.last()?.t;
    let good = |c: &&CanarySample| c.t >= t0 && c.ok && c.duration_us <= criterion.p95_limit_us;
    canaries.iter().filter(good).map(|c| c.t).find(|&w| {
        let end = w + criterion.hold_us;
        let window: Vec<_> = canaries.iter().filter(|c| (w..end).contains(&c.t)).collect();
        let mut durations: Vec<_> = window.iter().filter(|c| c.ok).map(|c| c.duration_us).collect();
        durations.sort_unstable();
        let p95 = durations[(0.95 * durations.len() as f64).ceil() as usize - 1];
        let seen: Vec<_> = polls.iter().filter(|p| (w..end).contains(&p.t)).collect();
        last_canary >= end
            && last_poll >= end
            && durations.len() as f64 / window.len() as f64 >= criterion.success_floor - RATIO_SLACK
            && p95 <= criterion.p95_limit_us
            && !seen.is_empty()
            && seen.iter().all(|p| p.ok)
            && unwell.iter().all(|(from, until)| *from >= end || *until <= w)
    })
}

fn canaries(durations: impl IntoIterator<Item = (u64, bool)>) -> Vec<CanarySample> {
    (0..)
        .step_by(10)
        .zip(durations)
        .map(|(t, (duration_us, ok))| CanarySample { t, duration_us, ok })
        .collect()
}

fn polls(ok: impl IntoIterator<Item = bool>) -> Vec<HealthSample> {
    (0..).step_by(50).zip(ok).map(|(t, ok)| HealthSample { t, ok }).collect()
}

fn detect(t0: Micros, canaries: &[CanarySample], polls: &[HealthSample]) -> Option<Micros> {
    let mut detector = Detector::new(t0, CRITERION);
    canaries.iter().for_each(|c| detector.canary(*c));
    polls.iter().for_each(|p| detector.health(*p));
    detector.recovered()
}

#[test]
fn recovers_at_the_first_good_canary_after_an_outage() {
    let canaries = canaries((0..100).map(|i| (1, !(10..25).contains(&i))));
    assert_eq!(detect(100, &canaries, &polls([true; 20])), Some(250));
}

#[test]
fn a_window_that_is_not_over_is_no_recovery() {
    // The last canary starts at 440, the window that opens at 250 ends at 450.
    let canaries = canaries((0..45).map(|i| (1, !(10..25).contains(&i))));
    assert_eq!(detect(100, &canaries, &polls([true; 20])), None);
    let polls = polls([true; 9]);
    assert_eq!(detect(100, &canaries, &polls), None);
}

#[test]
fn a_relapse_within_the_hold_starts_it_anew() {
    // One failure of the 20 canaries of a window is below the floor of 99 %.
    let canaries = canaries((0..100).map(|i| (1, !(10..25).contains(&i) && i != 40)));
    assert_eq!(detect(100, &canaries, &polls([true; 20])), Some(410));
}

#[test]
fn a_bad_health_page_keeps_it_open() {
    let canaries = canaries([(1, true); 100]);
    // The polls at 100 and 150 are bad, so the first window without one opens after 150.
    let polls = polls((0..20).map(|i| i != 2 && i != 3));
    assert_eq!(detect(100, &canaries, &polls), Some(160));
}

#[test]
fn without_a_poll_in_the_window_nothing_is_shown() {
    let canaries = canaries([(1, true); 100]);
    assert_eq!(detect(0, &canaries, &[]), None);
    // From 10 on no window of 200 has a poll, although later polls were seen.
    let polls = [HealthSample { t: 5, ok: true }, HealthSample { t: 990, ok: true }];
    assert_eq!(detect(10, &canaries, &polls), None);
}

#[test]
fn a_slow_tail_is_no_recovery() {
    // 2 of 20 above the limit: the 19th of 20 values is above it.
    let slow = canaries((0..100).map(|i| (if i % 10 == 5 { 90 } else { 1 }, true)));
    assert_eq!(detect(0, &slow, &polls([true; 20])), None);
    let once = canaries((0..100).map(|i| (if i % 20 == 5 { 90 } else { 1 }, true)));
    assert_eq!(detect(0, &once, &polls([true; 20])), Some(0));
}

#[test]
fn a_canary_that_hung_through_the_outage_does_not_open_the_window() {
    // A stopped server answers everything when it goes on: the last of the waiting ones would fit the tolerance.
    let canaries = canaries((0..100).map(|i| (if (10..25).contains(&i) { 250 - 10 * i } else { 1 }, true)));
    assert_eq!(detect(100, &canaries, &polls([true; 20])), Some(200));
}

#[test]
fn a_module_that_is_down_unseen_by_the_probes_breaks_the_hold() {
    let mut detector = Detector::new(100, CRITERION);
    detector.unwell(101, 104);
    detector.unwell(200, 203);
    canaries([(1, true); 100]).into_iter().for_each(|c| detector.canary(c));
    polls([true; 20]).into_iter().for_each(|p| detector.health(p));
    assert_eq!(detector.recovered(), Some(210));
}

#[test]
fn nothing_is_decided_while_blocked() {
    let mut detector = Detector::new(100, CRITERION);
    detector.blocked(true);
    canaries([(1, true); 100]).into_iter().for_each(|c| detector.canary(c));
    polls([true; 20]).into_iter().for_each(|p| detector.health(p));
    assert_eq!(detector.recovered(), None);
    detector.not_before(333);
    detector.blocked(false);
    assert_eq!(detector.recovered(), Some(340));
}

#[test]
fn memory_is_bounded_by_the_hold() {
    let mut detector = Detector::new(0, CRITERION);
    for t in (0..1_000_000).step_by(10) {
        // Well for 190 of every 200: never held, and always nearly.
        detector.canary(CanarySample { t, duration_us: 1, ok: t % 200 != 0 });
        detector.health(HealthSample { t, ok: true });
        assert!(detector.canaries.marks.len() <= 21 && detector.polls.marks.len() <= 21);
    }
    assert_eq!(detector.recovered(), None);
}

#[test]
fn the_criterion_follows_the_baseline() {
    let mut baseline = Baseline {
        from_us: 0,
        to_us: 1,
        canaries: 1,
        success_ratio: 0.97,
        p95_us: 10_000,
        goodput_per_s: None,
    };
    let criterion = Criterion::from_baseline(&baseline, 7);
    assert_eq!((criterion.hold_us, criterion.p95_limit_us), (7, 30_000));
    assert!((criterion.success_floor - 0.96).abs() < 1e-12);
    baseline.p95_us = 100_000;
    assert_eq!(Criterion::from_baseline(&baseline, 7).p95_limit_us, 125_000);
}

fn outages() -> impl Strategy<Value = Vec<(u64, bool)>> {
    // Runs of good and of bad canaries, so that windows hold now and then.
    let run = (1usize..60, 0u64..4, any::<bool>());
    prop::collection::vec(run, 1..12).prop_map(|runs| {
        runs.into_iter()
            .flat_map(|(n, kind, ok)| vec![if kind == 0 { (80, ok) } else { (20, ok || kind > 1) }; n])
            .collect()
    })
}

proptest! {
    #[test]
    fn equals_the_definition(
        t0 in 0u64..500,
        series in outages(),
        health in prop::collection::vec(prop::bool::weighted(0.93), 1..60),
        unwell in prop::collection::vec((0u64..3000, 1u64..100), 0..3),
        floor in prop::sample::select(vec![0.99, 0.9, 0.5]),
        split in any::<prop::sample::Index>(),
    ) {
        let criterion = Criterion { success_floor: floor, ..CRITERION };
        let unwell: Vec<_> = unwell.into_iter().map(|(from, length)| (from, from + length)).collect();
        let (canaries, polls) = (canaries(series), polls(health));
        let mut detector = Detector::new(t0, criterion);
        for (from, until) in &unwell {
            detector.unwell(*from, *until);
        }
        // The streams are out of step: some polls first, then all canaries, then the other polls.
        let (before, after) = polls.split_at(split.index(polls.len()));
        before.iter().for_each(|p| detector.health(*p));
        canaries.iter().for_each(|c| detector.canary(*c));
        after.iter().for_each(|p| detector.health(*p));
        prop_assert_eq!(detector.recovered(), reference(t0, &criterion, &unwell, &canaries, &polls));
    }
}

use proptest::prelude::*;

use super::Observation::{Censored, Event};
use super::*;
use crate::analysis::histogram::nearest_rank;

/// Weeks in remission under 6-MP: E. J. Freireich et al., Blood 21 (1963) 699–716, as in D. R. Cox, D. Oakes,
/// "Analysis of Survival Data" (1984), and D. G. Kleinbaum, M. Klein, "Survival Analysis", chapter 2.
const SIX_MP: [Observation; 21] = [
    Event(6),
    Event(6),
    Event(6),
    Event(7),
    Event(10),
    Event(13),
    Event(16),
    Event(22),
    Event(23),
    Censored(6),
    Censored(9),
    Censored(10),
    Censored(11),
    Censored(17),
    Censored(19),
    Censored(20),
    Censored(25),
    Censored(32),
    Censored(32),
    Censored(34),
    Censored(35),
];

/// The other arm of it, without a censored one.
const PLACEBO: [u64; 21] = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23];

#[track_caller]
fn close(actual: f64, expected: f64, tolerance: f64) {
    assert!((actual - expected).abs() < tolerance, "{actual} is not {expected}");
}

#[test]
fn the_remissions_under_6_mp_have_the_published_shares_and_standard_errors() {
    let estimate = Survival::of(&SIX_MP);
    // Kleinbaum and Klein, table 2.3, for the shares; Greenwood's errors as in most courses on the data.
    let published = [
        (6, 21, 3, 0.857_1, 0.076_4),
        (7, 17, 1, 0.806_7, 0.086_9),
        (10, 15, 1, 0.752_9, 0.096_3),
        (13, 12, 1, 0.690_2, 0.106_8),
        (16, 11, 1, 0.627_5, 0.114_1),
        (22, 7, 1, 0.537_8, 0.128_2),
        (23, 6, 1, 0.448_2, 0.134_6),
    ];
    assert_eq!(estimate.steps.len(), published.len());
    for (step, (time, at_risk, events, survival, error)) in estimate.steps.iter().zip(published) {
        assert_eq!((step.time, step.at_risk, step.events), (time, at_risk, events));
        close(step.survival, survival, 6e-5);
        close(step.standard_error.unwrap(), error, 6e-5);
    }
    assert_eq!((estimate.observations, estimate.events(), estimate.last()), (21, 9, Some(35)));
}

#[test]
fn the_band_and_the_interval_of_the_median_equal_those_of_other_programs() {
    let estimate = Survival::of(&SIX_MP);
    // lifelines 0.30, KaplanMeierFitter: its interval is Greenwood's on the log(−log) scale, too.
    for (step, low, high) in [
        (0, 0.619_718, 0.951_552),
        (2, 0.503_200, 0.889_362),
        (4, 0.367_511, 0.804_912),
        (6, 0.188_052, 0.680_143),
    ] {
        let band = estimate.steps[step].band.unwrap();
        close(band[0], low, 1e-6);
        close(band[1], high, 1e-6);
    }
    // SAS PROC LIFETEST: 23 weeks, 13 to "not reached".
    assert_eq!((estimate.quantile(0.5), estimate.quantile_interval(0.5)), (Some(23), [Some(13), None]));
    let placebo = Survival::of(&PLACEBO.map(Event));
    assert_eq!((placebo.quantile(0.5), placebo.quantile_interval(0.5)), (Some(8), [Some(4), Some(11)]));
    close(placebo.steps[5].band.unwrap()[0], 0.183_067, 1e-6);
}

#[test]
fn who_is_censored_at_the_instant_of_an_event_was_at_risk_in_it() {
    let same = Survival::of(&[Event(5), Censored(5), Event(9)]);
    let later = Survival::of(&[Event(5), Censored(6), Event(9)]);
    assert_eq!(same.steps, later.steps);
    assert_eq!((same.steps[0].at_risk, same.at(4), same.at(9)), (3, 1.0, 0.0));
    close(same.at(5), 2.0 / 3.0, 1e-12);
    // One that went before is none of them.
    assert_eq!(Survival::of(&[Event(5), Censored(4), Event(9)]).steps[0].at_risk, 2);
}

#[test]
fn without_an_observation_nothing_is_known() {
    let nothing = Survival::of(&[]);
    assert_eq!((nothing.at(7), nothing.last(), nothing.quantile(0.5)), (1.0, None, None));
    assert_eq!(nothing.quantile_interval(0.5), [None, None]);
}

#[test]
fn when_all_are_censored_the_share_stays_whole() {
    let estimate = Survival::of(&[Censored(60), Censored(60), Censored(12)]);
    assert_eq!((estimate.steps.len(), estimate.at(60), estimate.last()), (0, 1.0, Some(60)));
    assert_eq!((estimate.events(), estimate.quantile(0.5)), (0, None));
}

#[test]
fn one_value_is_its_own_median_without_an_interval() {
    let estimate = Survival::of(&[Event(150)]);
    let step = estimate.steps[0];
    assert_eq!((step.survival, step.standard_error, step.band), (0.0, None, None));
    assert_eq!((estimate.quantile(0.5), estimate.quantile_interval(0.5)), (Some(150), [None, None]));
}

#[test]
fn a_median_that_falls_on_a_step_is_not_missed_by_a_rounding_error() {
    // 9/10 · 8/9 · … · 5/6 is not exactly a half in floating point.
    let estimate = Survival::of(&(1..=10).map(Event).collect::<Vec<_>>());
    assert_eq!(estimate.quantile(0.5), Some(5));
}

fn any_observations() -> impl Strategy<Value = Vec<Observation>> {
    // Few instants, so that many fall on the same one.
    let one = (0u64..40, prop::bool::weighted(0.6));
    let seen = |(time, event)| if event { Event(time) } else { Censored(time) };
    prop::collection::vec(one.prop_map(seen), 0..60)
}

proptest! {
    #[test]
    fn the_share_only_falls_and_its_band_holds_it(mut observations in any_observations()) {
        let estimate = Survival::of(&observations);
        let mut before = 1.0;
        for step in &estimate.steps {
            prop_assert!((0.0..=1.0).contains(&step.survival) && step.survival < before);
            before = step.survival;
            prop_assert_eq!(step.band.is_none(), step.survival == 0.0);
            if let Some([low, high]) = step.band {
                prop_assert!(0.0 <= low && low <= step.survival && step.survival <= high && high <= 1.0);
            }
        }
        if let ([Some(low), Some(high)], Some(median)) = (estimate.quantile_interval(0.5), estimate.quantile(0.5)) {
            prop_assert!(low <= median && median <= high);
        }
        observations.reverse();
        prop_assert_eq!(Survival::of(&observations), estimate);
    }

    #[test]
    fn without_censoring_it_is_the_empirical_distribution(mut times in prop::collection::vec(0u64..40, 1..60)) {
        let estimate = Survival::of(&times.iter().copied().map(Event).collect::<Vec<_>>());
        for time in 0..41 {
            let left = times.iter().filter(|at| **at > time).count();
            let share = left as f64 / times.len() as f64;
            prop_assert!((estimate.at(time) - share).abs() < 1e-9);
        }
        times.sort_unstable();
        for percent in [50u8, 90, 95] {
            let quantile = estimate.quantile(f64::from(percent) / 100.0);
            prop_assert_eq!(quantile, nearest_rank(&times, percent.into()));
        }
    }
}

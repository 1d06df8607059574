//! The bootstrap on data of which other programs' intervals are known.

use super::*;

const RESAMPLES: usize = 40_000;

fn singles(values: &[f64]) -> Vec<Tally> {
    values.iter().map(|value| Tally::of(&[*value])).collect()
}

fn bca(strata: &Strata, resamples: usize, of: fn([f64; 2]) -> f64) -> Option<Bca> {
    let resampled = strata.resampled(resamples, 11).into_iter().map(of).collect();
    let left_out = strata.left_out()?;
    let left_out: Vec<Vec<f64>> =
        left_out.iter().map(|runs| runs.iter().map(|means| of(*means)).collect()).collect();
    Bca::new(of(strata.means()?), resampled, &left_out)
}

fn difference([baseline, candidate]: [f64; 2]) -> f64 {
    candidate - baseline
}

fn log_ratio([baseline, candidate]: [f64; 2]) -> f64 {
    (candidate / baseline).ln()
}

/// B. Efron, R. J. Tibshirani, "An Introduction to the Bootstrap" (1993), table 2.1: days that mice lived.
fn mice() -> Strata {
    let treated = singles(&[94.0, 197.0, 16.0, 38.0, 99.0, 141.0, 23.0]);
    let control = singles(&[52.0, 104.0, 146.0, 10.0, 51.0, 30.0, 46.0, 40.0, 27.0]);
    Strata::independent(&[control], &[treated])
}

/// R. A. Fisher, "The Design of Experiments" (1935), chapter 3: Darwin's corn.
fn corn() -> Strata {
    let crossed = [
        188.0, 96.0, 168.0, 176.0, 153.0, 172.0, 177.0, 163.0, 146.0, 173.0, 186.0, 168.0, 177.0, 184.0, 96.0,
    ];
    let selfed = [
        139.0, 163.0, 160.0, 160.0, 147.0, 149.0, 149.0, 122.0, 132.0, 144.0, 130.0, 144.0, 102.0, 124.0,
        144.0,
    ];
    Strata::paired(&[singles(&selfed)], &[singles(&crossed)])
}

#[test]
fn efrons_interval_of_independent_and_of_paired_samples_equals_that_of_scipy() {
    // With 40 000 resamples an end has a standard error of about 1 % of the interval at 95 %, and twice that at 99 %.
    for (strata, of, confidence, expected) in [
        (mice(), difference as fn([f64; 2]) -> f64, 0.95_f64, [-19.31, 86.07]),
        (mice(), difference, 0.99, [-33.77, 103.61]),
        (mice(), log_ratio, 0.95, [-0.3738, 1.1163]),
        (mice(), log_ratio, 0.99, [-0.6862, 1.3157]),
        (corn(), difference, 0.95, [-1.60, 36.36]),
        (corn(), difference, 0.99, [-10.0, 40.29]),
    ] {
        let tolerance = (1.0 - confidence).powf(-0.5) * 0.003 * (expected[1] - expected[0]);
        both_close(bca(&strata, RESAMPLES, of).map(|bca| bca.plain(confidence)), expected, tolerance);
    }
}

#[test]
fn the_stretched_interval_of_a_symmetric_sample_is_students() {
    // 1..=20: mean 10.5, standard deviation 5.916. Student: 10.5 ± 2.093 × 5.916 / √20; the baseline does not vary.
    let values: Vec<f64> = (1..=20).map(f64::from).collect();
    let strata = Strata::paired(&[singles(&[0.0; 20])], &[singles(&values)]);
    let half = 2.093 * 5.916 / 20_f64.sqrt();
    let interval = bca(&strata, RESAMPLES, difference).map(|bca| bca.interval(0.95));
    both_close(interval, [10.5 - half, 10.5 + half], 0.1);
}

#[test]
fn runs_that_differ_make_the_interval_wider_than_their_trials_alone() {
    // Three runs a side, of which each repeats one value: nine trials say no more than three.
    let run = |value: f64| singles(&[value; 3]);
    let (baseline, candidate) = ([run(10.0), run(12.0), run(14.0)], [run(11.0), run(13.0), run(15.0)]);
    let clustered = Strata::independent(&baseline, &candidate);
    let flat = Strata::independent(&[baseline.concat()], &[candidate.concat()]);
    assert!(clustered.of_runs() && !flat.of_runs());
    let width = |strata: &Strata| {
        let [low, high] = bca(strata, RESAMPLES, difference).unwrap().interval(0.95);
        high - low
    };
    // Student with 4 degrees of freedom: ± 2.776 × √(4/3 + 4/3). The skew of the resamples moves it a little.
    close(width(&clustered), 2.0 * 2.776 * (8.0_f64 / 3.0).sqrt(), 1.0);
    assert!(width(&flat) < 0.6 * width(&clustered));
}

#[test]
fn pairs_take_out_what_both_sides_share() {
    let baseline: Vec<f64> = (0..30).map(|i| f64::from(i) * 10.0).collect();
    let candidate: Vec<f64> = baseline.iter().enumerate().map(|(i, x)| x - 5.0 + (i % 3) as f64).collect();
    let (baseline, candidate) = ([singles(&baseline)], [singles(&candidate)]);
    let low_high = |strata: Strata| bca(&strata, 2_000, difference).unwrap().interval(0.95);
    let [_, high] = low_high(Strata::paired(&baseline, &candidate));
    let [_, apart] = low_high(Strata::independent(&baseline, &candidate));
    assert!(high < -3.0 && apart > 30.0, "{high} {apart}");
}

#[test]
fn a_mean_is_of_values_and_not_of_the_means_of_trials() {
    // One trial with three values, one with a single one, and one with none.
    let side = vec![Tally::of(&[1.0, 1.0, 1.0]), Tally::of(&[5.0]), Tally::of(&[])];
    let strata = Strata::independent(std::slice::from_ref(&side), &[singles(&[2.0, 4.0])]);
    assert_eq!(strata.means(), Some([2.0, 3.0]));
}

#[test]
fn a_side_without_a_value_has_no_mean_and_no_interval() {
    let strata = Strata::independent(&[vec![Tally::default(); 3]], &[singles(&[1.0, 2.0])]);
    assert_eq!(strata.means(), None);
    assert!(strata.resampled(100, 1).is_empty() && strata.left_out().is_none());
}

#[test]
fn values_that_are_all_equal_have_an_interval_of_no_width() {
    let strata = Strata::independent(&[singles(&[1.0; 12])], &[singles(&[3.0; 12])]);
    assert_eq!(bca(&strata, 500, difference).unwrap().interval(0.999), [2.0, 2.0]);
}

#[test]
fn the_seed_decides_the_resamples() {
    let strata = mice();
    assert_eq!(strata.resampled(50, 1), strata.resampled(50, 1));
    assert_ne!(strata.resampled(50, 1), strata.resampled(50, 2));
}

#[test]
fn more_confidence_never_makes_an_interval_narrower() {
    let bca = bca(&mice(), 2_000, difference).unwrap();
    let mut before = [f64::INFINITY, f64::NEG_INFINITY];
    for confidence in [0.5, 0.8, 0.95, 0.99, 0.999, 0.999_9] {
        let [low, high] = bca.interval(confidence);
        assert!(low <= before[0] && before[1] <= high, "{confidence}: [{low}, {high}] after {before:?}");
        before = [low, high];
    }
}

#[test]
fn each_tail_keeps_two_resamples_at_the_strictest_level() {
    // 13 tests at 95 %: tails of 0.05 / 13 / 2.
    let least = least_resamples(13, 0.95);
    close(super::super::float(least) * 0.05 / 13.0 / 2.0, 2.0, 0.01);
}

//! Published values, and those of `tests/data/compare/expected.txt`, which its neighbour `expected.py` printed.

mod bootstrap;
mod coverage;

use super::*;
use crate::analysis::survival::Observation::{self, Censored, Event};

#[track_caller]
fn close(actual: f64, expected: f64, tolerance: f64) {
    assert!((actual - expected).abs() <= tolerance, "{actual} is not {expected}");
}

#[track_caller]
fn both_close(actual: Option<[f64; 2]>, expected: [f64; 2], tolerance: f64) {
    let [low, high] = actual.unwrap();
    close(low, expected[0], tolerance);
    close(high, expected[1], tolerance);
}

#[test]
fn the_score_interval_equals_published_values() {
    for (successes, trials, expected) in [
        (0.0, 10.0, [0.0, 0.277_533]),
        (4.0, 20.0, [0.080_658, 0.416_017]),
        // R. G. Newcombe, Statistics in Medicine 17 (1998) 857–872, table I, method 3.
        (15.0, 148.0, [0.062_386, 0.160_487]),
        (81.0, 263.0, [0.2553, 0.3662]),
        (10.0, 10.0, [0.722_467, 1.0]),
    ] {
        both_close(wilson(successes, trials, 0.95), expected, 6e-5);
    }
}

#[test]
fn the_interval_of_a_difference_equals_the_values_in_newcombes_paper() {
    // Table II, method 10; there the first proportion less the second.
    for (a, m, b, n, expected) in [
        (56.0, 70.0, 48.0, 80.0, [0.0524, 0.3339]),
        (9.0, 10.0, 3.0, 10.0, [0.1705, 0.8090]),
        (6.0, 7.0, 2.0, 7.0, [0.0582, 0.8062]),
        (5.0, 56.0, 0.0, 29.0, [-0.0381, 0.1926]),
        (0.0, 10.0, 0.0, 20.0, [-0.1611, 0.2775]),
        (0.0, 10.0, 0.0, 10.0, [-0.2775, 0.2775]),
        (10.0, 10.0, 0.0, 20.0, [0.6791, 1.0]),
    ] {
        both_close(newcombe([b, n], [a, m], 0.95), expected, 6e-5);
    }
}

#[test]
fn the_interval_of_a_paired_difference_equals_published_values() {
    for ([both, first, second, neither], expected) in [
        // R. G. Newcombe, Statistics in Medicine 17 (1998) 2635–2650, method 10.
        ([36.0, 12.0, 2.0, 0.0], [0.0569, 0.3404]),
        ([18.0, 12.0, 2.0, 18.0], [0.0562, 0.3290]),
        ([53.0, 0.0, 0.0, 1.0], [-0.0729, 0.0729]),
    ] {
        // There the first less the second.
        both_close(newcombe_paired([both, second, first, neither], 0.95), expected, 6e-5);
    }
    // Altman, Machin, Bryant, Gardner, "Statistics with Confidence" (2000), table 6.2.
    both_close(newcombe_paired([14.0, 0.0, 5.0, 22.0], 0.95), [0.011, 0.226], 6e-4);
}

#[test]
fn no_trials_have_no_interval() {
    assert_eq!(wilson(0.0, 0.0, 0.95), None);
    assert_eq!(newcombe([0.0, 0.0], [3.0, 3.0], 0.95), None);
    assert_eq!(newcombe_paired([0.0; 4], 0.95), None);
}

#[test]
fn independent_trials_have_no_design_effect_and_runs_that_differ_have_one() {
    let run = |successes: usize| (0..6).map(|i| f64::from(u8::from(i < successes))).collect::<Vec<_>>();
    let effect = |clusters: &[Vec<f64>]| Design::of(clusters).effect;
    let runs = |successes: &[usize]| successes.iter().map(|n| run(*n)).collect::<Vec<_>>();
    close(effect(&runs(&[3, 3, 3, 3])), 1.0, 0.0);
    // All or nothing: six trials of a run say as much as one, times 4/3 for the few runs.
    close(effect(&runs(&[6, 0, 6, 0])), 6.0 * 4.0 / 3.0, 1e-12);
    // Nothing differs, or there is nothing to differ from.
    close(effect(&runs(&[6; 4])), 1.0, 0.0);
    close(effect(&runs(&[3])), 1.0, 0.0);
    close(effect(&[vec![1.0], vec![0.0], vec![]]), 1.0, 0.0);
}

fn remissions() -> (Vec<Observation>, Vec<Observation>) {
    // E. J. Freireich et al., Blood 21 (1963) 699–716: weeks in remission.
    let ended = [6, 6, 6, 7, 10, 13, 16, 22, 23].map(Event);
    let going_on = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35].map(Censored);
    let placebo = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23].map(Event);
    (ended.into_iter().chain(going_on).collect(), placebo.to_vec())
}

#[test]
fn the_log_rank_test_of_the_leukaemia_trial_has_its_published_statistic() {
    let (six_mp, placebo) = remissions();
    // Kleinbaum, Klein, "Survival Analysis", chapter 2: 16.79; lifelines for the other digits.
    for found in [log_rank(&six_mp, &placebo), log_rank(&placebo, &six_mp)] {
        let LogRank { chi_square, p } = found.unwrap();
        close(chi_square, 16.792_941, 1e-6);
        close(p, 4.168_809e-5, 1e-10);
    }
}

#[test]
fn without_an_event_among_both_nothing_can_be_ranked() {
    assert_eq!(log_rank(&[Censored(60); 5], &[Censored(60); 5]), None);
    assert_eq!(log_rank(&[], &[Event(3), Event(4)]), None);
}

#[test]
fn groups_that_are_the_same_do_not_differ() {
    let (six_mp, _) = remissions();
    let found = log_rank(&six_mp, &six_mp).unwrap();
    close(found.chi_square, 0.0, 1e-12);
    close(found.p, 1.0, 1e-6);
}

#[test]
fn holms_p_values_equal_those_of_statsmodels() {
    let p = holm(&[0.01, 0.04, 0.03, 0.005], 0.95).iter().map(|step| step.p).collect::<Vec<_>>();
    for (actual, expected) in p.iter().zip([0.03, 0.06, 0.06, 0.02]) {
        close(*actual, expected, 1e-12);
    }
}

#[test]
fn a_test_is_judged_at_the_level_of_its_step_and_none_after_the_first_that_does_not_reject() {
    let p = [0.01, 0.04, 0.03, 0.005];
    let steps = holm(&p, 0.95);
    // 0.005 ≤ 0.05/4 and 0.01 ≤ 0.05/3 reject; 0.03 > 0.05/2 ends it.
    for (step, level) in steps.iter().zip([0.05 / 3.0, 0.05 / 2.0, 0.05 / 2.0, 0.05 / 4.0]) {
        close(1.0 - step.confidence, level, 1e-12);
    }
    for (step, p) in steps.iter().zip(p) {
        assert_eq!(step.p <= 0.05, p <= 1.0 - step.confidence);
    }
    assert_eq!(holm(&[], 0.95), []);
    close(holm(&[0.04], 0.95)[0].confidence, 0.95, 1e-12);
}

#[test]
fn the_p_value_is_the_level_at_which_the_interval_leaves_the_band() {
    // A normal estimate of 2 with a standard error of 1: two-sided p = 0.0455.
    let interval = |confidence: f64| [2.0 - z_of(confidence), 2.0 + z_of(confidence)];
    close(p_value(interval, [0.0, 0.0], 1e-6), 0.045_500_26, 1e-7);
    // Against a band it is the nearer edge that counts.
    close(p_value(interval, [-0.5, 1.0], 1e-6), 0.317_310_5, 1e-6);
    close(p_value(interval, [1.0, 3.0], 1e-6), 1.0, 0.0);
    close(p_value(interval, [0.0, 0.0], 0.2), 0.2, 0.0);
}

#[test]
fn students_quantiles_equal_those_of_scipy() {
    for (freedom, expected) in
        [(1.5, 6.016_663), (2.0, 4.302_653), (4.0, 2.776_445), (9.3, 2.251_082), (200.0, 1.971_896)]
    {
        close(t_of(0.95, freedom), expected, 2e-6);
    }
    for (freedom, expected) in [(2.0, 70.700_071), (4.0, 13.033_672), (9.3, 5.905_382)] {
        close(t_of(0.9998, freedom), expected, 2e-5);
    }
    close(t_of(0.95, f64::INFINITY), 1.959_964, 1e-6);
}

#[test]
fn effect_sizes_equal_published_values() {
    // J. Cohen, "Statistical Power Analysis" (1988), table 6.2.2: arcsines of 0.50 and 0.40 are 1.571 and 1.369.
    close(cohens_h(0.40, 0.50), 1.571 - 1.369, 1e-3);
    close(cohens_h(1.0, 0.0), -std::f64::consts::PI, 1e-12);
    // J. D. Long, D. Feng, N. Cliff, "Ordinal analysis of behavioral data" (2003), as in R's effsize: −0.25.
    let treatment = [10.0, 10.0, 20.0, 20.0, 20.0, 30.0, 30.0, 30.0, 40.0, 50.0];
    let control = [10.0, 20.0, 30.0, 40.0, 40.0, 50.0];
    close(cliffs_delta(&control, &treatment).unwrap(), -0.25, 1e-12);
    assert_eq!(cliffs_delta(&[], &treatment), None);
}

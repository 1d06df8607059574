//! What is claimed.

use super::*;

fn outcomes(found: &Comparison) -> Vec<(Metric, ChangeOutcome)> {
    let of = |metric: &MetricComparison| (metric.metric, metric.changes[0].outcome);
    found.metrics.iter().map(of).collect()
}

/// The outcome is what the deciding interval says, and what the corrected p-value says.
#[track_caller]
fn agree(found: &Comparison) {
    for metric in &found.metrics {
        for change in &metric.changes {
            let claimed = matches!(change.outcome, ChangeOutcome::Improved | ChangeOutcome::Regressed);
            let rejected = change.p_corrected.is_some_and(|p| p <= 1.0 - found.confidence);
            assert_eq!(claimed, rejected, "{:?} {change:?}", metric.metric);
            let Some(difference) = change.difference else { continue };
            if let (Some([low, high]), Some([wide_low, wide_high])) =
                (difference.interval, difference.deciding)
            {
                assert!(wide_low <= low && high <= wide_high, "{:?} {change:?}", metric.metric);
            }
            assert_eq!(change.reason.is_some(), difference.deciding.is_none());
        }
    }
}

#[test]
fn the_same_setting_twice_is_claimed_to_differ_in_nothing() {
    let (baseline, candidate) = (runs(1, 3, 150), runs(11, 3, 150));
    let found = compare(&[side("a", &baseline), side("b", &candidate)], &OPTIONS).unwrap();
    agree(&found);
    for (metric, outcome) in outcomes(&found) {
        // 30 of 30 on both sides leave room for a difference of more than five points.
        let rate = matches!(metric, Metric::AutoRecoveryRate | Metric::MissedAlerts);
        let expected = if rate { ChangeOutcome::Inconclusive } else { ChangeOutcome::Unchanged };
        assert_eq!(outcome, expected, "{metric:?}");
    }
    assert!(!found.regressed());
    assert_eq!(found.questions, found.metrics.len());
}

#[test]
fn twice_the_recovery_time_is_a_regression_and_half_of_it_an_improvement() {
    let (baseline, slow, fast) = (runs(1, 3, 150), runs(11, 3, 300), runs(21, 3, 75));
    let sides = [side("now", &baseline), side("slow", &slow), side("fast", &fast)];
    let found = compare(&sides, &OPTIONS).unwrap();
    agree(&found);
    let [slow, fast] = &of(&found, Metric::RecoveryTime).changes[..] else { panic!("two changes") };
    assert_eq!((slow.outcome, fast.outcome), (ChangeOutcome::Regressed, ChangeOutcome::Improved));
    assert_eq!((slow.side.as_str(), fast.side.as_str()), ("slow", "fast"));
    assert!(found.regressed());
    let ratio = slow.ratio.unwrap();
    let [low, high] = ratio.interval.unwrap();
    assert!((1.9..2.1).contains(&ratio.value) && low > 1.8 && high < 2.2, "{ratio:?}");
    assert_eq!(slow.effect, Some(Effect { kind: EffectKind::CliffsDelta, value: 1.0 }));
    assert_eq!(fast.effect, Some(Effect { kind: EffectKind::CliffsDelta, value: -1.0 }));
    assert!(slow.over_runs && !slow.paired);
    assert_eq!(found.questions, 2 * found.metrics.len());
}

#[test]
fn a_change_within_the_noise_is_none_and_one_that_may_be_is_undecided() {
    let (baseline, candidate) = (runs(1, 3, 200), runs(11, 3, 210));
    let with = |noise| {
        let found = compare(&[side("a", &baseline), side("b", &candidate)], &Options { noise, ..OPTIONS });
        of(&found.unwrap(), Metric::RecoveryTime).clone()
    };
    let found = with(0.2);
    assert_eq!(found.changes[0].outcome, ChangeOutcome::Unchanged);
    // A threshold at the estimate itself: the interval lies on both sides of it.
    let estimate = found.changes[0].difference.unwrap().value.abs() / found.values[0].value.unwrap();
    assert_eq!(with(estimate).changes[0].outcome, ChangeOutcome::Inconclusive);
}

#[test]
fn never_to_recover_by_itself_is_a_regression_of_the_rate_and_of_the_restricted_mean() {
    let (baseline, mut candidate) = (runs(1, 3, 150), runs(11, 3, 150));
    for episode in candidate.iter_mut().flat_map(|run| &mut run.episodes) {
        give_up(episode, 60_000_000);
    }
    let found = compare(&[side("a", &baseline), side("b", &candidate)], &OPTIONS).unwrap();
    agree(&found);
    let rate = &of(&found, Metric::AutoRecoveryRate).changes[0];
    assert_eq!(rate.outcome, ChangeOutcome::Regressed);
    assert_eq!(rate.difference.unwrap().value, -1.0);
    assert_eq!(rate.ratio.unwrap().interval, None);
    assert_eq!(rate.effect.unwrap().kind, EffectKind::CohensH);
    let times = of(&found, Metric::RecoveryTime);
    assert_eq!(times.restricted_to_us, Some(60_000_000));
    assert_eq!(times.changes[0].outcome, ChangeOutcome::Regressed);
    assert!(times.changes[0].log_rank.unwrap().p < 1e-9);
}

#[test]
fn fewer_than_ten_trials_claim_nothing_of_a_mean() {
    let (baseline, candidate) = ([run("run-a", 1, &[100; 9])], [run("run-b", 2, &[300; 9])]);
    let found = compare(&[side("a", &baseline), side("b", &candidate)], &OPTIONS).unwrap();
    agree(&found);
    let change = &of(&found, Metric::RecoveryTime).changes[0];
    assert_eq!(change.outcome, ChangeOutcome::Inconclusive);
    assert_eq!(change.difference.unwrap(), Estimate { value: 200e3, interval: None, deciding: None });
    assert_eq!(change.reason.as_ref().unwrap().text, "a side has fewer than 10 trials with a value");
}

#[test]
fn runs_of_the_same_schedule_are_compared_in_pairs_whatever_their_order() {
    let baseline = runs(1, 3, 150);
    let mut candidate = runs(1, 3, 150);
    for run in &mut candidate {
        run.run_id.push('b');
        for episode in &mut run.episodes {
            episode.recovery_us = episode.recovery_us.map(|us| us + 20_000);
        }
    }
    let change = |candidate: &[Summary]| {
        let found = compare(&[side("a", &baseline), side("b", candidate)], &OPTIONS).unwrap();
        agree(&found);
        of(&found, Metric::RecoveryTime).changes[0].clone()
    };
    let paired = change(&candidate);
    assert!(paired.paired);
    // The same in every pair: nothing is left to chance.
    assert_eq!(paired.difference.unwrap().interval, Some([20_000.0, 20_000.0]));
    candidate.reverse();
    assert_eq!(change(&candidate), paired);
    candidate[0].episodes[4].target = "elsewhere".to_owned();
    assert!(!change(&candidate).paired);
}

#[test]
fn what_is_written_reads_back_the_same_and_the_same_seed_gives_the_same() {
    let (baseline, mut candidate) = (runs(1, 2, 150), runs(11, 2, 250));
    give_up(&mut candidate[0].episodes[0], 60_000_000);
    let compared =
        |seed| compare(&[side("a", &baseline), side("b", &candidate)], &Options { seed, ..OPTIONS }).unwrap();
    let found = compared(7);
    let text = serde_json::to_string(&found).unwrap();
    assert_eq!(serde_json::from_str::<Comparison>(&text).unwrap(), found);
    assert_eq!(compared(7), found);
    assert_ne!(compared(8).metrics, found.metrics);
    assert!(found.resamples >= OPTIONS.resamples && found.schema == COMPARE_SCHEMA);
}

//! What a run shows of each metric.

use super::*;
use crate::analysis::model::Phases;

fn value(found: &Comparison, metric: Metric, side: usize) -> SideValue {
    of(found, metric).values[side]
}

#[test]
fn a_mean_is_of_trials_and_not_of_the_means_of_runs() {
    let baseline = [run("run-a", 1, &[100; 3]), run("run-b", 2, &[200; 9])];
    let candidate = runs(11, 2, 150);
    let found = compare(&[side("a", &baseline), side("b", &candidate)], &OPTIONS).unwrap();
    let shown = value(&found, Metric::RecoveryTime, 0);
    close(shown.value.unwrap(), (3.0 * 100e3 + 9.0 * 200e3) / 12.0);
    assert_eq!((shown.n, shown.trials, shown.runs, shown.censored), (12, 12, 2, Some(0)));
    assert_eq!(found.sides[0].trials, 12);
    assert_eq!(found.sides[0].runs[1], RunOf { run_id: "run-b".to_owned(), seed: 2, trials: 9 });
}

#[test]
fn what_was_not_observed_is_absent() {
    let (mut baseline, mut candidate) = (runs(1, 2, 150), runs(11, 2, 150));
    for run in baseline.iter_mut().chain(&mut candidate) {
        run.plan.alert_source = false;
        for episode in &mut run.episodes {
            episode.phases_us = Phases { detect: Some(5_000), ..Phases::default() };
        }
    }
    for episode in candidate.iter_mut().flat_map(|run| &mut run.episodes) {
        episode.restart_attempts = None;
    }
    let found = compare(&[side("a", &baseline), side("b", &candidate)], &OPTIONS).unwrap();
    let metrics: Vec<_> = found.metrics.iter().map(|metric| metric.metric).collect();
    use Metric::*;
    assert_eq!(
        metrics,
        [RecoveryTime, Detect, AutoRecoveryRate, GoodputLost, RestartAttempts, FailedRequests]
    );
    let attempts = of(&found, RestartAttempts);
    assert_eq!((attempts.values[0].value, attempts.values[1].value), (Some(1.0), None));
    let change = &attempts.changes[0];
    assert_eq!((change.difference, change.ratio, change.p), (None, None, None));
    assert_eq!(change.outcome, ChangeOutcome::Inconclusive);
    assert_eq!(change.reason.as_ref().unwrap().id, "compare-reason-not-observed");
}

#[test]
fn void_and_aborted_trials_count_in_no_figure() {
    let (mut baseline, candidate) = (runs(1, 2, 150), runs(11, 2, 150));
    baseline[0].episodes[0].outcome = Outcome::Void;
    baseline[0].episodes[1].outcome = Outcome::Aborted;
    let found = compare(&[side("a", &baseline), side("b", &candidate)], &OPTIONS).unwrap();
    use Metric::*;
    for metric in [RecoveryTime, Detect, AutoRecoveryRate, GoodputLost, RestartAttempts, FailedRequests] {
        assert_eq!(value(&found, metric, 0).n, 18, "{metric:?}");
    }
}

#[test]
fn a_trial_that_was_given_up_makes_the_mean_a_restricted_one_on_every_side() {
    let (mut baseline, candidate) = (runs(1, 2, 150), runs(11, 2, 150));
    give_up(&mut baseline[0].episodes[0], 60_000_000);
    give_up(&mut baseline[1].episodes[0], 100_000);
    let found = compare(&[side("a", &baseline), side("b", &candidate)], &OPTIONS).unwrap();
    let metric = of(&found, Metric::RecoveryTime);
    // Nobody watched the second one any longer, and no other recovered earlier.
    assert_eq!(metric.restricted_to_us, Some(100_000));
    close(metric.values[0].value.unwrap(), 100_000.0);
    close(metric.values[1].value.unwrap(), 100_000.0);
    assert_eq!((metric.values[0].censored, metric.values[1].censored), (Some(2), Some(0)));
    assert!(metric.changes[0].log_rank.is_some());
    assert_eq!(value(&found, Metric::RestartAttempts, 0).n, 18);
    close(value(&found, Metric::AutoRecoveryRate, 0).value.unwrap(), 18.0 / 20.0);
}

#[test]
fn without_one_that_was_given_up_there_is_no_log_rank_test() {
    let (baseline, candidate) = (runs(1, 2, 150), runs(11, 2, 150));
    let found = compare(&[side("a", &baseline), side("b", &candidate)], &OPTIONS).unwrap();
    let metric = of(&found, Metric::RecoveryTime);
    assert_eq!((metric.restricted_to_us, metric.changes[0].log_rank), (None, None));
}

#[test]
fn each_expected_alert_counts_in_the_rate_of_the_missed_ones() {
    let (mut baseline, candidate) = (runs(1, 2, 150), runs(11, 2, 150));
    let alerts = &mut baseline[0].episodes[0].alerts;
    (alerts.expected, alerts.matched, alerts.missed, alerts.delay_us) = (3, 1, 2, vec![29_400]);
    let found = compare(&[side("a", &baseline), side("b", &candidate)], &OPTIONS).unwrap();
    let missed = value(&found, Metric::MissedAlerts, 0);
    close(missed.value.unwrap(), 2.0 / 22.0);
    assert_eq!((missed.n, missed.trials), (22, 20));
    close(value(&found, Metric::AlertDelay, 0).value.unwrap(), 9_400.0 + 20_000.0 / 20.0);
}

#[test]
fn a_chain_is_one_trial_without_phases_and_what_it_cost_is_counted_once() {
    let chained = |id: &str, seed| {
        let mut run = fixture::chains(3).summary;
        (run.run_id, run.seed) = (id.to_owned(), seed);
        run
    };
    let (mut baseline, candidate) = ([chained("run-a", 1)], [chained("run-b", 2)]);
    // The second member of each chain lies within the first, and has seen the same requests.
    for episode in &mut baseline[0].episodes {
        let first = episode.id % 2 == 1;
        (episode.goodput_lost_requests, episode.failed_requests) =
            if first { (Some(90.0), 60) } else { (Some(40.0), 30) };
    }
    // Of two that overlap in part nobody knows the sum.
    baseline[0].episodes[1].end_us += 1;
    let found = compare(&[side("a", &baseline), side("b", &candidate)], &OPTIONS).unwrap();
    assert_eq!(found.sides[0].trials, 3);
    assert_eq!(value(&found, Metric::RecoveryTime, 0).n, 3);
    assert_eq!(value(&found, Metric::AutoRecoveryRate, 0).n, 3);
    assert!(found.metrics.iter().all(|metric| metric.metric != Metric::Detect));
    let lost = value(&found, Metric::GoodputLost, 0);
    assert_eq!((lost.value, lost.n), (Some(90.0), 2));
    assert_eq!(value(&found, Metric::FailedRequests, 0).value, Some(60.0));
    // Both members were restarted once.
    assert_eq!(value(&found, Metric::RestartAttempts, 0).value, Some(2.0));
}

#[test]
fn the_resync_rate_is_of_store_episodes_of_which_it_is_known() {
    let stores = |id: &str| {
        let mut run = fixture::stores(6).summary;
        run.run_id = id.to_owned();
        run
    };
    let (mut baseline, candidate) = ([stores("run-a")], [stores("run-b")]);
    for (episode, resynced) in baseline[0].episodes.iter_mut().zip([Some(false), None]) {
        episode.state.as_mut().unwrap().resynced = resynced;
    }
    let found = compare(&[side("a", &baseline), side("b", &candidate)], &OPTIONS).unwrap();
    let rate = value(&found, Metric::StateResyncRate, 0);
    assert_eq!((rate.value, rate.n), (Some(0.8), 5));
    assert_eq!(value(&found, Metric::StateResyncRate, 1).value, Some(1.0));
}

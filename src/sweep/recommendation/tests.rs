//! Sweeps whose answer is known.

use std::collections::BTreeSet;

use super::*;
use crate::analysis::Summary;
use crate::analysis::model::{Episode, Outcome};
use crate::lang::Lang;
use crate::report::fixture;
use crate::sweep::grid::{Axis, Grid};

const OPTIONS: Options = Options { noise: 0.05, force: false, by: Vec::new(), seed: 7, resamples: 2_000 };

fn grid(retries: &[&str]) -> Grid {
    let values = retries.iter().map(|value| (*value).to_owned()).collect();
    Grid::new(&[Axis { flag: "max-retries".to_owned(), values }]).unwrap()
}

/// What one setting does to each trial.
#[derive(Clone, Copy)]
struct Behaviour {
    recovery_ms: u64,
    restarts: u32,
    recovers: bool,
}

/// Three runs of ten kills each.
fn runs(setting: usize, behaviour: Behaviour) -> Vec<Summary> {
    (0..3_u64)
        .map(|repeat| {
            let mut run = fixture::many(10).summary;
            (run.run_id, run.seed) = (format!("run-{setting}-{repeat}"), repeat);
            for (trial, episode) in run.episodes.iter_mut().enumerate() {
                let ms = behaviour.recovery_ms * (95 + (repeat + trial as u64) % 11) / 100;
                (episode.recovery_us, episode.restart_attempts) =
                    (Some(ms * 1_000), Some(behaviour.restarts));
                episode.end_us = episode.t0_us + ms * 1_000;
                if !behaviour.recovers {
                    give_up(episode);
                }
            }
            run
        })
        .collect()
}

fn give_up(episode: &mut Episode) {
    (episode.outcome, episode.automatic, episode.recovery_us) = (Outcome::Censored, false, None);
    episode.end_us = episode.t0_us + 60_000_000;
}

/// The recommendation for settings that behave so, and its sentences.
fn recommended(retries: &[&str], behaviours: &[Behaviour]) -> (Recommendation, Vec<String>) {
    let grid = grid(retries);
    assert_eq!(grid.settings.len(), behaviours.len(), "the plan's own setting is among them");
    let all: Vec<_> = behaviours.iter().enumerate().map(|(at, behaviour)| runs(at, *behaviour)).collect();
    let cells: Vec<_> = grid
        .settings
        .iter()
        .zip(&all)
        .enumerate()
        .map(|(at, (setting, runs))| Cell {
            setting,
            planned: at == grid.planned,
            runs: runs.iter().collect(),
        })
        .collect();
    let found = recommend(&in_order(&cells), &OPTIONS).unwrap().recommendation;
    let texts = found.reasons.iter().chain([&found.planned]).chain(&found.undecided);
    let texts = texts.map(|sentence| Lang::En.read(sentence)).collect();
    (found, texts)
}

fn chosen(found: &Recommendation) -> Option<&str> {
    found.standings[found.chosen?].setting.get("max-retries")
}

const GOOD: Behaviour = Behaviour { recovery_ms: 300, restarts: 2, recovers: true };
const BAD: Behaviour = Behaviour { recovers: false, ..GOOD };

#[test]
fn what_does_not_recover_is_never_recommended_and_its_kpis_are_named() {
    let (found, texts) = recommended(&["0", "1", "3"], &[BAD, BAD, GOOD]);
    assert_eq!(chosen(&found), Some("3"), "{texts:#?}");
    assert!(found.standings[0].planned && found.comparison_is_planned_first());
    assert!(texts.iter().any(|text| text.contains("the only one of 3")), "{texts:#?}");
    let failing = texts.iter().filter(|text| text.contains("automatic recovery rate is 0 %")).count();
    assert_eq!(failing, 2, "{texts:#?}");
    assert!(texts.iter().any(|text| text.contains("is the recommended one")), "{texts:#?}");
}

impl Recommendation {
    fn comparison_is_planned_first(&self) -> bool {
        self.standings.iter().skip(1).all(|standing| !standing.planned)
    }
}

#[test]
fn a_faster_setting_wins_over_the_plans_own() {
    let fast = Behaviour { recovery_ms: 100, ..GOOD };
    let (found, texts) = recommended(&["1", "3"], &[fast, GOOD]);
    assert_eq!(chosen(&found), Some("1"), "{texts:#?}");
    assert!(texts.iter().any(|text| text.contains("every other one is claimed to be slower")), "{texts:#?}");
    assert!(texts.iter().any(|text| text.contains("and is slower (mean recovery time")), "{texts:#?}");
}

#[test]
fn of_those_that_time_does_not_tell_apart_the_one_with_fewer_restarts_is_kept() {
    let busy = Behaviour { recovery_ms: 297, restarts: 4, ..GOOD };
    let (found, texts) = recommended(&["3", "5"], &[busy, GOOD]);
    assert_eq!(chosen(&found), Some("5"), "{texts:#?}");
    assert!(texts.iter().any(|text| text.contains("fewest restarts, 2 for each")), "{texts:#?}");
    assert!(texts.iter().any(|text| text.contains("makes more restarts (4 for each")), "{texts:#?}");
    assert!(texts.iter().any(|text| text.contains("that is no proof that there is none")), "{texts:#?}");
}

#[test]
fn of_those_that_nothing_tells_apart_the_plans_own_is_kept() {
    let (found, texts) = recommended(&["1", "3", "5"], &[GOOD, GOOD, GOOD]);
    assert_eq!(chosen(&found), Some("3"), "{texts:#?}");
    assert!(texts.iter().any(|text| text.contains("the plan's own, it is simpler than")), "{texts:#?}");
}

#[test]
fn without_a_setting_that_meets_every_kpi_nothing_is_recommended() {
    let (found, texts) = recommended(&["1", "3"], &[BAD, BAD]);
    assert_eq!((chosen(&found), &found.policy), (None, &None));
    assert!(texts[0].contains("No setting can be recommended"), "{texts:#?}");
    assert!(texts.iter().any(|text| text.starts_with("The plan's own") && text.contains("does not meet")));
}

#[test]
fn what_nobody_could_see_is_not_called_missed() {
    let grid = grid(&["1", "3"]);
    let mut all = [runs(0, GOOD), runs(1, GOOD)];
    all.iter_mut().flatten().for_each(|run| run.plan.alert_source = false);
    let cells: Vec<_> = grid
        .settings
        .iter()
        .zip(&all)
        .map(|(setting, runs)| Cell { setting, planned: false, runs: runs.iter().collect() })
        .collect();
    let found = recommend(&in_order(&cells), &OPTIONS).unwrap().recommendation;
    let open: Vec<_> = found.undecided.iter().map(|said| Lang::En.read(said)).collect();
    assert_eq!(found.chosen, None);
    assert_eq!(found.reasons.len(), 1, "{:?}", found.reasons);
    assert!(Lang::En.read(&found.reasons[0]).contains("none is shown to meet every KPI"));
    assert!(open.len() == 2 && open[0].contains("missed alerts: no data, and has to be = 0"), "{open:?}");
}

#[test]
fn a_single_setting_is_judged_by_its_kpis_alone_and_its_policy_is_handed_on() {
    let grid = grid(&["1", "3"]);
    let mut runs = runs(0, GOOD);
    let policy = serde_json::json!({ "max_retries": 3 });
    runs.iter_mut().for_each(|run| run.plan.policy = Some(policy.clone()));
    let cells = [
        Cell { setting: &grid.settings[0], planned: false, runs: Vec::new() },
        Cell { setting: &grid.settings[1], planned: true, runs: runs.iter().collect() },
    ];
    let found = recommend(&in_order(&cells), &OPTIONS).unwrap();
    assert!(found.comparison.is_none());
    assert_eq!((found.recommendation.chosen, found.recommendation.policy), (Some(0), Some(policy)));
}

#[test]
fn amplification_counts_what_was_done_again() {
    let (found, _) = recommended(&["1", "3"], &[GOOD, GOOD]);
    let run = fixture::many(10).summary;
    let ledger = run.ledger.unwrap();
    #[expect(clippy::cast_precision_loss, reason = "small counts")]
    let requests = run.load.appends.unwrap() as f64 / (ledger.acknowledged + ledger.indeterminate) as f64;
    for standing in &found.standings {
        assert_eq!(standing.amplification.restarts_per_trial, Some(2.0));
        let found = standing.amplification.requests_per_entry.unwrap();
        assert!((found - requests).abs() < 1e-9, "{found}");
    }
}

#[test]
fn every_sentence_is_said_in_japanese_too() {
    let fast = Behaviour { recovery_ms: 100, ..GOOD };
    for behaviours in [[BAD, GOOD], [fast, GOOD], [GOOD, GOOD], [BAD, BAD]] {
        let (found, _) = recommended(&["1", "3"], &behaviours);
        let said: BTreeSet<String> =
            found.reasons.iter().chain([&found.planned]).map(|sentence| Lang::Ja.read(sentence)).collect();
        assert!(said.iter().all(|text| text.contains(['。']) && !text.contains('⟦')), "{said:?}");
    }
}

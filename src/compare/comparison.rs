//! From sides to a comparison.

use std::collections::BTreeSet;

use super::comparable::{Difference, Weight, differences};
use super::error::Incomparable;
use super::evidence::Draws;
use super::metric::Metric;
use super::model::{COMPARE_SCHEMA, Comparison, Correction, MetricComparison, RunOf, SideSummary};
use super::options::Options;
use super::pairing::RunTrials;
use super::question::{Question, SideTrials};
use super::side::Side;
use super::statistics::{holm, least_resamples};
use crate::analysis::Summary;
use crate::analysis::interval::CONFIDENCE;
use crate::analysis::model::RunState;
use crate::analysis::trial;
use crate::lang::{Arg, Sentence};

/// Compares every side with the first one, scenario by scenario: what was done to one kind of system is not pooled with what
/// was done to another.
///
/// # Errors
/// When there is nothing to compare, when a run stands there twice, and, unless `options.force`, when the runs do not measure
/// the same.
pub fn compare(sides: &[Side<'_>], options: &Options) -> Result<Comparison, Incomparable> {
    check(sides, options)?;
    let differences = differences(sides, &options.by);
    let meaningless: Vec<_> =
        differences.iter().filter(|difference| difference.weight == Weight::Meaningless).collect();
    let forced = !meaningless.is_empty();
    if forced && !options.force {
        return Err(Incomparable::Differs(meaningless.into_iter().cloned().collect()));
    }

    let names = scenarios(sides);
    let trials: Vec<Vec<SideTrials<'_>>> =
        names.iter().map(|name| sides.iter().map(|side| side_trials(side, name)).collect()).collect();
    let questions: Vec<Question<'_>> = names
        .iter()
        .zip(&trials)
        .flat_map(|(name, sides)| Metric::ALL.map(|metric| Question::new(name, metric, sides)))
        .flatten()
        .collect();
    let changes = questions.len() * (sides.len() - 1);
    let resamples = options.resamples.max(least_resamples(changes, CONFIDENCE));
    let (metrics, asked) = metrics(&questions, Draws { resamples, seed: options.seed }, options.noise);
    Ok(Comparison {
        schema: COMPARE_SCHEMA,
        by: options.by.clone(),
        caveats: caveats(sides, &differences, forced),
        sides: sides.iter().map(side_summary).collect(),
        differences,
        forced,
        noise: options.noise,
        confidence: CONFIDENCE,
        correction: Correction::Holm,
        questions: asked,
        seed: options.seed,
        resamples,
        metrics,
    })
}

fn check(sides: &[Side<'_>], options: &Options) -> Result<(), Incomparable> {
    if !(0.0..1.0).contains(&options.noise) {
        return Err(Incomparable::Noise(options.noise));
    }
    if sides.len() < 2 || sides.iter().any(|side| side.runs.is_empty()) {
        return Err(Incomparable::TooFew);
    }
    let mut seen = BTreeSet::new();
    let twice = sides.iter().flat_map(|side| &side.runs).find(|run| !seen.insert(run.run_id.as_str()));
    twice.map_or(Ok(()), |run| Err(Incomparable::Twice(run.run_id.clone())))
}

/// The scenarios that every run has, in the order of the first.
pub(crate) fn scenarios<'a>(sides: &[Side<'a>]) -> Vec<&'a str> {
    let runs = || sides.iter().flat_map(|side| &side.runs);
    let has = |run: &Summary, name: &str| run.plan.scenarios.iter().any(|scenario| scenario.name == name);
    let first = sides.first().and_then(|side| side.runs.first());
    let names = first.into_iter().flat_map(|run| &run.plan.scenarios).map(|scenario| scenario.name.as_str());
    names.filter(|name| runs().all(|run| has(run, name))).collect()
}

fn side_trials<'a>(side: &'a Side<'a>, scenario: &str) -> SideTrials<'a> {
    SideTrials {
        label: &side.label,
        runs: side.runs.iter().map(|run| RunTrials::new(run, scenario)).collect(),
    }
}

/// Every metric with its changes, corrected over all of them, and over how many that is.
fn metrics(questions: &[Question<'_>], draws: Draws, noise: f64) -> (Vec<MetricComparison>, usize) {
    let answers: Vec<_> = questions.iter().map(|question| question.answers(draws)).collect();
    let p: Vec<f64> = questions
        .iter()
        .zip(&answers)
        .flat_map(|(question, answers)| answers.iter().filter_map(|answer| question.p(answer, noise)))
        .collect();
    let steps = holm(&p, CONFIDENCE);
    let mut tested = p.iter().copied().zip(steps);
    let metrics = questions.iter().zip(&answers).map(|(question, answers)| {
        let changes = answers.iter().map(|answer| {
            let tested = if answer.has_interval() { tested.next() } else { None };
            question.change(answer, tested, noise)
        });
        question.compared(changes.collect())
    });
    (metrics.collect(), p.len())
}

fn side_summary(side: &Side<'_>) -> SideSummary {
    let run =
        |run: &&Summary| RunOf { run_id: run.run_id.clone(), seed: run.seed, trials: trial::decided(run).0 };
    let runs: Vec<RunOf> = side.runs.iter().map(run).collect();
    SideSummary { label: side.label.clone(), trials: runs.iter().map(|run| run.trials).sum(), runs }
}

/// What weakens the result, the gravest first.
fn caveats(sides: &[Side<'_>], differences: &[Difference], forced: bool) -> Vec<Sentence> {
    let mut caveats = Vec::new();
    if forced {
        let meaningless = differences.iter().filter(|it| it.weight == Weight::Meaningless);
        let list = Arg::List(meaningless.map(|difference| difference.sentence().into()).collect());
        caveats.push(Sentence::with("compare-caveat-forced", [("differences", list)]));
    }
    let unfinished = sides.iter().flat_map(|side| &side.runs).filter(|run| run.state != RunState::Completed);
    let unfinished: Vec<Arg> = unfinished.map(|run| Arg::from(&run.run_id)).collect();
    if !unfinished.is_empty() {
        let count = unfinished.len().into();
        let args = [("runs", Arg::List(unfinished)), ("count", count)];
        caveats.push(Sentence::with("compare-caveat-unfinished", args));
    }
    let single: Vec<Arg> =
        sides.iter().filter(|side| side.runs.len() == 1).map(|side| Arg::from(&side.label)).collect();
    if !single.is_empty() {
        caveats.push(Sentence::with("compare-caveat-one-run", [("sides", Arg::List(single))]));
    }
    caveats
}

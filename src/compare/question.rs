//! One metric of one scenario: what each side shows of it, and what that says of a change.

use super::evidence::{Draws, Evidence, Values, flat, of_means, of_proportions, trials};
use super::metric::{Metric, Unit};
use super::model::{Change, ChangeOutcome, Effect, EffectKind, Estimate, MetricComparison, SideValue};
use super::pairing::{RunTrials, pairing};
use super::statistics::{LogRank, Step, cliffs_delta, cohens_h, log_rank};
use crate::analysis::interval::{CONFIDENCE, LEAST_FOR_BOOTSTRAP};
use crate::analysis::survival::Observation;
use crate::lang::Sentence;

/// One side's runs of a scenario.
pub(super) struct SideTrials<'a> {
    pub(super) label: &'a str,
    pub(super) runs: Vec<RunTrials<'a>>,
}

impl SideTrials<'_> {
    /// What was seen of its recoveries.
    fn observed(&self) -> Vec<Observation> {
        self.runs.iter().flat_map(|run| &run.trials).filter_map(|trial| trial.observed()).collect()
    }
}

/// A metric of which something was observed.
pub(super) struct Question<'a> {
    scenario: &'a str,
    metric: Metric,
    sides: &'a [SideTrials<'a>],
    horizon_us: Option<u64>,
    values: Vec<Values>,
}

impl<'a> Question<'a> {
    /// Absent when no side has a value.
    pub(super) fn new(scenario: &'a str, metric: Metric, sides: &'a [SideTrials<'a>]) -> Option<Self> {
        let given_up = |seen: Observation| match seen {
            Observation::Censored(time) => Some(time),
            Observation::Event(_) => None,
        };
        let horizon_us = (metric == Metric::RecoveryTime)
            .then(|| sides.iter().flat_map(SideTrials::observed).filter_map(given_up).min())
            .flatten();
        let run = |run: &RunTrials<'_>| {
            let of = |trial| if run.shows(metric) { metric.values(trial, horizon_us) } else { Vec::new() };
            run.trials.iter().map(of).collect()
        };
        let values: Vec<Values> = sides.iter().map(|side| side.runs.iter().map(run).collect()).collect();
        let any = values.iter().any(|values| trials(values) > 0);
        any.then_some(Self { scenario, metric, sides, horizon_us, values })
    }

    /// What can be said of a change on each side but the baseline.
    pub(super) fn answers(&self, draws: Draws) -> Vec<Answer> {
        (1..self.sides.len()).map(|side| self.answer(side, draws)).collect()
    }

    fn answer(&self, side: usize, draws: Draws) -> Answer {
        let pairs = pairing(&self.sides[0].runs, &self.sides[side].runs);
        let paired = pairs.is_some();
        let baseline = &self.values[0];
        // Unpaired runs stand in any order.
        let order = pairs.unwrap_or_else(|| (0..self.values[side].len()).collect());
        let candidate: Values = order.into_iter().map(|run| self.values[side][run].clone()).collect();
        let found = if self.metric.unit() == Unit::Ratio {
            of_proportions(baseline, &candidate, paired)
        } else {
            of_means(baseline, &candidate, paired, draws)
        };
        let (evidence, over_runs) = found.unzip();
        Answer { side, paired, over_runs: over_runs.unwrap_or(false), evidence }
    }

    /// The width of what counts as no change.
    fn band(&self, noise: f64) -> f64 {
        match self.metric.unit() {
            Unit::Ratio => noise,
            Unit::Us | Unit::Requests | Unit::Attempts => noise * self.mean(0).unwrap_or(0.0).abs(),
        }
    }

    /// The p-value of an answer that has an interval.
    pub(super) fn p(&self, answer: &Answer, noise: f64) -> Option<f64> {
        Some(answer.evidence.as_ref()?.p(self.band(noise)))
    }

    fn mean(&self, side: usize) -> Option<f64> {
        mean(&flat(&self.values[side]))
    }

    /// The metric with all its changes.
    pub(super) fn compared(&self, changes: Vec<Change>) -> MetricComparison {
        MetricComparison {
            scenario: self.scenario.to_owned(),
            metric: self.metric,
            unit: self.metric.unit(),
            higher_is_better: self.metric.higher_is_better(),
            restricted_to_us: self.horizon_us,
            values: (0..self.sides.len()).map(|side| self.side_value(side)).collect(),
            changes,
        }
    }

    fn side_value(&self, side: usize) -> SideValue {
        let values = &self.values[side];
        let given_up = |seen: &Observation| matches!(seen, Observation::Censored(_));
        SideValue {
            value: self.mean(side),
            n: flat(values).len() as u64,
            trials: trials(values) as u64,
            runs: values.iter().filter(|run| run.iter().any(|trial| !trial.is_empty())).count() as u64,
            censored: (self.metric == Metric::RecoveryTime)
                .then(|| self.sides[side].observed().iter().filter(|seen| given_up(seen)).count() as u64),
        }
    }

    /// What is claimed, by the p-value of the answer and its step of the correction; absent without an interval.
    pub(super) fn change(&self, answer: &Answer, tested: Option<(f64, Step)>, noise: f64) -> Change {
        let (baseline, candidate) = (self.mean(0), self.mean(answer.side));
        let evidence = answer.evidence.as_ref();
        let deciding = tested.map(|(_, step)| step.confidence);
        let estimate = |value: f64, of: fn(&Evidence, f64) -> Option<[f64; 2]>| Estimate {
            value,
            interval: evidence.and_then(|evidence| of(evidence, CONFIDENCE)),
            deciding: evidence.zip(deciding).and_then(|(evidence, confidence)| of(evidence, confidence)),
        };
        let both = baseline.zip(candidate);
        let difference =
            both.map(|(baseline, candidate)| estimate(candidate - baseline, Evidence::difference));
        let positive = both.filter(|(baseline, _)| *baseline > 0.0);
        let ratio = positive.map(|(baseline, candidate)| estimate(candidate / baseline, Evidence::ratio));
        let interval = difference.and_then(|difference| difference.deciding);
        Change {
            side: self.sides[answer.side].label.to_owned(),
            paired: answer.paired,
            over_runs: answer.over_runs,
            effect: self.effect(answer.side),
            p: tested.map(|(p, _)| p),
            p_corrected: tested.map(|(_, step)| step.p),
            deciding_confidence: deciding,
            log_rank: self.log_rank(answer.side),
            outcome: outcome(interval, self.band(noise), self.metric.higher_is_better()),
            reason: interval.is_none().then(|| self.reason(both.is_some())),
            difference,
            ratio,
        }
    }

    fn effect(&self, side: usize) -> Option<Effect> {
        if self.metric.unit() == Unit::Ratio {
            let value = cohens_h(self.mean(0)?, self.mean(side)?);
            return Some(Effect { kind: EffectKind::CohensH, value });
        }
        let value = cliffs_delta(&flat(&self.values[0]), &flat(&self.values[side]))?;
        Some(Effect { kind: EffectKind::CliffsDelta, value })
    }

    fn log_rank(&self, side: usize) -> Option<LogRank> {
        self.horizon_us?;
        log_rank(&self.sides[0].observed(), &self.sides[side].observed())
    }

    /// Why there is no interval.
    fn reason(&self, both: bool) -> Sentence {
        if both {
            Sentence::with("compare-reason-few", [("least", LEAST_FOR_BOOTSTRAP.into())])
        } else {
            Sentence::new("compare-reason-not-observed")
        }
    }
}

/// What is known of one change before the correction.
pub(super) struct Answer {
    side: usize,
    paired: bool,
    over_runs: bool,
    evidence: Option<Evidence>,
}

impl Answer {
    /// Whether there is something to decide by, and so a question of its own.
    pub(super) fn has_interval(&self) -> bool {
        self.evidence.is_some()
    }
}

fn outcome(interval: Option<[f64; 2]>, band: f64, higher_is_better: bool) -> ChangeOutcome {
    match interval {
        Some([low, _]) if low > band => better(higher_is_better),
        Some([_, high]) if high < -band => better(!higher_is_better),
        Some([low, high]) if -band <= low && high <= band => ChangeOutcome::Unchanged,
        _ => ChangeOutcome::Inconclusive,
    }
}

fn better(is: bool) -> ChangeOutcome {
    if is { ChangeOutcome::Improved } else { ChangeOutcome::Regressed }
}

fn mean(values: &[f64]) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
    let n = values.len() as f64;
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / n)
}

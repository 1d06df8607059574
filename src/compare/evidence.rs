//! What two sides show of one metric, and how sure that is.

use super::statistics::{Bca, Design, Strata, Tally, independent, p_value, paired, quantile};
use crate::analysis::interval::LEAST_FOR_BOOTSTRAP;

/// Values by run and trial.
pub(super) type Values = Vec<Vec<Vec<f64>>>;

/// All values of a side.
pub(super) fn flat(values: &Values) -> Vec<f64> {
    values.iter().flatten().flatten().copied().collect()
}

/// What can be said of the difference, at any confidence.
#[derive(Debug)]
pub(super) enum Evidence {
    /// Of means.
    Means {
        difference: Bca,
        log_ratio: Option<Bca>,
        /// No p-value is smaller: resamples know no rarer event.
        least_p: f64,
    },
    /// Of independent proportions, each as the successes and trials that it is worth.
    Proportions { sides: [[f64; 2]; 2], designs: [Design; 2] },
    /// Of proportions of the same trials: successes in both, in the baseline only, in the candidate only, in neither.
    Pairs { cells: [f64; 4], design: Design },
}

/// How a bootstrap draws.
#[derive(Debug, Clone, Copy)]
pub(super) struct Draws {
    pub(super) resamples: usize,
    pub(super) seed: u64,
}

/// What the means of two sides show; absent below [`LEAST_FOR_BOOTSTRAP`] trials with a value on a side, and when no trial or
/// run can be left out. Also whether runs were drawn.
pub(super) fn of_means(
    baseline: &Values,
    candidate: &Values,
    paired: bool,
    draws: Draws,
) -> Option<(Evidence, bool)> {
    if trials(baseline).min(trials(candidate)) < LEAST_FOR_BOOTSTRAP {
        return None;
    }
    let tallies = |values: &Values| -> Vec<Vec<Tally>> {
        values.iter().map(|run| run.iter().map(|trial| Tally::of(trial)).collect()).collect()
    };
    let (baseline, candidate) = (tallies(baseline), tallies(candidate));
    let strata = if paired {
        Strata::paired(&baseline, &candidate)
    } else {
        Strata::independent(&baseline, &candidate)
    };
    let (means, left_out) = (strata.means()?, strata.left_out()?);
    let resampled = strata.resampled(draws.resamples, draws.seed);
    let bca = |of: fn([f64; 2]) -> f64| {
        let left_out: Vec<Vec<f64>> =
            left_out.iter().map(|stratum| stratum.iter().map(|means| of(*means)).collect()).collect();
        Bca::new(of(means), resampled.iter().map(|means| of(*means)).collect(), &left_out)
    };
    #[expect(clippy::cast_precision_loss, reason = "resamples are far below 2^52")]
    let least_p = 2.0 / (resampled.len() as f64 + 1.0);
    let difference = bca(|[baseline, candidate]| candidate - baseline)?;
    // The logarithm of what is not positive is no number, and then there is no interval.
    let log_ratio = bca(|[baseline, candidate]| (candidate / baseline).ln());
    Some((Evidence::Means { difference, log_ratio, least_p }, strata.of_runs()))
}

/// In how many trials something was observed.
pub(super) fn trials(values: &Values) -> usize {
    values.iter().flatten().filter(|trial| !trial.is_empty()).count()
}

/// What the proportions of two sides show; absent when one has no trial. Also whether it knows how much runs differ.
///
/// Paired ones need every value to have its like; without, both sides are taken as they are.
pub(super) fn of_proportions(
    baseline: &Values,
    candidate: &Values,
    paired: bool,
) -> Option<(Evidence, bool)> {
    let over_runs = observed_runs(baseline).min(observed_runs(candidate)) > 1;
    if let Some(pairs) = pairs(baseline, candidate).filter(|_| paired) {
        let differences = |run: &Vec<Vec<[f64; 2]>>| -> Vec<Vec<f64>> {
            run.iter().map(|trial| trial.iter().map(|[a, b]| b - a).collect()).collect()
        };
        let design = Design::of(&clusters(&pairs.iter().map(differences).collect()));
        let cell = |a: bool, b: bool| {
            let all = pairs.iter().flatten().flatten();
            let same = all.filter(|pair| (pair[0] > 0.5, pair[1] > 0.5) == (a, b));
            count(same.count()) / design.effect
        };
        let cells = [cell(true, true), cell(true, false), cell(false, true), cell(false, false)];
        return (trials(baseline) > 0).then_some((Evidence::Pairs { cells, design }, over_runs));
    }
    let side = |values: &Values, design: Design| {
        let all = flat(values);
        (!all.is_empty()).then(|| [all.iter().sum::<f64>(), count(all.len())].map(|n| n / design.effect))
    };
    let designs = [baseline, candidate].map(|values| Design::of(&clusters(values)));
    let sides = [side(baseline, designs[0])?, side(candidate, designs[1])?];
    Some((Evidence::Proportions { sides, designs }, over_runs))
}

impl Evidence {
    /// The interval of candidate − baseline.
    pub(super) fn difference(&self, confidence: f64) -> Option<[f64; 2]> {
        match self {
            Self::Means { difference, .. } => Some(difference.interval(confidence)),
            Self::Proportions { sides: [baseline, candidate], designs } => {
                independent(*baseline, *candidate, quantile(designs, confidence))
            }
            Self::Pairs { cells, design } => paired(*cells, quantile(&[*design], confidence)),
        }
    }

    /// The interval of candidate ÷ baseline.
    pub(super) fn ratio(&self, confidence: f64) -> Option<[f64; 2]> {
        match self {
            Self::Means { log_ratio, .. } => Some(log_ratio.as_ref()?.interval(confidence).map(f64::exp)),
            Self::Proportions { .. } | Self::Pairs { .. } => None,
        }
    }

    /// The p-value of a true difference within ± `band`.
    pub(super) fn p(&self, band: f64) -> f64 {
        let least = match self {
            Self::Means { least_p, .. } => *least_p,
            Self::Proportions { .. } | Self::Pairs { .. } => f64::EPSILON,
        };
        let everything = [f64::NEG_INFINITY, f64::INFINITY];
        p_value(|confidence| self.difference(confidence).unwrap_or(everything), [-band, band], least)
    }
}

fn observed_runs(values: &Values) -> usize {
    values.iter().filter(|run| run.iter().any(|trial| !trial.is_empty())).count()
}

/// What hangs together: the values of a run, or those of a trial where there is one run only.
fn clusters(values: &Values) -> Vec<Vec<f64>> {
    if observed_runs(values) > 1 {
        return values.iter().map(|run| run.concat()).collect();
    }
    values.iter().flatten().cloned().collect()
}

/// Each value with its like; absent when one has none.
fn pairs(baseline: &Values, candidate: &Values) -> Option<Vec<Vec<Vec<[f64; 2]>>>> {
    let same = |a: usize, b: usize| (a == b).then_some(());
    same(baseline.len(), candidate.len())?;
    let run = |(a, b): (&Vec<Vec<f64>>, &Vec<Vec<f64>>)| {
        same(a.len(), b.len())?;
        let trial = |(a, b): (&Vec<f64>, &Vec<f64>)| {
            same(a.len(), b.len())?;
            Some(a.iter().zip(b).map(|(a, b)| [*a, *b]).collect())
        };
        a.iter().zip(b).map(trial).collect()
    };
    baseline.iter().zip(candidate).map(run).collect()
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn count(n: usize) -> f64 {
    n as f64
}

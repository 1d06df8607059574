//! Resamples of runs and of trials within them: trials of one run share what drifts from run to run.
//!
//! A. C. Davison, D. V. Hinkley, "Bootstrap Methods and their Application" (1997), section 3.8.

use std::ops::AddAssign;

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

/// What one trial adds to a mean. Few trials have one value each: an episode may await three alerts, or none. Sums and
/// counts are carried apart, so that a mean is always one of values and never one of means.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(in crate::compare) struct Tally {
    /// The sum of its values.
    pub(in crate::compare) sum: f64,
    /// How many they are.
    pub(in crate::compare) count: f64,
}

impl Tally {
    pub(in crate::compare) fn of(values: &[f64]) -> Self {
        Self { sum: values.iter().sum(), count: super::float(values.len()) }
    }

    fn mean(self) -> Option<f64> {
        (self.count > 0.0).then(|| self.sum / self.count)
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.sum += other.sum;
        self.count += other.count;
    }
}

/// What a trial, or a pair of them, adds to the baseline and to the candidate.
type Pair = [Tally; 2];

/// Runs of trials.
type Clusters = Vec<Vec<Pair>>;

/// What is drawn apart: the runs of each side, or pairs of runs when both had the same schedule.
#[derive(Debug, Clone)]
pub(in crate::compare) struct Strata {
    strata: Vec<Clusters>,
    of_runs: bool,
}

impl Strata {
    /// Two sides with schedules of their own, each as its runs.
    pub(in crate::compare) fn independent(baseline: &[Vec<Tally>], candidate: &[Vec<Tally>]) -> Self {
        let none = Tally::default();
        let of = |side: &[Vec<Tally>], pair: fn(Tally, Tally) -> Pair| {
            side.iter().map(|run| run.iter().map(|own| pair(*own, none)).collect()).collect()
        };
        Self::new(vec![of(baseline, |own, none| [own, none]), of(candidate, |own, none| [none, own])])
    }

    /// Two sides of which each run has its like, trial for trial. A value whose partner has none still counts in the mean
    /// of its side.
    pub(in crate::compare) fn paired(baseline: &[Vec<Tally>], candidate: &[Vec<Tally>]) -> Self {
        let runs = baseline.iter().zip(candidate);
        Self::new(vec![runs.map(|(a, b)| a.iter().zip(b).map(|(a, b)| [*a, *b]).collect()).collect()])
    }

    /// Where a stratum has one run only, nothing tells how much runs differ, and its trials are all that can be drawn.
    fn new(strata: Vec<Clusters>) -> Self {
        let mut of_runs = true;
        let observed = |pair: &Pair| pair.iter().any(|tally| tally.count > 0.0);
        let strata = strata.into_iter().map(|mut runs| {
            for run in &mut runs {
                run.retain(observed);
            }
            runs.retain(|run| !run.is_empty());
            if runs.len() == 1 {
                of_runs = false;
                runs = runs.into_iter().flatten().map(|trial| vec![trial]).collect();
            }
            runs
        });
        Self { strata: strata.collect(), of_runs }
    }

    /// Whether runs are drawn on both sides, so that their drift is in the interval.
    pub(in crate::compare) fn of_runs(&self) -> bool {
        self.of_runs
    }

    /// The means of both sides; absent when one has no value.
    pub(in crate::compare) fn means(&self) -> Option<[f64; 2]> {
        means(self.strata.iter().flatten().flatten())
    }

    /// The means of both sides in each of `resamples` draws; a draw that leaves a side without a value is none. The same
    /// `seed` gives the same draws.
    pub(in crate::compare) fn resampled(&self, resamples: usize, seed: u64) -> Vec<[f64; 2]> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        (0..resamples).filter_map(|_| self.draw(&mut rng)).collect()
    }

    fn draw(&self, rng: &mut ChaCha8Rng) -> Option<[f64; 2]> {
        let mut total = Pair::default();
        for runs in &self.strata {
            for _ in 0..runs.len() {
                let run = &runs[rng.random_range(0..runs.len())];
                // A run of one trial is that trial.
                for _ in 0..run.len() {
                    let pair = if run.len() == 1 { run[0] } else { run[rng.random_range(0..run.len())] };
                    total[0] += pair[0];
                    total[1] += pair[1];
                }
            }
        }
        Some([total[0].mean()?, total[1].mean()?])
    }

    /// The means of both sides with each run left out in turn, by stratum; absent when that leaves a side without a value.
    pub(in crate::compare) fn left_out(&self) -> Option<Vec<Vec<[f64; 2]>>> {
        let without = |stratum: usize, run: usize| {
            let runs = self.strata.iter().enumerate().flat_map(move |(at, runs)| {
                runs.iter().enumerate().filter(move |(index, _)| (at, *index) != (stratum, run))
            });
            means(runs.flat_map(|(_, run)| run))
        };
        let stratum = |(at, runs): (usize, &Clusters)| (0..runs.len()).map(|run| without(at, run)).collect();
        self.strata.iter().enumerate().map(stratum).collect()
    }
}

fn means<'a>(pairs: impl Iterator<Item = &'a Pair>) -> Option<[f64; 2]> {
    let mut total = Pair::default();
    for pair in pairs {
        total[0] += pair[0];
        total[1] += pair[1];
    }
    Some([total[0].mean()?, total[1].mean()?])
}

/// How many resamples it takes so that each tail of an interval at the strictest of `tests` levels still has two of them.
pub(in crate::compare) fn least_resamples(tests: usize, confidence: f64) -> usize {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "positive, and `as` saturates"
    )]
    let least = (4.0 * super::float(tests) / (1.0 - confidence)).ceil() as usize;
    least
}

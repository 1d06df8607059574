//! Whether the intervals hold what they promise, on simulated runs that drift.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use statrs::distribution::{ContinuousCDF, Normal};

use super::*;

/// Simulated pairs of sides.
const PAIRS: usize = 2_000;

/// Coarse, but a quantile's error averages out over the pairs.
const RESAMPLES: usize = 200;

/// Recovery times that vary by 30 % within a run.
const SPREAD: f64 = 0.3;

/// Runs of trials.
#[derive(Clone, Copy)]
struct Shape {
    runs: usize,
    trials: usize,
    /// By which share runs differ among themselves.
    drift: f64,
}

struct Simulation {
    rng: ChaCha8Rng,
}

impl Simulation {
    fn normal(&mut self) -> f64 {
        Normal::standard().inverse_cdf(self.rng.random_range(f64::EPSILON..1.0))
    }

    /// Runs of successes and failures, of which each has a rate of its own: `drift` is that of its log-odds about 85 %.
    fn rates(&mut self, shape: Shape) -> Vec<Vec<f64>> {
        let run = |this: &mut Self| {
            let odds = (0.85_f64 / 0.15).ln() + shape.drift * this.normal();
            let rate = 1.0 / (1.0 + (-odds).exp());
            (0..shape.trials).map(|_| f64::from(u8::from(this.rng.random_bool(rate)))).collect()
        };
        (0..shape.runs).map(|_| run(self)).collect()
    }

    fn side(&mut self, shape: Shape, scale: f64) -> Vec<Vec<Tally>> {
        let run = |this: &mut Self| {
            let drifted = scale * (shape.drift * this.normal()).exp();
            let trial = |_| Tally::of(&[drifted * (SPREAD * this.normal()).exp()]);
            (0..shape.trials).map(trial).collect()
        };
        (0..shape.runs).map(|_| run(self)).collect()
    }
}

/// Of how many of so many pairs, of which the candidate takes `scale` times as long, the interval lies wholly below or above
/// a band of `noise` about no difference.
fn claims(shape: Shape, scale: f64, noise: f64, pairs: usize) -> usize {
    let mut simulation = Simulation { rng: ChaCha8Rng::seed_from_u64(20_260_102) };
    let claimed = |seed: usize| {
        let strata = Strata::independent(&simulation.side(shape, 1.0), &simulation.side(shape, scale));
        let difference = |[baseline, candidate]: [f64; 2]| candidate - baseline;
        let [baseline, candidate] = strata.means().unwrap();
        let resampled = strata.resampled(RESAMPLES, seed as u64).into_iter().map(difference).collect();
        let left_out = strata.left_out().unwrap();
        let left_out: Vec<Vec<f64>> =
            left_out.into_iter().map(|runs| runs.into_iter().map(difference).collect()).collect();
        let [low, high] = Bca::new(candidate - baseline, resampled, &left_out).unwrap().interval(0.95);
        low > noise * baseline || high < -noise * baseline
    };
    (0..pairs).map(claimed).filter(|claimed| *claimed).count()
}

/// How far a share of `pairs` strays from 5 % at most, in 99.9 % of all simulations.
fn sampling_error(pairs: usize) -> f64 {
    3.3 * (0.05 * 0.95 / float(pairs)).sqrt()
}

#[test]
fn runs_of_the_same_setting_are_claimed_to_differ_in_5_percent_at_most_however_much_they_drift() {
    // Not even a threshold of noise helps: all differences but 0 count.
    for shape in [
        Shape { runs: 5, trials: 6, drift: 0.05 },
        Shape { runs: 3, trials: 6, drift: 0.2 },
        Shape { runs: 1, trials: 20, drift: 0.0 },
    ] {
        let share = float(claims(shape, 1.0, 0.0, PAIRS)) / float(PAIRS);
        assert!(share <= 0.05 + sampling_error(PAIRS), "{share} of {} runs", shape.runs);
        // An interval so wide that it claims nothing would be no merit.
        assert!(share >= 0.02, "{share} of {} runs", shape.runs);
    }
}

#[test]
fn equal_rates_are_claimed_to_differ_in_5_percent_at_most_even_when_runs_drift() {
    for shape in [
        Shape { runs: 5, trials: 6, drift: 0.0 },
        Shape { runs: 5, trials: 6, drift: 1.0 },
        Shape { runs: 8, trials: 20, drift: 1.0 },
    ] {
        let mut simulation = Simulation { rng: ChaCha8Rng::seed_from_u64(20_260_102) };
        let mut side = || {
            let runs = simulation.rates(shape);
            let design = Design::of(&runs);
            let counts = [runs.iter().flatten().sum(), float(shape.runs * shape.trials)];
            (counts.map(|count: f64| count / design.effect), design)
        };
        let claimed = (0..PAIRS).filter(|_| {
            let ((baseline, own), (candidate, other)) = (side(), side());
            let [low, high] = independent(baseline, candidate, quantile(&[own, other], 0.95)).unwrap();
            low > 0.0 || high < 0.0
        });
        let share = float(claimed.count()) / float(PAIRS);
        assert!(share <= 0.05 + sampling_error(PAIRS), "{share} of {} runs", shape.runs);
    }
}

#[test]
fn a_difference_of_30_percent_is_found_with_30_episodes_a_side() {
    let shape = Shape { runs: 5, trials: 6, drift: 0.05 };
    let share = float(claims(shape, 0.7, 0.05, PAIRS)) / float(PAIRS);
    assert!(share > 0.8, "{share}");
}

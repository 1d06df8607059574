//! The bias-corrected and accelerated interval, and what it takes for it to hold with few runs.

use statrs::distribution::{ContinuousCDF, Normal};

use super::{float, t_of, z_of};

/// What a bootstrap says about a statistic.
///
/// B. Efron, "Better bootstrap confidence intervals", JASA 82 (1987) 171–185; of several samples: A. C. Davison,
/// D. V. Hinkley, "Bootstrap Methods and their Application" (1997), section 5.3.
#[derive(Debug, Clone)]
pub(in crate::compare) struct Bca {
    estimate: f64,
    /// The statistic in each resample, sorted.
    resampled: Vec<f64>,
    bias: f64,
    acceleration: f64,
    /// The jackknife's standard error ÷ that of the resamples.
    stretch: f64,
    /// Degrees of freedom of the jackknife's standard error.
    freedom: f64,
}

impl Bca {
    /// From the statistic itself, in each resample, and with each cluster left out, by stratum. Absent without resamples, and
    /// when a stratum has one cluster only.
    pub(in crate::compare) fn new(
        estimate: f64,
        mut resampled: Vec<f64>,
        left_out: &[Vec<f64>],
    ) -> Option<Self> {
        let finite = |values: &[f64]| values.iter().all(|value| value.is_finite());
        let enough = left_out.iter().all(|stratum| stratum.len() > 1 && finite(stratum));
        if resampled.is_empty() || !finite(&resampled) || !enough {
            return None;
        }
        resampled.sort_unstable_by(f64::total_cmp);
        let influence = Influence::of(left_out);
        let error = standard_deviation(&resampled);
        Some(Self {
            bias: bias(&resampled, estimate),
            acceleration: influence.acceleration,
            stretch: if error > 0.0 { influence.variance.sqrt() / error } else { 1.0 },
            freedom: influence.freedom,
            estimate,
            resampled,
        })
    }

    /// Efron's interval.
    pub(super) fn plain(&self, confidence: f64) -> [f64; 2] {
        let z = z_of(confidence);
        [-z, z].map(|z| {
            let shrink = 1.0 - self.acceleration * (self.bias + z);
            // Beyond its pole the formula has no meaning: the interval is as wide as it can be.
            let at = if shrink > 0.0 { self.bias + (self.bias + z) / shrink } else { z * f64::INFINITY };
            quantile(&self.resampled, Normal::standard().cdf(at))
        })
    }

    /// Efron's interval, stretched about the estimate for the number of clusters that there are.
    ///
    /// Three runs drawn from three vary by a third less than the runs do, and trials drawn within them add what their runs
    /// have in them already; besides, a normal quantile is too small for a spread that few runs show. So the interval takes
    /// its shape from the resamples, its standard error from the jackknife over clusters, which knows neither flaw, and
    /// Student's quantile with the degrees of freedom of F. E. Satterthwaite, "An approximate distribution of estimates of
    /// variance components", Biometrics Bulletin 2 (1946) 110–114. T. C. Hesterberg, "What teachers should know about the
    /// bootstrap", The American Statistician 69 (2015) 371–386, has the reasons for both corrections. That the promise is
    /// kept is tested by simulation.
    pub(in crate::compare) fn interval(&self, confidence: f64) -> [f64; 2] {
        let stretch = self.stretch * t_of(confidence, self.freedom) / z_of(confidence);
        self.plain(confidence).map(|end| self.estimate + stretch * (end - self.estimate))
    }
}

/// What the jackknife shows.
struct Influence {
    acceleration: f64,
    variance: f64,
    freedom: f64,
}

impl Influence {
    fn of(left_out: &[Vec<f64>]) -> Self {
        let (mut squares, mut cubes, mut by_freedom) = (0.0, 0.0, 0.0);
        let mut variance = 0.0;
        for stratum in left_out {
            let n = float(stratum.len());
            let mean = stratum.iter().sum::<f64>() / n;
            // Leaving one out moves the estimate against its influence.
            let influence = stratum.iter().map(|value| (mean - value) * (n - 1.0) / n);
            let own: f64 = influence.clone().map(|u| u * u).sum();
            cubes += influence.map(|u| u * u * u).sum::<f64>();
            squares += own;
            let own_variance = own * n / (n - 1.0);
            variance += own_variance;
            by_freedom += own_variance * own_variance / (n - 1.0);
        }
        let moved = squares > 0.0;
        Self {
            acceleration: if moved { cubes / (6.0 * f64::powf(squares, 1.5)) } else { 0.0 },
            variance,
            freedom: if moved { variance * variance / by_freedom } else { f64::INFINITY },
        }
    }
}

/// z0: how far the median of the resamples is from the estimate, in standard deviations. Ties count half, so that equal
/// values have no bias.
fn bias(sorted: &[f64], estimate: f64) -> f64 {
    let below = sorted.partition_point(|value| *value < estimate);
    let up_to = sorted.partition_point(|value| *value <= estimate);
    let share = float(below + up_to) / (2.0 * float(sorted.len()));
    let edge = 0.5 / float(sorted.len());
    Normal::standard().inverse_cdf(share.clamp(edge, 1.0 - edge))
}

fn quantile(sorted: &[f64], p: f64) -> f64 {
    let last = sorted.len() - 1;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "p is a probability")]
    let index = (p * float(sorted.len())).floor() as usize;
    sorted[index.min(last)]
}

fn standard_deviation(values: &[f64]) -> f64 {
    let n = float(values.len());
    let mean = values.iter().sum::<f64>() / n;
    (values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / n).sqrt()
}

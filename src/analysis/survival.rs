//! How many have not recovered yet by a time, when some were not watched until they did.
//!
//! A censored trial says only that it took longer than it was watched. Leaving it out would make the rest look fast, and
//! counting it as recovered at its deadline would be invented. The estimator of Kaplan and Meier takes it for what
//! it is: one that was at risk until then.
//!
//! E. L. Kaplan, P. Meier, "Nonparametric estimation from incomplete observations", JASA 53 (1958) 457–481.

use statrs::distribution::{ContinuousCDF, Normal};

use super::interval::CONFIDENCE;
use super::model::{Outcome, Summary};
use super::trial::trials;

/// Products of fractions miss a round share by a rounding error; this much is not meant.
const ROUNDING: f64 = 1e-9;

/// What was seen of one trial, in any unit of time (recoveries: µs since t0).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Observation {
    /// The event came, then.
    Event(u64),
    /// It had not come by then, and nobody watched any longer.
    Censored(u64),
}

impl Observation {
    /// How long it was watched.
    #[must_use]
    pub fn time(self) -> u64 {
        let (Self::Event(time) | Self::Censored(time)) = self;
        time
    }
}

/// What was seen of a scenario's decided trials: faults by themselves and whole chains, each from its t0. A censored one
/// counts up to where it was given up; void and aborted ones are outside of this as they are outside of every rate.
#[must_use]
pub fn recoveries(summary: &Summary, scenario: &str) -> Vec<Observation> {
    trials(&summary.episodes, &summary.chains)
        .iter()
        .filter(|trial| trial.scenario == scenario)
        .filter_map(|trial| match (trial.outcome, trial.recovery_us) {
            (Outcome::Recovered, Some(us)) => Some(Observation::Event(us)),
            (Outcome::Censored, _) => Some(Observation::Censored(trial.watched_us)),
            _ => None,
        })
        .collect()
}

/// The estimate from an instant with an event on, up to the next one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// When.
    pub time: u64,
    /// How many had had no event before it and were still watched.
    pub at_risk: u64,
    /// How many of them had it then.
    pub events: u64,
    /// Share that has had no event up to and including it.
    pub survival: f64,
    /// Its standard error; absent where the share is 0, as the formula has no value there.
    pub standard_error: Option<f64>,
    /// Its pointwise two-sided 95 % interval; absent where the standard error is.
    pub band: Option<[f64; 2]>,
}

/// The estimate of Kaplan and Meier: a share of 1 that falls at each event.
///
/// ```
/// use goose_recovery::analysis::survival::{Observation::*, Survival};
/// // One recovered after 2 s, one was given up after 3 s, one recovered after 5 s.
/// let estimate = Survival::of(&[Event(2), Censored(3), Event(5)]);
/// assert!((estimate.at(4) - 2.0 / 3.0).abs() < 1e-12);
/// assert_eq!((estimate.at(5), estimate.quantile(0.5)), (0.0, Some(5)));
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Survival {
    /// One per instant with an event, in order.
    pub steps: Vec<Step>,
    /// When observations were censored, in order.
    pub censored: Vec<u64>,
    /// Of how many observations it is.
    pub observations: u64,
}

impl Survival {
    /// The estimate from observations in any order. Who is censored at the instant of an event was at risk in it.
    ///
    /// The standard error is M. Greenwood's, "The natural duration of cancer" (1926). The band is made of it on the scale
    /// of log(−log share), as J. D. Kalbfleisch and R. L. Prentice propose ("The Statistical Analysis of Failure
    /// Time Data", 1980): share^exp(±z·se/(share·log share)). Unlike share ± z·se it stays between 0 and 1, and
    /// with few observations it holds what it promises far better (Ø. Borgan, K. Liestøl, Scand. J. Statist. 17 (1990)
    /// 35–41).
    #[must_use]
    pub fn of(observations: &[Observation]) -> Self {
        let mut events: Vec<u64> = Vec::new();
        let mut censored: Vec<u64> = Vec::new();
        for observation in observations {
            match observation {
                Observation::Event(time) => events.push(*time),
                Observation::Censored(time) => censored.push(*time),
            }
        }
        events.sort_unstable();
        censored.sort_unstable();
        let (mut survival, mut sum, mut before) = (1.0, 0.0, 0);
        let mut steps = Vec::new();
        for same in events.chunk_by(|a, b| a == b) {
            let time = same[0];
            let gone = before + censored.partition_point(|at| *at < time);
            let (at_risk, now) = (observations.len() - gone, same.len());
            survival *= float(at_risk - now) / float(at_risk);
            sum += float(now) / (float(at_risk) * float(at_risk - now));
            before += now;
            // With nobody left at risk the share is 0, and the sum has no value.
            let spread = (now < at_risk).then(|| sum.sqrt());
            steps.push(Step {
                time,
                at_risk: at_risk as u64,
                events: now as u64,
                survival,
                standard_error: spread.map(|spread| survival * spread),
                band: spread.map(|spread| band(survival, spread)),
            });
        }
        Self { steps, censored, observations: observations.len() as u64 }
    }

    /// How many had the event.
    #[must_use]
    pub fn events(&self) -> u64 {
        self.observations - self.censored.len() as u64
    }

    /// Share that has had no event up to and including `time`. After the last observation nothing is known: it keeps its
    /// last value.
    #[must_use]
    pub fn at(&self, time: u64) -> f64 {
        let after = self.steps.partition_point(|step| step.time <= time);
        after.checked_sub(1).map_or(1.0, |last| self.steps[last].survival)
    }

    /// How long the longest was watched; absent without observations.
    #[must_use]
    pub fn last(&self) -> Option<u64> {
        self.steps.last().map(|step| step.time).max(self.censored.last().copied())
    }

    /// The first instant by which at least `share` has had the event (0.5: the median); absent when so many have not.
    #[must_use]
    pub fn quantile(&self, share: f64) -> Option<u64> {
        self.first(share, |step| Some(step.survival))
    }

    /// The two-sided 95 % interval of [`Survival::quantile`]: every instant at which the band holds the share. An end
    /// to which the observations do not reach is absent.
    ///
    /// R. Brookmeyer, J. Crowley, "A confidence interval for the median survival time", Biometrics 38 (1982) 29–41,
    /// with the band of [`Survival::of`].
    #[must_use]
    pub fn quantile_interval(&self, share: f64) -> [Option<u64>; 2] {
        [0, 1].map(|end| self.first(share, |step| Some(step.band?[end])))
    }

    /// The first step of which `value` says that at least `share` has had the event.
    fn first(&self, share: f64, value: impl Fn(&Step) -> Option<f64>) -> Option<u64> {
        let reached = |step: &&Step| value(step).is_some_and(|left| left <= 1.0 - share + ROUNDING);
        self.steps.iter().find(reached).map(|step| step.time)
    }
}

/// The interval of a share between 0 and 1, whose logarithm has the standard error `spread`.
fn band(survival: f64, spread: f64) -> [f64; 2] {
    let z = Normal::standard().inverse_cdf(f64::midpoint(1.0, CONFIDENCE));
    let factor = (z * spread / survival.ln().abs()).exp();
    [survival.powf(factor), survival.powf(1.0 / factor)]
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn float(n: usize) -> f64 {
    n as f64
}

#[cfg(test)]
mod tests;

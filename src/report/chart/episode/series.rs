//! One episode's curve in seconds since its t0, with what is marked on it. Pure.

use super::words::{self, Words};
use crate::analysis::Analysis;
use crate::analysis::detector::Criterion;
use crate::analysis::model::{Curve, CurveBin, Episode};
use crate::lang::Lang;
use crate::report::chart::text::{float, seconds};
use crate::report::view;

/// A bin.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Step {
    pub(crate) from_s: f64,
    pub(crate) to_s: f64,
    /// Goodput in requests a second; absent while users were held still.
    pub(crate) ok_per_s: Option<f64>,
    pub(crate) failed_per_s: f64,
    /// 95th percentile of the successful canaries.
    pub(crate) p95_us: Option<f64>,
    /// Whether a canary failed.
    pub(crate) canary_failed: bool,
}

/// An instant with a name, in seconds since t0.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Mark {
    pub(crate) at_s: f64,
    pub(crate) name: String,
    /// Whether it begins or ends the episode.
    pub(crate) outer: bool,
}

/// The figure of one episode.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct EpisodeCurve {
    pub(crate) steps: Vec<Step>,
    /// How long the episode is.
    pub(crate) end_s: f64,
    /// Goodput of the baseline in requests a second.
    pub(crate) baseline_per_s: Option<f64>,
    /// The canaries' percentile up to which the episode counts as recovered.
    pub(crate) limit_us: Option<f64>,
    /// In order of time.
    pub(crate) marks: Vec<Mark>,
    /// When users were held still.
    pub(crate) held: Vec<(f64, f64)>,
    pub(super) words: Words,
    pub(super) alt: String,
}

impl EpisodeCurve {
    /// Absent when the episode has no curve.
    pub(crate) fn of(analysis: &Analysis, episode: &Episode, lang: Lang) -> Option<Self> {
        let curve = analysis.curves.iter().find(|curve| curve.episode == episode.id)?;
        let steps = steps(curve, episode);
        let (first, last) = (steps.first()?.from_s, steps.last()?.to_s);
        let held = analysis
            .read_backs
            .iter()
            .map(|(from, to)| (since(*from, episode.t0_us).max(first), since(*to, episode.t0_us).min(last)));
        let baseline = episode.baseline.as_ref();
        let limit = baseline.map(|baseline| Criterion::from_baseline(baseline, 0).p95_limit_us);
        Some(Self {
            end_s: since(episode.end_us, episode.t0_us),
            baseline_per_s: baseline.and_then(|baseline| baseline.goodput_per_s).filter(|per_s| *per_s > 0.0),
            limit_us: limit.map(float),
            marks: marks(episode, lang),
            held: held.filter(|(from, to)| from < to).collect(),
            words: Words::new(lang),
            alt: words::alt(curve, episode, limit, lang),
            steps,
        })
    }
}

fn steps(curve: &Curve, episode: &Episode) -> Vec<Step> {
    let length_s = seconds(curve.bin_us);
    let step = |(from, bin): (u64, &CurveBin)| {
        let from_s = since(from, episode.t0_us);
        Step {
            from_s,
            to_s: from_s + length_s,
            ok_per_s: bin.goodput_per_s(curve.bin_us),
            failed_per_s: float(bin.failed) / length_s,
            p95_us: bin.p95_us.map(float),
            canary_failed: bin.failed_canaries > 0,
        }
    };
    curve.timed().map(step).collect()
}

/// t0, the ends of the observed phases, and the end.
fn marks(episode: &Episode, lang: Lang) -> Vec<Mark> {
    let phases = &episode.phases_us;
    let restarted =
        if episode.hits_stores() { "episode-curve-outage-ended" } else { "episode-curve-restarted" };
    let named = [
        (phases.detect, "episode-curve-detected"),
        (phases.restart, restarted),
        (phases.ready, "episode-curve-ready"),
        (phases.restore, "episode-curve-restored"),
    ];
    let mut marks = vec![Mark { at_s: 0.0, name: lang.text("episode-curve-t0"), outer: true }];
    let mut last_us = 0;
    for (length_us, id) in named {
        if let Some(length_us) = length_us {
            last_us += length_us;
            marks.push(Mark { at_s: float(last_us) / 1e6, name: lang.text(id), outer: false });
        }
    }
    marks.push(Mark {
        at_s: since(episode.end_us, episode.t0_us),
        name: view::outcome(episode.outcome, lang),
        outer: true,
    });
    marks
}

/// Seconds from t0 to an instant before or after it.
fn since(t_us: u64, t0_us: u64) -> f64 {
    (float(t_us) - float(t0_us)) / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    /// The first episode of a passing run, in bins of 50 ms from t0 − 50 ms on.
    fn with(bins: &[CurveBin]) -> EpisodeCurve {
        let mut analysis = fixture::passing();
        let episode = analysis.summary.episodes[0].clone();
        analysis.curves =
            vec![Curve { episode: 1, from_us: episode.t0_us - 50_000, bin_us: 50_000, bins: bins.to_vec() }];
        analysis.read_backs = vec![
            (episode.t0_us - 90_000, episode.t0_us - 80_000),
            (episode.t0_us + 20_000, episode.t0_us + 900_000),
        ];
        EpisodeCurve::of(&analysis, &episode, Lang::En).unwrap()
    }

    #[test]
    fn counts_become_rates_and_instants_are_since_t0() {
        let curve = with(&[
            CurveBin { ok: 50, p95_us: Some(3_000), ..CurveBin::default() },
            CurveBin { failed: 5, failed_canaries: 1, held_us: 30_000, ok: 10, ..CurveBin::default() },
        ]);
        let [before, after] = curve.steps[..] else { panic!("{curve:?}") };
        assert_eq!((before.from_s, before.to_s), (-0.05, 0.0));
        assert_eq!(
            (before.ok_per_s, before.failed_per_s, before.p95_us),
            (Some(1_000.0), 0.0, Some(3_000.0))
        );
        // Ten in the 20 ms in which users were free; failures are over the whole bin.
        assert_eq!((after.ok_per_s, after.failed_per_s, after.p95_us), (Some(500.0), 100.0, None));
        assert!(after.canary_failed && !before.canary_failed);
        // A read-back is shown as far as the curve reaches.
        assert_eq!(curve.held, [(0.02, 0.05)]);
    }

    #[test]
    fn the_limit_is_that_of_the_detector() {
        // Baseline 3.2 ms: 20 ms on top are more than a quarter.
        assert_eq!(with(&[CurveBin::default(); 3]).limit_us, Some(23_200.0));
    }

    #[test]
    fn marks_are_the_ends_of_the_observed_phases() {
        let marks = |analysis: &Analysis, index: usize| {
            let curve = EpisodeCurve::of(analysis, &analysis.summary.episodes[index], Lang::En).unwrap();
            curve
                .marks
                .into_iter()
                .map(|mark| (mark.name, (mark.at_s * 1e4).round() / 10.0))
                .collect::<Vec<_>>()
        };
        let named = |marks: &[(&str, f64)]| {
            marks.iter().map(|(name, ms)| ((*name).to_owned(), *ms)).collect::<Vec<_>>()
        };
        let passing = fixture::passing();
        let recovered = passing.summary.episodes[0].recovery_us.unwrap() as f64 / 1e3;
        let ready = recovered - 74.9;
        assert_eq!(
            marks(&passing, 0),
            named(&[
                ("t0", 0.0),
                ("detected", 4.9),
                ("restarted", 7.0),
                ("ready", ready),
                ("recovered", recovered)
            ])
        );
        // Nobody saw the third of the failing run ready again.
        assert_eq!(
            marks(&fixture::failing(), 2),
            named(&[("t0", 0.0), ("detected", 4.8), ("restarted", 2_404.8), ("censored", 60_000.0)])
        );
        assert_eq!(marks(&fixture::stores(1), 0)[2].0, "outage ended");
    }

    #[test]
    fn a_void_episode_has_no_curve() {
        let analysis = fixture::failing();
        assert!(EpisodeCurve::of(&analysis, &analysis.summary.episodes[1], Lang::En).is_none());
    }
}

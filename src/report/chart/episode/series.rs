//! One episode's curve in seconds since its t0, with what is marked on it. Pure.

use super::words::{self, Words};
use crate::analysis::Analysis;
use crate::analysis::detector::Criterion;
use crate::analysis::model::{Curve, CurveBin, Episode, Outcome};
use crate::lang::Lang;

/// No more steps than this: the page holds hundreds of these figures.
const MOST_STEPS: usize = 70;

/// One bin, or several that were joined.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Step {
    pub(crate) from_s: f64,
    pub(crate) to_s: f64,
    /// Goodput in requests a second; absent while users were held still.
    pub(crate) ok_per_s: Option<f64>,
    pub(crate) failed_per_s: f64,
    /// 95th percentile of the successful canaries; of joined bins the highest.
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

/// The bins, some joined when there are many. A step begins at t0, as a bin does.
fn steps(curve: &Curve, episode: &Episode) -> Vec<Step> {
    let joined = curve.bins.len().div_ceil(MOST_STEPS).max(1);
    let before = episode.t0_us.saturating_sub(curve.from_us) / curve.bin_us.max(1);
    let bins: Vec<_> = curve.timed().collect();
    let (first, rest) = bins.split_at((usize::try_from(before).unwrap_or(0) % joined).min(bins.len()));
    let groups = std::iter::once(first).filter(|first| !first.is_empty()).chain(rest.chunks(joined));
    groups.map(|group| step(group, curve.bin_us, episode.t0_us)).collect()
}

fn step(bins: &[(u64, &CurveBin)], bin_us: u64, t0_us: u64) -> Step {
    let length_us = bin_us * bins.len() as u64;
    let sum = |of: fn(&CurveBin) -> u64| bins.iter().map(|(_, bin)| of(bin)).sum::<u64>();
    let all = CurveBin { ok: sum(|bin| bin.ok), held_us: sum(|bin| bin.held_us), ..CurveBin::default() };
    let from_s = bins.first().map_or(0.0, |(from, _)| since(*from, t0_us));
    Step {
        from_s,
        to_s: from_s + float(length_us) / 1e6,
        ok_per_s: all.goodput_per_s(length_us),
        failed_per_s: float(sum(|bin| bin.failed)) * 1e6 / float(length_us),
        // That of all together is not known; it is not above the highest.
        p95_us: bins.iter().filter_map(|(_, bin)| bin.p95_us).max().map(float),
        canary_failed: sum(|bin| bin.failed_canaries) > 0,
    }
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
    let end = match episode.outcome {
        Outcome::Recovered => "outcome-recovered",
        Outcome::Censored => "outcome-censored",
        Outcome::Aborted => "outcome-aborted",
        Outcome::Void => "outcome-void",
    };
    marks.push(Mark { at_s: since(episode.end_us, episode.t0_us), name: lang.text(end), outer: true });
    marks
}

/// Seconds from t0 to an instant before or after it.
fn since(t_us: u64, t0_us: u64) -> f64 {
    (float(t_us) - float(t0_us)) / 1e6
}

#[expect(clippy::cast_precision_loss, reason = "a picture is coarser than 2^-53")]
fn float(n: u64) -> f64 {
    n as f64
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
    fn many_bins_are_joined_and_none_across_t0() {
        let mut bins = vec![CurveBin { ok: 10, p95_us: Some(3_000), ..CurveBin::default() }; 100];
        (bins[2].ok, bins[2].failed, bins[2].p95_us) = (0, 5, Some(9_000));
        let steps = with(&bins).steps;
        // One before t0; then 99 of 50 ms are 49 of 100 ms and one that is left.
        assert_eq!(steps.len(), 51);
        assert_eq!((steps[0].from_s, steps[0].to_s), (-0.05, 0.0));
        assert_eq!((steps[1].from_s, steps[1].to_s), (0.0, 0.1));
        assert_eq!(
            (steps[1].ok_per_s, steps[1].failed_per_s, steps[1].p95_us),
            (Some(100.0), 50.0, Some(9_000.0))
        );
        assert!((steps[50].to_s - 4.95).abs() < 1e-9, "{:?}", steps[50]);
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

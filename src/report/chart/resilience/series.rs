//! Curves as shares of their own baselines, in groups that can be compared. Pure.

use super::words::Words;
use crate::analysis::Analysis;
use crate::analysis::model::{Curve, Episode, Outcome};
use crate::lang::Lang;
use crate::report::chart::text::seconds;

/// Goodput below this share of the baseline, in per cent, is counted as time of loss.
pub(super) const LOW_PERCENT: f64 = 90.0;

/// No axis reaches further than this share: what piled up during an outage may come all at once.
const HIGHEST_PERCENT: f64 = 200.0;

/// The goodput of an episode.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Trace {
    pub(crate) episode: u32,
    pub(crate) outcome: Outcome,
    /// Its end in seconds since t0.
    pub(crate) end_s: f64,
    /// Length of a bin.
    pub(crate) bin_s: f64,
    /// When each bin begins in seconds since t0, and its goodput in per cent of the baseline; absent while users were
    /// held still.
    pub(crate) bins: Vec<(f64, Option<f64>)>,
}

/// Episodes that can be compared: of one scenario and, where it hits both, of modules or of stores.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Panel {
    pub(crate) heading: String,
    pub(crate) traces: Vec<Trace>,
    /// Where the axes begin and end.
    pub(crate) from_s: f64,
    pub(crate) to_s: f64,
    pub(crate) high_percent: f64,
}

/// What an episode did to the goodput, from t0 to its end.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Worst {
    pub(crate) episode: u32,
    /// The lowest goodput in per cent of the baseline, and how long after t0 its bin begins, in µs; absent without a
    /// baseline.
    pub(crate) lowest: Option<(f64, u64)>,
    /// How long it was below [`LOW_PERCENT`], in whole bins; absent without a baseline.
    pub(crate) low_us: Option<u64>,
    /// Requests lost.
    pub(crate) lost: Option<f64>,
    /// The highest 95th percentile of the canaries in a bin.
    pub(crate) p95_us: Option<u64>,
}

/// The figure.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Resilience {
    pub(crate) panels: Vec<Panel>,
    pub(crate) worst: Vec<Worst>,
    pub(super) words: Words,
}

impl Resilience {
    pub(crate) fn new(analysis: &Analysis, lang: Lang) -> Self {
        let all: Vec<_> = with_episodes(analysis).collect();
        let panels = panels(&all, lang);
        let worst = all.iter().map(|(curve, episode)| worst(curve, episode)).collect();
        Self { words: Words::new(analysis, &all, lang), panels, worst }
    }
}

/// Every curve with its episode.
fn with_episodes(analysis: &Analysis) -> impl Iterator<Item = (&Curve, &Episode)> {
    // Both are in the order of the episodes.
    let mut episodes = analysis.summary.episodes.iter();
    analysis.curves.iter().filter_map(move |curve| {
        Some((curve, episodes.by_ref().find(|episode| episode.id == curve.episode)?))
    })
}

fn panels(all: &[(&Curve, &Episode)], lang: Lang) -> Vec<Panel> {
    let mut groups: Vec<(&str, bool, Vec<Trace>)> = Vec::new();
    for (curve, episode) in all {
        let Some(trace) = trace(curve, episode) else { continue };
        let (scenario, stores) = (episode.scenario.as_str(), episode.hits_stores());
        match groups.iter_mut().find(|(name, of_stores, _)| *name == scenario && *of_stores == stores) {
            Some((.., traces)) => traces.push(trace),
            None => groups.push((scenario, stores, vec![trace])),
        }
    }
    let names: Vec<_> = groups.iter().map(|(name, ..)| (*name).to_owned()).collect();
    let panel = |(scenario, stores, traces): (&str, bool, Vec<Trace>)| {
        let both = names.iter().filter(|name| *name == scenario).count() > 1;
        let id = match (both, stores) {
            (false, _) => "resilience-panel",
            (true, false) => "resilience-panel-modules",
            (true, true) => "resilience-panel-stores",
        };
        let heading = lang.say(id, [("scenario", scenario.into()), ("n", traces.len().into())]);
        Panel::new(heading, traces)
    };
    groups.into_iter().map(panel).collect()
}

impl Panel {
    /// The axis fits what recovered, so that milliseconds can be seen beside a deadline of a minute; what never
    /// recovered runs off the end.
    fn new(heading: String, traces: Vec<Trace>) -> Self {
        let longest = |of: &dyn Fn(&Trace) -> bool| {
            traces.iter().filter(|trace| of(trace)).map(|trace| trace.end_s).max_by(f64::total_cmp)
        };
        let recovered = longest(&|trace| trace.outcome == Outcome::Recovered);
        let longest = recovered.or_else(|| longest(&|_| true)).unwrap_or(0.0);
        let from_s = -(longest * 0.15).max(0.3);
        let to_s = longest + (longest * 0.15).max(0.5);
        let seen = |trace: &Trace| {
            let bins = trace.bins.iter().filter(|(start, _)| *start < to_s && start + trace.bin_s > from_s);
            bins.filter_map(|(_, percent)| *percent).fold(110.0, f64::max)
        };
        let highest = traces.iter().map(seen).fold(110.0, f64::max);
        Self { heading, traces, from_s, to_s, high_percent: highest.min(HIGHEST_PERCENT) }
    }
}

/// Absent without a baseline to compare with.
fn trace(curve: &Curve, episode: &Episode) -> Option<Trace> {
    let expected = expected(episode)?;
    let bins = curve.timed().map(|(from, bin)| {
        let share = |per_s: f64| per_s / expected * 100.0;
        (seconds(from) - seconds(episode.t0_us), bin.goodput_per_s(curve.bin_us).map(share))
    });
    Some(Trace {
        episode: episode.id,
        outcome: episode.outcome,
        end_s: seconds(episode.end_us.saturating_sub(episode.t0_us)),
        bin_s: seconds(curve.bin_us),
        bins: bins.collect(),
    })
}

fn worst(curve: &Curve, episode: &Episode) -> Worst {
    let inside = || curve.timed().filter(|(from, _)| (episode.t0_us..episode.end_us).contains(from));
    let shares: Option<Vec<_>> = expected(episode).map(|expected| {
        let share = |per_s: f64| per_s / expected * 100.0;
        inside()
            .filter_map(|(from, bin)| Some((share(bin.goodput_per_s(curve.bin_us)?), from - episode.t0_us)))
            .collect()
    });
    let low = |shares: &Vec<(f64, u64)>| shares.iter().filter(|(percent, _)| *percent < LOW_PERCENT).count();
    Worst {
        episode: episode.id,
        // Of equal ones the first.
        lowest: shares.as_ref().and_then(|all| all.iter().copied().min_by(|a, b| a.0.total_cmp(&b.0))),
        low_us: shares.as_ref().map(|shares| low(shares) as u64 * curve.bin_us),
        lost: episode.goodput_lost_requests,
        p95_us: inside().filter_map(|(_, bin)| bin.p95_us).max(),
    }
}

/// Goodput of the baseline in requests a second.
fn expected(episode: &Episode) -> Option<f64> {
    episode.baseline.as_ref()?.goodput_per_s.filter(|per_s| *per_s > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::model::CurveBin;
    use crate::report::fixture;

    /// One recovered episode of 130 ms at 1000 requests a second, with these counts in bins of 50 ms from t0 − 50 ms on.
    fn with(counts: &[(u64, u64)]) -> Analysis {
        let mut analysis = fixture::passing();
        analysis.summary.episodes.truncate(1);
        let episode = &mut analysis.summary.episodes[0];
        episode.end_us = episode.t0_us + 130_000;
        episode.baseline.as_mut().unwrap().goodput_per_s = Some(1_000.0);
        let bins = counts.iter().map(|(ok, held_us)| CurveBin {
            ok: *ok,
            held_us: *held_us,
            p95_us: Some(3_000 + ok),
            ..CurveBin::default()
        });
        let (from_us, bins) = (episode.t0_us - 50_000, bins.collect());
        analysis.curves = vec![Curve { episode: 1, from_us, bin_us: 50_000, bins }];
        analysis
    }

    #[test]
    fn goodput_is_a_share_of_the_episodes_own_baseline_over_the_time_since_t0() {
        let resilience =
            Resilience::new(&with(&[(50, 0), (0, 0), (20, 0), (30, 20_000), (9, 50_000)]), Lang::En);
        let bins = &resilience.panels[0].traces[0].bins;
        let rounded: Vec<_> =
            bins.iter().map(|(t, share)| ((t * 1e3).round(), share.map(f64::round))).collect();
        // 50 requests are all that a bin of 50 ms expects; 30 in the 30 ms that are left of a bin are all as well.
        let expected =
            [(-50.0, Some(100.0)), (0.0, Some(0.0)), (50.0, Some(40.0)), (100.0, Some(100.0)), (150.0, None)];
        assert_eq!(rounded, expected);
    }

    #[test]
    fn the_worst_is_looked_for_from_t0_to_the_end() {
        // The bin before t0 and the last one, which begins after the end, are worse.
        let worst = &Resilience::new(&with(&[(0, 0), (10, 0), (5, 0), (49, 0), (0, 0)]), Lang::En).worst[0];
        let (percent, after_us) = worst.lowest.unwrap();
        assert_eq!((percent.round(), after_us), (10.0, 50_000));
        assert_eq!((worst.low_us, worst.p95_us), (Some(100_000), Some(3_049)));
    }

    #[test]
    fn without_a_baseline_there_is_no_share_and_no_line() {
        let mut analysis = with(&[(50, 0), (0, 0), (20, 0)]);
        analysis.summary.episodes[0].baseline = None;
        let resilience = Resilience::new(&analysis, Lang::En);
        assert!(resilience.panels.is_empty());
        assert_eq!((resilience.worst[0].lowest, resilience.worst[0].low_us), (None, None));
    }

    #[test]
    fn modules_and_stores_have_panels_of_their_own() {
        let mut analysis = fixture::many(4);
        analysis.summary.episodes[1].fault = "store-kill".to_owned();
        analysis.summary.episodes[3].scenario = "cascade".to_owned();
        let headings = |analysis: &Analysis| {
            let panels = Resilience::new(analysis, Lang::En).panels;
            panels.iter().map(|panel| (panel.heading.clone(), panel.traces.len())).collect::<Vec<_>>()
        };
        assert_eq!(
            headings(&analysis),
            [
                ("single-module: faults of modules, 2 episodes".to_owned(), 2),
                ("single-module: faults of stores, 1 episode".to_owned(), 1),
                ("cascade: 1 episode".to_owned(), 1),
            ]
        );
        analysis.summary.episodes[1].fault = "kill".to_owned();
        assert_eq!(headings(&analysis)[0].0, "single-module: 3 episodes");
    }

    #[test]
    fn what_never_recovered_does_not_stretch_the_axis() {
        let panel = &Resilience::new(&fixture::failing(), Lang::En).panels[0];
        assert_eq!(panel.traces.iter().map(|trace| trace.episode).collect::<Vec<_>>(), [1, 3, 4]);
        assert!(panel.to_s < 2.0 && panel.from_s < 0.0, "{panel:?}");
        assert!((110.0..=HIGHEST_PERCENT).contains(&panel.high_percent));
    }
}

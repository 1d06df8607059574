//! What was seen lately, and whether a rule holds. Pure: time comes as a number.

use std::collections::VecDeque;
use std::fmt;
use std::time::Duration;

use super::rule::{Metric, Rule};
use crate::clock::duration_us;
use crate::journal::Micros;

/// What was seen between two looks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Seen {
    /// Users' requests that ended.
    pub(super) requests: u64,
    /// Those that failed.
    pub(super) failures: u64,
    /// Canaries that ended.
    pub(super) canaries: u64,
    /// Those that failed.
    pub(super) canary_failures: u64,
    /// How long the others took, in µs.
    pub(super) durations: Vec<u64>,
}

/// A rule that holds, with its figure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Breach {
    rule: Rule,
    figure: Figure,
}

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Figure {
    Ratio { part: u64, of: u64 },
    P95 { us: u64, of: usize },
    Episode(u32),
}

/// The rules of a run and what they look at: not more than the longest window.
#[derive(Debug)]
pub(super) struct Guardrails {
    rules: Vec<Rule>,
    longest_us: u64,
    looks: VecDeque<Look>,
    /// Since when something is seen.
    since: Micros,
    last: Micros,
}

#[derive(Debug)]
struct Look {
    /// Between the two looks.
    middle: Micros,
    seen: Seen,
}

impl Guardrails {
    /// Looks on from `since`.
    pub(super) fn new(rules: Vec<Rule>, since: Micros) -> Self {
        let longest_us = rules.iter().map(|rule| duration_us(rule.window())).max().unwrap_or(0);
        Self { rules, longest_us, looks: VecDeque::new(), since, last: since }
    }

    /// Takes in what was `seen` since the last look, and gives the first rule that holds at `now`. `censored` is an
    /// episode that was not well by its deadline.
    ///
    /// A figure is over everything that was seen in its window, and counts only once that much time has been watched.
    /// A window in which nothing was seen has no figure: that is no breach.
    pub(super) fn look(&mut self, now: Micros, seen: Seen, censored: Option<u32>) -> Option<Breach> {
        self.looks.push_back(Look { middle: self.last.midpoint(now), seen });
        self.last = now;
        while self.looks.front().is_some_and(|look| look.middle.saturating_add(self.longest_us) < now) {
            self.looks.pop_front();
        }
        self.rules.iter().find_map(|rule| {
            let figure = match rule {
                Rule::Unrecovered => Figure::Episode(censored?),
                Rule::Above { metric, window } => self.above(*metric, duration_us(*window), now)?,
            };
            Some(Breach { rule: *rule, figure })
        })
    }

    /// The figure of `metric`, if it is above its limit.
    fn above(&self, metric: Metric, window_us: u64, now: Micros) -> Option<Figure> {
        if self.since.saturating_add(window_us) > now {
            return None;
        }
        let window = || {
            let seen = self.looks.iter().filter(|look| look.middle.saturating_add(window_us) >= now);
            seen.map(|look| &look.seen)
        };
        match metric {
            Metric::ErrorRate(limit) => ratio(window().map(|seen| (seen.failures, seen.requests)), limit),
            Metric::CanaryErrorRate(limit) => {
                ratio(window().map(|seen| (seen.canary_failures, seen.canaries)), limit)
            }
            Metric::P95(limit) => {
                let durations = window().flat_map(|seen| &seen.durations).copied().collect();
                p95(durations)
                    .filter(|(us, _)| *us > duration_us(limit))
                    .map(|(us, of)| Figure::P95 { us, of })
            }
        }
    }
}

fn ratio(seen: impl Iterator<Item = (u64, u64)>, limit: f64) -> Option<Figure> {
    let (part, of) = seen.fold((0, 0), |sum, seen| (sum.0 + seen.0, sum.1 + seen.1));
    (of > 0 && share(part, of) > limit).then_some(Figure::Ratio { part, of })
}

#[expect(clippy::cast_precision_loss, reason = "requests of an hour are far below 2^52")]
fn share(part: u64, of: u64) -> f64 {
    part as f64 / of as f64
}

/// The nearest-rank 95th percentile, and over how many it is.
fn p95(mut durations: Vec<u64>) -> Option<(u64, usize)> {
    let rank = (durations.len() * 95).div_ceil(100).checked_sub(1)?;
    let (_, p95, _) = durations.select_nth_unstable(rank);
    Some((*p95, durations.len()))
}

impl Rule {
    fn window(&self) -> Duration {
        match self {
            Self::Unrecovered => Duration::ZERO,
            Self::Above { window, .. } => *window,
        }
    }
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.rule)?;
        match self.figure {
            Figure::Ratio { part, of } => write!(f, "{:.3} ({part} of {of} failed)", share(part, of)),
            Figure::P95 { us, of } => write!(f, "{:?} over {of} canaries", Duration::from_micros(us)),
            Figure::Episode(episode) => write!(f, "episode {episode} was not well by its deadline"),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SECOND: Micros = 1_000_000;

    fn rules(texts: &[&str]) -> Guardrails {
        Guardrails::new(texts.iter().map(|text| text.parse().unwrap()).collect(), 0)
    }

    fn requests(requests: u64, failures: u64) -> Seen {
        Seen { requests, failures, ..Seen::default() }
    }

    /// Looks once a second, from 1 s on; gives the second at which a rule first held, and the breach in words.
    fn first(mut rails: Guardrails, seen: impl IntoIterator<Item = Seen>) -> Option<(u64, String)> {
        let seconds = seen.into_iter().zip(1..);
        seconds.filter_map(|(seen, at)| Some((at, rails.look(at * SECOND, seen, None)?.to_string()))).next()
    }

    #[test]
    fn holds_only_after_a_whole_window() {
        let (at, words) = first(rules(&["error_rate>0.9 for 3s"]), vec![requests(10, 10); 9]).unwrap();
        assert_eq!(at, 3);
        assert_eq!(words, "error_rate>0.9 for 3s: 1.000 (30 of 30 failed)");
    }

    #[test]
    fn what_is_older_than_the_window_does_not_count() {
        let outage = [vec![requests(10, 0); 5], vec![requests(10, 10); 9]].concat();
        let (at, words) = first(rules(&["error_rate>0.9 for 3s"]), outage).unwrap();
        assert_eq!((at, words.contains("30 of 30")), (8, true), "{words}");
    }

    #[test]
    fn an_outage_shorter_than_the_window_is_left_alone() {
        let outage = [vec![requests(10, 0); 5], vec![requests(10, 10); 2], vec![requests(10, 0); 9]].concat();
        assert_eq!(first(rules(&["error_rate>0.9 for 3s"]), outage), None);
    }

    #[test]
    fn exactly_the_limit_is_not_above_it() {
        assert_eq!(first(rules(&["error_rate>0.9 for 2s"]), vec![requests(10, 9); 9]), None);
        assert_eq!(first(rules(&["error_rate>0 for 2s"]), vec![requests(10, 0); 9]), None);
    }

    #[test]
    fn nothing_seen_is_no_breach() {
        let all = ["error_rate>0 for 1s", "canary_error_rate>0 for 1s", "p95>0s for 1s", "unrecovered"];
        assert_eq!(first(rules(&all), vec![Seen::default(); 20]), None);
    }

    #[test]
    fn failures_that_come_in_bursts_are_one_window() {
        // Users of a hung target time out together, and nothing ends in between.
        let bursts = (0..20).map(|at| if at % 5 == 4 { requests(50, 50) } else { Seen::default() });
        let (at, _) = first(rules(&["error_rate>0.9 for 10s"]), bursts).unwrap();
        assert_eq!(at, 10);
    }

    #[test]
    fn the_percentile_is_over_canaries_that_succeeded() {
        let seen = |slow: usize| Seen {
            canaries: 120,
            canary_failures: 20,
            durations: [vec![10_000; 100 - slow], vec![3_000_000; slow]].concat(),
            ..Seen::default()
        };
        let rail = || rules(&["p95>2s for 2s"]);
        assert_eq!(first(rail(), vec![seen(5); 9]), None);
        let (at, words) = first(rail(), vec![seen(6); 9]).unwrap();
        assert_eq!((at, words.as_str()), (2, "p95>2s for 2s: 3s over 200 canaries"));
        let canaries = first(rules(&["canary_error_rate>0.1 for 2s"]), vec![seen(0); 9]).unwrap();
        assert_eq!(canaries.1, "canary_error_rate>0.1 for 2s: 0.167 (40 of 240 failed)");
    }

    #[test]
    fn an_unrecovered_episode_is_named_at_once() {
        let mut rails = rules(&["error_rate>0.9 for 30s", "unrecovered"]);
        assert_eq!(rails.look(SECOND, Seen::default(), None), None);
        let breach = rails.look(2 * SECOND, Seen::default(), Some(4)).unwrap();
        assert_eq!(breach.to_string(), "unrecovered: episode 4 was not well by its deadline");
        assert_eq!(rules(&["p95>1s for 1s"]).look(SECOND, Seen::default(), Some(4)), None);
    }

    #[test]
    fn a_late_look_covers_what_it_missed() {
        let mut rails = rules(&["error_rate>0.9 for 3s"]);
        assert_eq!(rails.look(SECOND, requests(10, 0), None), None);
        assert!(rails.look(7 * SECOND, requests(60, 60), None).is_some());
    }

    proptest! {
        #[test]
        fn never_holds_before_the_window_nor_without_a_failure_and_remembers_no_more_than_it_needs(
            window in 1u64..20,
            seen in prop::collection::vec((0u64..20, 0u64..20), 1..60),
        ) {
            let mut rails = rules(&[&format!("error_rate>0.5 for {window}s")]);
            for (at, (ok, failed)) in (1..).zip(&seen) {
                let breach = rails.look(at * SECOND, requests(ok + failed, *failed), None);
                let from = usize::try_from(at.saturating_sub(window)).unwrap();
                let inside = &seen[from..usize::try_from(at).unwrap()];
                let (good, bad) = inside.iter().fold((0, 0), |sum, seen| (sum.0 + seen.0, sum.1 + seen.1));
                prop_assert_eq!(breach.is_some(), at >= window && bad > good);
                prop_assert!(rails.looks.len() as u64 <= window);
            }
        }

        #[test]
        fn the_percentile_has_at_most_a_twentieth_above_it(durations in prop::collection::vec(0u64..1000, 1..300)) {
            let (p95, of) = p95(durations.clone()).unwrap();
            prop_assert_eq!(of, durations.len());
            let above = durations.iter().filter(|duration| **duration > p95).count();
            let below = durations.iter().filter(|duration| **duration < p95).count();
            prop_assert!(above * 20 <= of && below * 20 < of * 19);
        }
    }
}

//! What the row of an episode says. Pure.

use crate::analysis::Summary;
use crate::analysis::model::{Episode, Outcome};
use crate::lang::{Lang, format};
use crate::report::view;

/// Up to so many episodes have a row each; of more, the recovered ones are cut down to the slowest.
pub(super) const ROWS: usize = 40;

/// A phase that nobody observed.
pub(super) const ABSENT: &str = "–";

/// All episodes; of very many, those that did not recover and the slowest others.
pub(super) fn shown(summary: &Summary) -> Vec<&Episode> {
    let mut episodes: Vec<_> = summary.episodes.iter().collect();
    if episodes.len() > ROWS {
        episodes.sort_by_key(|episode| {
            (episode.outcome == Outcome::Recovered, std::cmp::Reverse(episode.recovery_us))
        });
        let unrecovered = episodes.iter().filter(|episode| episode.outcome != Outcome::Recovered).count();
        episodes.truncate(unrecovered.max(ROWS / 2));
        episodes.sort_by_key(|episode| episode.id);
    }
    episodes
}

/// Which phases have a place in the sums: those that any of the episodes shows.
pub(super) fn columns(episodes: &[&Episode]) -> Vec<usize> {
    let seen =
        |index: &usize| episodes.iter().any(|episode| view::all_phases(&episode.phases_us)[*index].is_some());
    let seen: Vec<_> = (0..view::PHASES.len()).filter(seen).collect();
    if seen.is_empty() { vec![view::PHASES.len() - 1] } else { seen }
}

/// The time or, without one, the outcome.
pub(super) fn recovery(episode: &Episode) -> String {
    match (episode.outcome, episode.recovery_us) {
        (Outcome::Recovered, Some(us)) => {
            let from_end = episode.recovery_from_end_us.map(|us| format!(" ({})", format::length(us)));
            let helped = if episode.automatic { "" } else { " (helped)" };
            format!("{}{}{helped}", format::length(us), from_end.unwrap_or_default())
        }
        (outcome, _) => view::outcome(outcome, Lang::En),
    }
}

/// The phases as a sum in one unit: `4.9 + 2.1 + 100 + 75 ms`; `4.8 ms …` when it did not end.
pub(super) fn sum(episode: &Episode, phases: &[usize]) -> String {
    let all = view::all_phases(&episode.phases_us);
    let mut lengths: Vec<_> = phases.iter().map(|index| all[*index]).collect();
    let end = if episode.outcome == Outcome::Recovered { "" } else { " …" };
    while lengths.last().is_some_and(Option::is_none) {
        lengths.pop();
    }
    let Some(longest) = lengths.iter().flatten().max() else {
        return format::NOT_OBSERVED.to_owned();
    };
    let unit = format::Unit::of(*longest);
    let text = |us: &Option<u64>| us.map_or_else(|| ABSENT.to_owned(), |us| unit.bare(us));
    let texts: Vec<_> = lengths.iter().map(text).collect();
    let uncertain = episode.clock_uncertainty_us.map(|us| format!(" (± {})", format::length(us)));
    format!("{} {}{end}{}", texts.join(" + "), unit.name, uncertain.unwrap_or_default())
}

/// First to last failure since t0, in one unit when both have it: `1.2 – 151 ms`.
pub(super) fn failures(episode: &Episode) -> String {
    match (episode.first_failure_us, episode.last_failure_us) {
        (Some(first), Some(last)) => {
            let (first, last) = (format::length(first), format::length(last));
            match (first.split_once(' '), last.split_once(' ')) {
                (Some((n, unit)), Some((_, other))) if unit == other => format!("{n} – {last}"),
                _ => format!("{first} – {last}"),
            }
        }
        (Some(first), None) => format!("from {}", format::length(first)),
        (None, _) => "none".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn a_mark_that_nobody_observed_leaves_a_dash_in_the_sum() {
        let mut episode = fixture::passing().summary.episodes[0].clone();
        episode.phases_us.restart = None;
        assert_eq!(sum(&episode, &[0, 1, 2, 4]), "4.9 + – + 100 + 75 ms");
        episode.outcome = Outcome::Aborted;
        (episode.phases_us.ready, episode.phases_us.recover) = (None, None);
        assert_eq!(sum(&episode, &[0, 1, 2, 4]), "4.9 ms …");
        assert_eq!(sum(&episode, &[3]), "not observed");
        episode.clock_uncertainty_us = Some(12_000);
        assert_eq!(sum(&episode, &[0]), "4.9 ms … (± 12 ms)");
    }
}

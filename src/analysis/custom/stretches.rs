//! Where the phases of a scenario lie. What lies in none of them (the moment between a fault's action and its effect, a fault
//! without effect, an episode that was broken off) is in no figure but that of the whole scenario.

use crate::analysis::episode::Decided;
use crate::analysis::model::Outcome;
use crate::analysis::stores::Span;
use crate::analysis::timeline::{ControlTimeline, Fault};
use crate::journal::Micros;
use crate::plan::KpiPhase;

/// The stretches of a phase of `scenario`, in order; none touches another. `decided` has the episodes of `control`'s faults, in
/// their order.
pub(super) fn of(
    scenario: &str,
    phase: KpiPhase,
    control: &ControlTimeline,
    decided: &[Decided],
) -> Vec<Span> {
    let run = Run { control, decided };
    let own = || control.faults.iter().zip(decided).filter(|(_, own)| own.episode.scenario == scenario);
    let judged = || own().filter(|(_, own)| own.episode.is_trial());
    let scenarios = control.scenarios.iter().filter(|span| span.name == scenario);
    let scenarios: Vec<Span> = scenarios.map(|span| (span.from, span.to.unwrap_or(control.end))).collect();
    match phase {
        KpiPhase::Whole => union(scenarios),
        KpiPhase::Before => {
            let first = own().map(|(fault, _)| fault.action).min();
            let span = control.users_started.zip(first);
            without(span.into_iter().collect(), &run.troubles())
        }
        KpiPhase::During => union(judged().map(|(_, own)| (own.episode.t0_us, own.episode.end_us)).collect()),
        KpiPhase::Recovering => {
            let spans = judged().map(|(fault, own)| (ended(fault, own), own.episode.end_us)).collect();
            without(spans, &run.acting())
        }
        KpiPhase::After => {
            let recovered = judged().filter(|(_, own)| own.episode.outcome == Outcome::Recovered);
            let spans = recovered.map(|(_, own)| {
                let end = own.episode.end_us;
                let scenario = scenarios.iter().find(|(from, to)| (*from..*to).contains(&end));
                (end, run.next_action(end).min(scenario.map_or(end, |(_, to)| *to)))
            });
            without(spans.collect(), &run.troubles())
        }
    }
}

/// From when on the fault acts no more.
fn ended(fault: &Fault, own: &Decided) -> Micros {
    fault.acts_until().unwrap_or(own.episode.t0_us).max(own.episode.t0_us)
}

struct Run<'a> {
    control: &'a ControlTimeline,
    decided: &'a [Decided],
}

impl Run<'_> {
    /// When the system was, or may have been, hit by any fault of the run. One that was not seen to recover may last until
    /// the next one.
    fn troubles(&self) -> Vec<Span> {
        let trouble = |own: &Decided| match own.episode.outcome {
            Outcome::Recovered | Outcome::Void => (own.action, own.episode.end_us),
            Outcome::Censored | Outcome::Aborted => (own.action, self.next_action(own.episode.end_us)),
        };
        union(self.decided.iter().map(trouble).collect())
    }

    /// When any fault acted that had an effect.
    fn acting(&self) -> Vec<Span> {
        let faults = self.control.faults.iter().zip(self.decided);
        let with_effect = faults.filter(|(_, own)| own.episode.outcome != Outcome::Void);
        union(with_effect.map(|(fault, own)| (own.episode.t0_us, ended(fault, own))).collect())
    }

    /// The next action from `t` on of a fault that had an effect.
    fn next_action(&self, t: Micros) -> Micros {
        let with_effect = self.decided.iter().filter(|own| own.episode.outcome != Outcome::Void);
        with_effect.map(|own| own.action).filter(|action| *action >= t).min().unwrap_or(Micros::MAX)
    }
}

/// The same time, in order, and none touches another.
fn union(mut spans: Vec<Span>) -> Vec<Span> {
    spans.retain(|(from, to)| from < to);
    spans.sort_unstable();
    spans.dedup_by(|later, earlier| {
        let touches = later.0 <= earlier.1;
        if touches {
            earlier.1 = earlier.1.max(later.1);
        }
        touches
    });
    spans
}

/// The time of `spans` that is in none of `holes`, in order. `holes` are in order, and none touches another.
pub(super) fn without(spans: Vec<Span>, holes: &[Span]) -> Vec<Span> {
    let mut left = Vec::new();
    for (mut from, to) in union(spans) {
        let first = holes.partition_point(|(_, end)| *end <= from);
        for (start, end) in holes[first..].iter().take_while(|(start, _)| *start < to) {
            if from < *start {
                left.push((from, *start));
            }
            from = from.max(*end);
        }
        if from < to {
            left.push((from, to));
        }
    }
    left
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn spans() -> impl Strategy<Value = Vec<Span>> {
        prop::collection::vec((0u64..60, 0u64..20).prop_map(|(from, length)| (from, from + length)), 0..8)
    }

    fn inside(spans: &[Span], t: Micros) -> bool {
        spans.iter().any(|(from, to)| (*from..*to).contains(&t))
    }

    proptest! {
        #[test]
        fn what_is_left_is_what_is_in_one_and_in_none_of_the_other(all in spans(), holes in spans()) {
            let holes = union(holes);
            let left = without(all.clone(), &holes);
            for t in 0..90 {
                prop_assert_eq!(inside(&left, t), inside(&all, t) && !inside(&holes, t), "{}", t);
            }
            prop_assert!(left.iter().all(|(from, to)| from < to));
            prop_assert!(left.windows(2).all(|pair| pair[0].1 < pair[1].0), "{left:?}");
        }
    }
}

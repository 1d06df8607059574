//! When our own alert sink was closed on purpose, and what that means for deadlines.

use crate::journal::Micros;

/// The outages of the sink, in order; none touches another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::analysis) struct SinkOutages(Vec<(Micros, Micros)>);

impl SinkOutages {
    /// Puts them in order and joins those that touch.
    pub(in crate::analysis) fn new(mut outages: Vec<(Micros, Micros)>) -> Self {
        outages.retain(|(from, until)| from < until);
        outages.sort_unstable();
        outages.dedup_by(|later, earlier| {
            let touches = later.0 <= earlier.1;
            if touches {
                earlier.1 = earlier.1.max(later.1);
            }
            touches
        });
        Self(outages)
    }

    /// When `length` is over from `from` on, if only the time counts in which alerts could come in. So a sender has the
    /// whole of its deadline, however the outage lies to it.
    pub(in crate::analysis) fn due(&self, from: Micros, length: u64) -> Micros {
        let mut due = from.saturating_add(length);
        for (start, end) in &self.0 {
            if *end > from && *start < due {
                due = due.saturating_add(end - start.max(&from));
            }
        }
        due
    }

    /// The outages, in order.
    pub(in crate::analysis) fn all(&self) -> &[(Micros, Micros)] {
        &self.0
    }

    /// How long the sink was closed in all.
    pub(in crate::analysis) fn total_us(&self) -> u64 {
        self.0.iter().map(|(from, until)| until - from).sum()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_deadline_is_extended_by_what_lies_before_it() {
        let outages = SinkOutages::new(vec![(50, 60), (20, 30), (28, 32), (90, 90)]);
        assert_eq!((outages.all(), outages.total_us()), (&[(20, 32), (50, 60)][..], 22));
        for (from, length, due) in [
            // Before, after, and around an outage.
            (0, 10, 10),
            (0, 20, 20),
            (60, 10, 70),
            (10, 12, 34),
            // It begins or would end within one.
            (25, 5, 37),
            (10, 15, 37),
            // The extension reaches into the next one.
            (10, 30, 62),
        ] {
            assert_eq!(outages.due(from, length), due, "{from} + {length}");
        }
    }

    proptest! {
        #[test]
        fn a_sender_always_has_its_whole_deadline(
            outages in prop::collection::vec((0u64..200, 0u64..50), 0..6),
            from in 0u64..200,
            length in 1u64..100,
        ) {
            let outages = SinkOutages::new(outages.into_iter().map(|(from, l)| (from, from + l)).collect());
            let closed = |t: &u64| outages.all().iter().any(|(from, until)| (from..until).contains(&t));
            let due = outages.due(from, length);
            let open = (from..due).filter(|t| !closed(t)).count() as u64;
            prop_assert_eq!(open, length);
            // And not a moment more.
            prop_assert!(!closed(&(due - 1)));
        }
    }
}

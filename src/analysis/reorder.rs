//! Probes are written when they end; they are judged in the order in which they began.

use std::collections::BTreeMap;

use crate::journal::Micros;

/// Puts items back into the order of their start, in bounded memory.
///
/// An item is released when nothing that began earlier can still come: it stands where the last released one
/// said that the next would ([`stepping`](Self::stepping)), or something began more than `patience` after it. So
/// a lost item delays, and never blocks.
#[derive(Debug, Clone)]
pub struct Reorder<T> {
    waiting: BTreeMap<(Micros, u64), T>,
    arrivals: u64,
    patience_us: u64,
    step: Option<Step>,
    newest: Micros,
    released: Option<Micros>,
    too_late: u64,
}

/// The grid on which items start.
#[derive(Debug, Clone, Copy)]
struct Step {
    interval_us: u64,
    next: Option<Micros>,
}

impl<T> Reorder<T> {
    /// Waits for stragglers by `patience_us` alone: at least the longest time from an item's start to its line.
    #[must_use]
    pub fn patient(patience_us: u64) -> Self {
        Self {
            waiting: BTreeMap::new(),
            arrivals: 0,
            patience_us,
            step: None,
            newest: 0,
            released: None,
            too_late: 0,
        }
    }

    /// Items start exactly every `interval_us`, the first one at `first` (when known), and each comes exactly
    /// once: they are released as soon as they are contiguous.
    #[must_use]
    pub fn stepping(first: Option<Micros>, interval_us: u64, patience_us: u64) -> Self {
        Self { step: Some(Step { interval_us, next: first }), ..Self::patient(patience_us) }
    }

    /// Takes an item that began at `t`. One that comes after a later one was released is dropped and counted.
    pub fn push(&mut self, t: Micros, item: T) {
        if self.released.is_some_and(|released| t < released) {
            self.too_late += 1;
            return;
        }
        self.newest = self.newest.max(t);
        self.waiting.insert((t, self.arrivals), item);
        self.arrivals += 1;
    }

    /// The next item in order, if it can be released.
    pub fn pop(&mut self) -> Option<(Micros, T)> {
        let (&(t, _), _) = self.waiting.first_key_value()?;
        let expected = self.step.and_then(|step| step.next).is_some_and(|next| t <= next);
        let overdue = t.saturating_add(self.patience_us) < self.newest;
        if expected || overdue { self.release() } else { None }
    }

    /// The next item in order when no more will be pushed.
    pub fn flush(&mut self) -> Option<(Micros, T)> {
        self.release()
    }

    /// Items that came too late to be put in order.
    #[must_use]
    pub fn too_late(&self) -> u64 {
        self.too_late
    }

    fn release(&mut self) -> Option<(Micros, T)> {
        let ((t, _), item) = self.waiting.pop_first()?;
        self.released = Some(t);
        if let Some(step) = &mut self.step {
            step.next = Some(t.saturating_add(step.interval_us));
        }
        Some((t, item))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn drain<T>(reorder: &mut Reorder<T>) -> Vec<Micros> {
        std::iter::from_fn(|| reorder.pop()).map(|(t, _)| t).collect()
    }

    #[test]
    fn contiguous_items_are_released_at_once() {
        let mut reorder = Reorder::stepping(Some(100), 10, 1000);
        let mut released = Vec::new();
        for t in [100, 120, 130, 110, 150] {
            reorder.push(t, ());
            released.push(drain(&mut reorder));
        }
        assert_eq!(released, [vec![100], vec![], vec![], vec![110, 120, 130], vec![]]);
    }

    #[test]
    fn a_lost_item_delays_but_does_not_block() {
        let mut reorder = Reorder::stepping(Some(0), 10, 50);
        for t in [0, 20, 30] {
            reorder.push(t, ());
        }
        assert_eq!(drain(&mut reorder), [0]);
        // 20 began more than the patience of 50 before 71; from there on the series is contiguous again.
        reorder.push(71, ());
        assert_eq!(drain(&mut reorder), [20, 30]);
    }

    #[test]
    fn the_first_item_waits_for_earlier_ones_when_the_first_start_is_unknown() {
        let mut reorder = Reorder::stepping(None, 10, 50);
        for t in [10, 0, 20] {
            reorder.push(t, ());
        }
        assert!(drain(&mut reorder).is_empty());
        reorder.push(51, ());
        assert_eq!(drain(&mut reorder), [0, 10, 20]);
    }

    #[test]
    fn a_straggler_is_counted_not_released() {
        let mut reorder = Reorder::patient(10);
        for t in [5, 100, 4] {
            reorder.push(t, ());
            drain(&mut reorder);
        }
        assert_eq!(reorder.too_late(), 1);
        assert_eq!(std::iter::from_fn(|| reorder.flush()).map(|(t, ())| t).collect::<Vec<_>>(), [100]);
    }

    proptest! {
        #[test]
        fn order_of_completion_becomes_order_of_start(durations in prop::collection::vec(0u64..500, 1..200)) {
            let mut arrivals: Vec<(u64, u64)> = (0..).step_by(10).zip(&durations).map(|(t, d)| (t + d, t)).collect();
            arrivals.sort_unstable();
            for mut reorder in [Reorder::patient(500), Reorder::stepping(Some(0), 10, 500)] {
                let mut released = Vec::new();
                for (_, t) in &arrivals {
                    reorder.push(*t, ());
                    released.extend(drain(&mut reorder));
                    // At most the starts of one patience wait.
                    prop_assert!(reorder.waiting.len() <= 51);
                }
                released.extend(std::iter::from_fn(|| reorder.flush()).map(|(t, ())| t));
                prop_assert_eq!(released, (0..durations.len() as u64).map(|i| i * 10).collect::<Vec<_>>());
                prop_assert_eq!(reorder.too_late(), 0);
            }
        }
    }
}

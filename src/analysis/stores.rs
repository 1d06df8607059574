//! Store faults and read-backs, as every part of the analysis sees them.

use super::model::STORE_FAULT;
use super::timeline::{ControlTimeline, Fault};
use crate::journal::Micros;

/// A module was stopped by a signal.
const PAUSE: &str = "pause";

/// A module was killed several times, each time as soon as a new process showed.
pub(super) const CRASH_LOOP: &str = "crash-loop";

/// A stretch of time, half open.
pub(super) type Span = (Micros, Micros);

/// The stores that a target such as `database+cache` names.
pub(super) fn stores_of(target: &str) -> impl Iterator<Item = &str> {
    target.split('+').map(str::trim)
}

impl Fault {
    /// Whether it hits stores.
    pub(super) fn hits_stores(&self) -> bool {
        self.injected.fault.starts_with(STORE_FAULT)
    }

    /// Whether what happens before its end is no recovery: we act on the target until then.
    pub(super) fn end_bounds_recovery(&self) -> bool {
        self.hits_stores()
            || self.injected.lasts_us.is_some()
            || matches!(self.injected.fault.as_str(), PAUSE | CRASH_LOOP)
    }

    /// Until when it acts, as far as is known. A paused module may be killed and replaced by the backend, so that
    /// nobody continues it; everything else that we end acts until we say so.
    pub(super) fn acts_until(&self) -> Option<Micros> {
        match self.injected.fault.as_str() {
            PAUSE => self.ended,
            CRASH_LOOP => Some(self.ended.unwrap_or(Micros::MAX)),
            _ if self.hits_stores() || self.injected.lasts_us.is_some() => {
                Some(self.ended.unwrap_or(Micros::MAX))
            }
            _ => None,
        }
    }

    /// Whether both hit the same: a target, or, as the state is one, any store.
    pub(super) fn same_target(&self, other: &Self) -> bool {
        self.injected.target == other.injected.target || (self.hits_stores() && other.hits_stores())
    }
}

/// When users were held still, so that a read-back saw no half-written session: in order, and none touches another.
pub(super) fn read_backs(control: &ControlTimeline) -> Vec<Span> {
    let held = control.ledgers.iter().filter_map(|ledger| Some((ledger.what.held_from_us?, ledger.t)));
    let mut held: Vec<Span> = held.filter(|(from, to)| from < to).collect();
    held.sort_unstable();
    held.dedup_by(|later, earlier| {
        let touches = later.0 <= earlier.1;
        if touches {
            earlier.1 = earlier.1.max(later.1);
        }
        touches
    });
    held
}

/// How much of `[from, to)` lies in `spans`, which do not touch one another.
pub(super) fn covered(spans: &[Span], from: Micros, to: Micros) -> u64 {
    spans.iter().map(|(start, end)| to.min(*end).saturating_sub(from.max(*start))).sum()
}

/// Whether `t` lies in one of `spans`, which are in order and do not touch one another.
pub(super) fn inside(spans: &[Span], t: Micros) -> bool {
    let after = spans.partition_point(|(from, _)| *from <= t);
    after > 0 && t < spans[after - 1].1
}

#[cfg(test)]
mod tests {
    use super::super::timeline::At;
    use super::*;
    use crate::journal::event::Ledger;

    #[test]
    fn read_backs_that_touch_are_one() {
        let ledger =
            |held_from_us: Option<Micros>, t| At { t, what: Ledger { held_from_us, ..Ledger::default() } };
        let mut control = ControlTimeline::default();
        control.ledgers = vec![
            ledger(Some(50), 60),
            ledger(Some(10), 20),
            ledger(None, 30),
            ledger(Some(15), 18),
            ledger(Some(20), 25),
            ledger(Some(40), 40),
        ];
        let spans = read_backs(&control);
        assert_eq!(spans, [(10, 25), (50, 60)]);
        assert_eq!(
            [9, 10, 24, 25, 49, 59, 60].map(|t| inside(&spans, t)),
            [false, true, true, false, false, true, false]
        );
        assert_eq!(covered(&spans, 0, 100), 25);
        assert_eq!(covered(&spans, 20, 55), 10);
        assert_eq!(covered(&spans, 26, 49), 0);
    }

    #[test]
    fn a_target_may_name_several_stores() {
        assert_eq!(stores_of("database+cache").collect::<Vec<_>>(), ["database", "cache"]);
        assert_eq!(stores_of("cache").collect::<Vec<_>>(), ["cache"]);
    }
}

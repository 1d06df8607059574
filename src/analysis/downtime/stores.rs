//! When which store was away, and when the state was not whole.

use std::collections::BTreeMap;

use super::{Downtime, What};
use crate::journal::Micros;
use crate::journal::event::BackendEvent;

/// The module that keeps both stores: what they hold together is its state.
const BOTH: &str = "session";

/// The stores while the events go by.
#[derive(Debug, Default)]
pub(super) struct Stores {
    /// Since when each one is away.
    down: BTreeMap<String, Micros>,
    /// Since when the two may not hold everything: from the first that goes away until both were verified.
    broken: Option<Micros>,
    over: Vec<Downtime>,
}

impl Stores {
    /// Takes an event, and says whether it was about a store.
    pub(super) fn happened(&mut self, t: Micros, event: &BackendEvent) -> bool {
        match event.kind.as_str() {
            "store_down" => {
                self.down.entry(event.module.clone()).or_insert(t);
                self.broken.get_or_insert(t);
            }
            "store_up" => {
                let from = self.down.remove(&event.module);
                self.end(&event.module, from, Some(t));
            }
            "stores_restored" => {
                let from = self.broken.take();
                self.end(BOTH, from, Some(t));
            }
            _ => return false,
        }
        true
    }

    /// Every downtime; one that is not over has no end.
    pub(super) fn close(mut self) -> impl Iterator<Item = Downtime> {
        for (store, from) in std::mem::take(&mut self.down) {
            self.end(&store, Some(from), None);
        }
        self.end(BOTH, self.broken, None);
        self.over.into_iter()
    }

    fn end(&mut self, name: &str, from: Option<Micros>, until: Option<Micros>) {
        if let Some(from) = from {
            self.over.push(Downtime { what: What::State, name: name.to_owned(), from, until });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(events: &[(Micros, &str, &str)], expected: &[(Micros, Option<Micros>)]) {
        let mut stores = Stores::default();
        for (t, kind, module) in events {
            let event = BackendEvent {
                seq: 0,
                kind: (*kind).to_owned(),
                module: (*module).to_owned(),
                pid: None,
                attempt: None,
                cause: None,
                resync: None,
            };
            assert!(stores.happened(*t, &event), "{kind}");
        }
        let mut actual: Vec<_> = stores.close().map(|down| (down.from, down.until)).collect();
        actual.sort_unstable();
        assert_eq!(actual, expected);
    }

    #[test]
    fn a_store_is_away_until_it_answers_and_the_state_is_broken_until_both_are_whole() {
        check(
            &[
                (10, "store_down", "database"),
                (12, "store_down", "cache"),
                (20, "store_up", "cache"),
                (30, "store_up", "database"),
                (45, "stores_restored", "session"),
            ],
            &[(10, Some(30)), (10, Some(45)), (12, Some(20))],
        );
    }

    #[test]
    fn a_store_that_goes_away_again_before_all_is_whole_breaks_nothing_anew() {
        check(
            &[
                (10, "store_down", "cache"),
                (20, "store_up", "cache"),
                (25, "store_down", "cache"),
                (26, "store_down", "cache"),
                (30, "store_up", "cache"),
                (40, "stores_restored", "session"),
            ],
            &[(10, Some(20)), (10, Some(40)), (25, Some(30))],
        );
    }

    #[test]
    fn what_never_comes_back_has_no_end() {
        check(&[(10, "store_down", "cache")], &[(10, None), (10, None)]);
        check(&[(10, "store_down", "cache"), (20, "store_up", "cache")], &[(10, None), (10, Some(20))]);
        // Answers that nobody missed end nothing.
        check(&[(20, "store_up", "cache"), (30, "stores_restored", "session")], &[]);
    }
}

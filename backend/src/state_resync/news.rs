//! What is new in an answer of the session module, compared with the answers before it.

use serde::Serialize;

use super::report::{Availability, Episode, Outcome, Report, StoresStatus};
use crate::alert_dispatcher::{AlertDraft, AlertKind};
use crate::clock;
use crate::module::Role;
use crate::self_healing_daemon::{Event, EventKind};

/// Resyncs since the manager started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct ResyncCounts {
    pub(crate) total: u64,
    pub(crate) succeeded: u64,
    pub(crate) failed: u64,
}

/// One thing to tell.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum News {
    Down { store: &'static str, since_us: i64, reason: String },
    Up { store: &'static str, since_us: i64 },
    Restored { since_us: i64 },
    Began(Episode),
    Ended(Episode, Report),
}

/// What was told so far, over all processes of the session module.
#[derive(Debug)]
pub(super) struct Seen {
    status: StoresStatus,
    counts: ResyncCounts,
    /// The latest resync of this epoch whose beginning was told.
    started: u64,
    /// Those of this epoch that were told to have begun, and not to have ended.
    unfinished: Vec<u64>,
    database_down: bool,
    cache_down: bool,
    /// Something was missing since everything was last told to be well.
    degraded: bool,
}

impl Default for Seen {
    fn default() -> Self {
        Self {
            status: StoresStatus::assumed(0),
            counts: ResyncCounts::default(),
            started: 0,
            unfinished: Vec::new(),
            database_down: false,
            cache_down: false,
            degraded: false,
        }
    }
}

impl Seen {
    /// The latest status that was more than an assumption.
    pub(super) fn status(&self) -> &StoresStatus {
        &self.status
    }

    pub(super) fn counts(&self) -> ResyncCounts {
        self.counts
    }

    /// Takes an answer; what is new in it, in the order of time.
    pub(super) fn take(&mut self, status: StoresStatus) -> Vec<News> {
        // A process that was just started only assumes that all is well; what its predecessor knew is nearer to the truth.
        if !status.examined {
            return Vec::new();
        }
        let mut news = Vec::new();
        for (store, now, down) in [
            ("database", &status.database, &mut self.database_down),
            ("cache", &status.cache, &mut self.cache_down),
        ] {
            news.extend(turned(store, now, down));
        }
        self.take_resyncs(&status, &mut news);
        news.extend(self.take_restored(&status));
        self.status = status;
        // Stable: what has the same stamp stays in the order in which it depends on each other.
        news.sort_by_key(News::at_us);
        news
    }

    fn take_resyncs(&mut self, status: &StoresStatus, news: &mut Vec<News>) {
        if status.epoch != self.status.epoch {
            // What the earlier process had begun, nobody will end: its successor begins another one.
            (self.started, self.unfinished) = (0, Vec::new());
        }
        for episode in &status.history {
            if episode.number > self.started {
                self.started = episode.number;
                self.unfinished.push(episode.number);
                self.counts.total += 1;
                news.push(News::Began(episode.clone()));
            }
            if let Some(report) = &episode.report
                && let Some(index) = self.unfinished.iter().position(|number| *number == episode.number)
            {
                self.unfinished.swap_remove(index);
                match report.outcome {
                    Outcome::Succeeded => self.counts.succeeded += 1,
                    Outcome::Failed => self.counts.failed += 1,
                }
                news.push(News::Ended(episode.clone(), report.clone()));
            }
        }
    }

    fn take_restored(&mut self, status: &StoresStatus) -> Option<News> {
        let Some(since_us) = status.restored_us else {
            self.degraded = true;
            return None;
        };
        // Another moment than the last time: something was missing in between.
        let again = status.epoch == self.status.epoch
            && self.status.restored_us.is_some_and(|before| before != since_us);
        let restored = std::mem::take(&mut self.degraded) || again;
        restored.then_some(News::Restored { since_us })
    }
}

/// Tells when `store` went the other way. One that goes down once more is told once.
fn turned(store: &'static str, now: &Availability, down: &mut bool) -> Option<News> {
    if !now.known || now.up != *down {
        return None;
    }
    *down = !now.up;
    let since_us = now.since_us;
    Some(match now.up {
        true => News::Up { store, since_us },
        false => News::Down { store, since_us, reason: now.reason.clone() },
    })
}

impl News {
    fn at_us(&self) -> i64 {
        match self {
            Self::Down { since_us, .. } | Self::Up { since_us, .. } | Self::Restored { since_us } => {
                *since_us
            }
            Self::Began(episode) => episode.started_us,
            Self::Ended(Episode { started_us, .. }, report) => {
                started_us + i64::try_from(report.duration_ms * 1_000).unwrap_or(0)
            }
        }
    }

    /// The event that tells it.
    pub(super) fn event(&self) -> Event {
        let session = Role::Session.name();
        let event = |kind, module| Event::new(self.at_us(), kind, module);
        match self {
            Self::Down { store, reason, .. } => {
                Event { cause: Some(reason.clone()), ..event(EventKind::StoreDown, store) }
            }
            Self::Up { store, .. } => event(EventKind::StoreUp, store),
            Self::Restored { .. } => event(EventKind::StoresRestored, session),
            Self::Began(Episode { id, trigger, .. }) => Event {
                id: Some(id.clone()),
                cause: Some(trigger.name().to_owned()),
                ..event(EventKind::ResyncStarted, session)
            },
            Self::Ended(_, report) => Event {
                id: Some(report.id.clone()),
                cause: Some(report.trigger.name().to_owned()),
                resync: Some(report.clone()),
                ..event(EventKind::ResyncFinished, session)
            },
        }
    }

    /// The alert that tells it, if it is one.
    pub(super) fn alert(&self) -> Option<AlertDraft> {
        let (kind, module, message) = match self {
            Self::Down { store, since_us, reason } => {
                let since = clock::rfc3339(*since_us);
                let message = format!("the {store} is away since {since}: {reason}");
                (AlertKind::StoreUnavailable, *store, message)
            }
            Self::Ended(_, report) => {
                let (kind, words) = match report.outcome {
                    Outcome::Succeeded => (AlertKind::StateResynced, "state is resynced"),
                    Outcome::Failed => (AlertKind::StateResyncFailed, "state could not be resynced"),
                };
                let Report { replayed, rebuilt, repaired, mismatches, duration_ms, reason, .. } = report;
                let reason = reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
                let message = format!(
                    "{words} after {duration_ms} ms: {replayed} entries replayed, {rebuilt} sessions rebuilt, \
                     {repaired} repaired, {mismatches} mismatches{reason}"
                );
                (kind, Role::Session.name(), message)
            }
            Self::Up { .. } | Self::Restored { .. } | Self::Began(_) => return None,
        };
        Some(AlertDraft::new(clock::wall_us(), kind, module, message))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(up: bool, since_us: i64) -> Availability {
        let reason = if up { String::new() } else { "refused".to_owned() };
        Availability { up, known: true, since_us, reason }
    }

    /// A status of the process `epoch` that has looked at its stores; all is well since `restored_us`.
    fn examined(epoch: u64, database: Availability, restored_us: Option<i64>) -> StoresStatus {
        let cache = known(true, 1);
        StoresStatus { database, cache, examined: true, restored_us, ..StoresStatus::assumed(epoch) }
    }

    fn kinds(news: &[News]) -> Vec<EventKind> {
        news.iter().map(|news| news.event().kind).collect()
    }

    #[test]
    fn an_outage_is_told_once_whatever_the_session_module_goes_through() {
        use EventKind::{StoreDown, StoreUp, StoresRestored};
        let mut seen = Seen::default();
        let mut check = |status: StoresStatus, expected: &[EventKind]| {
            let news = seen.take(status);
            assert_eq!(kinds(&news), expected);
            news
        };
        // The first time that all is well follows no outage.
        check(examined(1, known(true, 10), Some(11)), &[]);
        let news = check(examined(1, known(false, 20), None), &[StoreDown]);
        assert_eq!((news[0].event().at_us, news[0].event().cause.as_deref()), (20, Some("refused")));
        assert_eq!(
            news[0].alert().map(|alert| (alert.kind.name(), alert.module)),
            Some(("store_unavailable", "database"))
        );
        check(examined(1, known(false, 20), None), &[]);
        // Restarted: first it assumes, then it knows.
        check(StoresStatus::assumed(2), &[]);
        check(examined(2, known(false, 30), None), &[]);
        check(StoresStatus::assumed(3), &[]);
        let news = check(examined(3, known(true, 40), None), &[StoreUp]);
        assert_eq!((news[0].event().at_us, news[0].alert()), (40, None));
        check(StoresStatus::assumed(4), &[]);
        let news = check(examined(4, known(true, 50), Some(60)), &[StoresRestored]);
        assert_eq!((news[0].event().at_us, news[0].event().module), (60, "session"));
        check(examined(5, known(true, 70), Some(80)), &[]);
    }

    #[test]
    fn what_came_and_went_between_two_questions_is_known_by_the_moment_when_all_was_well_again() {
        let mut seen = Seen::default();
        seen.take(examined(1, known(true, 10), Some(11)));
        assert_eq!(kinds(&seen.take(examined(1, known(true, 20), Some(30)))), [EventKind::StoresRestored]);
        assert_eq!(kinds(&seen.take(examined(1, known(true, 20), Some(30)))), []);
    }

    #[test]
    fn a_successor_that_has_not_looked_yet_does_not_hide_an_outage() {
        let mut seen = Seen::default();
        assert!(!seen.status().is_restored());
        seen.take(examined(1, known(false, 20), None));
        seen.take(StoresStatus::assumed(2));
        assert!(!seen.status().database.up);
    }
}

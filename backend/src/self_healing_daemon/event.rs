//! What the daemon saw and did: the events, and the bounded log that the API reads.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use serde::Serialize;

use crate::state_resync::Report;

/// How a process ended. Serialised as `{"code":1}` or `{"signal":9}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Exit {
    /// It exited by itself with this code.
    Code(i32),
    /// This signal ended it.
    Signal(i32),
}

impl std::fmt::Display for Exit {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Code(code) => write!(out, "exit code {code}"),
            Self::Signal(signal) => write!(out, "signal {signal}"),
        }
    }
}

/// The kinds of events, in the order in which a crash brings them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum EventKind {
    /// A process was started.
    Spawned,
    /// A process could not even be started.
    SpawnFailed,
    /// Its readiness answer arrived.
    Ready,
    /// It was ready for `stable_after`: its failures are forgotten.
    Stable,
    /// Its process is gone.
    Exited,
    /// It missed its heartbeats and is killed.
    Hung,
    /// It was not ready in time and is killed.
    StartTimeout,
    /// It waits before its next restart.
    Backoff,
    /// It was asked to stop.
    Stopping,
    /// Its retries are exhausted: it stays down.
    GaveUp,
    /// The API asked for a restart.
    RestartRequested,
    /// The API set another policy; the event's cause says what changed.
    PolicyChanged,
    /// A store failed or hangs; the event carries the reason, and its time is since when.
    StoreDown,
    /// It answers again; the event's time is since when.
    StoreUp,
    /// Both stores are up and hold everything again.
    StoresRestored,
    /// The session module began a resync.
    ResyncStarted,
    /// A resync ended; the event carries its report.
    ResyncFinished,
}

/// One thing that the daemon saw or did.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct Event {
    /// Place in the log, from 1, without gaps. 0 until the log has taken it.
    pub(crate) seq: u64,
    /// Wall clock, microseconds since the Unix epoch.
    pub(crate) at_us: i64,
    pub(crate) kind: EventKind,
    pub(crate) module: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pid: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) exit: Option<Exit>,
    /// Which restart of the present streak this is, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) attempt: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) consecutive_failures: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) delay_us: Option<u64>,
    /// Why, in a word or a sentence: `crash`, `dependency_lost`, `hung`, `dependency`, `operator`, `shutdown`, or an error's text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cause: Option<String>,
    /// Which restart of the API, or which resync, this belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<String>,
    /// What a resync did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) resync: Option<Report>,
}

impl Event {
    /// An event with nothing but its time, kind and module.
    pub(crate) fn new(at_us: i64, kind: EventKind, module: &'static str) -> Self {
        Self {
            seq: 0,
            at_us,
            kind,
            module,
            pid: None,
            exit: None,
            attempt: None,
            consecutive_failures: None,
            delay_us: None,
            cause: None,
            id: None,
            resync: None,
        }
    }
}

/// How many events the log remembers.
const CAPACITY: usize = 10_000;

/// A bounded log of events: the oldest make room for the newest.
#[derive(Debug, Default)]
pub(crate) struct EventLog {
    inner: Mutex<Ring>,
}

#[derive(Debug, Default)]
struct Ring {
    last_seq: u64,
    events: VecDeque<Event>,
}

/// A page of the log.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct EventPage {
    pub(crate) events: Vec<Event>,
    /// Give this as `since` to read on.
    pub(crate) next: u64,
    /// The oldest event still remembered, 0 when there is none: a gap between `since` and this was lost.
    pub(crate) oldest: u64,
}

impl EventLog {
    /// Appends `event` and gives it its place.
    pub(crate) fn push(&self, mut event: Event) {
        let mut ring = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        ring.last_seq += 1;
        event.seq = ring.last_seq;
        if ring.events.len() == CAPACITY {
            ring.events.pop_front();
        }
        ring.events.push_back(event);
    }

    /// At most `limit` events after `since`, oldest first.
    pub(crate) fn after(&self, since: u64, limit: usize) -> EventPage {
        let ring = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let oldest = ring.events.front().map_or(0, |event| event.seq);
        let skipped =
            usize::try_from(since.saturating_add(1).saturating_sub(oldest.max(1))).unwrap_or(usize::MAX);
        let events: Vec<Event> = ring.events.iter().skip(skipped).take(limit).cloned().collect();
        let next = events.last().map_or(since.min(ring.last_seq), |event| event.seq);
        EventPage { events, next, oldest }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log_of(count: u64) -> EventLog {
        let log = EventLog::default();
        for _ in 0..count {
            log.push(Event::new(0, EventKind::Spawned, "ingest"));
        }
        log
    }

    #[test]
    fn pages_follow_each_other_without_gap_or_overlap() {
        let log = log_of(5);
        let first = log.after(0, 3);
        assert_eq!(first.events.iter().map(|event| event.seq).collect::<Vec<_>>(), [1, 2, 3]);
        let second = log.after(first.next, 3);
        assert_eq!(second.events.iter().map(|event| event.seq).collect::<Vec<_>>(), [4, 5]);
        assert_eq!(log.after(second.next, 3).next, 5);
    }

    #[test]
    fn forgets_the_oldest_and_says_so() {
        let log = log_of(CAPACITY as u64 + 2);
        let page = log.after(0, 1);
        assert_eq!((page.oldest, page.events[0].seq), (3, 3));
    }
}

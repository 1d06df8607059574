//! The thread that follows the journal: reads what is new, and tells every viewer at once how the run stands.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread::JoinHandle;
use std::time::Duration;

use super::feed::Feed;
use super::model::{Live, LiveRun, LiveState};
use super::series::Felt;
use super::view::{Moment, Report, run};
use crate::analysis::SoFar;
use crate::analysis::model::RunState;
use crate::clock::Clock;
use crate::dashboard::runs::index::Index;
use crate::journal::Micros;
use crate::journal::event::{Event, Line, SCHEMA_VERSION};
use crate::journal::tail::{News, Tail};
use crate::lang::Lang;

/// How often the journal is looked at, and viewers are told when there is something to tell: what happens is seen this much later, and
/// what goes on no more often than it can be read.
const LOOK: Duration = Duration::from_millis(250);

/// Where the system does not tell whether a journal is written to, one that has been silent for so long is not.
const SILENCE_US: u64 = 10_000_000;

/// A run that has ended is judged within this time, or not by the one who made it.
const JUDGING_US: u64 = 120_000_000;

/// How often the report of a run that has ended is looked for.
const LOOK_FOR_REPORT_US: u64 = 1_000_000;

/// What to follow, and whom to tell.
pub(crate) struct Following {
    /// The journal.
    pub(crate) journal: PathBuf,
    /// Where the report of a run that is over can be found.
    pub(crate) index: Arc<Index>,
    /// The viewers.
    pub(crate) feed: Arc<Feed>,
    /// [`Live::page`].
    pub(crate) page: String,
    /// The language of what is said in words.
    pub(crate) lang: Lang,
}

/// The thread.
#[derive(Debug)]
pub(crate) struct Follower {
    finish: mpsc::Sender<()>,
    thread: JoinHandle<()>,
}

impl Follower {
    /// Starts to follow.
    ///
    /// # Errors
    /// When there can be no further thread.
    pub(crate) fn start(following: Following) -> std::io::Result<Self> {
        let (finish, finished) = mpsc::channel();
        let thread = std::thread::Builder::new().name("follower".to_owned()).spawn(move || {
            let mut look = Look::new(following);
            look.once();
            while finished.recv_timeout(LOOK) == Err(RecvTimeoutError::Timeout) {
                look.once();
            }
            look.last();
        })?;
        Ok(Self { finish, thread })
    }

    /// Looks once more and ends.
    pub(crate) fn finish(self) {
        drop(self.finish);
        // One that panicked has said why; the viewers keep what they were told last.
        let _ = self.thread.join();
    }
}

/// One look after the other.
struct Look {
    following: Following,
    clock: Clock,
    tail: Tail,
    run: Option<Followed>,
    told: Option<Live>,
}

/// The last run of the journal.
#[derive(Default)]
struct Followed {
    id: String,
    started_at_unix_us: i64,
    so_far: SoFar,
    felt: Felt,
    unreadable: u64,
    /// The schema of its lines, when that is one of a later version.
    newer: Option<u32>,
    report: Option<Report>,
    /// When it was looked for last.
    looked_at: Option<Micros>,
}

impl Look {
    fn new(following: Following) -> Self {
        Self { tail: Tail::new(&following.journal), following, clock: Clock::start(), run: None, told: None }
    }

    fn once(&mut self) {
        let run = &mut self.run;
        let read = self.tail.poll(|news| follow(run, &news));
        let trouble = match (&read, run.as_ref().and_then(|run| run.newer)) {
            (Err(error), _) => Some(with_causes(error)),
            (Ok(_), Some(found)) => Some(self.newer_schema(found)),
            (Ok(_), None) => None,
        };
        let live = Live {
            page: self.following.page.clone(),
            journal: self.following.journal.display().to_string(),
            trouble,
            run: self.standing(),
        };
        if self.told.as_ref() != Some(&live) && self.following.feed.publish(&live).is_ok() {
            self.told = Some(live);
        }
    }

    /// Whatever was written before the end is told, the report as well, be it a moment old.
    fn last(&mut self) {
        if let Some(run) = &mut self.run {
            run.looked_at = None;
        }
        self.once();
    }

    fn standing(&mut self) -> Option<LiveRun> {
        let written = self.tail.is_written();
        let now_unix_us = self.clock.origin_unix_us().saturating_add_unsigned(self.clock.now());
        let followed = self.run.as_mut().filter(|run| run.newer.is_none())?;
        let standing = followed.so_far.standing()?;
        let newest_unix_us = followed.started_at_unix_us.saturating_add_unsigned(standing.now_us);
        let silent_us = u64::try_from(now_unix_us.saturating_sub(newest_unix_us)).unwrap_or(0);
        let alive = standing.ended.is_none() && written.unwrap_or(silent_us < SILENCE_US);
        if !alive && followed.report.is_none() {
            followed.look_for_report(&self.following.index, self.clock.now());
        }
        let state = match standing.ended {
            None if alive => LiveState::Running,
            None => LiveState::Interrupted,
            Some(_) if followed.report.is_none() && silent_us < JUDGING_US => LiveState::Judging,
            Some(RunState::Completed) => LiveState::Completed,
            Some(RunState::Interrupted) => LiveState::Interrupted,
            Some(RunState::Aborted) => LiveState::Aborted,
            Some(RunState::Failed) => LiveState::Failed,
        };
        followed.felt.until(standing.now_us);
        let moment = Moment {
            standing: &standing,
            series: followed.felt.series(),
            unreadable_lines: followed.unreadable,
            state,
            report: followed.report.as_ref(),
        };
        Some(run(moment, self.following.lang))
    }

    fn newer_schema(&self, found: u32) -> String {
        let run = self.run.as_ref().map(|run| run.id.clone()).unwrap_or_default();
        let known = u64::from(SCHEMA_VERSION).into();
        self.following.lang.say(
            "live-newer-schema",
            [("run", run.into()), ("found", u64::from(found).into()), ("known", known)],
        )
    }
}

/// What is wrong, and what that comes from.
fn with_causes(error: &dyn std::error::Error) -> String {
    let all = std::iter::successors(Some(error), |error| error.source());
    all.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

/// Takes in what the journal has to tell.
fn follow(followed: &mut Option<Followed>, news: &News<'_>) {
    match news {
        News::Anew => *followed = None,
        News::Line(line) => {
            if let Event::RunStarted(started) = &line.event {
                *followed = Some(Followed {
                    id: started.run.clone(),
                    started_at_unix_us: started.started_at_unix_us,
                    newer: (started.schema > SCHEMA_VERSION).then_some(started.schema),
                    ..Followed::default()
                });
            }
            if let Some(run) = followed {
                run.line(line);
            }
        }
        News::Unreadable(_) => {
            if let Some(run) = followed {
                run.unreadable += 1;
            }
        }
    }
}

impl Followed {
    fn line(&mut self, line: &Line<'_>) {
        self.so_far.line(line);
        if let Event::Request(request) = &line.event {
            self.felt.request(line.t, request.duration_us, request.ok);
        }
    }

    fn look_for_report(&mut self, index: &Index, now: Micros) {
        if self.looked_at.is_some_and(|at| now < at + LOOK_FOR_REPORT_US) {
            return;
        }
        self.looked_at = Some(now);
        self.report = index
            .report_of(&self.id)
            .map(|(id, summary)| Report { address: index.run(&id).and_then(|run| run.row.report), summary });
    }
}

#[cfg(test)]
mod tests;

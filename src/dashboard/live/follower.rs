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
use crate::analysis::model::RunState;
use crate::analysis::{SoFar, Standing};
use crate::clock::Clock;
use crate::dashboard::runs::index::Index;
use crate::dashboard::runs::model::Run;
use crate::journal::Micros;
use crate::journal::event::{Event, Line, SCHEMA_VERSION};
use crate::journal::tail::{News, Tail};
use crate::lang::Lang;

/// How often the journal is looked at, and viewers are told when there is something to tell: what happens is seen this much later, and
/// viewers on the machine of the run do not wake more often than that.
const LOOK: Duration = Duration::from_millis(500);

/// Where the system does not tell whether a journal is written to, one that has been silent for so long is not.
const SILENCE_US: u64 = 10_000_000;

/// A run that has ended is judged within this time, or not by the one who made it.
const JUDGING_US: u64 = 120_000_000;

/// How often the report of a run is looked for that has just ended, and of one that ended long ago.
const LOOK_FOR_NEW_US: u64 = 1_000_000;
const LOOK_FOR_OLD_US: u64 = 10_000_000;

/// To judge a run takes at most one part in so many of the time, so that a run on the same machine does not feel it.
const PAUSE_PER_JUDGING: u64 = 64;

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
    /// How it stood when it was judged last; absent before its first line was.
    standing: Option<Standing>,
    /// Lines have come since.
    stale: bool,
    /// It is not judged again before: a long run takes longer to judge, and is judged less often.
    judge_at: Micros,
    report: Option<Report>,
    /// Its report is not looked for again before.
    look_at: Micros,
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
            run: self.stands(),
        };
        if self.told.as_ref() != Some(&live) && self.following.feed.publish(&live).is_ok() {
            self.told = Some(live);
        }
    }

    /// Whatever was written before the end is told, the report as well, be it a moment old.
    fn last(&mut self) {
        if let Some(run) = &mut self.run {
            (run.judge_at, run.look_at) = (0, 0);
        }
        self.once();
    }

    fn stands(&mut self) -> Option<LiveRun> {
        let followed = self.run.as_mut().filter(|run| run.newer.is_none())?;
        followed.judge(self.clock);
        let standing = followed.standing.as_ref()?;
        let now_unix_us = self.clock.origin_unix_us().saturating_add_unsigned(self.clock.now());
        let now_us = followed.so_far.now_us();
        let newest_unix_us = followed.started_at_unix_us.saturating_add_unsigned(now_us);
        let silent_us = u64::try_from(now_unix_us.saturating_sub(newest_unix_us)).unwrap_or(0);
        let alive = standing.ended.is_none() && self.tail.is_written().unwrap_or(silent_us < SILENCE_US);
        let again_us = if silent_us < JUDGING_US { LOOK_FOR_NEW_US } else { LOOK_FOR_OLD_US };
        if !alive && followed.report.is_none() && self.clock.now() >= followed.look_at {
            followed.look_at = self.clock.now() + again_us;
            followed.report = report(&self.following.index, &followed.id);
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
        followed.felt.until(now_us);
        let moment = Moment {
            standing,
            now_us,
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
        let args = [("run", run.into()), ("found", u64::from(found).into()), ("known", known)];
        self.following.lang.say("live-newer-schema", args)
    }
}

/// The report of a run, by its id in the journal.
fn report(index: &Index, run_id: &str) -> Option<Report> {
    let Run { row, summary } = index.report_of(run_id)?;
    Some(Report { address: row.report, summary })
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
        self.stale = true;
        if let Event::Request(request) = &line.event {
            self.felt.request(line.t, request.duration_us, request.ok);
        }
    }

    /// Judges it anew, if there is anything new and it is time to.
    fn judge(&mut self, clock: Clock) {
        let began = clock.now();
        if !self.stale || began < self.judge_at {
            return;
        }
        self.standing = self.so_far.standing();
        self.stale = false;
        let ended = clock.now();
        self.judge_at = ended + PAUSE_PER_JUDGING * (ended - began);
    }
}

#[cfg(test)]
mod tests;

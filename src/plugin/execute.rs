//! One recovery test from start to end, beside the runtime that waits for it.

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use super::interrupt::Interruptible;
use super::{CustomKpi, Outcome, RecoveryAttack, RecoveryError, RecoveryFlags, kpi, target};
use crate::evaluate::{self, BadLines};
use crate::journal::event::{FinishReason, Notice};
use crate::load::foreign::Guest;
use crate::plan::Plan;
use crate::progress::Progress;
use crate::report;
use crate::run::{self, Setting, Visit};
use crate::stop::Stop;

/// The journal, when nobody names one.
const LOG: &str = "logs/goose-recovery.jsonl";
/// How long a future that is dropped waits for the faults to be undone.
const UNDO_PATIENCE: Duration = Duration::from_mins(1);

/// Whether a run goes on in this process; goose's own state is one for the process.
static BUSY: AtomicBool = AtomicBool::new(false);

/// The right to make a run.
struct Turn;

impl Turn {
    fn take() -> Result<Self, RecoveryError> {
        let free = BUSY.compare_exchange(false, true, Ordering::Acquire, Ordering::Relaxed);
        free.map(|_| Self).map_err(|_| RecoveryError::Busy)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        BUSY.store(false, Ordering::Release);
    }
}

pub(super) async fn execute(attack: RecoveryAttack) -> Result<Outcome, RecoveryError> {
    let RecoveryAttack { guest, flags, declared, kpis, stop } = attack;
    if guest.given().only_tells() {
        guest.tell().await?;
        return Err(RecoveryError::OnlyTold);
    }
    let turn = Turn::take()?;
    let (host, users) = (guest.given().host().map(str::to_owned), guest.given().users());
    let plan = target::plan(&flags, declared, host.as_deref(), users)?;
    if let Some(out) = &flags.out {
        report::prepare(out, flags.force)?;
    }
    tell(&guest);
    let _interruptible = Interruptible::new(stop.clone());
    let (undone, until_undone) = mpsc::channel();
    let visit = Visit { guest, runtime: tokio::runtime::Handle::current(), undone };
    let job = Job { plan, flags, visit, kpis, stop: stop.clone(), _turn: turn };
    let (send, ended) = tokio::sync::oneshot::channel();
    // What undoes faults must not wait on the caller's runtime, nor is it to be blocked by what waits for the load.
    let thread = std::thread::Builder::new().name("goose-recovery".to_owned());
    let run = move || {
        // Nobody may be left to be told.
        let _ = send.send(job.run());
    };
    thread.spawn(run).map_err(RecoveryError::Thread)?;
    let mut abandoned = Abandoned { stop, until_undone, armed: true };
    let outcome = ended.await;
    abandoned.armed = false;
    outcome.unwrap_or(Err(RecoveryError::Panicked))
}

/// Says what is not done as it was asked for, and what may surprise. The journal has it, too.
fn tell(guest: &Guest) {
    for told in guest.given().notices() {
        let what = match told.notice {
            Notice::LoadGoesOn => "is left out: the load goes on until the last episode is over",
            Notice::LoadMayEnd => {
                "may end the load before the last episode; RecoveryAttack::initialize leaves it out"
            }
            Notice::JudgedAtTheEnd => {
                "is judged at the end only, because an outage must not end the run that measures it; \
                 --recovery-threshold-abort lets it"
            }
            Notice::MayEndInAnOutage => "may end the load in an outage",
        };
        say(&format!("{} {what}", told.option));
    }
    if !guest.knows_a_scenario() {
        say(
            "no scenario was registered with RecoveryAttack, so goose gives a share of its users to one that does nothing",
        );
    }
}

fn say(what: &str) {
    let _ = writeln!(std::io::stderr(), "goose-recovery: {what}");
}

/// What the run's thread does.
struct Job {
    plan: Plan,
    flags: RecoveryFlags,
    visit: Visit,
    kpis: Vec<(String, Box<dyn CustomKpi>)>,
    stop: Stop,
    /// Given back when the thread ends, however that is.
    _turn: Turn,
}

impl Job {
    fn run(self) -> Result<Outcome, RecoveryError> {
        let Self { plan, flags, visit, kpis, stop, _turn } = self;
        let log = flags.log.unwrap_or_else(|| PathBuf::from(LOG));
        let announce = Box::new(|sink: &str| {
            say(&format!("alerts are received at {sink}: have the target send them there"))
        });
        let finished = run::run(
            plan,
            Setting {
                launcher: None,
                lock_tool: None,
                log: log.clone(),
                stop,
                progress: Arc::new(Progress::default()),
                announce,
                command: None,
                visit: Some(visit),
            },
        )?;
        let mut analysis = evaluate::evaluate(&log, &finished.run_id, BadLines::Skip)?;
        kpi::add(&mut analysis, &kpis);
        let lang = flags.lang.unwrap_or_default();
        if let Some(out) = &flags.out {
            report::write(&analysis, out, lang)?;
        }
        // What was kept is reported; what has to be said is that it is not whole.
        finished.journal_error.map_or(Ok(()), Err)?;
        Ok(Outcome { analysis, journal: log, report: flags.out, lang })
    }
}

/// Ends the run of a future that is dropped.
struct Abandoned {
    stop: Stop,
    until_undone: mpsc::Receiver<()>,
    armed: bool,
}

impl Drop for Abandoned {
    fn drop(&mut self) {
        if self.armed {
            self.stop
                .request(FinishReason::Interrupted, Some("the future of the run was dropped".to_owned()));
            // Ends with the fault thread, which undoes on its own clock, whatever becomes of the load.
            let _ = self.until_undone.recv_timeout(UNDO_PATIENCE);
        }
    }
}

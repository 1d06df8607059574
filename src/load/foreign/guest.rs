//! The load of somebody else's goose test, run as the load of a recovery run.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use goose::logger::GooseLogFormat;
use goose::metrics::GooseMetrics;
use goose::prelude::*;

use super::hook::{Arrival, Heard, Hook};
use super::import::Import;
use super::settings::{Given, Limits};
use super::stamped::{Stamping, mark};
use super::tail::Ended;
use crate::clock::duration_us;
use crate::journal::event::{FinishReason, Notice, OptionNotice, UsersStarted};
use crate::load::attack::{AttackError, Shared, end_goose, explained, function, metrics_of};
use crate::load::injector::walk_to_the_end;

/// All users run this long after the last one was due.
const RAMP_PATIENCE: Duration = Duration::from_millis(500);
/// The scenario that brings goose's clock where none was registered with us.
const OWN_SCENARIO: &str = "goose-recovery";
/// A user of that one has nothing to do.
const IDLE: Duration = Duration::from_millis(200);

/// A goose attack that is somebody else's.
pub struct Guest {
    attack: GooseAttack,
    given: Given,
    hook: Hook,
    heard: Heard,
    /// A scenario was registered with us.
    met: bool,
}

impl std::fmt::Debug for Guest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Guest").field("met", &self.met).field("given", &self.given).finish_non_exhaustive()
    }
}

impl Guest {
    /// An attack that goose has initialized, with what it was given, as far as that is known.
    #[must_use]
    pub fn wrapped(attack: GooseAttack, given: Given) -> Self {
        let (hook, heard) = Hook::new();
        Self { attack, given, hook, heard, met: false }
    }

    /// An attack as it was given and adapted.
    ///
    /// # Errors
    /// As goose gives them.
    pub fn new(given: Given) -> Result<Self, GooseError> {
        Ok(Self::wrapped(GooseAttack::initialize_with_config(given.configuration())?, given))
    }

    /// Registers a scenario, which stays as it is.
    #[must_use]
    pub fn register_scenario(self, scenario: Scenario) -> Self {
        let attack = self.attack.register_scenario(self.hook.scenario(scenario));
        Self { attack, met: true, ..self }
    }

    /// Changes the attack by goose's own methods.
    ///
    /// # Errors
    /// Those of `change`.
    pub fn try_map<E>(self, change: impl FnOnce(GooseAttack) -> Result<GooseAttack, E>) -> Result<Self, E> {
        Ok(Self { attack: change(self.attack)?, ..self })
    }

    /// As [`try_map`](Self::try_map), for what cannot fail.
    #[must_use]
    pub fn map(self, change: impl FnOnce(GooseAttack) -> GooseAttack) -> Self {
        Self { attack: change(self.attack), ..self }
    }

    /// goose is told in code to log requests there; a log named on the command line wins over it.
    pub fn log_to(&mut self, path: &str) {
        self.given.log_to(path);
    }

    /// goose is told in code to start so many users, where the command line does not say it.
    pub fn users_by_default(&mut self, users: usize) {
        self.given.users_by_default(users);
    }

    /// What goose was given.
    #[must_use]
    pub fn given(&self) -> &Given {
        &self.given
    }

    /// Whether a scenario was registered with us. Where none was, goose gives one share of its users to a scenario of ours,
    /// which has nothing for them to do.
    #[must_use]
    pub fn knows_a_scenario(&self) -> bool {
        self.met
    }

    /// Runs goose alone, for what it only tells.
    ///
    /// # Errors
    /// As goose gives them.
    pub async fn tell(self) -> Result<(), GooseError> {
        self.attack.execute().await.map(|_| ())
    }

    /// Runs the load until the run is stopped, and gives goose's metrics. Markers ask for `canary`; goose logs requests into
    /// `folder`, unless it was told where.
    pub(crate) async fn run(
        self,
        shared: &Shared,
        canary: &str,
        folder: &Path,
    ) -> Result<GooseMetrics, AttackError> {
        let log = RequestLog::open(self.given.request_log(), folder)?;
        let Self { attack, given, hook, heard, met } = self;
        let mut attack = prepared(attack, &given, &log.path).map_err(|error| explained(&error))?;
        if !met {
            attack = attack.register_scenario(hook.scenario(own_scenario()));
        }
        // The hook of the scenarios is all that is left of it: when goose has ended, nobody arrives any more.
        drop(hook);
        let _stamping = Stamping::by(shared.clock);
        let company = Company {
            met,
            told: given.notices().to_vec(),
            shared: shared.clone(),
            canary: canary.to_owned(),
            log: log.path.clone(),
            ended: Ended::default(),
        };
        let ended = company.ended.clone();
        let company = tokio::spawn(company.keep(heard));
        let ender = tokio::spawn(end_goose(shared.stop.clone()));
        let metrics = metrics_of(attack.execute().await);
        ender.abort();
        ended.set();
        shared
            .stop
            .request(FinishReason::Failed, Some("goose ended the load before the last episode".to_owned()));
        if let Ok(Some(importer)) = company.await {
            // It reads what is left and ends; one that panicked has printed why.
            let _ = tokio::task::spawn_blocking(|| importer.join()).await;
        }
        metrics
    }
}

/// goose as the run needs it. What the command line says wins over these.
fn prepared(attack: GooseAttack, given: &Given, log: &Path) -> Result<GooseAttack, GooseError> {
    let attack = *attack.set_default(GooseDefault::RequestLog, &*log.to_string_lossy())?;
    let attack = *attack.set_default(GooseDefault::RequestFormat, GooseLogFormat::Json)?;
    let attack = *attack.set_default(GooseDefault::RunTime, 0)?;
    let attack = *attack.set_default(GooseDefault::Iterations, 0)?;
    if given.may_abort() {
        return Ok(attack);
    }
    Ok(*attack.set_default(GooseDefault::NoThresholdAbort, true)?)
}

fn own_scenario() -> Scenario {
    let idle = Transaction::new(function(|_user| {
        Box::pin(async {
            tokio::time::sleep(IDLE).await;
            Ok(())
        })
    }));
    Scenario::new(OWN_SCENARIO).register_transaction(idle.set_name("idle"))
}

/// Where goose logs requests.
struct RequestLog {
    path: PathBuf,
    /// Removed with it.
    _folder: Option<tempfile::TempDir>,
}

impl RequestLog {
    /// The one that is asked for, or one of our own in `folder`: beside the journal is room for what is of its size. goose
    /// begins it anew; that it is empty from now on keeps what a run before has left out of this one.
    fn open(given: Option<PathBuf>, folder: &Path) -> Result<Self, AttackError> {
        let fails = |path: &Path| {
            let path = path.to_owned();
            move |source| AttackError::Log { path, source }
        };
        let (path, own) = match given {
            Some(path) => (path, None),
            None => {
                std::fs::create_dir_all(folder).map_err(fails(folder))?;
                let own = tempfile::Builder::new()
                    .prefix(".goose-log-")
                    .tempdir_in(folder)
                    .map_err(fails(folder))?;
                (own.path().join("requests.json"), Some(own))
            }
        };
        File::create(&path).map_err(fails(&path))?;
        Ok(Self { path, _folder: own })
    }
}

/// What accompanies the load once it has begun.
struct Company {
    /// The users are met, not only one of ours.
    met: bool,
    /// What is known already.
    told: Vec<OptionNotice>,
    shared: Shared,
    canary: String,
    log: PathBuf,
    ended: Ended,
}

impl Company {
    /// Imports, sends markers, and walks through the scenarios; gives the importer, which ends with the log. `None` when
    /// goose has ended before any user came.
    async fn keep(self, heard: Heard) -> Option<JoinHandle<()>> {
        let Heard { arrival, corrections } = heard;
        let Arrival { companion, users, limits, ramp } = arrival.await.ok()?;
        self.limited(limits);
        let Self { shared, canary, log, ended, .. } = self;
        let origin = shared.clock.at(companion.started);
        let import = Import {
            clock: shared.clock,
            journal: shared.journal.clone(),
            progress: Arc::clone(&shared.progress),
            path: log,
            origin,
            corrections,
            ended,
        };
        let importer = import_apart(import, &shared);
        let (headers, clock, stop) = (shared.headers.clone(), shared.clock, shared.stop.clone());
        let marker = tokio::spawn(mark(companion.clone(), canary, headers, clock, stop));
        let all_run = origin + duration_us(ramp + RAMP_PATIENCE);
        if shared.stop.or_stopped(clock.sleep_until(all_run)).await.is_ok() {
            let now = clock.now();
            shared.journal.control(now, UsersStarted { users });
            shared.director.users_started(now);
            let mut walker = companion;
            // Its steps are journalled by the run itself.
            walker.logger = None;
            walk_to_the_end(&mut walker, &shared).await;
        }
        marker.abort();
        importer
    }
}

impl Company {
    /// Limits of the load that goose was given behind our back.
    fn limited(&self, Limits { run_time_s, iterations }: Limits) {
        if run_time_s > 0 && self.told.iter().all(|told| told.notice != Notice::LoadMayEnd) {
            let option = format!("--run-time {run_time_s}");
            let notice = OptionNotice { option, notice: Notice::LoadMayEnd };
            self.shared.journal.control(self.shared.clock.now(), notice);
        }
        if iterations > 0 && !self.met {
            let detail = format!(
                "--iterations {iterations} would end the load before the last episode: leave it out, or register the \
                 scenarios with RecoveryAttack"
            );
            self.shared.stop.request(FinishReason::Failed, Some(detail));
        }
    }
}

/// Imports on a thread of its own. Without what the users did there is no run: a log that cannot be read ends it.
fn import_apart(import: Import, shared: &Shared) -> Option<JoinHandle<()>> {
    let (stop, path) = (shared.stop.clone(), import.path.clone());
    let failed = move |error: &io::Error| {
        let detail = format!("goose's request log {} cannot be read: {error}", path.display());
        stop.request(FinishReason::Failed, Some(detail));
    };
    let on_spawn = failed.clone();
    let thread = std::thread::Builder::new().name("goose-log".to_owned());
    let spawned = thread.spawn(move || {
        if let Err(error) = import.run() {
            failed(&error);
        }
    });
    spawned.inspect_err(|error| on_spawn(error)).ok()
}

//! One run from start to end: target, journal, watchers, fault thread, goose users, and everything undone.

mod error;
mod target;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::thread::JoinHandle;
use std::time::Duration;

use goose::metrics::GooseMetrics;
use serde_json::value::RawValue;

use crate::clock::{Clock, duration_us};
use crate::fault::director::Setup;
use crate::fault::{Context, Director, StoreFaults, identity};
use crate::guardrail::GuardrailTask;
use crate::journal::event::{
    EnvironmentRecord, FinishReason, GooseMetricsLine, PlanRecord, RunStarted, SCHEMA_VERSION,
};
use crate::journal::{Journal, JournalError, Micros};
use crate::load::canary::CanaryTask;
use crate::load::files::make_room;
use crate::load::foreign::Guest;
use crate::load::{AttackError, Gate, Mix, Shared, TrafficKind, attack};
use crate::plan::{Plan, TargetRecord};
use crate::preflight::{self, Preflight};
use crate::progress::Progress;
use crate::stop::Stop;
use crate::stores::Stores;
use crate::target::api::header_map;
use crate::target::bundled::Launcher;
use crate::target::{Api, ApiError, Bundled};
use crate::watch::alert_poll::{AlertList, AlertPollTask};
use crate::watch::health::HealthTask;
use crate::watch::ledger::LedgerBook;
use crate::watch::sink::{PlannedOutage, SinkTask};
use crate::watch::thread::{self, Observer};

use target::{open_target, store_faults, takes_stores_away};

pub use error::RunError;

/// Probes begin this long after everything is set up, so that the first ones are not late already.
const PROBE_DELAY_US: u64 = 100_000;

/// How much longer than a request may take the effect of a fault may take to show.
const EFFECT_PATIENCE: Duration = Duration::from_secs(10);

/// What a run needs besides its plan.
pub struct Setting {
    /// How to start the bundled backend; `None` when there is none in this build.
    pub launcher: Option<Launcher>,
    /// How to start the helper that locks an embedded store; `None` when there is none in this build.
    pub lock_tool: Option<Launcher>,
    /// The journal.
    pub log: PathBuf,
    /// Ends the run.
    pub stop: Stop,
    /// What is shown.
    pub progress: Arc<Progress>,
    /// Told where alerts are received, when somebody else has to send them there. The path is not journalled:
    /// whoever knows it can post alerts.
    pub announce: Box<dyn Fn(&str) + Send>,
    /// The command that makes the run, without what may be secret; it is journalled.
    pub command: Option<String>,
    /// A load that somebody else wrote; `None` for the users of the plan.
    pub visit: Option<Visit>,
}

/// A load that somebody else wrote.
#[derive(Debug)]
pub struct Visit {
    /// It.
    pub guest: Guest,
    /// What its users run on: whatever they hold on to may be bound to it.
    pub runtime: tokio::runtime::Handle,
    /// Dropped once no fault is in effect any more.
    pub undone: std::sync::mpsc::Sender<()>,
}

impl std::fmt::Debug for Setting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Setting").field("log", &self.log).finish_non_exhaustive()
    }
}

/// A run that has ended and can be analysed.
#[derive(Debug)]
pub struct Finished {
    /// Its id in the journal.
    pub run_id: String,
    /// Why the journal is not whole, if it is not.
    pub journal_error: Option<JournalError>,
}

/// Runs `plan` to its end and writes the journal. Call it on a thread that outlives the run (the main thread):
/// the bundled backend dies with the thread that started it.
///
/// # Errors
/// [`RunError`] when nothing was measured. A run that was interrupted or failed on the way is [`Finished`].
pub fn run(plan: Plan, mut setting: Setting) -> Result<Finished, RunError> {
    make_room(plan.users)?;
    let clock = Clock::start();
    let stop = setting.stop.clone();
    let on_failure = {
        let stop = stop.clone();
        move |error: &JournalError| stop.request(FinishReason::Failed, Some(error.to_string()))
    };
    let journal = Journal::open(&setting.log, move || clock.now(), on_failure)?;
    setting.progress.set_phase("starting the target");
    // Open before anything connects through them, and until everything is undone.
    let open = plan.system.proxies.iter().map(|proxy| proxy.open(clock, plan.seed));
    let _proxies = open.collect::<Result<Vec<_>, _>>()?;
    // Declared first, so that on every way out the stores go last.
    let stores = Stores::open(&plan.stores)?;
    let mut target = open_target(&plan, &setting, &stores)?;
    let store_faults = store_faults(&plan, &setting, &stores, target.bundled.as_ref())?;
    let visit = setting.visit.take();
    let (own, runtime) = match &visit {
        Some(visit) => (None, visit.runtime.clone()),
        None => {
            let own = tokio::runtime::Runtime::new().map_err(RunError::Thread)?;
            let runtime = own.handle().clone();
            (Some(own), runtime)
        }
    };
    let run_id = new_id(clock);
    setting.progress.set_phase("checking the target");
    let preflight = runtime.block_on(preflight::check(&plan, &target.api, &run_id, &stop))?;
    if let Some(alerts) = &mut target.alerts {
        runtime.block_on(alerts.begin())?;
    }
    let record = plan.record(&TargetRecord {
        base_url: target.api.base_url(),
        stores: stores.description().as_deref(),
        alert_source: target.sink.is_some() || target.alerts.is_some(),
        canary_request: &preflight.canary_request(),
        policy: preflight.policy.as_ref(),
    });
    journal.handle().control(clock.now(), started(&plan, &setting, clock, &run_id, record.clone()));

    let run = Run { plan: Arc::new(plan), record, clock, run_id: run_id.clone(), setting, preflight };
    let alerts = (target.sink, target.alerts);
    let outcome = run.measure(&runtime, &journal, &target.api, alerts, store_faults, visit);
    drop(own);
    // Orderly if possible; by SIGKILL on the way out of a panic (its Drop).
    let stopped = target.bundled.map(Bundled::stop).transpose();
    let (reason, detail) = match &outcome {
        Err(error) => (FinishReason::Failed, Some(error.to_string())),
        Ok(()) => stop.reason().unwrap_or((FinishReason::Completed, None)),
    };
    let closed = journal.finish(clock.now(), reason, detail);
    let closed_stores = stores.close();
    outcome?;
    stopped?;
    closed_stores?;
    Ok(Finished { run_id, journal_error: closed.err() })
}

/// Everything that the parts of a run share.
struct Run {
    plan: Arc<Plan>,
    record: PlanRecord,
    clock: Clock,
    run_id: String,
    setting: Setting,
    preflight: Preflight,
}

impl Run {
    /// Starts the watchers and the fault thread, runs the load, and waits for everybody.
    fn measure(
        &self,
        runtime: &tokio::runtime::Handle,
        journal: &Journal,
        api: &Api,
        (sink, alerts): (Option<(std::net::TcpListener, String)>, Option<AlertList>),
        stores: Option<Box<dyn StoreFaults>>,
        visit: Option<Visit>,
    ) -> Result<(), RunError> {
        self.setting.progress.set_phase("starting the users");
        let (guest, undone) = visit.map(|visit| (visit.guest, visit.undone)).unzip();
        for notice in guest.iter().flat_map(|guest| guest.given().notices()) {
            journal.handle().control(self.clock.now(), notice.clone());
        }
        let (mut observer, observations) = Observer::new();
        let first_probe = self.first_probe();
        let (director, handle) = Director::new(Setup {
            context: Context {
                clock: self.clock,
                api: self.own_api(api)?,
                alert_deadline_us: duration_us(self.plan.alert_deadline),
                symptoms: observer.symptoms(),
                effect_within_us: duration_us(self.plan.request_timeout + EFFECT_PATIENCE),
            },
            plan: Arc::clone(&self.plan),
            record: self.record.clone(),
            journal: journal.handle(),
            progress: Arc::clone(&self.setting.progress),
            stop: self.setting.stop.clone(),
            address: identity::local_address(api.base_url()).ok(),
            stores,
            observations,
            first_probe,
        });
        let shared = Shared {
            clock: self.clock,
            plan: Arc::clone(&self.plan),
            journal: journal.handle(),
            ledger: Arc::new(LedgerBook::new(&self.run_id, self.plan.users as usize + 2)),
            director: handle,
            stop: self.setting.stop.clone(),
            progress: Arc::clone(&self.setting.progress),
            traffic: self.preflight.traffic,
            headers: header_map(&self.plan.system.headers)?,
            mix: Arc::new(Mix::new(self.plan.system.mix())?),
            started: Arc::new(AtomicU32::new(0)),
            gate: Gate::default(),
            supervised: Arc::default(),
            read_back: self.own_api(api)?,
        };
        let mut threads = Vec::from_iter(self.guard(&mut observer)?);
        threads.extend(self.watch(journal, api, &observer, first_probe)?);
        // The sink takes alerts until the backend is told to stop, so it has a stop of its own.
        let sink_stop = Stop::default();
        if let Some(list) = alerts {
            let (clock, journal, observer) = (self.clock, journal.handle(), observer.clone());
            let task = AlertPollTask { clock, journal, observer, list };
            threads.push(thread::spawn("alert-poll", task.run(sink_stop.clone())).map_err(RunError::Thread)?);
        }
        if let Some((listener, path)) = sink {
            let task = self.sink(journal, observer);
            let sink = task.run(listener, path, sink_stop.clone());
            threads.push(thread::spawn("alert-sink", sink).map_err(RunError::Thread)?);
        }
        let faults = async move {
            director.run().await;
            drop(undone);
        };
        threads.push(thread::spawn("fault", faults).map_err(RunError::Thread)?);
        let metrics = runtime.block_on(self.load(&shared, api, guest));
        // Whatever ended the load ends the run; after a completed walk this changes nothing.
        let failed = metrics.as_ref().err().map(ToString::to_string);
        self.setting
            .stop
            .request(FinishReason::Failed, failed.or_else(|| Some("goose ended the load".to_owned())));
        if let Ok(metrics) = &metrics {
            self.journal_metrics(journal, api, metrics);
        }
        self.read_back(runtime, journal, api, &shared);
        sink_stop.request(FinishReason::Completed, None);
        for thread in threads {
            // A thread that panicked has printed why; the journal shows what it still saw.
            let _ = thread.join();
        }
        metrics?;
        Ok(())
    }

    /// Runs the users: the guest's, or those of the plan.
    async fn load(
        &self,
        shared: &Shared,
        api: &Api,
        guest: Option<Guest>,
    ) -> Result<GooseMetrics, AttackError> {
        let Some(guest) = guest else { return attack::run(shared, api.base_url().as_str()).await };
        let beside = self.setting.log.parent().filter(|folder| !folder.as_os_str().is_empty());
        let beside = beside.unwrap_or(Path::new("."));
        guest.run(shared, &self.preflight.canary_path, beside).await
    }

    /// Starts canary and health poller, each on a thread, a runtime and connections of its own.
    fn watch(
        &self,
        journal: &Journal,
        api: &Api,
        observer: &Observer,
        first: Micros,
    ) -> Result<Vec<JoinHandle<()>>, RunError> {
        let canary = CanaryTask {
            clock: self.clock,
            plan: Arc::clone(&self.plan),
            api: self.own_api(api)?,
            path: self.preflight.canary_path.clone(),
            journal: journal.handle(),
            observer: observer.clone(),
            stop: self.setting.stop.clone(),
            first,
        };
        let health = HealthTask {
            clock: self.clock,
            plan: Arc::clone(&self.plan),
            api: self.own_api(api)?,
            journal: journal.handle(),
            observer: observer.clone(),
            progress: Arc::clone(&self.setting.progress),
            stop: self.setting.stop.clone(),
            first,
        };
        let spawned = [thread::spawn("canary", canary.run()), thread::spawn("health", health.run())];
        spawned.into_iter().collect::<Result<_, _>>().map_err(RunError::Thread)
    }

    /// Starts the guardrails, if there are any, on a thread of their own.
    fn guard(&self, observer: &mut Observer) -> Result<Option<JoinHandle<()>>, RunError> {
        if self.plan.guardrails.is_empty() {
            return Ok(None);
        }
        let guardrails = GuardrailTask {
            clock: self.clock,
            rules: self.plan.guardrails.clone(),
            progress: Arc::clone(&self.setting.progress),
            observations: observer.listen(),
            stop: self.setting.stop.clone(),
        };
        thread::spawn("guardrails", guardrails.run()).map(Some).map_err(RunError::Thread)
    }

    fn sink(&self, journal: &Journal, observer: Observer) -> SinkTask {
        let outage = self.plan.sink_outage;
        SinkTask {
            clock: self.clock,
            journal: journal.handle(),
            observer,
            progress: Arc::clone(&self.setting.progress),
            run: self.setting.stop.clone(),
            text: self.plan.system.alerts.text.clone(),
            outage: outage.map(|length| PlannedOutage::draw(self.plan.seed, length, self.plan.hold)),
        }
    }

    /// A client with connections of its own, so that no thread waits on another's runtime.
    fn own_api(&self, api: &Api) -> Result<Api, ApiError> {
        Api::of(api.base_url().clone(), self.plan.request_timeout, &self.plan.system)
    }

    fn first_probe(&self) -> Micros {
        let interval = duration_us(self.plan.canary_interval.max(self.plan.health_interval));
        (self.clock.now() + PROBE_DELAY_US).next_multiple_of(interval)
    }

    fn journal_metrics(&self, journal: &Journal, api: &Api, metrics: &GooseMetrics) {
        // goose repeats the host in its metrics as it was given, with the password that may be in it.
        let host = api.base_url().as_str().trim_end_matches('/');
        if let Ok(json) = serde_json::to_string(metrics)
            .map(|json| json.replace(host, self.record.base_url.trim_end_matches('/')))
            && let Ok(metrics) = RawValue::from_string(json)
        {
            journal.handle().control(self.clock.now(), GooseMetricsLine { metrics });
        }
    }

    /// Reads every acknowledged entry back, also after an interruption: nothing acknowledged may be lost then
    /// either.
    fn read_back(&self, runtime: &tokio::runtime::Handle, journal: &Journal, api: &Api, shared: &Shared) {
        if self.preflight.traffic == TrafficKind::Sessions {
            self.setting.progress.set_phase("reading every session back");
            let stores = takes_stores_away(&self.plan);
            let ledger = runtime.block_on(shared.ledger.read_back(api, stores));
            journal.handle().control(self.clock.now(), ledger);
        }
    }
}

fn started(plan: &Plan, setting: &Setting, clock: Clock, run_id: &str, record: PlanRecord) -> RunStarted {
    RunStarted {
        schema: SCHEMA_VERSION,
        run: run_id.to_owned(),
        started_at: clock.started_at(),
        started_at_unix_us: clock.origin_unix_us(),
        seed: plan.seed,
        labels: plan.labels.clone(),
        plan: Box::new(record),
        environment: EnvironmentRecord {
            goose_recovery: env!("CARGO_PKG_VERSION").to_owned(),
            goose: "0.19".to_owned(),
            os: format!("{}-{}", std::env::consts::OS, std::env::consts::ARCH),
            cpus: std::thread::available_parallelism()
                .map_or(1, |cpus| u32::try_from(cpus.get()).unwrap_or(1)),
            release_build: !cfg!(debug_assertions),
            command: setting.command.clone(),
        },
    }
}

/// An id for what begins with `clock`: sorts by time, and two of one second still differ.
#[must_use]
pub fn new_id(clock: Clock) -> String {
    let at = jiff::Timestamp::from_microsecond(clock.origin_unix_us()).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    format!("{}-{:04x}", at.strftime("%Y%m%dT%H%M%SZ"), rand::random::<u16>())
}

/// Where the report of a run goes when no folder is named.
#[must_use]
pub fn default_report_folder(run_id: &str) -> PathBuf {
    Path::new("reports").join(run_id)
}

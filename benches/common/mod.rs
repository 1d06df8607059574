//! Journals for benches and large tests: made in seconds, looking like a run of scenario A.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use goose_recovery::journal::encode::write_line;
use goose_recovery::journal::event::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// One step of the made-up run: a canary each, a health poll every fifth.
const TICK_US: Micros = 10_000;
/// Before the first fault.
const BASELINE_US: Micros = 10_000_000;
/// From one fault to the next.
const CYCLE_US: Micros = 6_000_000;
/// Traffic users.
const USERS: u32 = 200;
const MODULES: [&str; 3] = ["ingest", "session", "analysis"];
const NAMES: [&str; 4] = ["POST entries", "GET entries", "GET analysis", "GET health"];

/// Writes the journal of one finished run with exactly `requests` requests and `faults` faults to a new file at
/// `path`. The run lasts 10 s and 6 s per fault whatever the number of requests, which are spread evenly. The
/// same arguments give the same bytes. Returns the number of lines.
pub(crate) fn generate(path: impl AsRef<Path>, requests: u64, faults: u32, seed: u64) -> io::Result<u64> {
    let mut run = Run {
        out: BufWriter::with_capacity(1 << 20, File::create(path)?),
        text: Vec::with_capacity(1 << 16),
        random: ChaCha8Rng::seed_from_u64(seed),
        lines: 0,
    };
    run.event(0, run_started(faults, seed))?;
    run.event(1_000, UsersStarted { users: USERS })?;
    run.event(2_000, ScenarioStarted { scenario: "single-module".to_owned() })?;
    let ticks = (BASELINE_US + CYCLE_US * Micros::from(faults)) / TICK_US;
    let mut outage = Outage::default();
    for tick in 0..ticks {
        let now = tick * TICK_US;
        if now >= BASELINE_US && (now - BASELINE_US).is_multiple_of(CYCLE_US) {
            outage = run.fault(now, ((now - BASELINE_US) / CYCLE_US) as u32 + 1)?;
        }
        run.control(now, &mut outage)?;
        run.probes(now, &outage)?;
        let of_tick = requests * (tick + 1) / ticks - requests * tick / ticks;
        run.requests(now, of_tick, &outage)?;
    }
    let end = ticks * TICK_US;
    run.event(end, ScenarioFinished { scenario: "single-module".to_owned() })?;
    run.event(end, Ledger { acknowledged: requests / 4, stable: requests / 4, ..Ledger::default() })?;
    let finished = RunFinished {
        reason: FinishReason::Completed,
        detail: None,
        journal_stalls: 0,
        journal_stalled_us: 0,
    };
    run.event(end, finished)?;
    run.out.flush()?;
    Ok(run.lines)
}

/// The fault in flight.
#[derive(Default)]
struct Outage {
    episode: u32,
    from: Micros,
    until: Micros,
    /// What is still to be written about it, in order of time.
    later: Vec<(Micros, Event<'static>)>,
}

impl Outage {
    fn hits(&self, t: Micros) -> bool {
        self.from <= t && t < self.until
    }
}

struct Run {
    out: BufWriter<File>,
    text: Vec<u8>,
    random: ChaCha8Rng,
    lines: u64,
}

impl Run {
    fn event(&mut self, t: Micros, event: impl Into<Event<'static>>) -> io::Result<()> {
        self.text.clear();
        write_line(&mut self.text, t, &event.into())?;
        self.lines += 1;
        self.out.write_all(&self.text)
    }

    /// A kill of one module, and what follows from it.
    fn fault(&mut self, t: Micros, episode: u32) -> io::Result<Outage> {
        let module = || MODULES[episode as usize % MODULES.len()].to_owned();
        let (pid, gone) = (4_000 + episode, t + 150);
        let until = gone + self.random.random_range(20_000..400_000);
        let fault = "kill".to_owned();
        let scenario = "single-module".to_owned();
        self.event(
            t,
            FaultInjected { episode, scenario, fault, target: module(), pid: Some(pid), chain: None },
        )?;
        let evidence = format!("pidfd: process {pid} is gone");
        self.event(gone, FaultConfirmed { episode, evidence })?;
        let state = |status: &str, pid| ModuleState {
            module: module(),
            status: status.to_owned(),
            pid,
            restarts: Some(episode.into()),
        };
        let alert = |kind: &str, severity: &str| AlertReceived {
            id: format!("alert-{episode}-{kind}"),
            key: format!("key-{episode}-{kind}"),
            severity: severity.to_owned(),
            kind: kind.to_owned(),
            module: module(),
            message: format!("{kind}: {}", module()),
            raised_at: None,
        };
        let backend = |seq, kind: &str| BackendEvent {
            seq: u64::from(episode) * 4 + seq,
            kind: kind.to_owned(),
            module: module(),
            pid: Some(pid + u32::from(seq > 0)),
            attempt: (seq > 0).then_some(1),
            cause: (seq == 0).then(|| "signal 9".to_owned()),
            resync: None,
        };
        for (kind, min_severity) in [("module_crashed", "warning"), ("module_recovered", "info")] {
            let (kinds, min_severity) = (vec![kind.to_owned()], min_severity.to_owned());
            let expected =
                AlertExpected { episode, module: module(), kinds, min_severity, deadline_us: 10_000_000 };
            self.event(gone, expected)?;
        }
        let later: Vec<(Micros, Event<'static>)> = vec![
            (gone + 1_000, backend(0, "exited").into()),
            (gone + 2_000, backend(1, "spawned").into()),
            (gone + 9_000, alert("module_crashed", "warning").into()),
            (gone + 15_000, state("restarting", None).into()),
            (until, backend(2, "ready").into()),
            (until + 3_000, alert("module_recovered", "info").into()),
            (until + 20_000, state("healthy", Some(pid + 1)).into()),
            (until + 2_500_000, EpisodeClosed { episode, outcome: "recovered".to_owned() }.into()),
        ];
        Ok(Outage { episode, from: gone, until, later })
    }

    fn control(&mut self, now: Micros, outage: &mut Outage) -> io::Result<()> {
        let due = outage.later.iter().take_while(|(t, _)| *t < now + TICK_US).count();
        for (t, event) in outage.later.drain(..due) {
            self.event(t, event)?;
        }
        if now.is_multiple_of(100 * TICK_US) {
            let lag_us = self.random.random_range(20..300);
            self.event(now, Lag { thread: "fault".to_owned(), lag_us })?;
        }
        Ok(())
    }

    fn probes(&mut self, now: Micros, outage: &Outage) -> io::Result<()> {
        let down = outage.hits(now);
        let lag_us = self.random.random_range(5..200);
        let duration_us = lag_us + self.latency();
        let (status, error) =
            if down { (None, Some(Cow::Borrowed("connection refused"))) } else { (Some(200), None) };
        self.event(now, Canary { duration_us, lag_us, status, ok: !down, error })?;
        if now.is_multiple_of(5 * TICK_US) {
            let (status, overall) = if down { (503, "unhealthy") } else { (200, "healthy") };
            let overall = Some(Cow::Borrowed(overall));
            self.event(now, Health { duration_us, lag_us, status: Some(status), ok: !down, overall })?;
        }
        Ok(())
    }

    /// `count` requests that end within the tick.
    fn requests(&mut self, now: Micros, count: u64, outage: &Outage) -> io::Result<()> {
        for nth in 0..count {
            let end = now + TICK_US * nth / count;
            let name = self.random.random_range(0..NAMES.len());
            // Of four kinds of requests one does not need the module that is down.
            let failed = outage.hits(end) && name != outage.episode as usize % NAMES.len();
            let duration_us = if failed { self.random.random_range(150..600) } else { self.latency() };
            let request = Request {
                duration_us,
                user: self.random.random_range(0..USERS),
                name: Cow::Borrowed(NAMES[name]),
                status: Some(if failed { 503 } else { [201, 200, 200, 200][name] }),
                ok: !failed,
                error: failed.then_some(Cow::Borrowed("503 Service Unavailable: GET http://127.0.0.1:8000/")),
            };
            self.event(end.saturating_sub(duration_us), request)?;
        }
        Ok(())
    }

    /// Mostly about a millisecond, now and then a hundred.
    fn latency(&mut self) -> u64 {
        let uniform: f64 = self.random.random_range(0.000_1..1.0);
        (400.0 + 300.0 / uniform.sqrt() + 400.0 * -uniform.ln()) as u64
    }
}

fn run_started(faults: u32, seed: u64) -> RunStarted {
    let kpi = |id: &str, op: &str, limit| KpiRecord { id: id.to_owned(), op: op.to_owned(), limit };
    RunStarted {
        schema: SCHEMA_VERSION,
        run: format!("generated-{seed}"),
        started_at: "2026-03-01T09:00:00.000000Z".to_owned(),
        started_at_unix_us: 1_772_355_600_000_000,
        seed,
        labels: BTreeMap::new(),
        plan: PlanRecord {
            base_url: "http://127.0.0.1:8000/".to_owned(),
            bundled_backend: true,
            stores: Some("embedded".to_owned()),
            users: USERS,
            think_time_us: 100_000,
            request_timeout_us: 5_000_000,
            canary_interval_us: TICK_US,
            canary_request: "GET /api/sessions/canary/analysis".to_owned(),
            health_interval_us: 5 * TICK_US,
            hold_us: 2_000_000,
            recovery_deadline_us: 60_000_000,
            baseline_min_us: 5_000_000,
            baseline_min_canaries: 250,
            alert_source: true,
            strict: false,
            policy: None,
            scenarios: vec![ScenarioRecord {
                name: "single-module".to_owned(),
                fault: "kill".to_owned(),
                iterations: faults,
                pause_us: 2_000_000,
                outage_us: None,
                resync_grace_us: None,
                kpis: vec![
                    kpi("auto_recovery_rate", ">=", 0.95),
                    kpi("mean_recovery_time", "<=", 60_000_000.0),
                    kpi("missed_alerts", "=", 0.0),
                ],
            }],
        },
        environment: EnvironmentRecord {
            goose_recovery: env!("CARGO_PKG_VERSION").to_owned(),
            goose: "0.19.0".to_owned(),
            os: "linux x86_64".to_owned(),
            cpus: 2,
            release_build: true,
            command: None,
        },
    }
}

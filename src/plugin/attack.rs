//! The builder of a recovery test.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use goose::prelude::*;

use super::target::{Declared, page};
use super::{CustomKpi, Outcome, RecoveryError, RecoveryFlags, execute};
use crate::fault::FaultSource;
use crate::load::foreign::{Given, Guest};
use crate::plan;
use crate::stop::Stop;
use crate::target::HealthCheck;

/// A goose load test with faults: it takes the place of `GooseAttack`.
///
/// Values of the command line win over those set here, and those over a plan file's.
#[must_use = "nothing happens until it is executed"]
pub struct RecoveryAttack {
    pub(super) guest: Guest,
    pub(super) flags: RecoveryFlags,
    pub(super) declared: Declared,
    pub(super) kpis: Vec<(String, Box<dyn CustomKpi>)>,
    pub(super) stop: Stop,
}

impl std::fmt::Debug for RecoveryAttack {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RecoveryAttack")
            .field("guest", &self.guest)
            .field("flags", &self.flags)
            .finish_non_exhaustive()
    }
}

impl RecoveryAttack {
    /// A test with the flags of the command line: goose's own, and those of [`RecoveryFlags`]. As goose does it, prints help
    /// and what is wrong, and ends the process.
    ///
    /// goose's flags that would end the load before the last episode (`--run-time`, `--iterations`) are left out, and a
    /// failing `--threshold` is judged at the end; both are told on stderr and in the report.
    ///
    /// # Errors
    /// For flags that cannot be followed, with the reason: `--test-plan`, `--no-metrics`, and a request log without a path or
    /// in another format than JSON.
    pub fn initialize() -> Result<Self, RecoveryError> {
        match Given::with::<RecoveryFlags>(std::env::args_os()) {
            Ok((given, flags)) => Self::given(given, flags),
            Err(error) => error.exit(),
        }
    }

    /// As [`initialize`](Self::initialize), with the words of a command line without the program, and without ending the process.
    ///
    /// ```
    /// use goose_recovery::prelude::*;
    ///
    /// let test = RecoveryAttack::initialize_from(["--host", "http://127.0.0.1:8000", "--recovery-iterations", "5"]);
    /// assert!(test.is_ok());
    /// let refused = RecoveryAttack::initialize_from(["--test-plan", "10,60s;0,30s"]).unwrap_err();
    /// assert!(refused.to_string().contains("--users"));
    /// ```
    ///
    /// # Errors
    /// As that, and for flags that nobody knows.
    pub fn initialize_from<W: Into<OsString>>(
        words: impl IntoIterator<Item = W>,
    ) -> Result<Self, RecoveryError> {
        let words = std::iter::once(OsString::from("test")).chain(words.into_iter().map(Into::into));
        let (given, flags) = Given::with::<RecoveryFlags>(words)
            .map_err(|error| RecoveryError::Flags(error.render().to_string()))?;
        Self::given(given, flags)
    }

    fn given(mut given: Given, flags: RecoveryFlags) -> Result<Self, RecoveryError> {
        given.adapt(flags.threshold_abort)?;
        Ok(Self::with(Guest::new(given)?, flags))
    }

    /// A test of an attack that goose has initialized: goose has read the command line, and knows no `--recovery-` flags.
    ///
    /// Scenarios are best registered here and not on `attack` before: where none is, goose gives a share of its users to one of
    /// ours, which brings goose's clock and has nothing else to do. A request log that is set in code gives way to ours; set it
    /// here or on the command line.
    ///
    /// ```no_run
    /// use goose::prelude::*;
    /// use goose_recovery::prelude::*;
    ///
    /// # fn test(visitor: Scenario, fault: RecoveryFault) -> Result<(), RecoveryError> {
    /// RecoveryAttack::new(GooseAttack::initialize()?)?.register_scenario(visitor).register_fault(fault);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`initialize`](Self::initialize). `--run-time` has been read by goose and cannot be left out; it is told.
    pub fn new(attack: GooseAttack) -> Result<Self, RecoveryError> {
        let mut given = Given::read_by_goose(std::env::args_os());
        given.adapt(false)?;
        Ok(Self::with(Guest::wrapped(attack, given), RecoveryFlags::default()))
    }

    fn with(guest: Guest, flags: RecoveryFlags) -> Self {
        Self { guest, flags, declared: Declared::default(), kpis: Vec::new(), stop: Stop::default() }
    }

    /// Takes flags that a command line of one's own has read; call it before other values are set.
    pub fn set_flags(mut self, flags: RecoveryFlags) -> Self {
        self.flags = flags;
        self
    }

    /// Registers a scenario, as `GooseAttack::register_scenario` does; it stays as it is.
    pub fn register_scenario(mut self, scenario: Scenario) -> Self {
        self.guest = self.guest.register_scenario(scenario);
        self
    }

    /// As `GooseAttack::test_start`.
    pub fn test_start(self, transaction: Transaction) -> Self {
        self.map(|attack| attack.test_start(transaction))
    }

    /// As `GooseAttack::test_stop`.
    pub fn test_stop(self, transaction: Transaction) -> Self {
        self.map(|attack| attack.test_stop(transaction))
    }

    /// As `GooseAttack::set_scheduler`.
    pub fn set_scheduler(self, scheduler: GooseScheduler) -> Self {
        self.map(|attack| attack.set_scheduler(scheduler))
    }

    /// Changes the attack by goose's own methods, such as `set_client_builder_with_cookies`.
    ///
    /// # Errors
    /// Those of `change`.
    pub fn map_goose(
        mut self,
        change: impl FnOnce(GooseAttack) -> Result<GooseAttack, GooseError>,
    ) -> Result<Self, GooseError> {
        self.guest = self.guest.try_map(change)?;
        Ok(self)
    }

    fn map(mut self, change: impl FnOnce(GooseAttack) -> GooseAttack) -> Self {
        self.guest = self.guest.map(change);
        self
    }

    /// Adds a fault, a [`RecoveryFault`](super::RecoveryFault) or any other source. The faults take turns in the order in which they are
    /// registered, after those of a plan file.
    pub fn register_fault(mut self, fault: impl FaultSource + 'static) -> Self {
        self.declared.system.faults.push(Arc::new(fault));
        self
    }

    /// Adds a KPI of one's own.
    ///
    /// ```
    /// use goose_recovery::analysis::Analysis;
    /// use goose_recovery::prelude::*;
    ///
    /// # fn test(attack: RecoveryAttack) {
    /// let felt = |analysis: &Analysis| {
    ///     let most = analysis.summary.episodes.iter().map(|episode| episode.failed_requests).max();
    ///     match most {
    ///         Some(most) => KpiOutcome::at_most(most as f64, 100.0, Unit::Count),
    ///         None => KpiOutcome::no_data("there was no episode", Unit::Count),
    ///     }
    /// };
    /// attack.register_kpi("most failed requests of an episode", felt);
    /// # }
    /// ```
    pub fn register_kpi(mut self, name: impl Into<String>, kpi: impl CustomKpi) -> Self {
        self.kpis.push((name.into(), Box::new(kpi)));
        self
    }

    /// Adds a KPI as an expression, as plan files have it: a figure of users' requests, a phase, a line. Unlike a function, it
    /// is journalled, so `goose-recovery report` judges it again.
    ///
    /// ```
    /// # use goose_recovery::prelude::*;
    /// # fn test(attack: RecoveryAttack) -> Result<(), RecoveryError> {
    /// attack
    ///     .register_kpi_rule("slow answers", "p95 during episodes < 2s")?
    ///     .register_kpi_rule("felt", "availability > 90%")?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// For what is no such expression, with what would be.
    pub fn register_kpi_rule(mut self, name: impl Into<String>, rule: &str) -> Result<Self, RecoveryError> {
        let expect = rule.parse()?;
        self.declared.kpis.push(plan::CustomKpi { name: Some(name.into()), expect });
        Ok(self)
    }

    /// Target, faults, expectations and KPIs from a plan file in TOML.
    pub fn set_plan(mut self, path: impl Into<PathBuf>) -> Self {
        self.declared.plan = Some(path.into());
        self
    }

    /// The URL that canaries ask, where goose's `--host` does not say it.
    pub fn set_target(mut self, url: impl Into<String>) -> Self {
        self.declared.target = Some(url.into());
        self
    }

    /// What canaries ask for: a path that needs what the faults hit. The health page, or `/`, when nobody says so.
    pub fn set_canary(mut self, path: impl Into<String>) -> Self {
        self.declared.system.canary = Some(path.into());
        self
    }

    /// A page that answers 2xx when the target is well. What canaries ask for, when nobody says so.
    pub fn set_health(self, path: &str) -> Self {
        self.set_health_check(page(path))
    }

    /// How the target is seen to be well, in more ways: by what a page says, by a connection, or by a command.
    pub fn set_health_check(mut self, check: HealthCheck) -> Self {
        self.declared.health = Some(check);
        self
    }

    /// How often each fault is injected; 3 when nobody says so.
    pub fn set_iterations(mut self, iterations: u32) -> Self {
        self.flags.iterations.get_or_insert(iterations);
        self
    }

    /// Pause after each recovery; 2 s when nobody says so.
    pub fn set_pause(mut self, pause: Duration) -> Self {
        self.flags.pause.get_or_insert(pause);
        self
    }

    /// Least time of the measurement before the first fault; 5 s when nobody says so.
    pub fn set_baseline(mut self, baseline: Duration) -> Self {
        self.flags.baseline.get_or_insert(baseline);
        self
    }

    /// How long the system must stay well to count as recovered; 2 s when nobody says so.
    pub fn set_hold(mut self, hold: Duration) -> Self {
        self.flags.hold.get_or_insert(hold);
        self
    }

    /// An episode that has not recovered by then has failed; a minute when nobody says so.
    pub fn set_recovery_deadline(mut self, deadline: Duration) -> Self {
        self.flags.deadline.get_or_insert(deadline);
        self
    }

    /// The journal; `logs/goose-recovery.jsonl` when nobody says so.
    pub fn set_log(mut self, path: impl Into<PathBuf>) -> Self {
        self.flags.log.get_or_insert_with(|| path.into());
        self
    }

    /// Writes the report into this folder; without this, it is written by [`Outcome::write_report`] only.
    pub fn set_out(mut self, dir: impl Into<PathBuf>) -> Self {
        self.flags.out.get_or_insert_with(|| dir.into());
        self
    }

    /// Ends the run when this is asked to: what is in effect is undone, and what was measured is reported.
    pub fn stop_by(mut self, stop: Stop) -> Self {
        self.stop = stop;
        self
    }

    /// Runs the test: users start, faults are injected one after the other, and what came of it is analysed.
    ///
    /// goose's users run on the runtime that calls this; what measures and what injects has threads of its own. A future
    /// that is dropped ends the run, and waits until no fault is in effect.
    ///
    /// # Errors
    /// When nothing was measured. A run that was interrupted or failed on the way has an [`Outcome`].
    pub async fn execute(self) -> Result<Outcome, RecoveryError> {
        execute::execute(self).await
    }
}

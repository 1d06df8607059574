//! Values as given become a [`Plan`], or one clear sentence that says what is wrong and what to do.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use url::Url;

use super::{CustomKpi, CustomKpiError, FaultKind, Plan, ScenarioKind, Secret, System, TargetPlan, scenario};
use crate::guardrail::{Rule, RuleError};

/// A baseline shorter than this says too little about the system at rest.
const MIN_BASELINE_CANARIES: u64 = 250;

/// How long our own sink is away in a run with chains, when nobody says: what is sent at least once must arrive all the same.
const CHAINS_SINK_OUTAGE: Duration = Duration::from_secs(5);

/// Values as the user gave them; `None` means the default.
#[derive(Debug, Clone, Default)]
#[expect(
    missing_docs,
    reason = "each field is the flag of the same name; `goose-recovery run --help` documents it"
)]
pub struct Options {
    pub scenarios: Vec<ScenarioOptions>,
    pub base_url: Option<String>,
    pub alert_listen: Option<SocketAddr>,
    pub alert_path: Option<String>,
    pub alerts_url: Option<String>,
    pub stores: Option<StoresChoice>,
    pub database_url: Option<String>,
    pub cache_url: Option<String>,
    pub store_stop_cmd: Option<String>,
    pub store_start_cmd: Option<String>,
    pub outage: Option<Duration>,
    pub resync_grace: Option<Duration>,
    pub duration: Option<Duration>,
    pub interval: Option<Duration>,
    pub crash_loop: Option<u32>,
    pub fault: Option<FaultKind>,
    pub users: Option<u32>,
    pub iterations: Option<u32>,
    pub pause: Option<Duration>,
    pub think_time: Option<Duration>,
    pub request_timeout: Option<Duration>,
    pub recovery_deadline: Option<Duration>,
    pub baseline: Option<Duration>,
    pub hold: Option<Duration>,
    pub alert_deadline: Option<Duration>,
    pub sink_outage: Option<Duration>,
    pub abort_when: Vec<String>,
    pub kpis: Vec<CustomKpi>,
    pub seed: Option<u64>,
    pub labels: Vec<(String, String)>,
    pub strict: bool,
    pub backend_options: Vec<String>,
    pub goose_options: Vec<String>,
    pub system: System,
}

/// What one scenario is to do; a value that [`Options`] has for all of them wins.
#[derive(Debug, Clone, PartialEq)]
#[expect(
    missing_docs,
    reason = "each field is the flag of the same name; `goose-recovery run --help` documents it"
)]
pub struct ScenarioOptions {
    pub kind: ScenarioKind,
    pub name: Option<String>,
    pub fault: Option<FaultKind>,
    pub declared: Vec<String>,
    pub iterations: Option<u32>,
    pub crash_loop: Option<u32>,
    pub pause: Option<Duration>,
    pub outage: Option<Duration>,
    pub resync_grace: Option<Duration>,
    pub duration: Option<Duration>,
    pub interval: Option<Duration>,
}

impl From<ScenarioKind> for ScenarioOptions {
    fn from(kind: ScenarioKind) -> Self {
        Self {
            kind,
            name: None,
            fault: None,
            declared: Vec::new(),
            iterations: None,
            crash_loop: None,
            pause: None,
            outage: None,
            resync_grace: None,
            duration: None,
            interval: None,
        }
    }
}

impl Options {
    /// These, and where they say nothing, those of `base`. Labels are added up; a list takes the place of the other one.
    #[must_use]
    pub fn over(self, base: Self) -> Self {
        let list = |own: Vec<String>, base: Vec<String>| if own.is_empty() { base } else { own };
        let labels = |own: Vec<(String, String)>, base: Vec<(String, String)>| {
            let others = base.into_iter().filter(|(key, _)| own.iter().all(|(other, _)| other != key));
            others.chain(own.iter().cloned()).collect::<Vec<_>>()
        };
        Self {
            scenarios: if self.scenarios.is_empty() { base.scenarios } else { self.scenarios },
            base_url: self.base_url.or(base.base_url),
            alert_listen: self.alert_listen.or(base.alert_listen),
            alert_path: self.alert_path.or(base.alert_path),
            alerts_url: self.alerts_url.or(base.alerts_url),
            stores: self.stores.or(base.stores),
            database_url: self.database_url.or(base.database_url),
            cache_url: self.cache_url.or(base.cache_url),
            store_stop_cmd: self.store_stop_cmd.or(base.store_stop_cmd),
            store_start_cmd: self.store_start_cmd.or(base.store_start_cmd),
            outage: self.outage.or(base.outage),
            resync_grace: self.resync_grace.or(base.resync_grace),
            duration: self.duration.or(base.duration),
            interval: self.interval.or(base.interval),
            crash_loop: self.crash_loop.or(base.crash_loop),
            fault: self.fault.or(base.fault),
            users: self.users.or(base.users),
            iterations: self.iterations.or(base.iterations),
            pause: self.pause.or(base.pause),
            think_time: self.think_time.or(base.think_time),
            request_timeout: self.request_timeout.or(base.request_timeout),
            recovery_deadline: self.recovery_deadline.or(base.recovery_deadline),
            baseline: self.baseline.or(base.baseline),
            hold: self.hold.or(base.hold),
            alert_deadline: self.alert_deadline.or(base.alert_deadline),
            sink_outage: self.sink_outage.or(base.sink_outage),
            abort_when: list(self.abort_when, base.abort_when),
            kpis: if self.kpis.is_empty() { base.kpis } else { self.kpis },
            seed: self.seed.or(base.seed),
            labels: labels(self.labels, base.labels),
            strict: self.strict || base.strict,
            backend_options: flags_over(&self.backend_options, &base.backend_options),
            goose_options: list(self.goose_options, base.goose_options),
            system: base.system,
        }
    }

    /// The scenarios that are asked for. What is asked of one scenario, or of somebody else's system, is not done to all of it.
    fn scenarios(&self) -> Vec<ScenarioOptions> {
        if self.scenarios.is_empty() && !self.system.faults.is_empty() {
            return vec![self.of(ScenarioKind::Faults.into())];
        }
        let narrow = self.base_url.is_some() || self.fault.is_some() || self.crash_loop.is_some();
        let by_default: &[ScenarioKind] = if narrow {
            &[ScenarioKind::SingleModule]
        } else {
            &[ScenarioKind::SingleModule, ScenarioKind::DbRedisDown, ScenarioKind::Cascade]
        };
        let asked = match self.scenarios.as_slice() {
            [] => by_default.iter().copied().map(ScenarioOptions::from).collect(),
            asked => asked.to_vec(),
        };
        asked.into_iter().map(|of| self.of(of)).collect()
    }

    /// A scenario with what was said of all of them.
    fn of(&self, of: ScenarioOptions) -> ScenarioOptions {
        ScenarioOptions {
            kind: of.kind,
            name: of.name,
            fault: self.fault.or(of.fault),
            declared: of.declared,
            iterations: self.iterations.or(of.iterations),
            crash_loop: self.crash_loop.or(of.crash_loop),
            pause: self.pause.or(of.pause),
            outage: self.outage.or(of.outage),
            resync_grace: self.resync_grace.or(of.resync_grace),
            duration: self.duration.or(of.duration),
            interval: self.interval.or(of.interval),
        }
    }
}

/// Flags and their values, one word each, without those of `base` that are given anew.
fn flags_over(own: &[String], base: &[String]) -> Vec<String> {
    let kept = base.chunks(2).filter(|pair| own.iter().step_by(2).all(|flag| *flag != pair[0]));
    kept.flatten().cloned().chain(own.iter().cloned()).collect()
}

/// Stores that the run brings along.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoresChoice {
    /// SQLite files.
    Embedded,
    /// A private PostgreSQL and Redis.
    Local,
}

/// A value that no plan can be made of.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// `--base-url` is no URL that can be driven.
    #[error(
        "--base-url {value} is not an http or https URL with a host: give one such as http://127.0.0.1:8000"
    )]
    BaseUrl {
        /// As given, without user info.
        value: String,
    },
    /// A number or length is outside what makes sense.
    #[error("{flag} must be {expected}")]
    Range {
        /// The flag.
        flag: &'static str,
        /// What it accepts.
        expected: &'static str,
    },
    /// `--database-url` or `--cache-url` is none.
    #[error("{flag} is not a {scheme}:// URL with a host: give one such as {scheme}://127.0.0.1/0")]
    StoreUrl {
        /// The flag.
        flag: &'static str,
        /// The scheme that it takes.
        scheme: &'static str,
    },
    /// Two flags that exclude each other.
    #[error("{flag} cannot be used with {with}: {why}")]
    Clash {
        /// The flag given.
        flag: &'static str,
        /// What it clashes with.
        with: &'static str,
        /// Why, with the remedy.
        why: &'static str,
    },
    /// A fault that cannot be injected here.
    #[error("--fault {fault} cannot be used with --scenario {scenario} and {stores}: {remedy}")]
    Fault {
        /// The kind asked for.
        fault: &'static str,
        /// The scenario.
        scenario: &'static str,
        /// The stores of the run, in words.
        stores: &'static str,
        /// What can be.
        remedy: String,
    },
    /// A flag that means nothing without another.
    #[error("{flag} needs {needs}")]
    Needs {
        /// The flag given.
        flag: &'static str,
        /// What is missing, with the remedy.
        needs: &'static str,
    },
    /// A rule of `--abort-when` that cannot be read.
    #[error(transparent)]
    Guardrail(#[from] RuleError),
    /// A name that is given to two things of one kind.
    #[error("the {what} {name} is declared twice: give each one a name of its own")]
    Twice {
        /// What it names.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// A name that nothing has.
    #[error("there is no {what} {name}: declared are {known}")]
    Undeclared {
        /// What it should name.
        what: &'static str,
        /// The name.
        name: String,
        /// What there is.
        known: String,
    },
    /// KPIs that cannot stand in one plan.
    #[error(transparent)]
    Kpi(#[from] CustomKpiError),
    /// The same label twice.
    #[error("label {key} is given twice: give each label once")]
    Label {
        /// The label's key.
        key: String,
    },
}

impl Plan {
    /// Validates `options` and fills in the defaults. `fallback_seed` is used when no seed is given.
    ///
    /// # Errors
    /// [`PlanError`] names the flag and the remedy.
    pub fn new(options: Options, fallback_seed: u64) -> Result<Self, PlanError> {
        check_ranges(&options)?;
        CustomKpi::check(&options.kpis)?;
        let target = target(&options)?;
        let stores = scenario::stores(&options, &target)?;
        let asked = options.scenarios();
        asked.iter().try_for_each(check_scenario)?;
        let scenarios = asked.iter().map(|of| scenario::scenario(of, &target, &stores, &options.system));
        let mut scenarios = scenarios.collect::<Result<Vec<_>, _>>()?;
        scenario::tell_apart(&mut scenarios)?;
        let sink_outage = sink_outage(&options, &asked)?;
        Ok(Self {
            target,
            stores,
            system: options.system,
            scenarios,
            users: options.users.unwrap_or(50),
            think_time: options.think_time.unwrap_or(Duration::from_millis(100)),
            request_timeout: options.request_timeout.unwrap_or(Duration::from_secs(5)),
            canary_interval: Duration::from_millis(10),
            health_interval: Duration::from_millis(50),
            hold: options.hold.unwrap_or(Duration::from_secs(2)),
            recovery_deadline: options.recovery_deadline.unwrap_or(Duration::from_mins(1)),
            baseline: options.baseline.unwrap_or(Duration::from_secs(5)),
            baseline_canaries: MIN_BASELINE_CANARIES,
            alert_deadline: options.alert_deadline.unwrap_or(Duration::from_secs(10)),
            sink_outage,
            guardrails: guardrails(&options.abort_when)?,
            kpis: options.kpis,
            seed: options.seed.unwrap_or(fallback_seed),
            labels: labels(options.labels)?,
            strict: options.strict,
            goose_options: options.goose_options,
        })
    }
}

fn target(options: &Options) -> Result<TargetPlan, PlanError> {
    let Some(given) = &options.base_url else {
        if options.alert_listen.is_some() {
            return Err(PlanError::Needs {
                flag: "--alert-listen",
                needs: "--base-url: the bundled backend is told the sink's address by itself",
            });
        }
        if options.alerts_url.is_some() {
            return Err(PlanError::Needs {
                flag: "--alerts-url",
                needs: "--base-url: the bundled backend sends its alerts by itself",
            });
        }
        return Ok(TargetPlan::Bundled { options: options.backend_options.clone() });
    };
    let refused = || PlanError::BaseUrl { value: crate::journal::redact::redact_base_url(given) };
    let base_url = Url::parse(given).map_err(|_| refused())?;
    if !is_http(given) {
        return Err(refused());
    }
    if !options.backend_options.is_empty() {
        return Err(PlanError::Needs {
            flag: "a policy flag",
            needs: "the bundled backend: leave out --base-url, or set the policy where that backend is started",
        });
    }
    let alert_path = options.alert_path.clone();
    if alert_path.as_ref().is_some_and(|path| !is_plain_path(path)) {
        return Err(PlanError::Range {
            flag: "--alert-path",
            expected: "a path of letters, digits, /, - and _",
        });
    }
    let alerts_url = options.alerts_url.clone().map(Secret::new);
    if alerts_url.as_ref().is_some_and(|url| !is_http(url.expose())) {
        return Err(PlanError::Range {
            flag: "--alerts-url",
            expected: "an http or https URL with a host, such as http://127.0.0.1:9093/api/v2/alerts",
        });
    }
    Ok(TargetPlan::External { base_url, alert_listen: options.alert_listen, alert_path, alerts_url })
}

/// Whether `url` is one that can be asked.
fn is_http(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.host_str().is_some())
}

/// A path that means itself to the router of the sink as well as in a URL.
fn is_plain_path(path: &str) -> bool {
    path.len() > 1
        && path.starts_with('/')
        && path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/-_".contains(&byte))
}

fn at_least(value: Option<Duration>, least: Duration) -> bool {
    value.is_none_or(|value| value >= least)
}

fn check(ok: bool, flag: &'static str, expected: &'static str) -> Result<(), PlanError> {
    if ok { Ok(()) } else { Err(PlanError::Range { flag, expected }) }
}

fn check_scenario(of: &ScenarioOptions) -> Result<(), PlanError> {
    let second = Duration::from_secs(1);
    check(of.iterations.is_none_or(|n| (1..=10_000).contains(&n)), "--iterations", "1 to 10000")?;
    check(of.crash_loop.is_none_or(|n| (1..=100).contains(&n)), "--crash-loop", "1 to 100")?;
    check(at_least(of.interval, second / 10), "--interval", "at least 100ms")?;
    check(at_least(of.outage, second / 2), "--outage", "at least 500ms: a shorter one cannot be proven")
}

fn check_ranges(options: &Options) -> Result<(), PlanError> {
    let second = Duration::from_secs(1);
    check(options.users.is_none_or(|users| (1..=100_000).contains(&users)), "--users", "1 to 100000")?;
    check(at_least(options.request_timeout, second / 10), "--request-timeout", "at least 100ms")?;
    check(at_least(options.recovery_deadline, second / 10), "--recovery-deadline", "at least 100ms")?;
    check(at_least(options.hold, second / 10), "--hold", "at least 100ms")?;
    check(
        at_least(options.baseline, second * 5 / 2),
        "--baseline",
        "at least 2.5s (250 canaries): a shorter one says too little about the system at rest",
    )?;
    check(at_least(options.sink_outage, second / 10), "--sink-outage", "at least 100ms")?;
    check(at_least(options.alert_deadline, second / 10), "--alert-deadline", "at least 100ms")
}

fn sink_outage(options: &Options, asked: &[ScenarioOptions]) -> Result<Option<Duration>, PlanError> {
    if options.sink_outage.is_some() && options.base_url.is_some() && options.alert_listen.is_none() {
        return Err(PlanError::Needs {
            flag: "--sink-outage",
            needs: "a sink: let that backend send its alerts to --alert-listen",
        });
    }
    let chains = asked.iter().any(|of| of.kind == ScenarioKind::Cascade);
    let received = options.base_url.is_none() || options.alert_listen.is_some();
    Ok(options.sink_outage.or((chains && received).then_some(CHAINS_SINK_OUTAGE)))
}

fn guardrails(given: &[String]) -> Result<Vec<Rule>, RuleError> {
    given.iter().map(|rule| rule.parse()).collect()
}

fn labels(given: Vec<(String, String)>) -> Result<BTreeMap<String, String>, PlanError> {
    let mut labels = BTreeMap::new();
    for (key, value) in given {
        if labels.insert(key.clone(), value).is_some() {
            return Err(PlanError::Label { key });
        }
    }
    Ok(labels)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(options: Options) -> String {
        Plan::new(options, 1).unwrap_err().to_string()
    }

    #[test]
    fn an_outage_of_the_sink_needs_a_sink() {
        let sink_outage = Some(Duration::from_secs(3));
        assert_eq!(
            Plan::new(Options { sink_outage, ..Options::default() }, 1).unwrap().sink_outage,
            sink_outage
        );
        let base_url = Some("http://127.0.0.1:8000".to_owned());
        let external = Options { sink_outage, base_url, ..Options::default() };
        assert!(refused(external.clone()).contains("--alert-listen"));
        let alert_listen = Some(SocketAddr::from(([127, 0, 0, 1], 9000)));
        assert!(Plan::new(Options { alert_listen, ..external }, 1).is_ok());
        let short = Options { sink_outage: Some(Duration::from_millis(99)), ..Options::default() };
        assert!(refused(short).contains("--sink-outage"));
    }

    #[test]
    fn guardrails_are_read_with_the_plan() {
        let abort_when = ["unrecovered", "p95>2s for 10s"].map(str::to_owned).to_vec();
        let plan = Plan::new(Options { abort_when, ..Options::default() }, 1).unwrap();
        assert_eq!(plan.guardrails.len(), 2);
        let odd = Options { abort_when: vec!["unlucky".to_owned()], ..Options::default() };
        assert!(refused(odd).contains("--abort-when 'unlucky'"));
    }
}

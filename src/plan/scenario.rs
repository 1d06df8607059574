//! Which faults a scenario may inject, by whose stores they are.

use std::time::Duration;

use url::Url;

use super::check::{Options, PlanError, ScenarioOptions, StoresChoice};
use super::{
    CascadePlan, ExistingStores, FaultKind, KpiId, KpiLine, OutagePlan, ScenarioKind, ScenarioPlan,
    StoreCommands, StoresPlan, System, TargetPlan,
};

/// Kinds of faults of modules.
const MODULE_FAULTS: &[FaultKind] =
    &[FaultKind::Kill, FaultKind::Restart, FaultKind::Pause, FaultKind::CrashLoop];
/// Kinds of faults of servers that the run has started.
const SERVER_FAULTS: &[FaultKind] = &[FaultKind::StoreKill, FaultKind::StorePause, FaultKind::StoreStop];

/// The stores of the target.
pub(super) fn stores(options: &Options, target: &TargetPlan) -> Result<StoresPlan, PlanError> {
    let bundled = matches!(target, TargetPlan::Bundled { .. });
    let urls = options.database_url.is_some() || options.cache_url.is_some();
    if options.stores.is_some() && urls {
        return Err(PlanError::Clash {
            flag: "--stores",
            with: "--database-url or --cache-url",
            why: "the one starts stores of the run's own, the others name existing ones; leave one out",
        });
    }
    if options.stores.is_some() && !bundled {
        return Err(PlanError::Clash {
            flag: "--stores",
            with: "--base-url",
            why: "the stores of a backend that runs already are its own; name them by --database-url and --cache-url",
        });
    }
    let commands = commands(options, urls)?;
    if urls {
        check_url("--database-url", options.database_url.as_deref(), &["postgres", "postgresql"])?;
        check_url("--cache-url", options.cache_url.as_deref(), &["redis"])?;
        let (database_url, cache_url) = (options.database_url.clone(), options.cache_url.clone());
        return Ok(StoresPlan::Existing(ExistingStores { database_url, cache_url, commands }));
    }
    Ok(match (bundled, options.stores) {
        (false, _) => StoresPlan::Unknown,
        (true, Some(StoresChoice::Local)) => StoresPlan::Local,
        (true, Some(StoresChoice::Embedded) | None) => StoresPlan::Embedded,
    })
}

fn commands(options: &Options, urls: bool) -> Result<Option<StoreCommands>, PlanError> {
    let needs = |flag, needs| Err(PlanError::Needs { flag, needs });
    match (&options.store_stop_cmd, &options.store_start_cmd) {
        (None, None) => Ok(None),
        (Some(_), None) => {
            needs("--store-stop-cmd", "--store-start-cmd: what is stopped must be started again")
        }
        (None, Some(_)) => needs("--store-start-cmd", "--store-stop-cmd"),
        (Some(_), Some(_)) if !urls => needs(
            "--store-stop-cmd",
            "--database-url or --cache-url: the outage is proven on a connection to the store",
        ),
        (Some(stop), Some(start)) => Ok(Some(StoreCommands { stop: stop.clone(), start: start.clone() })),
    }
}

fn check_url(flag: &'static str, given: Option<&str>, schemes: &[&'static str]) -> Result<(), PlanError> {
    let fits = |given: &str| {
        Url::parse(given).is_ok_and(|url| {
            schemes.contains(&url.scheme()) && url.host_str().is_some_and(|host| !host.is_empty())
        })
    };
    if given.is_none_or(fits) { Ok(()) } else { Err(PlanError::StoreUrl { flag, scheme: schemes[0] }) }
}

/// A scenario that is asked for.
pub(super) fn scenario(
    options: &ScenarioOptions,
    target: &TargetPlan,
    stores: &StoresPlan,
    system: &System,
) -> Result<ScenarioPlan, PlanError> {
    let kind = options.kind;
    let possible = possible(kind, stores);
    // So many kills of a module are a crash loop, whether or not it is called so.
    let asked = options.fault.or(options.crash_loop.map(|_| FaultKind::CrashLoop));
    if options.crash_loop.is_some() && asked != Some(FaultKind::CrashLoop) {
        return Err(PlanError::Needs { flag: "--crash-loop", needs: "--fault crash-loop, or no --fault" });
    }
    let faults = match asked {
        Some(fault) if possible.contains(&fault) => vec![fault],
        Some(fault) => return Err(refused(fault, kind, stores, possible)),
        None => by_default(kind, target, possible),
    };
    let declared = match kind {
        ScenarioKind::Faults => system.declared(&options.declared)?,
        _ => Vec::new(),
    };
    let outage = OutagePlan {
        length: options.outage.unwrap_or(Duration::from_secs(3)),
        resync_grace: options.resync_grace.unwrap_or(Duration::from_secs(5)),
    };
    let cascade = CascadePlan {
        duration: options.duration.unwrap_or(Duration::from_mins(1)),
        interval: options.interval.unwrap_or(Duration::from_secs(5)),
    };
    let (outage, cascade, kpis) = match kind {
        ScenarioKind::SingleModule => (None, None, KpiLine::MODULE_CRASH.to_vec()),
        ScenarioKind::DbRedisDown => (Some(outage), None, KpiLine::STORE_OUTAGE.to_vec()),
        ScenarioKind::Cascade => {
            let of_stores = faults.iter().any(|fault| fault.is_of_stores());
            (of_stores.then_some(outage), Some(cascade), KpiLine::MODULE_CRASH.to_vec())
        }
        ScenarioKind::Faults => (None, None, declared_kpis(system, &declared)),
    };
    let (iterations, pause) =
        (options.iterations.unwrap_or(3), options.pause.unwrap_or(Duration::from_secs(2)));
    let crash_loop = options.crash_loop.unwrap_or(2);
    let name = options.name.clone().unwrap_or_else(|| kind.as_str().to_owned());
    Ok(ScenarioPlan { name, kind, faults, declared, iterations, crash_loop, pause, outage, cascade, kpis })
}

/// Sees to it that every scenario has a name of its own: reports and KPIs go by it.
///
/// # Errors
/// [`PlanError::Twice`] for a name that somebody gave to two.
pub(super) fn tell_apart(scenarios: &mut [ScenarioPlan]) -> Result<(), PlanError> {
    for index in 1..scenarios.len() {
        let (before, rest) = scenarios.split_at_mut(index);
        let taken = |name: &str| before.iter().any(|other| other.name == name);
        let name = rest[0].name.clone();
        if !taken(&name) {
            continue;
        }
        if name != rest[0].kind.as_str() {
            return Err(PlanError::Twice { what: "scenario", name });
        }
        let free = (2..).map(|number| format!("{name}-{number}")).find(|name| !taken(name));
        rest[0].name = free.unwrap_or(name);
    }
    Ok(())
}

/// On what declared faults are judged: on alerts only where one is declared.
fn declared_kpis(system: &System, declared: &[String]) -> Vec<KpiLine> {
    let chosen = || system.faults.iter().filter(|fault| declared.iter().any(|name| name == fault.name()));
    let owed = chosen().any(|fault| !fault.owed().is_empty());
    let lines = KpiLine::MODULE_CRASH.into_iter();
    lines.filter(|line| owed || line.id != KpiId::MissedAlerts).collect()
}

/// The kinds of faults that a scenario can inject into such stores.
fn possible(kind: ScenarioKind, stores: &StoresPlan) -> &'static [FaultKind] {
    match (kind, stores) {
        (ScenarioKind::Faults, _) => &[],
        (ScenarioKind::SingleModule, _) => MODULE_FAULTS,
        (ScenarioKind::Cascade, StoresPlan::Embedded) => &[FaultKind::Kill, FaultKind::StoreLock],
        (ScenarioKind::Cascade, StoresPlan::Local) => {
            &[FaultKind::Kill, FaultKind::StoreKill, FaultKind::StorePause]
        }
        (ScenarioKind::Cascade, StoresPlan::Existing(_) | StoresPlan::Unknown) => &[FaultKind::Kill],
        (ScenarioKind::DbRedisDown, StoresPlan::Embedded) => &[FaultKind::StoreLock],
        (ScenarioKind::DbRedisDown, StoresPlan::Local) => SERVER_FAULTS,
        (ScenarioKind::DbRedisDown, StoresPlan::Existing(ExistingStores { commands: Some(_), .. })) => {
            &[FaultKind::StoreStop]
        }
        (ScenarioKind::DbRedisDown, StoresPlan::Existing(_) | StoresPlan::Unknown) => &[],
    }
}

/// What is injected when nobody says.
fn by_default(kind: ScenarioKind, target: &TargetPlan, possible: &[FaultKind]) -> Vec<FaultKind> {
    match (kind, target) {
        (ScenarioKind::Faults, _) => Vec::new(),
        (ScenarioKind::SingleModule, TargetPlan::Bundled { .. }) => vec![FaultKind::Kill],
        // The API restart is all that may be done to somebody else's backend without being asked.
        (ScenarioKind::SingleModule, TargetPlan::External { .. }) => vec![FaultKind::Restart],
        // Nobody said that somebody else's modules may be killed: the supervisor only looks on there.
        (ScenarioKind::Cascade, TargetPlan::External { .. }) => Vec::new(),
        (ScenarioKind::Cascade, TargetPlan::Bundled { .. }) => possible.to_vec(),
        // A dead server and a hung one are noticed in different ways; an orderly stop is the mildest of the three.
        (ScenarioKind::DbRedisDown, _) if possible.contains(&FaultKind::StorePause) => {
            vec![FaultKind::StoreKill, FaultKind::StorePause]
        }
        (ScenarioKind::DbRedisDown, _) => possible.to_vec(),
    }
}

fn refused(fault: FaultKind, kind: ScenarioKind, stores: &StoresPlan, possible: &[FaultKind]) -> PlanError {
    let remedy = if possible.is_empty() {
        "say how the stores are stopped by --store-stop-cmd and --store-start-cmd with --database-url or --cache-url"
            .to_owned()
    } else {
        let names: Vec<_> = possible.iter().map(|fault| fault.as_str()).collect();
        format!("possible there: {}", names.join(", "))
    };
    let stores = match stores {
        StoresPlan::Embedded => "embedded stores",
        StoresPlan::Local => "local stores",
        StoresPlan::Existing(_) => "existing stores",
        StoresPlan::Unknown => "stores that are not known",
    };
    PlanError::Fault { fault: fault.as_str(), scenario: kind.as_str(), stores, remedy }
}

#[cfg(test)]
mod tests {
    use super::super::Plan;
    use super::*;

    fn outages() -> Options {
        Options { scenarios: vec![ScenarioKind::DbRedisDown.into()], ..Options::default() }
    }

    fn faults(options: Options) -> Result<Vec<&'static str>, String> {
        let plan = Plan::new(options, 1).map_err(|error| error.to_string())?;
        Ok(plan.scenarios[0].faults.iter().map(|fault| fault.as_str()).collect())
    }

    fn external(options: Options) -> Options {
        Options { base_url: Some("http://127.0.0.1:8000".to_owned()), ..options }
    }

    #[test]
    fn whose_stores_they_are_decides_what_may_be_injected() {
        assert_eq!(faults(outages()).unwrap(), ["store-lock"]);
        let local = Options { stores: Some(StoresChoice::Local), ..outages() };
        assert_eq!(faults(local.clone()).unwrap(), ["store-kill", "store-pause"]);
        assert_eq!(faults(Options { fault: Some(FaultKind::StoreStop), ..local }).unwrap(), ["store-stop"]);
        assert!(faults(external(outages())).unwrap().is_empty(), "nobody says how its stores are stopped");
        let named = Options { cache_url: Some("redis://h/0".to_owned()), ..outages() };
        assert!(faults(named.clone()).unwrap().is_empty());
        let commands = Options {
            store_stop_cmd: Some("stop {store}".to_owned()),
            store_start_cmd: Some("start {store}".to_owned()),
            ..named
        };
        assert_eq!(faults(external(commands)).unwrap(), ["store-stop"]);
    }

    #[test]
    fn a_fault_that_cannot_be_injected_is_refused_with_what_can_be() {
        let kill = Options { fault: Some(FaultKind::StoreKill), ..outages() };
        let error = faults(kill).unwrap_err();
        assert!(error.contains("with embedded stores") || error.contains("embedded stores"), "{error}");
        assert!(error.contains("possible there: store-lock"), "{error}");
        let module = Options { fault: Some(FaultKind::StoreLock), ..Options::default() };
        assert!(faults(module).unwrap_err().contains("kill, restart, pause, crash-loop"));
        let foreign = external(Options { fault: Some(FaultKind::StoreStop), ..outages() });
        assert!(faults(foreign).unwrap_err().contains("--store-stop-cmd"));
    }

    #[test]
    fn flags_that_make_no_sense_together_are_refused() {
        let check = |options, words: &str| {
            let error = faults(options).unwrap_err();
            assert!(error.contains(words), "{error}");
        };
        check(external(Options { stores: Some(StoresChoice::Local), ..outages() }), "--stores");
        check(
            Options {
                stores: Some(StoresChoice::Local),
                database_url: Some("postgres://h/d".to_owned()),
                ..outages()
            },
            "leave one out",
        );
        check(Options { store_stop_cmd: Some("x".to_owned()), ..outages() }, "--store-start-cmd");
        let (stop, start) = (Some("x".to_owned()), Some("y".to_owned()));
        check(
            Options { store_stop_cmd: stop, store_start_cmd: start, ..outages() },
            "--database-url or --cache-url",
        );
        check(Options { database_url: Some("redis://h/0".to_owned()), ..outages() }, "postgres://");
        check(Options { outage: Some(Duration::from_millis(100)), ..outages() }, "--outage");
    }

    #[test]
    fn scenarios_of_one_kind_are_told_apart() {
        let of = |names: [Option<&str>; 3]| {
            let scenarios = names.map(|name| ScenarioOptions {
                name: name.map(str::to_owned),
                ..ScenarioKind::SingleModule.into()
            });
            let plan = Plan::new(Options { scenarios: scenarios.to_vec(), ..Options::default() }, 1);
            plan.map(|plan| plan.scenarios.into_iter().map(|scenario| scenario.name).collect::<Vec<_>>())
        };
        assert_eq!(of([None, None, None]).unwrap(), ["single-module", "single-module-2", "single-module-3"]);
        assert_eq!(of([Some("a"), None, Some("b")]).unwrap(), ["a", "single-module", "b"]);
        assert!(of([Some("a"), None, Some("a")]).unwrap_err().to_string().contains("the scenario a"));
    }

    #[test]
    fn the_password_of_a_store_is_not_in_the_plans_debug_form() {
        let options = Options { database_url: Some("postgres://u:s3cret@h/d".to_owned()), ..outages() };
        assert!(!format!("{:?}", Plan::new(options, 1).unwrap()).contains("s3cret"));
    }
}

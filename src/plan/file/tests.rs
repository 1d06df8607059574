//! Plan files, good and bad.

use std::time::Duration;

use super::*;
use crate::journal::event::ScenarioRecord;
use crate::plan::{Plan, TargetRecord};

fn options(text: &str) -> Options {
    PlanFile::read(text).unwrap().options(text, |_| None).unwrap()
}

/// What is wrong, as a user reads it.
fn wrong(text: &str) -> String {
    let file = match PlanFile::read(text) {
        Ok(file) => file,
        Err(problem) => return problem.to_string(),
    };
    let options = match file.options(text, |_| None) {
        Ok(options) => options,
        Err(problem) => return problem.to_string(),
    };
    PlanFile::problem(text, &Plan::new(options, 1).unwrap_err()).unwrap().to_string()
}

#[test]
fn the_built_in_files_say_what_the_flags_do() {
    let kinds = |name: &str| match name {
        "single-module" => vec![ScenarioKind::SingleModule],
        "db-redis-down" => vec![ScenarioKind::DbRedisDown],
        "cascade" => vec![ScenarioKind::Cascade],
        _ => Vec::new(),
    };
    for (name, text) in BUILT_IN {
        let scenarios = kinds(name).into_iter().map(ScenarioOptions::from).collect();
        let flags = Plan::new(Options { scenarios, ..Options::default() }, 7).unwrap();
        let file = Plan::new(options(text), 7).unwrap();
        assert_eq!(format!("{file:?}"), format!("{flags:?}"), "{name}");
    }
}

#[test]
fn every_value_of_a_file_has_its_place_and_flags_win() {
    let text = r#"
        seed = 5
        labels = { team = "a", branch = "main" }
        [load]
        users = 7
        think_time = 0.25
        goose_options = ["--throttle-requests", "500"]
        [steady_state]
        hold = "500ms"
        [guardrail]
        abort_when = ["unrecovered"]
        [policy]
        max_retries = 5
        backoff_factor = 1.5
        backoff_initial = "50ms"
        [[scenario]]
        kind = "single-module"
        crash_loop = 2
        iterations = 4
        [[scenario]]
        kind = "cascade"
        duration = "30s"
    "#;
    let plan = Plan::new(options(text), 1).unwrap();
    assert_eq!((plan.seed, plan.users, plan.think_time), (5, 7, Duration::from_millis(250)));
    assert_eq!((plan.hold, plan.guardrails.len()), (Duration::from_millis(500), 1));
    let [first, second] = &plan.scenarios[..] else { panic!("two scenarios") };
    assert_eq!((first.faults.as_slice(), first.iterations), (&[FaultKind::CrashLoop][..], 4));
    assert_eq!(second.cascade.unwrap().duration, Duration::from_secs(30));

    let flags = Options {
        users: Some(9),
        iterations: Some(2),
        labels: vec![("team".to_owned(), "b".to_owned())],
        backend_options: ["--max-retries", "1"].map(str::to_owned).to_vec(),
        ..Options::default()
    };
    let merged = flags.over(options(text));
    let policy = ["--backoff-initial", "50ms", "--backoff-factor", "1.5", "--max-retries", "1"];
    assert_eq!(merged.backend_options, policy);
    let plan = Plan::new(merged, 1).unwrap();
    assert_eq!((plan.users, plan.scenarios[0].iterations, plan.goose_options.len()), (9, 2, 2));
    assert_eq!(
        plan.labels.into_iter().collect::<Vec<_>>(),
        [("branch".to_owned(), "main".to_owned()), ("team".to_owned(), "b".to_owned())]
    );
}

#[test]
fn a_mistake_is_told_with_its_line_and_column() {
    for (text, says) in [
        ("[load]\nusrs = 5\n", "2:1: unknown key usrs: did you mean users?"),
        ("[laod]\n", "1:2: unknown key laod: did you mean load?"),
        ("[load]\nzzz = 5\n", "2:1: unknown key zzz: known here are users, think_time"),
        (
            "[[scenario]]\nkind = \"single-modul\"\n",
            "2:8: unknown value single-modul: did you mean single-module?",
        ),
        ("[load]\nusers = \"many\"\n", "2:9: invalid type"),
        ("[load]\nusers = 0\n", "2:9: load.users must be 1 to 100000"),
        ("[steady_state]\nhold = \"2 parsecs\"\n", "2:8: parsecs is no unit"),
        ("seed = 1\n[steady_state]\nbaseline = 1\n", "3:12: steady_state.baseline must be at least 2.5s"),
        (
            "[[scenario]]\nkind = \"cascade\"\n[[scenario]]\nkind = \"single-module\"\niterations = 0\n",
            "5:14: scenario.iterations must",
        ),
        ("[target]\nbase_url = \"ftp://x\"\n", "2:12: target.base_url ftp://x"),
        (
            "[stores]\nkind = \"local\"\ncache_url = \"redis://h/0\"\n",
            "2:8: stores.kind cannot be used with stores.database_url or stores.cache_url",
        ),
        ("[guardrail]\nabort_when = [\"unlucky\"]\n", "2:1: guardrail.abort_when"),
        (
            "[target]\nbase_url = \"http://h:8000\"\n[policy]\nmax_retries = 1\n",
            "3:2: policy needs the bundled backend",
        ),
        (
            "[[kpi]]\nexpect = \"p59 during < 2s\"\n",
            "2:10: 'p59 during < 2s': p59 is no figure: use p50, p90, p95",
        ),
        ("[[kpi]]\nexpect = \"p95 < 2s\"\nphase = \"during\"\n", "3:1: unknown key phase: known here are"),
        ("[[kpi]]\nname = \"slow\"\n", "1:1: missing field `expect`"),
        (
            "[[kpi]]\nname = \"a\"\nexpect = \"p95 < 2s\"\n\n[[kpi]]\nexpect = \"p99 < 2s\"\nname = \"a\"\n",
            "7:8: a KPI is called a already",
        ),
        (
            "[[kpi]]\nexpect = \"p95 < 2s\"\n[[kpi]]\nexpect = \"p95 < 2000 ms\"\n",
            "4:10: a KPI is called p95 < 2s already",
        ),
        ("users = [\n", "1:10: unclosed array"),
        ("[stores]\ndatabase_url = \"${DB}\"\n", "2:17: the variable DB is not set"),
    ] {
        let said = wrong(text);
        assert!(said.starts_with(says), "{said}\n for {text}");
    }
}

#[test]
fn every_scenario_is_judged_on_the_kpis_of_the_file_besides_its_own() {
    let text = r#"
        [[kpi]]
        name = "slow answers"
        expect = "p95 during episodes < 2s"
        [[kpi]]
        expect = "availability > 99.9%"
    "#;
    let plan = Plan::new(options(text), 1).unwrap();
    let target = TargetRecord {
        base_url: &"http://127.0.0.1:8000".parse().unwrap(),
        stores: None,
        alert_source: true,
        canary_request: "GET /",
        policy: None,
    };
    let record = plan.record(&target);
    let ids = |scenario: &ScenarioRecord| {
        scenario.kpis.iter().map(|kpi| kpi.id.clone()).collect::<Vec<_>>().join(", ")
    };
    let [first, second, _] = &record.scenarios[..] else { panic!("three scenarios") };
    assert!(ids(first).ends_with("missed_alerts, slow answers, availability > 99.9%"), "{}", ids(first));
    assert!(ids(second).ends_with("missed_alerts, slow answers, availability > 99.9%"), "{}", ids(second));
}

#[test]
fn a_variable_of_the_environment_stands_in_for_a_secret() {
    let text = "[stores]\ndatabase_url = \"postgres://u:${PASSWORD}@h/d\"\n";
    let file = PlanFile::read(text).unwrap();
    assert!(!format!("{file:?}").contains("PASSWORD"));
    let options = file.options(text, |name| (name == "PASSWORD").then(|| "s3cret".to_owned())).unwrap();
    assert_eq!(options.database_url.as_deref(), Some("postgres://u:s3cret@h/d"));
}

#[test]
fn a_sweep_of_a_file_has_its_axes_as_flags_have_them() {
    let text = "[sweep]\nrepeats = 5\nmax_retries = [0, 1, 3]\nbackoff_initial = [\"50ms\", \"200ms\"]\n";
    let sweep = PlanFile::read(text).unwrap().sweep;
    assert_eq!(sweep.repeats, Some(5));
    let axes: Vec<_> = sweep.axes().collect();
    let values = |all: &[&str]| all.iter().map(|value| (*value).to_owned()).collect::<Vec<_>>();
    assert_eq!(
        axes,
        [("max-retries", values(&["0", "1", "3"])), ("backoff-initial", values(&["50ms", "200ms"]))]
    );
}

#[test]
fn the_schema_takes_what_is_read_and_refuses_what_is_not() {
    let validator = jsonschema::draft7::new(&schema()).unwrap();
    let json = |text: &str| serde_json::to_value(toml::from_str::<toml::Table>(text).unwrap()).unwrap();
    for (name, text) in BUILT_IN {
        let errors: Vec<_> = validator.iter_errors(&json(text)).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{name}: {errors:?}");
    }
    for expect in
        ["p95 during episodes < 2s", "availability>99.9%", "throughput recovering >= 100/s", "p50≤1.5 ms"]
    {
        let text = format!("[[kpi]]\nexpect = \"{expect}\"\n");
        assert!(PlanFile::read(&text).is_ok() && validator.is_valid(&json(&text)), "{expect}");
    }
    assert!(!validator.is_valid(&json("[[kpi]]\nexpect = \"p59 during < 2s\"\n")));
    assert!(!validator.is_valid(&json("[load]\nusrs = 1\n")));
    assert!(!validator.is_valid(&json("[steady_state]\nhold = \"soon\"\n")));
}

fn options_of(text: &str) -> Result<Options, String> {
    let read = PlanFile::read(text).map_err(|problem| problem.to_string())?;
    read.options(text, |name| (name == "TOKEN").then(|| "s3cret".to_owned()))
        .map_err(|problem| problem.to_string())
}

/// `text` with `to` in the place of `from` is refused in such words.
#[track_caller]
fn refused(text: &str, from: &str, to: &str, expected: &str) {
    assert!(text.contains(from), "{from}");
    let told = options_of(&text.replacen(from, to, 1)).unwrap_err();
    assert!(told.contains(expected), "{told}");
}

/// A system that nobody here wrote.
const FOREIGN: &str = r#"
[target]
base_url = "http://127.0.0.1:8000"
headers = { Authorization = "Bearer ${TOKEN}" }
canary = "/"
[target.health]
path = "/healthz"
pointer = "/status"
values = ["UP"]
[[target.module]]
name = "worker"
pid_file = "/run/web.pid"
children = true
pick = "oldest"
[[load.request]]
method = "POST"
path = "/items/{user}"
body = '{"seq": {seq}}'
weight = 3
[[fault]]
name = "killed worker"
kind = "signal"
module = "worker"
signal = "KILL"
[[fault]]
name = "hung worker"
kind = "signal"
module = "worker"
signal = "STOP"
lasts = "5s"
[[expect.alert]]
fault = "hung worker"
kinds = ["Down"]
within = "3s"
"#;

#[test]
fn a_system_of_somebody_elses_is_described_in_full() {
    let options = options_of(FOREIGN).unwrap();
    let system = &options.system;
    assert_eq!(system.headers[0].1.expose(), "Bearer s3cret");
    assert!(!format!("{options:?}").contains("s3cret"), "a token is not printed");
    assert_eq!((system.requests[0].name.as_str(), system.requests[0].weight), ("POST /items/{user}", 3));
    assert_eq!(system.health.path(), Some("/healthz"));
    let plan = Plan::new(options, 1).unwrap();
    let [scenario] = &plan.scenarios[..] else { panic!("one scenario, implied by the faults") };
    assert_eq!(scenario.declared, ["killed worker", "hung worker"]);
    assert_eq!((plan.episodes(), scenario.kpis.len()), (6, 3), "an alert is owed, so it is judged");
    let owed = plan.system.faults[1].owed();
    assert_eq!((owed[0].module.as_str(), owed[0].min_severity.as_str()), ("hung worker", "warning"));
}

#[test]
fn what_is_wrong_with_a_system_is_told_with_its_place() {
    let check = |from, to, expected| refused(FOREIGN, from, to, expected);
    check("signal = \"KILL\"", "sginal = \"KILL\"", "24:1: unknown key sginal: did you mean signal?");
    check("signal = \"KILL\"", "signal = \"KIL\"", "did you mean KILL?");
    check("signal = \"KILL\"", "", "a fault of kind signal needs signal");
    check(
        "module = \"worker\"\nsignal = \"KILL\"",
        "module = \"w\"\nsignal = \"KILL\"",
        "no [[target.module]] w",
    );
    check("children = true", "listener = \"127.0.0.1:1\"", "exactly one of pid_file");
    check("path = \"/healthz\"", "path = \"/\"\ntcp = \"127.0.0.1:1\"", "exclude each other");
    check("path = \"/healthz\"", "", "need path");
    check("pointer = \"/status\"", "pointer = \"status\"", "8:11: status is no JSON pointer");
    check("${TOKEN}", "${TOKN}", "4:37: the variable TOKN is not set");
    check("fault = \"hung worker\"", "fault = \"hanged worker\"", "no [[fault]] hanged worker");
}

/// One fault of each kind.
const FAULTS: &str = r#"
[target]
base_url = "http://127.0.0.1:8000"
canary = "/"
[[proxy]]
name = "a"
listen = "127.0.0.1:0"
upstream = "127.0.0.1:8001"
[[fault]]
name = "unit stopped"
kind = "command"
inject = "systemctl stop $UNIT"
revert = "systemctl start $UNIT"
verify = "! systemctl is-active $UNIT"
lasts = "3s"
[[fault]]
name = "switched off"
kind = "http"
inject = { url = "http://admin:${TOKEN}@127.0.0.1:9/off", headers = { X-Key = "${TOKEN}" }, status = [202] }
revert = { method = "DELETE", url = "http://127.0.0.1:9/off" }
[[fault]]
name = "slow"
kind = "proxy"
proxy = "a"
toxic = "latency"
latency = "200ms"
jitter = "20ms"
lasts = "3s"
[[fault]]
name = "poisoned"
kind = "toxiproxy"
api = "http://127.0.0.1:8474"
proxy = "db"
toxic = "latency"
attributes = { latency = 200 }
[[fault]]
name = "cache paused"
kind = "redis"
url = "redis://:${TOKEN}@127.0.0.1:6379/0"
action = "pause-clients"
lasts = "2s"
[[fault]]
name = "backends gone"
kind = "postgres"
url = "postgres://me:${TOKEN}@127.0.0.1/app"
"#;

#[cfg(feature = "stores")]
#[test]
fn every_kind_of_fault_is_declared_without_showing_a_secret() {
    let options = options_of(FAULTS).unwrap();
    assert!(!format!("{options:?}").contains("s3cret"));
    let names: Vec<_> = options.system.faults.iter().map(|fault| fault.name().to_owned()).collect();
    let expected = ["unit stopped", "switched off", "slow", "poisoned", "cache paused", "backends gone"];
    assert_eq!(names, expected);
    let kind = |at: usize| options.system.faults[at].make().map(|fault| fault.kind());
    let kinds: Vec<_> = [0, 1, 3, 4, 5].into_iter().map(|at| kind(at).unwrap()).collect();
    let expected =
        ["command", "http", "toxiproxy-latency", "redis-pause-clients", "postgres-terminate-backends"];
    assert_eq!(kinds, expected);
    assert!(kind(2).unwrap_err().contains("the proxy a is not open"), "a plan opens nothing");
}

#[test]
fn what_is_wrong_with_a_fault_is_told() {
    let check = |from, to, expected| refused(FAULTS, from, to, expected);
    check("revert = \"systemctl start $UNIT\"\n", "", "fault unit stopped: lasts needs revert");
    check("inject = \"systemctl stop $UNIT\"\n", "", "needs inject");
    check("\"systemctl stop $UNIT\"", "{ url = \"http://h/\" }", "inject is a request");
    check(
        "{ method = \"DELETE\", url = \"http://127.0.0.1:9/off\" }",
        "\"curl\"",
        "revert must be a request",
    );
    check("method = \"DELETE\"", "methd = \"DELETE\"", "did you mean method?");
    check("@127.0.0.1:9/off\", headers", ":\", headers", "is no http or https URL");
    check("proxy = \"a\"", "proxy = \"b\"", "22:8: fault slow: there is no [[proxy]] b");
    check(
        "toxic = \"latency\"\nlatency",
        "toxic = \"cut\"\nlatency",
        "latency means nothing to the toxic cut",
    );
    check("toxic = \"latency\"\nlatency", "toxic = \"slow\"\nlatency", "there is no toxic slow");
    check("latency = \"200ms\"\n", "", "needs latency");
    check(
        "attributes = { latency = 200 }",
        "rate_kib = 3",
        "rate_kib means nothing to a fault of kind toxiproxy",
    );
    check("listen = \"127.0.0.1:0\"", "listen = \"here\"", "7:10:");
    #[cfg(feature = "stores")]
    check(
        "action = \"pause-clients\"\nlasts = \"2s\"",
        "action = \"pause-clients\"",
        "pause-clients needs lasts",
    );
}

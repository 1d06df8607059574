//! A system that nobody here wrote and that knows nothing of R-v0.2, described by a plan file.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

use crate::command::{Workplace, goose_recovery, told, turn};

/// The supervisor with its server.
struct Supervised {
    process: Child,
    port: u16,
    incidents: u16,
}

impl Supervised {
    /// Tells of crashes to `sink`, if there is one.
    fn start(sink: Option<&str>) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/supervised.py");
        let mut command = Command::new("python3");
        command.arg(script).args(sink).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut process = command.spawn().expect("scripts/test installs python3");
        let mut ports = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut ports).unwrap();
        let mut ports = ports.split_whitespace().map(|port| port.parse().unwrap());
        let (port, incidents) = (ports.next().unwrap(), ports.next().unwrap());
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        Self { process, port, incidents }
    }

    /// A plan for it, with `more` in it.
    fn plan(&self, more: &str) -> String {
        let port = self.port;
        format!(
            r#"
seed = 3
[target]
base_url = "http://127.0.0.1:{port}"
headers = {{ X-Token = "${{TOKEN_OF_THE_TEST}}" }}
[target.health]
path = "/ready"
pointer = "/state/overall"
values = ["UP"]
[[target.module]]
name = "web"
process = "--web {port}$"
[load]
users = 4
[[load.request]]
path = "/items/{{user}}?n={{seq}}"
weight = 3
[[load.request]]
name = "echo"
method = "POST"
path = "/echo"
body = '{{"seq": {{seq}}, "user": {{user}}}}'
status = [201]
[[load.request]]
path = "/"
[steady_state]
baseline = "2500ms"
hold = "500ms"
{more}"#
        )
    }
}

impl Drop for Supervised {
    fn drop(&mut self) {
        // It ends its server on the way.
        let pid = rustix::process::Pid::from_child(&self.process);
        let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
        let _ = self.process.wait();
    }
}

const KILLED: &str = r#"
[[fault]]
name = "crash"
kind = "signal"
module = "web"
signal = "KILL"
[[expect.alert]]
fault = "crash"
kinds = ["down"]
module = "web"
within = "3s"
[[scenario]]
kind = "faults"
iterations = 2
pause = "300ms"
"#;

fn run(place: &Workplace, plan: &str, more: &[&str]) -> Output {
    let file = place.path("plan.toml");
    std::fs::write(&file, plan).unwrap();
    let mut command = goose_recovery();
    command
        .arg("run")
        .arg("--plan")
        .arg(file)
        .arg("--log")
        .arg(place.journal())
        .arg("--out")
        .arg(place.report());
    command.env("TOKEN_OF_THE_TEST", "letmein").args(["--quiet"]).args(more).output().unwrap()
}

fn kpi(place: &Workplace, id: &str) -> Value {
    let kpis = place.summary()["kpis"].as_array().unwrap().clone();
    kpis.into_iter().find(|kpi| kpi["id"] == id).unwrap_or_default()
}

#[test]
fn it_is_killed_heals_and_tells_in_a_message_for_people() {
    let _turn = turn();
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let sink = format!("http://{free}/told");
    let (place, system) = (Workplace::new(), Supervised::start(Some(&sink)));
    let text = format!("{KILLED}\n[alerts]\ntext = '(?<module>\\w+) is (?<kind>\\w+)'\n");
    let listen = free.to_string();
    let output = run(&place, &system.plan(&text), &["--alert-listen", &listen, "--alert-path", "/told"]);
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    let summary = place.summary();
    let episodes = summary["episodes"].as_array().unwrap();
    assert_eq!(episodes.len(), 2, "{}", told(&output));
    for episode in episodes {
        assert_eq!((&episode["fault"], &episode["target"]), (&"signal-kill".into(), &"crash".into()));
        assert_eq!(episode["outcome"], "recovered", "{episode}");
        let us = episode["recovery_us"].as_u64().unwrap();
        assert!((200_000..5_000_000).contains(&us), "it comes back after 0.2 s at the earliest: {us} µs");
    }
    assert_eq!(
        (&kpi(&place, "missed_alerts")["verdict"], kpi(&place, "missed_alerts")["denominator"].as_u64()),
        (&"pass".into(), Some(2))
    );
    // What users asked for is what the plan says, and outside the episodes all of it went well.
    let lines = place.lines();
    let named =
        |name: &str| lines.iter().filter(|line| line["type"] == "request" && line["name"] == name).count();
    let (items, echoes) = (named("GET /items/{user}?n={seq}"), named("echo"));
    assert!(items > echoes && echoes > 0, "{items} and {echoes}");
    let failed = |line: &&Value| line["type"] == "request" && line["ok"] == false && line["status"].is_u64();
    assert!(!lines.iter().any(|line| failed(&line)), "only what met no server failed");
    let everything = std::fs::read_to_string(place.journal()).unwrap() + &told(&output);
    assert!(!everything.contains("letmein"), "a header's value is neither journalled nor printed");
}

#[test]
fn its_alerts_are_asked_for_where_nobody_sends_them() {
    let _turn = turn();
    let (place, system) = (Workplace::new(), Supervised::start(None));
    let text = format!(
        "{KILLED}\n[alerts]\nurl = 'http://127.0.0.1:{}/'\nitems = '/incidents'\nid = '/nr'\nkind = '/what'\nmodule = '/who/name'\n",
        system.incidents
    );
    let output = run(&place, &system.plan(&text), &[]);
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    assert_eq!(kpi(&place, "missed_alerts")["denominator"], 2, "{}", told(&output));
    let received = place.lines().into_iter().filter(|line| line["type"] == "alert_received").count();
    assert_eq!(received, 2, "each is taken once, however often it is listed");
    // The same list cannot be had where nobody listens.
    let nowhere = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let place = Workplace::new();
    let refused = run(&place, &system.plan(KILLED), &["--alerts-url", &format!("http://{nowhere}/")]);
    assert_eq!(refused.status.code(), Some(4), "{}", told(&refused));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("--alerts-url"), "{}", told(&refused));
}

#[test]
fn a_process_that_is_not_declared_or_not_there_is_told_beforehand() {
    let _turn = turn();
    let (place, system) = (Workplace::new(), Supervised::start(None));
    let undeclared = KILLED.replace("module = \"web\"\nsignal", "module = \"nobody\"\nsignal");
    let wrong = run(&place, &system.plan(&undeclared), &[]);
    assert_eq!(wrong.status.code(), Some(2), "{}", told(&wrong));
    assert!(
        String::from_utf8_lossy(&wrong.stderr).contains("no [[target.module]] nobody"),
        "{}",
        told(&wrong)
    );
    let gone = KILLED.replace("module = \"web\"\nsignal", "module = \"gone\"\nsignal")
        + "[[target.module]]\nname = \"gone\"\nprocess = \"no-such-command-line-anywhere\"\n";
    let absent = run(&place, &system.plan(&gone), &[]);
    assert_eq!(absent.status.code(), Some(4), "{}", told(&absent));
    let said = String::from_utf8_lossy(&absent.stderr).into_owned();
    assert!(
        said.contains("the fault crash cannot be injected") && said.contains("no process is found"),
        "{said}"
    );
}

//! A backend as a guard, a webhook, and waiting with a deadline.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use rustix::process::{Pid, Signal};
use serde_json::Value;

/// Far longer than anything here takes on a busy machine.
const DEADLINE: Duration = Duration::from_secs(20);

/// A running backend. Dropped, it is killed; its modules must die with it by themselves.
pub(crate) struct Backend {
    child: Child,
    pub(crate) url: String,
    pub(crate) client: reqwest::Client,
}

pub(crate) const DATABASE_VARIABLE: &str = "FAULT_RECOVERY_DATABASE_URL";
pub(crate) const CACHE_VARIABLE: &str = "FAULT_RECOVERY_CACHE_URL";

pub(crate) const TOKEN_VARIABLE: &str = "FAULT_RECOVERY_TOKEN";

pub(crate) fn command(data_dir: &Path, flags: &[&str]) -> Command {
    command_on("127.0.0.1:0", data_dir, flags)
}

pub(crate) fn command_on(address: &str, data_dir: &Path, flags: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fault-recovery-manager"));
    for variable in [DATABASE_VARIABLE, CACHE_VARIABLE, TOKEN_VARIABLE] {
        command.env_remove(variable);
    }
    command.args(["--listen", address, "--data-dir"]).arg(data_dir).args(flags);
    command
}

impl Backend {
    /// Starts a backend and waits until it is healthy.
    pub(crate) async fn start(data_dir: &Path, flags: &[&str]) -> Self {
        Self::start_command(command(data_dir, flags)).await
    }

    /// Starts what `command` has made, and waits until it is healthy.
    pub(crate) async fn start_command(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let stdout = child.stdout.take().unwrap();
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line).unwrap();
        let announced: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(announced["pid"], child.id());
        let url = announced["url"].as_str().unwrap().to_owned();
        let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(10)).build().unwrap();
        let backend = Self { child, url, client };
        backend.until_healthy().await;
        backend
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    pub(crate) async fn get(&self, path: &str) -> (StatusCode, Value) {
        let answer = self.client.get(format!("{}{path}", self.url)).send().await.unwrap();
        (answer.status(), answer.json().await.unwrap())
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> (StatusCode, Value) {
        let answer = self.client.post(format!("{}{path}", self.url)).json(body).send().await.unwrap();
        (answer.status(), answer.json().await.unwrap())
    }

    pub(crate) async fn put(&self, path: &str, body: &Value) -> (StatusCode, Value) {
        let answer = self.client.put(format!("{}{path}", self.url)).json(body).send().await.unwrap();
        (answer.status(), answer.json().await.unwrap())
    }

    /// Sets `fields` of the policy and leaves the others.
    pub(crate) async fn change_policy(&self, fields: Value) -> (StatusCode, Value) {
        let (_, mut policy) = self.get("/api/recovery/policy").await;
        policy.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        self.put("/api/recovery/policy", &policy).await
    }

    /// Sends `signal` to `module`'s process.
    pub(crate) async fn signal(&self, module: &str, with: Signal) {
        let pid = self.module(module).await["pid"].as_u64().unwrap();
        signal(u32::try_from(pid).unwrap(), with);
    }

    pub(crate) async fn module(&self, name: &str) -> Value {
        let (_, health) = self.get("/api/system/health").await;
        let modules = health["modules"].as_array().unwrap();
        modules.iter().find(|module| module["name"] == name).unwrap().clone()
    }

    /// Process ids of all modules that have one.
    pub(crate) async fn pids(&self) -> Vec<u32> {
        let (_, health) = self.get("/api/system/health").await;
        let pid = |module: &Value| module["pid"].as_u64().map(|pid| pid as u32);
        health["modules"].as_array().unwrap().iter().filter_map(pid).collect()
    }

    pub(crate) async fn until_healthy(&self) {
        until("healthy", async || self.get("/api/system/health").await.0 == StatusCode::OK).await;
    }

    pub(crate) async fn until_status(&self, module: &str, status: &str) {
        until(status, async || self.module(module).await["status"] == status).await;
    }

    /// The kinds of `module`'s events after `since`.
    pub(crate) async fn events(&self, module: &str, since: u64) -> Vec<Value> {
        let (_, page) = self.get(&format!("/api/recovery/events?since={since}&limit=10000")).await;
        page["events"].as_array().unwrap().iter().filter(|event| event["module"] == module).cloned().collect()
    }

    pub(crate) async fn last_event(&self) -> u64 {
        self.get("/api/recovery/events?limit=10000").await.1["next"].as_u64().unwrap()
    }

    /// Kills `module` and waits until another process of it is ready and everything is healthy.
    pub(crate) async fn crash(&self, module: &str) {
        let pid = self.module(module).await["pid"].as_u64().unwrap();
        signal(pid as u32, Signal::KILL);
        until("another pid", async || {
            let now = self.module(module).await;
            now["pid"].as_u64().is_some_and(|now| now != pid) && now["status"] == "ready"
        })
        .await;
        self.until_healthy().await;
    }

    /// SIGKILL, as a crash of the manager.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Sends `signal` and waits for the end.
    pub(crate) async fn stop(&mut self, with: Signal) -> std::process::ExitStatus {
        signal(self.child.id(), with);
        let mut status = None;
        until("the manager's end", async || {
            status = self.child.try_wait().unwrap();
            status.is_some()
        })
        .await;
        status.unwrap()
    }
}

impl Drop for Backend {
    fn drop(&mut self) {
        // An error means that it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn kinds(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["kind"].as_str().unwrap()).collect()
}

/// Signals a process that a test has started, directly or through its backend.
pub(crate) fn signal(pid: u32, signal: Signal) {
    let pid = Pid::from_raw(i32::try_from(pid).unwrap()).unwrap();
    rustix::process::kill_process(pid, signal).unwrap();
}

/// Whether a process runs; a zombie does not.
pub(crate) fn runs(pid: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"));
    stat.is_ok_and(|stat| !stat.rsplit(')').next().unwrap().trim_start().starts_with(['Z', 'X']))
}

/// Asks until `holds`; panics after a deadline.
pub(crate) async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let waiting = async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    assert!(tokio::time::timeout(DEADLINE, waiting).await.is_ok(), "waited in vain for: {what}");
}

/// What a webhook received, and what it answers.
#[derive(Clone, Default)]
pub(crate) struct Received {
    alerts: Arc<Mutex<Vec<Value>>>,
    answers: Arc<Mutex<Vec<StatusCode>>>,
}

impl Received {
    pub(crate) fn all(&self) -> Vec<Value> {
        self.alerts.lock().unwrap().clone()
    }

    /// `kind module` of every alert.
    pub(crate) fn names(&self) -> Vec<String> {
        let name = |alert: &Value| {
            format!("{} {}", alert["kind"].as_str().unwrap(), alert["module"].as_str().unwrap())
        };
        self.all().iter().map(name).collect()
    }

    /// The next request is answered with `status`, instead of 204.
    pub(crate) fn answer_next(&self, status: StatusCode) {
        self.answers.lock().unwrap().push(status);
    }
}

/// Serves a webhook on `address`; its path is `/secret-path`.
pub(crate) async fn webhook_on(address: &str) -> (String, Received) {
    let listener = tokio::net::TcpListener::bind(address).await.unwrap();
    let url = format!("http://{}/secret-path", listener.local_addr().unwrap());
    (url, serve(listener))
}

fn serve(listener: tokio::net::TcpListener) -> Received {
    let received = Received::default();
    let app = Router::new().route("/secret-path", post(receive)).with_state(received.clone());
    tokio::spawn(axum::serve(listener, app).into_future());
    received
}

/// A webhook that is down: connections are refused, and nobody else gets its port meanwhile.
pub(crate) struct DownWebhook(tokio::net::TcpSocket);

impl DownWebhook {
    pub(crate) fn new() -> Self {
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        Self(socket)
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/secret-path", self.0.local_addr().unwrap())
    }

    /// From now on it listens.
    pub(crate) fn up(self) -> Received {
        serve(self.0.listen(128).unwrap())
    }
}

async fn receive(State(received): State<Received>, headers: HeaderMap, body: String) -> StatusCode {
    let body: Value = serde_json::from_str(&body).unwrap();
    // Alertmanager's form, or our own.
    let alert = match body["alerts"].get(0) {
        Some(firing) => serde_json::json!({
            "kind": firing["labels"]["alertname"],
            "module": firing["labels"]["module"],
            "severity": firing["labels"]["severity"],
            "message": firing["annotations"]["description"],
            "idempotency_key": firing["annotations"]["idempotency_key"],
            "payload": body,
        }),
        None => body,
    };
    assert_eq!(headers["idempotency-key"].to_str().unwrap(), alert["idempotency_key"]);
    let answer = received.answers.lock().unwrap().pop();
    if answer.is_none() {
        received.alerts.lock().unwrap().push(alert);
    }
    answer.unwrap_or(StatusCode::NO_CONTENT)
}

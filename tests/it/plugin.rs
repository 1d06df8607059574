//! The plugin from within a program: goose's users and the server that they load are in this process.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use goose::config::GooseConfiguration;
use goose::prelude::*;
use goose_recovery::exit::Exit;
use goose_recovery::journal::event::FinishReason;
use goose_recovery::prelude::*;
use goose_recovery::stop::Stop;
use serde_json::Value;

use crate::command::turn;

/// goose as quiet as it can be, and with everything counted from the first request on.
const GOOSE: [&str; 9] = [
    "--users",
    "4",
    "--increase-rate",
    "50",
    "--quiet",
    "--no-print-metrics",
    "--no-reset-metrics",
    "--no-telnet",
    "--no-error-summary",
];
/// How long an outage is, where it ends by itself.
const OUTAGE: Duration = Duration::from_millis(600);

/// A server that is down as long as it is told so.
#[derive(Clone, Default)]
struct Down(Arc<AtomicBool>);

impl Down {
    fn get(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }

    async fn until(&self) {
        while !self.get() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

impl CustomFault for Down {
    async fn inject(&mut self) -> FaultResult {
        self.0.store(true, Ordering::Release);
        Ok(())
    }

    async fn revert(&mut self) -> FaultResult {
        self.0.store(false, Ordering::Release);
        Ok(())
    }
}

/// A server on a runtime of its own, and the switch that takes it down.
struct Server {
    address: SocketAddr,
    down: Down,
    _runtime: tokio::runtime::Runtime,
}

impl Server {
    fn start() -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let (address, down) = (listener.local_addr().unwrap(), Down::default());
        let page = |State(down): State<Down>| async move {
            if down.get() { (StatusCode::SERVICE_UNAVAILABLE, "") } else { (StatusCode::OK, "fine") }
        };
        let router = Router::new().route("/", get(page)).route("/odd", get(page)).with_state(down.clone());
        runtime.spawn(async move { axum::serve(listener, router).await });
        Self { address, down, _runtime: runtime }
    }

    fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

async fn front(user: &mut GooseUser) -> TransactionResult {
    user.get("/").await?;
    Ok(())
}

/// Finds fault with every answer that goose takes for a good one.
async fn odd(user: &mut GooseUser) -> TransactionResult {
    let mut goose = user.get("/odd").await?;
    user.set_failure("nothing to see", &mut goose.request, None, None)
}

fn visitor() -> Scenario {
    scenario!("Visitor")
        .set_wait_time(Duration::from_millis(20), Duration::from_millis(40))
        .unwrap()
        .register_transaction(transaction!(front))
        .register_transaction(transaction!(odd))
}

/// As short as a run can be, against `server`.
fn short(attack: RecoveryAttack, server: &Server, folder: &Path, fault: RecoveryFault) -> RecoveryAttack {
    attack
        .set_target(server.url())
        .set_log(folder.join("journal.jsonl"))
        .set_baseline(Duration::from_millis(2_500))
        .set_hold(Duration::from_millis(300))
        .set_iterations(1)
        .register_fault(fault)
}

fn attack(server: &Server, more: &[&str]) -> RecoveryAttack {
    let url = server.url();
    let words = [&GOOSE[..], &["--host", &url], more].concat();
    RecoveryAttack::initialize_from(words).unwrap().register_scenario(visitor())
}

fn outage(server: &Server) -> RecoveryFault {
    RecoveryFault::new("server", server.down.clone()).lasts(OUTAGE)
}

fn lines(folder: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(folder.join("journal.jsonl")).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// How many requests there were of each name, and how many of them failed.
fn counted(folder: &Path) -> BTreeMap<String, (u64, u64)> {
    let mut counted = BTreeMap::<_, (u64, u64)>::new();
    for line in lines(folder).iter().filter(|line| line["type"] == "request") {
        let of = counted.entry(line["name"].as_str().unwrap().to_owned()).or_default();
        of.0 += 1;
        of.1 += u64::from(line["ok"] == false);
    }
    counted
}

/// The same, as goose has counted them.
fn counted_by_goose(folder: &Path) -> BTreeMap<String, (u64, u64)> {
    let all = lines(folder);
    let metrics = all.iter().find(|line| line["type"] == "goose_metrics").unwrap()["metrics"].clone();
    let requests = metrics["requests"].as_object().unwrap().clone();
    let of = |request: &Value| {
        let [good, bad] = ["success_count", "fail_count"].map(|key| request[key].as_u64().unwrap());
        (request["path"].as_str().unwrap().to_owned(), (good + bad, bad))
    };
    requests.values().map(of).collect()
}

/// The turn, once no run of an earlier test is left: one whose future was dropped is judged to its end by itself, and until then no other
/// may begin.
fn alone() -> std::sync::MutexGuard<'static, ()> {
    let turn = turn();
    // The kernel keeps fifteen bytes of a thread's name.
    let of_a_run = |name: String| name.starts_with("goose-recovery");
    let under_way = || {
        let threads = std::fs::read_dir("/proc/self/task").unwrap().flatten();
        threads.filter_map(|thread| std::fs::read_to_string(thread.path().join("comm")).ok()).any(of_a_run)
    };
    while under_way() {
        std::thread::sleep(Duration::from_millis(10));
    }
    turn
}

#[test]
fn every_request_that_goose_counts_is_journalled_once_with_what_its_transaction_made_of_it() {
    let _turn = alone();
    let (server, folder) = (Server::start(), tempfile::tempdir().unwrap());
    // Also where nothing but the caller drives goose's users.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let attack = attack(&server, &["--run-time", "1", "--threshold", "error-rate<1%"]);
    let attack = attack.register_kpi_rule("felt", "error_rate during > 50%").unwrap();
    let outcome = runtime.block_on(short(attack, &server, folder.path(), outage(&server)).execute()).unwrap();
    assert_eq!(counted(folder.path()), counted_by_goose(folder.path()));

    let all = lines(folder.path());
    let odd = || all.iter().filter(|line| line["type"] == "request" && line["name"] == "/odd");
    let of_transaction = odd().filter(|line| line["error"] == "nothing to see").count();
    assert!(of_transaction > 20 && odd().all(|line| line["ok"] == false), "{of_transaction}");
    let found = all.iter().find(|line| line["type"] == "alignment").unwrap();
    assert_eq!(found["corrected"], of_transaction, "{found}");
    assert!(
        all.iter().filter(|line| line["type"] == "request").all(|line| line["user"].as_u64().unwrap() < 4)
    );

    // The limit of time was left out, and the threshold, which an outage must miss, was judged at the end.
    let [episode] = outcome.episodes() else { panic!("{:?}", outcome.episodes()) };
    assert!(episode.recovery_us.unwrap() >= 500_000, "{episode:?}");
    assert_eq!((outcome.verdict(), outcome.exit_code()), (Verdict::Pass, Exit::Fail));
    assert!(
        outcome.kpis().iter().any(|kpi| kpi.name.as_deref() == Some("felt") && kpi.verdict == Verdict::Pass)
    );
    assert_eq!(outcome.failed_thresholds()[0].rule, "error-rate<1%");
    let told: Vec<_> = all.iter().filter(|line| line["type"] == "option_notice").collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(outcome.write_report(folder.path().join("report")).is_ok());
    // What goose has logged for us is gone, and the journal stays.
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[test]
fn scenarios_that_were_registered_before_are_imported_as_well() {
    let _turn = alone();
    let (server, folder) = (Server::start(), tempfile::tempdir().unwrap());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let url = server.url();
    let before = |more: &[&str]| {
        let mut words = [&GOOSE[..], &["--host", &url], more].concat();
        // goose does not take the two together.
        words.retain(|word| more.is_empty() || *word != "--no-reset-metrics");
        let given = GooseConfiguration::parse_args_default(&words).unwrap();
        let goose = GooseAttack::initialize_with_config(given).unwrap().register_scenario(visitor());
        RecoveryAttack::new(goose).unwrap()
    };
    // Its users would leave one after the other, and nobody would feel the outage.
    let limited = short(before(&["--iterations", "500"]), &server, folder.path(), outage(&server));
    let ended = runtime.block_on(limited.execute()).unwrap();
    assert_eq!((ended.exit_code(), ended.episodes().len()), (Exit::Invalid, 0), "{ended}");
    assert!(ended.summary().state_detail.as_ref().unwrap().contains("--iterations 500"), "{ended}");

    let attack = before(&[]);
    let folder = tempfile::tempdir().unwrap();
    let outcome = runtime.block_on(short(attack, &server, folder.path(), outage(&server)).execute()).unwrap();
    assert_eq!(outcome.verdict(), Verdict::Pass, "{outcome}");
    let counted = counted(folder.path());
    assert!(counted["/"].0 > 20, "{counted:?}");
    assert_eq!(counted.get("/").map(|of| of.0), counted_by_goose(folder.path()).get("/").map(|of| of.0));
}

#[test]
fn a_future_that_is_dropped_leaves_no_fault_in_effect() {
    let _turn = alone();
    let (server, folder) = (Server::start(), tempfile::tempdir().unwrap());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let endless = RecoveryFault::new("server", server.down.clone());
    let run = short(attack(&server, &[]), &server, folder.path(), endless).execute();
    let second = || short(attack(&server, &[]), &server, folder.path(), outage(&server)).execute();
    runtime.block_on(async {
        tokio::select! {
            ended = run => panic!("it must be under way: {ended:?}"),
            () = server.down.until() => {
                // One at a time: goose's own state is one for the process.
                assert!(matches!(second().await, Err(RecoveryError::Busy)));
            }
        }
    });
    assert!(!server.down.get(), "the fault is in effect still");
    // And then another may run.
    let interrupted = |lines: &[Value]| lines.last().is_some_and(|line| line["type"] == "run_finished");
    for _ in 0..200 {
        if interrupted(&lines(folder.path())) {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("the run that was dropped did not end");
}

#[test]
fn a_run_that_is_stopped_is_reported_with_its_faults_undone() {
    let _turn = alone();
    let (server, folder) = (Server::start(), tempfile::tempdir().unwrap());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let stop = Stop::default();
    let endless = RecoveryFault::new("server", server.down.clone());
    let run = short(attack(&server, &[]), &server, folder.path(), endless).stop_by(stop.clone()).execute();
    let outcome = runtime.block_on(async {
        let mut run = std::pin::pin!(run);
        tokio::select! {
            ended = &mut run => panic!("it must be under way: {ended:?}"),
            () = server.down.until() => {}
        }
        stop.request(FinishReason::Interrupted, Some("by the test".to_owned()));
        run.await.unwrap()
    });
    assert!(!server.down.get());
    assert_eq!(outcome.exit_code(), Exit::Interrupted);
    assert_eq!(outcome.episodes().len(), 1, "{outcome}");
}

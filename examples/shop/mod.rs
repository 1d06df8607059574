//! A tiny shop to load and to break: a worker process that answers, and a supervisor that starts another when it dies.
//!
//! The examples start it themselves, unless `--host` names a shop that runs already, such as that of
//! `cargo run --example shop`.

use std::io::{BufRead as _, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::routing::{get, post};
use tokio::sync::watch;

/// The first argument of the worker's process.
const WORKER: &str = "shop-worker";
/// The supervisor takes as long as this to notice and to start another worker.
const RESTART: Duration = Duration::from_millis(300);

/// The worker is this program, too: where it is started as one, it goes no further than this.
pub(crate) fn work_if_told() {
    let words: Vec<_> = std::env::args().collect();
    if let [_, role, address] = words.as_slice()
        && role == WORKER
    {
        work(address.parse().expect("the supervisor gives an address"));
    }
}

/// The host of the shop: that of `--host`, or of one that is started now and ends with this process. Call it first.
pub(crate) fn host() -> String {
    work_if_told();
    let words: Vec<_> = std::env::args().collect();
    let given = words.iter().position(|word| word == "--host" || word == "-H");
    match given.and_then(|at| words.get(at + 1)) {
        Some(host) => host.clone(),
        None => format!("http://{}", start(0)),
    }
}

/// Starts a shop on a port (0: a free one) and gives its address.
pub(crate) fn start(port: u16) -> SocketAddr {
    let address =
        TcpListener::bind(("127.0.0.1", port)).and_then(|free| free.local_addr()).expect("a free port");
    let mut worker = Worker::start(address);
    let said = worker.process.stdout.take().expect("a pipe");
    let ready = BufReader::new(said).lines().next();
    assert!(matches!(ready, Some(Ok(_))), "the worker says when it is ready");
    std::thread::spawn(move || {
        loop {
            worker.process.wait().expect("the worker is our child");
            std::thread::sleep(RESTART);
            worker = Worker::start(address);
        }
    });
    address
}

struct Worker {
    process: Child,
    /// Closes when this process ends, however it does, and the worker ends with it.
    _lifeline: Option<ChildStdin>,
}

impl Worker {
    fn start(address: SocketAddr) -> Self {
        let mut command = Command::new(std::env::current_exe().expect("this program"));
        command.args([WORKER, &address.to_string()]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().expect("a worker");
        // Waiting for the process would close it.
        let _lifeline = process.stdin.take();
        Self { process, _lifeline }
    }
}

/// What the worker process does until it is killed.
fn work(address: SocketAddr) -> ! {
    std::thread::spawn(|| {
        let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        leave();
    });
    let serving = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        runtime.expect("a runtime").block_on(serve(address));
    });
    let ended = serving.join();
    panic!("the worker ended: {ended:?}");
}

#[expect(clippy::exit, reason = "nobody is left to serve")]
fn leave() -> ! {
    std::process::exit(0)
}

#[expect(clippy::print_stdout, reason = "its supervisor reads that it is ready")]
async fn serve(address: SocketAddr) {
    let listener = tokio::net::TcpListener::bind(address).await.expect("the port of the worker before");
    println!("ready");
    let hangs = Arc::new(watch::Sender::new(false));
    let shop = Router::new()
        .route("/", get(|State(hangs)| async { answer(hangs, "welcome").await }))
        .route("/basket", get(|State(hangs)| async { answer(hangs, "two apples").await }))
        .route(
            "/health",
            get(|State(hangs)| async { answer(hangs, &format!("{{\"pid\":{}}}", std::process::id())).await }),
        )
        .route("/hang", post(|State(hangs): State<Hangs>| async move { _ = hangs.send_replace(true) }))
        .route("/go-on", post(|State(hangs): State<Hangs>| async move { _ = hangs.send_replace(false) }));
    axum::serve(listener, shop.with_state(hangs)).await.expect("the shop serves until it is killed");
}

/// Whether nobody gets an answer.
type Hangs = Arc<watch::Sender<bool>>;

async fn answer(hangs: Hangs, text: &str) -> String {
    let _ = hangs.subscribe().wait_for(|hangs| !hangs).await;
    text.to_owned()
}

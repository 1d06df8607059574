//! Puts the manager together, runs it until it is told to stop, and takes it apart in order.

use std::io::Write as _;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use rustix::process::{Resource, getrlimit, setrlimit};
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use crate::alert_dispatcher::AlertDispatcher;
use crate::api::{self, Manager};
use crate::args::{BackendArgs, Config};
use crate::clock::Clock;
use crate::data_dir::DataDir;
use crate::error::BackendError;
use crate::module::{Role, keep_telling};
use crate::self_healing_daemon::{Launcher, ModuleCommand, SelfHealingDaemon};
use crate::state_resync::StoreObserver;
use crate::token::Token;
use crate::{logging, parent};

/// How long requests in flight may take to end when the manager stops.
const STOP_PATIENCE: Duration = Duration::from_secs(1);

/// Runs the backend until SIGTERM or SIGINT, then stops every module and returns. A second signal kills the modules.
///
/// `module_command` starts one module: the arguments of [`ModuleArgs`](crate::ModuleArgs) are appended to it, and what
/// it starts must call [`run_module`](crate::run_module) with them.
///
/// Once requests are accepted, one line of JSON goes to stdout: `{"address":"127.0.0.1:PORT","url":"http://…","pid":N}`.
///
/// # Errors
/// [`BackendError`] when it cannot start, or when the daemon fails; see [`BackendError::kind`] for exit codes.
pub fn run(args: &BackendArgs, module_command: &ModuleCommand) -> Result<(), BackendError> {
    if let Some(pid) = args.die_with_parent {
        parent::die_with(pid)?;
    }
    logging::start();
    raise_file_limit();
    let config = Config::new(args, Token::from_environment()?)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(BackendError::system("start the runtime"))?;
    let outcome = runtime.block_on(serve(config, module_command.clone()));
    runtime.shutdown_timeout(STOP_PATIENCE);
    outcome
}

/// Every client takes a file descriptor, and the usual soft limit of 1,024 is there only for programs that use `select`.
/// The modules inherit the limit.
fn raise_file_limit() {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    if let Err(error) = setrlimit(Resource::Nofile, limit) {
        tracing::warn!(%error, "cannot raise the limit on open files: many clients at once may be refused");
    }
}

async fn serve(config: Config, command: ModuleCommand) -> Result<(), BackendError> {
    let clock = Clock::start();
    let mut signals = Signals::install()?;
    let (listener, address) = bind(config.listen).await?;
    let data_dir = DataDir::open(&config.data_dir)?;
    let outbox = data_dir.prepare(&config.places).await?;
    let alerts = AlertDispatcher::start(outbox, config.webhooks, &url_of(address)).await;
    let alerts = alerts.map_err(std::io::Error::other).map_err(BackendError::system("send alerts"))?;
    let alerts = Arc::new(alerts);
    let launcher = Launcher::bind(command, data_dir.path().to_owned(), config.stores)
        .map_err(BackendError::system("bind the modules' listeners"))?;
    let addresses = launcher.addresses().to_vec();
    let (daemon, ended) =
        SelfHealingDaemon::start(config.policy, &Role::specs(), launcher, Arc::clone(&alerts), clock)
            .map_err(BackendError::system("start the SelfHealingDaemon"))?;
    let daemon = Arc::new(daemon);
    tokio::spawn(keep_telling(daemon.policy(), addresses.clone(), config.token.clone()));
    let stop = CancellationToken::new();
    let session = addresses[Role::Session.index()];
    let stores = StoreObserver::start(session, Arc::clone(&daemon), Arc::clone(&alerts));
    let kinds = config.places.kinds();
    let manager =
        Manager::new(Arc::clone(&daemon), Arc::clone(&alerts), stores, kinds, addresses, config.token, clock);
    let app = api::router(manager, config.guard);
    let server = axum::serve(listener, app).with_graceful_shutdown(stop.clone().cancelled_owned());
    let server = tokio::spawn(server.into_future());
    announce(address);
    let outcome = until_stopped(&mut signals, &daemon, ended).await;
    stop.cancel();
    if tokio::time::timeout(STOP_PATIENCE, server).await.is_err() {
        tracing::info!("cut off the requests that did not end in time");
    }
    alerts.close().await;
    outcome
}

/// Waits for the first signal, then for every module to be gone; a second signal kills them.
async fn until_stopped(
    signals: &mut Signals,
    daemon: &SelfHealingDaemon,
    mut ended: oneshot::Receiver<()>,
) -> Result<(), BackendError> {
    tokio::select! {
        () = signals.next() => {}
        _ = &mut ended => return Err(BackendError::DaemonEnded),
    }
    loop {
        daemon.shut_down().await;
        tokio::select! {
            _ = &mut ended => return Ok(()),
            () = signals.next() => tracing::warn!("asked to stop again: killing the modules"),
        }
    }
}

async fn bind(address: SocketAddr) -> Result<(TcpListener, SocketAddr), BackendError> {
    let failed = |source: std::io::Error| match source.kind() {
        std::io::ErrorKind::AddrInUse => BackendError::AddressInUse(address),
        _ => BackendError::CannotBind { address, source },
    };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let bound = listener.local_addr().map_err(failed)?;
    Ok((listener, bound))
}

/// Where a program on this machine reaches `address`: one that means "every address" is none to connect to.
fn url_of(address: SocketAddr) -> String {
    let ip = match address.ip() {
        ip if !ip.is_unspecified() => ip,
        IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
    };
    format!("http://{}", SocketAddr::new(ip, address.port()))
}

/// Says where we are. Nobody may be listening; that is no reason to stop.
fn announce(address: SocketAddr) {
    let line = serde_json::json!({
        "address": address.to_string(),
        "url": url_of(address),
        "pid": std::process::id(),
    });
    let mut out = std::io::stdout();
    if let Err(error) = writeln!(out, "{line}").and_then(|()| out.flush()) {
        tracing::warn!(%error, "cannot write the address to stdout");
    }
}

/// The signals that end the manager, installed before there is anything to end.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn install() -> Result<Self, BackendError> {
        let install = |kind| signal(kind).map_err(BackendError::system("install a signal handler"));
        Ok(Self {
            terminate: install(SignalKind::terminate())?,
            interrupt: install(SignalKind::interrupt())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

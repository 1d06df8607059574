//! The life of a module's process: tie it to its manager, take the listener, serve, beat, stop.

use std::io::Write as _;
use std::os::fd::AsFd as _;
use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::middleware;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use super::analysis::Analyses;
use super::session::Sessions;
use super::{
    BEAT, CACHE_FILE, CONFLICTS_FILE, DEPENDENCY_LOST, ModuleArgs, Patience, READY, Role, SESSIONS_FILE,
    SPOOL_FILE, STALE_FILE, analysis, ingest, patience, session,
};
use crate::guard::{Guard, changing_calls};
use crate::loopback::Loopback;
use crate::parent;
use crate::problem::as_problem;
use crate::state_resync::{Keeper, Stores};
use crate::store::{
    CachePlace, CacheStore, Condition, DatabasePlace, DatabaseStore, EntryLog, GroupCommit, HotState, Places,
    PostgresStore, RedisCache, Spool, SqliteCache, SqliteStore, StoreArgsError,
};
use crate::token::{Token, TokenError};

/// How often a module shows that it is alive.
const BEAT_PERIOD: Duration = Duration::from_millis(50);
/// How long requests in flight may take to end after SIGTERM. Longer than a commit, shorter than anybody's patience.
const STOP_PATIENCE: Duration = Duration::from_millis(100);
/// Time limits of the calls within the chain: each is longer than the one that it waits for.
const INGEST_TIMEOUT: Duration = Duration::from_secs(1);
const SESSION_TIMEOUT: Duration = Duration::from_millis(2_500);

/// Why a module ended by itself.
#[derive(Debug, thiserror::Error)]
pub enum ModuleError {
    /// Its parent is not the manager that started it.
    #[error(transparent)]
    Orphaned(#[from] parent::ParentError),
    /// Its standard input is no listening socket.
    #[error("standard input is not the module's listener: modules are started by the manager, not by hand")]
    Listener(#[source] std::io::Error),
    /// It was not told where its dependency is.
    #[error("{0} needs --upstream, the address of the module that it depends on")]
    NoUpstream(&'static str),
    /// The stores cannot be where it is told that they are.
    #[error(transparent)]
    Stores(#[from] StoreArgsError),
    /// The token that it inherited is none.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// Its runtime or server failed.
    #[error("the module's server failed")]
    Server(#[source] std::io::Error),
}

/// How a module's service ended, other than by an error.
enum End {
    Stopped,
    DependencyLost,
}

/// Runs one module until SIGTERM; SIGINT is left to the manager, which gets it too when it comes from a terminal.
///
/// Ends the whole process with [`DEPENDENCY_LOST`](super::DEPENDENCY_LOST) when the dependency stays away for too long: that
/// code is a word between module and manager, whatever program both are part of.
///
/// # Errors
/// [`ModuleError`]: the process should print it on stderr and exit with a code other than 0.
pub fn run_module(args: &ModuleArgs) -> Result<(), ModuleError> {
    parent::die_with(args.parent_pid)?;
    crate::logging::start();
    let listener = inherited_listener().map_err(ModuleError::Listener)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    match runtime.map_err(ModuleError::Server)?.block_on(serve(args, listener))? {
        End::Stopped => Ok(()),
        End::DependencyLost => end_for_a_lost_dependency(args.role),
    }
}

/// As a crash would, without an orderly stop: whatever a module acknowledged is safe at any moment.
#[expect(clippy::exit, reason = "the exit code tells the manager why, and it must not depend on our caller")]
fn end_for_a_lost_dependency(role: Role) -> ! {
    tracing::warn!(module = role.name(), "the dependency gives no answer: ending");
    std::process::exit(DEPENDENCY_LOST.into())
}

fn inherited_listener() -> std::io::Result<std::net::TcpListener> {
    let listener = std::net::TcpListener::from(std::io::stdin().as_fd().try_clone_to_owned()?);
    // Fails for anything but a socket.
    listener.local_addr()?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

async fn serve(args: &ModuleArgs, listener: std::net::TcpListener) -> Result<End, ModuleError> {
    let mut terminate = signal(SignalKind::terminate()).map_err(ModuleError::Server)?;
    // A Ctrl-C reaches the whole terminal group; the order of stopping is the manager's business.
    let _ignored = signal(SignalKind::interrupt()).map_err(ModuleError::Server)?;
    let patience = Patience { number: args.policy_number, dependency_patience: args.dependency_patience };
    let known = Arc::new(watch::Sender::new(patience));
    // It is inherited, so that nobody can go round the API to the modules.
    let token = Token::from_environment()?;
    let guard = Guard::new(Vec::new(), token.clone());
    let app = router(args, token)?
        .merge(patience::router(Arc::clone(&known)))
        .layer(middleware::from_fn_with_state(guard, changing_calls))
        .layer(middleware::map_response(as_problem));
    let listener = TcpListener::from_std(listener).map_err(ModuleError::Server)?;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let server = axum::serve(listener, app).with_graceful_shutdown(async move {
        // Both an answer and a dropped sender mean "stop".
        let _ = stopped.await;
    });
    let mut server = tokio::spawn(server.into_future());
    let lost = async {
        match args.upstream {
            Some(upstream) => patience::until_lost(known, upstream).await,
            None => std::future::pending().await,
        }
    };
    let mut lost = pin!(lost);
    say(READY);
    let mut beat = tokio::time::interval(BEAT_PERIOD);
    beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
    loop {
        tokio::select! {
            _ = beat.tick() => say(BEAT),
            _ = terminate.recv() => break,
            () = &mut lost => return Ok(End::DependencyLost),
            ended = &mut server => {
                let ended = ended.unwrap_or_else(|error| Err(std::io::Error::other(error)));
                return ended.map(|()| End::Stopped).map_err(ModuleError::Server);
            }
        }
    }
    let _ = stop.send(());
    // What does not end in time is cut off: its caller sees a broken connection, never a false success.
    let _ = tokio::time::timeout(STOP_PATIENCE, server).await;
    Ok(End::Stopped)
}

fn router(args: &ModuleArgs, token: Option<Token>) -> Result<Router, ModuleError> {
    let upstream = || args.upstream.ok_or(ModuleError::NoUpstream(args.role.name()));
    match args.role {
        Role::Ingest => Ok(ingest::router()),
        Role::Session => {
            let ingest = upstream()?;
            let stores = open_stores(&args.data_dir, &Places::try_from(&args.stores)?);
            let keeper = Keeper::start(stores.clone());
            let writer = GroupCommit::start(Arc::clone(&stores.log));
            let client = Loopback::new(INGEST_TIMEOUT).with(token);
            Ok(session::router(Sessions { stores, keeper, writer, client, ingest }))
        }
        Role::Analysis => {
            let session = upstream()?;
            Ok(analysis::router(Analyses { client: Loopback::new(SESSION_TIMEOUT).with(token), session }))
        }
    }
}

/// Nothing is opened before it is used, so that the module is ready whether or not a store is there.
fn open_stores(folder: &Path, places: &Places) -> Stores {
    let condition = Arc::new(Condition::new());
    let timeout = places.timeout;
    let database: Arc<dyn DatabaseStore> = match &places.database {
        DatabasePlace::Embedded => Arc::new(SqliteStore::new(&folder.join(SESSIONS_FILE), timeout)),
        DatabasePlace::Postgres(place) => Arc::new(PostgresStore::new(place, timeout)),
    };
    let cache: Arc<dyn CacheStore> = match &places.cache {
        CachePlace::Embedded => Arc::new(SqliteCache::new(&folder.join(CACHE_FILE), timeout)),
        CachePlace::Redis(place) => Arc::new(RedisCache::new(place, timeout)),
    };
    let hot = Arc::new(HotState::new(cache, Arc::clone(&condition), folder.join(STALE_FILE)));
    tokio::spawn(Arc::clone(&hot).write_behind());
    let spool = Spool::new(folder.join(SPOOL_FILE));
    let log = EntryLog::new(Arc::clone(&database), Arc::clone(&hot), spool, Arc::clone(&condition));
    Stores { database, hot, log: Arc::new(log), condition, conflicts: folder.join(CONFLICTS_FILE) }
}

/// Writes one byte to the manager. When nobody reads any more the parent-death signal is on its way.
fn say(byte: u8) {
    let mut out = std::io::stdout();
    let _ = out.write_all(&[byte]).and_then(|()| out.flush());
}

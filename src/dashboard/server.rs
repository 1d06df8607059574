//! The server of the dashboard: one thread, one listener, and an orderly end.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use axum::{Router, middleware};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use super::guard::{Guard, Host};
use super::live::feed::Feed;
use super::live::follower::{Follower, Following};
use super::page::{self, Ready};
use super::refusal::Refusal;
use super::runs::index::Index;
use super::site::Site;
use super::token::Token;
use super::{DashboardError, PAGE, api, guard, headers, pages};
use crate::lang::Lang;

/// Connections at a time: all viewers, and as many again that ask for something else. Each is an open file, and a run needs its own.
const MOST_CONNECTIONS: usize = 2 * api::MOST_VIEWERS;

/// What a connection may hold back for a viewer who does not read; one event is let in beyond it.
const MOST_BUFFERED: usize = 64 * 1024;

/// A request must have been said whole by then, and a connection on which nobody asks is closed.
const REQUEST_WITHIN: Duration = Duration::from_secs(30);

/// A viewer who takes nothing for so long is gone; a browser that is not comes back.
const READ_WITHIN_MS: u32 = 60_000;

/// So many questions to the folder of reports are answered at a time; the others wait. A run on the same machine matters more.
const MOST_QUESTIONS: usize = 2;

/// At the end viewers may take this long for the last event.
const LINGER: Duration = Duration::from_secs(2);

/// When no connection can be taken, as when there are too many open files, the next try is after this.
const ACCEPT_AGAIN: Duration = Duration::from_millis(200);

/// What is served, and to whom.
#[derive(Debug)]
pub struct Settings {
    /// Where it is served; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The folder of the reports.
    pub reports: PathBuf,
    /// The journal that is followed.
    pub journal: PathBuf,
    /// The language of the page.
    pub lang: Lang,
    /// What whoever looks must show. Without one only this machine can be listened to.
    pub token: Option<Token>,
    /// Hosts by which it may be called, besides its own addresses.
    pub hosts: Vec<Host>,
}

/// A dashboard that is served until it is finished or dropped.
#[derive(Debug)]
pub struct Dashboard {
    address: SocketAddr,
    close: CancellationToken,
    follower: Option<Follower>,
    thread: Option<JoinHandle<()>>,
}

impl Dashboard {
    /// Begins to serve.
    ///
    /// # Errors
    /// When the address cannot be listened on, or must not be without a token.
    pub fn start(settings: Settings) -> Result<Self, DashboardError> {
        let Settings { listen, reports, journal, lang, token, hosts } = settings;
        if !listen.ip().to_canonical().is_loopback() && token.is_none() {
            return Err(DashboardError::NoToken(listen));
        }
        let (listener, address) = bind(listen)?;
        let index = Arc::new(Index::new(&reports, lang));
        let Ready { html, version } = page::ready(lang).map_err(DashboardError::Page)?;
        let feed = Arc::<Feed>::default();
        let follower = Follower::start(Following {
            journal,
            index: Arc::clone(&index),
            feed: Arc::clone(&feed),
            page: version,
            lang,
        })
        .map_err(DashboardError::Thread)?;
        let close = CancellationToken::new();
        let router = router(
            Site { feed, index, lang, page: html, close: close.clone() },
            Guard::new(address, hosts, token),
        );
        let runtime = tokio::runtime::Builder::new_current_thread()
            .max_blocking_threads(MOST_QUESTIONS)
            .enable_all()
            .build()
            .map_err(DashboardError::Thread)?;
        let closed = close.clone();
        let serving = move || {
            runtime.block_on(async {
                // The listener is bound already: what could fail here has succeeded there.
                if let Ok(listener) = TcpListener::from_std(listener) {
                    serve(listener, router, closed).await;
                }
            });
            // A question to the folder of reports may still be under way. Nobody waits for its answer.
            runtime.shutdown_background();
        };
        let thread = std::thread::Builder::new().name("dashboard".to_owned()).spawn(serving);
        Ok(Self {
            address,
            close,
            follower: Some(follower),
            thread: Some(thread.map_err(DashboardError::Thread)?),
        })
    }

    /// Where it is served.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The page's address for a browser on this machine.
    #[must_use]
    pub fn url(&self) -> String {
        let ip = match self.address.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
            ip => ip,
        };
        format!("http://{}{PAGE}", SocketAddr::new(ip, self.address.port()))
    }

    /// Ends: every viewer gets the newest event, for which they have two seconds.
    pub fn finish(mut self) {
        self.end();
    }

    fn end(&mut self) {
        // First, so that its last word is the one that viewers get.
        if let Some(follower) = self.follower.take() {
            follower.finish();
        }
        self.close.cancel();
        if let Some(thread) = self.thread.take() {
            // One that panicked has printed why.
            let _ = thread.join();
        }
    }
}

impl Drop for Dashboard {
    fn drop(&mut self) {
        self.end();
    }
}

fn bind(listen: SocketAddr) -> Result<(std::net::TcpListener, SocketAddr), DashboardError> {
    let bound = std::net::TcpListener::bind(listen).and_then(|listener| {
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        Ok((listener, address))
    });
    bound.map_err(|source| match source.kind() {
        io::ErrorKind::AddrInUse => DashboardError::Taken(listen),
        _ => DashboardError::Listen { address: listen, source },
    })
}

/// All routes, behind the guard.
fn router(site: Site, guard: Guard) -> Router {
    let lang = site.lang;
    let api = api::ROUTES.iter().map(|route| (route.path, route.handler));
    let routes =
        api.chain(pages::ROUTES).fold(Router::new(), |router, (path, handler)| router.route(path, handler()));
    routes
        .fallback(async || Refusal::NotFound)
        .layer(middleware::from_fn_with_state(guard, guard::check))
        .layer(middleware::from_fn_with_state(lang, headers::dress))
        .with_state(site)
}

/// Takes connections until it is closed, then waits for the answers that are under way.
async fn serve(listener: TcpListener, router: Router, close: CancellationToken) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(REQUEST_WITHIN).max_buf_size(MOST_BUFFERED);
    let connections = GracefulShutdown::new();
    let room = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    let next = async || (Arc::clone(&room).acquire_owned().await, listener.accept().await);
    loop {
        let (place, accepted) = tokio::select! {
            biased;
            () = close.cancelled() => break,
            next = next() => next,
        };
        let Ok((stream, _)) = accepted else {
            tokio::time::sleep(ACCEPT_AGAIN).await;
            continue;
        };
        prepare(&stream);
        let service = TowerToHyperService::new(router.clone());
        let connection = connections.watch(http.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            // What goes wrong on a connection is its viewer's to notice.
            let _ = connection.await;
            drop(place);
        });
    }
    drop(listener);
    let _ = tokio::time::timeout(LINGER, connections.shutdown()).await;
}

/// Without either a connection is slower, or longer there, and still a connection.
fn prepare(stream: &TcpStream) {
    let _ = stream.set_nodelay(true);
    let _ = rustix::net::sockopt::set_tcp_user_timeout(stream, READ_WITHIN_MS);
}

#[cfg(test)]
mod tests;

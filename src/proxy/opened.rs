//! A proxy as a run opens it, and the handle by which faults act on it.

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::thread::JoinHandle;

use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use super::listener::{self, Acceptor, Command};
use super::shared::Shared;
use super::toxic::{Effects, Toxic};
use crate::clock::Clock;

/// Commands that may wait for the proxy's thread; each is obeyed within microseconds.
const QUEUE: usize = 16;

/// What is put between two parts of a system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProxySpec {
    /// What faults call it.
    pub name: String,
    /// Where it listens. Port 0 stands for a free one.
    pub listen: SocketAddr,
    /// Where it connects to, `host:port`.
    pub upstream: String,
    /// Whether it may listen where other machines can reach it.
    pub exposed: bool,
}

/// Why there is no proxy, or why it does not obey.
#[derive(Debug, thiserror::Error)]
pub enum ProxyError {
    /// It would be open to others.
    #[error(
        "the proxy {name} would listen on {listen}, where other machines reach it: use 127.0.0.1, or say that it may be exposed"
    )]
    NotLoopback {
        /// The proxy.
        name: String,
        /// Where it was to listen.
        listen: SocketAddr,
    },
    /// The address cannot be had.
    #[error("the proxy {name} cannot listen on {listen}: choose another port, or end what listens there")]
    Listen {
        /// The proxy.
        name: String,
        /// Where it was to listen.
        listen: SocketAddr,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// No thread for it.
    #[error("the proxy {name} cannot start")]
    Thread {
        /// The proxy.
        name: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Something is done to its connections already.
    #[error("the proxy {name} is under another fault already")]
    Busy {
        /// The proxy.
        name: String,
    },
    /// It has ended.
    #[error("the proxy {name} has ended")]
    Ended {
        /// The proxy.
        name: String,
    },
    /// It refused connections and cannot take them again.
    #[error("the proxy {name} cannot listen again: {reason}")]
    Reopen {
        /// The proxy.
        name: String,
        /// Why.
        reason: std::io::Error,
    },
}

/// An open proxy. Dropped, it ends, and every connection with it.
#[derive(Debug)]
#[must_use = "a proxy that is dropped ends"]
pub struct Proxy {
    handle: ProxyHandle,
    end: CancellationToken,
    thread: Option<JoinHandle<()>>,
}

/// Acts on an open proxy. Cheap to clone.
#[derive(Debug, Clone)]
pub struct ProxyHandle {
    name: Arc<str>,
    address: SocketAddr,
    shared: Arc<Shared>,
    commands: mpsc::Sender<Command>,
}

/// A toxic that was set, by which it is cleared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Poisoning(u64);

impl Proxy {
    /// Opens the proxy; it accepts when this returns. `seed` is the run's: its jitter is drawn from it.
    ///
    /// # Errors
    /// [`ProxyError`] when its address is open to others without having been asked for, or cannot be had.
    pub fn open(spec: &ProxySpec, clock: Clock, seed: u64) -> Result<Self, ProxyError> {
        let (name, listen) = (spec.name.clone(), spec.listen);
        if !spec.exposed && !listen.ip().is_loopback() {
            return Err(ProxyError::NotLoopback { name, listen });
        }
        let shared = Arc::new(Shared::new(clock, spec.upstream.clone(), seed));
        let (send, commands) = mpsc::channel(QUEUE);
        let (opened, ready) = std::sync::mpsc::channel();
        let end = CancellationToken::new();
        let (serving, ending) = (Arc::clone(&shared), end.clone());
        let thread = std::thread::Builder::new()
            .name(format!("proxy-{name}"))
            .spawn(move || serve(listen, serving, commands, &ending, &opened))
            .map_err(|source| ProxyError::Thread { name: name.clone(), source })?;
        let address = match ready.recv() {
            Ok(address) => {
                address.map_err(|source| ProxyError::Listen { name: name.clone(), listen, source })?
            }
            Err(_) => return Err(ProxyError::Ended { name }),
        };
        let handle = ProxyHandle { name: name.into(), address, shared, commands: send };
        Ok(Self { handle, end, thread: Some(thread) })
    }

    /// Acts on it.
    #[must_use]
    pub fn handle(&self) -> ProxyHandle {
        self.handle.clone()
    }
}

/// The thread: says where it listens, and serves until it is to end.
fn serve(
    listen: SocketAddr,
    shared: Arc<Shared>,
    commands: mpsc::Receiver<Command>,
    end: &CancellationToken,
    opened: &std::sync::mpsc::Sender<std::io::Result<SocketAddr>>,
) {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return drop(opened.send(Err(error))),
    };
    runtime.block_on(async {
        let listening = listener::listen(listen).and_then(|listener| Ok((listener.local_addr()?, listener)));
        match listening {
            Ok((address, listener)) => {
                let _ = opened.send(Ok(address));
                let acceptor = Acceptor::new(shared, address, listener);
                tokio::select! {
                    () = end.cancelled() => {}
                    () = acceptor.run(commands) => {}
                }
            }
            Err(error) => drop(opened.send(Err(error))),
        }
    });
    // A look-up of a name may be stuck; nobody waits for it.
    runtime.shutdown_background();
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.end.cancel();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl ProxyHandle {
    /// What faults call it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What the toxic that is set, or was last, has done.
    #[must_use]
    pub fn effects(&self) -> Effects {
        self.shared.effects.borrow().1
    }

    /// Does `toxic` to its connections from now on.
    ///
    /// # Errors
    /// [`ProxyError::Busy`] when there is a toxic already, [`ProxyError::Ended`].
    pub(crate) async fn set(&self, toxic: Toxic) -> Result<Poisoning, ProxyError> {
        let (reply, answer) = oneshot::channel();
        let sent = self.commands.send(Command::Set(toxic, reply)).await;
        let epoch = match sent {
            Ok(()) => answer.await.map_err(|_| self.ended())?,
            Err(_) => return Err(self.ended()),
        };
        epoch.map(Poisoning).ok_or_else(|| ProxyError::Busy { name: self.name().to_owned() })
    }

    /// Clears the toxic that was set; whether it was still there.
    ///
    /// # Errors
    /// [`ProxyError::Reopen`] when connections cannot be taken again, [`ProxyError::Ended`].
    pub(crate) async fn clear(&self, poisoning: Poisoning) -> Result<bool, ProxyError> {
        let (reply, answer) = oneshot::channel();
        let sent = self.commands.send(Command::Clear(poisoning.0, reply)).await;
        let cleared = match sent {
            Ok(()) => answer.await.map_err(|_| self.ended())?,
            Err(_) => return Err(self.ended()),
        };
        cleared.map_err(|reason| ProxyError::Reopen { name: self.name().to_owned(), reason })
    }

    /// Clears it without waiting: the backstop of a fault that is dropped in effect.
    pub(crate) fn clear_now(&self, poisoning: Poisoning) {
        let _ = self.commands.try_send(Command::Clear(poisoning.0, oneshot::channel().0));
    }

    /// Waits until the toxic has done something; what it has done by then.
    pub(crate) async fn first_effect(&self, poisoning: Poisoning) -> Effects {
        let mut effects = self.shared.effects.subscribe();
        let seen =
            effects.wait_for(|(epoch, effects)| *epoch == poisoning.0 && effects.first_us.is_some()).await;
        match seen.map(|seen| seen.1) {
            Ok(seen) => seen,
            // The sender lives as long as this handle.
            Err(_) => std::future::pending().await,
        }
    }

    fn ended(&self) -> ProxyError {
        ProxyError::Ended { name: self.name().to_owned() }
    }
}

/// A proxy of a plan: the run opens it, and from then on faults can act on it. Cheap to clone; all clones are one.
#[derive(Debug, Clone)]
pub struct DeclaredProxy {
    spec: Arc<ProxySpec>,
    handle: Arc<OnceLock<ProxyHandle>>,
}

impl DeclaredProxy {
    /// One that is not open yet.
    #[must_use]
    pub fn new(spec: ProxySpec) -> Self {
        Self { spec: Arc::new(spec), handle: Arc::default() }
    }

    /// What it is.
    #[must_use]
    pub fn spec(&self) -> &ProxySpec {
        &self.spec
    }

    /// Opens it, for one run.
    ///
    /// # Errors
    /// As [`Proxy::open`].
    pub fn open(&self, clock: Clock, seed: u64) -> Result<Proxy, ProxyError> {
        let proxy = Proxy::open(&self.spec, clock, seed)?;
        // A plan is run once.
        let _ = self.handle.set(proxy.handle());
        Ok(proxy)
    }

    /// Acts on it, once it is open.
    #[must_use]
    pub fn handle(&self) -> Option<ProxyHandle> {
        self.handle.get().cloned()
    }
}

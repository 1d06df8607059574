//! Accepts connections, and takes commands.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};

use super::link;
use super::shared::Shared;
use super::toxic::Toxic;

/// Connections that may be open at a time; further ones wait in the kernel's queue.
const MAX_LINKS: usize = 4096;
/// Connections that may wait to be accepted.
const BACKLOG: u32 = 1024;
/// How long an accept that failed is not tried again: it fails when files run out, and they do not come back at once.
const BREATH: Duration = Duration::from_millis(20);
/// A connection to ourselves that has neither come about nor been refused by then tells nothing.
const PROOF_PATIENCE: Duration = Duration::from_secs(1);

/// What a handle asks for.
#[derive(Debug)]
pub(super) enum Command {
    /// Answered with the epoch that begins, or `None` when there is a toxic already.
    Set(Toxic, oneshot::Sender<Option<u64>>),
    /// Clears the toxic of an epoch; whether it was still there.
    Clear(u64, oneshot::Sender<std::io::Result<bool>>),
}

/// The task that owns the listening socket.
#[derive(Debug)]
pub(super) struct Acceptor {
    shared: Arc<Shared>,
    address: SocketAddr,
    listener: Option<TcpListener>,
    /// Holds the port while nobody listens: the kernel refuses connections to it, and gives it to nobody's outgoing one.
    held: Option<TcpSocket>,
    places: Arc<Semaphore>,
    accepted: u64,
}

/// Binds `address` and listens. Must be called within a runtime.
pub(super) fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    bind(address)?.listen(BACKLOG)
}

fn bind(address: SocketAddr) -> std::io::Result<TcpSocket> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // Connections that we have closed would keep the port for a minute otherwise.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}

impl Acceptor {
    pub(super) fn new(shared: Arc<Shared>, address: SocketAddr, listener: TcpListener) -> Self {
        let places = Arc::new(Semaphore::new(MAX_LINKS));
        Self { shared, address, listener: Some(listener), held: None, places, accepted: 0 }
    }

    /// Serves until every handle is gone.
    pub(super) async fn run(mut self, mut commands: mpsc::Receiver<Command>) {
        loop {
            tokio::select! {
                biased;
                command = commands.recv() => match command {
                    Some(command) => self.obey(command),
                    None => return,
                },
                (client, place) = next(self.listener.as_ref(), &self.places) => self.welcome(client, place),
            }
        }
    }

    fn welcome(&mut self, client: TcpStream, place: OwnedSemaphorePermit) {
        let setting = self.shared.setting();
        if setting.toxic == Some(Toxic::Cut) {
            let now = self.shared.clock.now();
            return self.shared.count(setting.epoch, now, |effects| effects.connections += 1);
        }
        self.accepted += 1;
        let carried = link::carry(client, Arc::clone(&self.shared), setting, self.accepted);
        tokio::spawn(async move {
            carried.await;
            drop(place);
        });
    }

    /// An answer that nobody waits for any more is no loss.
    fn obey(&mut self, command: Command) {
        match command {
            Command::Set(toxic, reply) => {
                let _ = reply.send(self.set(toxic));
            }
            Command::Clear(epoch, reply) => {
                let _ = reply.send(self.clear(epoch));
            }
        }
    }

    fn set(&mut self, toxic: Toxic) -> Option<u64> {
        if self.shared.setting().toxic.is_some() {
            return None;
        }
        if toxic == Toxic::Refuse {
            self.listener = None;
            // Where that fails, the port is bound when we listen again, unless somebody has taken it by then.
            self.held = bind(self.address).ok();
        }
        let epoch = self.shared.put(Some(toxic));
        if toxic == Toxic::Refuse {
            tokio::spawn(prove_refused(Arc::clone(&self.shared), self.address, epoch));
        }
        Some(epoch)
    }

    fn clear(&mut self, epoch: u64) -> std::io::Result<bool> {
        let setting = self.shared.setting();
        if setting.epoch != epoch || setting.toxic.is_none() {
            return Ok(false);
        }
        if self.listener.is_none() {
            let socket = self.held.take().map_or_else(|| bind(self.address), Ok)?;
            self.listener = Some(socket.listen(BACKLOG)?);
        }
        self.shared.put(None);
        Ok(true)
    }
}

/// The next connection, once there is a place for it. Never, while nobody listens.
async fn next(listener: Option<&TcpListener>, places: &Arc<Semaphore>) -> (TcpStream, OwnedSemaphorePermit) {
    let (Some(listener), Ok(place)) = (listener, Arc::clone(places).acquire_owned().await) else {
        return std::future::pending().await;
    };
    loop {
        match listener.accept().await {
            Ok((client, _)) => return (client, place),
            Err(_) => tokio::time::sleep(BREATH).await,
        }
    }
}

/// A refusal is the kernel's and passes us by, so it is asked for.
async fn prove_refused(shared: Arc<Shared>, address: SocketAddr, epoch: u64) {
    let asked = shared.clock.now();
    let answer = tokio::time::timeout(PROOF_PATIENCE, TcpStream::connect(address)).await;
    if let Ok(Err(error)) = answer
        && error.kind() == std::io::ErrorKind::ConnectionRefused
    {
        shared.count(epoch, asked, |effects| effects.connections += 1);
    }
}

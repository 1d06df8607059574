//! Starts modules as processes, and turns what they do into inputs of the state machine.

use std::ffi::OsString;
use std::net::{SocketAddr, TcpListener};
use std::os::fd::{AsFd as _, OwnedFd};
use std::os::unix::process::ExitStatusExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};

use rustix::process::{
    Pid, PidfdFlags, Signal, WaitId, WaitIdOptions, pidfd_open, pidfd_send_signal, waitid,
};
use tokio::net::unix::pipe;
use tokio::sync::mpsc;

use super::event::Exit;
use super::machine::{Incarnation, Input};
use crate::clock::{Clock, Stamp};
use crate::module::{BEAT, Patience, READY, Role};
use crate::store::{CACHE_VARIABLE, DATABASE_VARIABLE, StoreArgs};

/// What happened, and when.
pub(super) type Message = (Stamp, Input);

/// The stack of a thread that only waits.
const WAITER_STACK: usize = 128 * 1024;
/// Connections that may wait for a module that is being restarted.
const BACKLOG: i32 = 4_096;

/// How a module's process is started: a program and the arguments in front of those of
/// [`ModuleArgs`](crate::ModuleArgs).
#[derive(Clone, Debug)]
pub struct ModuleCommand {
    /// The program, usually this one.
    pub program: PathBuf,
    /// Its leading arguments, usually the name of a hidden subcommand.
    pub args: Vec<OsString>,
}

/// Starts modules. Holds each module's listener, so that its address never changes.
#[derive(Debug)]
pub(crate) struct Launcher {
    command: ModuleCommand,
    data_dir: PathBuf,
    stores: StoreArgs,
    listeners: Vec<TcpListener>,
    addresses: Vec<SocketAddr>,
}

/// A process that was started.
#[derive(Debug)]
pub(super) struct Running {
    pub(super) incarnation: Incarnation,
    pub(super) pid: u32,
    pidfd: OwnedFd,
}

impl Running {
    /// Sends `signal`; a process that has already ended is no error.
    pub(super) fn signal(&self, signal: Signal) {
        if let Err(error) = pidfd_send_signal(&self.pidfd, signal)
            && error != rustix::io::Errno::SRCH
        {
            tracing::error!(%error, pid = self.pid, ?signal, "cannot signal a module");
        }
    }
}

impl Launcher {
    /// Binds a loopback listener for every module.
    pub(crate) fn bind(
        command: ModuleCommand,
        data_dir: PathBuf,
        stores: StoreArgs,
    ) -> std::io::Result<Self> {
        let listeners: Vec<TcpListener> = Role::ALL.iter().map(|_| listen()).collect::<Result<_, _>>()?;
        let addresses = listeners.iter().map(TcpListener::local_addr).collect::<Result<_, _>>()?;
        Ok(Self { command, data_dir, stores, listeners, addresses })
    }

    /// Where each module answers, in dependency order.
    pub(crate) fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// Starts `module`. Must be called on the daemon's thread, within its runtime: the module dies with that thread.
    pub(super) fn launch(
        &self,
        module: usize,
        incarnation: Incarnation,
        patience: Patience,
        messages: &mpsc::Sender<Message>,
        clock: Clock,
    ) -> std::io::Result<(Stamp, Running)> {
        let mut child = self.command_for(module, patience)?.spawn()?;
        let spawned = clock.now();
        let pid = child.id();
        let watched = self.watch(&mut child, module, incarnation, messages, clock);
        let pidfd = match watched {
            Ok(pidfd) => pidfd,
            Err(error) => {
                // Nobody would wait for it: it must not stay.
                let _ = child.kill().and_then(|()| child.wait());
                return Err(error);
            }
        };
        let running = Running { incarnation, pid, pidfd };
        let messages = messages.clone();
        let waiter = std::thread::Builder::new().name(format!("wait-{pid}")).stack_size(WAITER_STACK);
        let waiting = waiter.spawn(move || {
            let exit = child.wait().map_or(Exit::Code(-1), exit_of);
            // Fails only when the daemon has ended, and then nobody is interested.
            let _ = messages.blocking_send((clock.now(), Input::Exited { module, incarnation, exit }));
        });
        if let Err(error) = waiting {
            running.signal(Signal::KILL);
            let _ = waitid(WaitId::PidFd(running.pidfd.as_fd()), WaitIdOptions::EXITED);
            return Err(error);
        }
        Ok((spawned, running))
    }

    fn command_for(&self, module: usize, patience: Patience) -> std::io::Result<Command> {
        let role = Role::ALL[module];
        let mut command = Command::new(&self.command.program);
        command.args(&self.command.args);
        command.args(["--role", role.name(), "--parent-pid", &std::process::id().to_string()]);
        command.arg("--data-dir").arg(&self.data_dir);
        command.arg("--store-timeout").arg(humantime::format_duration(self.stores.store_timeout).to_string());
        let Patience { number, dependency_patience } = patience;
        command.args(["--policy-number", &number.to_string()]);
        command.args(["--dependency-patience", &humantime::format_duration(dependency_patience).to_string()]);
        // Through the environment, which other users cannot read, and only to the module that needs them.
        let StoreArgs { database_url, cache_url, .. } = &self.stores;
        for (variable, url) in [(DATABASE_VARIABLE, database_url), (CACHE_VARIABLE, cache_url)] {
            match url {
                Some(url) if role == Role::Session => command.env(variable, url.reveal()),
                Some(_) | None => command.env_remove(variable),
            };
        }
        if let Some(upstream) = module.checked_sub(1) {
            command.args(["--upstream", &self.addresses[upstream].to_string()]);
        }
        command.stdin(Stdio::from(OwnedFd::from(self.listeners[module].try_clone()?)));
        command.stdout(Stdio::piped());
        Ok(command)
    }

    /// Opens the pidfd, while the child is certainly not reaped, and starts to read what it says.
    fn watch(
        &self,
        child: &mut Child,
        module: usize,
        incarnation: Incarnation,
        messages: &mpsc::Sender<Message>,
        clock: Clock,
    ) -> std::io::Result<OwnedFd> {
        let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
        let pid = pid.ok_or_else(|| std::io::Error::other("a process id out of range"))?;
        let pidfd = pidfd_open(pid, PidfdFlags::empty())?;
        let stdout = child.stdout.take().ok_or_else(|| std::io::Error::other("no pipe from the module"))?;
        let voice = pipe::Receiver::from_owned_fd(OwnedFd::from(stdout))?;
        tokio::spawn(listen_to(voice, module, incarnation, messages.clone(), clock));
        Ok(pidfd)
    }
}

fn listen() -> std::io::Result<TcpListener> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    // A second listen only changes the length of the backlog.
    rustix::net::listen(&listener, BACKLOG)?;
    Ok(listener)
}

fn exit_of(status: ExitStatus) -> Exit {
    status.signal().map_or_else(|| Exit::Code(status.code().unwrap_or(-1)), Exit::Signal)
}

/// Reads a module's bytes until it closes its end.
async fn listen_to(
    voice: pipe::Receiver,
    module: usize,
    incarnation: Incarnation,
    messages: mpsc::Sender<Message>,
    clock: Clock,
) {
    let mut buffer = [0; 64];
    while voice.readable().await.is_ok() {
        let said = match voice.try_read(&mut buffer) {
            Ok(0) => return,
            Ok(length) => &buffer[..length],
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => continue,
            Err(error) => {
                tracing::error!(%error, module, "cannot read from a module");
                return;
            }
        };
        let stamp = clock.now();
        let ready = said.contains(&READY).then_some(Input::Ready { module, incarnation });
        let beat = said.contains(&BEAT).then_some(Input::Beat { module, incarnation });
        for input in [ready, beat].into_iter().flatten() {
            if messages.send((stamp, input)).await.is_err() {
                return;
            }
        }
    }
}

//! Who may be signalled: a pid that a health page names is only a number until it is proven to be a process
//! of the backend behind the base URL.
//!
//! A pid is signalled only if it is, or descends from, the process that owns the base URL's listening socket,
//! lives in our pid namespace, has been running since before the page named it, and is held through a pidfd
//! from the moment of the check on. Loopback alone proves nothing: a port-forward looks local.

use std::collections::HashSet;
use std::io;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::os::fd::OwnedFd;
use std::time::Duration;

use procfs::process::{FDTarget, Process};
use rustix::process::{Pid, PidfdFlags, Signal};

use crate::clock::Clock;
use crate::journal::Micros;
use crate::target::process::wait_gone;

/// A parent chain longer than this is not followed.
const MAX_ANCESTORS: usize = 64;

/// What tells one process from a later one with the same pid: the pid and its start, in ticks since boot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    /// The process.
    pub pid: u32,
    /// Field 22 of `/proc/<pid>/stat`.
    pub started_ticks: u64,
}

/// A process that may be signalled, held so that its pid cannot come to mean another one.
#[derive(Debug)]
pub struct Proven {
    identity: Identity,
    pidfd: OwnedFd,
}

/// Why a pid is not signalled.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The base URL is not on this machine.
    #[error(
        "{host} is not an address of this machine, so the pids of its health page mean nothing here: use --fault restart"
    )]
    Remote {
        /// The host of the base URL.
        host: String,
    },
    /// Nobody here listens there, as far as we may see.
    #[error(
        "no process that we may inspect listens on {address}: run as the backend's user, or use --fault restart"
    )]
    NoListener {
        /// The address of the base URL.
        address: SocketAddr,
    },
    /// The process is somebody else's.
    #[error(
        "process {pid} neither is nor descends from the backend that listens on {address}: it is not signalled"
    )]
    Unrelated {
        /// The pid that the page names.
        pid: u32,
        /// The address of the base URL.
        address: SocketAddr,
    },
    /// The pid means another process by now.
    #[error(
        "process {pid} is not the one that the health page named (its start time differs): it is not signalled"
    )]
    Reused {
        /// The pid that the page names.
        pid: u32,
    },
    /// The process lives in another pid namespace.
    #[error("process {pid} lives in another pid namespace: it is not signalled")]
    Namespace {
        /// The pid that the page names.
        pid: u32,
    },
    /// Never these.
    #[error("process {pid} is init or the harness itself: it is not signalled")]
    Forbidden {
        /// The pid that the page names.
        pid: u32,
    },
    /// The process is gone, or may not be looked at.
    #[error("process {pid} is gone or may not be inspected")]
    Gone {
        /// The pid that the page names.
        pid: u32,
    },
}

impl Identity {
    /// Takes down who `pid` is now.
    ///
    /// # Errors
    /// [`Refusal::Gone`] when there is no such process.
    pub fn of(pid: u32) -> Result<Self, Refusal> {
        let stat = raw(pid).and_then(|raw| Process::new(raw)?.stat()).map_err(|_| Refusal::Gone { pid })?;
        Ok(Self { pid, started_ticks: stat.starttime })
    }

    /// Proves that this process belongs to the backend that listens on `address`, and takes hold of it.
    ///
    /// # Errors
    /// [`Refusal`] says which proof failed; nothing was signalled then.
    pub fn prove(self, address: SocketAddr) -> Result<Proven, Refusal> {
        let pid = self.pid;
        not_forbidden(pid)?;
        let owners = listeners(address)?;
        let held = self.hold()?;
        if !descends(pid, &owners) {
            return Err(Refusal::Unrelated { pid, address });
        }
        Ok(held)
    }

    /// Takes hold of this process, if it is still the one that it was and may be signalled at all. Who it belongs to is for
    /// the caller to know.
    ///
    /// # Errors
    /// [`Refusal`] says why not.
    pub(super) fn hold(self) -> Result<Proven, Refusal> {
        let pid = self.pid;
        not_forbidden(pid)?;
        // From here on the pidfd stands for this one process; all checks below are about what it holds.
        let handle = Pid::from_raw(pid.cast_signed()).ok_or(Refusal::Gone { pid })?;
        let pidfd =
            rustix::process::pidfd_open(handle, PidfdFlags::empty()).map_err(|_| Refusal::Gone { pid })?;
        if Self::of(pid)? != self {
            return Err(Refusal::Reused { pid });
        }
        same_namespace(pid)?;
        Ok(Proven { identity: self, pidfd })
    }
}

impl Proven {
    /// The process.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.identity.pid
    }

    /// Sends a signal to exactly this process.
    ///
    /// # Errors
    /// Whatever the kernel reports, such as that the process is gone.
    pub fn signal(&self, signal: Signal) -> io::Result<()> {
        Ok(rustix::process::pidfd_send_signal(&self.pidfd, signal)?)
    }

    /// Whether the process is stopped; `None` once it is gone (a zombie is).
    #[must_use]
    pub fn stands_still(&self) -> Option<bool> {
        let stat = raw(self.pid()).and_then(|raw| Process::new(raw)?.stat()).ok()?;
        let same = stat.starttime == self.identity.started_ticks && !matches!(stat.state, 'Z' | 'X');
        same.then_some(stat.state == 'T')
    }

    /// Waits until the process is gone and stamps that; `None` after `limit`.
    ///
    /// # Errors
    /// Whatever the kernel reports.
    pub async fn gone(&self, clock: Clock, limit: Duration) -> io::Result<Option<Micros>> {
        let pidfd = self.pidfd.try_clone()?;
        // On a thread of its own, and stamped there: no runtime stands between the event and its stamp.
        let waiting = move || Ok(wait_gone(pidfd, limit)?.then(|| clock.now()));
        tokio::task::spawn_blocking(waiting).await.map_err(io::Error::other)?
    }
}

/// The address on this machine behind a base URL.
///
/// # Errors
/// [`Refusal::Remote`] when the host is a name other than `localhost`, or no address of this machine.
pub fn local_address(base_url: &url::Url) -> Result<SocketAddr, Refusal> {
    let remote = || Refusal::Remote { host: base_url.host_str().unwrap_or_default().to_owned() };
    let ip = match base_url.host().ok_or_else(remote)? {
        url::Host::Ipv4(ip) => IpAddr::V4(ip),
        url::Host::Ipv6(ip) => IpAddr::V6(ip),
        url::Host::Domain("localhost") => IpAddr::from([127, 0, 0, 1]),
        url::Host::Domain(_) => return Err(remote()),
    };
    // Only an address of this machine can be bound here; port 0 disturbs nobody.
    std::net::UdpSocket::bind((ip, 0)).map_err(|_| remote())?;
    Ok(SocketAddr::new(ip, base_url.port_or_known_default().ok_or_else(remote)?))
}

/// The processes that hold a listening socket which serves `address`.
///
/// # Errors
/// [`Refusal::NoListener`] when nobody does, as far as we may see.
pub(super) fn holders(address: SocketAddr) -> Result<Vec<u32>, Refusal> {
    Ok(listeners(address)?.into_iter().filter_map(|pid| u32::try_from(pid).ok()).collect())
}

/// The processes that hold a listening socket which serves `address`.
fn listeners(address: SocketAddr) -> Result<HashSet<i32>, Refusal> {
    let none = || Refusal::NoListener { address };
    let sockets = procfs::net::tcp().into_iter().chain(procfs::net::tcp6()).flatten();
    let inodes: HashSet<u64> = sockets
        .filter(|socket| {
            socket.state == procfs::net::TcpState::Listen && serves(socket.local_address, address)
        })
        .map(|socket| socket.inode)
        .collect();
    if inodes.is_empty() {
        return Err(none());
    }
    let holds = |process: &Process| {
        process.fd().is_ok_and(|fds| {
            fds.flatten().any(|fd| matches!(fd.target, FDTarget::Socket(inode) if inodes.contains(&inode)))
        })
    };
    let all = procfs::process::all_processes().map_err(|_| none())?;
    let owners: HashSet<i32> = all.flatten().filter(holds).map(|process| process.pid).collect();
    if owners.is_empty() { Err(none()) } else { Ok(owners) }
}

/// Whether a socket bound to `local` answers connections to `address`.
fn serves(local: SocketAddr, address: SocketAddr) -> bool {
    let any = match local.ip() {
        IpAddr::V4(ip) => ip.is_unspecified(),
        IpAddr::V6(ip) => ip == Ipv6Addr::UNSPECIFIED,
    };
    local.port() == address.port() && (any || local.ip().to_canonical() == address.ip().to_canonical())
}

fn not_forbidden(pid: u32) -> Result<(), Refusal> {
    if pid <= 1 || pid == std::process::id() { Err(Refusal::Forbidden { pid }) } else { Ok(()) }
}

fn same_namespace(pid: u32) -> Result<(), Refusal> {
    let namespace = |process: &str| std::fs::read_link(format!("/proc/{process}/ns/pid"));
    match (namespace("self"), namespace(&pid.to_string())) {
        (Ok(ours), Ok(theirs)) if ours == theirs => Ok(()),
        (Ok(_), Ok(_)) => Err(Refusal::Namespace { pid }),
        _ => Err(Refusal::Gone { pid }),
    }
}

/// Whether `pid` is one of `owners` or has one of them among its ancestors.
fn descends(pid: u32, owners: &HashSet<i32>) -> bool {
    let Ok(mut current) = raw(pid) else { return false };
    for _ in 0..MAX_ANCESTORS {
        if owners.contains(&current) {
            return true;
        }
        match Process::new(current).and_then(|process| process.stat()) {
            Ok(stat) if stat.ppid > 1 => current = stat.ppid,
            _ => return false,
        }
    }
    false
}

fn raw(pid: u32) -> Result<i32, procfs::ProcError> {
    i32::try_from(pid).map_err(|_| procfs::ProcError::Other("pid out of range".into()))
}

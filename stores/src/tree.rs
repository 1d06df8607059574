//! A server and all that descends from it, held by pidfds: no signal can reach a process that it was not meant for.
//!
//! PostgreSQL's backends are session leaders of their own, so a signal to the server's process group does not reach
//! them, and a stopped server alone leaves open connections working.

use std::collections::HashSet;
use std::io;
use std::os::fd::OwnedFd;
use std::process::Child;

use procfs::process::{Stat, all_processes};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};

use crate::clock::Deadline;

/// Descendants are looked for until a look finds no new ones; all are stopped by then, so a few looks do.
const MAX_LOOKS: usize = 20;

/// One process. The pidfd stands for it even when its pid has come to mean another.
#[derive(Debug)]
struct Held {
    pid: i32,
    started_ticks: u64,
    pidfd: OwnedFd,
}

/// A server that we started, and what we have found to descend from it.
#[derive(Debug)]
pub(crate) struct Tree {
    child: Child,
    root: Held,
    descendants: Vec<Held>,
}

impl Held {
    /// Takes hold of the process that `/proc` showed as `stat`; `None` when that is gone.
    fn of(stat: &Stat) -> Option<Self> {
        let pidfd = pidfd_open(Pid::from_raw(stat.pid)?, PidfdFlags::empty()).ok()?;
        let held = Self { pid: stat.pid, started_ticks: stat.starttime, pidfd };
        // Whoever had the pid when it was opened: it is the one that was looked at if it began at the same time.
        held.stat().is_some().then_some(held)
    }

    /// What `/proc` says of it; `None` when it is gone.
    fn stat(&self) -> Option<Stat> {
        let stat = procfs::process::Process::new(self.pid).and_then(|process| process.stat()).ok()?;
        (stat.starttime == self.started_ticks).then_some(stat)
    }

    fn signal(&self, signal: Signal) -> io::Result<()> {
        match pidfd_send_signal(&self.pidfd, signal) {
            Ok(()) | Err(rustix::io::Errno::SRCH) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Whether it runs no more: stopped, a zombie, or gone.
    fn is_still(&self) -> bool {
        self.stat().is_none_or(|stat| matches!(stat.state, 'T' | 't' | 'Z' | 'X'))
    }

    /// Waits until it is gone; a zombie is.
    fn wait_gone(&self, deadline: Deadline) -> io::Result<bool> {
        loop {
            let left = Timespec::try_from(deadline.left()).map_err(io::Error::other)?;
            match poll(&mut [PollFd::new(&self.pidfd, PollFlags::IN)], Some(&left)) {
                Ok(ready) => return Ok(ready > 0),
                Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}

impl Tree {
    /// Takes hold of a child that has not been waited for, so that its pid is still its own.
    pub(crate) fn of(mut child: Child) -> io::Result<Self> {
        let hold = |child: &Child| {
            let pid = i32::try_from(child.id()).map_err(io::Error::other)?;
            let stat = procfs::process::Process::new(pid).and_then(|process| process.stat());
            Held::of(&stat.map_err(io::Error::other)?).ok_or_else(|| io::Error::other("it is gone already"))
        };
        match hold(&child) {
            Ok(root) => Ok(Self { child, root, descendants: Vec::new() }),
            Err(error) => {
                child.kill()?;
                child.wait()?;
                Err(error)
            }
        }
    }

    /// The server's pid.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Whether the server itself is there.
    pub(crate) fn is_alive(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Stops the server first, so that it starts nothing more, then all that descends from it. Whether all of
    /// them were seen to stand still by the deadline.
    pub(crate) fn freeze(&mut self, deadline: Deadline) -> io::Result<bool> {
        self.root.signal(Signal::STOP)?;
        let mut still = wait_still(&self.root, deadline);
        for _ in 0..MAX_LOOKS {
            let found = self.find_more()?;
            if found.is_empty() {
                return Ok(still);
            }
            for held in &found {
                held.signal(Signal::STOP)?;
            }
            still &= found.iter().all(|held| wait_still(held, deadline));
            self.descendants.extend(found);
        }
        Ok(false)
    }

    /// Lets all of them run again.
    pub(crate) fn thaw(&mut self) -> io::Result<()> {
        self.look()?;
        self.signal_all(Signal::CONT)?;
        // They run, so what was found may no longer be all there is.
        self.descendants.clear();
        Ok(())
    }

    /// Takes hold of the descendants that there are now.
    pub(crate) fn look(&mut self) -> io::Result<()> {
        let found = self.find_more()?;
        self.descendants.extend(found);
        Ok(())
    }

    /// Signals the server alone.
    pub(crate) fn signal_root(&self, signal: Signal) -> io::Result<()> {
        self.root.signal(signal)
    }

    /// Signals the server and all descendants that were found.
    pub(crate) fn signal_all(&self, signal: Signal) -> io::Result<()> {
        // Every process is signalled, even when one cannot be.
        let results: Vec<_> = self.held().map(|held| held.signal(signal)).collect();
        results.into_iter().collect()
    }

    /// Waits until the server and all descendants that were found are gone, and reaps the server.
    pub(crate) fn wait_gone(&mut self, deadline: Deadline) -> io::Result<bool> {
        for held in self.held() {
            if !held.wait_gone(deadline)? {
                return Ok(false);
            }
        }
        self.child.wait()?;
        Ok(true)
    }

    fn held(&self) -> impl Iterator<Item = &Held> {
        std::iter::once(&self.root).chain(&self.descendants)
    }

    /// The living descendants that are not held yet.
    fn find_more(&self) -> io::Result<Vec<Held>> {
        let stats: Vec<Stat> = all_processes()
            .map_err(io::Error::other)?
            .filter_map(|process| process.ok()?.stat().ok())
            .collect();
        let known: HashSet<i32> =
            self.held().filter(|held| held.stat().is_some()).map(|held| held.pid).collect();
        let mut family = known.clone();
        let mut found = Vec::new();
        loop {
            let before = family.len();
            for stat in &stats {
                if family.contains(&stat.ppid) && family.insert(stat.pid) {
                    found.push(stat);
                }
            }
            if family.len() == before {
                break;
            }
        }
        Ok(found.into_iter().filter(|stat| !known.contains(&stat.pid)).filter_map(Held::of).collect())
    }
}

fn wait_still(held: &Held, deadline: Deadline) -> bool {
    deadline.poll(|| held.is_still().then_some(())).is_some()
}

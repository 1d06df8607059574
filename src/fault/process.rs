//! Where the process of a module is found on a system that tells nobody: by a pid file, its command line, the port on which it
//! listens, or a pointer into its health page. What is found is held by a pidfd before anything is done to it.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use procfs::process::Process;
use regex::Regex;

use super::identity::{Identity, Proven, Refusal, holders, local_address};
use crate::target::Api;

/// A process that was just forked has the command line and the sockets of its parent, until it runs a program of its own: where
/// several are found, only those count that are still found after this time.
const FORK: Duration = Duration::from_millis(100);

/// A module, and where its process is found.
#[derive(Debug, Clone)]
pub struct ModuleSpec {
    /// What it is called.
    pub name: String,
    /// Where the process is found.
    pub place: Place,
    /// One of the children of that process is meant instead of itself.
    pub children: bool,
    /// Which one, when there are several.
    pub pick: Option<Pick>,
    /// Whose the process is, by name or number, when it is not the harness's own user's.
    pub owner: Option<String>,
}

/// Where a process is found.
#[derive(Debug, Clone)]
pub enum Place {
    /// A file that holds its pid.
    PidFile(PathBuf),
    /// What its command line matches, arguments joined by spaces.
    CommandLine(Regex),
    /// An address on which it listens.
    Listener(SocketAddr),
    /// Where in the JSON of the target's health page (RFC 6901) its pid stands. A page is not believed: the process must be, or
    /// descend from, the owner of the base URL's listening socket.
    Pointer(String),
}

/// Which of several processes is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pick {
    /// The one that has run for longest.
    Oldest,
    /// The one that was started last.
    Youngest,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PidFile(path) => write!(f, "pid file {}", path.display()),
            Self::CommandLine(pattern) => write!(f, "command line matching {pattern}"),
            Self::Listener(address) => write!(f, "listener on {address}"),
            Self::Pointer(pointer) => write!(f, "{pointer} of the health page"),
        }
    }
}

impl ModuleSpec {
    /// Finds the process and takes hold of it.
    ///
    /// # Errors
    /// Why there is none, or why it is not signalled, with the remedy.
    pub(super) async fn find(&self, api: &Api) -> Result<Proven, String> {
        // A page of another machine names processes of another machine: it is not even asked.
        let page_of = match &self.place {
            Place::Pointer(_) => Some(local_address(api.base_url()).map_err(|refusal| told(&refusal))?),
            _ => None,
        };
        let mut candidates = self.candidates(api).await?;
        if candidates.len() > 1 {
            tokio::time::sleep(FORK).await;
            let again = self.candidates(api).await?;
            candidates.retain(|pid| again.contains(pid));
        }
        let chosen = self.choose(candidates)?;
        let held = match page_of {
            Some(address) => chosen.prove(address),
            None => chosen.hold(),
        };
        let held = held.map_err(|refusal| told(&refusal))?;
        self.check_owner(held.pid())?;
        Ok(held)
    }

    async fn candidates(&self, api: &Api) -> Result<Vec<u32>, String> {
        let found = match &self.place {
            Place::PidFile(path) => vec![from_file(path)?],
            Place::CommandLine(pattern) => by_command_line(pattern),
            Place::Listener(address) => holders(*address).map_err(|refusal| told(&refusal))?,
            Place::Pointer(pointer) => vec![from_page(api, pointer).await?],
        };
        Ok(if self.children { children_of(&found) } else { found })
    }

    fn choose(&self, candidates: Vec<u32>) -> Result<Identity, String> {
        let mut known: Vec<_> = candidates.into_iter().filter_map(|pid| Identity::of(pid).ok()).collect();
        known.sort_unstable_by_key(|identity| (identity.started_ticks, identity.pid));
        let what = if self.children { "no child of the process" } else { "no process" };
        let chosen = match (known.as_slice(), self.pick) {
            ([], _) => return Err(format!("{}: {what} is found by {}", self.name, self.place)),
            ([only], _) => only,
            ([oldest, ..], Some(Pick::Oldest)) => oldest,
            ([.., youngest], Some(Pick::Youngest)) => youngest,
            (several, None) => {
                let (name, count, place) = (&self.name, several.len(), &self.place);
                return Err(format!(
                    "{name}: {count} processes are found by {place}: say pick = \"oldest\" or \"youngest\""
                ));
            }
        };
        Ok(*chosen)
    }

    /// A process of another user is signalled only where the plan names that user.
    fn check_owner(&self, pid: u32) -> Result<(), String> {
        let gone = || told(&Refusal::Gone { pid });
        let uid =
            i32::try_from(pid).ok().and_then(|pid| Process::new(pid).and_then(|process| process.uid()).ok());
        let uid = uid.ok_or_else(gone)?;
        let allowed = match &self.owner {
            None => rustix::process::geteuid().as_raw(),
            Some(owner) => match owner.parse() {
                Ok(number) => number,
                Err(_) => uzers::get_user_by_name(owner)
                    .ok_or_else(|| format!("{}: this machine has no user {owner}", self.name))?
                    .uid(),
            },
        };
        if uid == allowed {
            return Ok(());
        }
        Err(format!(
            "{}: process {pid} belongs to user {uid}: it is not signalled unless the plan says owner = \"{uid}\"",
            self.name
        ))
    }
}

fn told(refusal: &Refusal) -> String {
    refusal.to_string()
}

fn from_file(path: &PathBuf) -> Result<u32, String> {
    let shown = path.display();
    let text = std::fs::read_to_string(path).map_err(|error| format!("pid file {shown}: {error}"))?;
    text.trim().parse().map_err(|_| format!("pid file {shown} holds no pid"))
}

/// Processes whose command line matches, without ourselves and those from whom we descend: the shell in which the pattern was
/// typed may contain it.
fn by_command_line(pattern: &Regex) -> Vec<u32> {
    let ours = lineage();
    let matches = |process: &Process| {
        process.cmdline().is_ok_and(|words| !words.is_empty() && pattern.is_match(&words.join(" ")))
    };
    let all = procfs::process::all_processes().into_iter().flatten().flatten();
    let found = all.filter(|process| !ours.contains(&process.pid) && matches(process));
    found.filter_map(|process| u32::try_from(process.pid).ok()).collect()
}

fn lineage() -> Vec<i32> {
    let parent = |pid: i32| Process::new(pid).and_then(|process| process.stat()).ok().map(|stat| stat.ppid);
    let own = i32::try_from(std::process::id()).ok();
    std::iter::successors(own, |pid| parent(*pid).filter(|parent| *parent > 0)).collect()
}

fn children_of(parents: &[u32]) -> Vec<u32> {
    let all = procfs::process::all_processes().into_iter().flatten().flatten();
    let child = |process: &Process| {
        let stat = process.stat().ok()?;
        // A zombie is a child that is gone.
        let alive = !matches!(stat.state, 'Z' | 'X');
        (alive && parents.contains(&u32::try_from(stat.ppid).ok()?)).then_some(process.pid)
    };
    all.filter_map(|process| u32::try_from(child(&process)?).ok()).collect()
}

async fn from_page(api: &Api, pointer: &str) -> Result<u32, String> {
    let path = api.health_path().ok_or("the target has no health page on which a pid could stand")?;
    let answer = api.get(path).await.map_err(|error| error.to_string())?;
    let page: serde_json::Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let pid =
        page.pointer(pointer).and_then(serde_json::Value::as_u64).and_then(|pid| u32::try_from(pid).ok());
    pid.ok_or_else(|| format!("the health page {path} holds no pid at {pointer}"))
}

#[cfg(test)]
mod tests;

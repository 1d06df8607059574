//! Nothing is left, however the owner ends.

use std::io::{BufRead as _, BufReader, Read as _};
use std::os::fd::OwnedFd;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use local_stores::{LocalStores, for_tests};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, Signal, kill_process, pidfd_open, pidfd_send_signal};

use crate::client::{Session, folder_of};

/// The janitor looks twice, and removes some dozens of MB.
const GONE: Timespec = Timespec { tv_sec: 20, tv_nsec: 0 };
/// Tells the test binary that it is the owner that a test kills.
const OWNER: &str = "LOCAL_STORES_TEST_OWNER";

/// What there is of running stores: their folder and their processes.
///
/// Found by parentage, not by working folder as the janitor does: root in a container may not look at the latter.
struct Traces {
    folder: PathBuf,
    processes: Vec<(i32, OwnedFd)>,
}

impl Traces {
    fn of(folder: PathBuf, servers: [u32; 2]) -> Self {
        assert!(folder.is_dir(), "{}", folder.display());
        let processes: Vec<_> = family(servers)
            .into_iter()
            .map(|pid| (pid, pidfd_open(Pid::from_raw(pid).unwrap(), PidfdFlags::empty()).unwrap()))
            .collect();
        let expected = "PostgreSQL, some processes of its own, one of them for the connection, and Redis";
        assert!(processes.len() >= 4, "{expected}: {processes:?}");
        Self { folder, processes }
    }

    /// The servers themselves, which come first.
    fn servers(&self) -> &[(i32, OwnedFd)] {
        &self.processes[..2]
    }

    #[track_caller]
    fn are_gone(&self) {
        for (pid, pidfd) in &self.processes {
            assert!(is_gone(pidfd), "process {pid} is left");
        }
        for _ in 0..400 {
            if !self.folder.exists() {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("{} is left", self.folder.display());
    }
}

fn is_gone(pidfd: &OwnedFd) -> bool {
    poll(&mut [PollFd::new(pidfd, PollFlags::IN)], Some(&GONE)).unwrap() == 1
}

/// The servers and all that descends from them.
fn family(servers: [u32; 2]) -> Vec<i32> {
    let mut family: Vec<i32> = servers.map(u32::cast_signed).into();
    let stats = procfs::process::all_processes().unwrap().filter_map(|process| process.ok()?.stat().ok());
    let stats: Vec<_> = stats.collect();
    let mut next = 0;
    while let Some(parent) = family.get(next).copied() {
        family.extend(stats.iter().filter(|stat| stat.ppid == parent).map(|stat| stat.pid));
        next += 1;
    }
    family
}

/// Both servers, with a connection that PostgreSQL serves by a process of its own.
fn start() -> Option<(LocalStores, Session, Traces)> {
    let stores = for_tests()?;
    let open = Session::postgres(stores.database()).unwrap();
    let servers = [stores.database(), stores.cache()].map(|server| server.pid().unwrap());
    let traces = Traces::of(folder_of(&stores), servers);
    Some((stores, open, traces))
}

#[test]
fn nothing_is_left_after_a_stop() {
    let Some((stores, _open, traces)) = start() else { return };
    stores.stop().unwrap();
    traces.are_gone();
}

#[test]
fn nothing_is_left_after_a_drop_even_of_paused_servers() {
    let Some((stores, _open, traces)) = start() else { return };
    stores.database().pause().unwrap();
    stores.cache().pause().unwrap();
    drop(stores);
    traces.are_gone();
}

#[test]
fn nothing_is_left_of_paused_servers_whose_owner_is_killed() {
    let Some((mut owner, traces)) = Owner::start() else { return };
    let segments = segments_of(&traces.processes);
    assert_eq!(segments.len(), 1, "PostgreSQL holds one System V segment: {segments:?}");
    for (pid, _) in &traces.processes {
        let stat = procfs::process::Process::new(*pid).unwrap().stat().unwrap();
        assert_eq!(stat.state, 'T', "process {pid} is paused");
    }
    owner.kill();
    traces.are_gone();
    let left: Vec<_> = segment_ids().into_iter().filter(|(id, _)| segments.contains(id)).collect();
    assert!(left.is_empty(), "shared memory is left: {left:?}");
}

#[test]
fn the_servers_die_with_their_owner_even_without_a_janitor() {
    let Some((mut owner, traces)) = Owner::start() else { return };
    let segments = segments_of(&traces.processes);
    let owner_pid = owner.process.id().cast_signed();
    let folder = traces.folder.to_str().unwrap().to_owned();
    let janitor = procfs::process::all_processes().unwrap().flatten().find(|process| {
        process.stat().is_ok_and(|stat| stat.ppid == owner_pid)
            && process
                .cmdline()
                .is_ok_and(|line| line.contains(&folder) && line.contains(&"janitor".to_owned()))
    });
    kill_process(Pid::from_raw(janitor.expect("no janitor").pid).unwrap(), Signal::KILL).unwrap();
    owner.kill();
    for (pid, pidfd) in traces.servers() {
        assert!(is_gone(pidfd), "server {pid} is left");
    }
    // What the janitor would have done: the paused backends, the folder, the shared memory.
    for (_, pidfd) in &traces.processes {
        let _ = pidfd_send_signal(pidfd, Signal::KILL);
    }
    std::fs::remove_dir_all(&traces.folder).unwrap();
    traces.are_gone();
    for segment in segments {
        Command::new("ipcrm").args(["-m", &segment.to_string()]).status().unwrap();
    }
}

/// Another process that owns stores, and has paused them.
struct Owner {
    process: Child,
}

impl Owner {
    /// `None` where there are no servers.
    fn start() -> Option<(Self, Traces)> {
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "gone::owner", "--ignored", "--nocapture"])
            .env(OWNER, "yes")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(process.stdout.take().unwrap()).lines().map_while(Result::ok);
        let said = said.find_map(|line| line.strip_prefix("owner: ").map(str::to_owned)).expect("no stores");
        let mut owner = Self { process };
        if said == "no servers" {
            owner.kill();
            return None;
        }
        let [database, cache, folder] = said.splitn(3, ' ').collect::<Vec<_>>().try_into().unwrap();
        let servers = [database, cache].map(|pid| pid.parse().unwrap());
        Some((owner, Traces::of(folder.into(), servers)))
    }

    fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

/// Not a test: the owner that the ones above kill.
#[test]
#[ignore = "run by other tests, in a process of its own"]
fn owner() {
    if std::env::var_os(OWNER).is_none() {
        return;
    }
    let Some((stores, _open, traces)) = start() else {
        println!("\nowner: no servers");
        return;
    };
    let [database, cache] = [stores.database(), stores.cache()].map(|server| {
        server.pause().unwrap();
        server.pid().unwrap()
    });
    println!("\nowner: {database} {cache} {}", traces.folder.display());
    // Until it is killed, or its parent is gone.
    let _ = std::io::stdin().read(&mut [0]);
}

/// The System V segments that these processes created.
fn segments_of(processes: &[(i32, OwnedFd)]) -> Vec<u64> {
    let created = |creator: &i32| processes.iter().any(|(pid, _)| pid == creator);
    segment_ids().into_iter().filter(|(_, creator)| created(creator)).map(|(id, _)| id).collect()
}

/// Every System V segment of this machine: its id and its creator.
fn segment_ids() -> Vec<(u64, i32)> {
    let text = std::fs::read_to_string("/proc/sysvipc/shm").unwrap();
    let row = |line: &str| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        (fields[1].parse().unwrap(), fields[4].parse().unwrap())
    };
    text.lines().skip(1).map(row).collect()
}

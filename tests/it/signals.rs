//! Nobody is signalled whom the backend behind the base URL does not own (invariant 4).

use std::process::{Command, Stdio};

use goose_recovery::fault::identity::{Identity, Refusal, local_address};

use crate::command::{Guarded, Workplace, told};
use crate::stub::Stub;

/// A process that neither we nor the stub started as a child: its starter has ended.
struct Stranger(u32);

impl Stranger {
    fn new() -> Self {
        let output = Command::new("sh").args(["-c", "sleep 60 >/dev/null 2>&1 & echo $!"]).output().unwrap();
        Self(String::from_utf8(output.stdout).unwrap().trim().parse().unwrap())
    }

    fn lives(&self) -> bool {
        std::fs::read_to_string(format!("/proc/{}/comm", self.0)).is_ok_and(|name| name.trim() == "sleep")
    }
}

impl Drop for Stranger {
    fn drop(&mut self) {
        if self.lives() {
            let pid = rustix::process::Pid::from_raw(i32::try_from(self.0).unwrap()).unwrap();
            let _ = rustix::process::kill_process(pid, rustix::process::Signal::KILL);
        }
    }
}

fn sleeper() -> Guarded {
    Guarded(Command::new("sleep").arg("60").stdin(Stdio::null()).spawn().unwrap())
}

#[test]
fn a_page_that_names_a_strangers_pid_kills_nobody() {
    let stranger = Stranger::new();
    let stub = Stub::start(stranger.0, &[]);
    let place = Workplace::new();
    let output = place.run(["--base-url", &stub.url(), "--fault", "kill", "--quiet"]).output().unwrap();
    assert_eq!(output.status.code(), Some(4), "{}", told(&output));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("neither is nor descends from"), "{said}");
    assert!(stranger.lives());
}

#[test]
fn init_and_the_harness_itself_are_never_signalled() {
    let stub = Stub::start(1, &[]);
    for pid in [1, std::process::id()] {
        let refused = Identity::of(pid).unwrap().prove(stub.address).unwrap_err();
        assert!(matches!(refused, Refusal::Forbidden { .. }), "{refused}");
    }
}

#[test]
fn a_child_of_the_listener_may_be_signalled_and_a_reused_pid_may_not() {
    // The stub's listener is owned by this very process, so a child of it belongs to "the backend".
    let stub = Stub::start(1, &[]);
    let child = sleeper();
    let identity = Identity::of(child.0.id()).unwrap();
    assert!(identity.prove(stub.address).is_ok());
    let earlier = Identity { started_ticks: identity.started_ticks - 1, ..identity };
    assert!(matches!(earlier.prove(stub.address), Err(Refusal::Reused { .. })));
}

#[test]
fn a_pid_of_a_process_that_is_gone_is_refused() {
    let stub = Stub::start(1, &[]);
    let mut child = sleeper();
    let identity = Identity::of(child.0.id()).unwrap();
    child.0.kill().unwrap();
    child.0.wait().unwrap();
    assert!(matches!(identity.prove(stub.address), Err(Refusal::Gone { .. })));
}

#[test]
fn pids_of_a_remote_target_mean_nothing_here() {
    // 192.0.2.0/24 and 2001:db8::/32 are reserved for documentation: no machine has them.
    for remote in ["http://192.0.2.1:8000", "http://[2001:db8::1]:8000", "http://example.com"] {
        let refused = local_address(&remote.parse().unwrap()).unwrap_err();
        assert!(matches!(refused, Refusal::Remote { .. }), "{remote}: {refused}");
    }
    for local in ["http://127.0.0.1:8000", "http://localhost:8000", "http://127.0.0.7"] {
        assert!(local_address(&local.parse().unwrap()).is_ok(), "{local}");
    }
}

#[test]
fn a_local_port_on_which_nobody_listens_owns_nothing() {
    let address = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap()
    };
    let child = sleeper();
    let refused = Identity::of(child.0.id()).unwrap().prove(address).unwrap_err();
    assert!(matches!(refused, Refusal::NoListener { .. }), "{refused}");
}

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::*;
use crate::target::Api;

/// Ended with the test, however that ends.
struct Own(Child);

impl Own {
    /// A shell with a child, told apart by `mark`; it waits until its input ends.
    fn start(mark: &str) -> Self {
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("sleep 600 & : {mark}; read line")]);
        let own = Self(shell.stdin(Stdio::piped()).spawn().unwrap());
        own.child();
        own
    }

    /// Its child, once that has become a `sleep`: before, it has the command line of its parent.
    fn child(&self) -> u32 {
        let sleeps = |pid: u32| {
            let words = Process::new(pid.cast_signed()).and_then(|process| process.cmdline());
            words.is_ok_and(|words| words.first().is_some_and(|word| word == "sleep"))
        };
        loop {
            if let [child] = children_of(&[self.0.id()])[..]
                && sleeps(child)
            {
                return child;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        for child in children_of(&[self.0.id()]) {
            let _ = Identity::of(child)
                .and_then(Identity::hold)
                .map(|held| held.signal(rustix::process::Signal::KILL));
        }
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn api() -> Api {
    Api::new(url::Url::parse("http://127.0.0.1:9/").unwrap(), Duration::from_secs(1)).unwrap()
}

fn module(place: Place) -> ModuleSpec {
    ModuleSpec { name: "web".to_owned(), place, children: false, pick: None, owner: None }
}

fn matching(mark: &str) -> ModuleSpec {
    module(Place::CommandLine(Regex::new(mark).unwrap()))
}

#[tokio::test]
async fn a_process_is_found_by_its_command_line_and_so_are_its_children() {
    let (own, api) = (Own::start("mark-alone"), api());
    let child = own.child();
    let found = matching("mark-alone").find(&api).await.unwrap();
    assert_eq!(found.pid(), own.0.id());
    let children = ModuleSpec { children: true, ..matching("mark-alone") };
    assert_eq!(children.find(&api).await.unwrap().pid(), child);
    let nobody = matching("mark-of-nobody-at-all").find(&api).await.unwrap_err();
    assert!(nobody.contains("no process is found by command line"), "{nobody}");
}

#[tokio::test]
async fn several_are_none_until_the_plan_says_which() {
    let (first, api) = (Own::start("mark-twins"), api());
    // Start times count in hundredths of a second.
    std::thread::sleep(Duration::from_millis(30));
    let second = Own::start("mark-twins");
    let refused = matching("mark-twins").find(&api).await.unwrap_err();
    assert!(refused.contains("2 processes") && refused.contains("oldest"), "{refused}");
    for (pick, meant) in [(Pick::Oldest, &first), (Pick::Youngest, &second)] {
        let picked = ModuleSpec { pick: Some(pick), ..matching("mark-twins") };
        assert_eq!(picked.find(&api).await.unwrap().pid(), meant.0.id());
    }
}

#[tokio::test]
async fn one_that_is_found_for_a_moment_only_is_none() {
    let (first, api) = (Own::start("mark-moment"), api());
    let second = Own::start("mark-moment");
    let found = matching("mark-moment");
    let (found, ()) = tokio::join!(found.find(&api), async { drop(second) });
    assert_eq!(found.unwrap().pid(), first.0.id());
}

#[tokio::test]
async fn a_pid_file_is_read_anew_and_its_mistakes_are_told() {
    let (own, api) = (Own::start("mark-file"), api());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("web.pid");
    let by_file = module(Place::PidFile(path.clone()));
    assert!(by_file.find(&api).await.unwrap_err().contains("web.pid"));
    std::fs::write(&path, "soon\n").unwrap();
    assert!(by_file.find(&api).await.unwrap_err().contains("holds no pid"));
    std::fs::write(&path, format!("{}\n", own.0.id())).unwrap();
    assert_eq!(by_file.find(&api).await.unwrap().pid(), own.0.id());
}

#[tokio::test]
async fn init_the_harness_and_strangers_are_never_held() {
    let api = api();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pid");
    for pid in [1, std::process::id()] {
        std::fs::write(&path, pid.to_string()).unwrap();
        let refused = module(Place::PidFile(path.clone())).find(&api).await.unwrap_err();
        assert!(refused.contains("init or the harness"), "{refused}");
    }
    let own = Own::start("mark-stranger");
    let other = ModuleSpec { owner: Some("54321".to_owned()), ..matching("mark-stranger") };
    let refused = other.find(&api).await.unwrap_err();
    assert!(refused.contains("belongs to user"), "{refused}");
    let unknown = ModuleSpec { owner: Some("no-such-user".to_owned()), ..matching("mark-stranger") };
    assert!(unknown.find(&api).await.unwrap_err().contains("no user no-such-user"));
    drop(own);
}

#[tokio::test]
async fn a_listener_is_found_by_its_port() {
    // We hold it ourselves, and we are not signalled: that it is refused for this shows that it was found.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let found = module(Place::Listener(listener.local_addr().unwrap())).find(&api()).await.unwrap_err();
    assert!(found.contains("the harness itself"), "{found}");
}

/// A page that names `pid`, served by this process, and the target whose page it is.
fn page_naming(pid: u32) -> Api {
    use std::io::{Read, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut peer in listener.incoming().flatten() {
            let _ = peer.read(&mut [0; 4096]);
            let body = format!("{{\"web\":{{\"pid\":{pid}}}}}");
            let _ = write!(
                peer,
                "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                body.len()
            );
        }
    });
    Api::new(url.parse().unwrap(), Duration::from_secs(5)).unwrap()
}

#[tokio::test]
async fn a_page_is_believed_only_of_the_processes_of_who_serves_it() {
    let by_page = module(Place::Pointer("/web/pid".to_owned()));
    // We serve the page, and what we have started descends from us.
    let own = Own::start("mark-page");
    assert_eq!(by_page.find(&page_naming(own.0.id())).await.unwrap().pid(), own.0.id());
    // Who started us does not.
    let parent = rustix::process::getppid().unwrap().as_raw_nonzero().get().cast_unsigned();
    let refused = by_page.find(&page_naming(parent)).await.unwrap_err();
    assert!(refused.contains("neither is nor descends from") || refused.contains("is init"), "{refused}");
    let elsewhere = module(Place::Pointer("/nowhere".to_owned())).find(&page_naming(own.0.id())).await;
    assert!(elsewhere.unwrap_err().contains("holds no pid at /nowhere"));
}

#[tokio::test]
async fn a_page_of_another_machine_names_nobody_here() {
    // An address for documentation (RFC 5737): nobody has it, and it is not even asked.
    let remote = Api::new("http://192.0.2.1:9/".parse().unwrap(), Duration::from_secs(5)).unwrap();
    let refused = module(Place::Pointer("/pid".to_owned())).find(&remote).await.unwrap_err();
    assert!(refused.contains("not an address of this machine"), "{refused}");
}

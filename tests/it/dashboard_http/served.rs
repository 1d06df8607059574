//! A dashboard as a process of its own, and what it says on the wire. Requests are written byte by byte, since a client would put
//! them right.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{ChildStderr, Command, Stdio};
use std::time::Duration;

use crate::command::{Guarded, goose_recovery};

/// Long enough for whatever is asked, on a machine that does much else.
const PATIENCE: Duration = Duration::from_secs(60);

/// A dashboard that is served.
pub(super) struct Served {
    pub(super) process: Guarded,
    pub(super) address: SocketAddr,
    /// What it has said so far.
    pub(super) said: String,
    stderr: BufReader<ChildStderr>,
}

/// `goose-recovery dashboard` of a folder with `reports/` and `journal.jsonl`, on a port that is free unless `arguments` say which.
pub(super) fn dashboard(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = goose_recovery();
    command.arg("dashboard").current_dir(folder).args(["--log", "journal.jsonl"]);
    if !arguments.contains(&"--listen") {
        command.args(["--listen", "127.0.0.1:0"]);
    }
    command.args(arguments).env_remove("GOOSE_RECOVERY_DASHBOARD_TOKEN");
    command
}

impl Served {
    /// Starts `command`, and waits until it says where the page is.
    pub(super) fn start(mut command: Command) -> Self {
        let mut process = Guarded(command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap());
        let mut stderr = BufReader::new(process.0.stderr.take().unwrap());
        let mut said = String::new();
        while !said.contains("dashboard: http://") {
            assert_ne!(stderr.read_line(&mut said).unwrap(), 0, "it ended with {said:?}");
        }
        let address = said.split("http://").nth(1).unwrap().split('/').next().unwrap().parse().unwrap();
        Self { process, address, said, stderr }
    }

    pub(super) fn of(folder: &Path) -> Self {
        Self::start(dashboard(folder, &[]))
    }

    /// What it says on stderr until it ends.
    pub(super) fn rest(&mut self) -> String {
        let mut rest = String::new();
        self.stderr.read_to_string(&mut rest).unwrap();
        rest
    }

    /// Sends a request and reads the whole answer.
    pub(super) fn send(&self, request: &str) -> Answer {
        let mut stream = self.connect();
        stream.write_all(request.as_bytes()).unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        Answer::of(&String::from_utf8_lossy(&bytes))
    }

    /// GET as a browser of this machine does, with further header lines.
    pub(super) fn get_with(&self, target: &str, headers: &[&str]) -> Answer {
        let headers: String = headers.iter().map(|line| format!("{line}\r\n")).collect();
        let host = self.address;
        self.send(&format!("GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}\r\n"))
    }

    pub(super) fn get(&self, target: &str) -> Answer {
        self.get_with(target, &[])
    }

    pub(super) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// A viewer of `/api/live`, up to its first event.
    pub(super) fn watch(&self) -> Viewer {
        let mut stream = self.connect();
        let request = format!("GET /api/live HTTP/1.1\r\nHost: {}\r\n\r\n", self.address);
        stream.write_all(request.as_bytes()).unwrap();
        let mut viewer = Viewer { lines: BufReader::new(stream) };
        let status = viewer.line();
        assert!(status.starts_with("HTTP/1.1 200"), "{status}");
        viewer
    }
}

/// Somebody who reads a stream of events.
pub(super) struct Viewer {
    lines: BufReader<TcpStream>,
}

impl Viewer {
    fn line(&mut self) -> String {
        let mut line = String::new();
        self.lines.read_line(&mut line).unwrap();
        line
    }

    /// The next event; `None` at the end of the stream, which is an orderly one.
    pub(super) fn event(&mut self) -> Option<serde_json::Value> {
        loop {
            let line = self.line();
            // The size of the last chunk.
            if line == "0\r\n" {
                return None;
            }
            assert!(!line.is_empty(), "the connection broke");
            if let Some(data) = line.strip_prefix("data: ") {
                return Some(serde_json::from_str(data).unwrap());
            }
        }
    }
}

/// An answer.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    headers: Vec<(String, String)>,
    pub(super) body: String,
}

impl Answer {
    fn of(text: &str) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {text:?}"));
        let mut lines = head.lines();
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let pair = |line: &str| {
            let (name, value) = line.split_once(": ").unwrap();
            (name.to_ascii_lowercase(), value.to_owned())
        };
        Self { status, headers: lines.map(pair).collect(), body: body.to_owned() }
    }

    /// A header that is there once, or empty.
    pub(super) fn header(&self, name: &str) -> &str {
        let mut values = self.headers.iter().filter(|(own, _)| own == name).map(|(_, value)| value.as_str());
        let value = values.next().unwrap_or_default();
        assert_eq!(values.next(), None, "{name} is there twice");
        value
    }

    pub(super) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error} in {self:?}"))
    }
}

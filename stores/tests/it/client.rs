//! The least of a client for each server. Every answer is waited for with a bound.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use local_stores::{LocalStores, Server};

/// A server that accepts answers a trivial question in milliseconds; a loaded machine gets more than that.
pub(crate) const ANSWER: Duration = Duration::from_secs(20);
/// Long enough for a server that does work to have answered.
pub(crate) const SILENCE: Duration = Duration::from_millis(700);

/// The parts of `scheme://user:password@host:port/database`.
pub(crate) struct Address {
    pub(crate) user: String,
    pub(crate) password: String,
    pub(crate) port: String,
    pub(crate) database: String,
}

impl Address {
    pub(crate) fn of(server: &Server) -> Self {
        let (_, rest) = server.url().split_once("://").unwrap();
        let (login, place) = rest.split_once('@').unwrap();
        let (user, password) = login.split_once(':').unwrap();
        let (authority, database) = place.split_once('/').unwrap();
        let port = authority.strip_prefix("127.0.0.1:").unwrap();
        let owned = [user, password, port, database].map(str::to_owned);
        let [user, password, port, database] = owned;
        Self { user, password, port, database }
    }
}

/// The private folder, as the debug output names it.
pub(crate) fn folder_of(stores: &LocalStores) -> PathBuf {
    let debug = format!("{stores:?}");
    let (_, path) = debug.split_once("path: \"").unwrap();
    let (path, _) = path.split_once('"').unwrap();
    assert!(path.contains("/local-stores-"), "{path}");
    path.into()
}

/// A connection that takes lines and gives lines.
pub(crate) struct Session {
    sender: Box<dyn std::io::Write>,
    answers: Receiver<String>,
    psql: Option<Child>,
}

impl Session {
    /// Redis. `None` while nobody accepts there.
    pub(crate) fn redis(server: &Server) -> Option<Self> {
        let address = Address::of(server);
        let stream = TcpStream::connect(format!("127.0.0.1:{}", address.port)).ok()?;
        let sender = Box::new(stream.try_clone().unwrap());
        let mut session = Self { sender, answers: lines(stream), psql: None };
        (session.ask(&format!("AUTH {}", address.password))? == "+OK").then_some(session)
    }

    /// PostgreSQL, through psql. `None` while it does not accept.
    pub(crate) fn postgres(server: &Server) -> Option<Self> {
        let mut child = psql(server).stdin(Stdio::piped()).spawn().unwrap();
        let sender: ChildStdin = child.stdin.take().unwrap();
        let answers = lines(child.stdout.take().unwrap());
        let mut session = Self { sender: Box::new(sender), answers, psql: Some(child) };
        (session.ask("select 1;")? == "1").then_some(session)
    }

    pub(crate) fn say(&mut self, line: &str) {
        // A connection that is gone shows in the missing answer.
        let _ = self.sender.write_all(format!("{line}\n").as_bytes());
    }

    pub(crate) fn answer(&mut self, limit: Duration) -> Option<String> {
        self.answers.recv_timeout(limit).ok()
    }

    pub(crate) fn ask(&mut self, line: &str) -> Option<String> {
        self.say(line);
        self.answer(ANSWER)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if let Some(mut psql) = self.psql.take() {
            psql.kill().unwrap();
            psql.wait().unwrap();
        }
    }
}

/// Tries again until the server accepts.
pub(crate) fn connect(open: impl Fn() -> Option<Session>) -> Session {
    for _ in 0..400 {
        if let Some(session) = open() {
            return session;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("the server does not accept");
}

fn lines(stream: impl std::io::Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            // A bulk string's length goes before it; the tests ask for the string.
            if !line.starts_with('$') || line == "$-1" {
                let _ = sender.send(line.trim_end().to_owned());
            }
        }
    });
    receiver
}

fn psql(server: &Server) -> Command {
    let address = Address::of(server);
    let mut command = Command::new(psql_program());
    command
        .args(["--no-psqlrc", "--quiet", "--no-align", "--tuples-only", "-h", "127.0.0.1"])
        .args(["-p", &address.port, "-U", &address.user, "-d", &address.database])
        .env("PGPASSWORD", &address.password)
        .env("PGCONNECT_TIMEOUT", "10")
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    command
}

/// psql stands beside the server that runs.
fn psql_program() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let debian = debian.map(|version| version.path().join("bin"));
    let mut folders = std::env::split_paths(&path).chain(debian);
    folders.find_map(|folder| Some(folder.join("psql")).filter(|file| file.is_file())).expect("no psql")
}

/// All that can be read from a file of `/proc` that may be gone.
pub(crate) fn read(path: &std::path::Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Ok(mut file) = std::fs::File::open(path) {
        let _ = file.read_to_end(&mut bytes);
    }
    bytes
}

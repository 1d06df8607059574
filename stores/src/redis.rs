//! Redis: a server without persistence.

use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

use rustix::process::Signal;

use crate::error::LocalStoresError;
use crate::home::Home;
use crate::programs::{Programs, version};
use crate::server::{Recipe, Server};
use crate::spawner::Spawner;

/// A server that accepts answers much sooner; one that does not is asked again.
const ANSWER_LIMIT: Duration = Duration::from_secs(1);
const ACCEPTED: &[u8] = b"+OK\r\n+PONG\r\n";

/// The server, not started yet. Its settings are in a file, because everybody can read a command line.
pub(crate) fn server(
    programs: &Programs,
    home: &Home,
    spawner: &Spawner,
    password: &str,
    port: u16,
) -> Result<Server, LocalStoresError> {
    let folder = home.redis();
    home.write(&folder.join("redis.conf"), &settings(password, port))?;
    let recipe = Recipe {
        product: "Redis",
        version: version(&programs.redis, "redis-server", " v=")?,
        url: format!("redis://:{password}@127.0.0.1:{port}/0"),
        program: programs.redis.clone(),
        arguments: vec!["redis.conf".into()],
        lock_file: None,
        folder,
        log: home.log("redis-server"),
        stop_signal: (Signal::TERM, "SIGTERM"),
    };
    Ok(Server::new(recipe, spawner.clone()))
}

fn settings(password: &str, port: u16) -> String {
    format!(
        "bind 127.0.0.1\n\
         port {port}\n\
         protected-mode yes\n\
         requirepass {password}\n\
         dir .\n\
         save \"\"\n\
         appendonly no\n\
         daemonize no\n\
         logfile \"\"\n"
    )
}

/// Whether the server with this password accepts connections; another one on the same port refuses the password.
pub(crate) fn accepts(password: &str, port: u16) -> bool {
    let ask = || -> io::Result<bool> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
        stream.set_read_timeout(Some(ANSWER_LIMIT))?;
        stream.set_write_timeout(Some(ANSWER_LIMIT))?;
        stream.write_all(format!("AUTH {password}\r\nPING\r\n").as_bytes())?;
        let mut answer = [0; ACCEPTED.len()];
        stream.read_exact(&mut answer)?;
        Ok(answer == ACCEPTED)
    };
    ask().unwrap_or(false)
}

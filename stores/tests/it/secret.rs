//! The passwords are nobody else's.

use std::net::TcpStream;
use std::path::PathBuf;

use local_stores::for_tests;

use crate::client::{Address, folder_of, read};

#[test]
fn no_command_line_and_no_debug_output_shows_a_password() {
    let Some(stores) = for_tests() else { return };
    let debug = format!("{stores:?} {:?} {:?}", stores.database(), stores.cache());
    let all: Vec<PathBuf> = procfs::process::all_processes()
        .unwrap()
        .flatten()
        .map(|process| format!("/proc/{}", process.pid).into())
        .collect();
    let lines: Vec<_> = all.iter().map(|process| read(&process.join("cmdline"))).collect();
    let shows = |needle: &str| lines.iter().any(|line| String::from_utf8_lossy(line).contains(needle));
    // The check sees the servers: their own command lines name their ports.
    for server in [stores.database(), stores.cache()] {
        let address = Address::of(server);
        assert!(shows(&address.port), "{} is not seen", server.product());
        assert_eq!(address.password.len(), 32);
        assert!(!shows(&address.password), "a command line shows the password of {}", server.product());
        assert!(
            !debug.contains(&address.password),
            "debug output shows the password of {}",
            server.product()
        );
        assert!(debug.contains(server.product()));
    }
    assert_ne!(Address::of(stores.database()).password, Address::of(stores.cache()).password);
}

#[test]
fn nobody_gets_in_without_the_password() {
    use std::io::{BufRead as _, BufReader, Write as _};
    let Some(stores) = for_tests() else { return };
    let address = Address::of(stores.cache());
    let mut stream = TcpStream::connect(format!("127.0.0.1:{}", address.port)).unwrap();
    stream.write_all(b"PING\r\n").unwrap();
    let mut answer = String::new();
    BufReader::new(stream).read_line(&mut answer).unwrap();
    assert!(answer.starts_with("-NOAUTH"), "{answer}");
    let rules = std::fs::read_to_string(folder_of(&stores).join("postgresql/pg_hba.conf")).unwrap();
    let methods: Vec<_> = rules
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.split_whitespace().last().unwrap())
        .collect();
    assert!(!methods.is_empty() && methods.iter().all(|method| *method == "scram-sha-256"), "{methods:?}");
}

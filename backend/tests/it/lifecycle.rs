//! Start, stop, and nobody left behind.

use std::process::Output;

use rustix::process::Signal;

use crate::support::{Backend, command, runs, signal, until};

#[tokio::test(flavor = "multi_thread")]
async fn a_signal_stops_the_manager_and_every_module() {
    for with in [Signal::TERM, Signal::INT] {
        let folder = tempfile::tempdir().unwrap();
        let mut backend = Backend::start(folder.path(), &[]).await;
        let pids = backend.pids().await;
        assert_eq!(pids.len(), 3);
        assert_eq!(backend.stop(with).await.code(), Some(0));
        // The manager waits for its modules, so there is nothing to wait for here.
        assert!(!pids.iter().any(|pid| runs(*pid)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_module_survives_the_sudden_death_of_the_manager_not_even_a_stopped_one() {
    let folder = tempfile::tempdir().unwrap();
    // Nobody must kill the stopped module for being hung.
    let mut backend = Backend::start(folder.path(), &["--heartbeat", "1h"]).await;
    let pids = backend.pids().await;
    signal(pids[1], Signal::STOP);
    backend.kill();
    until("the end of every module", async || !pids.iter().any(|pid| runs(*pid))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stops_even_when_a_module_is_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let mut backend = Backend::start(folder.path(), &["--heartbeat", "1h"]).await;
    let pids = backend.pids().await;
    signal(pids[2], Signal::STOP);
    assert_eq!(backend.stop(Signal::TERM).await.code(), Some(0));
    assert!(!pids.iter().any(|pid| runs(*pid)));
}

fn refused(output: Output, code: i32, words: &str) {
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(code), "{stderr}");
    assert!(stderr.contains(words), "{stderr}");
    assert!(output.stdout.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn says_what_to_do_when_it_cannot_start() {
    let folder = tempfile::tempdir().unwrap();
    let backend = Backend::start(folder.path(), &[]).await;
    let address = backend.url.strip_prefix("http://").unwrap();

    let other = tempfile::tempdir().unwrap();
    let mut in_use = command(other.path(), &[]);
    in_use.args(["--listen", address]);
    // clap takes a flag once: the address comes through a command of its own.
    let mut in_use = std::process::Command::new(in_use.get_program());
    in_use.args(["--listen", address, "--data-dir"]).arg(other.path());
    refused(
        in_use.output().unwrap(),
        4,
        &format!("address {address} is already in use: stop the other server"),
    );

    refused(command(folder.path(), &[]).output().unwrap(), 74, "in use by another backend");
    let no_folder = command(std::path::Path::new("/proc/none"), &[]).output().unwrap();
    refused(no_folder, 74, "pass a writable one with --data-dir");
    let useless = command(other.path(), &["--max-retries", "1"]).output().unwrap();
    refused(useless, 2, "alert-after must be from 1 to max-retries + 1");
    let orphan = command(other.path(), &["--die-with-parent", "1"]).output().unwrap();
    refused(orphan, 70, "the parent process 1 is gone");
}

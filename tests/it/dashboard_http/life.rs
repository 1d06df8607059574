//! How it begins and ends, and how many it takes.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;

use rustix::process::Signal;

use super::served::{Served, dashboard};
use super::workplace;
use crate::command::{Workplace, turn};
use crate::processes::{eventually, signal};
use crate::stub::Stub;

/// As many as may watch at a time.
const MOST_VIEWERS: usize = 200;

#[test]
fn whoever_ends_it_ends_it_in_good_order() {
    for by in [Signal::INT, Signal::TERM, Signal::HUP] {
        let place = Workplace::new();
        let mut served = Served::of(&place.path("."));
        let mut viewer = served.watch();
        assert!(viewer.event().unwrap()["run"].is_null());
        let _silent = served.connect();
        signal(served.process.0.id(), by);
        while viewer.event().is_some() {}
        let status = eventually("the end of the dashboard", 10, || served.process.0.try_wait().unwrap());
        assert_eq!(status.code(), Some(0), "{by:?}");
        assert_eq!(served.rest(), "");
    }
}

#[test]
fn there_is_room_for_so_many_viewers_and_again_when_one_has_gone() {
    let place = Workplace::new();
    let served = Served::of(&place.path("."));
    let mut viewers: Vec<_> = (0..MOST_VIEWERS).map(|_| served.watch()).collect();
    let refused = served.get("/api/live");
    assert_eq!((refused.status, refused.header("retry-after")), (503, "5"), "{refused:?}");
    // Everything else is answered all the same.
    assert_eq!(served.get("/api/runs").status, 200);
    viewers.pop();
    let head = || served.send("HEAD /api/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    eventually("room for one more", 10, || (head().status == 200).then_some(()));
}

#[test]
fn the_browser_is_opened_at_the_page_and_never_told_the_token() {
    let place = Workplace::new();
    let bin = place.path("bin");
    fs::create_dir(&bin).unwrap();
    let told = place.path("told");
    let script = format!("#!/bin/sh\necho \"$@\" > {}\n", told.display());
    fs::write(bin.join("xdg-open"), script).unwrap();
    fs::set_permissions(bin.join("xdg-open"), fs::Permissions::from_mode(0o755)).unwrap();
    let start = |arguments: &[&str]| {
        let mut command = dashboard(&place.path("."), arguments);
        let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap_or_default());
        Served::start({
            command.env("PATH", path).env("GOOSE_RECOVERY_DASHBOARD_TOKEN", "s3cret");
            command
        })
    };
    let served = start(&["--open"]);
    let url =
        eventually("a browser", 10, || fs::read_to_string(&told).ok().filter(|told| told.ends_with('\n')));
    assert_eq!(url.trim_end(), format!("http://{}/analysis/r_v0_2_resilience", served.address));
    fs::remove_file(&told).unwrap();
    start(&[]);
    assert!(!told.exists(), "nothing is opened that nobody asked for");
}

#[test]
fn a_browser_that_cannot_be_opened_is_told_and_no_more() {
    let place = Workplace::new();
    let mut command = dashboard(&place.path("."), &["--open"]);
    let mut served = Served::start({
        command.env("PATH", place.path("no-such-folder"));
        command
    });
    assert_eq!(served.get("/api/runs").status, 200);
    signal(served.process.0.id(), Signal::INT);
    assert_eq!(served.process.0.wait().unwrap().code(), Some(0));
    let rest = served.rest();
    assert!(rest.contains("dashboard: the browser cannot be opened: "), "{rest}");
}

#[test]
fn a_run_with_a_dashboard_says_and_ends_as_one_without() {
    let _turn = turn();
    let stub = Stub::start(std::process::id(), &[Duration::from_millis(200)]);
    let run = |more: &[&str]| {
        let place = Workplace::new();
        let arguments = [
            "--iterations",
            "1",
            "--users",
            "2",
            "--baseline",
            "2500ms",
            "--hold",
            "200ms",
            "--format",
            "json",
        ];
        let mut command = place.run(arguments);
        command.args(["--base-url", &stub.url(), "--quiet"]).args(more);
        (place, command)
    };
    let (_place, mut without) = run(&[]);
    let without = without.output().unwrap();

    let (place, command) = run(&["--dashboard", "127.0.0.1:0", "--allow-host", "recovery.example.org"]);
    let mut served = Served::start(command);
    let mut viewer = served.watch();
    assert_eq!(viewer.event().unwrap()["journal"], place.journal().display().to_string());
    assert_eq!(served.get("/analysis/r_v0_2_resilience").status, 200);
    for (host, status) in [("recovery.example.org", 200), ("evil.example", 403)] {
        let asked = format!("GET /api/runs HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        assert_eq!(served.send(&asked).status, status, "{host}");
    }
    let mut last = None;
    while let Some(event) = viewer.event() {
        last = Some(event);
    }
    let status = served.process.0.wait().unwrap();
    assert_eq!(status.code(), without.status.code());
    let mut stdout = String::new();
    std::io::Read::read_to_string(served.process.0.stdout.as_mut().unwrap(), &mut stdout).unwrap();
    let (with, without): (serde_json::Value, serde_json::Value) =
        (serde_json::from_str(&stdout).unwrap(), serde_json::from_slice(&without.stdout).unwrap());
    assert_eq!((&with["verdict"], &with["schema"]), (&without["verdict"], &without["schema"]));
    assert_eq!(with, place.summary());
    // The last thing that a viewer is told is the verdict.
    let last = last.unwrap();
    assert_eq!((&last["run"]["id"], &last["run"]["is_final"]), (&with["run_id"], &true.into()), "{last}");
}

#[test]
fn a_run_whose_dashboard_cannot_be_served_does_not_begin() {
    let place = workplace();
    let first = Served::of(&place.path("."));
    let other = Workplace::new();
    for (address, says) in [
        (first.address.to_string(), "--dashboard 127.0.0.1:0"),
        ("0.0.0.0:0".to_owned(), "GOOSE_RECOVERY_DASHBOARD_TOKEN"),
    ] {
        let mut command = other.run(["--dashboard", &address]);
        let output = command.env_remove("GOOSE_RECOVERY_DASHBOARD_TOKEN").output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&output.stderr).contains(says), "{output:?}");
        assert!(!other.journal().exists());
    }
    // Nobody opens a page that is not there.
    for of_a_dashboard in [&["--open"][..], &["--allow-host", "recovery.example.org"]] {
        let output = other.run(of_a_dashboard).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{output:?}");
    }
}

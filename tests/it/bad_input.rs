//! What bad input gets: one clear sentence with the remedy, the right exit code, nothing overwritten.

use std::fs;
use std::path::Path;

use crate::command::{Workplace, goose_recovery, told};
use crate::stub::Stub;

#[track_caller]
fn check(mut command: std::process::Command, code: i32, says: &[&str]) {
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(code), "{}", told(&output));
    let said = String::from_utf8_lossy(&output.stderr);
    for expected in says {
        assert!(said.contains(expected), "{expected:?} is not in {said:?}");
    }
}

#[test]
fn flags_that_cannot_be_used_are_named() {
    let place = Workplace::new();
    for (arguments, says) in [
        (&["--no-such-flag"][..], "--no-such-flag"),
        (&["--users", "many"], "--users"),
        (&["--users", "0"], "--users must be 1 to 100000"),
        (&["--pause", "2 parsecs"], "use us, ms, s, m or h"),
        (&["--baseline", "1s"], "--baseline must be at least 2.5s"),
        (&["--label", "novalue"], "key=value"),
        (&["--label", "a=1", "--label", "a=2"], "label a is given twice"),
        (&["--base-url", "ftp://x"], "--base-url"),
        (&["--alert-listen", "127.0.0.1:0"], "--alert-listen needs --base-url"),
        (&["--base-url", "http://127.0.0.1:9", "--max-retries", "1"], "needs the bundled backend"),
        (&["--", "--iterations", "4"], "--iterations cannot be given to goose"),
        (&["--", "--no-such-goose-flag"], "--no-such-goose-flag"),
    ] {
        check(place.run(arguments), 2, &[says]);
    }
    assert!(!place.journal().exists(), "a run that cannot begin must not leave a journal");
}

#[test]
fn a_password_in_a_url_is_never_repeated() {
    let place = Workplace::new();
    let output = place.run(["--base-url", "http://me:secret@127.0.0.1:9/", "--quiet"]).output().unwrap();
    assert_eq!(output.status.code(), Some(4), "{}", told(&output));
    assert!(!told(&output).contains("secret"), "{}", told(&output));
}

#[test]
fn a_password_in_a_url_is_neither_journalled_nor_reported() {
    let _turn = crate::command::turn();
    let stub = Stub::start(std::process::id(), &[std::time::Duration::from_millis(200)]);
    let place = Workplace::new();
    let url = stub.url().replace("http://", "http://me:secret@");
    let arguments =
        ["--iterations", "1", "--users", "2", "--baseline", "2500ms", "--hold", "200ms", "--quiet"];
    let output = place.run(arguments).args(["--base-url", &url]).output().unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", told(&output));
    assert!(!told(&output).contains("secret"), "{}", told(&output));
    let report = fs::read_dir(place.report()).unwrap().map(|entry| entry.unwrap().path());
    for path in report.chain([place.journal()]) {
        let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
        assert!(!text.contains("secret"), "{} tells the password", path.display());
    }
}

#[test]
fn an_unreachable_target_is_an_invalid_run() {
    let place = Workplace::new();
    // Port 9 (discard) is not served here.
    check(place.run(["--base-url", "http://127.0.0.1:9"]), 4, &["does not answer", "--base-url"]);
    assert!(!place.report().join("summary.json").exists());
}

#[test]
fn a_policy_that_could_never_alert_is_refused_before_anything_runs() {
    let place = Workplace::new();
    check(
        place.run(["--quiet", "--max-retries", "1", "--alert-after", "4"]),
        2,
        &["refuses its flags", "alert"],
    );
    check(place.run(["--quiet", "--backoff-max", "soon"]), 2, &["--backoff-max"]);
}

#[test]
fn a_full_disk_ends_the_run_with_its_own_code() {
    let place = Workplace::new();
    let mut command = goose_recovery();
    command.args(["run", "--log", "/dev/full", "--quiet", "--out"]).arg(place.report());
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(74), "{}", told(&output));
    assert!(String::from_utf8_lossy(&output.stderr).contains("/dev/full"), "{}", told(&output));
}

#[test]
fn a_log_or_a_report_folder_that_cannot_be_written_is_named() {
    let place = Workplace::new();
    fs::write(place.path("file"), "").unwrap();
    let beneath = place.path("file").join("x");
    let with = |flag: &str, path: &Path| {
        let mut command = goose_recovery();
        command.arg("run").arg("--quiet").arg(flag).arg(path);
        command
    };
    let mut log = with("--log", &beneath);
    log.arg("--out").arg(place.report());
    check(log, 74, &["file/x"]);
    let mut out = with("--out", &beneath);
    out.arg("--log").arg(place.journal());
    check(out, 74, &["file/x"]);
}

#[test]
fn a_report_is_not_written_over_unless_forced() {
    let place = Workplace::new();
    fs::create_dir(place.report()).unwrap();
    fs::write(place.report().join("summary.json"), "precious").unwrap();
    check(place.run(["--quiet"]), 2, &["--force"]);
    assert_eq!(fs::read_to_string(place.report().join("summary.json")).unwrap(), "precious");
}

#[test]
fn a_journal_that_another_run_holds_is_left_alone() {
    let place = Workplace::new();
    let file = fs::File::create(place.journal()).unwrap();
    file.lock().unwrap();
    check(place.run(["--quiet"]), 2, &["locked by another run", "--log"]);
    assert_eq!(fs::read(place.journal()).unwrap(), b"");
}

#[test]
fn a_line_that_is_not_json_is_reported_by_its_number_and_can_be_skipped() {
    let _turn = crate::command::turn();
    let stub = Stub::start(std::process::id(), &[std::time::Duration::from_millis(200)]);
    let place = Workplace::new();
    let arguments =
        ["--iterations", "1", "--users", "2", "--baseline", "2500ms", "--hold", "200ms", "--quiet"];
    let output = place.run(arguments).args(["--base-url", &stub.url()]).output().unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", told(&output));
    let verdict = |out: &Path| crate::command::json(&out.join("summary.json"))["kpis"].clone();

    // The same verdict from the journal alone, and from a journal whose last line is torn.
    let report = |journal: &Path, out: &Path| {
        let mut command = goose_recovery();
        command.arg("report").arg(journal).arg("--out").arg(out);
        command
    };
    let again = place.path("again");
    check(report(&place.journal(), &again), 3, &[]);
    assert_eq!(verdict(&again), verdict(&place.report()));
    assert!(again.join("goose.json").is_file());

    let journal = fs::read_to_string(place.journal()).unwrap();
    let broken = place.path("broken.jsonl");
    let mut lines: Vec<_> = journal.lines().collect();
    lines.insert(16, "this is not JSON");
    fs::write(&broken, lines.join("\n") + "\n").unwrap();
    check(report(&broken, &place.path("refused")), 2, &["line 17", "--skip-bad-lines"]);
    assert!(!place.path("refused").join("summary.json").exists());
    let mut skip = report(&broken, &place.path("skipped"));
    skip.arg("--skip-bad-lines");
    check(skip, 3, &[]);
    assert_eq!(verdict(&place.path("skipped")), verdict(&place.report()));

    check(report(&place.path("none.jsonl"), &place.path("nothing")), 2, &["none.jsonl"]);
    let mut unknown = report(&place.journal(), &place.path("unknown"));
    unknown.args(["--run", "nobody"]);
    check(unknown, 2, &["nobody"]);
}

#[cfg(feature = "backend")]
#[test]
fn a_port_in_use_is_named_with_the_remedy() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let data = tempfile::tempdir().unwrap();
    let mut command = goose_recovery();
    command.args(["backend", "--listen", &address, "--data-dir"]).arg(data.path());
    check(command, 2, &[&address, "in use"]);
}

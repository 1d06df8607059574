//! The report's forms, as the command writes them: files, stdout for programs, what CI is told.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::command::{Workplace, goose_recovery, json, told, turn};
use crate::stub::Stub;

/// Nobody receives alerts from the stub, so its verdict is inconclusive.
const INCONCLUSIVE: i32 = 3;
const CANNOT_WRITE: i32 = 74;

const STEP_SUMMARY: &str = "GITHUB_STEP_SUMMARY";

/// One short run against a stub.
fn run(place: &Workplace, more: &[&str], step_summary: &Path) -> Output {
    let _turn = turn();
    let stub = Stub::start(std::process::id(), &[Duration::from_millis(200)]);
    let arguments =
        ["--iterations", "1", "--users", "2", "--baseline", "2500ms", "--hold", "200ms", "--quiet"];
    let url = stub.url().replace("http://", "http://me:secret@");
    let mut command = place.run(arguments);
    command.args(["--base-url", &url]).args(more).env(STEP_SUMMARY, step_summary);
    command.output().unwrap()
}

fn report(place: &Workplace, out: &Path) -> Command {
    let mut command = goose_recovery();
    command.arg("report").arg(place.journal()).arg("--out").arg(out).env_remove(STEP_SUMMARY);
    command
}

#[track_caller]
fn succeeded(mut command: Command) -> (String, String) {
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(INCONCLUSIVE), "{}", told(&output));
    (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

#[track_caller]
fn refused(mut command: Command, code: i32, says: &str) {
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(code), "{}", told(&output));
    assert!(String::from_utf8_lossy(&output.stderr).contains(says), "{}", told(&output));
}

/// The files that the links and figures of a Markdown text lead to.
fn goals(text: &str) -> Vec<&str> {
    text.split("](").skip(1).filter_map(|rest| rest.split(')').next()).collect()
}

#[track_caller]
fn every_goal_is_a_file(text: &str, from: &Path) {
    assert!(goals(text).len() > 5, "{text}");
    for goal in goals(text) {
        assert!(from.join(goal).is_file(), "{goal} from {}", from.display());
    }
}

#[test]
fn a_run_is_told_in_every_form_that_is_asked_for() {
    let place = Workplace::new();
    let (markdown, ci) = (place.path("docs/operations/report.md"), place.path("ci.md"));
    let more = ["--lang", "ja", "--github-summary", "--markdown", markdown.to_str().unwrap()];
    let output = run(&place, &more, &ci);
    assert_eq!(output.status.code(), Some(INCONCLUSIVE), "{}", told(&output));

    let text = fs::read_to_string(&markdown).unwrap();
    assert!(text.contains("恒久仕様案") && !text.contains('⟦'), "{text}");
    every_goal_is_a_file(&text, markdown.parent().unwrap());
    every_goal_is_a_file(&fs::read_to_string(place.report().join("report.md")).unwrap(), &place.report());
    assert!(fs::read_to_string(&ci).unwrap().contains("goose-recovery"));

    let evidence = json(&place.report().join("evidence.json"));
    assert_eq!((&evidence["item"], &evidence["status"]), (&"R-v0.2.1_PoC".into(), &"🟡".into()));
    let junit = fs::read_to_string(place.report().join("junit.xml")).unwrap();
    assert!(junit.contains("<testsuite name=\"single-module\""), "{junit}");

    let summary = place.summary();
    let command = summary["environment"]["command"].as_str().unwrap();
    assert!(command.starts_with("goose-recovery run --log "), "{command}");
    assert!(text.contains(command) && !command.contains("secret"), "{command}");
    let schema: Value = json(&Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/summary.schema.json"));
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let errors: Vec<_> = validator.iter_errors(&summary).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");

    stdout_is_for_programs_when_they_ask(&place);
    what_stands_there_is_kept(&place, &markdown);
    ci_that_cannot_be_told_loses_no_report(&place);
}

fn stdout_is_for_programs_when_they_ask(place: &Workplace) {
    let out = place.path("json");
    let mut command = report(place, &out);
    command.args(["--format", "json"]);
    let (stdout, stderr) = succeeded(command);
    assert_eq!(stdout, fs::read_to_string(out.join("summary.json")).unwrap());
    assert!(stderr.contains("report: ") && stderr.contains("index.html"), "{stderr}");

    let out = place.path("markdown");
    let mut command = report(place, &out);
    command.args(["--format", "markdown", "--lang", "ja"]).current_dir(place.path(""));
    let (stdout, stderr) = succeeded(command);
    every_goal_is_a_file(&stdout, &place.path(""));
    assert!(stdout.starts_with("# ") && stdout.contains("目的"), "{stdout}");
    assert!(stderr.contains("report: "), "{stderr}");

    let (stdout, stderr) = succeeded(report(place, &place.path("table")));
    assert!(stdout.contains("report: ") && stderr.is_empty(), "{stdout}{stderr}");
}

fn what_stands_there_is_kept(place: &Workplace, markdown: &Path) {
    let before = fs::read_to_string(markdown).unwrap();
    let with = |out: &str, force: bool| {
        let mut command = report(place, &place.path(out));
        command.arg("--markdown").arg(markdown);
        if force {
            command.arg("--force");
        }
        command
    };
    refused(with("kept", false), 2, "--force");
    assert_eq!(fs::read_to_string(markdown).unwrap(), before);
    assert!(
        !place.path("kept/summary.json").exists(),
        "what cannot be done is found before anything is written"
    );
    succeeded(with("replaced", true));
    assert_ne!(fs::read_to_string(markdown).unwrap(), before);

    let mut command = report(place, &place.path("nowhere"));
    command.arg("--markdown").arg(place.journal().join("r.md"));
    refused(command, 74, "--markdown");
}

fn ci_that_cannot_be_told_loses_no_report(place: &Workplace) {
    let with = |out: &str, variable: &str| {
        let mut command = report(place, &place.path(out));
        command.arg("--github-summary").env(STEP_SUMMARY, variable);
        command
    };
    refused(with("unset", ""), 2, STEP_SUMMARY);
    refused(with("no-folder", "/no/such/folder/x"), 74, "/no/such/folder");
    refused(with("full", "/dev/full"), 74, "/dev/full");
    assert!(place.path("full/summary.json").is_file(), "the report is there nevertheless");
}

#[test]
fn the_report_is_there_whatever_becomes_of_what_is_printed() {
    let place = Workplace::new();
    run(&place, &[], &place.path("ci.md"));
    let summary = |name: &str| place.path(name).join("summary.json");

    // Nobody reads: that is nobody's fault, and the verdict is what it is.
    let mut command = report(&place, &place.path("unread"));
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(INCONCLUSIVE), "{}", told(&output));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert!(summary("unread").is_file());

    // It cannot be written: that is said.
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut command = report(&place, &place.path("full"));
    command.stdout(full);
    let output = command.stderr(Stdio::piped()).spawn().unwrap().wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(CANNOT_WRITE), "{}", told(&output));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("stdout cannot be written") && said.contains("No space left"), "{said}");
    assert!(summary("full").is_file());
}

#[test]
fn a_run_that_could_not_tell_is_not_begun() {
    let place = Workplace::new();
    let mut command = place.run(["--quiet", "--github-summary"]);
    command.env_remove(STEP_SUMMARY);
    refused(command, 2, STEP_SUMMARY);
    let file: PathBuf = place.path("there.md");
    fs::write(&file, "precious").unwrap();
    let mut command = place.run(["--quiet"]);
    command.arg("--markdown").arg(&file);
    refused(command, 2, "--force");
    assert!(!place.journal().exists() && fs::read_to_string(&file).unwrap() == "precious");
    refused(place.run(["--lang", "fr"]), 2, "en, ja");
    refused(place.run(["--format", "xml"]), 2, "table, json, markdown");
}

#[test]
fn a_shell_completes_what_there_is_to_choose() {
    let mut command = goose_recovery();
    let output = command.args(["completions", "bash"]).output().unwrap();
    let script = String::from_utf8(output.stdout).unwrap();
    for word in ["--github-summary", "--markdown", "\"table json markdown\"", "\"en ja\""] {
        assert!(script.contains(word), "{word}");
    }
}

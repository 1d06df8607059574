//! Plan files: checked, shown, and followed by runs.

use std::fs;
use std::process::Output;

use crate::command::{Workplace, goose_recovery, told};

const USAGE: i32 = 2;

fn plan(arguments: &[&str]) -> Output {
    goose_recovery().arg("plan").args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn what_is_shown_can_be_checked() {
    let place = Workplace::new();
    for (scenario, says) in [
        ("single-module", "50 users; single-module x 3 (kill)"),
        ("db-redis-down", "50 users; db-redis-down x 3 (store-lock)"),
        ("cascade", "50 users; cascade for 60 s (kill and store-lock)"),
        ("all", "single-module x 3 (kill), db-redis-down x 3 (store-lock), cascade for 60 s"),
    ] {
        let shown = plan(&["show", "--scenario", scenario]);
        assert!(shown.status.success(), "{}", told(&shown));
        let file = place.path(&format!("{scenario}.toml"));
        fs::write(&file, &shown.stdout).unwrap();
        let checked = plan(&["check", &file.to_string_lossy()]);
        assert!(checked.status.success() && text(&checked.stdout).contains(says), "{}", told(&checked));
    }
    let schema: serde_json::Value = serde_json::from_slice(&plan(&["schema"]).stdout).unwrap();
    assert_eq!(schema, goose_recovery::plan::file::schema());
}

#[test]
fn a_mistake_is_told_with_file_line_and_column_by_all_who_read_it() {
    let place = Workplace::new();
    let file = place.path("my.toml");
    fs::write(&file, "[load]\nusrs = 5\n").unwrap();
    let name = file.to_string_lossy().into_owned();
    let says = format!("{name}:2:1: unknown key usrs: did you mean users?");
    for arguments in [&["plan", "check", &name][..], &["run", "--plan", &name], &["sweep", "--plan", &name]] {
        let output = goose_recovery().args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(USAGE), "{}", told(&output));
        assert!(text(&output.stderr).contains(&says), "{}", told(&output));
    }
    fs::write(&file, "[load]\nusers = 0\n").unwrap();
    let output = plan(&["check", &name]);
    assert_eq!(output.status.code(), Some(USAGE), "{}", told(&output));
    assert!(
        text(&output.stderr).contains("my.toml:2:9: load.users must be 1 to 100000"),
        "{}",
        told(&output)
    );
    // What a flag says is not the file's fault.
    fs::write(&file, "[load]\nthink_time = \"1s\"\n").unwrap();
    let output = place.run(["--plan", &name, "--users", "0"]).output().unwrap();
    assert_eq!(output.status.code(), Some(USAGE), "{}", told(&output));
    assert!(text(&output.stderr).contains("goose-recovery: --users must be"), "{}", told(&output));
    if cfg!(feature = "backend") {
        fs::write(&file, "[policy]\nmax_retries = \"often\"\n").unwrap();
        let output = plan(&["check", &name]);
        assert_eq!(output.status.code(), Some(USAGE), "{}", told(&output));
        assert!(
            text(&output.stderr).contains("[policy]: the bundled backend refuses it"),
            "{}",
            told(&output)
        );
    }
    let output = plan(&["check", "gone.toml"]);
    assert_eq!(output.status.code(), Some(USAGE), "{}", told(&output));
    assert!(text(&output.stderr).contains("plan show"), "{}", told(&output));
}

#[cfg(feature = "backend")]
#[test]
fn a_run_follows_its_file_and_flags_win_over_it() {
    let _turn = crate::command::turn();
    let place = Workplace::new();
    let file = place.path("my.toml");
    let plan = "seed = 3\nlabels = { team = \"a\" }\n[load]\nusers = 9\n[policy]\nmax_retries = 5\nalert_after = 2\n\
                [steady_state]\nbaseline = \"2500ms\"\nhold = \"200ms\"\n\
                [[scenario]]\nkind = \"single-module\"\niterations = 1\n";
    fs::write(&file, plan).unwrap();
    let mut command = goose_recovery();
    command.arg("run").arg("--log").arg(place.journal()).arg("--out").arg(place.report());
    command.arg("--plan").arg(&file).args(["--users", "2", "--max-retries", "4", "--quiet"]);
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    let summary = place.summary();
    assert_eq!((&summary["seed"], &summary["labels"]["team"]), (&3.into(), &"a".into()));
    assert_eq!((&summary["plan"]["users"], &summary["plan"]["hold_us"]), (&2.into(), &200_000.into()));
    let policy = &summary["plan"]["policy"];
    assert_eq!((&policy["max_retries"], &policy["alert_after"]), (&4.into(), &2.into()));
    assert_eq!(summary["episodes"].as_array().unwrap().len(), 1);
}

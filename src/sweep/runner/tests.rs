use std::os::unix::process::ExitStatusExt as _;

use super::*;
use crate::sweep::{Axis, Grid, Intent};

fn manifest() -> Manifest {
    let axes = vec![Axis { flag: "max-retries".to_owned(), values: vec!["1".to_owned(), "3".to_owned()] }];
    let grid = Grid::new(&axes).unwrap();
    let manifest = Manifest::new(Intent { grid, axes, repeats: 1, seed: 7 });
    Manifest { lang: "ja".to_owned(), log: "/logs/all.jsonl".into(), ..manifest }
}

fn given(flag: &str, value: &str) -> Given {
    Given { flag: flag.to_owned(), value: Some(value.to_owned()), from_environment: false }
}

fn begin(dir: &Path, given: Vec<Given>) -> Result<Runner, SweepError> {
    Runner::begin("/bin/false".into(), dir.to_owned(), manifest(), given, Stop::default())
}

#[test]
fn a_run_is_told_what_was_given_its_setting_and_where_its_report_goes() {
    let dir = tempfile::tempdir().unwrap();
    let all = vec![
        given("--users", "5"),
        given("--", "--no-reset-metrics"),
        given("--cache-url", "redis://:secret@h/0"),
    ];
    let runner = begin(dir.path(), all).unwrap();
    let turn = &runner.manifest.turns[0];
    let command = runner.command(turn, &runner.manifest.settings[turn.setting]);
    let words: Vec<_> = command.get_args().map(|word| word.to_str().unwrap()).collect();
    let line = words.join(" ");
    assert!(line.starts_with("run --log /logs/all.jsonl --out "), "{line}");
    assert!(line.contains("/run-1 --users=5 --alert-after=") && !line.contains("--force"), "{line}");
    assert!(line.contains(" --seed=7 --lang=ja --quiet --die-with-parent="), "{line}");
    assert!(line.ends_with(" -- --no-reset-metrics") && !line.contains("secret"), "{line}");
    let variables: Vec<_> =
        command.get_envs().map(|(_, value)| value.and_then(std::ffi::OsStr::to_str)).collect();
    assert_eq!(variables, [None, Some("redis://:secret@h/0"), None]);
}

#[test]
fn nobody_else_makes_runs_of_the_same_sweep() {
    let dir = tempfile::tempdir().unwrap();
    let runner = begin(dir.path(), Vec::new()).unwrap();
    assert!(matches!(begin(dir.path(), Vec::new()).unwrap_err(), SweepError::Busy { .. }));
    runner.manifest.write(dir.path()).unwrap();
    let resume = || Runner::resume("/bin/false".into(), dir.path().to_owned(), &[], None, Stop::default());
    assert!(matches!(resume().unwrap_err(), SweepError::Busy { .. }));
    drop(runner);
    assert_eq!(resume().unwrap().left(0), 2);
    let error = begin(dir.path(), Vec::new()).unwrap_err().to_string();
    assert!(error.contains("--resume") && error.contains("--out"), "{error}");
}

#[test]
fn a_run_without_a_verdict_has_failed_in_its_own_words() {
    let dir = tempfile::tempdir().unwrap();
    let runner = begin(dir.path(), Vec::new()).unwrap();
    let turn = &runner.manifest.turns[0];
    let outcome = |code: i32, said: &str| {
        let status = std::process::ExitStatus::from_raw(code << 8);
        let ended = Ended { status, said: said.to_owned(), timed_out: false };
        match runner.outcome(turn, &ended) {
            Outcome::Failed { exit_code, reason } => (exit_code, reason),
            other => panic!("{other:?}"),
        }
    };
    let (code, reason) = outcome(4, "first\ngoose-recovery: the target does not answer");
    assert_eq!((code, reason.as_str()), (Some(4), "exit status: 4: the target does not answer"));
    // It says that there is a verdict, but there is no report.
    assert!(outcome(1, "").1.contains("summary.json"));
    runner.stop.request(crate::journal::event::FinishReason::Interrupted, None);
    let status = std::process::ExitStatus::from_raw(130 << 8);
    let ended = Ended { status, said: String::new(), timed_out: false };
    assert_eq!(runner.outcome(turn, &ended), Outcome::Interrupted);
}

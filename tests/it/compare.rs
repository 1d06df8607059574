//! `goose-recovery compare`: what it takes, what it refuses, and what it leaves behind.

use std::fs;
use std::path::PathBuf;
use std::process::Output;

use serde_json::{Value, json};

use crate::command::{Workplace, goose_recovery, json, told};
use crate::made_up::Shape;

/// Runs that exist as summaries only: made once from a journal, then changed.
struct Runs {
    place: Workplace,
    made: Value,
}

impl Runs {
    fn new() -> Self {
        let place = Workplace::new();
        Shape::new(12_000, 36).write(place.journal()).unwrap();
        let output = goose_recovery()
            .arg("report")
            .arg(place.journal())
            .arg("--out")
            .arg(place.report())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", told(&output));
        let made = place.summary();
        Self { place, made }
    }

    /// A run of its own in a folder of its own.
    fn run(&self, name: &str, seed: u64, change: impl FnOnce(&mut Value)) -> String {
        let mut run = self.made.clone();
        (run["run_id"], run["seed"]) = (json!(name), json!(seed));
        change(&mut run);
        let folder = self.place.path(name);
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("summary.json"), run.to_string()).unwrap();
        folder.to_string_lossy().into_owned()
    }

    fn out(&self) -> PathBuf {
        self.place.path("compared")
    }

    fn compare(&self, runs: &[&str], more: &[&str]) -> Output {
        let out = self.out();
        let mut command = goose_recovery();
        command.current_dir(self.place.path(".")).arg("compare").args(runs).arg("--out").arg(out).args(more);
        command.output().unwrap()
    }
}

/// Everything takes so many times as long to recover from.
fn slower(factor: u64) -> impl Fn(&mut Value) {
    move |run| {
        for kind in ["episodes", "chains"] {
            for trial in run[kind].as_array_mut().unwrap() {
                let us = trial["recovery_us"].as_u64().unwrap() * factor;
                trial["recovery_us"] = json!(us);
            }
        }
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[track_caller]
fn exits(output: &Output, code: i32) {
    assert_eq!(output.status.code(), Some(code), "{}", told(output));
}

#[track_caller]
fn refused(output: &Output, code: i32, says: &str) {
    exits(output, code);
    assert!(text(&output.stderr).contains(says), "{}", told(output));
    assert!(output.stdout.is_empty(), "{}", told(output));
}

/// Which changes are claimed: scenario, metric and outcome.
fn claimed(comparison: &Value) -> Vec<(String, String, String)> {
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    let mut claimed = Vec::new();
    for metric in comparison["metrics"].as_array().unwrap() {
        for change in metric["changes"].as_array().unwrap() {
            let outcome = word(&change["outcome"]);
            if outcome == "improved" || outcome == "regressed" {
                claimed.push((word(&metric["scenario"]), word(&metric["metric"]), outcome));
            }
        }
    }
    claimed
}

#[test]
fn the_same_setting_twice_differs_in_nothing_and_a_slower_one_is_a_regression() {
    let runs = Runs::new();
    let now = [runs.run("a1", 1, |_| ()), runs.run("a2", 2, |_| ())];
    let same = [runs.run("b1", 3, |_| ()), runs.run("b2", 4, |_| ())];
    let slow = [runs.run("c1", 5, slower(3)), runs.run("c2", 6, slower(3))];
    for (place, [first, second]) in [("a", &now), ("b", &same), ("c", &slow)] {
        for folder in [first, second] {
            let path = PathBuf::from(folder).join("summary.json");
            let mut run = json(&path);
            run["labels"]["branch"] = json!(place);
            fs::write(path, run.to_string()).unwrap();
        }
    }
    let all = |other: &'_ [String; 2]| [now.clone(), other.clone()].concat();
    let by = ["--by", "branch", "--format", "json", "--fail-on-regression", "--overwrite"];

    let twice = all(&same);
    let output = runs.compare(&twice.iter().map(String::as_str).collect::<Vec<_>>(), &by);
    exits(&output, 0);
    let comparison: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(claimed(&comparison), []);
    assert_eq!(comparison["sides"][0]["label"], "branch=a");

    let slower = all(&slow);
    let output = runs.compare(&slower.iter().map(String::as_str).collect::<Vec<_>>(), &by);
    exits(&output, 1);
    let comparison: Value = serde_json::from_slice(&output.stdout).unwrap();
    let claims = claimed(&comparison);
    assert!(!claims.is_empty() && claims.iter().all(|(_, _, outcome)| outcome == "regressed"), "{claims:?}");
    assert!(claims.iter().any(|(_, metric, _)| metric == "recovery_time"), "{claims:?}");
    assert_eq!(comparison, json(&runs.out().join("compare.json")), "stdout and file hold the same");
    let schema = goose_recovery::report::comparison_schema();
    assert!(jsonschema::draft202012::is_valid(&schema, &comparison));

    // The other way round it is an improvement, and no regression.
    let names: Vec<_> = slower.iter().map(String::as_str).collect();
    let output = runs.compare(&names, &[&by[..], &["--baseline", "branch=c"]].concat());
    exits(&output, 0);
    let claims = claimed(&serde_json::from_slice(&output.stdout).unwrap());
    assert!(!claims.is_empty() && claims.iter().all(|(_, _, outcome)| outcome == "improved"), "{claims:?}");
}

#[test]
fn what_does_not_measure_the_same_is_refused_and_when_forced_flagged_everywhere() {
    let runs = Runs::new();
    let a = runs.run("a", 1, |_| ());
    let b = runs.run("b", 2, |run| {
        run["plan"]["users"] = json!(7);
        run["plan"]["scenarios"].as_array_mut().unwrap().truncate(1);
    });
    let output = runs.compare(&[&a, &b], &[]);
    refused(&output, 4, "users (200 | 7)");
    let said = text(&output.stderr);
    assert!(said.contains("scenarios (") && said.contains("--force"), "{said}");
    assert!(!runs.out().exists(), "nothing is written");

    for format in ["table", "markdown", "json"] {
        let output = runs.compare(&[&a, &b], &["--force", "--overwrite", "--format", format]);
        exits(&output, 0);
        let flagged = if format == "json" { "\"forced\": true" } else { "FORCED" };
        assert!(text(&output.stdout).contains(flagged), "{}", told(&output));
    }
    for file in ["index.html", "report.md"] {
        assert!(fs::read_to_string(runs.out().join(file)).unwrap().contains("FORCED"), "{file}");
    }
}

#[test]
fn a_run_is_found_by_folder_file_and_journal_and_what_is_none_is_refused() {
    let runs = Runs::new();
    let (a, b) = (runs.run("a", 1, |_| ()), runs.run("b", 2, |_| ()));
    let journal = runs.place.journal().to_string_lossy().into_owned();
    let id = runs.made["run_id"].as_str().unwrap();
    let of_journal = format!("{journal}#{id}");
    let output = runs.compare(&[&a, &of_journal, &format!("{b}/summary.json")], &["--format", "json"]);
    exits(&output, 0);
    let comparison: Value = serde_json::from_slice(&output.stdout).unwrap();
    let labels: Vec<_> = comparison["sides"].as_array().unwrap().iter().map(|side| &side["label"]).collect();
    assert_eq!(labels, ["a", id, "b"]);
    assert!(text(&output.stderr).contains("compared/index.html"), "{}", told(&output));

    refused(&runs.compare(&[&a, &b], &[]), 2, "--overwrite");
    refused(&runs.compare(&[&a], &[]), 2, "at least two runs");
    refused(&runs.compare(&[&a, &a], &[]), 2, "stands there twice");
    refused(&runs.compare(&[&a, "gone"], &[]), 2, "JOURNAL#RUN_ID");
    refused(&runs.compare(&[&a, &journal], &[]), 2, id);
    refused(&runs.compare(&[&a, &format!("{journal}#other")], &[]), 2, id);
    refused(&runs.compare(&[&a, &b], &["--by", "colour"]), 2, "colour");
    refused(&runs.compare(&[&a, &b], &["--baseline", "c"]), 2, "--baseline takes one of a, b");
    refused(&runs.compare(&[&a, &b], &["--noise", "5"]), 2, "5%");
    let newer = runs.run("newer", 3, |run| run["schema"] = json!(99));
    refused(&runs.compare(&[&a, &newer], &[]), 2, "schema version 99");
}

#[test]
fn the_folder_has_the_page_the_figures_and_the_texts_in_the_language_asked_for() {
    let runs = Runs::new();
    let (a, b) = (runs.run("a", 1, |_| ()), runs.run("b", 1, slower(2)));
    let output = runs.compare(&[&a, &b], &["--lang", "ja"]);
    exits(&output, 0);
    let mut names: Vec<_> = fs::read_dir(runs.out())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(
        names,
        ["compare.json", "distributions.png", "forest.png", "index.html", "report.md", "strip.png"]
    );
    let copy = runs.place.path("docs/comparison.md");
    let summary = runs.place.path("job.md");
    let mut command = goose_recovery();
    command.arg("compare").args([&a, &b]).args(["--overwrite", "--github-summary", "--out"]).arg(runs.out());
    command.arg("--markdown").arg(&copy).env("GITHUB_STEP_SUMMARY", &summary);
    exits(&command.output().unwrap(), 0);
    let text = fs::read_to_string(&copy).unwrap();
    assert!(text.contains("](../compared/forest.png)"), "{text}");
    let text = fs::read_to_string(summary).unwrap();
    assert!(text.contains("| recovery time |") && !text.contains("!["), "{text}");

    exits(&runs.compare(&[&a, &b], &["--lang", "ja", "--overwrite"]), 0);
    let page = fs::read_to_string(runs.out().join("index.html")).unwrap();
    assert!(page.contains("lang=\"ja\"") && page.contains("復旧時間"));
    assert!(page.matches("<svg").count() >= 3);
    let markdown = fs::read_to_string(runs.out().join("report.md")).unwrap();
    for goal in markdown.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
        assert!(runs.out().join(goal).is_file(), "{goal}");
    }
    // With the same seeds fault is compared with fault.
    let comparison = json(&runs.out().join("compare.json"));
    assert_eq!(comparison["metrics"][0]["changes"][0]["paired"], true);
}

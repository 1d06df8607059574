//! KPIs that a plan file defines: measured, shown in every form of the report, and part of the verdict.

use std::fs;

use serde_json::Value;

use crate::command::{Workplace, goose_recovery, json, told, turn};

const FAILED: i32 = 1;

/// One kill. Ninety per cent are met by any system at rest; nothing is answered within a microsecond.
const PLAN: &str = r#"
[load]
users = 10
[steady_state]
baseline = "2500ms"
hold = "500ms"

[[kpi]]
name = "someone answers"
expect = "availability before >= 90%"

[[kpi]]
name = "every answer at once"
expect = "p50 before < 1us"

[[scenario]]
kind = "single-module"
iterations = 1
"#;

fn kpi<'a>(summary: &'a Value, id: &str) -> &'a Value {
    summary["kpis"].as_array().unwrap().iter().find(|kpi| kpi["id"] == id).unwrap()
}

/// Of the canaries of the journal that were over before the fault: those that were answered well, and all.
fn canaries_before_the_fault(lines: &[Value]) -> (u64, u64) {
    let at = |kind: &str| lines.iter().find(|line| line["type"] == kind).unwrap()["t"].as_u64().unwrap();
    let (users, fault) = (at("users_started"), at("fault_injected"));
    let over = |line: &&Value| {
        let (t, duration) = (line["t"].as_u64().unwrap(), line["duration_us"].as_u64().unwrap());
        users <= t && t < fault && t + duration <= fault
    };
    let canaries: Vec<_> = lines.iter().filter(|line| line["type"] == "canary").filter(over).collect();
    (canaries.iter().filter(|line| line["ok"] == true).count() as u64, canaries.len() as u64)
}

#[test]
fn one_that_is_missed_fails_the_run_and_every_form_of_the_report_says_so() {
    let _turn = turn();
    let place = Workplace::new();
    let file = place.path("my.toml");
    fs::write(&file, PLAN).unwrap();
    let checked = goose_recovery().args(["plan", "check"]).arg(&file).output().unwrap();
    assert!(
        told(&checked).contains("also availability before >= 90%, p50 before < 1us"),
        "{}",
        told(&checked)
    );

    let mut command = goose_recovery();
    command.arg("run").arg("--log").arg(place.journal()).arg("--out").arg(place.report());
    let output = command.arg("--plan").arg(&file).output().unwrap();
    assert_eq!(output.status.code(), Some(FAILED), "{}", told(&output));

    let summary = place.summary();
    let (met, missed) = (kpi(&summary, "someone answers"), kpi(&summary, "every answer at once"));
    assert_eq!((&met["verdict"], &missed["verdict"]), (&"pass".into(), &"fail".into()), "{met:#} {missed:#}");
    let (answered, due) = canaries_before_the_fault(&place.lines());
    assert!(due >= 250, "{due}");
    assert_eq!((&met["numerator"], &met["denominator"]), (&answered.into(), &due.into()));
    assert_eq!(
        (&met["metric"], &met["phase"], &met["unit"]),
        (&"availability".into(), &"before".into(), &"ratio".into())
    );
    assert!(
        missed["value"].as_f64().unwrap() > 1.0 && missed["denominator"].as_u64().unwrap() > 20,
        "{missed:#}"
    );
    assert!(kpi(&summary, "auto_recovery_rate")["verdict"] == "pass", "{summary:#}");

    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(stdout.contains("every answer at once (p50 before)"), "{stdout}");
    let page = fs::read_to_string(place.report().join("index.html")).unwrap();
    let document = fs::read_to_string(place.report().join("report.md")).unwrap();
    for (form, text) in [("index.html", &page), ("report.md", &document)] {
        assert!(text.contains("someone answers (availability before)"), "{form}");
        assert!(text.contains("every answer at once (p50 before)"), "{form}");
    }
    let cases = fs::read_to_string(place.report().join("junit.xml")).unwrap();
    let case = cases.split("<testcase").find(|case| case.contains("name=\"every answer at once\"")).unwrap();
    assert!(case.contains("<failure") && case.contains("1 µs"), "{case}");

    // The journal alone says the same, in the other language as well.
    let again = place.path("again");
    let mut report = goose_recovery();
    report.arg("report").arg(place.journal()).arg("--out").arg(&again).args(["--lang", "ja"]);
    let output = report.output().unwrap();
    assert_eq!(output.status.code(), Some(FAILED), "{}", told(&output));
    assert_eq!(kpi(&json(&again.join("summary.json")), "every answer at once"), missed);
    let page = fs::read_to_string(again.join("index.html")).unwrap();
    assert!(page.contains("every answer at once（p50 before）") && page.contains("50 パーセンタイル"));
}

//! A goose load test that somebody has already, run by the plugin against a system that somebody else wrote.

use std::path::Path;
use std::process::Command;

use super::example::Example;
use crate::command::{told, turn};

/// `examples/load_test_recovery`, which is `examples/load_test_before` but for a few lines. It was written for another server.
fn load_test() -> Command {
    let program =
        Path::new(env!("CARGO_BIN_EXE_goose-recovery")).with_file_name("examples/load_test_recovery");
    assert!(program.exists(), "{} is missing: cargo build --examples", program.display());
    Command::new(program)
}

#[test]
fn a_goose_test_is_a_recovery_test_of_gunicorn_by_a_plan() {
    let _turn = turn();
    let example = Example::new("gunicorn", 18101, "/", "/healthz");
    let _up = example.up();
    let host = format!("http://127.0.0.1:{}", example.port(18101));
    // What users ask for is what the test says.
    let plan = example.plan();
    let text = std::fs::read_to_string(&plan).unwrap();
    let asked = "[[load.request]]\npath = \"/\"\n";
    assert!(text.contains(asked), "{text}");
    std::fs::write(&plan, text.replace(asked, "")).unwrap();
    let mut test = load_test();
    test.args(["--host", &host, "--users", "4", "--increase-rate", "20"]).arg("--recovery-plan").arg(&plan);
    test.args(["--recovery-iterations", "1", "--recovery-baseline", "2500ms", "--recovery-hold", "1s"]);
    let ran = example.ran_by_plugin(test);
    let episodes = ran.recovered(2);
    let targets: Vec<_> = episodes.iter().map(|episode| episode["target"].as_str().unwrap()).collect();
    assert_eq!(targets, ["worker killed", "master hung"]);
    assert_eq!(ran.output.status.code(), Some(0), "{}", told(&ran.output));
    let requests = |name: &str| {
        ran.lines.iter().filter(|line| line["type"] == "request" && line["name"] == name).count()
    };
    let (front, basket) = (requests("/"), requests("/basket"));
    assert!(front > basket && basket > 10, "{front} and {basket}: {}", told(&ran.output));
    assert!(ran.lines.iter().any(|line| line["type"] == "alignment"), "its requests come from goose's log");
}

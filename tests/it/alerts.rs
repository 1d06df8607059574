//! A target that tells badly: every third alert does not come, one comes twice, one comes for nothing. Each is counted.

use std::net::TcpListener;
use std::time::Duration;

use crate::command::{Guarded, Workplace, turn};
use crate::stub::{Stub, Teller};

#[test]
fn missed_double_and_false_alerts_are_counted_exactly() {
    let _turn = turn();
    // A port that is free now; the run binds it a moment later.
    let listen = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let teller = Teller { url: format!("http://{listen}/alerts"), drop_every: 3, double: 2 };
    let stub = Stub::telling(std::process::id(), &[Duration::from_millis(200); 6], teller);
    let place = Workplace::new();
    let harness = place
        .run(["--base-url", &stub.url(), "--fault", "restart", "--iterations", "6", "--pause", "100ms"])
        .args([
            "--users",
            "4",
            "--baseline",
            "2500ms",
            "--hold",
            "300ms",
            "--alert-deadline",
            "1s",
            "--quiet",
        ])
        .args(["--alert-listen", &listen.to_string(), "--alert-path", "/alerts", "--seed", "1"])
        .spawn()
        .unwrap();
    let mut harness = Guarded(harness);
    // Long before the first fault: nothing can have caused it.
    let started = || place.lines().into_iter().any(|line| line["type"] == "users_started");
    while !started() {
        assert!(harness.0.try_wait().unwrap().is_none(), "the run has ended before its users were there");
        std::thread::sleep(Duration::from_millis(20));
    }
    stub.cry_wolf();
    let status = harness.0.wait().unwrap();
    let summary = place.summary();
    assert_eq!(status.code(), Some(1), "{:#}", summary["kpis"]);
    let alerts = &summary["alerts"];
    let counted = |what: &str| alerts[what].as_u64().unwrap();
    assert_eq!((counted("expected"), counted("matched"), counted("missed")), (6, 4, 2), "{alerts}");
    assert_eq!((counted("duplicates"), counted("false"), counted("late")), (1, 1, 0), "{alerts}");
    let missed = summary["kpis"].as_array().unwrap().iter().find(|kpi| kpi["id"] == "missed_alerts").unwrap();
    assert_eq!((&missed["verdict"], &missed["numerator"]), (&"fail".into(), &2.into()), "{missed}");
}

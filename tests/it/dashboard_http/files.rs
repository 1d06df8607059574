//! No path of a request becomes one of a file.

use std::fs;
use std::os::unix::fs::symlink;

use super::served::Served;
use super::workplace;

/// Stands in everything that is outside of the reports.
const SECRET: &str = "nobody is to see this";

#[test]
fn no_spelling_of_a_path_leads_out_of_the_reports() {
    let place = workplace();
    let outside = place.path("outside");
    fs::create_dir(&outside).unwrap();
    fs::copy(place.path("reports/run/summary.json"), outside.join("summary.json")).unwrap();
    for file in ["index.html", "secret.txt", "report.md"] {
        fs::write(outside.join(file), SECRET).unwrap();
        fs::write(place.path("reports").join(file), SECRET).unwrap();
    }
    fs::write(place.path("reports/run/notes.txt"), SECRET).unwrap();
    symlink(&outside, place.path("reports/linked")).unwrap();
    fs::remove_file(place.path("reports/run/report.md")).unwrap();
    symlink(outside.join("report.md"), place.path("reports/run/report.md")).unwrap();
    let served = Served::of(&place.path("."));
    for target in [
        "/reports/../outside/index.html",
        "/reports/run/../../outside/index.html",
        "/reports/%2e%2e/index.html",
        "/reports/%2E%2E%2Foutside/index.html",
        "/reports/..%2foutside/index.html",
        "/reports/run%2f..%2f..%2foutside/index.html",
        "/reports/run/..%2f..%2foutside%2findex.html",
        "/reports/run/%2e%2e%2findex.html",
        "/reports/%252e%252e%252foutside/index.html",
        "/reports/run/%252e%252e%252findex.html",
        "/reports/%2Fetc/passwd",
        "/reports/%2Fetc%2F/passwd",
        "/reports/run/%2Fetc%2Fpasswd",
        "//etc/passwd",
        "/etc/passwd",
        "/reports/run/index.html%00.txt",
        "/reports/run%00/index.html",
        "/reports/run/%00",
        "/reports/..%5Coutside/index.html",
        "/reports/run/..%5C..%5Coutside%5Cindex.html",
        "/reports/..\\outside/index.html",
        "/reports/%c0%ae%c0%ae/index.html",
        "/reports/./index.html",
        "/reports/.%2Frun/index.html",
        "/reports/run%2F/index.html",
        "/reports//index.html",
        "/reports/%2e/index.html",
        "/reports/linked/index.html",
        "/reports/linked%2F/index.html",
        "/reports/run/report.md",
        "/reports/run/notes.txt",
        "/reports/run/secret.txt",
        "/reports/run/INDEX.HTML",
        "/assets/..%2f..%2f..%2fjournal.jsonl",
        "/assets/../journal.jsonl",
        "/assets/%2e%2e%2fpage.html",
        "/api/runs/..%2Foutside",
        "/api/runs/%2e%2e",
        "/api/runs/run%2f..%2frun",
        "/api/runs/%2Fetc",
        "/api/runs/../runs",
        "/compare?run=..%2Foutside&run=run&force=true",
        "/compare?run=run&run=%2Fetc%2Fpasswd&force=true",
        "/reports/run/index.html/",
        "/reports/run/index.html;/x",
    ] {
        let answer = served.get(target);
        assert!(matches!(answer.status, 400 | 404 | 422), "{target}: {answer:?}");
        for content in [SECRET, "root:", "run_started"] {
            assert!(!answer.body.contains(content), "{target}: {answer:?}");
        }
    }
    // The same by right ways.
    for target in ["/reports/run/index.html", "/reports/group%2Frun/", "/reports/group%2frun/index.html"] {
        let answer = served.get(target);
        assert!(
            answer.status == 200 && answer.body.contains("<!doctype html>"),
            "{target}: {}",
            answer.status
        );
    }
    let listed = served.get("/api/runs").json();
    let ids: Vec<_> =
        listed["runs"].as_array().unwrap().iter().map(|run| run["id"].as_str().unwrap()).collect();
    assert!(ids.contains(&"run") && ids.contains(&"group/run") && !ids.contains(&"linked"), "{ids:?}");
}

#[test]
fn a_report_that_somebody_else_made_runs_no_script_of_its_own() {
    let place = workplace();
    let hostile = "<!doctype html><script>alert(1)</script><img src=x onerror=alert(2)>";
    fs::write(place.path("reports/run/index.html"), hostile).unwrap();
    let served = Served::of(&place.path("."));
    let answer = served.get("/reports/run/");
    assert_eq!(answer.body, hostile);
    let policy = answer.header("content-security-policy");
    let scripts = policy.split("; ").find(|part| part.starts_with("script-src")).unwrap();
    assert!(scripts.split(' ').skip(1).all(|source| source.starts_with("'sha256-")), "{policy}");
}

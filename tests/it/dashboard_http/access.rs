//! Who is let in, and what every answer says to a browser.

use super::served::{Answer, Served, dashboard};
use super::workplace;
use crate::command::{Workplace, told};

const TOKEN: &str = "0123456789abcdef";
const VARIABLE: &str = "GOOSE_RECOVERY_DASHBOARD_TOKEN";
const PAGE: &str = "/analysis/r_v0_2_resilience";

#[track_caller]
fn is_problem(answer: &Answer, status: u16) {
    assert_eq!(answer.status, status, "{answer:?}");
    assert_eq!(answer.header("content-type"), "application/problem+json", "{answer:?}");
    let problem = answer.json();
    assert_eq!((&problem["type"], &problem["status"]), (&"about:blank".into(), &status.into()));
    assert!(problem["detail"].as_str().unwrap().len() > 10, "{problem}");
}

#[track_caller]
fn is_page_of_refusal(answer: &Answer, status: u16) {
    assert_eq!(answer.status, status, "{answer:?}");
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    assert!(answer.body.contains("<h1>"), "{answer:?}");
}

#[test]
fn a_page_of_another_site_cannot_ask_under_its_own_name() {
    let place = Workplace::new();
    let served = Served::start(dashboard(&place.path("."), &["--allow-host", "recovery.example.org"]));
    let asked = |target: &str, hosts: &str| {
        served.send(&format!("GET {target} HTTP/1.1\r\n{hosts}Connection: close\r\n\r\n"))
    };
    for host in ["evil.example", "127.0.0.1.nip.io", "10.0.0.1", "localhost.evil.example", "a@localhost", ""]
    {
        is_problem(&asked("/api/runs", &format!("Host: {host}\r\n")), 403);
        is_page_of_refusal(&asked(PAGE, &format!("Host: {host}:{}\r\n", served.address.port())), 403);
    }
    is_problem(&asked("/api/runs", ""), 400);
    is_problem(&asked("/api/runs", "Host: localhost\r\nHost: localhost\r\n"), 400);
    is_problem(&asked("http://evil.example/api/runs", "Host: localhost\r\n"), 403);
    for host in ["localhost", "127.0.0.1:1", "[::1]", "Recovery.Example.org"] {
        assert_eq!(asked("/api/runs", &format!("Host: {host}\r\n")).status, 200, "{host}");
    }
}

#[test]
fn nothing_but_reading_is_answered() {
    let place = Workplace::new();
    let served = Served::of(&place.path("."));
    for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"] {
        for target in ["/api/runs", "/api/live", "/api/none"] {
            let answer = served.send(&format!(
                "{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
            ));
            is_problem(&answer, 405);
            assert_eq!(answer.header("allow"), "GET, HEAD");
        }
    }
    for target in [PAGE, "/api/runs", "/api/live", "/assets/report.css"] {
        let head =
            served.send(&format!("HEAD {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
        assert_eq!((head.status, head.body.as_str()), (200, ""), "{target}");
    }
}

#[test]
fn with_a_token_nobody_sees_anything_without_it() {
    let place = workplace();
    let mut command = dashboard(&place.path("."), &[]);
    command.env(VARIABLE, TOKEN);
    let mut served = Served::start(command);
    assert!(!served.said.contains(TOKEN) && served.said.contains("?token=..."), "{}", served.said);
    for target in
        ["/api/live", "/api/runs", "/api/runs/run", "/api/openapi.json", "/api/none", "/api/runs?token=x"]
    {
        let answer = served.get(target);
        is_problem(&answer, 401);
        assert!(answer.header("www-authenticate").starts_with("Bearer realm="), "{answer:?}");
        is_problem(&served.get_with(target, &["Authorization: Bearer wrong"]), 401);
        is_problem(&served.get_with(target, &["Authorization: Basic MDEyMzQ1Njc4OWFiY2RlZg=="]), 401);
    }
    for target in ["/", PAGE, "/assets/dashboard.js", "/reports/run/", "/compare?run=run", "/none"] {
        is_page_of_refusal(&served.get(target), 401);
        is_page_of_refusal(
            &served.get(&format!("{target}{}token=wrong", if target.contains('?') { '&' } else { '?' })),
            401,
        );
    }
    // In the address only a page takes it: what is asked of the API is logged by whoever stands between.
    is_problem(&served.get(&format!("/api/runs?token={TOKEN}")), 401);
    assert_eq!(served.get_with("/api/runs", &[&format!("Authorization: Bearer {TOKEN}")]).status, 200);

    let entry = served.get(&format!("{PAGE}?token={TOKEN}"));
    assert_eq!((entry.status, entry.header("location")), (303, PAGE));
    let cookie = entry.header("set-cookie").to_owned();
    assert!(cookie.ends_with("; HttpOnly; SameSite=Strict; Path=/") && !cookie.contains(TOKEN), "{cookie}");
    let kept = format!("Cookie: {}", cookie.split(';').next().unwrap());
    for target in [PAGE, "/api/runs", "/assets/report.css", "/reports/run/"] {
        assert_eq!(served.get_with(target, &[&kept]).status, 200, "{target}");
    }
    is_problem(&served.get_with("/api/runs", &[&format!("{}0", &kept[..kept.len() - 1])]), 401);

    // What the browser has kept is still good after a restart at the same address.
    let address = served.address.to_string();
    served.process.0.kill().unwrap();
    served.process.0.wait().unwrap();
    assert!(!served.rest().contains(TOKEN));
    let again = Served::start(dashboard(&place.path("."), &["--token", TOKEN, "--listen", &address]));
    assert_eq!(again.get_with("/api/runs", &[&kept]).status, 200);
}

#[test]
fn what_others_could_reach_needs_a_token_and_a_port_of_its_own() {
    let place = Workplace::new();
    let refused = |arguments: &[&str], token: &str, says: &str| {
        let mut command = dashboard(&place.path("."), arguments);
        let output = command.env(VARIABLE, token).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{}", told(&output));
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains(says), "{says:?} is not in {said}");
        assert!(token.is_empty() || !said.contains(token), "{said}");
    };
    refused(&["--listen", "0.0.0.0:0"], "", VARIABLE);
    refused(&["--listen", "[::]:0"], "", VARIABLE);
    refused(&["--listen", "192.0.2.1:0"], TOKEN, "cannot listen on 192.0.2.1:0");
    refused(&["--listen", "localhost"], "", "invalid value 'localhost'");
    refused(&["--allow-host", "http://x"], "", "without scheme, port and path");
    refused(&[], "two words", "openssl rand -hex 32");
    let first = Served::of(&place.path("."));
    refused(&["--listen", &first.address.to_string()], "", "--listen 127.0.0.1:0");

    let mut command = dashboard(&place.path("."), &["--listen", "0.0.0.0:0"]);
    command.env(VARIABLE, TOKEN);
    let open = Served::start(command);
    assert!(open.said.contains("http://127.0.0.1:"), "{}", open.said);
    let bearer = format!("Authorization: Bearer {TOKEN}");
    let asked = |host: &str| {
        open.send(&format!("GET /api/runs HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{bearer}\r\n\r\n"))
            .status
    };
    assert_eq!((asked("192.0.2.7:80"), asked("evil.example")), (200, 403));
}

#[test]
fn every_answer_keeps_a_browser_from_what_is_not_meant() {
    let place = workplace();
    let served = Served::of(&place.path("."));
    let page = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; \
                base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    let nothing = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    let report = "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-";
    for (target, status, media_type, policy) in [
        ("/", 303, "", nothing),
        (PAGE, 200, "text/html; charset=utf-8", page),
        ("/assets/report.css", 200, "text/css; charset=utf-8", nothing),
        ("/assets/none.css", 404, "text/html; charset=utf-8", nothing),
        ("/api/live?once", 200, "text/event-stream", nothing),
        ("/api/runs", 200, "application/json", nothing),
        ("/api/runs/run", 200, "application/json", nothing),
        ("/api/runs/none", 404, "application/problem+json", nothing),
        ("/api/runs/%FF", 400, "application/problem+json", nothing),
        ("/api/openapi.json", 200, "application/json", nothing),
        ("/reports/run", 303, "", nothing),
        ("/reports/run/", 200, "text/html; charset=utf-8", report),
        ("/reports/run/index.html", 200, "text/html; charset=utf-8", report),
        ("/reports/group%2Frun/summary.json", 200, "application/json", "sandbox"),
        ("/reports/run/timeline.png", 200, "image/png", "sandbox"),
        ("/reports/none/", 404, "text/html; charset=utf-8", nothing),
        ("/compare?run=run&run=group%2Frun", 422, "text/html; charset=utf-8", nothing),
        ("/compare", 422, "text/html; charset=utf-8", nothing),
    ] {
        // Of a stream the head is enough.
        let method = if target.starts_with("/api/live") { "HEAD" } else { "GET" };
        let answer = served
            .send(&format!("{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
        assert_eq!(answer.status, status, "{target}: {answer:?}");
        assert_eq!(answer.header("content-type"), media_type, "{target}");
        let own = answer.header("content-security-policy");
        assert!(own.contains(policy) && own.contains("frame-ancestors 'none'"), "{target}: {own}");
        assert!(policy != nothing && policy != page || own == policy, "{target}: {own}");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-resource-policy", "same-origin"),
            ("cache-control", "no-store"),
        ] {
            assert_eq!(answer.header(name), value, "{target}");
        }
        assert_eq!(answer.header("access-control-allow-origin"), "", "{target}");
    }
}

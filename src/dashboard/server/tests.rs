use std::io::{Read as _, Write as _};

use super::*;

fn settings(listen: &str, token: Option<&str>) -> Settings {
    Settings {
        listen: listen.parse().unwrap(),
        reports: PathBuf::from("no/reports"),
        journal: PathBuf::from("no/journal.jsonl"),
        lang: Lang::En,
        token: token.map(|token| Token::new(token).unwrap()),
        hosts: Vec::new(),
    }
}

fn started() -> Dashboard {
    Dashboard::start(settings("127.0.0.1:0", None)).unwrap()
}

fn ask(dashboard: &Dashboard, path: &str) -> std::net::TcpStream {
    let mut stream = std::net::TcpStream::connect(dashboard.address()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n").as_bytes()).unwrap();
    stream
}

#[test]
fn a_port_that_is_taken_is_told_with_what_to_do() {
    let first = started();
    let error = Dashboard::start(settings(&first.address().to_string(), None)).unwrap_err();
    assert!(matches!(error, DashboardError::Taken(_)), "{error}");
    assert!(error.to_string().contains("--listen 127.0.0.1:0"), "{error}");
}

#[test]
fn an_open_address_needs_a_token() {
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"] {
        let error = Dashboard::start(settings(address, None)).unwrap_err();
        assert!(matches!(error, DashboardError::NoToken(_)), "{error}");
        assert!(error.to_string().contains("GOOSE_RECOVERY_DASHBOARD_TOKEN"), "{error}");
    }
    let open = Dashboard::start(settings("0.0.0.0:0", Some("s3cret"))).unwrap();
    assert_eq!(open.url(), format!("http://127.0.0.1:{}{PAGE}", open.address().port()));
    let error = Dashboard::start(settings("192.0.2.1:0", Some("s3cret"))).unwrap_err();
    assert!(matches!(error, DashboardError::Listen { .. }), "{error}");
}

#[test]
fn at_the_end_a_viewer_has_the_first_event_and_the_end_of_the_stream() {
    let dashboard = started();
    let mut viewer = ask(&dashboard, "/api/live");
    let mut seen = Vec::new();
    let mut piece = [0; 1024];
    while !String::from_utf8_lossy(&seen).contains("data: ") {
        let n = viewer.read(&mut piece).unwrap();
        assert!(n > 0, "{}", String::from_utf8_lossy(&seen));
        seen.extend_from_slice(&piece[..n]);
    }
    let address = dashboard.address();
    dashboard.finish();
    viewer.read_to_end(&mut seen).unwrap();
    let seen = String::from_utf8(seen).unwrap();
    assert!(seen.contains("retry: 1000") && seen.contains(r#""run":null"#), "{seen}");
    assert!(seen.ends_with("0\r\n\r\n"), "{seen}");
    assert!(std::net::TcpStream::connect(address).is_err());
}

#[test]
fn a_viewer_who_never_reads_does_not_keep_it_from_ending() {
    let dashboard = started();
    let _viewer = ask(&dashboard, "/api/live");
    let _silent = std::net::TcpStream::connect(dashboard.address()).unwrap();
    // Without a bound on it this would never come back.
    drop(dashboard);
}

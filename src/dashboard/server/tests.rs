use std::io::{BufRead as _, BufReader, Read as _, Write as _};

use super::*;
use crate::dashboard::live::model::Live;

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

/// Read by lines, because that goes on after a signal: a child of another test that ends interrupts a read with a time limit.
type Viewer = BufReader<std::net::TcpStream>;

fn ask(dashboard: &Dashboard, path: &str) -> Viewer {
    let mut stream = std::net::TcpStream::connect(dashboard.address()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n").as_bytes()).unwrap();
    BufReader::new(stream)
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
    let mut seen = String::new();
    while !seen.contains("data: ") {
        assert!(viewer.read_line(&mut seen).unwrap() > 0, "{seen}");
    }
    let address = dashboard.address();
    dashboard.finish();
    viewer.read_to_string(&mut seen).unwrap();
    assert!(seen.contains("retry: 1000") && seen.contains(r#""run":null"#), "{seen}");
    assert!(seen.ends_with("0\r\n\r\n"), "{seen}");
    // What another test is just starting has our listener too until it runs a program of its own.
    let closed = (0..1_000).any(|_| {
        std::thread::sleep(Duration::from_millis(5));
        std::net::TcpStream::connect(address).is_err()
    });
    assert!(closed, "it still listens on {address}");
}

#[test]
fn a_viewer_who_never_reads_does_not_keep_it_from_ending() {
    let dashboard = started();
    let _viewer = ask(&dashboard, "/api/live");
    let _silent = std::net::TcpStream::connect(dashboard.address()).unwrap();
    // Without a bound on it this would never come back.
    drop(dashboard);
}

/// A dashboard whose feed the test has in its own hands.
fn serve_feed(first: &Live) -> (Arc<Feed>, Dashboard) {
    let (listener, address) = bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let (feed, close) = (Arc::<Feed>::default(), CancellationToken::new());
    feed.publish(first).unwrap();
    let index = Arc::new(Index::new(std::path::Path::new("no/reports"), Lang::En));
    let site = Site { feed: Arc::clone(&feed), index, lang: Lang::En, page: "".into(), close: close.clone() };
    let router = router(site, Guard::new(address, Vec::new(), None));
    let closed = close.clone();
    let thread = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async { serve(TcpListener::from_std(listener).unwrap(), router, closed).await });
    });
    (feed, Dashboard { address, close, follower: None, thread: Some(thread) })
}

fn event(n: usize, padding: usize) -> Live {
    let trouble = Some(format!("{n} {}", "x".repeat(padding)));
    Live { page: "1".to_owned(), journal: "j".to_owned(), trouble, run: None }
}

/// Reads up to the line in which `text` stands, and gives the number of bytes.
fn read_until(viewer: &mut Viewer, text: &str) -> usize {
    let (mut all, mut line) = (0, String::new());
    while !line.contains(text) {
        line.clear();
        let n = viewer.read_line(&mut line).unwrap();
        assert!(n > 0, "the stream ended before {text}");
        all += n;
    }
    all
}

#[test]
fn a_viewer_who_does_not_read_costs_a_bounded_amount_and_holds_nobody_up() {
    const EVENTS: usize = 400;
    const BYTES: usize = 100_000;
    let (feed, dashboard) = serve_feed(&event(0, BYTES));
    let mut slow = ask(&dashboard, "/api/live");
    let mut quick = ask(&dashboard, "/api/live");
    for n in 1..=EVENTS {
        feed.publish(&event(n, BYTES)).unwrap();
        read_until(&mut quick, &format!("\"trouble\":\"{n} "));
    }
    assert_eq!(feed.viewers(), 2);
    let held = read_until(&mut slow, &format!("\"trouble\":\"{EVENTS} "));
    // The system's buffers take up to ten megabytes of a connection, we a tenth of one more. All that was said is forty.
    assert!(held < EVENTS * BYTES / 2, "{held} bytes were kept for a viewer who did not read");
}

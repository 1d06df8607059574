use super::*;

fn guard(address: &str, hosts: &[&str], token: Option<&str>) -> Guard {
    let hosts = hosts.iter().map(|host| host.parse().unwrap()).collect();
    Guard::new(address.parse().unwrap(), hosts, token.map(|token| Token::new(token).unwrap()))
}

fn headers(pairs: &[(header::HeaderName, &str)]) -> HeaderMap {
    pairs.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect()
}

fn asked(guard: &Guard, host: &str, uri: &str) -> Result<Option<Entry>, Refusal> {
    guard.check(&Method::GET, &uri.parse().unwrap(), &headers(&[(header::HOST, host)]))
}

#[test]
fn on_loopback_only_names_of_loopback_are_known() {
    let guard = guard("127.0.0.1:8090", &[], None);
    for host in [
        "localhost",
        "LOCALHOST:80",
        "127.0.0.1:8090",
        "127.1.2.3",
        "[::1]:8090",
        "[::1]",
        "[::ffff:127.0.0.1]",
    ] {
        assert_eq!(asked(&guard, host, "/"), Ok(None), "{host}");
    }
    for host in [
        "example.org",
        "localhost.example.org:80",
        "127.0.0.1.nip.io",
        "10.0.0.1:8090",
        "0.0.0.0:8090",
        "[::2]",
        "localhost@example.org",
        "example.org@localhost",
        "localhost:80:80",
        "",
    ] {
        assert_eq!(asked(&guard, host, "/"), Err(Refusal::Host), "{host:?}");
    }
}

#[test]
fn elsewhere_every_address_is_known_and_of_the_names_those_that_were_given() {
    let guard = guard("0.0.0.0:8090", &["Recovery.example.org"], None);
    for host in
        ["10.0.0.1:8090", "[2001:db8::1]", "recovery.example.org", "RECOVERY.example.org:80", "localhost"]
    {
        assert_eq!(asked(&guard, host, "/"), Ok(None), "{host}");
    }
    for host in ["example.org", "recovery.example.org.evil.example", "10.0.0.1.nip.io", "2001"] {
        assert_eq!(asked(&guard, host, "/"), Err(Refusal::Host), "{host}");
    }
}

#[test]
fn exactly_one_host_is_named_and_a_target_in_full_agrees() {
    let guard = guard("[::1]:8090", &["a.example"], None);
    let check = |uri: &str, pairs: &[(header::HeaderName, &str)]| {
        guard.check(&Method::GET, &uri.parse().unwrap(), &headers(pairs))
    };
    assert_eq!(check("/", &[]), Err(Refusal::NoHost));
    let mut twice = headers(&[(header::HOST, "localhost")]);
    twice.append(header::HOST, "localhost".parse().unwrap());
    assert_eq!(guard.check(&Method::GET, &"/".parse().unwrap(), &twice), Err(Refusal::NoHost));
    let local = [(header::HOST, "localhost")];
    assert_eq!(check("http://evil.example/", &local), Err(Refusal::Host));
    assert_eq!(check("http://a.example:8090/", &local), Ok(None));
}

#[test]
fn nothing_can_be_done_but_read() {
    let guard = guard("127.0.0.1:8090", &[], None);
    let local = headers(&[(header::HOST, "localhost")]);
    for method in [Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS, Method::TRACE, Method::CONNECT]
    {
        assert_eq!(guard.check(&method, &"/".parse().unwrap(), &local), Err(Refusal::Method), "{method}");
    }
    assert_eq!(guard.check(&Method::HEAD, &"/".parse().unwrap(), &local), Ok(None));
}

#[test]
fn the_token_in_the_address_of_a_page_becomes_a_cookie() {
    let guard = guard("127.0.0.1:8090", &[], Some("s3cret"));
    let entry = asked(&guard, "localhost", "/compare?run=a%2Fb&token=s3cret&run=c").unwrap().unwrap();
    assert_eq!(entry.location, "/compare?run=a%2Fb&run=c");
    let cookie = entry.cookie.to_str().unwrap();
    assert!(cookie.starts_with("goose-recovery-8090=") && !cookie.contains("s3cret"), "{cookie}");
    assert!(cookie.ends_with("; HttpOnly; SameSite=Strict; Path=/"), "{cookie}");
    let pair = cookie.split(';').next().unwrap();
    let with = headers(&[(header::HOST, "localhost"), (header::COOKIE, pair)]);
    assert_eq!(guard.check(&Method::GET, &"/api/runs".parse().unwrap(), &with), Ok(None));

    assert_eq!(asked(&guard, "localhost", "/?token=s3cre"), Err(Refusal::WrongToken));
    assert_eq!(asked(&guard, "localhost", "/"), Err(Refusal::NoToken));
    assert_eq!(asked(&guard, "localhost", "/api/runs?token=s3cret"), Err(Refusal::NoToken));
    // Whoever does not know the host does not get as far as to try tokens.
    assert_eq!(asked(&guard, "evil.example", "/?token=s3cret"), Err(Refusal::Host));
}

#[test]
fn the_way_on_leads_to_no_other_host() {
    for (uri, location) in [
        ("/?token=x", "/"),
        ("/a?t%6Fken=x&b=1", "/a?b=1"),
        ("//evil.example/?token=x", "/"),
        ("/\\evil.example/?token=x", "/"),
        ("/a//b?token=x&token=y", "/a//b"),
    ] {
        assert_eq!(without_token(&uri.parse().unwrap()), location, "{uri}");
    }
}

#[test]
fn refuses_what_is_no_host() {
    for text in ["", "http://x", "x:80", "x/y", "*", "ex ample", "[::1"] {
        assert_eq!(text.parse::<Host>(), Err(HostError), "{text}");
    }
}

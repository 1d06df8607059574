//! Who may change something: neither a page in somebody's browser, though it can reach loopback, nor anybody without the
//! token, when there is one.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::problem::Problem;
use crate::token::Token;

/// A name by which clients may call the API, beside those of loopback.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostName(String);

/// Something that is no name of a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("give a name or an IP address without scheme, port and path, for example recovery.example.org")]
pub struct HostNameError;

impl std::str::FromStr for HostName {
    type Err = HostNameError;

    fn from_str(text: &str) -> Result<Self, HostNameError> {
        if let Ok(ip) = text.trim_matches(['[', ']']).parse::<IpAddr>() {
            return Ok(ip.into());
        }
        let fits = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
        if text.is_empty() || !fits { Err(HostNameError) } else { Ok(Self(text.to_ascii_lowercase())) }
    }
}

impl From<IpAddr> for HostName {
    fn from(ip: IpAddr) -> Self {
        Self(ip.to_string())
    }
}

/// What a changing call must show.
#[derive(Clone, Debug, Default)]
pub(crate) struct Guard {
    /// Names that are accepted beside those of loopback.
    hosts: Arc<[HostName]>,
    token: Option<Token>,
}

impl Guard {
    pub(crate) fn new(hosts: Vec<HostName>, token: Option<Token>) -> Self {
        Self { hosts: hosts.into(), token }
    }

    fn check(&self, headers: &HeaderMap, uri: &Uri) -> Result<(), Problem> {
        let text = |name| headers.get(name).and_then(|value: &header::HeaderValue| value.to_str().ok());
        let host = text(header::HOST).or_else(|| uri.authority().map(|authority| authority.as_str()));
        if !host.is_some_and(|host| self.knows(host)) {
            return Err(Problem::new(
                StatusCode::FORBIDDEN,
                "the Host header names neither loopback nor this server: call the address that it listens on, or name \
                 the host with --allow-host",
            ));
        }
        let origin = headers.get(header::ORIGIN).map(|origin| origin.to_str().unwrap_or("null"));
        let own = |origin: &str| origin.split_once("://").is_some_and(|(_, host)| self.knows(host));
        if !origin.is_none_or(own) {
            return Err(Problem::new(StatusCode::FORBIDDEN, "the Origin header names another site"));
        }
        if let Some(token) = &self.token {
            match token.is_shown_by(headers) {
                Some(true) => {}
                Some(false) => return Err(Problem::wrong_token()),
                None => return Err(Problem::no_token()),
            }
        }
        let media_type = text(header::CONTENT_TYPE).and_then(|value| value.split(';').next()).map(str::trim);
        if !media_type.is_some_and(|value| value.eq_ignore_ascii_case("application/json")) {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "changing calls take JSON: send the header Content-Type: application/json",
            ));
        }
        Ok(())
    }

    /// Whether `host`, with or without a port, is a name of this machine's loopback or one of ours.
    fn knows(&self, host: &str) -> bool {
        let name = match host.strip_prefix('[') {
            Some(rest) => rest.split(']').next().unwrap_or_default(),
            None => host.rsplit_once(':').map_or(host, |(name, _)| name),
        };
        let local =
            name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
        local || name.parse::<HostName>().is_ok_and(|name| self.hosts.contains(&name))
    }
}

/// Middleware: refuses a changing call with a foreign `Host` or `Origin` (403), without the token when there is one (401),
/// or without a JSON body type (415).
pub(crate) async fn changing_calls(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    let changing = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    match changing.then(|| guard.check(request.headers(), request.uri())) {
        Some(Err(problem)) => problem.into_response(),
        Some(Ok(())) | None => next.run(request).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_names_of_loopback() {
        let guard = Guard::default();
        for host in ["localhost", "LOCALHOST:80", "127.0.0.1:8000", "127.1.2.3", "[::1]:8000", "[::1]"] {
            assert!(guard.knows(host), "{host}");
        }
        for host in
            ["example.org", "localhost.example.org:80", "127.0.0.1.nip.io", "10.0.0.1:8000", "", "[::2]"]
        {
            assert!(!guard.knows(host), "{host}");
        }
    }

    #[test]
    fn knows_the_names_that_it_was_given_and_none_like_them() {
        let names = ["Recovery.example.org", "10.0.0.1", "[2001:db8::1]"];
        let guard = Guard::new(names.map(|name| name.parse().unwrap()).to_vec(), None);
        for host in ["recovery.example.org", "RECOVERY.example.org:80", "10.0.0.1:8000", "[2001:db8:0::1]:1"]
        {
            assert!(guard.knows(host), "{host}");
        }
        for host in ["example.org", "recovery.example.org.evil.example", "10.0.0.11", "2001"] {
            assert!(!guard.knows(host), "{host}");
        }
    }

    #[test]
    fn refuses_what_is_no_name_of_a_host() {
        for text in ["", "http://x", "x:80", "x/y", "*", "ex ample"] {
            assert_eq!(text.parse::<HostName>(), Err(HostNameError), "{text}");
        }
    }
}

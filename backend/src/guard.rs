//! Who may change something: a page in somebody's browser must not be able to, though it can reach loopback.

use std::net::IpAddr;

use axum::extract::Request;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::problem::Problem;

/// Middleware: refuses a changing call with a foreign `Host` or `Origin` (403) or without a JSON body type (415).
pub(crate) async fn changing_calls(request: Request, next: Next) -> Response {
    let changing = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    match changing.then(|| check(request.headers(), request.uri())) {
        Some(Err(problem)) => problem.into_response(),
        Some(Ok(())) | None => next.run(request).await,
    }
}

fn check(headers: &HeaderMap, uri: &Uri) -> Result<(), Problem> {
    let text = |name| headers.get(name).and_then(|value: &header::HeaderValue| value.to_str().ok());
    let host = text(header::HOST).or_else(|| uri.authority().map(|authority| authority.as_str()));
    if !host.is_some_and(is_local) {
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "the Host header is not a loopback name: call http://127.0.0.1 or http://localhost",
        ));
    }
    let origin = headers.get(header::ORIGIN).map(|origin| origin.to_str().unwrap_or("null"));
    let local_origin = |origin: &str| origin.split_once("://").is_some_and(|(_, host)| is_local(host));
    if !origin.is_none_or(local_origin) {
        return Err(Problem::new(StatusCode::FORBIDDEN, "the Origin header names another site"));
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

/// Whether `host`, with or without a port, is a name of this machine's loopback.
fn is_local(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.rsplit_once(':').map_or(host, |(name, _)| name),
    };
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_names_of_loopback() {
        for host in ["localhost", "LOCALHOST:80", "127.0.0.1:8000", "127.1.2.3", "[::1]:8000", "[::1]"] {
            assert!(is_local(host), "{host}");
        }
        for host in
            ["example.org", "localhost.example.org:80", "127.0.0.1.nip.io", "10.0.0.1:8000", "", "[::2]"]
        {
            assert!(!is_local(host), "{host}");
        }
    }
}

//! Who may ask: nobody by a name that an attacker's page can be given (DNS rebinding), nobody without the token when there is one, and
//! for nothing but to read.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::refusal::{Refusal, is_api};
use super::token::{Shown, Token};

/// A host by which the dashboard may be called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Host {
    /// An IP address.
    Address(IpAddr),
    /// A name, in small letters.
    Name(String),
}

/// Something that is no host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("give a name or an IP address without scheme, port and path, for example recovery.example.org")]
pub struct HostError;

impl std::str::FromStr for Host {
    type Err = HostError;

    fn from_str(text: &str) -> Result<Self, HostError> {
        let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
        if let Ok(address) = bare.parse::<IpAddr>() {
            return Ok(Self::Address(address.to_canonical()));
        }
        let fits = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
        if text.is_empty() || !fits { Err(HostError) } else { Ok(Self::Name(text.to_ascii_lowercase())) }
    }
}

impl Host {
    /// The host of `host:port`, as a `Host` header has it.
    fn of(authority: &str) -> Option<Self> {
        let parsed: Authority = authority.parse().ok().filter(|_| !authority.contains('@'))?;
        parsed.host().parse().ok()
    }
}

/// What a request must show.
#[derive(Clone, Debug)]
pub(crate) struct Guard(Arc<Rules>);

#[derive(Debug)]
struct Rules {
    /// Whether nobody but this machine can reach us.
    on_loopback: bool,
    /// Hosts that are accepted besides.
    hosts: Vec<Host>,
    token: Option<Token>,
    /// The name of the cookie. Browsers do not keep the ports of a host apart, so it has ours in its name.
    cookie: String,
}

/// Somebody who showed the token in the address: has the cookie from now on, and an address without it.
#[derive(Debug, PartialEq, Eq)]
struct Entry {
    cookie: HeaderValue,
    location: String,
}

impl Guard {
    /// A guard of what is served at `address`.
    pub(crate) fn new(address: SocketAddr, hosts: Vec<Host>, token: Option<Token>) -> Self {
        let on_loopback = address.ip().to_canonical().is_loopback();
        Self(Arc::new(Rules {
            on_loopback,
            hosts,
            token,
            cookie: format!("goose-recovery-{}", address.port()),
        }))
    }

    fn check(&self, method: &Method, uri: &Uri, headers: &HeaderMap) -> Result<Option<Entry>, Refusal> {
        let Rules { token, cookie, .. } = &*self.0;
        self.check_host(uri, headers)?;
        if !matches!(*method, Method::GET | Method::HEAD) {
            return Err(Refusal::Method);
        }
        let Some(token) = token else { return Ok(None) };
        if let Some(shown) = token_in(uri) {
            return if token.is(&shown) {
                Ok(Some(self.entry(uri, token)))
            } else {
                Err(Refusal::WrongToken)
            };
        }
        match token.shown_by(headers, cookie) {
            Shown::Right => Ok(None),
            Shown::Wrong => Err(Refusal::WrongToken),
            Shown::Nothing => Err(Refusal::NoToken),
        }
    }

    /// The Host header, and the host of the target where a request names that in full.
    fn check_host(&self, uri: &Uri, headers: &HeaderMap) -> Result<(), Refusal> {
        let mut named = headers.get_all(header::HOST).iter();
        let (Some(host), None) = (named.next(), named.next()) else { return Err(Refusal::NoHost) };
        let host = host.to_str().ok().and_then(Host::of);
        let target = uri.authority().map(|authority| Host::of(authority.as_str()));
        let known = |host: &Option<Host>| host.as_ref().is_some_and(|host| self.knows(host));
        if known(&host) && target.as_ref().is_none_or(known) { Ok(()) } else { Err(Refusal::Host) }
    }

    /// A page that is bound to our address anew is called by its own name, never by an address: so where others than this machine can
    /// reach us, every address is taken, and names are those that were given.
    fn knows(&self, host: &Host) -> bool {
        let own = match host {
            Host::Address(address) => !self.0.on_loopback || address.is_loopback(),
            Host::Name(name) => name == "localhost",
        };
        own || self.0.hosts.contains(host)
    }

    fn entry(&self, uri: &Uri, token: &Token) -> Entry {
        let pair = format!("{}={}", self.0.cookie, token.cookie());
        let cookie = HeaderValue::try_from(format!("{pair}; HttpOnly; SameSite=Strict; Path=/"));
        // Letters and digits, all of it.
        Entry {
            cookie: cookie.unwrap_or_else(|_| HeaderValue::from_static("")),
            location: without_token(uri),
        }
    }
}

/// The token in an address. Programs show it in a header: what is asked of the API is logged by whoever stands between.
fn token_in(uri: &Uri) -> Option<String> {
    let query = uri.query().filter(|_| !is_api(uri.path()))?;
    let mut pairs = url::form_urlencoded::parse(query.as_bytes());
    pairs.find(|(name, _)| name == "token").map(|(_, token)| token.into_owned())
}

/// The same address without the token.
fn without_token(uri: &Uri) -> String {
    // Two slashes in front would make a host of what follows, and a browser reads a backslash as a slash.
    let path = uri.path();
    let elsewhere = path.get(1..).is_none_or(|rest| rest.starts_with(['/', '\\']));
    let path = if elsewhere { "/" } else { path };
    let is_token = |pair: &str| url::form_urlencoded::parse(pair.as_bytes()).any(|(name, _)| name == "token");
    let rest: Vec<_> = uri.query().unwrap_or_default().split('&').filter(|pair| !is_token(pair)).collect();
    if rest.is_empty() { path.to_owned() } else { format!("{path}?{}", rest.join("&")) }
}

impl IntoResponse for Entry {
    fn into_response(self) -> Response {
        let location = HeaderValue::try_from(self.location).unwrap_or_else(|_| HeaderValue::from_static("/"));
        (StatusCode::SEE_OTHER, [(header::LOCATION, location), (header::SET_COOKIE, self.cookie)])
            .into_response()
    }
}

/// Middleware: refuses what the guard does not let through.
pub(crate) async fn check(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    match guard.check(request.method(), request.uri(), request.headers()) {
        Ok(None) => next.run(request).await,
        Ok(Some(entry)) => entry.into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

#[cfg(test)]
mod tests;

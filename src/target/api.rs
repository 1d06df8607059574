//! A client for the endpoints of R-v0.2 that the harness itself calls (users' traffic goes through goose).

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use url::Url;

use super::check::{HealthCheck, Looked, Stamp, connects, succeeds};
use crate::journal::event::ResyncRecord;
use crate::plan::{Secret, System};

/// No answer of a target is read beyond this.
const MAX_BODY: usize = 8 << 20;

/// The API of one target. Cheap to clone; clones share connections.
#[derive(Debug, Clone)]
pub struct Api {
    client: reqwest::Client,
    base_url: Url,
    timeout: Duration,
    health: Arc<HealthCheck>,
}

/// What went wrong with a call.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// No HTTP client could be made.
    #[error("cannot set up an HTTP client")]
    Client(#[source] reqwest::Error),
    /// No answer.
    #[error("{what} got no answer from {base_url}")]
    Unreachable {
        /// Method and path.
        what: String,
        /// The target.
        base_url: String,
        /// Why.
        #[source]
        source: reqwest::Error,
    },
    /// A look at the target's health that is no request found nothing.
    #[error("{what} failed: {why}")]
    Check {
        /// What was tried.
        what: String,
        /// Why it failed.
        why: String,
    },
    /// A header that HTTP does not allow.
    #[error("{name} is no header with a value that HTTP allows: see `headers` in the plan")]
    Header {
        /// Its name; the value may be secret.
        name: String,
    },
    /// An answer that is not what the API promises.
    #[error("{what} answered HTTP {status}: {detail}")]
    Unexpected {
        /// Method and path.
        what: String,
        /// HTTP status.
        status: u16,
        /// What is wrong with it.
        detail: String,
    },
}

/// An answer whose body is JSON.
#[derive(Debug, Clone)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
    /// The `Date` header.
    pub date: Option<String>,
}

/// `GET /api/recovery/events`
#[derive(Debug, Clone, Deserialize)]
pub struct EventPage {
    /// What happened since.
    pub events: Vec<EventRecord>,
    /// What to ask for next.
    pub next: u64,
}

/// One event of the backend.
#[derive(Debug, Clone, Deserialize)]
pub struct EventRecord {
    /// Its number.
    pub seq: u64,
    /// When, in µs since the Unix epoch.
    pub at_us: i64,
    /// What.
    pub kind: String,
    /// About which module.
    #[serde(default)]
    pub module: Option<String>,
    /// About which process.
    #[serde(default)]
    pub pid: Option<u32>,
    /// Number of the restart attempt.
    #[serde(default)]
    pub attempt: Option<u32>,
    /// Why.
    #[serde(default)]
    pub cause: Option<String>,
    /// What a resync did.
    #[serde(default)]
    pub resync: Option<ResyncRecord>,
}

impl ApiError {
    /// Whether nobody listens there, which only the other side can bring about.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        matches!(self, Self::Unreachable { source, .. } if source.is_connect() && !source.is_timeout())
    }

    /// The innermost reason in few words, without addresses, so that failures group by cause.
    #[must_use]
    pub fn cause(&self) -> String {
        match self {
            Self::Client(source) | Self::Unreachable { source, .. } => cause(source),
            Self::Unexpected { detail, .. } => detail.clone(),
            Self::Check { why, .. } => why.clone(),
            Self::Header { .. } => self.to_string(),
        }
    }
}

/// The innermost reason of a failed call in few words, without addresses.
#[must_use]
pub fn cause(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "timed out".to_owned();
    }
    let mut source: &dyn std::error::Error = error;
    while let Some(inner) = source.source() {
        source = inner;
    }
    source.to_string()
}

impl Api {
    /// A client for `base_url` whose every call ends after `timeout`.
    ///
    /// # Errors
    /// [`ApiError::Client`] when the HTTP client cannot be built.
    pub fn new(base_url: Url, timeout: Duration) -> Result<Self, ApiError> {
        Self::of(base_url, timeout, &System::default())
    }

    /// A client for a target of which more is known.
    ///
    /// # Errors
    /// [`ApiError::Client`] as above, [`ApiError::Header`] for a header that HTTP does not allow.
    pub fn of(base_url: Url, timeout: Duration, system: &System) -> Result<Self, ApiError> {
        let client = reqwest::Client::builder()
            .timeout(timeout)
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .default_headers(header_map(&system.headers)?)
            .build()
            .map_err(ApiError::Client)?;
        Ok(Self { client, base_url, timeout, health: Arc::new(system.health.clone()) })
    }

    /// The target.
    #[must_use]
    pub fn base_url(&self) -> &Url {
        &self.base_url
    }

    /// The path of its health page, if it has one.
    #[must_use]
    pub fn health_path(&self) -> Option<&str> {
        self.health.path()
    }

    /// `GET path`, whatever the status.
    ///
    /// # Errors
    /// [`ApiError::Unreachable`] when no whole answer came.
    pub async fn get(&self, path: &str) -> Result<Answer, ApiError> {
        self.send(reqwest::Method::GET, path, None).await
    }

    /// `POST path` with a JSON body, whatever the status.
    ///
    /// # Errors
    /// [`ApiError::Unreachable`] when no whole answer came.
    pub async fn post(&self, path: &str, body: &serde_json::Value) -> Result<Answer, ApiError> {
        self.send(reqwest::Method::POST, path, Some(body)).await
    }

    /// `PUT path` with a JSON body, whatever the status.
    ///
    /// # Errors
    /// [`ApiError::Unreachable`] when no whole answer came.
    pub async fn put(&self, path: &str, body: &serde_json::Value) -> Result<Answer, ApiError> {
        self.send(reqwest::Method::PUT, path, Some(body)).await
    }

    /// A look at the target's health, whatever its status: a 503 carries a page as well.
    ///
    /// # Errors
    /// [`ApiError::Unreachable`] or [`ApiError::Check`] when there is no answer.
    pub async fn health(&self) -> Result<Looked, ApiError> {
        match (self.health.as_ref(), self.health.path()) {
            (HealthCheck::Tcp(address), _) => connects(address, self.timeout).await,
            (HealthCheck::Command(command), _) => succeeds(command, self.timeout).await,
            (check, path) => Ok(check.judge(&self.get(path.unwrap_or_default()).await?)),
        }
    }

    /// What the backend saw and did since `since`; `None` when it has no such endpoint.
    ///
    /// # Errors
    /// [`ApiError`] when there is no answer or it is no event page.
    pub async fn events(&self, since: u64) -> Result<Option<EventPage>, ApiError> {
        let answer = self.get(&format!("/api/recovery/events?since={since}")).await?;
        match answer.status {
            200 => answer.json("GET /api/recovery/events").map(Some),
            _ => Ok(None),
        }
    }

    async fn send(
        &self,
        method: reqwest::Method,
        path: &str,
        body: Option<&serde_json::Value>,
    ) -> Result<Answer, ApiError> {
        let what = || format!("{method} {path}");
        let unreachable = |source| ApiError::Unreachable {
            what: what(),
            base_url: crate::journal::redact::redact_base_url(self.base_url.as_str()),
            source,
        };
        let url = self.base_url.join(path.trim_start_matches('/')).map_err(|error| ApiError::Unexpected {
            what: what(),
            status: 0,
            detail: error.to_string(),
        })?;
        let mut request = self.client.request(method.clone(), url);
        if let Some(body) = body {
            request = request.json(body);
        }
        let mut response = request.send().await.map_err(unreachable)?;
        let status = response.status().as_u16();
        let date = response.headers().get(reqwest::header::DATE).and_then(|date| date.to_str().ok());
        let date = date.map(str::to_owned);
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
            if body.len() + chunk.len() > MAX_BODY {
                return Err(ApiError::Unexpected {
                    what: what(),
                    status,
                    detail: "the body is over 8 MiB".into(),
                });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status, body, date })
    }
}

/// Headers as a client takes them; their values are marked as sensitive, so that no log of the client shows them.
///
/// # Errors
/// [`ApiError::Header`] for a name or value that HTTP does not allow.
pub fn header_map(headers: &[(String, Secret)]) -> Result<HeaderMap, ApiError> {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        let header = || ApiError::Header { name: name.clone() };
        let mut value = HeaderValue::from_str(value.expose()).map_err(|_| header())?;
        value.set_sensitive(true);
        map.append(HeaderName::from_bytes(name.as_bytes()).map_err(|_| header())?, value);
    }
    Ok(map)
}

/// Where pages that say when they were made do so, RFC 3339.
const NOW: [&str; 3] = ["now", "time", "timestamp"];
/// The resolution of a `Date` header.
const DATE_US: i64 = 1_000_000;

impl Answer {
    /// When it was made, on the target's clock: by a stamp in a JSON page, or by the `Date` header, to the second.
    #[must_use]
    pub fn stamp(&self) -> Option<Stamp> {
        let page: serde_json::Value = serde_json::from_slice(&self.body).unwrap_or_default();
        let said = NOW.iter().find_map(|key| page[*key].as_str()?.parse::<jiff::Timestamp>().ok());
        // One with whole seconds is no better than the header.
        if let Some(exact) = said.filter(|at| at.subsec_nanosecond() != 0) {
            let at = exact.as_microsecond();
            return Some(Stamp { from_unix_us: at, to_unix_us: at });
        }
        let date = jiff::fmt::rfc2822::parse(self.date.as_deref()?).ok()?.timestamp().as_microsecond();
        Some(Stamp { from_unix_us: date, to_unix_us: date + DATE_US })
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// [`ApiError::Unexpected`] when it is not what the endpoint promises.
    pub fn json<T: DeserializeOwned>(&self, what: &str) -> Result<T, ApiError> {
        serde_json::from_slice(&self.body).map_err(|error| ApiError::Unexpected {
            what: what.to_owned(),
            status: self.status,
            detail: format!("the body is not the JSON that was expected ({error})"),
        })
    }
}

//! How a target is seen to be well: by its health page in whatever words, by a page and what it must say, by a connection, or
//! by a command.

use std::time::Duration;

use regex::Regex;
use serde_json::Value;
use tokio::net::TcpStream;

use super::api::{Answer, ApiError};
use super::health::HealthPage;
use crate::shell::{self, ShellError};

/// What is looked at.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum HealthCheck {
    /// `GET /api/system/health`, R-v0.2's page or one in words of its own.
    #[default]
    Page,
    /// A page.
    Http(HttpCheck),
    /// A connection to this `host:port` is accepted.
    Tcp(String),
    /// A shell command ends with 0.
    Command(String),
}

/// A page, and what it must say.
#[derive(Debug, Clone)]
pub struct HttpCheck {
    /// Path and query.
    pub path: String,
    /// The status; any 2xx when absent.
    pub status: Option<u16>,
    /// Where in a JSON page (RFC 6901) the value stands that counts.
    pub pointer: Option<String>,
    /// The values that mean well; any but `false`, `null` and none when empty.
    pub values: Vec<String>,
    /// What the body must match.
    pub matches: Option<Regex>,
}

/// When an answer was made, on the clock of who made it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// Not before, in µs since the Unix epoch.
    pub from_unix_us: i64,
    /// Not after.
    pub to_unix_us: i64,
}

/// What a look at the target showed.
#[derive(Debug, Clone)]
pub struct Looked {
    /// HTTP status, where a page was asked for.
    pub status: Option<u16>,
    /// Whether it is well.
    pub well: bool,
    /// When it was made, if the target says so.
    pub stamp: Option<Stamp>,
    /// What the page says; the target as a whole where there is none.
    pub page: HealthPage,
}

impl HealthCheck {
    /// The path of the page that is asked for, if one is.
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        match self {
            Self::Page => Some("/api/system/health"),
            Self::Http(check) => Some(&check.path),
            Self::Tcp(_) | Self::Command(_) => None,
        }
    }

    /// What an answer to [`path`](Self::path) shows.
    #[must_use]
    pub(super) fn judge(&self, answer: &Answer) -> Looked {
        let page = HealthPage::of(answer);
        let (status, stamp) = (Some(answer.status), answer.stamp());
        match self {
            Self::Http(check) => {
                let well = check.is_met(answer);
                Looked { status, well, stamp, page: page.seen_as(well) }
            }
            _ => Looked { status, well: page.is_well(answer.status), stamp, page },
        }
    }
}

impl HttpCheck {
    fn is_met(&self, answer: &Answer) -> bool {
        let status = match self.status {
            Some(status) => answer.status == status,
            None => (200..300).contains(&answer.status),
        };
        status && self.says_so(&answer.body) && self.matches_in(&answer.body)
    }

    fn says_so(&self, body: &[u8]) -> bool {
        let Some(pointer) = &self.pointer else { return true };
        let page: Value = serde_json::from_slice(body).unwrap_or_default();
        let found = page.pointer(pointer).unwrap_or(&Value::Null);
        if self.values.is_empty() {
            return !matches!(found, Value::Null | Value::Bool(false));
        }
        // Numbers and booleans are compared as they are written.
        let written = found.as_str().map_or_else(|| found.to_string(), str::to_owned);
        self.values.contains(&written)
    }

    fn matches_in(&self, body: &[u8]) -> bool {
        self.matches.as_ref().is_none_or(|pattern| pattern.is_match(&String::from_utf8_lossy(body)))
    }
}

impl PartialEq for HttpCheck {
    fn eq(&self, other: &Self) -> bool {
        let pattern = |check: &Self| check.matches.as_ref().map(|pattern| pattern.as_str().to_owned());
        (&self.path, self.status, &self.pointer, &self.values, pattern(self))
            == (&other.path, other.status, &other.pointer, &other.values, pattern(other))
    }
}

/// Whether `address` accepts a connection in time.
///
/// # Errors
/// [`ApiError::Check`] when it does not.
pub(super) async fn connects(address: &str, limit: Duration) -> Result<Looked, ApiError> {
    let failed = |why: String| ApiError::Check { what: format!("a connection to {address}"), why };
    match tokio::time::timeout(limit, TcpStream::connect(address)).await {
        Ok(Ok(_)) => {
            Ok(Looked { status: None, well: true, stamp: None, page: HealthPage::default().seen_as(true) })
        }
        Ok(Err(error)) => Err(failed(error.to_string())),
        Err(_) => Err(failed(format!("timed out after {limit:?}"))),
    }
}

/// Whether `command` ends with 0 in time.
///
/// # Errors
/// [`ApiError::Check`] when it cannot be run or does not end.
pub(super) async fn succeeds(command: &str, limit: Duration) -> Result<Looked, ApiError> {
    let well = match shell::run(command, limit).await {
        Ok(()) => true,
        Err(ShellError::Failed { .. }) => false,
        Err(error) => {
            return Err(ApiError::Check { what: "the health command".to_owned(), why: error.to_string() });
        }
    };
    Ok(Looked { status: None, well, stamp: None, page: HealthPage::default().seen_as(well) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check() -> HttpCheck {
        HttpCheck {
            path: "/healthz".to_owned(),
            status: None,
            pointer: None,
            values: Vec::new(),
            matches: None,
        }
    }

    fn well(check: &HttpCheck, status: u16, body: &str) -> bool {
        let answer = Answer { status, body: body.as_bytes().to_vec(), date: None };
        let looked = HealthCheck::Http(check.clone()).judge(&answer);
        assert_eq!(looked.page.modules[0].status == "ready", looked.well, "the whole is what the check says");
        looked.well
    }

    #[test]
    fn a_page_is_well_when_it_says_what_it_must() {
        let any = check();
        assert!(well(&any, 204, "") && !well(&any, 500, "") && !well(&any, 302, ""));
        let exact = HttpCheck { status: Some(401), ..check() };
        assert!(well(&exact, 401, "") && !well(&exact, 200, ""));
        let pointed = HttpCheck { pointer: Some("/db/up".to_owned()), ..check() };
        assert!(well(&pointed, 200, r#"{"db":{"up":true}}"#));
        for odd in [r#"{"db":{"up":false}}"#, r#"{"db":{}}"#, r#"{"db":{"up":null}}"#, "no json", ""] {
            assert!(!well(&pointed, 200, odd), "{odd}");
        }
        let valued = HttpCheck {
            pointer: Some("/status".to_owned()),
            values: vec!["UP".to_owned(), "3".to_owned()],
            ..check()
        };
        assert!(well(&valued, 200, r#"{"status":"UP"}"#) && well(&valued, 200, r#"{"status":3}"#));
        assert!(!well(&valued, 200, r#"{"status":"DOWN"}"#));
        let matched = HttpCheck { matches: Some(Regex::new("(?i)all good").unwrap()), ..check() };
        assert!(well(&matched, 200, "<p>All good</p>") && !well(&matched, 200, "bad"));
    }

    #[tokio::test]
    async fn a_connection_or_a_command_says_it_too() {
        let limit = Duration::from_secs(5);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        assert!(connects(&address, limit).await.unwrap().well);
        drop(listener);
        let error = connects(&address, limit).await.unwrap_err().to_string();
        assert!(error.contains(&address), "{error}");
        assert!(succeeds("exit 0", limit).await.unwrap().well);
        assert!(!succeeds("exit 3", limit).await.unwrap().well);
        let error = succeeds("sleep 60", Duration::from_millis(50)).await.unwrap_err().to_string();
        assert!(error.contains("did not end within"), "{error}");
    }
}

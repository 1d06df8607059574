//! Calls to the API of a toxiproxy server about one of its proxies.

use std::fmt;
use std::time::Duration;

use reqwest::Method;
use serde_json::Value;
use url::Url;

use crate::fault::http::Request;
use crate::journal::redact::redact_base_url;
use crate::plan::Secret;

/// A server that has not answered by then does not.
const PATIENCE: Duration = Duration::from_secs(5);

/// The API, as far as it is about one proxy.
#[derive(Debug, Clone)]
pub(super) struct Api {
    base: Url,
    proxy: String,
}

/// Why the server did not do it, in its own words where it has any.
#[derive(Debug)]
pub(super) struct Refusal {
    status: Option<u16>,
    words: String,
}

impl Refusal {
    /// Whether the server does not know what it was to change.
    pub(super) fn is_unknown(&self) -> bool {
        self.status == Some(404)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}

impl Api {
    pub(super) fn new(base: &Url, proxy: &str) -> Self {
        Self { base: base.clone(), proxy: proxy.to_owned() }
    }

    /// The page of the proxy.
    pub(super) async fn proxy(&self) -> Result<Value, Refusal> {
        self.call(Method::GET, &[], None).await
    }

    /// Calls what is `below` the proxy; the answer's JSON, or `null` where it has none.
    pub(super) async fn call(
        &self,
        method: Method,
        below: &[&str],
        body: Option<Value>,
    ) -> Result<Value, Refusal> {
        let server = format!("toxiproxy at {}", redact_base_url(self.base.as_str()));
        let mut url = self.base.clone();
        match url.path_segments_mut() {
            Ok(mut path) => {
                path.pop_if_empty().extend(["proxies", &self.proxy]).extend(below);
            }
            Err(()) => {
                let words = format!(
                    "{server} cannot be called: give the URL of its API, such as http://127.0.0.1:8474"
                );
                return Err(Refusal { status: None, words });
            }
        }
        let mut request = Request::new(method, url);
        if let Some(body) = body {
            request.headers.push(("content-type".to_owned(), Secret::new("application/json".to_owned())));
            request.body = Some(Secret::new(body.to_string()));
        }
        let unanswered = |why: String| Refusal { status: None, words: format!("{server}: {why}") };
        let answer = request.send(PATIENCE).await.map_err(|failed| unanswered(failed.why))?;
        let page: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        if (200..300).contains(&answer.status) {
            return Ok(page);
        }
        let said = page["error"].as_str().unwrap_or("nothing that explains it");
        let words = format!("{server} says about the proxy {}: {said} (HTTP {})", self.proxy, answer.status);
        Err(Refusal { status: Some(answer.status), words })
    }
}

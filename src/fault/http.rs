//! `http`: any request injects, verifies and undoes, such as those of a fault API of the system's own.
//!
//! A request has succeeded when it is answered with a status that was expected. Proof and undo: see
//! [`scripted`](super::scripted). One that failed may have been carried out all the same, so it is undone, unless there was
//! nobody to take it. Nothing of headers and bodies, and of URLs only what may be shown, is ever printed.

use std::fmt;
use std::sync::LazyLock;
use std::time::Duration;

use reqwest::Method;
use url::Url;

use super::scripted::{Deed, Done, Failed};
use crate::journal::redact::redact_url;
use crate::plan::Secret;
use crate::target::api::cause;

/// No answer is read beyond this.
const MAX_BODY: usize = 64 << 10;

/// Connections are not kept: a destructor calls from a runtime of its own, and what is called is about to change.
static CLIENT: LazyLock<Result<reqwest::Client, String>> = LazyLock::new(|| {
    let client = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
    client.pool_max_idle_per_host(0).build().map_err(|error| cause(&error))
});

/// A request.
#[derive(Clone, PartialEq)]
pub struct Request {
    /// Method.
    pub method: Method,
    /// URL, with secrets filled in.
    pub url: Url,
    /// The URL as people may see it.
    pub shown: String,
    /// Headers.
    pub headers: Vec<(String, Secret)>,
    /// Body.
    pub body: Option<Secret>,
    /// Statuses that mean success; empty for any 2xx.
    pub status: Vec<u16>,
}

/// An answer, whatever its status.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    /// The beginning of it.
    pub(super) body: Vec<u8>,
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("url", &self.shown)
            .finish_non_exhaustive()
    }
}

impl Request {
    /// A request without headers or a body, of which any 2xx is a success. Of its URL people see no more than the host.
    #[must_use]
    pub fn new(method: Method, url: Url) -> Self {
        // Made now, so that it takes no time between the stamp of an action and the action.
        LazyLock::force(&CLIENT);
        let shown = redact_url(url.as_str());
        Self { method, url, shown, headers: Vec::new(), body: None, status: Vec::new() }
    }

    fn accepts(&self, status: u16) -> bool {
        if self.status.is_empty() { (200..300).contains(&status) } else { self.status.contains(&status) }
    }

    /// Sends it, and reads the beginning of the answer.
    ///
    /// # Errors
    /// When no answer came.
    pub(super) async fn send(&self, limit: Duration) -> Result<Answer, Failed> {
        let what = format!("request {} {}", self.method, self.shown);
        let client = CLIENT
            .as_ref()
            .map_err(|why| Failed { why: format!("{what} cannot be sent: {why}"), untouched: true })?;
        let mut request = client.request(self.method.clone(), self.url.clone()).timeout(limit);
        for (name, value) in &self.headers {
            request = request.header(name, value.expose());
        }
        if let Some(body) = &self.body {
            request = request.body(body.expose().to_owned());
        }
        let failed = |error: reqwest::Error| Failed {
            why: format!("{what} got no answer: {}", cause(&error)),
            untouched: error.is_builder() || error.is_connect(),
        };
        let mut response = request.send().await.map_err(failed)?;
        let (status, mut body) = (response.status().as_u16(), Vec::new());
        while body.len() < MAX_BODY {
            // The status decides; an answer that breaks off has one.
            let Ok(Some(chunk)) = response.chunk().await else { break };
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status, body })
    }
}

impl Deed for Request {
    const KIND: &'static str = "http";
    const UNDO_TRIES: u32 = 3;

    async fn perform(&self, limit: Duration) -> Result<Done, Failed> {
        let Answer { status, .. } = self.send(limit).await?;
        let answered = format!("request {} {} answered HTTP {status}", self.method, self.shown);
        if self.accepts(status) {
            Ok(Done { status: Some(status), shows: answered })
        } else {
            Err(Failed { why: answered, untouched: false })
        }
    }
}

#[cfg(test)]
mod tests;

//! The HTTP client between our own processes: loopback only, pooled, with a time limit on the whole exchange.

use std::net::SocketAddr;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, Method, Request, StatusCode, Uri, header};
use http_body_util::{BodyExt, Limited};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

use crate::problem::Problem;
use crate::token::Token;

/// The largest answer that is taken.
const LARGEST_ANSWER: usize = 64 * 1024 * 1024;
/// Idle connections kept to one module.
const IDLE_CONNECTIONS: usize = 256;

/// A client for modules.
#[derive(Clone, Debug)]
pub(crate) struct Loopback {
    client: Client<HttpConnector, Body>,
    timeout: Duration,
    token: Option<Token>,
}

/// A whole answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CallError {
    /// Nobody took the connection: the call was not processed.
    #[error("{module} cannot be reached")]
    Connect { module: String },
    /// Whether the call was processed is not known.
    #[error("{module} did not answer within {timeout:?}")]
    TimedOut { module: String, timeout: Duration },
    /// The connection broke; whether the call was processed is not known.
    #[error("{module} broke off: {reason}")]
    Broken { module: String, reason: String },
}

impl From<CallError> for Problem {
    fn from(error: CallError) -> Self {
        let detail = error.to_string();
        match error {
            CallError::Connect { .. } | CallError::TimedOut { .. } => Self::unavailable(detail),
            CallError::Broken { .. } => Self::new(StatusCode::BAD_GATEWAY, detail),
        }
    }
}

impl Loopback {
    /// A client whose calls take at most `timeout`.
    pub(crate) fn new(timeout: Duration) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        connector.set_connect_timeout(Some(timeout));
        let client =
            Client::builder(TokioExecutor::new()).pool_max_idle_per_host(IDLE_CONNECTIONS).build(connector);
        Self { client, timeout, token: None }
    }

    /// The same client, for changing calls too: they need the token when there is one.
    pub(crate) fn with(self, token: Option<Token>) -> Self {
        Self { token, ..self }
    }

    /// Calls `module` at `address`; `body` is JSON.
    pub(crate) async fn call(
        &self,
        module: &str,
        address: SocketAddr,
        method: Method,
        path_and_query: &str,
        body: Option<Bytes>,
    ) -> Result<Answer, CallError> {
        let broken = |reason: String| CallError::Broken { module: module.to_owned(), reason };
        let uri = Uri::builder()
            .scheme("http")
            .authority(address.to_string())
            .path_and_query(path_and_query)
            .build()
            .map_err(|error| broken(error.to_string()))?;
        let mut request = Request::new(body.map_or_else(Body::empty, Body::from));
        *request.method_mut() = method;
        *request.uri_mut() = uri;
        request.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Some(token) = &self.token {
            request.headers_mut().insert(header::AUTHORIZATION, token.header());
        }
        let exchange = async {
            let response = self.client.request(request).await.map_err(|error| {
                if error.is_connect() {
                    CallError::Connect { module: module.to_owned() }
                } else {
                    broken(error.to_string())
                }
            })?;
            let (parts, body) = response.into_parts();
            let body = Limited::new(body, LARGEST_ANSWER).collect().await;
            let body = body.map_err(|error| broken(error.to_string()))?.to_bytes();
            Ok(Answer { status: parts.status, headers: parts.headers, body })
        };
        match tokio::time::timeout(self.timeout, exchange).await {
            Ok(answer) => answer,
            Err(_) => Err(CallError::TimedOut { module: module.to_owned(), timeout: self.timeout }),
        }
    }
}

//! Errors as RFC 9457 problem JSON, for everything that answers HTTP here.

use axum::Json;
use axum::body::to_bytes;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

const CONTENT_TYPE: HeaderValue = HeaderValue::from_static("application/problem+json");
/// The longest text of a rejection that is taken over as `detail`.
const LONGEST_DETAIL: usize = 4_096;

/// An error answer: `{"type","title","status","detail"}`, `modules` where a module was not known, `id` where
/// something is already under way, and `field` where one field of a body is wrong.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Problem {
    #[serde(rename = "type")]
    kind: &'static str,
    title: &'static str,
    status: u16,
    detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    modules: Option<Vec<&'static str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    id: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    field: Option<Box<str>>,
    #[serde(skip)]
    header: Option<ProblemHeader>,
}

/// A header that belongs to a problem.
#[derive(Clone, Copy, Debug)]
enum ProblemHeader {
    RetryAfter,
    AskForToken,
    RefuseToken,
}

impl ProblemHeader {
    fn name_and_value(self) -> (HeaderName, &'static str) {
        match self {
            Self::RetryAfter => (header::RETRY_AFTER, "1"),
            Self::AskForToken => (header::WWW_AUTHENTICATE, "Bearer realm=\"fault-recovery-manager\""),
            Self::RefuseToken => {
                (header::WWW_AUTHENTICATE, "Bearer realm=\"fault-recovery-manager\", error=\"invalid_token\"")
            }
        }
    }
}

impl Problem {
    /// A problem whose type says no more than its status.
    pub(crate) fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self {
            kind: "about:blank",
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            detail: detail.into(),
            modules: None,
            id: None,
            field: None,
            header: None,
        }
    }

    /// 400.
    pub(crate) fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, detail)
    }

    /// 401: this call needs the token.
    pub(crate) fn no_token() -> Self {
        let detail = "changing calls need the backend's token: send the header Authorization: Bearer TOKEN";
        Self { header: Some(ProblemHeader::AskForToken), ..Self::new(StatusCode::UNAUTHORIZED, detail) }
    }

    /// 401: another token than the backend's.
    pub(crate) fn wrong_token() -> Self {
        let detail = "the token is not the backend's";
        Self { header: Some(ProblemHeader::RefuseToken), ..Self::new(StatusCode::UNAUTHORIZED, detail) }
    }

    /// 422: well-formed, and out of range.
    pub(crate) fn unprocessable(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, detail)
    }

    /// The same problem, with the name of the field that it is about.
    pub(crate) fn about_field(self, field: &str) -> Self {
        Self { field: Some(field.into()), ..self }
    }

    /// 503 with `Retry-After: 1`: worth another try soon.
    pub(crate) fn unavailable(detail: impl Into<String>) -> Self {
        Self { header: Some(ProblemHeader::RetryAfter), ..Self::new(StatusCode::SERVICE_UNAVAILABLE, detail) }
    }

    /// 409 with the id of the resync that runs.
    pub(crate) fn resync_runs(id: String) -> Self {
        let detail = format!("{id} runs: wait for its resync_finished event");
        Self { id: Some(id.into()), ..Self::new(StatusCode::CONFLICT, detail) }
    }

    /// 404 for a module that does not exist; says which do.
    pub(crate) fn unknown_module(name: &str, modules: Vec<&'static str>) -> Self {
        let detail = format!("no module is called {name:?}; the modules are {}", modules.join(", "));
        Self { modules: Some(modules), ..Self::new(StatusCode::NOT_FOUND, detail) }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let extra = self.header.map(ProblemHeader::name_and_value);
        let mut response = (status, Json(self)).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, CONTENT_TYPE);
        if let Some((name, value)) = extra {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        response
    }
}

/// Turns every error answer that is no JSON, such as axum's own rejections, into problem JSON. What is JSON is either a
/// problem already or, as an unhealthy health, an answer of its own kind.
pub(crate) async fn as_problem(response: Response) -> Response {
    let status = response.status();
    let is_error = status.is_client_error() || status.is_server_error();
    let media_type = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if !is_error || media_type.is_some_and(|media_type| media_type.ends_with("json")) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let text = to_bytes(body, LONGEST_DETAIL).await.unwrap_or_default();
    let detail = match status {
        StatusCode::NOT_FOUND if text.is_empty() => "there is nothing at this path".into(),
        StatusCode::METHOD_NOT_ALLOWED if text.is_empty() => {
            "this path does not take this method; see the Allow header".into()
        }
        _ => String::from_utf8_lossy(&text).into_owned(),
    };
    let problem = Problem::new(status, detail).into_response();
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.extend(problem.headers().clone());
    Response::from_parts(parts, problem.into_body())
}

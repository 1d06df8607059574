//! An error of the API: problem JSON, RFC 9457.

use axum::http::StatusCode;
use schemars::JsonSchema;
use serde::Serialize;

/// The media type of a [`Problem`].
pub(super) const PROBLEM_JSON: &str = "application/problem+json";

/// An answer that is not what was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Problem {
    /// `about:blank`: it says no more than the status.
    pub r#type: String,
    /// The name of the status.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What is wrong and what to do, in the language of the dashboard.
    pub detail: String,
}

impl Problem {
    pub(super) fn new(status: StatusCode, detail: String) -> Self {
        let title = status.canonical_reason().unwrap_or_default().to_owned();
        Self { r#type: "about:blank".to_owned(), title, status: status.as_u16(), detail }
    }
}

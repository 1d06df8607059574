//! `[load]`: users, and what they ask for.

use std::collections::BTreeMap;

use reqwest::Method;
use schemars::JsonSchema;
use serde::Deserialize;

use super::value::Length;
use crate::plan::{RequestSpec, Secret};

/// `[load]`
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LoadTable {
    /// Concurrent goose users.
    pub users: Option<u32>,
    /// Mean pause of a user between two requests.
    pub think_time: Option<Length>,
    /// A request that takes longer has failed.
    pub request_timeout: Option<Length>,
    /// goose's own options, such as `["--throttle-requests", "500"]`.
    pub goose_options: Vec<String>,
    /// What users ask for, each as often as its weight says; left out for sessions, or reads of health and metrics.
    pub request: Vec<RequestTable>,
}

/// `[[load.request]]`; in path and body `{user}` is the number of the user and `{seq}` that of the request, from 1.
#[derive(Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestTable {
    /// What it is called in reports; method and path when left out.
    pub name: Option<String>,
    /// The method; GET when left out.
    pub method: Option<MethodName>,
    /// Path and query.
    pub path: String,
    /// How often, relative to the others; 1 when left out.
    pub weight: Option<u32>,
    /// The body. `${NAME}` stands for a variable of the environment.
    pub body: Option<String>,
    /// Headers, likewise.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// The statuses that meet the contract; any 2xx when left out.
    #[serde(default)]
    pub status: Vec<u16>,
}

impl std::fmt::Debug for RequestTable {
    /// Without body and headers, which may be secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RequestTable").field("path", &self.path).finish_non_exhaustive()
    }
}

/// A method of HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum MethodName {
    /// Reads.
    Get,
    /// Reads without a body.
    Head,
    /// Sends something new.
    Post,
    /// Puts something in a place.
    Put,
    /// Changes a part.
    Patch,
    /// Removes.
    Delete,
}

impl From<MethodName> for Method {
    fn from(name: MethodName) -> Self {
        match name {
            MethodName::Get => Self::GET,
            MethodName::Head => Self::HEAD,
            MethodName::Post => Self::POST,
            MethodName::Put => Self::PUT,
            MethodName::Patch => Self::PATCH,
            MethodName::Delete => Self::DELETE,
        }
    }
}

impl RequestTable {
    pub(super) fn request(self) -> RequestSpec {
        let method = self.method.map_or(Method::GET, Method::from);
        RequestSpec {
            name: self.name.unwrap_or_else(|| format!("{method} {}", self.path)),
            method,
            path: self.path,
            weight: self.weight.unwrap_or(1),
            body: self.body.map(Secret::new),
            headers: hidden(self.headers),
            status: self.status,
        }
    }
}

/// Headers, with their values hidden.
pub(super) fn hidden(headers: BTreeMap<String, String>) -> Vec<(String, Secret)> {
    headers.into_iter().map(|(name, value)| (name, value.into())).collect()
}

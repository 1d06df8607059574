//! What a fault of kind `command` or `http` does: a shell command, or a request.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use reqwest::Method;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use url::Url;

use super::load::{MethodName, hidden};
use crate::fault::http::Request;
use crate::plan::Secret;
use crate::target::api::header_map;

/// A shell command, or a request.
#[derive(Clone, PartialEq)]
pub enum Deed {
    /// A shell command.
    Command(String),
    /// A request.
    Request(Box<CallTable>),
}

/// A request, `{ method, url, headers, body, status }`.
#[derive(Clone, PartialEq, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CallTable {
    /// The method; POST when left out.
    pub method: Option<MethodName>,
    /// Where to. `${NAME}` stands for a variable of the environment.
    pub url: String,
    /// Headers, likewise.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// The body, likewise.
    pub body: Option<String>,
    /// The statuses that mean success; any 2xx when left out.
    #[serde(default)]
    pub status: Vec<u16>,
    /// The URL as it stands in the file.
    #[serde(skip)]
    pub(super) as_written: Option<String>,
}

impl fmt::Debug for Deed {
    /// Without what may be secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Command(_) => "Command(..)",
            Self::Request(_) => "Request(..)",
        })
    }
}

impl fmt::Debug for CallTable {
    /// Without what may be secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallTable").field("method", &self.method).finish_non_exhaustive()
    }
}

impl CallTable {
    /// The values in which a variable of the environment may stand. What stands there before is kept for people.
    pub(super) fn secrets(&mut self) -> impl Iterator<Item = &mut String> {
        self.as_written = Some(self.url.clone());
        self.headers.values_mut().chain(&mut self.body).chain([&mut self.url])
    }

    /// The request.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn request(self) -> Result<Request, String> {
        let shown = self.as_written.unwrap_or_default();
        let url = Url::parse(&self.url).ok().filter(|url| url.has_host() && url.scheme().starts_with("http"));
        let url = url.ok_or_else(|| format!("{shown} is no http or https URL with a host"))?;
        let headers = hidden(self.headers);
        header_map(&headers).map_err(|error| error.to_string())?;
        // A variable hides what it holds; credentials that were written out are hidden here.
        let shown =
            if shown.contains("${") { shown } else { crate::journal::redact::redact_base_url(&shown) };
        Ok(Request {
            method: self.method.map_or(Method::POST, Method::from),
            url,
            shown,
            headers,
            body: self.body.map(Secret::new),
            status: self.status,
        })
    }
}

impl<'de> Deserialize<'de> for Deed {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(DeedVisitor)
    }
}

struct DeedVisitor;

impl<'de> Visitor<'de> for DeedVisitor {
    type Value = Deed;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a shell command, or a request such as { url = \"http://…\" }")
    }

    fn visit_str<E: Error>(self, command: &str) -> Result<Deed, E> {
        Ok(Deed::Command(command.to_owned()))
    }

    fn visit_map<M: MapAccess<'de>>(self, map: M) -> Result<Deed, M::Error> {
        CallTable::deserialize(MapAccessDeserializer::new(map)).map(|call| Deed::Request(Box::new(call)))
    }
}

impl JsonSchema for Deed {
    fn schema_name() -> Cow<'static, str> {
        "Deed".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A shell command (command), or a request (http).",
            "anyOf": [{ "type": "string" }, generator.subschema_for::<CallTable>()],
        })
    }
}

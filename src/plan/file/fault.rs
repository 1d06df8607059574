//! `[[fault]]`: what is broken. Its `kind` says which of the other keys it takes.

use std::num::NonZeroU32;

use schemars::JsonSchema;
use serde::Deserialize;

use super::deed::Deed;
use super::value::Length;
use crate::fault::signal::SignalName;

/// `[[fault]]`
#[derive(Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FaultTable {
    /// What it is called; reports name it as what was hit.
    pub name: String,
    /// What is done.
    pub kind: FaultName,
    /// How long after its action it is undone: the system cannot have recovered before. Left out, it is undone once the system has
    /// recovered in spite of it, or the deadline has passed.
    pub lasts: Option<Length>,
    /// signal: the `[[target.module]]` whose process gets it.
    pub module: Option<String>,
    /// signal: what is sent.
    pub signal: Option<SignalName>,
    /// command, http: what is done.
    pub inject: Option<Deed>,
    /// command, http: how it is undone.
    pub revert: Option<Deed>,
    /// command, http: what succeeds while the effect is there; left out, canaries have to show it.
    pub verify: Option<Deed>,
    /// command, http: how long each of the three may take; 10 s when left out.
    pub timeout: Option<Length>,
    /// proxy: the `[[proxy]]`; toxiproxy: the server's name of one.
    pub proxy: Option<String>,
    /// proxy: `cut`, `refuse`, `blackhole`, `latency`, `bandwidth` or `reset`; toxiproxy: `down`, or a toxic of the server's.
    pub toxic: Option<String>,
    /// proxy, latency: how much later answers come.
    pub latency: Option<Length>,
    /// proxy, latency: more or less by up to so much.
    pub jitter: Option<Length>,
    /// proxy, bandwidth: KiB of answers a second.
    pub rate_kib: Option<NonZeroU32>,
    /// proxy, reset: after so many more bytes of answers.
    pub after_bytes: Option<u64>,
    /// toxiproxy: the server's API, such as `http://127.0.0.1:8474`.
    pub api: Option<String>,
    /// toxiproxy: what the toxic takes, such as `{ latency = 200 }`.
    #[schemars(with = "Option<serde_json::Map<String, serde_json::Value>>")]
    pub attributes: Option<toml::Table>,
    /// toxiproxy: which way; downstream when left out.
    pub stream: Option<StreamName>,
    /// redis, postgres: the server. `${NAME}` stands for a variable of the environment: a password does not belong in a file.
    pub url: Option<String>,
    /// redis: what it is asked to do.
    pub action: Option<RedisName>,
    /// postgres: whose backends are terminated; those of the URL's own database when left out.
    pub database: Option<String>,
}

/// What a fault does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FaultName {
    /// A signal to the process of a `[[target.module]]`.
    Signal,
    /// Shell commands.
    Command,
    /// Requests.
    Http,
    /// Something is done to the connections of a `[[proxy]]`.
    Proxy,
    /// Something is done to a proxy of a toxiproxy server that runs already.
    Toxiproxy,
    /// A Redis is asked to serve nobody, or to close its clients' connections.
    Redis,
    /// A PostgreSQL is asked to terminate the backends of a database.
    Postgres,
}

/// Which way a toxic of toxiproxy acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StreamName {
    /// On what is asked.
    Upstream,
    /// On what is answered.
    Downstream,
}

/// What a Redis is asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RedisName {
    /// To serve nobody for as long as the fault lasts.
    PauseClients,
    /// To close the connections of all its clients.
    KillClients,
}

impl std::fmt::Debug for FaultTable {
    /// Without what may be secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FaultTable")
            .field("name", &self.name)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

impl FaultName {
    fn as_str(self) -> &'static str {
        match self {
            Self::Signal => "signal",
            Self::Command => "command",
            Self::Http => "http",
            Self::Proxy => "proxy",
            Self::Toxiproxy => "toxiproxy",
            Self::Redis => "redis",
            Self::Postgres => "postgres",
        }
    }

    /// The keys that it takes.
    fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Signal => &["module", "signal"],
            Self::Command | Self::Http => &["inject", "revert", "verify", "timeout"],
            Self::Proxy => &["proxy", "toxic", "latency", "jitter", "rate_kib", "after_bytes"],
            Self::Toxiproxy => &["api", "proxy", "toxic", "attributes", "stream"],
            Self::Redis => &["url", "action"],
            Self::Postgres => &["url", "database"],
        }
    }
}

impl FaultTable {
    /// The values in which a variable of the environment may stand.
    pub(super) fn secrets(&mut self) -> impl Iterator<Item = &mut String> {
        let deeds = [&mut self.inject, &mut self.revert, &mut self.verify].into_iter().flatten();
        let calls = deeds.filter_map(|deed| match deed {
            Deed::Request(call) => Some(call),
            // A shell knows the variables itself, and what it fills in is in no argument of ours.
            Deed::Command(_) => None,
        });
        calls.flat_map(|call| call.secrets()).chain(&mut self.url).chain(&mut self.api)
    }

    /// A key that the kind does not take.
    ///
    /// # Errors
    /// Which, with those that it takes.
    pub(super) fn check_keys(&self) -> Result<(), String> {
        let given = [
            ("module", self.module.is_some()),
            ("signal", self.signal.is_some()),
            ("inject", self.inject.is_some()),
            ("revert", self.revert.is_some()),
            ("verify", self.verify.is_some()),
            ("timeout", self.timeout.is_some()),
            ("proxy", self.proxy.is_some()),
            ("toxic", self.toxic.is_some()),
            ("latency", self.latency.is_some()),
            ("jitter", self.jitter.is_some()),
            ("rate_kib", self.rate_kib.is_some()),
            ("after_bytes", self.after_bytes.is_some()),
            ("api", self.api.is_some()),
            ("attributes", self.attributes.is_some()),
            ("stream", self.stream.is_some()),
            ("url", self.url.is_some()),
            ("action", self.action.is_some()),
            ("database", self.database.is_some()),
        ];
        let stray = given.iter().find(|(key, given)| *given && !self.kind.keys().contains(key));
        let Some((stray, _)) = stray else { return Ok(()) };
        let (kind, keys) = (self.kind.as_str(), self.kind.keys().join(", "));
        Err(format!("{stray} means nothing to a fault of kind {kind}: it takes {keys}"))
    }

    /// A key without which a fault of this kind is none.
    ///
    /// # Errors
    /// Which.
    pub(super) fn needed<T>(&self, key: &'static str, value: Option<T>) -> Result<T, String> {
        value.ok_or_else(|| format!("a fault of kind {} needs {key}", self.kind.as_str()))
    }
}

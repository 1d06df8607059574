//! `[[proxy]]`: what the run puts between two parts of a system.

use std::net::SocketAddr;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::proxy::{DeclaredProxy, ProxySpec};

/// `[[proxy]]`
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProxyTable {
    /// What faults call it.
    pub name: String,
    /// Where it listens.
    pub listen: SocketAddr,
    /// Where it connects to, `host:port`.
    pub upstream: String,
    /// Whether it may listen where other machines can reach it.
    #[serde(default)]
    pub exposed: bool,
}

impl ProxyTable {
    pub(super) fn proxy(self) -> DeclaredProxy {
        let Self { name, listen, upstream, exposed } = self;
        DeclaredProxy::new(ProxySpec { name, listen, upstream, exposed })
    }
}

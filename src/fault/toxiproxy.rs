//! `toxiproxy`: a toxic on a proxy of a [toxiproxy](https://github.com/Shopify/toxiproxy) server that is there already, by
//! its HTTP API; or the proxy is disabled as a whole.
//!
//! Proof: the server's own page of the proxy shows it. Undo: our toxic, and no other, is deleted; a proxy that we disabled
//! is enabled again. What the server does not know any more is undone. The destructor tries once more.

mod api;

use std::time::Duration;

use reqwest::Method;
use serde_json::{Map, Value, json};
use url::Url;

use self::api::Api;
use super::backstop;
use super::episode::{Act, Context, Effect, Fault, FaultError, Injection};
use crate::clock::duration_us;
use crate::journal::Micros;
use crate::journal::event::AlertExpected;

/// A toxic that the server has taken and does not show by then was not set.
const EFFECT_TIMEOUT: Duration = Duration::from_secs(2);
/// Pause between two looks.
const LOOK: Duration = Duration::from_millis(20);
/// Connections that pass are hit by every toxic.
const TOXICITY: f64 = 1.0;

/// What a plan says of the fault.
#[derive(Debug, Clone, PartialEq)]
pub struct ToxiproxySpec {
    /// What reports call its target.
    pub name: String,
    /// Where the server's API is.
    pub api: Url,
    /// The server's name of the proxy.
    pub proxy: String,
    /// What is done.
    pub harm: Harm,
    /// How long after the action it is undone; `None` for at the end of the episode.
    pub lasts: Option<Duration>,
}

/// What is done to a proxy.
#[derive(Debug, Clone, PartialEq)]
pub enum Harm {
    /// It is disabled: it closes its connections and does not listen.
    Down,
    /// It gets a toxic.
    Toxic {
        /// The server's name of its kind, such as `latency`.
        kind: String,
        /// What the kind takes, such as `latency` and `jitter` in ms.
        attributes: Map<String, Value>,
        /// Which way.
        stream: Stream,
    },
}

/// Which way a toxic acts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Stream {
    /// On what the client sends.
    Upstream,
    /// On what it is answered.
    #[default]
    Downstream,
}

/// The fault.
#[derive(Debug)]
pub struct Toxiproxy {
    spec: ToxiproxySpec,
    api: Api,
    /// What there is to undo.
    undo: Option<Undo>,
}

/// How it is undone.
#[derive(Debug, Clone)]
enum Undo {
    Enable,
    /// By the name that the toxic was given.
    Delete(String),
}

impl ToxiproxySpec {
    /// Whether the server is there and has the proxy; changes nothing.
    ///
    /// # Errors
    /// The server's words, or why it has none.
    pub async fn check(&self) -> Result<(), String> {
        let page = Api::new(&self.api, &self.proxy).proxy().await;
        page.map(drop).map_err(|refusal| refusal.to_string())
    }
}

impl Harm {
    /// The kind of the fault; for a toxic that only this server has, the server's name alone.
    fn fault_kind(&self) -> &'static str {
        let Self::Toxic { kind, .. } = self else { return "toxiproxy-down" };
        match kind.as_str() {
            "latency" => "toxiproxy-latency",
            "bandwidth" => "toxiproxy-bandwidth",
            "slow_close" => "toxiproxy-slow-close",
            "timeout" => "toxiproxy-timeout",
            "reset_peer" => "toxiproxy-reset-peer",
            "slicer" => "toxiproxy-slicer",
            "limit_data" => "toxiproxy-limit-data",
            _ => "toxiproxy",
        }
    }
}

impl Toxiproxy {
    /// Will do as `spec` says.
    #[must_use]
    pub fn new(spec: ToxiproxySpec) -> Self {
        let api = Api::new(&spec.api, &spec.proxy);
        Self { spec, api, undo: None }
    }

    async fn set(&mut self, name: String) -> Result<(), FaultError> {
        let page = self.api.proxy().await.map_err(|refusal| FaultError::NotInjected(refusal.to_string()))?;
        let done = match &self.spec.harm {
            // Undoing would enable what somebody else has disabled.
            Harm::Down if page["enabled"] == false => {
                let why = format!("toxiproxy has the proxy {} disabled already", self.spec.proxy);
                return Err(FaultError::NotInjected(why));
            }
            Harm::Down => {
                self.undo = Some(Undo::Enable);
                self.api.call(Method::POST, &[], Some(json!({ "enabled": false }))).await
            }
            Harm::Toxic { kind, attributes, stream } => {
                let stream = match stream {
                    Stream::Upstream => "upstream",
                    Stream::Downstream => "downstream",
                };
                let toxic = json!({
                    "name": name, "type": kind, "stream": stream, "toxicity": TOXICITY, "attributes": attributes,
                });
                self.undo = Some(Undo::Delete(name));
                self.api.call(Method::POST, &["toxics"], Some(toxic)).await
            }
        };
        let Err(refusal) = done else { return Ok(()) };
        // An answer that was lost on the way says nothing of what was done.
        match self.undo().await {
            Ok(_) => Err(FaultError::NotInjected(refusal.to_string())),
            Err(stuck) => Err(FaultError::NotUndone(format!("{refusal}; {stuck}"))),
        }
    }

    /// Undoes it; whether there was anything to undo.
    async fn undo(&mut self) -> Result<bool, api::Refusal> {
        let Some(undo) = &self.undo else { return Ok(false) };
        undone(&self.api, undo).await?;
        self.undo = None;
        Ok(true)
    }

    /// What the page of the proxy shows of it.
    fn evidence(&self, page: &Value) -> Option<String> {
        let proxy = &self.spec.proxy;
        match self.undo.as_ref()? {
            Undo::Enable => {
                (page["enabled"] == false).then(|| format!("toxiproxy shows the proxy {proxy} as disabled"))
            }
            Undo::Delete(name) => {
                let toxics = page["toxics"].as_array()?;
                let ours = toxics.iter().find(|toxic| toxic["name"] == name.as_str())?;
                Some(format!(
                    "toxiproxy shows {} on the proxy {proxy}",
                    ours["type"].as_str().unwrap_or("a toxic")
                ))
            }
        }
    }
}

async fn undone(api: &Api, undo: &Undo) -> Result<(), api::Refusal> {
    let done = match undo {
        Undo::Enable => api.call(Method::POST, &[], Some(json!({ "enabled": true }))).await,
        Undo::Delete(name) => api.call(Method::DELETE, &["toxics", name], None).await,
    };
    match done {
        Err(refusal) if !refusal.is_unknown() => Err(refusal),
        _ => Ok(()),
    }
}

impl Fault for Toxiproxy {
    fn kind(&self) -> &'static str {
        self.spec.harm.fault_kind()
    }

    fn target(&self) -> &str {
        &self.spec.name
    }

    fn inject<'a>(&'a mut self, context: &'a Context) -> Act<'a, Injection> {
        Box::pin(async move {
            let action_us = context.clock.now();
            // Like no other toxic, not even one that an earlier run could not delete.
            let name = format!("goose-recovery-{}-{}", context.clock.origin_unix_us(), action_us);
            self.set(name).await?;
            Ok(Injection { action_us, pid: None, status: None })
        })
    }

    fn confirm<'a>(&'a mut self, context: &'a Context) -> Act<'a, Effect> {
        Box::pin(async move {
            let deadline = context.clock.now() + duration_us(EFFECT_TIMEOUT);
            loop {
                let asked = context.clock.now();
                let page = self.api.proxy().await;
                if let Some(evidence) = page.as_ref().ok().and_then(|page| self.evidence(page)) {
                    return Ok(Effect { confirmed_us: asked, evidence });
                }
                if context.clock.now() >= deadline {
                    let why = page.err().map_or_else(
                        || format!("toxiproxy took it and does not show it on the proxy {}", self.spec.proxy),
                        |refusal| refusal.to_string(),
                    );
                    return Err(FaultError::NoEffect(why));
                }
                tokio::time::sleep(LOOK).await;
            }
        })
    }

    fn expected_alerts(&self, _episode: u32, _context: &Context) -> Vec<AlertExpected> {
        Vec::new()
    }

    fn lasts(&self) -> Option<Duration> {
        self.spec.lasts
    }

    fn revert<'a>(&'a mut self, context: &'a Context) -> Act<'a, Option<Micros>> {
        Box::pin(async move {
            let undone = self.undo().await.map_err(|refusal| FaultError::NotUndone(refusal.to_string()))?;
            Ok(undone.then(|| context.clock.now()))
        })
    }
}

impl Drop for Toxiproxy {
    fn drop(&mut self) {
        if let Some(undo) = self.undo.take() {
            let api = self.api.clone();
            backstop::run(async move {
                let _ = undone(&api, &undo).await;
            });
        }
    }
}

#[cfg(test)]
mod tests;

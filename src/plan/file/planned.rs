//! A `[[fault]]` becomes what the run injects.

use std::sync::Arc;
use std::time::Duration;

use url::Url;

use super::deed::Deed;
use super::fault::{FaultName, FaultTable, StreamName};
use crate::fault::command::Command;
use crate::fault::process::ModuleSpec;
use crate::fault::proxy::ProxyFaultSpec;
use crate::fault::scripted::Script;
use crate::fault::signal::SignalSpec;
use crate::fault::toxiproxy::{Harm, Stream, ToxiproxySpec};
use crate::fault::{Action, OwedAlert, Planned};
use crate::proxy::{DeclaredProxy, Toxic};

/// How long a command or request may take when nobody says it.
const TIMEOUT: Duration = Duration::from_secs(10);
/// The toxic that disables a proxy of a toxiproxy server.
const DOWN: &str = "down";

/// What faults may name.
pub(super) struct Declared<'a> {
    pub(super) modules: &'a [Arc<ModuleSpec>],
    pub(super) proxies: &'a [DeclaredProxy],
}

impl FaultTable {
    /// The fault, with what is owed for it.
    ///
    /// # Errors
    /// Keys that are missing or mean nothing, and what it names and nobody declares.
    pub(super) fn planned(self, declared: &Declared<'_>, owed: Vec<OwedAlert>) -> Result<Planned, String> {
        self.check_keys()?;
        let action = match self.kind {
            FaultName::Signal => Action::Signal(self.signalled(declared.modules)?),
            FaultName::Command => Action::Command(self.script(|deed| match deed {
                Deed::Command(command) => Ok(Command(command)),
                Deed::Request(_) => {
                    Err("is a request: the kind of this fault is http, or a command belongs here".to_owned())
                }
            })?),
            FaultName::Http => Action::Http(Box::new(self.script(|deed| match deed {
                Deed::Request(call) => call.request(),
                Deed::Command(_) => Err("must be a request such as { url = \"http://…\" }".to_owned()),
            })?)),
            FaultName::Proxy => self.proxied(declared.proxies)?,
            FaultName::Toxiproxy => Action::Toxiproxy(self.toxiproxy()?),
            FaultName::Redis | FaultName::Postgres => self.of_server()?,
        };
        Ok(Planned { name: self.name, action, lasts: self.lasts.map(|lasts| lasts.0), owed })
    }

    fn signalled(&self, modules: &[Arc<ModuleSpec>]) -> Result<SignalSpec, String> {
        let name = self.needed("module", self.module.as_deref())?;
        let signal = self.needed("signal", self.signal)?;
        let found = modules.iter().find(|known| known.name == name).cloned();
        let module = found.ok_or_else(|| {
            format!("there is no [[target.module]] {name}: declare where its process is found")
        })?;
        Ok(SignalSpec { module, signal })
    }

    fn script<D>(&self, deed: impl Fn(Deed) -> Result<D, String>) -> Result<Script<D>, String> {
        let said = |key: &str, value: Option<Deed>| {
            value.map(|value| deed(value).map_err(|why| format!("{key} {why}"))).transpose()
        };
        let revert = said("revert", self.revert.clone())?;
        if self.lasts.is_some() && revert.is_none() {
            return Err("lasts needs revert: say how it is undone".to_owned());
        }
        Ok(Script {
            name: self.name.clone(),
            inject: self.needed("inject", said("inject", self.inject.clone())?)?,
            revert,
            verify: said("verify", self.verify.clone())?,
            lasts: self.lasts.map(|lasts| lasts.0),
            timeout: self.timeout.map_or(TIMEOUT, |timeout| timeout.0),
        })
    }

    fn proxied(&self, proxies: &[DeclaredProxy]) -> Result<Action, String> {
        let name = self.needed("proxy", self.proxy.as_deref())?;
        let found = proxies.iter().find(|proxy| proxy.spec().name == name).cloned();
        let proxy = found.ok_or_else(|| format!("there is no [[proxy]] {name}: declare where it listens"))?;
        let spec = ProxyFaultSpec {
            name: self.name.clone(),
            toxic: self.toxic()?,
            lasts: self.lasts.map(|lasts| lasts.0),
        };
        Ok(Action::Proxy(spec, proxy))
    }

    fn toxic(&self) -> Result<Toxic, String> {
        let toxic = self.needed("toxic", self.toxic.as_deref())?;
        let (takes, made): (&[&str], _) = match toxic {
            "cut" => (&[], Toxic::Cut),
            "refuse" => (&[], Toxic::Refuse),
            "blackhole" => (&[], Toxic::Blackhole),
            "latency" => {
                let latency = self.needed("latency", self.latency)?.0;
                let jitter = self.jitter.map_or(Duration::ZERO, |jitter| jitter.0);
                (&["latency", "jitter"], Toxic::Latency { latency, jitter })
            }
            "bandwidth" => {
                (&["rate_kib"], Toxic::Bandwidth { rate_kib: self.needed("rate_kib", self.rate_kib)? })
            }
            "reset" => {
                let after_bytes = self.needed("after_bytes", self.after_bytes)?;
                (&["after_bytes"], Toxic::Reset { after_bytes })
            }
            other => {
                return Err(format!(
                    "there is no toxic {other}: it is one of cut, refuse, blackhole, latency, bandwidth, reset"
                ));
            }
        };
        let given = [
            ("latency", self.latency.is_some()),
            ("jitter", self.jitter.is_some()),
            ("rate_kib", self.rate_kib.is_some()),
            ("after_bytes", self.after_bytes.is_some()),
        ];
        match given.iter().find(|(key, given)| *given && !takes.contains(key)) {
            Some((stray, _)) => Err(format!("{stray} means nothing to the toxic {toxic}")),
            None => Ok(made),
        }
    }

    fn toxiproxy(&self) -> Result<ToxiproxySpec, String> {
        let api = self.needed("api", self.api.as_deref())?;
        let api = Url::parse(api)
            .map_err(|_| "api is no URL: give one such as http://127.0.0.1:8474".to_owned())?;
        let toxic = self.needed("toxic", self.toxic.as_deref())?;
        let attributes = serde_json::to_value(self.attributes.clone().unwrap_or_default());
        let Ok(serde_json::Value::Object(attributes)) = attributes else {
            return Err("attributes are values such as { latency = 200 }".to_owned());
        };
        let stream = match self.stream {
            Some(StreamName::Upstream) => Stream::Upstream,
            Some(StreamName::Downstream) | None => Stream::Downstream,
        };
        let harm = match toxic {
            DOWN if !attributes.is_empty() => {
                return Err("attributes mean nothing to the toxic down".to_owned());
            }
            DOWN => Harm::Down,
            kind => Harm::Toxic { kind: kind.to_owned(), attributes, stream },
        };
        let proxy = self.needed("proxy", self.proxy.clone())?;
        let lasts = self.lasts.map(|lasts| lasts.0);
        Ok(ToxiproxySpec { name: self.name.clone(), api, proxy, harm, lasts })
    }

    #[cfg(feature = "stores")]
    fn of_server(&self) -> Result<Action, String> {
        use super::fault::RedisName;
        use crate::fault::postgres::PostgresSpec;
        use crate::fault::redis::{RedisAction, RedisSpec};

        let (name, url) = (self.name.clone(), self.needed("url", self.url.clone())?.into());
        if self.kind == FaultName::Postgres {
            return Ok(Action::Postgres(PostgresSpec { name, url, database: self.database.clone() }));
        }
        let action = match (self.needed("action", self.action)?, self.lasts) {
            (RedisName::PauseClients, Some(lasts)) => RedisAction::PauseClients(lasts.0),
            (RedisName::PauseClients, None) => {
                return Err("pause-clients needs lasts: the server itself ends the pause".to_owned());
            }
            (RedisName::KillClients, _) => RedisAction::KillClients,
        };
        Ok(Action::Redis(RedisSpec { name, url, action }))
    }

    #[cfg(not(feature = "stores"))]
    fn of_server(&self) -> Result<Action, String> {
        let _ = (&self.url, self.action, &self.database);
        Err("this build speaks to no Redis or PostgreSQL: build it with the feature `stores`".to_owned())
    }
}

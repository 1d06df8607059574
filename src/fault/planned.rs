//! Faults as a plan file declares them: a name, what is done, for how long, and what is owed for it.

use std::time::Duration;

use super::command::Command;
use super::episode::Fault;
use super::http::Request;
#[cfg(feature = "stores")]
use super::postgres::{PostgresSpec, TerminateBackends};
use super::proxy::{ProxyFault, ProxyFaultSpec};
#[cfg(feature = "stores")]
use super::redis::{RedisFault, RedisSpec};
use super::scripted::{Script, Scripted};
use super::signal::{SignalSpec, Signalled};
use super::source::{Check, FaultSource, OwedAlert};
use super::toxiproxy::{Toxiproxy, ToxiproxySpec};
use crate::proxy::DeclaredProxy;
use crate::target::Api;

/// A `[[fault]]` of a plan.
#[derive(Debug)]
pub struct Planned {
    /// Its name.
    pub name: String,
    /// What is done.
    pub action: Action,
    /// For how long; absent for what ends by itself, or with the episode.
    pub lasts: Option<Duration>,
    /// The alerts that are owed for it.
    pub owed: Vec<OwedAlert>,
}

/// What a declared fault does.
#[derive(Debug)]
pub enum Action {
    /// A signal to a module's process.
    Signal(SignalSpec),
    /// Shell commands.
    Command(Script<Command>),
    /// Requests.
    Http(Box<Script<Request>>),
    /// Something to the connections of a proxy.
    Proxy(ProxyFaultSpec, DeclaredProxy),
    /// Something to a proxy of a toxiproxy server.
    Toxiproxy(ToxiproxySpec),
    /// Something to a Redis, by its own protocol.
    #[cfg(feature = "stores")]
    Redis(RedisSpec),
    /// Backends of a PostgreSQL are terminated.
    #[cfg(feature = "stores")]
    Postgres(PostgresSpec),
}

impl FaultSource for Planned {
    fn name(&self) -> &str {
        &self.name
    }

    fn make(&self) -> Result<Box<dyn Fault>, String> {
        Ok(match &self.action {
            Action::Signal(spec) => Box::new(Signalled::new(spec.clone())),
            Action::Command(script) => Box::new(Scripted::new(script.clone())),
            Action::Http(script) => Box::new(Scripted::new(script.as_ref().clone())),
            Action::Proxy(spec, proxy) => {
                let handle = proxy.handle();
                let handle = handle.ok_or_else(|| format!("the proxy {} is not open", proxy.spec().name))?;
                Box::new(ProxyFault::new(spec.clone(), handle))
            }
            Action::Toxiproxy(spec) => Box::new(Toxiproxy::new(spec.clone())),
            #[cfg(feature = "stores")]
            Action::Redis(spec) => Box::new(RedisFault::new(spec.clone())),
            #[cfg(feature = "stores")]
            Action::Postgres(spec) => Box::new(TerminateBackends::new(spec.clone())),
        })
    }

    fn check<'a>(&'a self, api: &'a Api) -> Check<'a> {
        Box::pin(async move {
            match &self.action {
                Action::Signal(spec) => spec.module.find(api).await.map(drop),
                Action::Toxiproxy(spec) => spec.check().await,
                #[cfg(feature = "stores")]
                Action::Redis(spec) => spec.check().await,
                #[cfg(feature = "stores")]
                Action::Postgres(spec) => spec.check().await,
                // What a command or a request does is not tried out.
                Action::Command(_) | Action::Http(_) | Action::Proxy(..) => Ok(()),
            }
        })
    }

    fn lasts(&self) -> Option<Duration> {
        self.lasts
    }

    fn owed(&self) -> &[OwedAlert] {
        &self.owed
    }
}

//! `[target]`: what is driven, how it is seen to be well, and where its processes are found.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;

use regex::Regex;
use schemars::JsonSchema;
use serde::Deserialize;

use super::value::{Pattern, Pointer};
use crate::fault::process::{ModuleSpec, Pick, Place};
use crate::target::{HealthCheck, HttpCheck};

/// `[target]`
#[derive(Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TargetTable {
    /// A backend that runs already. `${NAME}` stands for a variable of the environment.
    pub base_url: Option<String>,
    /// Receive that backend's alerts on this address.
    pub alert_listen: Option<SocketAddr>,
    /// At this path there.
    pub alert_path: Option<String>,
    /// Headers of every request to it. `${NAME}` stands for a variable of the environment: a token does not belong in a file.
    pub headers: BTreeMap<String, String>,
    /// The path that the canary asks for; without it a session, or what `[[load.request]]` reads first, or the health page.
    pub canary: Option<String>,
    /// How it is seen to be well; without it by R-v0.2's health page.
    pub health: HealthTable,
    /// Its processes, for faults of kind `signal`.
    pub module: Vec<ModuleTable>,
}

impl std::fmt::Debug for TargetTable {
    /// Without URL and headers, which may be secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TargetTable").field("health", &self.health).finish_non_exhaustive()
    }
}

/// `[target.health]`: a page and what it must say, or `tcp`, or `command`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct HealthTable {
    /// The page.
    pub path: Option<String>,
    /// The status that means well; any 2xx when left out.
    pub status: Option<u16>,
    /// Where in a JSON page the value stands that counts, such as `/status`.
    pub pointer: Option<Pointer>,
    /// The values there that mean well; any but `false` and `null` when left out.
    pub values: Vec<String>,
    /// A regular expression that the page must match.
    pub matches: Option<Pattern>,
    /// An address that must accept connections, instead of a page.
    pub tcp: Option<String>,
    /// A shell command that must end with 0, instead of a page.
    pub command: Option<String>,
}

/// `[[target.module]]`: a process, and exactly one way to find it.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ModuleTable {
    /// What it is called.
    pub name: String,
    /// A file that holds its pid.
    pub pid_file: Option<PathBuf>,
    /// A regular expression that its command line matches.
    pub process: Option<Pattern>,
    /// An address on which it listens.
    pub listener: Option<SocketAddr>,
    /// Where its pid stands in the JSON of the health page.
    pub pointer: Option<Pointer>,
    /// One of its children is meant instead of itself.
    #[serde(default)]
    pub children: bool,
    /// Which one is meant when there are several.
    pub pick: Option<PickName>,
    /// The user, by name or number, whose process it is; without it only processes of the harness's own user are signalled.
    pub owner: Option<String>,
}

/// Which of several processes is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PickName {
    /// The one that has run for longest.
    Oldest,
    /// The one that was started last.
    Youngest,
}

impl HealthTable {
    /// What is looked at.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn check(self) -> Result<HealthCheck, &'static str> {
        let of_a_page = self.status.is_some()
            || self.pointer.is_some()
            || self.matches.is_some()
            || !self.values.is_empty();
        if !self.values.is_empty() && self.pointer.is_none() {
            return Err("values needs pointer: say where in the page the value stands");
        }
        match (self.path, self.tcp, self.command) {
            (Some(path), None, None) => Ok(HealthCheck::Http(HttpCheck {
                path,
                status: self.status,
                pointer: self.pointer.map(|pointer| pointer.0),
                values: self.values,
                matches: self.matches.map(|pattern| pattern.0),
            })),
            (None, ..) if of_a_page => {
                Err("status, pointer, values and matches need path: say which page it is")
            }
            (None, None, None) => Ok(HealthCheck::Page),
            (None, Some(address), None) => Ok(HealthCheck::Tcp(address)),
            (None, None, Some(command)) => Ok(HealthCheck::Command(command)),
            _ => Err("path, tcp and command exclude each other: keep one"),
        }
    }
}

impl ModuleTable {
    /// The module.
    ///
    /// # Errors
    /// When there is not exactly one way to find it.
    pub(super) fn module(self) -> Result<ModuleSpec, &'static str> {
        let places = [
            self.pid_file.map(Place::PidFile),
            self.process.map(|Pattern(pattern)| Place::CommandLine(pattern)),
            self.listener.map(Place::Listener),
            self.pointer.map(|Pointer(pointer)| Place::Pointer(pointer)),
        ];
        let mut given = places.into_iter().flatten();
        let (Some(place), None) = (given.next(), given.next()) else {
            return Err("give exactly one of pid_file, process, listener and pointer");
        };
        let pick = self.pick.map(|pick| match pick {
            PickName::Oldest => Pick::Oldest,
            PickName::Youngest => Pick::Youngest,
        });
        Ok(ModuleSpec { name: self.name, place, children: self.children, pick, owner: self.owner })
    }
}

impl From<Regex> for Pattern {
    fn from(pattern: Regex) -> Self {
        Self(pattern)
    }
}

//! What is killed and given back: the stores, the manager, its session module.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use local_stores::{LocalStores, Server};
use reqwest::{Client, Method, StatusCode};
use serde_json::Value;
use tokio::runtime::Handle;
use tokio::time::Instant;

use super::manager::Manager;
use super::plan::{Action, Start, Step, Target};
use super::witness::Diary;
use super::writers::client;
use crate::processes::eventually;

/// Far longer than any restart takes on a busy machine.
const READY_LIMIT_S: u64 = 30;
/// A killed PostgreSQL syncs its files before it accepts, on a disk that others keep busy for half a minute and more; a
/// resync that failed again and again is tried again after 30 s at the latest.
const HEALTHY_LIMIT_S: u64 = 120;
/// After this the next step goes on, whoever is back: not every outage is noticed, and some servers take their time.
const NOTICE_LIMIT: Duration = Duration::from_secs(10);
const POLL: Duration = Duration::from_millis(5);

/// The system under test.
pub(super) struct World {
    // In this order they are dropped.
    manager: Option<Manager>,
    stores: LocalStores,
    folder: PathBuf,
    runtime: Handle,
    client: Client,
    base: Arc<RwLock<String>>,
    diary: Diary,
    pub(super) tally: Tally,
}

/// What was done.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// Steps, by combination.
    pub(super) steps: BTreeMap<String, u64>,
    /// Kills, by target.
    pub(super) kills: BTreeMap<Target, u64>,
    /// Kills while the backend said that entries waited in the spool, or that a resync ran.
    pub(super) into_recovery: u64,
}

impl World {
    /// Starts the manager on a data folder in `folder`, with these stores.
    pub(super) fn start(folder: PathBuf, stores: LocalStores, runtime: Handle, diary: Diary) -> Self {
        let (base, tally) = (Arc::default(), Tally::default());
        let mut world = Self { manager: None, stores, folder, runtime, client: client(), base, diary, tally };
        world.start_manager();
        world.until_ready();
        world
    }

    /// Where the manager is now.
    pub(super) fn base(&self) -> Arc<RwLock<String>> {
        Arc::clone(&self.base)
    }

    /// Does all that `step` says.
    pub(super) fn take(&mut self, step: &Step) {
        match step.start {
            Start::Ready(delay) => {
                self.until_ready();
                std::thread::sleep(delay);
            }
            Start::Healthy(delay) => {
                self.until_healthy();
                std::thread::sleep(delay);
            }
            Start::Noticed(delay) => {
                self.until_noticed();
                std::thread::sleep(delay);
            }
            Start::Returned(delay) => std::thread::sleep(delay),
        }
        self.diary.note(&format!("{} ({:?})", step.combination, step.start));
        let began = Instant::now();
        for (at, action) in &step.actions {
            std::thread::sleep(at.saturating_sub(began.elapsed()));
            match action {
                Action::Kill(target) => self.kill(*target),
                Action::Return(Target::Manager) => self.start_manager(),
                Action::Return(target) => self.server(*target).start().unwrap(),
            }
            self.diary.note(&format!("  {action:?}"));
        }
        *self.tally.steps.entry(step.combination.to_string()).or_default() += 1;
    }

    fn kill(&mut self, target: Target) {
        // A manager that is gone says nothing.
        if self.manager.is_some()
            && let Some((_, health)) = self.ask(Method::GET, "/api/system/health")
            && (health["stores"]["resync"].is_string() || health["stores"]["spooled"].as_u64() > Some(0))
        {
            self.tally.into_recovery += 1;
        }
        match target {
            Target::Session => eventually("a kill of the session module", READY_LIMIT_S, || {
                let (_, health) = self.ask(Method::GET, "/api/system/health")?;
                let killed = self.manager.as_ref()?.kill_module(session_pid(&health)?);
                killed.then_some(())
            }),
            Target::Manager => self.manager.take().unwrap().kill(),
            Target::Database | Target::Cache => {
                // It may still be on its way up, but it must not have ended by itself.
                assert!(self.server(target).pid().is_some(), "the {target} has ended by itself");
                self.server(target).kill().unwrap();
            }
        }
        *self.tally.kills.entry(target).or_default() += 1;
    }

    fn server(&self, target: Target) -> &Server {
        if target == Target::Database { self.stores.database() } else { self.stores.cache() }
    }

    fn start_manager(&mut self) {
        let said = self.folder.join("said");
        let manager = Manager::start(&self.folder.join("data"), &self.stores, &said);
        *self.base.write().unwrap_or_else(PoisonError::into_inner) = manager.url().to_owned();
        self.manager = Some(manager);
    }

    /// An answer of the manager, if there is one.
    pub(super) fn ask(&self, method: Method, path: &str) -> Option<(StatusCode, Value)> {
        let url = format!("{}{path}", self.base.read().unwrap_or_else(PoisonError::into_inner));
        let call = self.client.request(method, url).header("content-type", "application/json").body("{}");
        self.runtime.block_on(async {
            let answer = call.send().await.ok()?;
            Some((answer.status(), answer.json().await.ok()?))
        })
    }

    /// Waits until every module is ready.
    fn until_ready(&self) {
        eventually("ready modules", READY_LIMIT_S, || {
            let (status, _) = self.ask(Method::GET, "/api/system/health")?;
            (status == StatusCode::OK).then_some(())
        });
    }

    /// Waits until everything is well again.
    pub(super) fn until_healthy(&self) {
        eventually("a healthy system", HEALTHY_LIMIT_S, || {
            let (_, health) = self.ask(Method::GET, "/api/system/health")?;
            (health["status"] == "healthy").then_some(())
        });
    }

    fn until_noticed(&self) {
        let began = Instant::now();
        while began.elapsed() < NOTICE_LIMIT {
            if let Some((_, health)) = self.ask(Method::GET, "/api/system/health")
                && ["database", "cache"].iter().all(|store| health["stores"][store]["status"] == "up")
            {
                return;
            }
            std::thread::sleep(POLL);
        }
    }

    /// Pids of the manager and of all modules.
    pub(super) fn pids(&self) -> Vec<u32> {
        let (_, health) = self.ask(Method::GET, "/api/system/health").unwrap();
        let modules = health["modules"].as_array().unwrap().iter();
        let modules = modules.filter_map(|module| module["pid"].as_u64()?.try_into().ok());
        modules.chain(self.manager.as_ref().map(Manager::pid)).collect()
    }

    /// Ends everything in good order.
    pub(super) fn stop(self) {
        let status = self.manager.unwrap().stop();
        assert!(status.success(), "the manager ended with {status}");
        self.stores.stop().unwrap();
    }
}

fn session_pid(health: &Value) -> Option<u32> {
    let session = health["modules"].as_array()?.iter().find(|module| module["name"] == "session")?;
    session["pid"].as_u64()?.try_into().ok()
}

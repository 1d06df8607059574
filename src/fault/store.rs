//! `store-kill`, `store-pause`, `store-stop`, `store-lock`: a store, or both at once, is away for a while.
//!
//! Each store hit is asked all the time on a connection that was open before the action; the effect began with the
//! start of the first question that was not answered. It ended with the start of the first question, on a new
//! connection, that was.

use std::time::Duration;

use tokio::task::JoinHandle;

use super::episode::{Act, Context, Effect, Fault, FaultError, Injection, StoreFaults};
use crate::clock::{Clock, duration_us};
use crate::journal::Micros;
use crate::journal::event::AlertExpected;
use crate::plan::FaultKind;
use crate::stores::address::Connection;
use crate::stores::control::{Store, Taking};

/// Pause between two questions: t0 is not later than this after the effect.
const ASK_EVERY: Duration = Duration::from_millis(5);
/// Pause between two questions to a store that is expected back.
const ASK_AGAIN: Duration = Duration::from_millis(10);
/// A store that does not answer so long after it was given back does not come back.
const BACK_PATIENCE: Duration = Duration::from_secs(30);
/// Between the names of stores that are hit together.
const AND: &str = "+";

/// The stores that may be taken away.
#[derive(Debug)]
pub struct StoreSet {
    stores: Vec<Store>,
    /// Whether they can only be taken away all at once.
    together: bool,
}

impl StoreSet {
    /// A set of `stores`; `together` when the user's commands do not tell them apart.
    #[must_use]
    pub fn new(stores: Vec<Store>, together: bool) -> Self {
        Self { together: together && stores.len() > 1, stores }
    }

    fn all(&self) -> String {
        let names: Vec<_> = self.stores.iter().map(|store| store.name.as_str()).collect();
        names.join(AND)
    }
}

impl StoreFaults for StoreSet {
    fn targets(&self) -> Vec<String> {
        let mut targets = Vec::new();
        if !self.together {
            targets.extend(self.stores.iter().map(|store| store.name.as_str().to_owned()));
        }
        if self.together || self.stores.len() > 1 {
            targets.push(self.all());
        }
        targets
    }

    fn fault(&self, kind: FaultKind, target: &str, outage: Duration) -> Option<Box<dyn Fault>> {
        let named = |store: &&Store| target.split(AND).any(|name| name == store.name.as_str());
        let hits: Vec<_> = self.stores.iter().filter(named).cloned().collect();
        // One command stops all of them: it is given once, and each of them is asked.
        let commanded = if self.together { 1 } else { hits.len() };
        (!hits.is_empty()).then(|| {
            let hits = hits.into_iter().map(Hit::new).collect();
            Box::new(StoreOutage { kind, target: target.to_owned(), outage, hits, commanded })
                as Box<dyn Fault>
        })
    }
}

/// An outage of one store or of both.
#[derive(Debug)]
struct StoreOutage {
    kind: FaultKind,
    target: String,
    outage: Duration,
    hits: Vec<Hit>,
    /// The first so many of the hits are acted on.
    commanded: usize,
}

/// One store in an outage.
#[derive(Debug)]
struct Hit {
    store: Store,
    taking: Option<Taking>,
    watcher: Option<Watcher>,
}

/// Asks until there is no answer.
#[derive(Debug)]
struct Watcher(JoinHandle<(Micros, String)>);

impl Watcher {
    fn start(clock: Clock, connection: Connection) -> Self {
        Self(tokio::spawn(first_failure(clock, connection)))
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn first_failure(clock: Clock, mut connection: Connection) -> (Micros, String) {
    loop {
        let asked = clock.now();
        if let Err(why) = connection.ask().await {
            return (asked, why);
        }
        clock.sleep_until(asked + duration_us(ASK_EVERY)).await;
    }
}

impl Hit {
    fn new(store: Store) -> Self {
        Self { store, taking: None, watcher: None }
    }

    /// Everything that takes time before the action: the helper, and an open connection on which there was an answer.
    async fn prepare(&mut self, kind: FaultKind, act: bool) -> Result<Connection, String> {
        let name = self.store.name.as_str();
        let connection = self.store.address.connect().await;
        let connection =
            connection.map_err(|why| format!("the {name} does not answer before the fault: {why}"))?;
        if act {
            self.taking = Some(self.store.prepare(kind).await?);
        }
        Ok(connection)
    }

    /// Waits until the store answers; when that question began.
    async fn back(&self, clock: Clock) -> Result<Micros, String> {
        let deadline = clock.now() + duration_us(BACK_PATIENCE);
        loop {
            let asked = clock.now();
            match self.store.address.connect().await {
                Ok(_) => return Ok(asked),
                Err(why) if asked >= deadline => {
                    let name = self.store.name.as_str();
                    return Err(format!(
                        "the {name} does not answer {BACK_PATIENCE:?} after it was given back: {why}"
                    ));
                }
                Err(_) => clock.sleep_until(asked + duration_us(ASK_AGAIN)).await,
            }
        }
    }
}

impl StoreOutage {
    async fn act(&mut self, clock: Clock) -> Result<Micros, String> {
        let (kind, commanded) = (self.kind, self.commanded);
        let mut open = Vec::new();
        for (index, hit) in self.hits.iter_mut().enumerate() {
            open.push(hit.prepare(kind, index < commanded).await?);
        }
        // Only now, so that a question which failed by itself before the action cannot pass for its effect.
        for (hit, connection) in self.hits.iter_mut().zip(open) {
            hit.watcher = Some(Watcher::start(clock, connection));
        }
        let action_us = clock.now();
        // Two stores are hit at once, not one after the other.
        let mut takings: Vec<_> = self.hits.iter_mut().filter_map(|hit| hit.taking.as_mut()).collect();
        match takings.as_mut_slice() {
            [one, other] => {
                let (one, other) = tokio::join!(one.act(), other.act());
                one.and(other)?;
            }
            takings => {
                for taking in takings {
                    taking.act().await?;
                }
            }
        }
        Ok(action_us)
    }

    /// Gives everything back; the first reason why something could not be.
    async fn give_back(&mut self) -> (bool, Result<(), String>) {
        let (mut any, mut outcome) = (false, Ok(()));
        for hit in &mut self.hits {
            hit.watcher = None;
            if let Some(mut taking) = hit.taking.take() {
                any = true;
                outcome = outcome.and(taking.give_back().await);
            }
        }
        (any, outcome)
    }
}

impl Fault for StoreOutage {
    fn kind(&self) -> &'static str {
        self.kind.as_str()
    }

    fn target(&self) -> &str {
        &self.target
    }

    fn inject<'a>(&'a mut self, context: &'a Context) -> Act<'a, Injection> {
        Box::pin(async move {
            match self.act(context.clock).await {
                Ok(action_us) => {
                    let pid = match self.hits.as_slice() {
                        [hit] => hit.store.pid(),
                        _ => None,
                    };
                    Ok(Injection { action_us, pid, status: None })
                }
                Err(why) => match self.give_back().await.1 {
                    Ok(()) => Err(FaultError::NotInjected(why)),
                    Err(stuck) => Err(FaultError::NotUndone(format!("{why}; {stuck}"))),
                },
            }
        })
    }

    fn confirm<'a>(&'a mut self, context: &'a Context) -> Act<'a, Effect> {
        Box::pin(async move {
            // The outage ends in time whether or not its effect has shown.
            let deadline = context.clock.now() + duration_us(self.outage);
            let (mut began, mut evidence) = (None::<Micros>, Vec::new());
            for hit in &mut self.hits {
                let (name, product) = (hit.store.name.as_str(), hit.store.address.product());
                let Some(watcher) = &mut hit.watcher else {
                    return Err(FaultError::NoEffect(format!("nobody asks the {name}")));
                };
                let seen = tokio::select! {
                    seen = &mut watcher.0 => seen.map_err(|error| FaultError::NoEffect(error.to_string()))?,
                    () = context.clock.sleep_until(deadline) => {
                        return Err(FaultError::NoEffect(format!("the {name} ({product}) went on answering")));
                    }
                };
                let (failed, why) = seen;
                began = Some(began.map_or(failed, |began| began.min(failed)));
                evidence.push(format!("the open connection to the {name} ({product}) got no answer: {why}"));
            }
            let confirmed_us = began.ok_or_else(|| FaultError::NoEffect("no store was hit".to_owned()))?;
            Ok(Effect { confirmed_us, evidence: evidence.join("; ") })
        })
    }

    fn expected_alerts(&self, episode: u32, context: &Context) -> Vec<AlertExpected> {
        let unavailable = |hit: &Hit| AlertExpected {
            episode,
            module: hit.store.name.as_str().to_owned(),
            kinds: vec!["store_unavailable".to_owned()],
            min_severity: "warning".to_owned(),
            deadline_us: context.alert_deadline_us,
        };
        self.hits.iter().map(unavailable).collect()
    }

    fn expected_after(&self, episode: u32, context: &Context) -> Vec<AlertExpected> {
        vec![AlertExpected {
            episode,
            module: "session".to_owned(),
            kinds: vec!["state_resynced".to_owned()],
            min_severity: "info".to_owned(),
            deadline_us: context.alert_deadline_us,
        }]
    }

    fn lasts(&self) -> Option<Duration> {
        Some(self.outage)
    }

    fn revert<'a>(&'a mut self, context: &'a Context) -> Act<'a, Option<Micros>> {
        Box::pin(async move {
            let (any, outcome) = self.give_back().await;
            if !any {
                return Ok(None);
            }
            outcome.map_err(FaultError::NotUndone)?;
            let mut ended = 0;
            for hit in &self.hits {
                ended = ended.max(hit.back(context.clock).await.map_err(FaultError::NotUndone)?);
            }
            Ok(Some(ended))
        })
    }
}

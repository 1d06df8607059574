//! How long a module does without the one that it depends on, and how it notices that it must.
//!
//! It asks for a sign of life over HTTP, on the address that its calls go to: the manager keeps every listener open, so
//! a connection to a module that is down or stuck is taken by the backlog, and only an answer means that somebody is
//! there. The patience comes as an argument; when the policy changes, the manager tells running modules
//! ([`keep_telling`]).

use std::cell::Cell;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::routing::{get, put};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use tokio::time::MissedTickBehavior;

use super::Role;
use crate::loopback::Loopback;
use crate::self_healing_daemon::PolicyInForce;
use crate::token::Token;

/// Where every module shows that it is alive, and where it is told the patience.
const ALIVE_PATH: &str = "/alive";
const PATIENCE_PATH: &str = "/dependency_patience";
/// How often the dependency is asked. The shortest patience is four times as long.
const PERIOD: Duration = Duration::from_millis(50);
/// When a question that got no answer is asked anew. Long, because a question waits in the backlog for the dependency's
/// next process, and a slow answer is an answer.
const ASK_TIMEOUT: Duration = Duration::from_secs(10);
/// How long the manager tries to tell one module.
const TELL_TIMEOUT: Duration = Duration::from_secs(1);

/// The patience under policy number `number`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Patience {
    /// A message of an older policy may wait in a module's backlog while it is restarted under a newer one.
    pub(crate) number: u64,
    pub(crate) dependency_patience: Duration,
}

impl From<&PolicyInForce> for Patience {
    fn from(in_force: &PolicyInForce) -> Self {
        Self { number: in_force.number, dependency_patience: in_force.policy.dependency_patience }
    }
}

/// A module's own knowledge of the patience.
pub(super) type Known = Arc<watch::Sender<Patience>>;

/// What every module answers beside its own routes.
pub(super) fn router(known: Known) -> Router {
    Router::new()
        .route(ALIVE_PATH, get(async || StatusCode::NO_CONTENT))
        .route(PATIENCE_PATH, put(learn))
        .with_state(known)
}

async fn learn(State(known): State<Known>, Json(told): Json<Patience>) -> StatusCode {
    known.send_if_modified(|patience| {
        let newer = told.number > patience.number;
        if newer {
            *patience = told;
        }
        newer
    });
    StatusCode::NO_CONTENT
}

/// Asks the module at `upstream` again and again, and returns when it gave no answer for longer than the patience.
pub(super) async fn until_lost(known: Known, upstream: SocketAddr) {
    let client = Loopback::new(ASK_TIMEOUT);
    let patience = || known.borrow().dependency_patience;
    let ask = async || client.call("the dependency", upstream, Method::GET, ALIVE_PATH, None).await.is_ok();
    until_silent(patience, ask).await;
}

/// The silence is counted in periods that were lived through, not read from a clock: a module that was itself held up
/// must not take its own pause for the dependency's.
async fn until_silent(patience: impl Fn() -> Duration, ask: impl AsyncFn() -> bool) {
    let heard = Cell::new(false);
    let asking = async {
        loop {
            if ask().await {
                heard.set(true);
            }
            tokio::time::sleep(PERIOD).await;
        }
    };
    let counting = async {
        let mut tick = tokio::time::interval(PERIOD);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut silent = Duration::ZERO;
        while silent <= patience() {
            tick.tick().await;
            silent = if heard.take() { Duration::ZERO } else { silent + PERIOD };
        }
    };
    tokio::select! {
        // An answer that is already here counts.
        biased;
        () = asking => {}
        () = counting => {}
    }
}

/// Tells every module that has a dependency about each new policy. One that cannot be told is on its way out, and its
/// successor starts with the new patience.
pub(crate) async fn keep_telling(
    mut policies: watch::Receiver<Arc<PolicyInForce>>,
    addresses: Vec<SocketAddr>,
    token: Option<Token>,
) {
    let client = Loopback::new(TELL_TIMEOUT).with(token);
    while policies.changed().await.is_ok() {
        let patience = Patience::from(&**policies.borrow_and_update());
        let Ok(body) = serde_json::to_vec(&patience).map(Bytes::from) else { continue };
        let dependants = Role::ALL.into_iter().zip(&addresses).skip(1);
        let told = dependants.map(|(role, address)| {
            let (client, address, body) = (client.clone(), *address, body.clone());
            tokio::spawn(async move {
                let told = client.call(role.name(), address, Method::PUT, PATIENCE_PATH, Some(body)).await;
                if let Err(error) = told {
                    tracing::info!(%error, "a module learns of the new policy only when it is restarted");
                }
            })
        });
        for telling in told.collect::<Vec<_>>() {
            // An error is a panic, and that is on stderr already.
            let _ = telling.await;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use super::*;
    use crate::clock;

    const PATIENCE: Duration = Duration::from_secs(2);

    #[tokio::test(start_paused = true)]
    async fn gives_up_only_after_the_whole_patience_without_an_answer() {
        let begun = clock::monotonic();
        until_silent(|| PATIENCE, async || std::future::pending().await).await;
        let took = clock::monotonic() - begun;
        // The first tick is immediate, and the last one is the first beyond the patience.
        assert!(took >= PATIENCE && took <= PATIENCE + PERIOD, "{took:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_begins_the_count_anew_and_a_refusal_does_not() {
        let begun = clock::monotonic();
        let ask = async || clock::monotonic() - begun < Duration::from_secs(5);
        until_silent(|| PATIENCE, ask).await;
        let took = clock::monotonic() - begun;
        assert!(
            took >= Duration::from_secs(5 + 2) - 2 * PERIOD
                && took <= Duration::from_secs(5 + 2) + 2 * PERIOD,
            "{took:?}"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn slow_answers_are_answers() {
        let asked = Cell::new(0);
        let ask = async || {
            asked.set(asked.get() + 1);
            tokio::time::sleep(PATIENCE - 4 * PERIOD).await;
            asked.get() < 10
        };
        until_silent(|| PATIENCE, ask).await;
        assert!(asked.get() >= 10, "gave up after {} answers", asked.get());
    }

    #[tokio::test(start_paused = true)]
    async fn a_module_that_was_held_up_itself_does_not_blame_its_dependency() {
        let begun = clock::monotonic();
        let mut silent = pin!(until_silent(|| PATIENCE, async || std::future::pending().await));
        assert!(tokio::time::timeout(PERIOD, &mut silent).await.is_err());
        // As after SIGCONT: a minute has passed, and nothing of this process ran in it.
        tokio::time::advance(Duration::from_secs(60)).await;
        assert!(tokio::time::timeout(PERIOD, &mut silent).await.is_err(), "one period, not a minute of them");
        silent.await;
        assert!(clock::monotonic() - begun >= Duration::from_secs(60) + PATIENCE - 3 * PERIOD);
    }

    #[tokio::test]
    async fn an_older_policy_that_arrives_late_is_not_believed() {
        let of = |number, seconds| Patience { number, dependency_patience: Duration::from_secs(seconds) };
        let known: Known = Arc::new(watch::Sender::new(of(3, 3)));
        learn(State(Arc::clone(&known)), Json(of(2, 2))).await;
        assert_eq!(*known.borrow(), of(3, 3));
        learn(State(Arc::clone(&known)), Json(of(4, 4))).await;
        assert_eq!(*known.borrow(), of(4, 4));
    }
}

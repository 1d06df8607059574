//! Traffic users: each appends to a session of its own and reads it back, at a human pace.

use std::time::Duration;

use goose::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::attack::{Shared, TrafficKind, function};
use super::exchange::{exchange, success};
use super::mix::send;
use crate::journal::event::APPEND;
use crate::stop::Stopped;
use crate::watch::ledger;

/// A user waits this long after its first failure, and up to [`MAX_BACKOFF`] after more: a refused connection
/// comes back at once, and users without patience would starve the very recovery that is measured.
const MIN_BACKOFF: Duration = Duration::from_millis(100);
const MAX_BACKOFF: Duration = Duration::from_secs(1);
/// Entries that a read-back asks for.
const READ_BACK: u64 = 5;

/// The traffic scenario.
pub(super) fn scenario(shared: &Shared) -> Scenario {
    let started = shared.clone();
    let arrive = Transaction::new(function(move |_user| {
        let shared = started.clone();
        Box::pin(async move {
            shared.user_started();
            Ok(())
        })
    }));
    let shared = shared.clone();
    let browse = Transaction::new(function(move |user| {
        let shared = shared.clone();
        Box::pin(async move {
            if browse(user, &shared).await.is_err() {
                linger().await;
            }
            Ok(())
        })
    }));
    Scenario::new("traffic")
        .register_transaction(arrive.set_on_start())
        .register_transaction(browse.set_name("browse"))
}

/// What a user does when the run has ended, until goose notices: it would call the next transaction at once, and
/// users that never yield would keep goose from noticing.
pub(super) async fn linger() {
    tokio::time::sleep(MIN_BACKOFF).await;
}

/// What a user remembers between transactions.
#[derive(Debug, Clone)]
struct Habits {
    rng: ChaCha8Rng,
    failures_in_a_row: u32,
    /// Requests of a mix.
    sent: u64,
}

async fn browse(user: &mut GooseUser, shared: &Shared) -> Result<(), Stopped> {
    // Nothing is sent any more, so nothing may be taken down as sent.
    if shared.stop.requested() {
        return Err(Stopped);
    }
    let index = user.weighted_users_index;
    if user.get_session_data::<Habits>().is_none() {
        let rng = ChaCha8Rng::seed_from_u64(shared.plan.seed ^ (index as u64 + 1).rotate_left(32));
        user.set_session_data(Habits { rng, failures_in_a_row: 0, sent: 0 });
    }
    // Whoever holds the users still waits for the requests that are under way, and no new one begins meanwhile.
    let pass = shared.stop.or_stopped(shared.gate.pass()).await?;
    let die = habits(user).map_or(0, |habits| habits.rng.random_range(0..10));
    let ok = match (shared.traffic, die) {
        (TrafficKind::Sessions, 0..6) => append(user, shared).await?,
        (TrafficKind::Sessions, 6..9) => read_back(user, shared).await?,
        (TrafficKind::Sessions, _) => {
            let path = format!("api/sessions/{}/analysis", shared.ledger.session(index));
            get(user, shared, "GET analysis", &path).await?
        }
        (TrafficKind::Mix, _) => {
            let drawn = habits(user).and_then(|habits| {
                habits.sent += 1;
                Some((shared.mix.draw(&mut habits.rng)?, habits.sent))
            });
            match drawn {
                Some((request, seq)) => send(user, shared, request, seq).await?,
                None => true,
            }
        }
        (TrafficKind::Reads, 0..5) => get(user, shared, "GET health", "api/system/health").await?,
        (TrafficKind::Reads, _) => get(user, shared, "GET metrics", "api/system/metrics").await?,
    };
    drop(pass);
    shared.stop.or_stopped(tokio::time::sleep(wait(user, shared, ok))).await
}

/// How long the user waits before its next request.
fn wait(user: &mut GooseUser, shared: &Shared, ok: bool) -> Duration {
    let think = shared.plan.think_time;
    let Some(habits) = habits(user) else { return think };
    habits.failures_in_a_row = if ok { 0 } else { habits.failures_in_a_row + 1 };
    let longest = match habits.failures_in_a_row {
        0 => return think.mul_f64(habits.rng.random_range(0.5..1.5)),
        n => MIN_BACKOFF.saturating_mul(1 << (n - 1).min(10)).min(MAX_BACKOFF),
    };
    longest.mul_f64(habits.rng.random_range(0.5..1.0)).max(think)
}

fn habits(user: &mut GooseUser) -> Option<&mut Habits> {
    user.get_session_data_mut::<Habits>()
}

/// Appends the session's next entry; after a failure the same entry is sent again, as a client would.
async fn append(user: &mut GooseUser, shared: &Shared) -> Result<bool, Stopped> {
    let index = user.weighted_users_index;
    let session = shared.ledger.session(index);
    let seq = shared.ledger.next(index);
    let body = serde_json::json!({ "seq": seq, "payload": ledger::payload(&session, seq) });
    let path = format!("api/sessions/{session}/entries");
    let request = post(user, shared, APPEND, &path, &body);
    let Some(request) = request else { return Ok(false) };
    let answer = exchange(user, shared, APPEND.into(), request, success).await?;
    if answer.ok {
        let safe = serde_json::from_slice::<Acknowledgement>(&answer.body).ok();
        let spooled = safe.is_some_and(|safe| safe.durability == "spool");
        shared.ledger.acknowledged(index, seq, spooled);
    }
    Ok(answer.ok)
}

/// What the answer to a write says of where the entry is safe; targets other than R-v0.2 may say nothing.
#[derive(serde::Deserialize)]
struct Acknowledgement {
    durability: String,
}

async fn read_back(user: &mut GooseUser, shared: &Shared) -> Result<bool, Stopped> {
    let index = user.weighted_users_index;
    let after = shared.ledger.last_acknowledged(index).saturating_sub(READ_BACK);
    let path =
        format!("api/sessions/{}/entries?after={after}&limit={READ_BACK}", shared.ledger.session(index));
    get(user, shared, "GET entries", &path).await
}

pub(super) async fn get(
    user: &mut GooseUser,
    shared: &Shared,
    name: &'static str,
    path: &str,
) -> Result<bool, Stopped> {
    let Ok(builder) = user.get_request_builder(&GooseMethod::Get, path) else { return Ok(false) };
    let builder = builder.headers(shared.headers.clone());
    let request =
        GooseRequest::builder().method(GooseMethod::Get).name(name).set_request_builder(builder).build();
    Ok(exchange(user, shared, name.into(), request, success).await?.ok)
}

pub(super) fn post<'a>(
    user: &GooseUser,
    shared: &Shared,
    name: &'static str,
    path: &str,
    body: &serde_json::Value,
) -> Option<GooseRequest<'a>> {
    let builder = user.get_request_builder(&GooseMethod::Post, path).ok()?;
    let builder = builder.headers(shared.headers.clone()).json(body);
    Some(GooseRequest::builder().method(GooseMethod::Post).name(name).set_request_builder(builder).build())
}

//! `redis`: a Redis server is asked to stop serving its clients for a while, or to throw them out.
//!
//! - *pause-clients*: `CLIENT PAUSE` of all commands. Proof: on a connection that was open before, a PING is not answered
//!   within 100 ms; the effect began with the first such PING. Undo: the server ends the pause by its own timer, so it ends
//!   even if we do not live to see it. `CLIENT UNPAUSE` is sent as well, but Redis holds it back like any other command
//!   until the pause is over: an undo before its time waits for that.
//! - *kill-clients*: `CLIENT KILL` of all normal clients but ours. Proof: the server's own count of them. Nothing to undo.

use std::time::Duration;

use redis::aio::MultiplexedConnection;

use super::episode::{Act, Context, Effect, Fault, FaultError, Injection};
use crate::clock::{Clock, duration_us};
use crate::journal::Micros;
use crate::journal::event::AlertExpected;
use crate::plan::Secret;
use crate::stores::address::{in_words, within};

/// A PING of a server that serves is answered far sooner.
const SILENCE: Duration = Duration::from_millis(100);
/// A pause that has not shown by then has no effect.
const EFFECT_TIMEOUT: Duration = Duration::from_secs(2);
/// A server that was not asked to be silent answers within this.
const PATIENCE: Duration = Duration::from_secs(2);
/// A server that is silent for so long after the end of its pause does not come back.
const BACK_PATIENCE: Duration = Duration::from_secs(10);
/// Pause between two questions.
const ASK_EVERY: Duration = Duration::from_millis(5);

/// What a plan says of the fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedisSpec {
    /// What reports call its target.
    pub name: String,
    /// `redis://…`; may contain a password.
    pub url: Secret,
    /// What is done.
    pub action: RedisAction,
}

/// What a server is asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RedisAction {
    /// To serve nobody for so long.
    PauseClients(Duration),
    /// To close the connections of all its clients.
    KillClients,
}

impl RedisSpec {
    /// Whether the server is there and lets us in; changes nothing.
    ///
    /// # Errors
    /// Why it does not answer.
    pub async fn check(&self) -> Result<(), String> {
        self.connect().await.map(drop).map_err(|why| format!("Redis: {why}"))
    }

    async fn connect(&self) -> Result<MultiplexedConnection, String> {
        let client = redis::Client::open(self.url.expose()).map_err(in_words)?;
        within(PATIENCE, async {
            let mut connection = client.get_multiplexed_async_connection().await.map_err(in_words)?;
            ping(&mut connection).await?;
            Ok(connection)
        })
        .await
    }
}

/// The fault.
#[derive(Debug)]
pub struct RedisFault {
    spec: RedisSpec,
    /// Opened before the action: it is asked for the proof.
    open: Option<MultiplexedConnection>,
    /// When the server ends its pause.
    paused_until: Option<Micros>,
    killed: u64,
    over_at: Option<Micros>,
}

impl RedisFault {
    /// Will do as `spec` says.
    #[must_use]
    pub fn new(spec: RedisSpec) -> Self {
        Self { spec, open: None, paused_until: None, killed: 0, over_at: None }
    }

    async fn act(&mut self, clock: Clock) -> Result<Micros, String> {
        let mut connection = self.spec.connect().await?;
        if let RedisAction::PauseClients(_) = self.spec.action {
            self.open = Some(self.spec.connect().await?);
        }
        let action_us = clock.now();
        match self.spec.action {
            RedisAction::PauseClients(lasts) => {
                // Even where the answer is lost.
                self.paused_until = Some(action_us + duration_us(lasts));
                let ms = u64::try_from(lasts.as_millis()).unwrap_or(u64::MAX);
                let paused =
                    redis::cmd("CLIENT").arg("PAUSE").arg(ms).query_async::<()>(&mut connection).await;
                paused.map_err(in_words)?;
            }
            RedisAction::KillClients => {
                let mut kill = redis::cmd("CLIENT");
                kill.arg("KILL").arg("TYPE").arg("normal").arg("SKIPME").arg("yes");
                self.killed = kill.query_async(&mut connection).await.map_err(in_words)?;
            }
        }
        Ok(action_us)
    }

    /// Waits for the first PING that is left unanswered.
    async fn silent(&mut self, clock: Clock) -> Result<Effect, FaultError> {
        let no_effect = |why: &str| FaultError::NoEffect(why.to_owned());
        let open = self.open.as_mut().ok_or_else(|| no_effect("Redis was not asked to pause"))?;
        let deadline = clock.now() + duration_us(EFFECT_TIMEOUT);
        loop {
            let asked = clock.now();
            if within(SILENCE, ping(open)).await.is_err() {
                let evidence =
                    format!("the open connection to Redis got no answer to a PING within {SILENCE:?}");
                return Ok(Effect { confirmed_us: asked, evidence });
            }
            if asked >= deadline {
                return Err(no_effect("Redis took CLIENT PAUSE and went on answering"));
            }
            clock.sleep_until(asked + duration_us(ASK_EVERY)).await;
        }
    }

    /// Waits until the server serves again; when it did.
    async fn back(&self, clock: Clock, paused_until: Micros) -> Result<Micros, String> {
        let deadline = paused_until.max(clock.now()) + duration_us(BACK_PATIENCE);
        if let Some(mut open) = self.open.clone() {
            // Where it is held back, the answer does not matter.
            let unpause = async {
                redis::cmd("CLIENT").arg("UNPAUSE").query_async::<()>(&mut open).await.map_err(in_words)
            };
            let _ = within(SILENCE, unpause).await;
        }
        loop {
            match self.spec.connect().await {
                Ok(_) => return Ok(clock.now()),
                Err(why) if clock.now() >= deadline => {
                    return Err(format!(
                        "Redis does not answer {BACK_PATIENCE:?} after the end of its pause: {why}"
                    ));
                }
                Err(_) => tokio::time::sleep(ASK_EVERY).await,
            }
        }
    }
}

async fn ping(connection: &mut MultiplexedConnection) -> Result<(), String> {
    redis::cmd("PING").query_async::<()>(connection).await.map_err(in_words)
}

impl Fault for RedisFault {
    fn kind(&self) -> &'static str {
        match self.spec.action {
            RedisAction::PauseClients(_) => "redis-pause-clients",
            RedisAction::KillClients => "redis-kill-clients",
        }
    }

    fn target(&self) -> &str {
        &self.spec.name
    }

    fn inject<'a>(&'a mut self, context: &'a Context) -> Act<'a, Injection> {
        Box::pin(async move {
            match self.act(context.clock).await {
                Ok(action_us) => Ok(Injection { action_us, pid: None, status: None }),
                Err(why) => Err(FaultError::NotInjected(format!("Redis: {why}"))),
            }
        })
    }

    fn confirm<'a>(&'a mut self, context: &'a Context) -> Act<'a, Effect> {
        Box::pin(async move {
            match self.spec.action {
                RedisAction::PauseClients(_) => self.silent(context.clock).await,
                RedisAction::KillClients if self.killed == 0 => {
                    Err(FaultError::NoEffect("Redis has no client but us".to_owned()))
                }
                RedisAction::KillClients => {
                    let confirmed_us = context.clock.now();
                    self.over_at = Some(confirmed_us);
                    let evidence = format!("Redis says that it closed {} connections", self.killed);
                    Ok(Effect { confirmed_us, evidence })
                }
            }
        })
    }

    fn expected_alerts(&self, _episode: u32, _context: &Context) -> Vec<AlertExpected> {
        Vec::new()
    }

    fn over_at(&self) -> Option<Micros> {
        self.over_at
    }

    fn lasts(&self) -> Option<Duration> {
        match self.spec.action {
            RedisAction::PauseClients(lasts) => Some(lasts),
            RedisAction::KillClients => None,
        }
    }

    fn revert<'a>(&'a mut self, context: &'a Context) -> Act<'a, Option<Micros>> {
        Box::pin(async move {
            let Some(paused_until) = self.paused_until else { return Ok(None) };
            let back = self.back(context.clock, paused_until).await.map_err(FaultError::NotUndone)?;
            self.paused_until = None;
            Ok(Some(back))
        })
    }
}

#[cfg(test)]
mod tests;

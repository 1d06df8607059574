//! The connection to Redis: one, shared by everybody, and given up as soon as anything is wrong with it.
//!
//! The crate has a connection manager of its own; it waits for an answer that a hung server owes for as long as the
//! connection lives, and reports the failure of an attempt to connect to the call after it. Here connecting is a part of
//! the call that needs it, within the same time limit.

use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, FromRedisValue, Pipeline, RedisError};
use tokio::sync::Mutex;

use super::StoreError;
use super::place::{RedisPlace, Secrets};

/// The link; it connects on first use.
pub(super) struct RedisLink {
    client: redis::Client,
    secrets: Secrets,
    timeout: Duration,
    connected: Mutex<Connected>,
}

#[derive(Default)]
struct Connected {
    connection: Option<MultiplexedConnection>,
    /// Which connection it is: who failed on an earlier one leaves this one alone.
    number: u64,
}

impl std::fmt::Debug for RedisLink {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("RedisLink").field("timeout", &self.timeout).finish_non_exhaustive()
    }
}

impl RedisLink {
    /// A link to `place`; a call, connecting included, may take `timeout`.
    pub(super) fn new(place: &RedisPlace, timeout: Duration) -> Self {
        let (client, secrets) = (place.client.clone(), place.secrets.clone());
        Self { client, secrets, timeout, connected: Mutex::default() }
    }

    /// Has the server do `commands`, and reads its answers.
    pub(super) async fn call<T: FromRedisValue>(&self, commands: &Pipeline) -> Result<T, StoreError> {
        // That of the connection which was used.
        let mut number = None;
        let asked = async {
            let (mut connection, used) = self.connection().await?;
            number = Some(used);
            commands.query_async(&mut connection).await
        };
        let error = match tokio::time::timeout(self.timeout, asked).await {
            Ok(Ok(answer)) => return Ok(answer),
            Ok(Err(error)) if error.is_timeout() => StoreError::TimedOut(self.timeout),
            Ok(Err(error)) => StoreError::Failed(self.secrets.redact(&error.to_string())),
            Err(_) => StoreError::TimedOut(self.timeout),
        };
        if let Some(number) = number {
            self.give_up(number).await;
        }
        Err(error)
    }

    async fn connection(&self) -> Result<(MultiplexedConnection, u64), RedisError> {
        // Who waits here for another's attempt waits for the server, within the same time limit.
        let mut connected = self.connected.lock().await;
        if let Some(connection) = &connected.connection {
            return Ok((connection.clone(), connected.number));
        }
        // Both limits are shorter by default.
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(self.timeout))
            .set_response_timeout(Some(self.timeout));
        let connection = self.client.get_multiplexed_async_connection_with_config(&config).await?;
        connected.number += 1;
        connected.connection = Some(connection.clone());
        Ok((connection, connected.number))
    }

    /// Closes the connection, unless there is another one already. What the server has not read of it may still be done:
    /// see [`redis_cache`](super::redis_cache).
    async fn give_up(&self, number: u64) {
        let mut connected = self.connected.lock().await;
        if connected.number == number {
            connected.connection = None;
        }
    }
}

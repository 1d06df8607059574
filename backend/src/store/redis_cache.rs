//! The cache on Redis.
//!
//! | key | holds |
//! |---|---|
//! | `fault-recovery-manager:generation` | the generation: gone when the server lost its memory |
//! | `fault-recovery-manager:asked` | nothing: it is written to see whether the server takes writes |
//! | `fault-recovery-manager:sessions` | a sorted set of the names, all with score 0, so in the order of their bytes |
//! | `fault-recovery-manager:session:{id}` | a hash: `count`, `last_seq`, `checksum`, and the latest `analysis` |
//!
//! **Late writes.** A server that was stopped still does what it finds in the sockets of connections that we have given
//! up, in whatever order. So every write names the generation that it is meant for, and one script looks at that and
//! writes: as each filling of the cache begins with a new generation, nothing from before it can spoil it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use redis::{Pipeline, cmd, pipe};

use super::place::RedisPlace;
use super::redis_link::RedisLink;
use super::totals_row::named;
use super::{CacheStore, StoreError, StoreFuture, Totals};
use crate::module::SessionId;

const GENERATION: &str = "fault-recovery-manager:generation";
const ASKED: &str = "fault-recovery-manager:asked";
const SESSIONS: &str = "fault-recovery-manager:sessions";
const SESSION: &str = "fault-recovery-manager:session:";

/// Sessions in one run of a script: nobody else is served meanwhile.
const SESSIONS_PER_SCRIPT: usize = 200;
/// Answers 0 and does nothing when the generation is not that of the first argument. The server runs a script alone.
const ONLY_IN_GENERATION: &str = "if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end ";
const PUT: &str = "for i = 2, #ARGV, 4 do \
     redis.call('HSET', KEYS[3] .. ARGV[i], 'count', ARGV[i + 1], 'last_seq', ARGV[i + 2], 'checksum', ARGV[i + 3]) \
     redis.call('ZADD', KEYS[2], 0, ARGV[i]) \
     end return 1";
const PUT_ANALYSES: &str = "for i = 2, #ARGV, 2 do \
     if redis.call('EXISTS', KEYS[3] .. ARGV[i]) == 1 then \
     redis.call('HSET', KEYS[3] .. ARGV[i], 'analysis', ARGV[i + 1]) end \
     end return 1";
const REMOVE: &str = "for i = 2, #ARGV do \
     redis.call('DEL', KEYS[3] .. ARGV[i]) redis.call('ZREM', KEYS[2], ARGV[i]) \
     end return 1";

/// Hot state on a Redis server.
#[derive(Debug)]
pub(crate) struct RedisCache {
    link: RedisLink,
    /// The generation that our writes are meant for; empty for a server that has none.
    generation: Mutex<Option<String>>,
}

impl RedisCache {
    /// A cache in `place`; nothing is opened yet. No call takes longer than `timeout`.
    pub(crate) fn new(place: &RedisPlace, timeout: Duration) -> Self {
        Self { link: RedisLink::new(place, timeout), generation: Mutex::default() }
    }

    /// The generation that writes are meant for: the latest that we have set. A process that has set none yet goes on
    /// with what it finds first.
    async fn generation(&self) -> Result<String, StoreError> {
        if let Some(generation) = self.known() {
            return Ok(generation);
        }
        let (found,): (Option<String>,) = self.link.call(pipe().get(GENERATION)).await?;
        let mut known = self.generation.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(known.get_or_insert_with(|| found.unwrap_or_default()).clone())
    }

    fn known(&self) -> Option<String> {
        self.generation.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Runs `script` on `arguments`, of which each session takes `width`.
    async fn write(&self, script: &str, arguments: &[&str], width: usize) -> Result<(), StoreError> {
        let generation = self.generation().await?;
        let script = format!("{ONLY_IN_GENERATION}{script}");
        let mut commands = Pipeline::new();
        for some in arguments.chunks(width * SESSIONS_PER_SCRIPT) {
            let mut run = cmd("EVAL");
            run.arg(&script).arg(3).arg(&[GENERATION, SESSIONS, SESSION]).arg(&generation).arg(some);
            commands.add_command(run);
        }
        if commands.is_empty() {
            return Ok(());
        }
        let done: Vec<u8> = self.link.call(&commands).await?;
        if done.iter().all(|done| *done == 1) { Ok(()) } else { Err(StoreError::Replaced) }
    }
}

fn key(session: &SessionId) -> String {
    format!("{SESSION}{session}")
}

/// A hash as it is read: `count`, `last_seq`, `checksum`.
type Held = (Option<i64>, Option<i64>, Option<String>);

impl CacheStore for RedisCache {
    fn prepare(&self) -> StoreFuture<'_, Option<String>> {
        Box::pin(async {
            // One that is full or a replica still reads: it must not look as if it were back.
            let mut commands = pipe();
            commands.set(ASKED, 1).ignore().get(GENERATION);
            let (found,) = self.link.call(&commands).await?;
            Ok(found)
        })
    }

    fn set_generation<'a>(&'a self, id: &'a str) -> StoreFuture<'a, ()> {
        Box::pin(async move {
            self.link.call::<()>(pipe().set(GENERATION, id).ignore()).await?;
            *self.generation.lock().unwrap_or_else(PoisonError::into_inner) = Some(id.to_owned());
            Ok(())
        })
    }

    fn put<'a>(&'a self, states: &'a [(SessionId, Totals)]) -> StoreFuture<'a, ()> {
        Box::pin(async move {
            let numbers: Vec<[String; 3]> = states
                .iter()
                .map(|(_, totals)| {
                    [totals.count.to_string(), totals.last_seq.to_string(), totals.checksum.to_hex()]
                })
                .collect();
            let row = |((session, _), numbers): (&'a (SessionId, Totals), _)| {
                let [count, last_seq, checksum]: &[String; 3] = numbers;
                [session.as_str(), count, last_seq, checksum]
            };
            let arguments: Vec<&str> = states.iter().zip(&numbers).flat_map(row).collect();
            self.write(PUT, &arguments, 4).await
        })
    }

    fn put_analyses<'a>(&'a self, analyses: &'a [(SessionId, String)]) -> StoreFuture<'a, ()> {
        Box::pin(async move {
            let row = |(session, analysis): &'a (SessionId, String)| [session.as_str(), analysis];
            let arguments: Vec<&str> = analyses.iter().flat_map(row).collect();
            self.write(PUT_ANALYSES, &arguments, 2).await
        })
    }

    fn get<'a>(&'a self, sessions: &'a [SessionId]) -> StoreFuture<'a, HashMap<SessionId, Totals>> {
        Box::pin(async move {
            let known = self.known();
            // All of one moment, and the generation with them: a server that was emptied knows no session, which is
            // not to be taken for an answer.
            let mut commands = pipe();
            commands.atomic().get(GENERATION);
            for session in sessions {
                commands.hmget(key(session), &["count", "last_seq", "checksum"]);
            }
            let mut answers: Vec<redis::Value> = self.link.call(&commands).await?;
            let held = answers.split_off(1.min(answers.len()));
            let generation: Option<String> = read(answers.pop())?;
            if known.is_some_and(|known| known != generation.unwrap_or_default()) {
                return Err(StoreError::Replaced);
            }
            let mut found = HashMap::with_capacity(sessions.len());
            for (session, held) in sessions.iter().zip(held) {
                if let (Some(count), Some(last_seq), Some(checksum)) = read::<Held>(Some(held))? {
                    found.extend(named(&(session.to_string(), count, last_seq, checksum)));
                }
            }
            Ok(found)
        })
    }

    fn analysis<'a>(&'a self, session: &'a SessionId) -> StoreFuture<'a, Option<String>> {
        Box::pin(async move {
            let (found,) = self.link.call(pipe().hget(key(session), "analysis")).await?;
            Ok(found)
        })
    }

    fn names<'a>(&'a self, after: Option<&'a SessionId>, limit: u32) -> StoreFuture<'a, Vec<SessionId>> {
        Box::pin(async move {
            let after = after.map_or_else(|| "-".to_owned(), |after| format!("({after}"));
            let limit = isize::try_from(limit).unwrap_or(isize::MAX);
            let (names,): (Vec<String>,) =
                self.link.call(pipe().zrangebylex_limit(SESSIONS, after, "+", 0, limit)).await?;
            // Only names that were checked are ever written.
            Ok(names.iter().filter_map(|name| name.parse().ok()).collect())
        })
    }

    fn remove<'a>(&'a self, sessions: &'a [SessionId]) -> StoreFuture<'a, ()> {
        Box::pin(async move {
            let arguments: Vec<&str> = sessions.iter().map(SessionId::as_str).collect();
            self.write(REMOVE, &arguments, 1).await
        })
    }
}

fn read<T: redis::FromRedisValue>(answer: Option<redis::Value>) -> Result<T, StoreError> {
    let answer = answer.unwrap_or(redis::Value::Nil);
    T::from_redis_value(answer).map_err(|error| StoreError::Failed(error.to_string()))
}

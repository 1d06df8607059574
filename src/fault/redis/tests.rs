use super::*;
use crate::fault::testing::context;

fn fault(url: &str, action: RedisAction) -> RedisFault {
    RedisFault::new(RedisSpec { name: "cache".to_owned(), url: Secret::new(url.to_owned()), action })
}

#[tokio::test]
async fn a_pause_is_seen_on_an_open_connection_and_ends_in_time() {
    let Some(stores) = local_stores::for_tests() else { return };
    let context = context();
    let lasts = Duration::from_millis(800);
    let mut fault = fault(stores.cache().url(), RedisAction::PauseClients(lasts));
    assert_eq!((fault.kind(), fault.lasts()), ("redis-pause-clients", Some(lasts)));
    let action_us = fault.inject(&context).await.unwrap().action_us;
    let effect = fault.confirm(&context).await.unwrap();
    assert!(effect.evidence.contains("no answer to a PING within 100ms"), "{}", effect.evidence);
    assert!((action_us..action_us + 500_000).contains(&effect.confirmed_us), "{effect:?} {action_us}");
    // Undone before its time: Redis holds everything back until the pause is over.
    let ended = fault.revert(&context).await.unwrap().unwrap();
    assert!((790_000..5_000_000).contains(&(ended - action_us)), "{ended} {action_us}");
    assert_eq!(fault.revert(&context).await.unwrap(), None, "twice is harmless");
    stores.stop().unwrap();
}

#[tokio::test]
async fn clients_are_thrown_out_and_without_clients_there_is_no_effect() {
    let Some(stores) = local_stores::for_tests() else { return };
    let context = context();
    let url = stores.cache().url();
    fault(url, RedisAction::KillClients).spec.check().await.unwrap();
    let mut alone = fault(url, RedisAction::KillClients);
    alone.inject(&context).await.unwrap();
    let error = alone.confirm(&context).await.unwrap_err();
    assert!(matches!(error, FaultError::NoEffect(_)), "{error}");

    let client = redis::Client::open(url).unwrap();
    let mut victim = client.get_multiplexed_async_connection().await.unwrap();
    ping(&mut victim).await.unwrap();
    let mut fault = fault(url, RedisAction::KillClients);
    fault.inject(&context).await.unwrap();
    let effect = fault.confirm(&context).await.unwrap();
    assert_eq!(effect.evidence, "Redis says that it closed 1 connections");
    assert_eq!(fault.over_at(), Some(effect.confirmed_us));
    ping(&mut victim).await.unwrap_err();
    assert_eq!(fault.revert(&context).await.unwrap(), None);
    stores.stop().unwrap();
}

#[tokio::test]
async fn a_password_is_not_told() {
    let context = context();
    let url = "redis://me:s3cret@127.0.0.1:9/";
    let mut fault = fault(url, RedisAction::KillClients);
    let checked = fault.spec.check().await.unwrap_err();
    assert!(checked.starts_with("Redis: ") && !checked.contains("s3cret"), "{checked}");
    let error = fault.inject(&context).await.unwrap_err();
    assert!(matches!(error, FaultError::NotInjected(_)), "{error}");
    assert!(!format!("{fault:?} {error}").contains("s3cret"), "{fault:?} {error}");
}

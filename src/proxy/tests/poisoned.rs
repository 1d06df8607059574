//! Each toxic on real sockets: what it does, that it is counted, and that it ends.

use std::num::NonZeroU32;

use super::super::{ProxyError, ProxyHandle, Toxic};
use super::*;
use crate::proxy::opened::Poisoning;

const LATENCY: Duration = Duration::from_millis(200);
/// A round trip without a delay, on a machine that has other things to do.
const QUICK: Duration = Duration::from_millis(150);

/// The quickest of three round trips: a machine that is busy can only make them slower.
async fn quickest(client: &mut TcpStream) -> Duration {
    let mut quickest = Duration::MAX;
    for _ in 0..3 {
        quickest = quickest.min(ping(client).await.unwrap());
    }
    quickest
}

async fn until_effective(handle: &ProxyHandle, poisoning: Poisoning) -> super::super::Effects {
    tokio::time::timeout(PATIENCE, handle.first_effect(poisoning)).await.expect("no effect is counted")
}

#[tokio::test]
async fn latency_delays_each_answer_by_about_its_amount_and_ends_when_it_is_cleared() {
    let proxy = open(echo().await);
    let (handle, mut client) = (proxy.handle(), connect(&proxy).await);
    assert!(quickest(&mut client).await < QUICK);
    let poisoning = handle.set(Toxic::Latency { latency: LATENCY, jitter: Duration::ZERO }).await.unwrap();
    let took = quickest(&mut client).await;
    assert!((LATENCY..LATENCY + QUICK).contains(&took), "{took:?}");
    let effects = until_effective(&handle, poisoning).await;
    assert_eq!((effects.chunks, effects.bytes), (3, 3), "one chunk each, in one direction only");
    assert!(handle.clear(poisoning).await.unwrap());
    assert!(quickest(&mut client).await < QUICK);
    assert_eq!(handle.effects().chunks, 3, "nothing is counted after it was cleared");
}

#[tokio::test]
async fn latency_with_jitter_neither_throttles_nor_reorders() {
    let proxy = open(echo().await);
    let (handle, client) = (proxy.handle(), connect(&proxy).await);
    let jitter = LATENCY / 2;
    handle.set(Toxic::Latency { latency: LATENCY, jitter }).await.unwrap();
    let (mut from, mut to) = client.into_split();
    let clock = Clock::start();
    let sending = tokio::spawn(async move {
        for number in 0..100u8 {
            to.write_all(&[number]).await.unwrap();
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        to
    });
    let mut came = [0; 100];
    tokio::time::timeout(PATIENCE, from.read_exact(&mut came)).await.unwrap().unwrap();
    let took = Duration::from_micros(clock.now());
    assert!(came.iter().copied().eq(0..100), "{came:?}");
    sending.await.unwrap();
    let chunks = handle.effects().chunks;
    assert!(chunks > 20, "{chunks} chunks");
    // One delay after the other would take `chunks` times at least 100 ms; in a delay line they overlap.
    assert!(
        took >= jitter && took < jitter * u32::try_from(chunks).unwrap() / 2,
        "{took:?} for {chunks} chunks"
    );
}

#[tokio::test]
async fn what_a_delay_holds_back_is_delivered_when_it_is_cleared() {
    let proxy = open(echo().await);
    let (handle, mut client) = (proxy.handle(), connect(&proxy).await);
    let latency = PATIENCE * 10;
    let poisoning = handle.set(Toxic::Latency { latency, jitter: Duration::ZERO }).await.unwrap();
    client.write_all(b"late").await.unwrap();
    until_effective(&handle, poisoning).await;
    assert!(handle.clear(poisoning).await.unwrap());
    let mut came = [0; 4];
    tokio::time::timeout(PATIENCE, client.read_exact(&mut came)).await.unwrap().unwrap();
    assert_eq!(&came, b"late");
}

#[tokio::test]
async fn all_connections_share_the_bandwidth() {
    let proxy = open(echo().await);
    let handle = proxy.handle();
    let rate_kib = NonZeroU32::new(64).unwrap();
    let poisoning = handle.set(Toxic::Bandwidth { rate_kib }).await.unwrap();
    let clock = Clock::start();
    let half = async {
        let mut client = connect(&proxy).await;
        client.write_all(&[1; 32 << 10]).await.unwrap();
        client.read_exact(&mut [0; 32 << 10]).await.unwrap();
        Duration::from_micros(clock.now())
    };
    let other = async {
        let mut client = connect(&proxy).await;
        client.write_all(&[2; 32 << 10]).await.unwrap();
        client.read_exact(&mut [0; 32 << 10]).await.unwrap();
        Duration::from_micros(clock.now())
    };
    let (one, other) = tokio::join!(half, other);
    // Two times 32 KiB take a second of a line of 64 KiB/s, and neither of them less than half of it.
    assert!(one.min(other) >= Duration::from_millis(490), "{one:?} {other:?}");
    assert!(one.max(other) >= Duration::from_millis(990), "{one:?} {other:?}");
    assert!(until_effective(&handle, poisoning).await.bytes >= 60 << 10);
    assert!(handle.clear(poisoning).await.unwrap());
    assert!(quickest(&mut connect(&proxy).await).await < QUICK);
}

#[tokio::test]
async fn a_connection_is_reset_after_so_many_bytes_and_not_before() {
    let proxy = open(echo().await);
    let (handle, mut client) = (proxy.handle(), connect(&proxy).await);
    ping(&mut client).await.unwrap();
    let poisoning = handle.set(Toxic::Reset { after_bytes: 1000 }).await.unwrap();
    client.write_all(&[3; 5000]).await.unwrap();
    client.read_exact(&mut [0; 1000]).await.unwrap();
    assert_eq!(end_of(&mut client).await, Some(ErrorKind::ConnectionReset));
    assert_eq!(until_effective(&handle, poisoning).await.connections, 1);
    let mut small = connect(&proxy).await;
    ping(&mut small).await.expect("one byte is below the limit");
    assert!(handle.clear(poisoning).await.unwrap());
    small.write_all(&[4; 2000]).await.unwrap();
    small.read_exact(&mut [0; 2000]).await.expect("there is no limit any more");
}

#[tokio::test]
async fn refuse_has_the_kernel_refuse_and_the_same_port_answers_afterwards() {
    let proxy = open(echo().await);
    let (handle, mut client) = (proxy.handle(), connect(&proxy).await);
    ping(&mut client).await.unwrap();
    for round in 0..3 {
        let poisoning = handle.set(Toxic::Refuse).await.unwrap();
        assert!(until_effective(&handle, poisoning).await.connections >= 1, "round {round}");
        assert_eq!(end_of(&mut client).await, None);
        let error = TcpStream::connect(handle.address()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
        assert!(handle.clear(poisoning).await.unwrap());
        client = connect(&proxy).await;
        ping(&mut client).await.unwrap();
    }
}

#[tokio::test]
async fn cut_closes_what_is_open_and_what_is_opened() {
    let proxy = open(echo().await);
    let (handle, mut client) = (proxy.handle(), connect(&proxy).await);
    ping(&mut client).await.unwrap();
    let poisoning = handle.set(Toxic::Cut).await.unwrap();
    assert_eq!(end_of(&mut client).await, None);
    assert_eq!(end_of(&mut connect(&proxy).await).await, None);
    assert_eq!(until_effective(&handle, poisoning).await.connections, 2);
    assert!(handle.clear(poisoning).await.unwrap());
    ping(&mut connect(&proxy).await).await.unwrap();
}

#[tokio::test]
async fn a_blackhole_answers_nothing_and_resets_only_what_has_lost_something() {
    let proxy = open(echo().await);
    let handle = proxy.handle();
    let (mut open, mut idle) = (connect(&proxy).await, connect(&proxy).await);
    ping(&mut open).await.unwrap();
    ping(&mut idle).await.unwrap();
    let poisoning = handle.set(Toxic::Blackhole).await.unwrap();
    let mut new = connect(&proxy).await;
    for client in [&mut open, &mut new] {
        client.write_all(b"lost").await.unwrap();
        let answer = tokio::time::timeout(LATENCY, client.read(&mut [0])).await;
        assert!(answer.is_err(), "{answer:?}");
    }
    let effects = until_effective(&handle, poisoning).await;
    assert_eq!((effects.bytes, effects.connections), (8, 0));
    assert!(handle.clear(poisoning).await.unwrap());
    assert_eq!(end_of(&mut open).await, Some(ErrorKind::ConnectionReset));
    assert_eq!(end_of(&mut new).await, Some(ErrorKind::ConnectionReset));
    ping(&mut idle).await.expect("it has lost nothing");
}

#[tokio::test]
async fn one_thing_is_done_at_a_time_and_cleared_by_who_did_it() {
    let proxy = open(echo().await);
    let handle = proxy.handle();
    let first = handle.set(Toxic::Blackhole).await.unwrap();
    assert!(matches!(handle.set(Toxic::Cut).await, Err(ProxyError::Busy { .. })));
    assert!(handle.clear(first).await.unwrap());
    assert!(!handle.clear(first).await.unwrap(), "nothing is left to clear");
    let second = handle.set(Toxic::Cut).await.unwrap();
    assert!(!handle.clear(first).await.unwrap(), "that is another's");
    handle.clear_now(second);
    assert!(!handle.clear(second).await.unwrap(), "it was cleared without waiting");
}

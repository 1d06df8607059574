use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::*;
use crate::fault::testing::context;
use crate::proxy::{Proxy, ProxySpec};

const LATENCY: Toxic = Toxic::Latency { latency: Duration::from_millis(100), jitter: Duration::ZERO };

/// A proxy in front of somebody who sends everything back, and a connection through it.
async fn opened(context: &Context) -> (Proxy, TcpStream) {
    let upstream = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let spec = ProxySpec {
        name: "a".to_owned(),
        listen: "127.0.0.1:0".parse().unwrap(),
        upstream: upstream.local_addr().unwrap().to_string(),
        exposed: false,
    };
    let proxy = Proxy::open(&spec, context.clock, 1).unwrap();
    let client = TcpStream::connect(proxy.handle().address()).await.unwrap();
    let (mut served, _) = upstream.accept().await.unwrap();
    tokio::spawn(async move {
        let (mut from, mut to) = served.split();
        let _ = tokio::io::copy(&mut from, &mut to).await;
    });
    (proxy, client)
}

fn fault(proxy: &Proxy, toxic: Toxic, lasts: Duration) -> ProxyFault {
    ProxyFault::new(ProxyFaultSpec { name: "link".to_owned(), toxic, lasts: Some(lasts) }, proxy.handle())
}

#[tokio::test]
async fn what_the_toxic_does_first_is_the_proof_and_clearing_it_is_the_end() {
    let context = context();
    let (proxy, mut client) = opened(&context).await;
    let mut fault = fault(&proxy, LATENCY, Duration::from_secs(20));
    assert_eq!((fault.kind(), fault.target()), ("proxy-latency", "link"));
    let action_us = fault.inject(&context).await.unwrap().action_us;
    client.write_all(b"p").await.unwrap();
    let effect = fault.confirm(&context).await.unwrap();
    assert!(effect.confirmed_us >= action_us);
    assert_eq!(effect.evidence, "the proxy a held an answer back for about 100ms");
    client.read_exact(&mut [0]).await.unwrap();
    let ended = fault.revert(&context).await.unwrap().unwrap();
    assert!(ended >= effect.confirmed_us);
    assert_eq!(fault.revert(&context).await.unwrap(), None, "twice is harmless");
}

#[tokio::test]
async fn a_proxy_that_nothing_passes_shows_no_effect() {
    let context = context();
    let (proxy, _idle) = opened(&context).await;
    let mut fault = fault(&proxy, LATENCY, Duration::from_millis(200));
    fault.inject(&context).await.unwrap();
    let error = fault.confirm(&context).await.unwrap_err();
    assert!(
        matches!(&error, FaultError::NoEffect(why) if why.contains("nothing passed the proxy a at 127.0.0.1:")),
        "{error}"
    );
    assert!(fault.revert(&context).await.unwrap().is_some());
}

#[tokio::test]
async fn a_fault_that_is_dropped_in_effect_leaves_the_proxy_clean() {
    let context = context();
    let (proxy, _client) = opened(&context).await;
    let mut dropped = fault(&proxy, Toxic::Cut, Duration::from_secs(20));
    dropped.inject(&context).await.unwrap();
    let mut second = fault(&proxy, Toxic::Refuse, Duration::from_secs(20));
    let error = second.inject(&context).await.unwrap_err();
    assert!(matches!(&error, FaultError::NotInjected(why) if why.contains("under another fault")), "{error}");
    drop(dropped);
    second.inject(&context).await.unwrap();
    let evidence = second.confirm(&context).await.unwrap().evidence;
    assert_eq!(evidence, "the proxy a stopped listening, and a connection to it was refused");
    second.revert(&context).await.unwrap();
}

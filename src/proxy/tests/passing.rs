//! A proxy to whose connections nothing is done.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::super::{Effects, ProxyError, Toxic};
use super::*;

#[tokio::test]
async fn bytes_pass_in_both_directions_and_a_half_close_is_handed_on() {
    let proxy = open(echo().await);
    let mut client = connect(&proxy).await;
    let sent: Vec<u8> = (0..3_000_000u32).map(|n| (n % 251) as u8).collect();
    let (mut from, mut to) = client.split();
    let mut came = Vec::new();
    let (wrote, read) = tokio::join!(
        async {
            to.write_all(&sent).await?;
            to.shutdown().await
        },
        from.read_to_end(&mut came)
    );
    wrote.unwrap();
    read.unwrap();
    assert!(came == sent, "{} of {} bytes came back", came.len(), sent.len());
    assert_eq!(proxy.handle().effects(), Effects::default());
}

#[tokio::test]
async fn two_hundred_connections_live_side_by_side_and_each_gets_its_own_bytes_back() {
    let proxy = open(echo().await);
    let mut clients = Vec::new();
    for number in 0..200u8 {
        let mut client = connect(&proxy).await;
        clients.push(tokio::spawn(async move {
            for round in 0..50u8 {
                let sent = [number, round];
                client.write_all(&sent).await.unwrap();
                let mut came = [0; 2];
                client.read_exact(&mut came).await.unwrap();
                assert_eq!(came, sent);
            }
            client
        }));
    }
    for client in clients {
        tokio::time::timeout(PATIENCE, client).await.expect("a connection hangs").unwrap();
    }
}

#[tokio::test]
async fn a_client_that_does_not_read_holds_the_upstream_back() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let upstream = listener.local_addr().unwrap();
    let sent = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&sent);
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        while let Ok(count) = stream.write(&[0; 1 << 16]).await {
            counted.fetch_add(count, Ordering::Relaxed);
        }
    });
    let proxy = open(upstream);
    let _client = connect(&proxy).await;
    let mut before = 0;
    tokio::time::timeout(PATIENCE, async {
        loop {
            tokio::time::sleep(Duration::from_millis(300)).await;
            let now = sent.load(Ordering::Relaxed);
            if now > 0 && now == before {
                break;
            }
            before = now;
        }
    })
    .await
    .expect("the upstream is never held back");
    // 1 MiB waits with us; the rest are the kernel's buffers of two connections, a few MiB each.
    assert!(before < 64 << 20, "{before} bytes were taken for a client that reads none");
}

#[tokio::test]
async fn an_upstream_that_is_not_there_shows_as_a_reset() {
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let proxy = open(nobody);
    // The reset may come before we have looked whether the connection came about.
    let ended = match TcpStream::connect(proxy.handle().address()).await {
        Ok(mut client) => end_of(&mut client).await,
        Err(error) => Some(error.kind()),
    };
    assert_eq!(ended, Some(ErrorKind::ConnectionReset));
}

#[tokio::test]
async fn a_peer_that_resets_is_handed_on_as_a_reset() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let proxy = open(listener.local_addr().unwrap());
    let client = connect(&proxy).await;
    let (mut upstream, _) = listener.accept().await.unwrap();
    client.set_zero_linger().unwrap();
    drop(client);
    assert_eq!(end_of(&mut upstream).await, Some(ErrorKind::ConnectionReset));
}

#[tokio::test]
async fn a_proxy_that_is_dropped_ends_with_its_connections() {
    let proxy = open(echo().await);
    let (handle, mut client) = (proxy.handle(), connect(&proxy).await);
    ping(&mut client).await.unwrap();
    drop(proxy);
    end_of(&mut client).await;
    let error = TcpStream::connect(handle.address()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
    assert!(matches!(handle.set(Toxic::Cut).await, Err(ProxyError::Ended { .. })));
}

#[tokio::test]
async fn an_address_that_is_open_to_others_must_be_asked_for() {
    let upstream = echo().await;
    let open_to_all = ProxySpec { listen: "0.0.0.0:0".parse().unwrap(), ..spec(upstream) };
    let refused = Proxy::open(&open_to_all, Clock::start(), 1).unwrap_err();
    assert!(refused.to_string().contains("the proxy a would listen on 0.0.0.0:0"), "{refused}");
    let asked_for = ProxySpec { exposed: true, ..open_to_all };
    drop(Proxy::open(&asked_for, Clock::start(), 1).unwrap());
}

#[tokio::test]
async fn a_port_that_is_taken_is_named() {
    let upstream = echo().await;
    let taken = ProxySpec { listen: upstream, ..spec(upstream) };
    let error = Proxy::open(&taken, Clock::start(), 1).unwrap_err();
    assert!(error.to_string().contains(&format!("the proxy a cannot listen on {upstream}")), "{error}");
}

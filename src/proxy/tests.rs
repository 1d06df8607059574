mod passing;
mod poisoned;

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::{Proxy, ProxySpec};
use crate::clock::Clock;

/// Far longer than anything here takes, so that a test that hangs fails.
const PATIENCE: Duration = Duration::from_secs(20);

/// An upstream that sends everything back, and says so when there is no more.
async fn echo() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let (mut from, mut to) = stream.split();
                let _ = tokio::io::copy(&mut from, &mut to).await;
                let _ = to.shutdown().await;
            });
        }
    });
    address
}

fn spec(upstream: SocketAddr) -> ProxySpec {
    ProxySpec {
        name: "a".to_owned(),
        listen: "127.0.0.1:0".parse().unwrap(),
        upstream: upstream.to_string(),
        exposed: false,
    }
}

fn open(upstream: SocketAddr) -> Proxy {
    Proxy::open(&spec(upstream), Clock::start(), 7).unwrap()
}

async fn connect(proxy: &Proxy) -> TcpStream {
    let stream = TcpStream::connect(proxy.handle().address()).await.unwrap();
    stream.set_nodelay(true).unwrap();
    stream
}

/// Sends one byte and waits for it to come back; how long that took.
async fn ping(stream: &mut TcpStream) -> std::io::Result<Duration> {
    let clock = Clock::start();
    let answered = async {
        stream.write_all(b"p").await?;
        stream.read_exact(&mut [0]).await
    };
    tokio::time::timeout(PATIENCE, answered).await.expect("a ping hangs")?;
    Ok(Duration::from_micros(clock.now()))
}

/// How the stream ends: `None` for its end, else the error's kind.
async fn end_of(stream: &mut TcpStream) -> Option<ErrorKind> {
    let mut rest = Vec::new();
    let read = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut rest)).await;
    read.expect("a stream does not end").err().map(|error| error.kind())
}

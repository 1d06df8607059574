//! An outage of the sink itself: when it begins, and how its address is kept until it is over.

use std::net::SocketAddr;
use std::time::Duration;

use rand::{RngExt as _, SeedableRng};
use rand_chacha::ChaCha8Rng;
use tokio::net::TcpSocket;

use crate::clock::{Clock, duration_us};
use crate::journal::Micros;

/// Keeps this draw apart from those of the fault schedules.
const STREAM: u64 = 16;
/// The outage begins at most this long after the first fault.
const LATEST: Duration = Duration::from_secs(3);
/// How often and how long, beyond the outage, the address is tried.
const RETRY: Duration = Duration::from_millis(50);
const PATIENCE: Duration = Duration::from_secs(5);
const BACKLOG: u32 = 128;

/// How long after the first fault the outage of `seed` begins: less than `within`.
pub(super) fn moment(seed: u64, within: Duration) -> Duration {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(STREAM);
    within.min(LATEST).mul_f64(rng.random::<f64>())
}

/// Waits until `until` and listens on `address` again.
///
/// # Errors
/// When somebody else has the address for good.
pub(super) async fn wait(
    clock: Clock,
    address: SocketAddr,
    until: Micros,
) -> std::io::Result<std::net::TcpListener> {
    // Bound, but not listening: connections are refused, and nobody else gets the port meanwhile, not even as the
    // near end of a user's connection.
    let socket = loop {
        match reserve(address) {
            Ok(socket) => break socket,
            Err(error) if clock.now() >= until + duration_us(PATIENCE) => return Err(error),
            Err(_) => tokio::time::sleep(RETRY).await,
        }
    };
    clock.sleep_until(until).await;
    socket.listen(BACKLOG)?.into_std()
}

fn reserve(address: SocketAddr) -> std::io::Result<TcpSocket> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // What is left of connections that were cut does not stand in the way.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_moment_depends_on_the_seed_alone_and_lies_within(seed: u64, within_ms in 100u64..10_000) {
            let within = Duration::from_millis(within_ms);
            prop_assert_eq!(moment(seed, within), moment(seed, within));
            prop_assert!(moment(seed, within) < within.min(LATEST));
        }
    }

    #[test]
    fn moments_differ_between_seeds() {
        let moments: std::collections::BTreeSet<_> = (0..20).map(|seed| moment(seed, LATEST)).collect();
        assert!(moments.len() > 10, "{moments:?}");
    }

    #[tokio::test]
    async fn refuses_connections_until_it_is_over_and_takes_them_on_the_same_address_afterwards() {
        let clock = Clock::start();
        let listener = super::super::bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let address = listener.local_addr().unwrap();
        drop(listener);
        let until = clock.now() + 300_000;
        let waiting = tokio::spawn(wait(clock, address, until));
        tokio::task::yield_now().await;
        let refused = tokio::net::TcpStream::connect(address).await.unwrap_err();
        assert_eq!(refused.kind(), std::io::ErrorKind::ConnectionRefused);
        let listener = waiting.await.unwrap().unwrap();
        assert!(clock.now() >= until);
        assert_eq!(listener.local_addr().unwrap(), address);
        tokio::net::TcpStream::connect(address).await.unwrap();
    }
}

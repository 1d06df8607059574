//! A loopback port for a server.

use std::io;
use std::net::{Ipv4Addr, TcpListener};

use rand::RngExt as _;

/// Below this, ports belong to well-known services.
const LOWEST: u16 = 10_000;
/// What the kernel gives to outgoing connections when it does not say otherwise.
const EPHEMERAL: u16 = 32_768;
const ATTEMPTS: usize = 50;

/// A port that is free now.
///
/// It is not one that the kernel would pick for an outgoing connection: while the server is away, a client that
/// tries to reconnect could be given the server's own port, even be connected to itself, and the server could
/// not come back. Only when no other is free is the choice left to the kernel.
pub(crate) fn free() -> io::Result<u16> {
    let range = std::fs::read_to_string("/proc/sys/net/ipv4/ip_local_port_range").unwrap_or_default();
    let below = range.split_whitespace().next().and_then(|low| low.parse().ok()).unwrap_or(EPHEMERAL);
    if below > LOWEST {
        let mut random = rand::rng();
        for _ in 0..ATTEMPTS {
            if let Ok(port) = try_port(random.random_range(LOWEST..below)) {
                return Ok(port);
            }
        }
    }
    try_port(0)
}

fn try_port(port: u16) -> io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, port))?.local_addr()?.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_port_that_can_be_bound() {
        let port = free().unwrap();
        assert!(port >= LOWEST);
        assert_eq!(try_port(port).unwrap(), port);
    }

    #[test]
    fn does_not_find_a_port_that_is_taken() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        assert!(try_port(taken.local_addr().unwrap().port()).is_err());
    }
}

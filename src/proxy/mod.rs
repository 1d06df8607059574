//! An in-process TCP proxy that a plan puts between two parts of a system, and what it can do to their connections.
//!
//! [`Proxy`] has a thread and a runtime of its own, so that the load cannot delay what passes; its [`ProxyHandle`] sets and
//! clears one [`Toxic`] at a time while connections live. Each toxic counts what it did ([`Effects`]): the first of it is
//! the proof of its effect.
//!
//! `listener` accepts, `link` is one connection, `pump` one direction of it, `line` what waits in that direction. Every
//! queue is bounded, and a full one is not read into: back-pressure reaches the sender as it would without a proxy.

mod line;
mod link;
mod listener;
mod opened;
mod pump;
mod shared;
mod toxic;

pub(crate) use opened::Poisoning;
pub use opened::{DeclaredProxy, Proxy, ProxyError, ProxyHandle, ProxySpec};
pub use toxic::{Effects, Toxic};

#[cfg(test)]
mod tests;

//! What is observed while a run goes on, besides the users' own requests.
//!
//! [`health`] polls the health page and the backend's events, [`sink`] receives alerts, [`ledger`] knows what
//! was acknowledged. The pollers run on threads of their own ([`thread`]), so that load cannot starve them.

pub mod health;
pub mod ledger;
pub mod sink;
pub mod thread;

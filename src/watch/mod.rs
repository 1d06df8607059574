//! What is observed while a run goes on, besides the users' own requests.
//!
//! [`health`] polls the health page and the backend's events, [`sink`] receives alerts, [`ledger`] knows what
//! was acknowledged and `read_back` what became of it. The pollers run on threads of their own ([`thread`]), so that load cannot starve them.

pub mod alert_poll;
pub mod alerts;
pub mod health;
pub mod ledger;
mod offset;
mod read_back;
pub mod sink;
pub mod thread;

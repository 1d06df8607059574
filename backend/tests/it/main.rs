//! The real thing: a manager and its modules as processes, on free ports and temporary folders.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should end with the place where it stood")]

mod access;
mod alerts;
mod api;
mod dependencies;
mod healing;
mod lifecycle;
mod metrics;
mod openapi;
mod outages;
mod policy;
mod resync;
mod servers;
mod sessions;
mod support;

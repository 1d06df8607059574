//! The real thing: a manager and its modules as processes, on free ports and temporary folders.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should end with the place where it stood")]

mod alerts;
mod api;
mod healing;
mod lifecycle;
mod outages;
mod resync;
mod servers;
mod sessions;
mod support;

//! Real servers: what they keep, what an outage does to them, and that nothing of them is left.

#![expect(clippy::unwrap_used, reason = "in a test, and in its helpers, the first thing that fails ends it")]

mod client;
mod gone;
mod outage;
mod secret;

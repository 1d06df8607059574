//! The goose users, and the canary beside them. The only place that knows goose's configuration.
//!
//! `traffic` writes and reads sessions as many users do, or sends the `mix` of requests of a plan, `injector` is the goose user that walks through
//! the scenarios (`store_outages` is scenario B, `cascade` C), `gate` holds the others still, [`canary`] asks at a fixed rate from a
//! thread of its own. Or the users are those of somebody else's load test: [`foreign`].

pub mod attack;
pub mod canary;
mod cascade;
mod exchange;
pub mod files;
pub mod foreign;
mod gate;
mod injector;
mod mix;
mod options;
mod store_outages;
mod traffic;

pub(crate) use attack::explained;
pub use attack::{AttackError, Shared, TrafficKind};
pub use gate::Gate;
pub use mix::Mix;
pub use options::{OptionsError, check as check_options};

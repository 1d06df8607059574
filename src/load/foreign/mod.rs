//! A goose load that is somebody else's: its scenarios stay as they are, and what their users do becomes part of the run.
//!
//! `hook` meets the users, and learns from the first one when goose's clock began. `import` makes lines of the journal of
//! goose's request log, `alignment` places them on the run's clock and measures how well, by requests that carry an exact
//! `stamp`: markers, and those of [`StampedRequests`]. `settings` says what of goose's configuration a run with faults
//! cannot follow.

mod alignment;
mod guest;
mod hook;
mod import;
mod line;
mod settings;
mod stamp;
mod stamped;
mod tail;

pub use guest::Guest;
pub use settings::{Given, goose_flags};
pub use stamped::StampedRequests;

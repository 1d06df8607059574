//! How the last run of a journal stands, while it goes on and afterwards.

pub(crate) mod feed;
pub(crate) mod follower;
pub mod model;
mod series;
mod view;

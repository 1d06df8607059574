//! Does this system heal itself under load, how fast, and does it tell anyone?
//!
//! A load-testing plugin for [goose](https://book.goose.rs). The modules stand in the order in which data
//! flows: a [`plan`] drives [`load`] and [`fault`]s against a [`target`] and its [`stores`], [`watch`] sees what happens, all of
//! it goes into one [`journal`], and everything after the journal can be run again offline: [`analysis`]
//! judges, [`compare`] sets runs side by side, [`report`] shows, each in the reader's [`lang`]uage. [`run`] ties the first half
//! together, [`evaluate`] the second, and a [`sweep`] makes many runs to find the setting to keep. The [`dashboard`] shows a run while it
//! goes on, and all that there are.
//!
//! A goose load test of one's own becomes a recovery test by the [`plugin`]; its [`prelude`] is all that it needs.

pub mod plan;

pub mod clock;
pub mod progress;
mod shell;
pub mod stop;
pub mod sweep;

pub mod preflight;
pub mod proxy;
pub mod run;
pub mod stores;
pub mod target;

pub mod fault;
pub mod guardrail;
pub mod load;
pub mod watch;

pub mod journal;
pub mod lang;

pub mod analysis;
pub mod compare;
pub mod evaluate;
pub mod report;

pub mod dashboard;
pub mod exit;
pub mod plugin;

pub use plugin::prelude;

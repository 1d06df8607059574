//! Does this system heal itself under load, how fast, and does it tell anyone?
//!
//! A load-testing plugin for [goose](https://book.goose.rs). The modules stand in the order in which data
//! flows: a plan drives load and faults, what is seen goes into one journal, and everything after the
//! journal is pure and can be run again offline.

pub mod analysis;
pub mod journal;
pub mod report;

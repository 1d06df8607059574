//! Literal journals and what must come out of them.

mod chains;
mod curves;
mod episodes;
mod expectations;
mod faults;
mod judgement;
mod outage;
mod properties;
mod recoveries;
mod scene;
mod stores;

//! Literal journals and what must come out of them.

mod chains;
mod clocks;
mod curves;
mod custom;
mod episodes;
mod expectations;
mod faults;
mod judgement;
mod load;
mod outage;
mod properties;
mod recoveries;
mod scene;
mod sentences;
mod so_far;
mod stores;

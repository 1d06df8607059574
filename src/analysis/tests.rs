//! Literal journals and what must come out of them.

mod chains;
mod clocks;
mod episodes;
mod faults;
mod judgement;
mod outage;
mod properties;
mod scene;
mod sentences;
mod stores;

//! Literal journals and what must come out of them.

mod episodes;
mod judgement;
mod outage;
mod properties;
mod scene;
mod stores;

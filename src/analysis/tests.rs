//! Literal journals and what must come out of them.

mod episodes;
mod judgement;
mod properties;
mod scene;

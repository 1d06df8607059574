//! The contract between what happens and what is made of it: one JSON object a line, appended to one file.
//!
//! [`event`] is the schema, [`writer`] the only way in, [`reader`] the only way out.

pub mod event;

pub use event::{Event, Line, Micros};

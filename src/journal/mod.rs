//! The contract between what happens and what is made of it: one JSON object a line, appended to one file.
//!
//! [`event`] is the schema, [`writer`] the only way in, [`reader`] the only way out; [`tail`] is that way while it is written. [`schema`] is the contract
//! as a JSON Schema, [`redact`] keeps secrets out.

pub mod event;
mod measurement;
mod record;
pub mod redact;
pub mod schema;

pub mod encode;
pub mod writer;

mod drain;
mod sink;

pub mod reader;
pub mod tail;

mod blocks;
mod decode;
mod runs;
mod scalar;
mod walk;

mod error;
#[cfg(test)]
pub(crate) mod examples;

pub use error::JournalError;
pub use event::{Event, Line, Micros};
pub use reader::{BadLine, Filter, JournalFile, ReadStats, RunSpan};
pub use writer::{Journal, JournalHandle, JournalStats};
